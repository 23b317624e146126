"""Loads delimited text and JSON lines by DuckDB's CSV reader; records that it rejects are collected."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.messages import Message
from recdesk.data.files import limits
from recdesk.data.files.column_preview import MOST_REJECTS, Columns, Loaded
from recdesk.data.files.line_numbers import RAW_CHARACTERS, lines_at, row_lines, texts_of
from recdesk.data.files.loading import Loading
from recdesk.data.files.normalized import NormalizedFile
from recdesk.data.files.wide_records import WideRecord, wide_records
from recdesk.data.report import Reject
from recdesk.data.sql import json_path, sql_path, sql_text

COPY_BYTES = 2**22
MOST_ROUNDS = 12
"""At most so many times a file is read again without lines whose unclosed quotes swallowed others."""
REASONS = {
    "MISSING COLUMNS": Message("reason.too-few-fields"),
    "TOO MANY COLUMNS": Message("reason.too-many-fields"),
    "UNQUOTED VALUE": Message("reason.quote-unclosed"),
    "INVALID ENCODING": Message("reason.bad-encoding"),
    "LINE SIZE OVER MAXIMUM": Message("reason.line-too-long"),
    "INVALID STATE": Message("reason.quotes-misplaced"),
}
FILLER = b"\x1a"
"""Overwrites the bytes of a line that is to be skipped."""
WHOLE_LINE = "\x01"
"""A separator that never occurs, so that a line is one field: JSON has no control characters, lists of ids hardly."""


def create(connection: duckdb.DuckDBPyConnection, table: str, fields: str, source: str) -> None:
    """Make a table with a row number `n` from 1."""
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT row_number() OVER () AS n, {fields} FROM {source}")


def load_delimited(loading: Loading) -> Loaded:
    """Make the table.

    A quote that is never closed costs its line only: the lines that it swallowed are read again without it.
    """
    connection, table, columns, shown = loading.connection, loading.table, loading.columns, loading.shown
    dialect = loading.plain.dialect
    plain, wide = _without_wide(loading.plain, columns, shown)
    declared = "{" + ", ".join(f"'f{i}': 'VARCHAR'" for i in range(len(columns.names))) + "}"
    fields = ", ".join(f"f{columns.names.index(column)} AS c{i}" for i, column in enumerate(loading.wanted))
    options = (declared, dialect.separator, dialect.quote, columns.head, dialect.escape)
    broken: dict[int, Reject] = {}
    for again in range(MOST_ROUNDS):
        create(connection, table, fields, _csv(plain.path, *options))
        refused = _refused(connection)
        swallowing = [offset for offset, *_, several in refused if several]
        if not swallowing or again == MOST_ROUNDS - 1:
            break
        lines = lines_at(plain.path, swallowing)
        texts = texts_of(plain.path, lines.values())
        reason = REASONS["UNQUOTED VALUE"]
        broken |= {line: Reject(shown, line, "", "", reason, texts.get(line, "")) for line in lines.values()}
        plain = _without(plain, swallowing)
        connection.execute(f"DROP TABLE {table}")
    loaded = _set_aside(plain, refused, shown)
    rejects = sorted([*loaded.rejects, *broken.values(), *wide], key=lambda reject: reject.line)[:MOST_REJECTS]
    counts = Counter(loaded.counts) + Counter(reject.reason for reject in broken.values())
    counts += Counter({REASONS["TOO MANY COLUMNS"]: len(wide)})
    return replace(loaded, rejects=rejects, counts=dict(counts), head=columns.head)


def load_json_lines(loading: Loading) -> Loaded:
    """Make the table; numbers stay as they are written."""
    connection, table, plain, shown = loading.connection, loading.table, loading.plain, loading.shown
    paths = loading.columns.paths
    whole = "CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS whole"
    source = lines_of(plain)
    create(connection, f"{table}_lines", f"line, {whole}", f"{source} WHERE trim(line, e' \\t') != ''")
    fields = ", ".join(
        f"{_cell(column, paths.get(column, (column,)))} AS c{i}" for i, column in enumerate(loading.wanted)
    )
    connection.execute(f"CREATE TEMP TABLE {table} AS SELECT n, {fields} FROM {table}_lines WHERE whole")
    loaded = _set_aside(plain, _refused(connection), shown)
    broken = connection.execute(f"SELECT n FROM {table}_lines WHERE NOT whole ORDER BY n")
    rows = [n for (n,) in broken.fetchall()]
    if rows:
        reason = Message("reason.not-json-object")
        loaded.counts[reason] = len(rows)
        found = text_rows(loaded, plain, rows[:MOST_REJECTS])
        loaded.rejects.extend(Reject(shown, line, "", "", reason, raw) for line, raw in found.values())
    return loaded


def _cell(column: str, path: Sequence[str]) -> str:
    """SQL for the text of a column of a `line` of JSON; of an object with an id that, of anything else itself."""
    value = _as_written(path)
    if len(path) > 1 and column == path[0]:
        outer = sql_text(json_path(column))
        return f"CASE WHEN json_type(line, {outer}) = 'OBJECT' THEN {value} ELSE {_as_written([column])} END"
    return value


def _as_written(keys: Sequence[str]) -> str:
    """SQL for the text of a key's value in a `line` of JSON; decimals stay 1.10 and 1e5, which DuckDB makes others of.

    Of numbers with that key, also inside of other values, the first that is as large is taken.
    """
    key, path = keys[-1], sql_text(json_path(*keys))
    value = f"(line ->> {path})"
    spelled = {re.escape(json.dumps(key, ensure_ascii=ascii_only)[1:-1]) for ascii_only in (True, False)}
    pattern = sql_text(rf'"(?:{"|".join(sorted(spelled))})"\s*:\s*(-?[0-9][0-9.eE+-]*)')
    numbers = f"regexp_extract_all(line, {pattern}, 1)"
    same = f"list_filter({numbers}, lambda number: TRY_CAST(number AS DOUBLE) = TRY_CAST({value} AS DOUBLE))"
    decimal = f"regexp_matches({value}, '[.e]') AND regexp_extract(line, {pattern}, 1) != {value}"  # quick to ask
    double = f"{decimal} AND json_type(line, {path}) = 'DOUBLE'"
    return f"CASE WHEN {double} THEN coalesce({same}[1], {value}) ELSE {value} END"


def lines_of(plain: NormalizedFile) -> str:
    """SQL for the lines of a text as a column `line`; blank ones are NULL."""
    wide = wide_records(plain.path, WHOLE_LINE, "", "", 1, plain.task)
    path = _masked(plain, wide, WHOLE_LINE.encode()).path if wide else plain.path
    return _csv(path, "{'line': 'VARCHAR'}", WHOLE_LINE, "", 0)


def text_rows(loaded: Loaded, plain: NormalizedFile, rows: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Line and text of rows by their numbers; line 0 where the form has no lines."""
    if loaded.path is None:
        return {}
    found = row_lines(loaded.path, plain.dialect, loaded.head, loaded.aside, rows)
    return found if plain.same_lines else {row: (0, text) for row, (_, text) in found.items()}


