"""Tables of one kind: the rows of one go on where those of another one end."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol, TypeVar

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.data.columns.moments import MOMENT
from recdesk.data.columns.roles import plain_name
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.files.dialect import Dialect
from recdesk.data.logs.pieces import are_dated, in_order, name_of

NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
NEARLY_ALL = 0.9


def matched(first: Columns, other: Columns) -> dict[str, str] | None:
    """The other table's column for each of the first's; None where they are of different kinds.

    They are of one kind if their columns have the same names, in any order; or, where one at least has no names, as
    many columns of the same kinds: only the first part of a file that was split has a header.
    """
    if first.named and other.named:
        own, others = ({_key(name): name for name in names} for names in (first.names, other.names))
        same = own.keys() == others.keys() and len(own) == len(first.names) == len(other.names)
        return {name: others[key] for key, name in own.items()} if same else None
    if other.named or len(first.names) != len(other.names):
        return None
    kinds = zip(_kinds(first), _kinds(other), strict=True)
    if not all(one == two or "" in (one, two) for one, two in kinds):
        return None
    return dict(zip(first.names, other.names, strict=True))


def _key(name: str) -> str:
    return plain_name(name).casefold()


def _kinds(columns: Columns) -> list[str]:
    """Of each column what its values are: moments, numbers or other texts; "" where it is empty."""
    return [
        _kind([row[at].strip() for row in columns.sample if len(row) > at and row[at].strip()])
        for at in range(len(columns.names))
    ]


def _kind(values: Sequence[str]) -> str:
    enough = NEARLY_ALL * len(values)
    if not values:
        return ""
    if sum(MOMENT.fullmatch(value) is not None for value in values) >= enough:
        return "moment"
    return "number" if sum(NUMBER.fullmatch(value) is not None for value in values) >= enough else "text"


class Look(Protocol):
    """A table as it was looked at, see `planning.Preview`."""

    @property
    def path(self) -> Path: ...  # noqa: D102
    @property
    def dialect(self) -> Dialect: ...  # noqa: D102
    @property
    def table(self) -> Columns: ...  # noqa: D102
    @property
    def named(self) -> bool: ...  # noqa: D102


T = TypeVar("T", bound=Look)


def log_of(best: T, looks: Sequence[T]) -> tuple[list[T], list[str]]:
    """The tables of the same kind as one of them, that one among them, in order; and sentences on what is left out."""
    alike = [look for look in looks if look is best or _matches(best, look)]
    if best.dialect.form == "baskets":
        left = [name_of(look.path, look.dialect) for look in alike if look is not best]
        return [best], [Message("import.baskets-apart", names=limits.listed(left))] if left else []
    names = [_sorting_name(look) for look in alike]
    sheets = len({look.path for look in alike}) == 1 and bool(best.dialect.table)
    order = range(len(alike)) if sheets and not are_dated(names) else in_order(names)
    ordered = [alike[at] for at in order]
    return sorted(ordered, key=lambda look: not look.named), []  # a file that was split has its header in the first


def refuse_outliers(looks: Sequence[Look]) -> None:
    """Check that files whose names differ by numbers alone, which are parts of one table, have the same columns.

    One with some of the columns of most others, or with more, is neither a part nor another table: a column was lost,
    or the table was changed in between.

    Raises:
        MisfitError: one is like that; names it.
    """
    series: dict[str, list[Look]] = {}
    for look in looks:
        if look.named:
            series.setdefault(re.sub(r"\d+", "#", _sorting_name(look)), []).append(look)
    for parts in series.values():
        columns = [frozenset(map(_key, look.table.names)) for look in parts]
        usual, count = Counter(columns).most_common(1)[0]
        if count < 2 or 2 * count <= len(parts):
            continue
        for look, own in zip(parts, columns, strict=True):
            if own != usual and 2 * len(own & usual) >= len(usual):
                raise _outlier(look, parts[columns.index(usual)])


def _outlier(look: Look, usual: Look) -> MisfitError:
    own, others = set(map(_key, look.table.names)), set(map(_key, usual.table.names))
    lacks = [name for name in usual.table.names if _key(name) not in own]
    more = [name for name in look.table.names if _key(name) not in others]
    files = {"name": name_of(look.path, look.dialect), "other": name_of(usual.path, usual.dialect)}
    sentence = (
        Message("import.part-lacks", columns=limits.listed(lacks), **files)
        if lacks
        else Message("import.part-has-more", columns=limits.listed(more), **files)
    )
    return MisfitError(sentence, Message("import.leave-part-out"))


def other_kinds(first: Look, left: Sequence[Look]) -> list[str]:
    """A sentence on tables that are left out for their columns."""
    if not left:
        return []
    names = [name_of(look.path, look.dialect) for look in left]
    return [Message("import.other-kind", name=name_of(first.path, first.dialect), names=limits.listed(names, most=10))]


def _matches(best: Look, look: Look) -> bool:
    return matched(best.table, look.table) is not None or matched(look.table, best.table) is not None


def _sorting_name(look: Look) -> str:
    return f"{look.path}/{look.dialect.member}/{look.dialect.table}"
