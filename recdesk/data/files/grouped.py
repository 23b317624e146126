"""Files where an id stands above the rows that belong to it: Netflix's “1:” and then user, rating, date."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from recdesk.core.messages import Message
from recdesk.data.columns.role_names import USERS
from recdesk.data.files.column_preview import Columns, columns_of_records
from recdesk.data.files.dialect import Dialect

HEAD = re.compile(r"^[ \t]*(?:([^\W\d]+)[ #=]+)?([\w.#@-]{1,60})[ \t]*:[ \t]*$", re.MULTILINE)
"""“1:” or “user 12:”."""
COUNTED = re.compile(r"^(?:())([\w.#@-]{1,60})\|\d+[ \t]*$", re.MULTILINE)
"""“12|4”, as KDD Cup 2011 (Yahoo! Music) has it: a user and how many rows follow."""
LEAST_LINES = 3


@dataclass(frozen=True)
class Heads:
    """How the ids above the rows are written.

    Attributes:
        pattern: of such a line, over many lines; its groups are a word, which may be empty, and the id.
        role: what the ids are.
        certain: the file says so.
    """

    pattern: re.Pattern[str]
    role: str
    certain: bool


def find_heads(lines: Sequence[str]) -> Heads | None:
    """How the ids above the rows are written; None where the first line is none, or nearly all are, or one repeats."""
    filled = [line for line in lines if line.strip()]
    for pattern in (HEAD, COUNTED):
        found = [pattern.fullmatch(line) for line in filled]
        heads = [head for head in found if head]
        if len(filled) < LEAST_LINES or not found[0] or 2 * len(heads) > len(filled):
            continue
        if len({head[2] for head in heads}) < len(heads) or (pattern is COUNTED and not _counts(filled)):
            continue
        word = (heads[0][1] or "").casefold()
        if pattern is COUNTED or any(stem in word for stem in USERS):
            return Heads(pattern, "user", certain=True)
        return Heads(pattern, "item", certain=bool(word))
    return None


def _counts(lines: Sequence[str]) -> bool:
    """The number behind the first id says how many rows stand below it."""
    promised = int(lines[0].rpartition("|")[2])
    rows = [COUNTED.fullmatch(line) is None for line in lines[1:]]
    found = rows.index(False) if False in rows else len(rows)
    return found == promised or (found < promised and False not in rows)


def rows_below(lines: Sequence[str], heads: Heads) -> list[str]:
    """The lines that are no ids above others."""
    return [line for line in lines if not heads.pattern.fullmatch(line)]


def with_ids(texts: Iterable[str], dialect: Dialect) -> Iterator[str]:
    """The text with the id in front of each of its rows; the lines of the ids are blank, so that all keep their number.

    Args:
        texts: pieces of the text, with plain line ends.
        dialect: says what separates columns.
    """
    pattern, front, tail = None, "", ""
    for text in _with_last_end(texts):
        whole, end, tail = (tail + text).rpartition("\n")
        piece = whole + end
        if pattern is None and piece.strip():
            heads = find_heads(piece[: 2**18].split("\n")[dialect.skip :])
            pattern = heads.pattern if heads else HEAD
        if pattern is None:
            yield piece
            continue
        sections = pattern.split(piece)
        yield _prefixed(sections[0], front)
        for identity, section in zip(sections[2::3], sections[3::3], strict=True):
            front = identity + dialect.separator
            yield _prefixed(section, front)


def _with_last_end(texts: Iterable[str]) -> Iterator[str]:
    """The pieces, with a line end behind the last one."""
    yield from texts
    yield "\n"


def _prefixed(section: str, front: str) -> str:
    """Rows with an id in front of each; the first one begins with the section, or behind its line end."""
    if not front or not section.strip("\n"):
        return section
    if "\n\n" in section:
        return re.sub(r"(?m)^(?=.)", lambda _: front, section)
    body, end = (section[:-1], "\n") if section.endswith("\n") else (section, "")
    first = "" if body.startswith("\n") else front
    return first + body.replace("\n", "\n" + front) + end


def grouped_columns(shown: str, lines: Sequence[str], dialect: Dialect, rows: int) -> Columns:
    """The id above and the columns of the rows below, with a sample.

    Raises:
        DataError: there are no rows.
    """
    heads = find_heads(lines[dialect.skip :]) or Heads(HEAD, "item", certain=False)
    text = "".join(with_ids(["\n".join(lines)], dialect))
    records = dialect.records(text.split("\n")[: len(lines)])
    found = columns_of_records(shown, records, dialect.skip, False, rows)
    other = "user" if heads.role == "item" else "item"
    names = [heads.role, other, *(f"column {at}" for at in range(3, len(found.names) + 1))][: len(found.names)]
    first = next(line for line in lines[dialect.skip :] if line.strip()).strip()
    if heads.role == "user":
        note = Message("layout.user-above", head=first)
    elif heads.certain:
        note = Message("layout.item-above", head=first)
    else:
        note = Message("layout.item-above-in-doubt", head=first)
    told: dict[str, str] = {role: role for role in ("user", "item") if role in names}
    return replace(found, names=names, told=told, layout=(note,))
