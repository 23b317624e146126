"""What the core says: messages with keys and values, whose English stands in one catalogue (`english.json`)."""

import contextlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any


class Message(str):
    """A sentence or word of the catalogue: its English wherever it is printed or compared, with key and values for
    whoever translates it or keeps it.

    Attributes:
        key: of the catalogue, such as "file.no-line-end".
        values: what is put into it by name: numbers as numbers, ids, names and paths as texts, which are never
            translated, and other messages, which are.
    """

    key: str
    values: dict[str, Any]

    def __new__(cls, key: str, /, **values: Any) -> "Message":
        """Raises KeyError where the catalogue has no such key, or a value is missing."""
        values = {name: _plain(value) for name, value in values.items()}
        message = super().__new__(cls, filled(template(key, values), key, values))
        message.key, message.values = key, values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.key, self.values)


def _plain(value: Any) -> Any:
    """A value that JSON can hold: a number of NumPy's as one of Python's, a path or a failure as its text."""
    if isinstance(value, str | int | float):
        return value
    return value.item() if hasattr(value, "item") else str(value)


def _again(key: str, values: dict[str, Any]) -> Message:
    return Message(key, **values)


@cache
def catalogue() -> Mapping[str, str | Mapping[str, str]]:
    """English by key: a template, or two of them, `one` for the case that `count` is 1 and `many` for all others."""
    areas = json.loads(resources.files("recdesk.core").joinpath("english.json").read_text(encoding="utf-8"))
    return {f"{area}.{name}": text for area, entries in areas.items() for name, text in entries.items()}


def template(key: str, values: Mapping[str, Any]) -> str:
    """The English of a key, in the singular or plural that its values ask for."""
    entry = catalogue()[key]
    if isinstance(entry, str):
        return entry
    return entry["one" if values["count"] == 1 else "many"]


def source(key: str) -> str:
    """What translators see: English in the plural, places without the forms of numbers, as in “{count} rows”."""
    entry = catalogue()[key]
    parts = Formatter().parse(entry if isinstance(entry, str) else entry["many"])
    return "".join(text + (f"{{{name}}}" if name is not None else "") for text, name, _, _ in parts)


def filled(text: str, key: str, values: Mapping[str, Any]) -> str:
    """A template, in whatever language, with the values of a message; numbers have the form that English gives them."""
    forms = _forms(key)
    parts = Formatter().parse(text)
    return "".join(said + ("" if name is None else format(values[name], forms[name])) for said, name, _, _ in parts)


@cache
def _forms(key: str) -> dict[str, str]:
    """Format specifications of the places, which go before the value is put in."""
    entry = catalogue()[key]
    parts = Formatter().parse(entry if isinstance(entry, str) else entry["many"])
    return {name: form or "" for _, name, form, _ in parts if name is not None}


def known(text: str, area: str) -> str:
    """The message of an area whose English a text is, or the text: for files that hold English alone, such as
    `rejects.csv` and those of older versions."""
    if isinstance(text, Message):
        return text
    for key, pattern in _patterns(area):
        if found := pattern.fullmatch(text):
            with contextlib.suppress(ValueError):
                message = Message(key, **{name: _read(name, value, area) for name, value in found.groupdict().items()})
                return message if message == text else text
    return text


def _read(name: str, value: str, area: str) -> Any:
    """What was put into a place: a number, a text, or, where a reason stands, a message of the same area."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(value.replace(",", ""))
    return known(value, area) if name == "reason" else value


@cache
def _patterns(area: str) -> list[tuple[str, re.Pattern[str]]]:
    """Keys of an area with what matches their English, the most telling first."""
    found = []
    for key in catalogue():
        if key.startswith(f"{area}."):
            escaped = re.escape(source(key)).replace(r"\{", "{").replace(r"\}", "}")
            found.append((key, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>.+)", escaped), re.DOTALL)))
    return sorted(found, key=lambda entry: -len(re.sub(r"\(.*?\)", "", entry[1].pattern)))


def word(identifier: str) -> str:
    """The catalogue's word for an identifier, such as a state or a baseline; an identifier that has none stays."""
    return known(identifier, "word")


def found_in(value: Any) -> list[dict[str, Any]]:
    """Messages inside of plain values, for a file of JSON that keeps them beside their English.

    Returns:
        For each its key, its values, `at`: the way to it from the outside, and `name`: whether it is the name of a
        member rather than its value.
    """
    found: list[dict[str, Any]] = []

    def look(value: Any, at: list[Any]) -> None:
        if isinstance(value, Message):
            found.append({"at": at, **_kept(value)})
        elif isinstance(value, Mapping):
            for name, member in value.items():
                if isinstance(name, Message):
                    found.append({"at": [*at, str(name)], "name": True, **_kept(name)})
                look(member, [*at, str(name)])
        elif isinstance(value, list | tuple):
            for number, member in enumerate(value):
                look(member, [*at, number])

    look(value, [])
    return found


def restored(value: Any, found: list[dict[str, Any]]) -> Any:
    """Values read from JSON with their messages again, as `found_in` gave them; those of keys that are not known here,
    from another version, stay English."""
    fit = [entry for entry in found if isinstance(entry, dict) and isinstance(entry.get("at"), list)]
    holder = {"": value}
    # names of members last and from the inside out: a renamed one is found no more by its old name
    for entry in sorted(fit, key=lambda entry: (bool(entry.get("name")), -len(entry["at"]))):
        message = _message(entry)
        place: Any = holder
        way = ["", *entry["at"]]
        try:
            for step in way[:-1]:
                place = place[step]
            if message is None or str(way[-1] if entry.get("name") else place[way[-1]]) != message:
                continue
            if entry.get("name"):
                renamed = {message if name == way[-1] else name: member for name, member in place.items()}
                place.clear()
                place.update(renamed)
            else:
                place[way[-1]] = message
        except (KeyError, IndexError, TypeError, AttributeError):  # edited by hand
            continue
    return holder[""]


def _kept(message: Message) -> dict[str, Any]:
    values = {name: _kept(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    return {"key": message.key, "values": values}


def _message(entry: Any) -> Message | None:
    try:
        values = {n: (_message(v) or "") if isinstance(v, dict) else v for n, v in entry["values"].items()}
        return Message(entry["key"], **values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
