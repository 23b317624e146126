"""Parsing of localised numbers (1.234,5 and 1,234.5 and 1 234) in SQL; the convention is found from the whole
column."""

from dataclasses import dataclass

import duckdb

from recdesk.core.messages import Message

GAPS = " \u00a0\u202f\u2009'’_"
"""What stands between groups of three digits and nowhere else in a number."""
GAPPED = rf"[+-]?\d{{1,3}}([{GAPS}]\d{{3}})+([.,]\d+)?".replace("'", "''")
UNKNOWN = ("", "null", "na", "n/a", "nan", "none", "nil", "\\n", "-", "?")
"""Ways to say that there is no number, in lower case."""

_SHAPES = {
    "groups of commas": r"[+-]?\d{1,3}(,\d{3}){2,}|[+-]?\d{1,3}(,\d{3})+\.\d*",
    "groups of points": r"[+-]?\d{1,3}(\.\d{3}){2,}|[+-]?\d{1,3}(\.\d{3})+,\d+",
    "thousand or decimal": r"[+-]?[1-9]\d{0,2},\d{3}",
    Message("word.comma"): r"[+-]?\d+,\d+",
}


@dataclass(frozen=True)
class Numerals:
    """The number format of a column.

    Attributes:
        sql: the number as DOUBLE; NaN where there is none, NULL where it is none.
        note: a sentence where it could be read differently, or "".
    """

    sql: str
    note: str = ""


def numerals(connection: duckdb.DuckDBPyConnection, table: str, raw: str, text: str) -> Numerals:
    """The number format that fits a whole column.

    Args:
        connection: where the table is.
        table: its name.
        raw: a text column.
        text: SQL of it trimmed.
    """
    # most columns have neither: looking for them takes a fraction of what trimming and regular expressions take
    odd = " OR ".join([f"contains({raw}, {_quoted(mark)})" for mark in ("," + GAPS)] + [f"{raw} LIKE '%.%.%'"])
    if not connection.execute(f"SELECT bool_or({odd}) FROM {table}").fetchall()[0][0]:
        return Numerals(_value(text, text))
    marks = " OR ".join(f"contains({text}, {_quoted(mark)})" for mark in GAPS)
    counts = ", ".join(
        f"count(*) FILTER (contains({text}, ',') AND regexp_full_match({text}, '{shape}'))"
        if name != "groups of points"
        else f"count(*) FILTER (contains({text}, '.') AND regexp_full_match({text}, '{shape}'))"
        for name, shape in _SHAPES.items()
    )
    commas, points, either, decimal, gaps, plain, example = connection.execute(
        f"SELECT {counts}, count(*) FILTER (({marks}) AND regexp_full_match({text}, '{GAPPED}')), "
        f"count(*) FILTER (NOT contains({text}, ',') AND TRY_CAST({text} AS DOUBLE) IS NOT NULL), "
        f"min({text}) FILTER (contains({text}, ',')) FROM {table}"
    ).fetchall()[0]
    number = f"translate({text}, {_quoted(GAPS)}, '')" if gaps else text
    note = ""
    if points:
        number = f"replace(replace({number}, '.', ''), ',', '.')"
    elif decimal > either + commas or (gaps and not commas and not either):
        number = f"replace({number}, ',', '.')"
    elif commas:
        number = f"replace({number}, ',', '')"
    elif either:
        number = f"replace({number}, ',', '{'' if plain else '.'}')"
        read = example.replace(",", "" if plain else ".")
        note = Message("import.comma-ambiguous", text=example, number=read)
    return Numerals(_value(number, text), note)


def _value(number: str, text: str) -> str:
    """SQL of the number; of a text that says there is none, NaN."""
    value = f"TRY_CAST({number} AS DOUBLE)"
    unknown = f"lower(coalesce({text}, '')) IN ({', '.join(map(_quoted, UNKNOWN))})"
    return f"CASE WHEN isfinite({value}) THEN {value} WHEN {unknown} THEN 'NaN'::DOUBLE END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
