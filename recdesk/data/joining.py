"""Files that are joined: lines of orders with their orders, ids finer than people with whose they are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from recdesk.data.files.keys import key_of_columns
from recdesk.data.files.orders import possible_keys
from recdesk.data.files.source import Source
from recdesk.data.logs.people_of_ids import Table, find_people, same_values
from recdesk.data.logs.same_kind import matched
from recdesk.data.preview import Preview, preview


def with_orders(mains: list[Preview], others: list[Preview]) -> tuple[list[Preview], list[Preview]]:
    """Where none names users and items: the lines of orders as they are read with their orders, and the other files."""
    looks = [*mains, *others]
    if any(look.named and {"user", "item"} <= look.roles.keys() for look in looks):
        return mains, others
    for look in sorted(looks, key=lambda look: -look.size):
        for orders in looks:
            if orders is not look and (key := _order_key(look, orders)):
                lines = [one for one in looks if one is not orders and matched(look.table, one.table)]
                joined = [_joined(one, orders=_beside(one, orders), order_key=key, unfold="") for one in lines]
                used = [orders, *lines]
                left = [[one for one in part if not _among(one, used)] for part in (mains, others)]
                return [*joined, *left[0]], left[1]
    return mains, others


def _order_key(lines: Preview, orders: Preview) -> str:
    """The key of the lines of orders and of the orders; one of two names is looked for in the values."""
    for own, other in possible_keys(lines.table, orders.table):
        if own == other or same_values(lines.at, own, orders.at, other):
            return key_of_columns(own, other)
    return ""


def with_people(mains: list[Preview], others: list[Preview]) -> tuple[list[Preview], Preview | None]:
    """Logs whose users are finer than people, such as sessions or the customers of single orders, as they are read with
    the people; and the file that says whose they are."""
    logs = [look for look in mains if "item" in look.roles and len(look.columns) > 1]
    for log in sorted(logs, key=like_interactions, reverse=True):
        files = [look for look in (*mains, *others) if look is not log and not matched(log.table, look.table)]
        orders = Source(log.path, log.dialect).beside(log.dialect.orders) if log.dialect.orders else None
        of_orders = None if orders is None else Table(orders.path, orders.dialect, orders.columns())
        found = find_people(log.at, log.roles.get("user"), log.roles["item"], [look.at for look in files], of_orders)
        if found is not None:
            people = files[found.number]
            same = [look for look in mains if look is log or matched(log.table, look.table)]
            given = {"people_key": key_of_columns(found.key, found.other_key), "person": found.person}
            return [
                _joined(one, people=_beside(one, people), **given) if _among(one, same) else one for one in mains
            ], people
    return mains, None


def _among(look: Preview, looks: Sequence[Preview]) -> bool:
    return any(look is one for one in looks)


def _beside(look: Preview, other: Preview) -> str:
    """How a dialect names another table: by its own name in the same file or folder, else by its whole path."""
    if look.path == other.path:
        return other.dialect.table or other.dialect.member
    return other.path.name if other.path.parent == look.path.parent else str(other.path.absolute())


def _joined(look: Preview, **given: Any) -> Preview:
    return preview(look.path, replace(look.dialect, **given))


def like_interactions(look: Preview) -> tuple[bool, bool, bool, bool, int]:
    """What to compare by: the greatest is the likeliest to hold the interactions."""
    joined = bool(look.dialect.orders or look.dialect.people)
    return {"user", "item"} <= look.roles.keys(), joined, "rating" in look.roles, "time" in look.roles, look.size
