"""A clean table spoilt in the ways of the Pollock benchmark, read here and by DuckDB.

`python -m tests.benchmarks.pollution [--every 10] [--worst]`

The kinds of pollution, their number (2,290 files with the clean one), the measures (success; precision, recall and F1
of header, records and cells: 10 points a file) and the weights are those of Vitagliano et al., “Pollock: A Data Loading
Benchmark”, PVLDB 16(8), 2023 (the weight of rows separated by blanks is a guess). The table is made up here in the
shape of theirs (84 rows, 9 columns), so figures are near the published ones but not the same. `--every 10` reads every
tenth of the files with a single sick row. Rows that are rejected here, with their line, count as lost.
"""

import argparse
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from recdesk.core.errors import DataError
from recdesk.data.files.dialect import Dialect
from tests.data.reading_back import read_back

HEADER = ["DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "ProductDescription", "URL", "Comments"]
KINDS = [
    "Men's Boots",
    "Cap",
    'Table, Round 48"',
    "Towel",
    "Kids' Hat",
    "Jersey, Short-Sleeve",
    "Fly Rod 8 Wt.",
    'Boxer, 5" Inseam',
]
SAYINGS = [
    "Light and quick, for every day of the year.",
    "The softness you've come to expect: now in wool.",
    "Built to last",
    "An 8'9\" rod, made for her.",
]
Table = list[list[str]]


def clean() -> Table:
    """The header and 83 rows."""
    rows = [HEADER]
    for n in range(83):
        code = f"{'MRCYB'[n % 5]}{'GIHNO'[n % 4]}-{1000 + 97 * n}"
        url = f"https://www.example.com/product/{code.replace('-', '_')}.html"
        date, clock = f"{n % 28 + 1:02}/{n // 28 + 1:02}/2018", f"{n % 24:02}:{n % 4 * 15:02}"
        rows.append([date, clock, str(n % 9), code, f"${n * 1.37 + 1:.2f}", KINDS[n % 8], SAYINGS[n % 4], url, ""])
    return rows


@dataclass(frozen=True)
class Spoilt:
    """A file, what is in it, and how it is written where that can be said."""

    name: str
    kind: str
    weight: float
    content: str
    header: list[str]
    rows: Table
    dialect: Dialect


def cell(text: str, separator: str, quote: str, escape: str | None, at: int) -> str:
    """A field; descriptions and addresses are always quoted."""
    if at in (6, 7) or separator in text or quote in text:
        return quote + (text if escape is None else text.replace(quote, escape + quote)) + quote
    return text


def text_of(
    rows: Table, separator: str = ",", quote: str = '"', escape: str | None = '"', end: str = "\r\n"
) -> list[str]:
    """Lines with their ends."""
    return [
        separator.join(cell(text, separator, quote, escape, at) for at, text in enumerate(row)) + end for row in rows
    ]


def spoilt(every: int) -> Iterator[Spoilt]:
    """All files."""
    rows = clean()
    lines = text_of(rows)
    said = Dialect(header=True)

    def whole(
        name: str,
        weight: float,
        content: str,
        dialect: Dialect = said,
        body: Table = rows[1:],
        head: list[str] = HEADER,
    ) -> Spoilt:
        return Spoilt(name, "file", weight, content, head, body, dialect)

    yield whole("source", 1, "".join(lines))
    yield whole("no payload", 15, "", body=[], head=[])
    yield whole("no trailing newline", 184, "".join(lines).removesuffix("\r\n"))
    yield whole("double trailing newline", 5, "".join(lines) + "\r\n")
    yield whole("no header", 470, "".join(lines[1:]), replace(said, header=False), head=[])
    for more in (1, 2):
        again = [[f"{name}{n}" for name in HEADER] for n in range(more)]
        yield whole(
            f"header of {more + 1} rows", 47, "".join(lines[:1] + text_of(again) + lines[1:]), body=again + rows[1:]
        )
    yield whole("preamble", 282, "PREAMBLE,,,,,,,,\r\n,,,,,,,,\r\n" + "".join(lines), replace(said, skip=2))
    for name, width in (("same", 9), ("more", 11), ("less", 6)):
        other = [[f"col{n}" for n in range(width)], *([str(n * at) for at in range(width)] for n in range(5))]
        yield whole(
            f"second table with {name} columns",
            62.67,
            "".join(lines) + "".join(",".join(row) + "\r\n" for row in other),
            body=rows[1:] + other,
        )
    yield whole("header only", 3, lines[0], body=[])
    yield whole("one row", 4, "".join(lines[:2]), body=rows[1:2])
    for end, weight in (("\r", 7), ("\n", 1691)):
        yield whole(f"record delimiter {end!r}", weight, "".join(text_of(rows, end=end)))
    for separator, weight in (("\t", 4), (";", 834), (" ", 4), (", ", 101)):
        yield whole(
            f"field delimiter {separator!r}",
            weight,
            "".join(text_of(rows, separator)),
            replace(said, separator=separator),
        )
    yield whole("quotation character '", 11, "".join(text_of(rows, quote="'", escape="'")), replace(said, quote="'"))
    yield whole("escape character \\", 1, "".join(text_of(rows, escape="\\")), replace(said, escape="\\"))
    yield whole("no escape character", 7, "".join(text_of(rows, escape=None)))
    yield from _sick_rows(rows, lines, said, every)


def _sick_rows(rows: Table, lines: list[str], said: Dialect, every: int) -> Iterator[Spoilt]:
    count = 0
    for at in range(len(rows)):
        cells = [cell(text, ",", '"', '"', n) for n, text in enumerate(rows[at])]
        changes: list[tuple[str, float, str, list[str]]] = []
        for n in range(9):
            if n:
                less = ",".join(cells[:n]) + ",".join(cells[n:])
                merged = [*rows[at][: n - 1], rows[at][n - 1] + rows[at][n], *rows[at][n + 1 :]]
                changes.append(("row without a separator", 0.36775, less, merged))
            changes.append(
                (
                    "row with a separator more",
                    0.36775,
                    ",".join([*cells[:n], "", *cells[n:]]),
                    [*rows[at][:n], "", *rows[at][n:]],
                )
            )
            sick = cells[n][0] + '"' + cells[n][1:] if cells[n].startswith('"') else '"' + cells[n]
            changes.append(
                (
                    "row with a quote more",
                    0.00926,
                    ",".join([*cells[:n], sick, *cells[n + 1 :]]),
                    [*rows[at][:n], '"' + rows[at][n], *rows[at][n + 1 :]],
                )
            )
        changes.append(("row separated by blanks", 0.05, " ".join(cells), rows[at]))
        for kind, weight, line, row in changes:
            count += 1
            if count * 2_654_435_761 % 2**32 < 2**32 // every:  # spread over all kinds
                content = "".join([*lines[:at], line + "\r\n", *lines[at + 1 :]])
                head, body = (row, rows[1:]) if at == 0 else (HEADER, [*rows[1:at], row, *rows[at + 1 :]])
                yield Spoilt(f"{kind} {at}", kind, weight, content, head, body, said)


Reading = tuple[list[str], Table]


def ours(path: Path, dialect: Dialect | None) -> Reading:
    """What recdesk reads; made-up names are no header."""
    read = read_back(path, dialect)
    return read.names if read.dialect.header else [], read.rows


def by_duckdb(path: Path, options: str) -> Reading:
    """What DuckDB's sniffer reads."""
    with duckdb.connect() as connection:
        relation = connection.sql(f"SELECT * FROM read_csv('{path}', all_varchar = true{options})")
        names = [] if relation.columns[0] in ("column0", "column00") else list(relation.columns)
        return names, [["" if value is None else value for value in row] for row in relation.fetchall()]


def points(file: Spoilt, read: Callable[[], Reading]) -> float:
    """0 to 10."""
    try:
        names, rows = read()
    except (DataError, duckdb.Error):
        if file.rows or file.header:
            return 0.0
        names, rows = [], []  # to say that an empty file is empty is right
    bags = [
        (file.header, names),
        (["".join(row) for row in file.rows], ["".join(row) for row in rows]),
        ([text for row in file.rows for text in row], [text for row in rows for text in row]),
    ]
    return 1.0 + sum(_three(Counter(wanted), Counter(found)) for wanted, found in bags)


def _three(wanted: Counter[str], found: Counter[str]) -> float:
    """Precision, recall and F1 added up."""
    if not wanted:
        return 3.0
    both = (wanted & found).total()
    if not both:
        return 0.0
    recall, precision = both / wanted.total(), both / found.total()
    return precision + recall + 2 * precision * recall / (precision + recall)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--worst", action="store_true", help="name the files that lose most")
    arguments = parser.parse_args()
    scores: dict[str, list[float]] = defaultdict(list)
    taken: Counter[str] = Counter()
    files = list(spoilt(arguments.every))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.csv"
        for file in files:
            path.write_bytes(file.content.encode())
            ways: dict[str, Callable[[], Reading]] = {
                "recdesk": lambda: ours(path, None),
                "recdesk, dialect said": lambda file=file: ours(path, file.dialect),  # type: ignore[misc]
                "DuckDB": lambda: by_duckdb(path, ""),
                "DuckDB, null padding": lambda: by_duckdb(path, ", null_padding = true, ignore_errors = true"),
            }
            for way, read in ways.items():
                began = time.perf_counter()
                scores[way].append(points(file, read))
                taken[way] += time.perf_counter() - began
    print(f"{len(files):,} files, DuckDB {duckdb.__version__}; of 10 points:")
    print(f"{'':24} {'simple':>7} {'weighted':>9} {'ms a file':>10}")
    total = sum(file.weight for file in files)
    for way, own in scores.items():
        weighted = sum(file.weight * score for file, score in zip(files, own, strict=True)) / total
        print(f"{way:24} {sum(own) / len(own):7.3f} {weighted:9.3f} {1000 * taken[way] / len(files):10.1f}")
    kinds = list(dict.fromkeys(file.kind if file.kind != "file" else file.name for file in files))
    print(f"\n{'':36}" + "".join(f"{way:>24}" for way in scores))
    for kind in kinds:
        at = [n for n, file in enumerate(files) if kind in (file.kind, file.name)]
        print(f"{kind:36}" + "".join(f"{sum(own[n] for n in at) / len(at):24.3f}" for own in scores.values()))
    if arguments.worst:
        lost = sorted(zip(scores["recdesk"], files, strict=True), key=lambda entry: entry[0])[:20]
        print("\n" + "\n".join(f"{score:6.2f} {file.name}" for score, file in lost))


if __name__ == "__main__":
    main()
