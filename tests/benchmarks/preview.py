"""How long it takes until the beginning of a file is seen: `python -m tests.benchmarks.preview [--large]`.

With `--large` the CSV has MovieLens 25M's shape (25 million rows, about 600 MB), and the others a million rows.
Each figure is the median of five previews in this process, the file being in the cache of the system.
"""

import argparse
import gzip
import json
import sqlite3
import statistics
import tempfile
import time
import zipfile
from pathlib import Path

import duckdb
import openpyxl

from recdesk.data.planning import preview

GOAL = 0.5


def make(folder: Path, rows: int, csv_rows: int) -> list[Path]:
    """The same ratings in every form."""
    select = "SELECT (i * 7919) % 162541 + 1 AS userId, (i * 104729) % 59047 + 1 AS movieId, "
    select += "(i % 10 + 1) / 2.0 AS rating, 789652009 + (i * 31) % 784828603 AS timestamp FROM range({}) t(i)"
    csv, small, base = folder / "ratings.csv", folder / "some.csv", folder / "ratings.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({select.format(csv_rows)}) TO '{csv}' (HEADER)")
        connection.execute(f"COPY ({select.format(rows)}) TO '{small}' (HEADER)")
        connection.execute(f"COPY ({select.format(rows)}) TO '{folder / 'ratings.parquet'}'")
        connection.execute(f"COPY ({select.format(rows)}) TO '{folder / 'ratings.jsonl'}' (FORMAT json)")
        connection.execute(f"ATTACH '{base}' AS made; CREATE TABLE made.ratings AS {select.format(rows)}")
        table = connection.execute(select.format(rows)).fetchall()
    names = ["userId", "movieId", "rating", "timestamp"]
    text = small.read_text()
    (folder / "latin.csv").write_bytes(text.replace("rating,", "Größe,", 1).encode("latin-1"))
    (folder / "utf16.csv").write_bytes(text.encode("utf-16"))
    (folder / "double-colon.dat").write_text(text.replace(",", "::"))
    (folder / "ratings.csv.gz").write_bytes(gzip.compress(text.encode(), 1))
    with zipfile.ZipFile(folder / "ratings.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(small, "ratings.csv")
    (folder / "ratings.json").write_text(json.dumps([dict(zip(names, map(str, row), strict=True)) for row in table]))
    lines = "".join(
        f"u{n} " + " ".join(f"i{n * at % 999}" for at in range(1, n % 20 + 3)) + "\n" for n in range(rows // 10)
    )
    (folder / "sessions.txt").write_text(lines)
    with sqlite3.connect(folder / "ratings.sqlite") as made:
        made.execute("CREATE TABLE ratings (userId, movieId, rating, timestamp)")
        made.executemany(
            "INSERT INTO ratings VALUES (?, ?, ?, ?)", ([*row[:2], float(row[2]), row[3]] for row in table)
        )
    made.close()
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("ratings")
    for row in [names, *table[: min(rows, 100_000)]]:
        sheet.append(row)
    book.save(folder / "ratings.xlsx")
    small.unlink()
    return sorted(folder.iterdir())


def measure(path: Path) -> tuple[float, float]:
    """Median and longest of five previews, seconds."""
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        look = preview(path)
        taken.append(time.perf_counter() - began)
        assert len(look.rows) == 200, path
    return statistics.median(taken), max(taken)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true")
    large = parser.parse_args().large
    with tempfile.TemporaryDirectory() as folder:
        files = make(Path(folder), 1_000_000 if large else 50_000, 25_000_000 if large else 1_000_000)
        print(f"{'file':20} {'MB':>8} {'median ms':>10} {'worst ms':>9}")
        for path in files:
            median, worst = measure(path)
            late = "" if worst < GOAL else f"  over {GOAL} s"
            print(f"{path.name:20} {path.stat().st_size / 1e6:8.1f} {1000 * median:10.0f} {1000 * worst:9.0f}{late}")


if __name__ == "__main__":
    main()
