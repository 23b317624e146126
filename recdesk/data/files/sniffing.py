"""Finds the dialect of a text from its first lines: JSON or not, sessions, separator, quote, header.

Separator and quote are found by trying: the best pair splits most lines into equally many fields that look like values.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.columns.roles import NUMBER, TYPED, role_of_name
from recdesk.data.files.csv_records import BLANK_RUN, Record, records
from recdesk.data.files.dialect import MAX_LEADING, SESSION_FORMS, USUAL, Dialect, Form
from recdesk.data.files.encodings import SAMPLE_BYTES
from recdesk.data.files.json_array import array_in_object
from recdesk.data.files.python_literals import find_python
from recdesk.data.files.refusals import refuse_features
from recdesk.data.files.size_lines import MATRIX_MARKET, WHOLE, says_size

SAMPLE_LINES = 250
EXCEL_LINE = re.compile(r'(?i)"?sep=.{1,2}\s*')
"""What Excel takes the separator from when it stands in the first line."""
QUOTING = (",", ";", "|", BLANK_RUN)
"""Separators that people quote around; with the others a quote is taken as one only where it is seen to work."""
QUOTES = ('"', "'", "`", "^", "~", "%", "$", "*", "|")
MARKS = ",;|\t:~^#*=<>\\-/_&@+§¦¬·،、，；\x01\x02\x1c\x1d\x1e\x1f"
WEAK = (":", "/", "-", "_", "=", "\\", ".", "+", "@", "&", "*", "#", "<", ">")
"""Characters that stand inside values too; they separate only where nothing else does."""
COMMENTS = ("#", "//", "%")
RUN = re.compile(f"[{re.escape(MARKS)} ]+")
NUMERIC = re.compile(r"\s?[+-]?[\d.,'\u00a0]*\d\s?")
STRANGE = re.compile(r",(?! )|[;|\t\x01-\x08\x1c-\x1f，；]|::")
"""What a value seldom holds: the usual separators."""
SURE_LINES, MANY_LINES = 4, 100
"""Lines whose first numbers rise by chance hardly ever; lines that hardly all begin with another popular item."""
SAMPLED_RECORDS = 120
SAMPLED_CHARACTERS = 48 * 1024
STEADY, STEADIER, VERY_STEADY = 0.6, 0.9, 0.95
"""Shares of rows that must be equally long: with a usual separator, with a rare one, with blanks and WEAK ones."""


def sample_lines(text: str) -> list[str]:
    """The first whole lines of a sample."""
    return whole_lines(text)[:SAMPLE_LINES]


def whole_lines(text: str) -> list[str]:
    """Whole lines of a sample; the last one may be cut and is left out if there are others."""
    lines = re.split(r"\r\n|\r|\n", text.removeprefix("\ufeff"))
    if len(lines) > 1 and (len(text) > SAMPLE_BYTES // 4 or not lines[-1]):
        lines = lines[:-1]
    return lines


def form_of_text(text: str) -> Form | None:
    """Objects one a line, or in an array or over several lines; a text may begin like that and be neither."""
    start = text.lstrip("\ufeff \t\r\n")
    if not start.startswith("{"):
        return "json" if re.match(r"\[\s*+([{\[]|\Z)", start) else None
    lines = [line for line in start.splitlines()[:20] if line.strip()]
    if find_python(lines):
        return "python"
    if len(lines) > 1 and lines[1].lstrip().startswith("{") and lines[0].strip() != "{":
        return "jsonl"
    inside = array_in_object(start)
    whole = len(lines) == 1 or lines[0].rstrip().endswith("}")
    return "jsonl" if whole and not inside else "json"


def dialect_of_lines(path: Path, lines: list[str], where: Dialect, known: Mapping[str, Any]) -> Dialect:
    """The dialect of delimited text or sessions.

    Args:
        path: the file.
        lines: its first ones.
        where: what is found out already.
        known: attributes that a person gave.

    Raises:
        DataError: there is no line, or no file can be read with the given options.
    """
    filled = [line for line in lines if line.strip()]
    if not filled:
        raise DataError(Message("file.no-lines", name=path.name), Message("file.choose-one-a-line"))
    given = {key: known[key] for key in ("separator", "quote", "escape") if key in known}
    cut = None if where.form in SESSION_FORMS else find_cut(lines[known.get("skip", 0) :], **given)
    if cut is None:
        sessions = (
            find_sessions(without_comments(filled), given.get("separator"))
            if known.get("form") != "delimited"
            else None
        )
        if sessions or where.form in SESSION_FORMS:
            form, separator = sessions or (where.form, given.get("separator", " "))
            form = where.form if where.form in SESSION_FORMS else form
            skip = next((at for at, line in enumerate(lines) if line.strip() and not line.startswith(COMMENTS)), 0)
            return replace(where, form=form, separator=separator, quote="", header=False, skip=skip)
        dialect = where
    else:
        dialect = replace(where, separator=cut.separator, quote=cut.quote, escape=cut.escape)
    dialect = dialect.checked()
    rows = dialect.records(lines)
    skip = known["skip"] if "skip" in known else _below_size(rows, leading_lines(rows, lines), lines)
    below = [row.fields for row in rows if row.line > skip]
    header = known["header"] if "header" in known else bool(below) and looks_like_header(below)
    if not header and not known:
        refuse_features(path.name, below)
    return replace(dialect, skip=skip, header=header)


def find_sessions(lines: Sequence[str], given: str | None = None) -> tuple[Form, str] | None:
    """The form and separator of lines with varying numbers of ids, or None where they are something else.

    The first id of a line is a user if it stands nowhere else, or numbers the lines; items come again.
    """
    for separator in (given,) if given else (" ", "\t", ",", ";", "|"):
        rows = [row for line in lines if (row := [cell.strip() for cell in line.strip().split(separator)])]
        lengths = Counter(len(row) for row in rows)
        words = [cell for row in rows for cell in row]
        if len(rows) < 3 or len(lengths) < 2 or lengths[1] > 0.5 * len(rows) or len(words) < 2.5 * len(rows):
            continue
        if sum(bool(re.fullmatch(r"[\w.:#@/-]{1,40}", word)) for word in words) < 0.98 * len(words):
            continue
        if all(row[0] == str(len(row) - 1) for row in rows):
            return "counted", separator
        return ("sessions" if counts_users(rows) or not taken_firsts(rows) else "baskets"), separator
    return None


def counts_users(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first ids number the lines: whole numbers that rise from each to the next, or, where there are many
    lines, those of a range in any order."""
    firsts = [row[0] for row in rows]
    if not all(map(WHOLE.fullmatch, firsts)):
        return False
    numbers = list(map(int, firsts))
    if all(before < after for before, after in itertools.pairwise(numbers)):
        return len(numbers) >= SURE_LINES or numbers[-1] - numbers[0] < len(numbers)
    distinct = len(set(numbers)) == len(numbers) >= MANY_LINES
    return distinct and (firsts == sorted(firsts) or max(numbers) - min(numbers) < 1.5 * len(numbers))