def _without(plain: NormalizedFile, offsets: list[int]) -> NormalizedFile:
    """A copy in which the lines that begin at these bytes are blank."""
    copy = plain.folder / "without"
    if plain.path != copy:
        _copy(plain, copy)
    with copy.open("r+b") as stream:
        for offset in offsets:
            stream.seek(offset)
            line = stream.readline(limits.LONGEST_LINE)
            stream.seek(offset)
            stream.write(FILLER * len(line.rstrip(b"\r\n")))
    return replace(plain, path=copy)


def _without_wide(plain: NormalizedFile, columns: Columns, shown: str) -> tuple[NormalizedFile, list[Reject]]:
    """A copy in which the records of far too many fields are blank, and those records.

    Raises:
        DataError: one of them has no end.
    """
    dialect, count = plain.dialect, len(columns.names)
    wide = wide_records(plain.path, dialect.separator, dialect.quote, dialect.escape, count, plain.task)
    lines = lines_at(plain.path, (record.start for record in wide)) if wide else {}
    wide = [record for record in wide if lines[record.start] > columns.head]
    if not wide:
        return plain, []
    if (last := wide[-1]).broken:
        raise DataError(
            Message("file.quote-unclosed", name=shown, line=lines[last.start], count=last.fields),
            Message("file.mend-or-no-quotes"),
        )
    texts = texts_of(plain.path, (lines[record.start] for record in wide))
    reason = REASONS["TOO MANY COLUMNS"]
    rejects = [
        Reject(
            shown,
            line,
            "",
            "",
            Message("reason.field-count", reason=reason, found=record.fields, expected=count),
            texts.get(line, ""),
        )
        for record, line in ((record, lines[record.start]) for record in wide)
    ]
    return _masked(plain, wide, rb"[^\r\n]"), rejects


