"""Where the rows of a JSON text are: in an array that is the text, or in one that an object is around."""

import json
import re
from collections.abc import Sequence

ARRAY = re.compile(r"\ufeff?\s*\[")
OPENING = re.compile(r"\ufeff?\s*\{")
KEY = re.compile(r'\s*+(?:,\s*+)?("(?:[^"\\]|\\.)*+")\s*+:\s*+')
OF_ENTRIES = re.compile(r"\[\s*(?:[{\[]|\Z)")
NAMES_A_USER = re.compile(r"(?i).*id|user.*|.*session.*|customer|visitor")
HEAD_CHARACTERS = 2**18
"""From which it is seen whether an object is around an array."""


def begin_of_array(text: str) -> int | None:
    """Where the first element of an array begins that is the text, or is in the one object that it is."""
    if found := ARRAY.match(text):
        return found.end()
    around = array_in_object(text)
    return around[1] if around else None


def array_in_object(text: str) -> tuple[str, int] | None:
    """Key and begin of the array of entries that an object is around; None where the object is itself a row.

    Of several arrays the longest counts. An object with an id beside its array is a row; so is one of several.

    Args:
        text: its beginning.
    """
    head, decoder = text[:HEAD_CHARACTERS], json.JSONDecoder()
    opening = OPENING.match(head)
    if opening is None:
        return None
    found: list[tuple[int, str, int]] = []
    at = opening.end()
    while key := KEY.match(head, at):
        name, at = key[1][1:-1], key.end()
        entries = OF_ENTRIES.match(head, at)
        try:
            value, end = decoder.raw_decode(head, at)
        except (ValueError, RecursionError):  # it goes on behind the beginning, or is damaged
            return (name, at + 1) if entries else _longest(found)
        if entries:
            found.append((end - at, name, at + 1))
        elif not isinstance(value, list | dict) and NAMES_A_USER.fullmatch(name):
            return None
        at = end
    several = re.match(r"\s*+\}\s*+(?:,\s*+)?\{", head[at:])
    return None if several else _longest(found)


def _longest(found: Sequence[tuple[int, str, int]]) -> tuple[str, int] | None:
    return max(found)[1:] if found else None
