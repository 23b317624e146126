"""Exports on a cluster as this side sees them: one job, each shard fetched once, whatever happens to either side."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.cluster import export_engine
from recdesk.cluster.export_engine import OnCluster, take_over
from recdesk.cluster.export_fetching import Fetching
from recdesk.cluster.export_files import LEFT, SharedExport, read_left
from recdesk.cluster.storage import Storage
from recdesk.core import devices
from recdesk.core.errors import CancelledError, DataError, RecdeskError
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.sharded_export import ShardedExport, dataset_for_use, export_in_shards
from recdesk.recommend.export_options import EditedPerson, ExportOptions
from recdesk.recommend.rules import Rules
from recdesk.recommend.shards import Shard, sha256_of
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead, here
from tests.data.making import write
from tests.engines import Here
from tests.serving.making import drawn_run

SHARDS = 6


@pytest.fixture(autouse=True)
def as_before(monkeypatch) -> Iterator[None]:
    """Small blocks; this process stays one that works alone."""
    for name in ("BLOCK", "BLOCK_WITH_REASONS"):
        monkeypatch.setattr(f"recdesk.recommend.export_options.{name}", 10)
    monkeypatch.setattr(devices, "_threads", devices._Threads())
    natural = torch.get_num_threads()
    yield
    torch.set_num_threads(natural)


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return drawn_run(workspace)


class Engines:
    """Makes the engines of a head's jobs, and keeps them.

    Attributes:
        made: each of them.
    """

    def __init__(self, kind: type[Here] = Here, **arguments: int) -> None:
        self.made: list[Here] = []
        self._kind, self._arguments = kind, arguments

    def __call__(self) -> Here:
        self.made.append(self._kind(**self._arguments))
        return self.made[-1]

    @property
    def numbers(self) -> list[int]:
        return [number for engine in self.made for number in engine.numbers]


class Slow(Here):
    """Computes one part, then waits until it is cancelled, or for `go`."""

    go = threading.Event()

    def run_all(self, work, job, numbers, watch, task) -> None:
        for number in numbers:
            self.numbers.append(number)
            watch.moved(number, 0.5)
            watch.done(number, work(job, number, task))
            while not self.go.wait(0.01):
                task.check()


@pytest.fixture
def slow() -> Iterator[Engines]:
    Slow.go = threading.Event()
    yield Engines(Slow)
    Slow.go.set()


def exported(
    run: Run, place: ClusterRecord, folder: Path, options: ExportOptions, task: Task = UNWATCHED
) -> tuple[ShardedExport, bytes]:
    """An export on the cluster, and its merged file."""
    merged = folder.with_name(f"{folder.name}{options.ending}")
    data, _ = dataset_for_use(run)
    made = export_in_shards(run, data, folder, SHARDS, options, 0, OnCluster(place), merged, task)
    return made, merged.read_bytes()


def local(run: Run, folder: Path, options: ExportOptions) -> bytes:
    """The same export on this computer."""
    merged = folder.with_name(f"{folder.name}-here{options.ending}")
    export_in_shards(run, dataset_for_use(run)[0], folder / "here", SHARDS, options, 0, Here(threads=1), merged)
    return merged.read_bytes()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


OPTIONS = {
    "csv": ExportOptions(n=3),
    "parquet": ExportOptions(".parquet", 2, np.array([59, *range(40)]), exclude_seen=False),
    "edited": ExportOptions(
        n=3, edited=[EditedPerson(4, "user-004", [1, 2]), EditedPerson(-1, "new", [3])], strangers=["x"],
        allowed=np.arange(40) % 2 == 0, rules=Rules(block=("001",), damping=0.5),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIONS)
def test_the_files_are_those_of_this_computer_and_nothing_of_them_stays_in_the_storage(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, name: str
):
    made, merged = exported(run, place, tmp_path / "parts", OPTIONS[name])
    assert merged == local(run, tmp_path, OPTIONS[name]) and made.shards == (5 if name == "parquet" else SHARDS)
    assert (made.kept, made.lost, made.differing) == (0, 0, ()) and len(head.taken) >= 1 == len(set(head.taken))
    storage = Path(place.storage)
    assert names(storage / "exports") == names(storage / "jobs") == []
    assert not any(path.name.startswith(".") for path in (tmp_path / "parts").iterdir())


def test_model_and_data_travel_once(head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path):
    storage = Path(place.storage)
    exported(run, place, tmp_path / "one", OPTIONS["csv"])
    sent = {path: path.stat().st_mtime_ns for path in storage.rglob("*") if path.is_file()}
    (model,) = names(storage / "models")
    assert model.startswith(run.id) and len(names(storage / "versions")) == 1 and not (storage / "datasets").exists()
    assert not list(storage.rglob("events.jsonl")) and not list(storage.rglob("results.npz"))
    exported(run, place, tmp_path / "two", OPTIONS["csv"])
    assert {path: path.stat().st_mtime_ns for path in storage.rglob("*") if path.is_file()} == sent


def test_newer_histories_travel_too(head: FakeHead, place: ClusterRecord, workspace: Workspace, tmp_path: Path):
    rows = [f"u{user},i{(user + step) % 9},{step}" for user in range(60) for step in range(5)]
    plan = ImportPlan(write(tmp_path / "old.csv", "user,item,time\n" + "\n".join(rows)), name="b")
    workspace.add_dataset(import_files(plan))
    run = drawn_run(workspace, dataset="b")
    old = local(run, tmp_path, OPTIONS["csv"])
    rows += [f"u{user},i{user % 9},9" for user in range(70)]
    workspace.update_dataset("b", write(tmp_path / "newer.csv", "user,item,time\n" + "\n".join(rows)))
    made, merged = exported(run, place, tmp_path / "parts", OPTIONS["csv"])
    assert merged == local(run, tmp_path / "parts", OPTIONS["csv"]) != old and made.people == 70
    assert len(names(Path(place.storage) / "datasets")) == 1 == len(names(Path(place.storage) / "versions"))


def test_jobs_that_end_early_are_followed_by_others_that_compute_the_rest(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path
):
    engines = head.engine = Engines(most=2)
    made, merged = exported(run, place, tmp_path / "parts", OPTIONS["csv"])
    assert merged == local(run, tmp_path, OPTIONS["csv"]) and made.shards == SHARDS
    assert engines.numbers == list(range(SHARDS)) and len(set(head.taken)) == 3


def test_cancelling_ends_the_job_at_once_and_the_same_call_goes_on(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, slow: Engines
):
    head.engine, folder, cancelled = slow, tmp_path / "parts", threading.Event()

    def report(_share: float, text: str) -> None:
        if "people/s" in text and (folder / "part-00000.csv").exists():
            cancelled.set()

    with pytest.raises(CancelledError, match=r"1 of 6 files is finished and stays\. The same command"):
        exported(run, place, folder, OPTIONS["csv"], Task(report, cancelled.is_set))
    begun = time.monotonic()
    while "RUNNING" in [state for name, state in head.jobs.items() if "export" in name]:
        assert time.monotonic() - begun < 5
        time.sleep(0.01)
    left = read_left(folder)
    assert left is not None and left.submission == "" and left.attempt == 1
    Slow.go.set()
    made, merged = exported(run, place, folder, OPTIONS["csv"])
    assert made.kept == 1 and merged == local(run, tmp_path, OPTIONS["csv"])
    assert slow.numbers == [0, 1, 2, 3, 4, 5] and len(set(head.taken)) == 2


class Killed(BaseException):
    """As if the process were no more."""


def test_a_job_that_went_on_when_this_side_was_killed_is_found_again(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, slow: Engines, monkeypatch
):
    head.engine, folder = slow, tmp_path / "parts"

    def report(_share: float, text: str) -> None:
        if (folder / "part-00000.csv").exists():
            raise Killed

    with monkeypatch.context() as dead, pytest.raises(Killed):
        dead.setattr(export_engine._Following, "_stop", lambda self: None)
        dead.setattr("recdesk.recommend.shards.Manifest.add", lambda self, shard: None)  # it is behind what is fetched
        exported(run, place, folder, OPTIONS["csv"], Task(report))
    left, stamp = read_left(folder), (folder / "part-00000.csv").stat().st_mtime_ns
    assert left is not None and left.submission in head.taken
    Slow.go.set()
    made, merged = exported(run, place, folder, OPTIONS["csv"])
    assert merged == local(run, tmp_path, OPTIONS["csv"]) and made.kept == 0
    assert (folder / "part-00000.csv").stat().st_mtime_ns == stamp  # it was here already, and is not fetched again
    assert len(slow.made) == 1 == len(set(head.taken)) and slow.numbers == list(range(SHARDS))


def test_a_job_whose_answer_was_lost_is_not_sent_twice(head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path):
    engines = head.engine = Engines()
    export_engine.connection_to(place)  # which asks too
    head.lost_answers = 1
    exported(run, place, tmp_path / "parts", OPTIONS["csv"])
    assert len(engines.made) == 1 == len(set(head.taken))


def test_a_storage_or_head_that_is_away_is_waited_for(head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path):
    storage, said = Path(place.storage), list[str]()

    def until(words: str) -> None:
        begun = time.monotonic()
        while not any(words in text for text in said):
            assert time.monotonic() - begun < 20
            time.sleep(0.01)

    class Away(Here):
        def run_all(self, work, job, numbers, watch, task) -> None:
            super().run_all(work, job, numbers[:1], watch, task)
            head.silent = True
            until("does not answer")
            storage.rename(tmp_path / "away")
            until("cannot be used now")
            (tmp_path / "away").rename(storage)
            head.silent = False
            super().run_all(work, job, numbers[1:], watch, task)

    engines = head.engine = Engines(Away)
    task = Task(lambda _share, text: said.append(text))
    _, merged = exported(run, place, tmp_path / "parts", OPTIONS["csv"], task)
    assert merged == local(run, tmp_path, OPTIONS["csv"]) and engines.numbers == list(range(SHARDS))


def test_processes_that_are_lost_are_counted_and_progress_is_that_of_the_shards(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, monkeypatch
):
    class Losing(Here):
        def run_all(self, work, job, numbers, watch, task) -> None:
            task.report(0.0)
            for _ in range(2):
                watch.lost(1)
            time.sleep(0.1)
            super().run_all(work, job, numbers, watch, task)

    head.engine = Engines(Losing)
    said: list[str] = []
    task = Task(lambda _share, text: said.append(text))
    made, _ = exported(run, place, tmp_path / "parts", OPTIONS["csv"], task)
    assert made.lost == 2 and "2 processes ended abruptly; their files were begun again." in made.notes
    assert any("no free CPUs" in text for text in said) and any("60 of 60 people" in text for text in said)


def test_what_fails_there_is_told_here_and_jobs_that_keep_ending_are_not_sent_for_ever(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path
):
    head.ending = ["FAILED"] * 3
    with pytest.raises(RecdeskError, match=r"jobs of the export ended at .* \(3 jobs\)") as told:
        exported(run, place, tmp_path / "parts", OPTIONS["csv"])
    assert told.value.details == "what it printed" and len(set(head.taken)) == 3
    (model,) = (Path(place.storage) / "models").iterdir()
    (model / "checkpoints" / "best" / "model.safetensors").write_bytes(b"another")
    with pytest.raises(RecdeskError, match=r"has changed since the export began: model\."):
        exported(run, place, tmp_path / "parts", OPTIONS["csv"])


def test_what_cannot_be_computed_there_is_said_before_anything_is_sent(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path
):
    def refused(where: ClusterRecord = place) -> str:
        with pytest.raises(RecdeskError) as told:
            exported(run, where, tmp_path / "parts", OPTIONS["csv"])
        assert told.value.suggestion and head.taken == [] and not (tmp_path / "parts" / LEFT).exists()
        return told.value.sentence

    head.node = {"versions": here(torch="1.0")}
    assert "torch is 1.0 on the cluster" in refused()
    head.session = "session_2"
    head.node = {"versions": here(recdesk="0.0.1")}
    assert "has recdesk 0.0.1, here it is" in refused()
    head.node = {"memory": 1000}
    assert "takes about 0.7 GB of memory" in refused()
    head.node = {}
    assert "no machine of the cluster has more than 2" in refused(place.model_copy(update={"cpus": 3}))
    (tmp_path / "file").write_text("")
    assert refused(place.model_copy(update={"storage": str(tmp_path / "file")}))
    head.silent = True
    assert "does not answer" in refused()


def test_another_computer_takes_an_export_over(
    head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path, slow: Engines, monkeypatch
):
    head.engine, folder, options = slow, tmp_path / "parts", OPTIONS["csv"]

    def report(_share: float, _text: str) -> None:
        if (folder / "part-00000.csv").exists():
            raise Killed

    with monkeypatch.context() as dead, pytest.raises(Killed):
        dead.setattr(export_engine._Following, "_stop", lambda self: None)
        exported(run, place, folder, options, Task(report))
    left = take_over(folder)
    assert left is not None and left.host == place.host and take_over(folder) is None
    assert names(Path(place.storage) / "exports") == []
    merged = tmp_path / "all.csv"
    made = export_in_shards(run, dataset_for_use(run)[0], folder, SHARDS, options, 0, Here(threads=1), merged)
    assert made.kept == 1 and merged.read_bytes() == local(run, tmp_path, options)


@pytest.mark.slow
def test_a_model_over_texts_takes_its_encoder_along_and_reads_wishes(
    head: FakeHead, place: ClusterRecord, text_workspace: Path, tmp_path: Path
):
    run = Workspace(text_workspace).runs()[0]
    data, _ = dataset_for_use(run)
    wishes = [EditedPerson(4, str(data.user_ids[4]), [1, 2], wish=str(data.titles[2]))]
    options = ExportOptions(n=3, users=np.arange(data.n_users), edited=wishes)
    _, merged = exported(run, place, tmp_path / "parts", options)
    assert merged == local(run, tmp_path, options) != local(run, tmp_path / "parts", replace(options, edited=()))


class Heard:
    """What a watch hears."""

    def __init__(self) -> None:
        self.fetched: list[int] = []

    def moved(self, number: int, share: float) -> None:
        pass

    def lost(self, number: int) -> None:
        pass

    def done(self, number: int, result: Shard) -> None:
        self.fetched.append(number)


def test_a_shard_that_is_damaged_or_gone_is_computed_again(tmp_path: Path):
    export, folder, heard = SharedExport(Storage(str(tmp_path)), "key"), tmp_path / "here", Heard()
    folder.mkdir()
    (tmp_path / "exports" / "key" / "asked").mkdir(parents=True)

    def finished(number: int, content: bytes) -> Path:
        path = tmp_path / "exports" / "key" / f"part-{number}"
        export.storage.store.write(export.file(path.name), content)
        export.add(Shard(number, path.name, 1, "a", "a", 1, len(content), sha256_of(path)))
        return path

    def fetch(number: int, ended: bool) -> set[int]:
        missing = {number}
        Fetching(folder, missing, heard, UNWATCHED).fetch(export, ended)
        return missing

    source = finished(0, b"first")
    assert fetch(0, False) == set() and (folder / "part-0").read_bytes() == b"first" and not source.exists()
    assert fetch(0, True) == set() and heard.fetched == [0, 0]  # it is here
    (folder / "part-0").unlink()
    assert fetch(0, False) == {0} and export.finished() == {0}  # it may come late
    assert fetch(0, True) == {0} and export.finished() == set()
    finished(1, b"second").write_bytes(b"secund")
    assert fetch(1, False) == {1} and export.finished() == {1}
    with pytest.raises(DataError, match="“part-1” came from the cluster with another checksum"):
        fetch(1, True)
    assert export.finished() == set() and heard.fetched == [0, 0] and names(folder) == []


def test_only_shards_are_computed_on_a_cluster(place: ClusterRecord):
    with pytest.raises(TypeError):
        OnCluster(place).run_all(print, None, [0], Heard(), UNWATCHED)


def test_the_command_exports_on_a_cluster(head: FakeHead, place: ClusterRecord, run: Run, tmp_path: Path):
    from tests.cli.test_commands import recdesk

    words = ("export", run.id, "--out", tmp_path / "parts", "--top", 2, "--workspace", run.workspace)
    where = ("--on", place.address, "--storage", place.storage)
    found = recdesk(*words, "--shards", 3, *where, "--merge", tmp_path / "all.csv")
    assert (found["shards"], found["on"], found["rows"]) == (3, place.address, 120)
    assert (tmp_path / "all.csv").read_bytes() == local(run, tmp_path, ExportOptions(n=2))
    assert "--shards" in recdesk(*words, *where, code=2)["suggestion"]
    assert "--on" in recdesk(*words, "--shards", 3, "--storage", place.storage, code=2)["suggestion"]