def _masked(plain: NormalizedFile, records: Iterable[WideRecord], bytes_of: bytes) -> NormalizedFile:
    """A copy with FILLER for some bytes of records."""
    copy = plain.folder / "narrow"
    _copy(plain, copy)
    with copy.open("r+b") as stream:
        for record in records:
            stream.seek(record.start)
            masked = re.sub(bytes_of, FILLER, stream.read(record.end - record.start))
            stream.seek(record.start)
            stream.write(masked)
    return replace(plain, path=copy)


def _copy(plain: NormalizedFile, copy: Path) -> None:
    with plain.path.open("rb") as source, copy.open("wb") as out:
        while block := source.read(COPY_BYTES):
            if plain.task.cancelled:
                raise CancelledError(Message("job.import"))
            out.write(block)


def _refused(connection: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """The records that the reader rejected: byte offset, kind, message, text, whether it is blank and spans several
    lines.

    The blank lines above one belong to it, as the reader counts.
    """
    # a record is listed once for each field missing or too many, as if it ended there: the first of the missing and
    # the last of the others tell how many there are
    telling = "coalesce(column_idx, 0)::BIGINT * CASE error_type WHEN 'MISSING COLUMNS' THEN -1 ELSE 1 END"
    once = (
        "SELECT line_byte_position - 1 + length(regexp_extract(csv_line, '^[\\r\\n]*')) AS place, "
        f"arg_max(error_type, {telling}) AS kind, arg_max(error_message, {telling}) AS message, "
        "trim(first(csv_line), e'\\r\\n') AS raw FROM reject_errors GROUP BY place, line_byte_position"
    )
    found = connection.execute(
        f"SELECT place, kind, message, CASE WHEN row_number() OVER (ORDER BY place) <= {MOST_REJECTS} "
        f"THEN left(raw, {RAW_CHARACTERS}) END, coalesce(trim(raw, e' \\t\\x1a') = '', false), "
        f"kind = 'UNQUOTED VALUE' AND contains(raw, e'\\n') FROM ({once}) ORDER BY place"
    ).fetchall()
    connection.execute("DROP TABLE reject_errors; DROP TABLE reject_scans")
    return found


def _set_aside(plain: NormalizedFile, refused: list[tuple[Any, ...]], shown: str) -> Loaded:
    lines = lines_at(plain.path, (at for at, *_ in refused))
    reported = [entry for entry in refused if not entry[4]]
    reasons = [REASONS.get(kind, kind.lower()) for _, kind, *_ in reported]
    texts = texts_of(plain.path, (lines[at] for at, *_ in reported[:MOST_REJECTS]))
    rejects = [
        Reject(
            shown, lines[at], "", "", _with_numbers(reason, kind, message), _whole(raw or "", texts.get(lines[at], ""))
        )
        for (at, kind, message, raw, *_), reason in zip(reported[:MOST_REJECTS], reasons, strict=False)
    ]
    return Loaded(rejects, dict(Counter(reasons)), set(lines.values()), path=plain.path)


def _whole(raw: str, line: str) -> str:
    """What DuckDB says of a record, if it has all of its first line; of broken quotes it gives but a part."""
    return raw if raw.startswith(line) else line


def _with_numbers(reason: str, kind: str, message: str) -> str:
    counts = re.findall(r"\d+", message)
    if kind.endswith("COLUMNS") and len(counts) == 2:
        return Message("reason.field-count", reason=reason, found=int(counts[1]), expected=int(counts[0]))
    return reason


def _csv(path: Path, columns: str, separator: str, quote: str, skip: int, escape: str = "") -> str:
    return (
        f"read_csv({sql_path(path)}, columns = {columns}, delim = {sql_text(separator)}, quote = {sql_text(quote)}, "
        f"escape = {sql_text(escape or quote)}, header = false, skip = {skip}, auto_detect = false, "
        f"compression = 'none', store_rejects = true, rejects_limit = 0, max_line_size = {limits.LONGEST_LINE}, "
        "hive_partitioning = false)"
    )
