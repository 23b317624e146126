"""Text made safe for a terminal, a line on the standard error, and JSON in one line."""

import json
import re
import sys
from typing import Any

_LETTERS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
UNPRINTABLE = re.compile(f"[{_LETTERS}]")
"""Control characters, bidirectional controls, and surrogates that cannot be encoded."""


def printable(text: str) -> str:
    """Text with each control character replaced by a visible symbol."""
    return UNPRINTABLE.sub(_symbol, text)


def _symbol(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file's name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"‹U+{code:04X}›"


def complain(text: str) -> None:
    """A line on the standard error."""
    print(printable(text), file=sys.stderr)


def exact_json(values: Any) -> str:
    """JSON in one line; characters that `printable` would replace are escaped, so that parsing restores them."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(values, ensure_ascii=False))


def use_any_console() -> None:
    """Print characters that the console's encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # it is None without a console, and another object in tests
            stream.reconfigure(errors="backslashreplace")
