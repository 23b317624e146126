"""Python's literals, one a line ({'a': None}), as JSON lines: by their tokens, nothing is evaluated."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence

TOKEN = re.compile(
    r"""[uUbB]?'((?:[^'\\\n]|\\.)*+)'|[uUbB]?"((?:[^"\\\n]|\\.)*+)"|\b(True|False|None|nan|inf)\b|([()])"""
    r"""|,(\s*[\]})])"""
)
SLOW = re.compile(r"""["\\()]|\b[uUbB]'|True|False|None|\bnan\b|\binf\b|,\s*[\]}]""")
"""What stands in a line that cannot be turned by exchanging its quotes."""
START = re.compile(r"""\{\s*[uUbB]?'(?:[^'\\\n]|\\.)*+'\s*:""")
ALIKE = 0.9
WORDS = {"True": "true", "False": "false", "None": "null", "nan": "null", "inf": "null"}
BRACKETS = {"(": "[", ")": "]"}


def find_python(lines: Sequence[str]) -> bool:
    """Whether nearly all lines are dictionaries with keys in single quotes."""
    filled = [line.strip() for line in lines if line.strip()]
    return bool(filled) and sum(bool(START.match(line)) for line in filled) >= ALIKE * len(filled)


def json_lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines of a text, with their numbers, as JSON; what is no literal stays as it is, and is no JSON either.

    Args:
        texts: pieces of the text, with plain line ends.
    """
    tail = ""
    for text in texts:
        whole, end, tail = (tail + text).rpartition("\n")
        yield _json(whole) + end
    yield _json(tail)


def _json(text: str) -> str:
    if not SLOW.search(text):
        return text.replace("'", '"')
    return "\n".join(
        TOKEN.sub(_token, line) if SLOW.search(line) else line.replace("'", '"') for line in text.split("\n")
    )


def _token(found: re.Match[str]) -> str:
    single, double, word, bracket, closing = found.groups()
    if word:
        return WORDS[word]
    if bracket:
        return BRACKETS[bracket]
    if closing:
        return closing.replace(")", "]")
    inside: str = single if single is not None else double
    if "\\" not in inside:
        return '"' + inside.replace('"', '\\"').replace("\t", "\\t") + '"'
    try:
        value = ast.literal_eval(found[0].lstrip("uUbB"))  # a single text
    except (ValueError, SyntaxError, MemoryError):
        return found[0]
    return json.dumps(value, ensure_ascii=False)
