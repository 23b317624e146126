"""Lists in the cells of a table, however they are written: [1, 2], "1,2", 1|2, {1,2}, JSON with objects."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from recdesk.data.sql import sql_text

ALIKE = 0.95
"""Share of filled cells that are lists."""
BRACKETED = re.compile(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|\{[^{}:]*\})\s*")
FEW_CELLS = 60
"""From which lists without brackets are seen."""
ELEMENT = re.compile(r"[^\s,;|\"'\[\](){}]{1,60}")
CUT = re.compile(r"\s*[+-]?\d,\d+[eE][+-]\d+\s*")
"""A number as spreadsheets show long ones, with a decimal comma."""
SEPARATORS = ("|", ";", ",", " ")
QUOTES = " \"'"


@dataclass(frozen=True)
class ListStyle:
    """How the lists of a column are written.

    Attributes:
        kind: "objects" and "json" are JSON with objects or with plain values; "bracketed" and "bare" are cut.
        separator: of those that are cut; " " is any number of blanks.
        keys: of the objects.
    """

    kind: str
    separator: str = ""
    keys: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Brackets say that these are lists."""
        return self.kind != "bare"

    def elements(self, cell: str) -> list[Any]:
        """The elements of a cell as texts, or as objects of texts; none of a cell that is no list."""
        if self.kind in ("objects", "json"):
            entries = _json_list(cell) or []
            return list(map(_texts if self.kind == "objects" else _text, entries))
        inside = cell.strip(" \t[](){}")
        if not inside:
            return []
        parts = inside.split() if self.separator == " " else inside.split(self.separator)
        return [part.strip(QUOTES) for part in parts]

    def sql(self, cell: str) -> str:
        """SQL for the list of a cell: of texts, or of JSON objects; empty for a cell that is no list."""
        if self.kind in ("objects", "json"):
            function = "json_extract" if self.kind == "objects" else "json_extract_string"
            array = f"json_valid({cell}) AND json_type({cell}) = 'ARRAY'"
            return f"CASE WHEN coalesce({array}, false) THEN {function}({cell}, '$[*]') ELSE [] END"
        inside = f"trim({cell}, e' \\t[](){{}}')"
        if self.separator == " ":
            parts = f"string_split_regex({inside}, '[ \\t]+')"
        else:
            parts = f"string_split({inside}, {sql_text(self.separator)})"
        trimmed = f"list_transform({parts}, lambda part: trim(part, {sql_text(QUOTES)}))"
        return f"CASE WHEN coalesce({inside}, '') = '' THEN [] ELSE {trimmed} END"

    def field_sql(self, element: str, key: str) -> str:
        """SQL for the text of a key of an object."""
        path = '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
        return f"({element} ->> {sql_text(path)})"


def style_of(cells: Sequence[str]) -> ListStyle | None:
    """How nearly all of these cells are written as lists, some of which have several elements; None if they are not."""
    filled = [cell for cell in cells if cell.strip()]
    if not filled:
        return None
    found = _json_style(filled) or _bracketed_style(filled) or _bare_style(filled)
    if found is None or found.kind == "objects":
        return found
    return found if any(len(found.elements(cell)) > 1 for cell in filled) else None


def _json_style(cells: Sequence[str]) -> ListStyle | None:
    if sum(cell.lstrip()[:1] == "[" for cell in cells) < ALIKE * len(cells):
        return None
    lists = [entries for cell in cells if (entries := _json_list(cell)) is not None]
    if len(lists) < ALIKE * len(cells):
        return None
    values = [value for entries in lists for value in entries]
    if values and all(isinstance(value, dict) for value in values):
        return ListStyle("objects", keys=tuple(dict.fromkeys(key for value in values for key in value)))
    plain = not any(isinstance(value, dict | list) for value in values)
    return ListStyle("json") if plain else None


def _bracketed_style(cells: Sequence[str]) -> ListStyle | None:
    if sum(map(bool, map(BRACKETED.fullmatch, cells))) < ALIKE * len(cells):
        return None
    return ListStyle("bracketed", next((mark for mark in (",", ";", "|") if any(mark in cell for cell in cells)), " "))


def _bare_style(cells: Sequence[str]) -> ListStyle | None:
    """Without brackets: ids with digits in them, or such that come again in several cells."""
    cells = cells[:FEW_CELLS]
    for separator in SEPARATORS:
        if not any(separator in cell for cell in cells) or (separator == "," and any(map(CUT.fullmatch, cells))):
            continue
        rows = [[part.strip() for part in cell.strip().split(separator)] for cell in cells]
        parts = [part for row in rows for part in row]
        fitting = sum(all(map(ELEMENT.fullmatch, row)) for row in rows) >= ALIKE * len(rows)
        several = sum(len(row) > 1 for row in rows) >= 0.5 * len(rows)
        digits = sum(any(map(str.isdigit, part)) for part in parts) >= 0.9 * len(parts)
        again = separator != " " and len(set(parts)) <= 0.5 * len(parts)
        if fitting and several and (digits or again):
            return ListStyle("bare", separator)
    return None


def _json_list(cell: str) -> list[Any] | None:
    try:
        value = json.loads(cell, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) else None


def _texts(entry: dict[str, Any]) -> dict[str, str]:
    return {key: _text(value) for key, value in entry.items()}


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