def taken_firsts(rows: Sequence[Sequence[str]]) -> bool:
    """Whether the first ids come again in other lines, or are taken like items in them."""
    firsts = [row[0] for row in rows]
    others = {cell for row in rows for cell in row[1:]}
    return len(set(firsts)) < len(firsts) or sum(first in others for first in firsts) >= 0.5 * len(firsts)


def leading_lines(rows: Sequence[Record], lines: Sequence[str]) -> int:
    """How many lines stand above the table: blank ones, Excel's, titles and comments, which are cut differently."""
    usual = Counter(len(row.fields) for row in rows).most_common(1)[0][0] if rows else 1
    if usual == 1:
        return rows[0].line - 1 if rows else 0
    for at, row in enumerate(rows[:MAX_LEADING]):
        filled = sum(bool(cell.strip()) for cell in row.fields)
        after = rows[at + 1].fields if at + 1 < len(rows) else []
        named = (
            filled > 1
            and len(after) == usual
            and len(row.fields) >= usual - 1
            and any(role_of_name(cell) for cell in row.fields)
        )
        fits = len(row.fields) == usual and (filled > 1 or usual == 2)
        if (fits or named) and not EXCEL_LINE.fullmatch(lines[row.line - 1]) and not _comment(row, named):
            return row.line - 1
    return 0


def _comment(row: Record, named: bool) -> bool:
    """A line that says it is one. The names of the columns may stand in one (“# user item”)."""
    return row.text.startswith(COMMENTS) and not named


def _below_size(rows: Sequence[Record], skip: int, lines: Sequence[str]) -> int:
    """Lines above the table with the one that says its size, where there is one."""
    below = [row for row in rows if row.line > skip]
    if len(below) < 2:
        return skip
    named = lines[0].startswith(MATRIX_MARKET) and len(below[0].fields) == 3
    size = says_size(below[0].fields, [row.fields for row in below[1:]], len(lines) < SAMPLE_LINES)
    return below[0].line if named or size else skip


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """The first line names columns: typed names, known names, or texts above values that they do not resemble."""
    first, below = rows[0], rows[1:]
    if any(TYPED.fullmatch(cell.strip()) for cell in first):
        return True
    if any(NUMBER.fullmatch(cell) for cell in first):
        return False
    width = max((at for at, cell in enumerate(first, 1) if cell.strip()), default=1)
    first = first[:width]  # without trailing separators
    if sum(not cell.strip() for cell in first) > 1:
        return False
    roles = [role_of_name(cell) for cell in first]
    if any(roles):
        below = [row for row in below if not _again(first, row)]
    columns = [[row[at] for row in below if len(row) > at] for at in range(len(first))]
    above = [_named_above(cell, column) for cell, column in zip(first, columns, strict=True)]
    if any(cell.strip() and cell in column for cell, column in zip(first, columns, strict=True)):
        return _headed_anyway(first, columns, roles, above)
    return any(roles) or any(above)


