"""Which encoding a text is in, found from its bytes."""

import codecs
import re
from pathlib import Path

import charset_normalizer

from recdesk.core.errors import DataError, MisfitError
from recdesk.core.messages import Message

ENCODINGS = (
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_kr",
    "cp1252",
    "latin-1",
)
FAMILIAR = ["gb18030", "big5", "shift_jis", "euc_kr", "cp1252", "latin_1"]
LONELY = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?=[\s\x20-\x3f\x60-\x7e]|$)")
LETTERS = re.compile(rb"(?:[\x81-\xfe][\x40-\x7e\x80-\xfe])+")
"""Letters of East Asian encodings, two bytes each."""
SAMPLE_BYTES = 256 * 1024
TELLING_BYTES = 32 * 1024
"""Bytes of non-ASCII text from which the encoding is guessed; more costs time."""


def find_encoding(raw: bytes) -> str:
    """By byte order mark, then as UTF-8 (with hardly a byte that does not fit), then by the look of the text."""
    if raw.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if raw.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if (pairs := len(raw) // 2) and b"\0" in raw:
        low, high = raw[0::2].count(0), raw[1::2].count(0)
        if max(low, high) > pairs // 8 and min(low, high) <= pairs // 100:
            return "utf-16-le" if high > low else "utf-16-be"
    text = decode(raw, "utf-8")
    lost = text.count("\ufffd")
    if not lost or 20 * lost < sum(not character.isascii() for character in text):
        return "utf-8"
    western = "cp1252" if re.search(rb"[\x80-\x9f]", raw) else "latin-1"
    high = sum(byte > 127 for byte in raw)
    if len(LONELY.findall(raw)) > 0.8 * high:  # one accent here and there: in East Asian text they come in runs
        return western
    telling = b"\n".join(line for line in raw.splitlines() if not line.isascii())[:TELLING_BYTES]
    best = charset_normalizer.from_bytes(telling, cp_isolation=FAMILIAR).best()
    if best is None:  # rare separators look like dirt; without them the letters are seen
        letters = b" ".join(LETTERS.findall(telling))
        best = charset_normalizer.from_bytes(letters, cp_isolation=FAMILIAR).best()
    return best.encoding if best and best.encoding not in ("cp1252", "latin_1") else western


def decode(raw: bytes, encoding: str) -> str:
    """A sample as text; a character cut at the end of a full one is left out.

    Raises:
        MisfitError: there is no such encoding.
    """
    try:
        "".encode(encoding)  # hex and its like turn bytes into bytes
        decoder = codecs.getincrementaldecoder(encoding)("replace")
        return decoder.decode(raw, final=len(raw) < SAMPLE_BYTES)
    except (LookupError, TypeError, ValueError) as error:
        raise MisfitError(
            Message("file.no-encoding", encoding=encoding),
            Message("settings.choose-one-of", names=", ".join(ENCODINGS)),
        ) from error


def refuse_binary(path: Path, raw: bytes, encoding: str) -> None:
    """Raise a DataError where the bytes are no text."""
    if encoding.startswith(("utf-16", "utf-32")):
        return
    head = raw[:4096]  # 1 and 2 are how Hive separates fields; single zero bytes are reported row by row
    control = sum(2 < byte < 9 or 13 < byte < 27 for byte in head)
    if head.count(0) > 8 or control > len(head) // 50:
        raise DataError(Message("file.not-text", name=path.name), Message("file.export-as-table"))
