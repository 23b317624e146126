"""Big files: `python -m tests.benchmarks.importing [--rows 25000095] [--folder FOLDER]`.

Writes a CSV of MovieLens-25M's shape (162,541 users, 62,423 films, popularity as Zipf's law has it, about 650 MB) and
one with a million user ids, and imports each with recdesk, with plain pandas and with plain DuckDB, every one in a
process of its own. Pandas and DuckDB do what an import comes down to: read, ids as texts to codes, exact repeats out,
each user's rows in time order. Prints seconds, peak memory and what came out; then how soon rules are forecast, how
long a cancelled import takes to end, at several moments, and whether it leaves anything. The files go in the end.

`--files 200` instead compares the one file with so many CSV and so many Parquet files of the same rows, in folders
whose names are values of a column.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from recdesk.core.task import Task

USERS, ITEMS, ROWS = 162_541, 62_423, 25_000_095
BLOCK = 1_000_000
WAYS = ("recdesk", "pandas", "duckdb")


def main() -> None:
    """Measure everything, or one way in this process."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--folder", type=Path, default=None, help="where the files are written")
    parser.add_argument("--files", type=int, default=0, help="compare with so many files of the same rows")
    parser.add_argument("--way", choices=[*WAYS, "rules", "cancel"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.way:
        print(json.dumps(alone(arguments.way, arguments.file)))
        return
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        if arguments.files:
            partitioned(Path(folder), arguments.rows, arguments.files)
            return
        for users in (USERS, 1_000_000):
            users = max(users * arguments.rows // ROWS, 10)
            path = write(Path(folder) / "ratings.csv", arguments.rows, users)
            print(f"{arguments.rows:,} rows, {users:,} user ids, {path.stat().st_size / 1e6:,.0f} MB")
            for way in WAYS:
                found = in_a_process(way, path)
                counts = f"{found['users']:,} users, {found['items']:,} items, {found['rows']:,} rows"
                seconds = f"{found['seconds']:6.1f} s ({found['cpu']:5.1f} s of a core)"
                print(f"  {way:8} {seconds} {found['gigabytes']:5.2f} GB   {counts}", flush=True)
        for rules, seconds in in_a_process("rules", path)["answers"]:
            print(f"  the rules {rules} are forecast in {seconds:.2f} s")
        found = in_a_process("cancel", path)
        for moment, seconds in found["ends"]:
            print(f"  cancelled after {moment:4.1f} s: ended {seconds:.2f} s later")
        print(f"  left behind: {found['left'] or 'nothing'}")


def partitioned(folder: Path, rows: int, files: int) -> None:
    """One file beside many of the same rows."""
    path = write(folder / "ratings.csv", rows, max(USERS * rows // ROWS, 10))
    csv, parquet = split(path, folder, files)
    for name, source in (("one CSV", path), (f"{files} CSV", csv), (f"{files} Parquet", parquet)):
        found = in_a_process("recdesk", source)
        counts = f"{found['users']:,} users, {found['items']:,} items, {found['rows']:,} rows"
        seconds = f"{found['seconds']:6.1f} s ({found['cpu']:5.1f} s of a core)"
        print(f"  {name:12} {seconds} {found['gigabytes']:5.2f} GB   {counts}", flush=True)


def split(path: Path, folder: Path, files: int) -> tuple[Path, Path]:
    """The rows of a CSV in so many CSV and Parquet files, ten in a folder."""
    import duckdb

    with duckdb.connect() as connection:
        source = f"read_csv('{path}')"
        rows = connection.execute(f"SELECT count(*) FROM {source}").fetchall()[0][0]
        connection.execute(f"CREATE TABLE log AS SELECT * FROM {source}")
        for number in range(files):
            part = f"SELECT * FROM log LIMIT {-(-rows // files)} OFFSET {number * -(-rows // files)}"
            for kind, how in (("csv", "HEADER"), ("parquet", "FORMAT parquet")):
                inside = folder / kind / f"batch={number // 10}"
                inside.mkdir(parents=True, exist_ok=True)
                connection.execute(f"COPY ({part}) TO '{inside / f'part-{number}.{kind}'}' ({how})")
    return folder / "csv", folder / "parquet"


def in_a_process(way: str, path: Path) -> dict:
    """What `alone` finds, in a child."""
    command = [sys.executable, "-m", "tests.benchmarks.importing", "--way", way, "--file", str(path)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def alone(way: str, path: Path) -> dict:
    """Import in one way: seconds, peak of memory, counts."""
    import psutil

    if way == "cancel":
        return cancelled(path)
    if way == "rules":
        return forecasts(path)
    work: Callable[[Path], tuple[int, int, int]] = {"recdesk": ours, "pandas": by_pandas, "duckdb": by_duckdb}[way]
    process, peak, done = psutil.Process(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    users, items, rows = work(path)
    seconds = time.perf_counter() - begun
    done.set()
    watcher.join()
    used = process.cpu_times()
    return {
        "seconds": seconds,
        "cpu": used.user + used.system,
        "gigabytes": peak[0] / 1e9,
        "users": users,
        "items": items,
        "rows": rows,
    }


def ours(path: Path) -> tuple[int, int, int]:
    """recdesk, until the dataset lies in a workspace."""
    from recdesk.data.importing import import_files
    from recdesk.data.plan import ImportPlan
    from recdesk.data.planning import propose
    from recdesk.workspace.workspace import Workspace

    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        workspace = Workspace(Path(folder))
        plan = propose([path]) if path.is_dir() else ImportPlan(path)
        name = workspace.add_dataset(import_files(plan))
        facts = workspace.dataset(name)
        return facts.n_users, facts.n_items, facts.n_interactions


def by_pandas(path: Path) -> tuple[int, int, int]:
    """Plain pandas."""
    table = pd.read_csv(path, dtype={"userId": str, "movieId": str})
    table["userId"], users = pd.factorize(table["userId"])
    table["movieId"], items = pd.factorize(table["movieId"])
    table = table.drop_duplicates().sort_values(["userId", "timestamp"], kind="stable")
    return len(users), len(items), len(table)


def by_duckdb(path: Path) -> tuple[int, int, int]:
    """Plain DuckDB."""
    import duckdb

    with tempfile.TemporaryDirectory(dir=path.parent) as spill:
        connection = duckdb.connect(config={"temp_directory": spill})
        types = "{'userId': 'VARCHAR', 'movieId': 'VARCHAR', 'rating': 'FLOAT', 'timestamp': 'BIGINT'}"
        connection.execute(f"CREATE TABLE raw AS SELECT DISTINCT * FROM read_csv('{path}', columns = {types})")
        for name in ("userId", "movieId"):
            connection.execute(
                f"CREATE TABLE {name}s AS SELECT {name}, (row_number() OVER () - 1)::INTEGER AS code "
                f"FROM (SELECT DISTINCT {name} FROM raw)"
            )
        coded = connection.execute(
            "SELECT userIds.code AS u, movieIds.code AS i, timestamp, rating FROM raw JOIN userIds USING (userId) "
            "JOIN movieIds USING (movieId) ORDER BY u, timestamp"
        ).fetchnumpy()
        counts = [connection.table(f"{name}s").count("*").fetchall()[0][0] for name in ("userId", "movieId")]
        return counts[0], counts[1], len(coded["u"])


def forecasts(path: Path) -> dict:
    """How long it takes to say what rules would remove, of a file that was read already."""
    from recdesk.data.cleaning.rules import Rules
    from recdesk.data.importing import take_in
    from recdesk.data.plan import ImportPlan

    intake, answers = take_in(ImportPlan(path)), []
    for rules in ({"min_rating": 3.5}, {"k_core": 5}, {"duplicates": "last", "min_item": 20, "max_user": 5000}):
        begun = time.perf_counter()
        intake.forecast(Rules(**rules))
        answers.append((str(rules), time.perf_counter() - begun))
    return {"answers": answers}


def cancelled(path: Path) -> dict:
    """How long an import goes on after it was cancelled, at several moments of it, and what is left of it."""
    from recdesk.core.errors import CancelledError
    from recdesk.data.importing import import_files
    from recdesk.data.plan import ImportPlan
    from recdesk.workspace.workspace import Workspace

    ends: list[tuple[float, float]] = []
    moment, over = 0.5, False
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        tempfile.tempdir = folder
        workspace = Workspace(Path(folder) / "workspace")
        before = sorted(Path(folder).rglob("*"))
        while not over:
            begun = time.perf_counter()

            def no(until: float = begun + moment) -> bool:
                return time.perf_counter() > until

            try:
                workspace.add_dataset(import_files(ImportPlan(path), Task(cancelled=no)), Task(cancelled=no))
                over = True
            except CancelledError:
                ends.append((moment, time.perf_counter() - begun - moment))
                if left := sorted(set(map(str, Path(folder).rglob("*"))) - set(map(str, before))):
                    return {"ends": ends, "left": left}
            moment *= 2
    return {"ends": ends, "left": []}


def write(path: Path, rows: int, users: int) -> Path:
    """Ratings sorted by user, times within a user at random, as MovieLens has them."""
    rng = np.random.default_rng(0)
    weights = rng.lognormal(0, 1.3, users)
    lengths = np.maximum(1, (weights / weights.sum() * rows).astype(np.int64))
    lengths[0] += rows - lengths.sum()
    popularity = np.cumsum(1 / np.arange(1, ITEMS + 1))
    ids = rng.permutation(np.sort(rng.choice(209_171, ITEMS, replace=False)) + 1)
    user_of_row = np.repeat(np.arange(1, users + 1), lengths)
    begins = np.repeat(rng.integers(789_652_009, 1_570_000_000, users), lengths)
    with path.open("wb") as stream:
        for at in range(0, rows, BLOCK):
            part = slice(at, min(at + BLOCK, rows))
            count = part.stop - part.start
            items = np.minimum(np.searchsorted(popularity, rng.random(count) * popularity[-1]), ITEMS - 1)
            block = pa.table(
                {
                    "userId": user_of_row[part],
                    "movieId": ids[items],
                    "rating": rng.integers(1, 11, count) / 2,
                    "timestamp": begins[part] + rng.integers(0, 30 * 86_400, count),
                }
            )
            pyarrow.csv.write_csv(block, stream, pyarrow.csv.WriteOptions(include_header=at == 0))
    return path


if __name__ == "__main__":
    main()