def _again(first: Sequence[str], row: Sequence[str]) -> bool:
    """The header stands again, as where files are put together, byte order marks and all."""
    return [cell.lstrip("\ufeff") for cell in row[: len(first)]] == [*first]


def _headed_anyway(
    first: Sequence[str], columns: Sequence[Sequence[str]], roles: Sequence[str | None], above: Sequence[bool]
) -> bool:
    """A word of the first line is a value of its column too: the others have to name columns, two of them at least."""
    telling = [
        (role, named)
        for cell, column, role, named in zip(first, columns, roles, above, strict=True)
        if cell.strip() and cell not in column
    ]
    names = {role for role, _ in telling if role}
    return 2 * len(telling) >= len(first) and (
        len(names) > 1 or (len(names) == 1 and all(named for _, named in telling))
    )


def _named_above(cell: str, column: list[str]) -> bool:
    """A text without digits above values that (nearly) all have some."""
    digits = sum(any(character.isdigit() for character in value) for value in column)
    return bool(column) and digits >= 0.9 * len(column) and not any(character.isdigit() for character in cell)


@dataclass(frozen=True)
class Cut:
    """A separator, quote and escape, scored by how evenly they split the lines.

    Attributes:
        width: the usual number of fields.
        steady: share of rows that have it.
        score: 0..1.
    """

    separator: str
    quote: str
    escape: str
    width: int
    steady: float
    score: float


MUCH = 1.3
"""Factor by which the score of blanks must exceed that of a usual separator that fits too."""


def find_cut(
    lines: Sequence[str], separator: str | None = None, quote: str | None = None, escape: str | None = None
) -> Cut | None:
    """The best-scored separator, quote and escape that split the lines into two or more fields, or None.

    Args:
        lines: the beginning of a file, blank ones and all.
        separator, quote, escape: as given; None finds out.
    """
    lines = _sample(without_comments(lines))
    if not any(line.strip() for line in lines):
        return None
    found = [_best_quote(lines, mark, quote, escape) for mark in ([separator] if separator else _candidates(lines))]
    if separator:
        return found[0]
    weak = [cut for cut in found if cut.separator in (*WEAK, " ", BLANK_RUN)]
    best = _best(cut for cut in found if cut not in weak and cut.steady >= _least(cut.separator))
    sure = [cut for cut in weak if cut.steady >= VERY_STEADY]
    if best is None:
        return _best(sure)
    doubtful = best.separator not in USUAL or best.steady < STEADIER  # texts may all have as many words
    blanks = _best(cut for cut in sure if cut.separator not in WEAK) if doubtful else None
    if blanks is not None and blanks.score > MUCH * best.score:
        return blanks
    spaced = [cut for cut in found if cut.separator == f"{best.separator} " and cut.width == best.width]
    return next((cut for cut in spaced if cut.steady >= best.steady and cut.score > 0.9 * best.score), best)


def without_comments(lines: Sequence[str]) -> Sequence[str]:
    """The lines that do not begin like comments, if those are few."""
    kept = [line for line in lines if not line.startswith(COMMENTS)]
    return kept if 2 * len(kept) > len(lines) else lines


def _least(separator: str) -> float:
    return STEADY if separator in USUAL else STEADIER


def _best(cuts: Iterable[Cut]) -> Cut | None:
    several = (cut for cut in cuts if cut.width > 1)
    return max(several, key=lambda cut: round(cut.score, 6), default=None)  # of equals the first, the more usual


