"""Which column of the interactions plays which role: what the plan says, else what is guessed."""

from collections.abc import Mapping, Sequence

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message
from recdesk.data.columns.roles import ROLES, Doubt, Guess, clock_beside, plain_name, roles_of, user_columns_of
from recdesk.data.files import limits
from recdesk.data.files.column_preview import Columns
from recdesk.data.plan import ImportPlan


def telling_columns(roles: Sequence[str]) -> list[int]:
    """Which of the columns with these roles make a row the one it is."""
    named = ("user", "item", "time", "clock", "event") if "time" in roles else ("user", "item", "event", "rating")
    return [at for at, role in enumerate(roles) if role in named]


def column_roles(plan: ImportPlan, columns: Columns, guesses: Sequence[Guess]) -> dict[str, str]:
    """Column by role: the person's word, else the guess.

    Raises:
        DataError: there is no such column, or it is not clear which holds the users or the items.
    """
    name = plan.interactions.name
    if len(columns.names) < 2:
        raise DataError(
            Message("column.single", name=name, column=columns.names[0]),
            Message("column.need-user-and-item"),
        )
    roles = roles_of(guesses)
    for role in ROLES:
        wanted = getattr(plan, role)
        if wanted is None or (role == "title" and plan.items is not None):
            continue
        column = wanted if wanted in columns.names else plain_name(wanted)
        if column and column not in columns.names:
            raise MisfitError(Message("column.not-found", name=name, column=wanted), _names(columns))
        roles = {r: c for r, c in roles.items() if r != role and c != column} | ({role: column} if column else {})
    for role in ("user", "item"):
        if role not in roles:
            raise DataError(
                Message("column.users-unclear", name=name)
                if role == "user"
                else Message("column.items-unclear", name=name),
                Message("column.say-which", available=_names(columns)),
            )
    if plan.items is not None:
        roles.pop("title", None)
    return _with_clock(plan, columns, roles)


def _with_clock(plan: ImportPlan, columns: Columns, roles: dict[str, str]) -> dict[str, str]:
    """With the column of times of day that belongs to the column of the time, unless the plan names one."""
    if plan.clock is None:
        roles = {role: column for role, column in roles.items() if role != "clock"}
        found = clock_beside(roles.get("time", ""), columns.names, columns.sample, roles.values())
        return roles | ({"clock": found} if found else {})
    if "clock" in roles and "time" not in roles:
        raise DataError(
            Message("time.clock-without-day", clock_column=roles["clock"], name=plan.interactions.name),
            Message("time.say-time-column", names=limits.listed(columns.names)),
        )
    return roles


def _names(columns: Columns) -> str:
    return Message("column.columns-are", names=limits.listed(columns.names))


def user_columns(
    plan: ImportPlan, columns: Columns, roles: Mapping[str, str], guesses: Sequence[Guess]
) -> tuple[str, ...]:
    """Columns that describe the user, as they stand in the file: the person's word, else a guess.

    Raises:
        DataError: there is no such column.
    """
    if plan.user_columns is None:
        return user_columns_of(guesses, roles)
    wanted = {name if name in columns.names else plain_name(name) for name in plan.user_columns}
    if unknown := wanted.difference(columns.names):
        raise MisfitError(
            Message("column.not-found", name=plan.interactions.name, column=min(unknown)), _names(columns)
        )
    return tuple(name for name in columns.names if name in wanted.difference(roles.values()))


def notes_on(plan: ImportPlan, doubts: Sequence[Doubt], roles: Mapping[str, str]) -> list[str]:
    """Sentences on what was taken in place of something else that could be meant, unless the plan says it itself."""
    return [
        doubt.note
        for doubt in doubts
        if doubt.note
        and getattr(plan, doubt.role) is None
        and roles.get(doubt.role) == doubt.readings[0].columns[doubt.role]
    ]
