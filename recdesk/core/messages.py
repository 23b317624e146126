"""Messages for people, as keys and values; their English templates are in one catalogue (`english.json`)."""

import contextlib
import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any


class Message(str):
    """A sentence or word of the catalogue. As a `str` it is its English; key and values serve to translate and to store
    it.

    Attributes:
        key: in the catalogue, such as "file.no-line-end".
        values: by placeholder: numbers; texts such as ids, names and paths, which are not translated; other messages,
            which are.
    """

    key: str
    values: dict[str, Any]

    def __new__(cls, key: str, /, **values: Any) -> "Message":
        """Fill the template of a key.

        Raises:
            KeyError: there is no such key, or a value is missing.
        """
        values = {name: _plain(value) for name, value in values.items()}
        message = super().__new__(cls, filled(template(key, values), key, values))
        message.key, message.values = key, values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return _make, (self.key, self.values)


def _plain(value: Any) -> Any:
    """A value that JSON supports: NumPy numbers as Python's, anything else as its text."""
    if isinstance(value, str | int | float):
        return value
    return value.item() if hasattr(value, "item") else str(value)


def _make(key: str, values: dict[str, Any]) -> Message:
    return Message(key, **values)


@cache
def catalogue() -> Mapping[str, str | Mapping[str, str]]:
    """The English by key: a template, or two of them, `one` for `count` = 1 and `many` for any other."""
    areas = json.loads(resources.files("recdesk.core").joinpath("english.json").read_text(encoding="utf-8"))
    return {f"{area}.{name}": text for area, entries in areas.items() for name, text in entries.items()}


def template(key: str, values: Mapping[str, Any]) -> str:
    """The English template of a key, singular or plural by `count`."""
    entry = catalogue()[key]
    if isinstance(entry, str):
        return entry
    return entry["one" if values["count"] == 1 else "many"]


def source(key: str) -> str:
    """The text that is translated: English in the plural, placeholders without format, such as "{count} rows"."""
    entry = catalogue()[key]
    parts = Formatter().parse(entry if isinstance(entry, str) else entry["many"])
    return "".join(text + (f"{{{name}}}" if name is not None else "") for text, name, _, _ in parts)


def filled(text: str, key: str, values: Mapping[str, Any]) -> str:
    """A template of any language, filled with the values of a message; numbers are formatted as in the English one."""
    formats = _formats(key)
    parts = Formatter().parse(text)
    return "".join(
        literal + ("" if name is None else format(values[name], formats[name])) for literal, name, _, _ in parts
    )


@cache
def _formats(key: str) -> dict[str, str]:
    """Format specifications of the English template, by placeholder."""
    entry = catalogue()[key]
    parts = Formatter().parse(entry if isinstance(entry, str) else entry["many"])
    return {name: spec or "" for _, name, spec, _ in parts if name is not None}


def known(text: str, area: str) -> str:
    """The message of an area whose English equals a text; the text itself if there is none. For files that store
    English only, such as `rejects.csv` and those of older versions."""
    if isinstance(text, Message):
        return text
    for key, pattern in _patterns(area):
        if found := pattern.fullmatch(text):
            with contextlib.suppress(ValueError):
                message = Message(key, **{name: _read(name, value, area) for name, value in found.groupdict().items()})
                return message if message == text else text
    return text


def _read(name: str, value: str, area: str) -> Any:
    """The value of a placeholder, from its text: a number, a text, or for "reason" a message of the same area."""
    for kind in (int, float):
        with contextlib.suppress(ValueError):
            return kind(value.replace(",", ""))
    return known(value, area) if name == "reason" else value


@cache
def _patterns(area: str) -> list[tuple[str, re.Pattern[str]]]:
    """Keys of an area with a pattern of their English; those with the most literal text first."""
    found = []
    for key in catalogue():
        if key.startswith(f"{area}."):
            escaped = re.escape(source(key)).replace(r"\{", "{").replace(r"\}", "}")
            found.append((key, re.compile(re.sub(r"{(\w+)}", r"(?P<\1>.+)", escaped), re.DOTALL)))
    return sorted(found, key=lambda entry: -len(re.sub(r"\(.*?\)", "", entry[1].pattern)))


def word(identifier: str) -> str:
    """The catalogue's word for an identifier, such as a state or a baseline; the identifier itself if there is none."""
    return known(identifier, "word")


def found_in(value: Any) -> list[dict[str, Any]]:
    """Messages nested in a value, to be stored in a JSON file beside their English.

    Returns:
        For each its "key" and "values", "at": the path to it (names and indices), and "name": true if it is the name
        of a member rather than its value.
    """
    found: list[dict[str, Any]] = []

    def visit(value: Any, at: list[Any]) -> None:
        if isinstance(value, Message):
            found.append({"at": at, **_kept(value)})
        elif isinstance(value, Mapping):
            for name, member in value.items():
                if isinstance(name, Message):
                    found.append({"at": [*at, str(name)], "name": True, **_kept(name)})
                visit(member, [*at, str(name)])
        elif isinstance(value, list | tuple):
            for number, member in enumerate(value):
                visit(member, [*at, number])

    visit(value, [])
    return found


def restored(value: Any, found: list[dict[str, Any]]) -> Any:
    """A value read from JSON with its messages restored from what `found_in` gave. Messages with keys of another
    version, which the catalogue lacks, stay English texts."""
    valid = [entry for entry in found if isinstance(entry, dict) and isinstance(entry.get("at"), list)]
    root = {"": value}
    # names of members last, the innermost first: a renamed member is not found by its old name any more
    for entry in sorted(valid, key=lambda entry: (bool(entry.get("name")), -len(entry["at"]))):
        message = _message(entry)
        parent: Any = root
        path = ["", *entry["at"]]
        try:
            for step in path[:-1]:
                parent = parent[step]
            if message is None or str(path[-1] if entry.get("name") else parent[path[-1]]) != message:
                continue
            if entry.get("name"):
                renamed = {message if name == path[-1] else name: member for name, member in parent.items()}
                parent.clear()
                parent.update(renamed)
            else:
                parent[path[-1]] = message
        except (KeyError, IndexError, TypeError, AttributeError):  # the file was edited by hand
            continue
    return root[""]


def _kept(message: Message) -> dict[str, Any]:
    values = {name: _kept(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    return {"key": message.key, "values": values}


def _message(entry: Any) -> Message | None:
    try:
        values = {n: (_message(v) or "") if isinstance(v, dict) else v for n, v in entry["values"].items()}
        return Message(entry["key"], **values)
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