def _sample(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        if size > SAMPLED_CHARACTERS and len(kept) > 1:
            break
    return kept


def _candidates(lines: Sequence[str]) -> list[str]:
    """Usual separators, then what else stands in most lines, the likeliest first."""
    filled = [line for line in lines if line.strip()]
    runs = [[run for run in RUN.findall(line) if run.strip(" ") or run == " "] for line in filled]
    counts: Counter[str] = Counter()
    for own in runs:
        counts.update({run.strip(" ") for run in own} | {run for run in own if len(run) <= 4})
    counts += Counter(c for own in runs for c in {c for run in own for c in run if c != " "})
    common = [run for run, count in counts.most_common(24) if count >= STEADY * len(filled) and 0 < len(run) <= 4]
    doubled = {run[0] for run in common if len(run) > 1 and len(set(run)) == 1 and _always(runs, run)}
    single = [run for run in common if run not in USUAL and not {*run} <= doubled | {" "}]
    whole = [run for run in common if len(run) > 1 and run not in USUAL and len(set(run)) == 1 and run[0] in doubled]
    usual = [mark for mark in USUAL if mark not in doubled]
    aligned = [BLANK_RUN] if any(re.search(r"\S(?: {2,}|[ \t]{2,})\S", line) for line in filled) else []
    return list(dict.fromkeys([*whole, *usual, *sorted(single, key=lambda run: run in WEAK), " ", *aligned]))


def _always(runs: Sequence[Sequence[str]], whole: str) -> bool:
    """Whether a character never stands but in such pairs (or longer runs of them)."""
    lengths = [
        len(run.strip(" ")) for own in runs for run in own if run.strip(" ") and set(run.strip(" ")) == {whole[0]}
    ]
    return len(lengths) > 2 and min(lengths) == len(whole)


def _best_quote(lines: Sequence[str], separator: str, quote: str | None, escape: str | None) -> Cut:
    pairs = _quotes(lines, separator)
    if quote is not None:
        pairs = [pair for pair in pairs if pair[0] == quote] or [(quote, "")]
    if escape is not None:
        pairs = list(dict.fromkeys((mark, escape) for mark, _ in pairs))
    cuts = [_cut(lines, separator, *pair) for pair in pairs]
    return max(cuts, key=lambda cut: round(cut.score, 6))


def _quotes(lines: Sequence[str], separator: str) -> list[tuple[str, str]]:
    """Quotes to try, with their escapes; of equally good ones the first is taken."""
    usual = '"' if separator in QUOTING else ""
    text = re.sub(" {9,}", " " * 8, "\n".join(lines))  # a long run of blanks is looked through from each of them
    edge = re.escape(separator) if separator != BLANK_RUN else r"[ \t]"
    found = []
    for quote in QUOTES:
        q = re.escape(quote)
        if quote == separator or quote not in text:
            continue
        starts = len(re.findall(rf"(?:{edge}|^) *{q}", text, re.MULTILINE))
        ends = len(re.findall(rf"{q} *(?={edge}|$)", text, re.MULTILINE))
        common = 2 if quote == "'" else len(lines)  # a quote that is rare elsewhere has to prove itself
        if quote == '"' or min(starts, ends) >= common:
            found.append(quote)
    quotes = [usual, *(quote for quote in found if quote != usual)]
    if usual and usual in text:
        quotes.append("")
    pairs = [(quote, "") for quote in quotes]
    for quote in quotes:
        if quote and f"\\{quote}" in text:
            pairs.append((quote, "\\"))
    if f"\\{separator}" in text and separator != BLANK_RUN:
        pairs.append(("", "\\"))
    return pairs


def _cut(lines: Sequence[str], separator: str, quote: str, escape: str) -> Cut:
    rows: list[Record] = []
    for record in records(enumerate(lines, 1), separator, quote, escape):
        rows.append(record)
        if len(rows) == SAMPLED_RECORDS:
            break
    if len(rows) > 1 and rows[-1].broken and len(rows) < SAMPLED_RECORDS:
        rows.pop()  # its end lies beyond the sample
    counts = Counter(len(row.fields) for row in rows if not row.broken)
    if not counts:
        return Cut(separator, quote, escape, 1, 0.0, 0.0)
    width, usual = counts.most_common(1)[0]
    if len(rows) > 3 and len(rows[0].fields) == width - 1:
        rows = rows[1:]  # R names the rows, but not their column
    steady = usual / len(rows)
    cells = [cell for row in rows if not row.broken for cell in row.fields[:64]]
    clean = sum(map(_clean, cells)) / max(len(cells), 1)
    unquoted = 0.5 if not quote and _wrapped(cells) else 0.7 if not quote and separator in QUOTING else 1.0
    liking = unquoted if separator in USUAL else 0.95 * unquoted
    score = liking * steady**2 * clean * (width - 1) / width
    return Cut(separator, quote, escape, width, steady, score)


def _wrapped(cells: Sequence[str]) -> bool:
    """Most cells that begin with a quote end with it too: then it is one."""
    begun = [cell for cell in cells if cell[:1] == '"' and len(cell) > 1]
    return 2 * sum(cell[-1] == '"' for cell in begun) > len(begun)


def _clean(cell: str) -> float:
    """How much a cell looks like a value, 0..1."""
    if not cell:
        return 0.9
    if NUMERIC.fullmatch(cell):
        return 1.0
    worth = 1.0
    if STRANGE.search(cell):
        worth *= 0.5
    if cell[0] in "\"'`" or cell[-1] in '"`':
        worth *= 0.4
    if cell != cell.strip(" ") and cell != " " + cell.strip(" "):
        worth *= 0.8
    if not any(character.isalnum() for character in cell):
        worth *= 0.5
    return worth
