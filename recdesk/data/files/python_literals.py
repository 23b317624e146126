"""Python's literals, one a line ({'a': None}), as JSON lines: by their tokens, nothing is evaluated."""

import ast
import json
import re
from collections.abc import Iterable, Iterator, Sequence

TEXT = re.compile(r"""('[^'\n]*+'|"[^"\n]*+")""")
"""A text in quotes, on lines without a backslash."""
TOKEN = re.compile(
    r"""[uUbB]?('(?:[^'\\\n]|\\.)*+'|"(?:[^"\\\n]|\\.)*+")|\b(True|False|None|nan|inf)\b|([()])|,(\s*[\]})])"""
)
LAST_COMMA = re.compile(r",([ \t]*[\]}])")
START = re.compile(r"""\{\s*[uUbB]?'(?:[^'\\\n]|\\.)*+'\s*:""")
ALIKE = 0.9
WORDS = {"True": "true", "False": "false", "None": "null", "nan": "null", "inf": "null"}
BRACKETS = {"(": "[", ")": "]"}
HARD = ('"', "\t", *WORDS, *BRACKETS)
PREFIXED = re.compile(r"""[\s{\[,:][uUbB]'|,[ ]*[\]}]""")
"""What cannot be turned by exchanging the quotes, as it may stand outside of texts."""
OUTSIDE = "\0"
"""Holds the place of a text among what stands outside of texts."""


def find_python(lines: Sequence[str]) -> bool:
    """Whether nearly all lines are dictionaries with keys in single quotes."""
    filled = [line.strip() for line in lines if line.strip()]
    return bool(filled) and sum(bool(START.match(line)) for line in filled) >= ALIKE * len(filled)


def json_lines(texts: Iterable[str]) -> Iterator[str]:
    """The lines of a text, with their numbers, as JSON; what is no literal is no JSON afterwards either.

    Args:
        texts: pieces of the text, with plain line ends.
    """
    tail = ""
    for text in texts:
        whole, end, tail = (tail + text).rpartition("\n")
        yield _json(whole) + end
    yield _json(tail)


def _json(text: str) -> str:
    if "\\" not in text and OUTSIDE not in text:
        return _without_escapes(text)
    lines = text.split("\n")
    hard = {at: line for at, line in enumerate(lines) if "\\" in line or OUTSIDE in line}
    done = _without_escapes("\n".join("" if at in hard else line for at, line in enumerate(lines))).split("\n")
    return "\n".join(TOKEN.sub(_token, hard[at]) if at in hard else line for at, line in enumerate(done))


def _without_escapes(text: str) -> str:
    """Many lines at once: what stands in quotes is left as it is, but for double quotes in it."""
    if not any(mark in text for mark in HARD) and not PREFIXED.search(text):
        return text.replace("'", '"')
    parts = TEXT.split(text)
    texts = [part if part[0] == '"' else '"' + part[1:-1].replace('"', '\\"') + '"' for part in parts[1::2]]
    return _translated(parts[::2], texts)


def _translated(outside: Sequence[str], texts: Sequence[str]) -> str:
    """Python's words and brackets as JSON's."""
    rest = OUTSIDE.join(outside)
    for word, other in (*WORDS.items(), *BRACKETS.items()):
        if word in rest:
            rest = rest.replace(word, other)
    for prefix in "uUbB":
        rest = rest.replace(prefix + OUTSIDE, OUTSIDE)
    rest = LAST_COMMA.sub(r"\1", rest)
    pieces = rest.split(OUTSIDE)
    joined = [""] * (len(pieces) + len(texts))
    joined[::2], joined[1::2] = pieces, [text.replace("\t", "\\t") for text in texts]
    return "".join(joined)


def _token(found: re.Match[str]) -> str:
    text, word, bracket, closing = found.groups()
    if word:
        return WORDS[word]
    if bracket:
        return BRACKETS[bracket]
    if closing:
        return closing.replace(")", "]")
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError):
        return found[0]
    return json.dumps(value, ensure_ascii=False)
