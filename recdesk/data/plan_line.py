"""The command line of an import: the inverse of the options that are made from a plan's declarations."""

from collections.abc import Iterator
from typing import Any

from recdesk.core.errors import UsageError
from recdesk.data.cleaning.rules import moment_text
from recdesk.data.declaration import Declared, declarations, defaults
from recdesk.data.files.dialect import TEXT_FORMS, Dialect
from recdesk.data.plan import ImportPlan, PlanField

WRITTEN = ("separator", "encoding", "quote", "escape", "header", "skip")
"""Always said of delimited text, so that the command finds out nothing else than the window did."""


def import_words(plan: ImportPlan) -> list[str]:
    """Words of `recdesk import` that does what this plan says.

    The interactions' way of writing is said whole; that of the items' and users' files is found out again, as there are
    no options for it.
    """
    default = defaults(ImportPlan)
    words = ["import", str(plan.interactions), *(str(piece.path) for piece in plan.more)]
    for name, field in declarations(ImportPlan).items():
        value = getattr(plan, name)
        if isinstance(field, PlanField) and field.options_of is not None:
            words += [] if value is None else _dialect_words(value)
        elif field.help and value != default[name]:
            words += _option(name, field, value)
    return [*words, "--yes"]


def _dialect_words(dialect: Dialect) -> list[str]:
    default, text = defaults(Dialect), dialect.form in TEXT_FORMS
    words: list[str] = []
    for name, field in declarations(Dialect).items():
        value = getattr(dialect, name)
        wanted = name in WRITTEN if dialect.form == "delimited" else name == "form" and text
        if wanted or (value != default[name] and name not in (*WRITTEN, "form")) or (text and value != default[name]):
            words += _option(name, field, value)
    return words


def _option(name: str, field: Declared, value: Any) -> list[str]:
    """The words of one option; [] for a value that the command line can't say."""
    flag = field.flags_of(name)[0]
    if isinstance(value, bool):
        on, _, off = flag.partition("/")
        return [on] if value else [off] if off else []
    if isinstance(value, tuple) and field.typed == list[str] | None:
        return [word for each in (value or ("",)) for word in (flag, each)]
    text = next((text for text in _texts(value) if _parsed(field, text) == value), None)
    return [] if text is None else [flag, text]


def _texts(value: Any) -> Iterator[str]:
    """Ways to write a value, the most readable first."""
    if isinstance(value, tuple):
        yield ",".join(value)
    elif value == "":
        yield from ("none", "")
    else:
        if isinstance(value, int):
            yield moment_text(value)
        yield str(value)


def _parsed(field: Declared, text: str) -> Any:
    """What the command line makes of a text; None where it refuses it."""
    kinds = (field.typed, *getattr(field.typed, "__args__", ()))
    typed = next((kind for kind in (int, float) if kind in kinds), str)
    try:
        return field.parse(typed(text))
    except (UsageError, ValueError, OverflowError):
        return None
