"""Fields of dataclasses declared once: command option, help, check and saved form follow from the declaration."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from types import MappingProxyType
from typing import Any, get_type_hints


def unchanged(value: Any) -> Any:
    """The value itself."""
    return value


@dataclass(frozen=True, kw_only=True)
class Declared:
    """The declaration of a field beside its type and default: `name: Annotated[type, Declared(…)] = default`.

    Attributes:
        help: of its option; "" for a field without one.
        typed: the type that the command line reads.
        flags: names of the option; () for the field's own name.
        lowest: the least that a whole number may be.
        parse: makes the field's value of what the command line read.
        group: options stand in the order of their groups, within one in the order of the fields.
        many: the field holds a tuple, which is saved as a list.
        title, tip: of its row in the window; "" for no row, and for a tip that says what the help does.
    """

    help: str = ""
    typed: Any = str | None
    flags: tuple[str, ...] = ()
    lowest: int | None = None
    parse: Callable[[Any], Any] = unchanged
    group: int = 0
    many: bool = False
    title: str = ""
    tip: str = ""

    def restored(self, value: Any) -> Any:
        """A value of the field from what `plain` made of it."""
        return tuple(value) if self.many and value is not None else value

    def flags_of(self, name: str) -> tuple[str, ...]:
        """Names of the option of a field with this name."""
        return self.flags or (f"--{name.replace('_', '-')}",)


def _declarations(of: Any) -> Mapping[str, Any]:
    """The declared fields of a dataclass, by their names and in their order: those annotated with a `Declared`."""
    hints = get_type_hints(of, include_extras=True)
    notes = {field.name: getattr(hints[field.name], "__metadata__", ()) for field in fields(of)}
    found = {name: [note for note in own if isinstance(note, Declared)] for name, own in notes.items()}
    return MappingProxyType({name: own[0] for name, own in found.items() if own})


declarations: Callable[[Any], Mapping[str, Any]] = cache(_declarations)


def defaults(of: Any) -> Mapping[str, Any]:
    """The defaults of a dataclass's fields, by their names; None where a field has none."""
    return {field.name: None if field.default is MISSING else field.default for field in fields(of)}


def plain(value: Any) -> Any:
    """A field's value as it is saved: JSON has lists in the place of tuples."""
    return list(value) if isinstance(value, tuple) else value


def listed(text: str | None) -> tuple[str, ...] | None:
    """Names that are separated by commas; None for None."""
    return None if text is None else tuple(part.strip() for part in text.split(","))
