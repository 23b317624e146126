"""Shards and the export in one piece hold the same bytes, whoever was killed meanwhile."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
import torch
from filelock import FileLock

from recdesk.core.errors import CancelledError, DataError, UsageError
from recdesk.core.records import read_object
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.experiment.open_model import open_model
from recdesk.experiment.sharded_export import ShardJob, dataset_for_use, export_in_shards, write_shard
from recdesk.recommend.export import export_top_n
from recdesk.recommend.export_forms import HEADER, FileForm
from recdesk.recommend.export_options import EditedPerson, ExportOptions
from recdesk.recommend.rules import Rules
from recdesk.recommend.shards import MANIFEST
from recdesk.workspace.runs import Run
from tests.engines import Here
from tests.serving.making import drawn_run, workspace_with

BLOCK = 64


def people(count: int, n_items: int = 50) -> Dataset:
    """Histories of 0 to 30 items; ids of which some begin like formulas."""
    rng = np.random.default_rng(3)
    lengths = rng.integers(0, 31, count)
    lengths[0] = 5
    return Dataset(
        name="people",
        user_ids=pd.Index([f"=u{u}" if u % 50 == 0 else f"u{u}" for u in range(count)], dtype="str"),
        item_ids=pd.Index([f"-i{i}" if i % 10 == 0 else f"i{i}" for i in range(n_items)], dtype="str"),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        items=rng.integers(1, n_items + 1, lengths.sum()).astype(np.int32),
        times=np.sort(rng.integers(0, 10**9, lengths.sum())),
        item_features=pd.DataFrame({"title": [f"Title, “{i}”" for i in range(n_items)]}, dtype="str"),
        title_column="title",
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Run:
    """A run with drawn weights on 300 people."""
    return drawn_run(workspace_with(tmp_path_factory.mktemp("w") / "ws", people(300)), dataset="people")


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch) -> None:
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK", BLOCK)
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK_WITH_REASONS", BLOCK // 2)


def whole(run: Run, path: Path, options: ExportOptions) -> bytes:
    """The export in one piece."""
    model = open_model(run)
    export_top_n(
        model, path, options.n, options.users, options.exclude_seen, UNWATCHED, options.form, options.allowed,
        options.edited, model.bind(options.rules), options.strangers, options.as_of,
    )  # fmt: skip
    return path.read_bytes()


OPTIONS = {
    "csv": ExportOptions(n=3),
    "gz": ExportOptions(".csv.gz", 3),
    "jsonl": ExportOptions(".jsonl", 2),
    "bare": ExportOptions(".tsv", 3, form=FileForm(("rank", "item_id"), mark=False, raw_ids=True)),
    "parquet": ExportOptions(".parquet", 3),
    "some": ExportOptions(n=3, users=np.array([299, 5, 7, *range(10, 200)]), exclude_seen=False),
    "rules": ExportOptions(n=5, rules=Rules(block=("i1",), damping=0.5), as_of=5 * 10**8),
    "edited": ExportOptions(
        n=3,
        users=np.arange(200, 300),
        allowed=np.arange(50) % 2 == 0,
        edited=[EditedPerson(250, "u250", [1, 2]), EditedPerson(-1, "new", [3])],
        strangers=["x", "=y"],
    ),
    "nobody": ExportOptions(n=3, users=np.array([], np.int64), edited=[EditedPerson(-1, "new", [3])]),
    "reasons": ExportOptions(".parquet", 2, np.arange(100), form=FileForm((*HEADER, "reason"))),
}


@pytest.mark.parametrize("name", OPTIONS)
def test_merged_shards_are_the_bytes_of_the_export_in_one_piece(run: Run, tmp_path: Path, name: str):
    options = OPTIONS[name]
    expected = whole(run, tmp_path / f"one{options.ending}", options)
    data, _ = dataset_for_use(run)
    merged = tmp_path / f"merged{options.ending}"
    made = export_in_shards(run, data, tmp_path / "parts", 3, options, 0, Here(), merged)
    assert merged.read_bytes() == expected and made.merged == len(expected)
    assert made.shards == (1 if name == "nobody" else 3)
    files = sorted(path.name for path in (tmp_path / "parts").iterdir())
    assert files == [MANIFEST, *(f"part-{n:05}{options.ending}" for n in range(made.shards))]
    if options.ending == ".parquet":
        one, many = pq.ParquetFile(tmp_path / "one.parquet"), pq.ParquetFile(merged)
        assert one.read().equals(many.read()) and one.num_row_groups == many.num_row_groups > 1


def test_the_summary_counts_as_the_export_in_one_piece_does(run: Run, tmp_path: Path):
    options = replace(OPTIONS["edited"], rules=Rules(allow=("i2", "-i0", "i4"), block=("i4",)))
    model = open_model(run)
    one = export_top_n(
        model, tmp_path / "one.csv", 3, options.users, form=options.form, allowed=options.allowed,
        edited=options.edited, rules=model.bind(options.rules), strangers=options.strangers,
    )  # fmt: skip
    made = export_in_shards(run, dataset_for_use(run)[0], tmp_path / "parts", 4, options, 0, Here())
    assert made.exported == one and made.exported.people_notes == one.people_notes
    assert (made.exported.guarded_items, made.exported.fallbacks, made.people) == (1, 2, 103)
    kept = read_object(tmp_path / "parts" / MANIFEST)["finished"]
    assert [(one["first"], one["last"], one["people"]) for one in kept] == [
        ("=u200", "u231", 32), ("u232", "u263", 32), ("u264", "u295", 32), ("u296", "=y", 7),
    ]  # fmt: skip


def test_what_was_finished_stays_and_the_rest_is_written(run: Run, tmp_path: Path):
    data, options, folder = dataset_for_use(run)[0], OPTIONS["csv"], tmp_path / "parts"
    with pytest.raises(CancelledError, match=r"2 of 5 files are finished and stay. The same command goes on"):
        export_in_shards(run, data, folder, 5, options, 0, Here(most=2))
    (folder / ".part-00003.csv.abcd.part").touch()
    times = {path: path.stat().st_mtime_ns for path in folder.glob("part-*")}
    assert len(times) == 2
    (folder / "part-00001.csv").write_bytes(b"changed")
    engine, said = Here(), list[str]()
    made = export_in_shards(
        run, data, folder, 5, options, 0, engine, tmp_path / "all.csv", Task(lambda _share, text: said.append(text))
    )
    assert engine.numbers == [1, 2, 3, 4] and (made.kept, made.differing) == (1, ("part-00001.csv",))
    assert [str(note) for note in made.notes] == [
        "1 of 5 files was there already.",
        "1 file differed from its checksum and was written again: part-00001.csv.",
    ]
    assert (folder / "part-00000.csv").stat().st_mtime_ns == times[folder / "part-00000.csv"]
    assert not list(folder.glob(".part*"))
    assert (tmp_path / "all.csv").read_bytes() == whole(run, tmp_path / "one.csv", options)
    assert any(text.startswith("300 of 300 people, ") and text.endswith("0:00:00 left") for text in said)
    again = Here()
    assert export_in_shards(run, data, folder, 5, options, 0, again).kept == 5 and again.numbers == []


def test_the_moment_of_the_first_call_counts_as_now(run: Run, tmp_path: Path, monkeypatch):
    data, seen = dataset_for_use(run)[0], list[int]()

    class Asked(Here):
        def run_all(self, work, job: ShardJob, numbers, watch, task) -> None:
            seen.append(job.asked)
            super().run_all(work, job, numbers, watch, task)

    with pytest.raises(CancelledError):
        export_in_shards(run, data, tmp_path / "p", 3, OPTIONS["csv"], 0, Asked(most=1))
    monkeypatch.setattr(time, "time", lambda: 4e9)
    export_in_shards(run, data, tmp_path / "p", 3, OPTIONS["csv"], 0, Asked())
    assert seen[0] == seen[1] < 4e9


def test_other_options_another_model_and_a_busy_folder_are_refused(run: Run, tmp_path: Path):
    data, folder = dataset_for_use(run)[0], tmp_path / "parts"
    export_in_shards(run, data, folder, 2, OPTIONS["csv"], 0, Here())
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for options, name in ((OPTIONS["edited"], "filter"), (replace(OPTIONS["csv"], n=4), "top")):
        with pytest.raises(UsageError, match=name):
            export_in_shards(run, data, folder, 2, options, 0, Here())
    with FileLock(folder / ".lock"), pytest.raises(UsageError, match="Another process is writing"):
        export_in_shards(run, data, folder, 2, OPTIONS["csv"], 0, Here())
    (folder / ".lock").unlink(missing_ok=True)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    facts = (("model", "0" * 64), ("dataset", run.dataset_hash), *[(name, "") for name in "abcd"])
    job = ShardJob(run.folder, facts, folder, ("part-0.csv",), ((0, 5),), OPTIONS["csv"], 0)
    with pytest.raises(DataError, match="model"):
        write_shard(job, 0)


def test_few_rows_are_computed_with_the_threads_of_a_process_alone(run: Run, tmp_path: Path, monkeypatch):
    """What one row gives follows from the number of threads, in the last bits."""
    from recdesk.core import devices

    used = list[tuple[int, int]]()
    scored = torch.addmm

    def noted(bias, vectors, items):
        used.append((len(vectors), torch.get_num_threads()))
        return scored(bias, vectors, items)

    monkeypatch.setattr(torch, "addmm", noted)
    monkeypatch.setattr(devices, "_threads", devices._Threads())
    natural = torch.get_num_threads()
    try:
        torch.set_num_threads(3)
        options = replace(OPTIONS["edited"], users=np.arange(BLOCK))
        export_in_shards(run, dataset_for_use(run)[0], tmp_path / "p", 1, options, 0, Here(threads=2))
    finally:
        torch.set_num_threads(natural)
    assert {(rows < 16, threads) for rows, threads in used} == {(True, 3), (False, 2)}


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="there are no such signals")
def test_processes_and_the_whole_are_killed_and_the_same_command_goes_on(tmp_path: Path, monkeypatch):
    monkeypatch.undo()  # other processes have blocks of their usual size
    made = drawn_run(workspace_with(tmp_path / "ws", people(24_000, 1000)), dataset="people", hidden=32)
    one, folder = tmp_path / "one.csv", tmp_path / "parts"
    command = [sys.executable, "-m", "recdesk", "export", made.id, "--workspace", str(tmp_path / "ws")]
    subprocess.run([*command, "--out", str(one)], check=True)
    words = [*command, "--out", str(folder), "--shards", "6"]
    words += ["--merge", str(tmp_path / "all.csv"), "--at-once", "2"]
    with subprocess.Popen(words) as process:
        _wait(lambda: _noted(folder) > 0)
        process.kill()
    begun = len(list(folder.glob("part-*")))
    assert 0 < begun < 6
    with subprocess.Popen([*words, "--json"], stdout=subprocess.PIPE) as process:
        _wait(lambda: len(list(folder.glob("part-*"))) > begun)
        _kill_a_worker(process.pid)
        assert process.stdout is not None
        said = json.loads(process.stdout.read().splitlines()[-1])
    assert said["processes_lost"] == 1 and 0 < said["kept"] <= begun
    assert (tmp_path / "all.csv").read_bytes() == one.read_bytes() and not list(folder.glob(".*"))


def _noted(folder: Path) -> int:
    """Files that the manifest of an export names as finished."""
    path = folder / "_manifest.json"
    return len(json.loads(path.read_text(encoding="utf-8"))["finished"]) if path.exists() else 0


def _kill_a_worker(pid: int) -> None:
    children = [child for child in psutil.Process(pid).children() if "spawn_main" in " ".join(child.cmdline())]
    assert children[0].environ()["MKL_CBWR"] == "AUTO,STRICT"  # before torch is there
    os.kill(children[0].pid, signal.SIGKILL)


def _wait(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not until():
        assert time.monotonic() < limit
        time.sleep(0.02)


def test_what_a_killed_process_left_unfinished_is_gone_after_the_next_one(tmp_path: Path) -> None:
    from recdesk.experiment.sharded_export import _discard_parts

    left = [".part-00001.csv.12-ab.x.part", "._manifest.json.12-ab.x.part"]
    for name in (*left, "_manifest.json", "part-00001.csv"):
        (tmp_path / name).touch()
    _discard_parts(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["_manifest.json", "part-00001.csv"]
