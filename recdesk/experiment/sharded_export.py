"""Recommendations for everybody in several files, computed side by side; called again, it goes on with what is missing.

`write_shard` computes one of them, in whatever process an engine calls it (see `core.parallel`).
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from filelock import FileLock, Timeout

from recdesk import __version__
from recdesk.core.errors import CancelledError, DataError, UsageError
from recdesk.core.files import PRIVATE_FILE, PRIVATE_FOLDER
from recdesk.core.messages import Message
from recdesk.core.parallel import Engine, Processes, fitting, fix_products
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.manifest import describe
from recdesk.experiment.open_model import open_model, with_newest_histories
from recdesk.experiment.run_data import dataset_of
from recdesk.recommend.export_options import Exported, ExportOptions, block_of, with_fallbacks
from recdesk.recommend.shards import MANIFEST, PREFIX, Manifest, Shard, cuts, merge, sha256_of
from recdesk.workspace.runs import ADDED_ITEMS, MODEL, Run

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.recommender import LiveModel

LOCK = ".lock"
PROCESS_BYTES = 700 << 20
BYTES_OF_AN_ITEM, BYTES_OF_A_USER = 400, 200
MODEL_TIMES = 2
"""Memory of a process: what it begins with, of each item and user, and so many times the size of the model's file."""
ON_GPU = 2
"""Processes that share a GPU: while one writes, the other scores."""


Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class ShardJob:
    """What every shard of an export is computed from; picklable.

    Attributes:
        run: folder of the run.
        facts: what the scores follow from, see `_facts`.
        folder: of the shards.
        files: names of the shards.
        cuts: begin and end of each one's people, in the order of the export.
        options: what is written.
        asked: epoch seconds that count as now.
        threads: to compute with; 0 for as many as a process that works alone takes.
    """

    run: Path
    facts: "Facts"
    folder: Path
    files: tuple[str, ...]
    cuts: tuple[tuple[int, int], ...]
    options: ExportOptions
    asked: int
    threads: int = 0


@dataclass(frozen=True)
class ShardedExport:
    """Summary of an export in shards.

    Attributes:
        exported: of all shards.
        shards: files.
        kept: of them, those that were finished before.
        differing: files that were finished before and differed from their checksums: written again.
        lost: processes that ended abruptly; what they computed was computed again.
        people: written.
        block: people whose scores are computed together, the fewest of a file.
        seconds: taken.
        merged: bytes of the merged file; 0 where none was asked for.
    """

    exported: Exported
    shards: int
    kept: int
    differing: tuple[str, ...]
    lost: int
    people: int
    block: int
    seconds: float
    merged: int = 0

    @property
    def notes(self) -> list[str]:
        """Sentences on what was kept and what was done again."""
        found: list[str] = []
        if self.kept:
            found.append(Message("shards.kept", count=self.kept, shards=self.shards))
        if self.differing:
            found.append(Message("shards.differed", count=len(self.differing), names=", ".join(self.differing[:5])))
        if self.lost:
            found.append(Message("shards.processes-lost", count=self.lost))
        return found


def dataset_for_use(run: Run) -> tuple[Dataset, str]:
    """The dataset of `open_model` and its note, without the model where it can be done without.

    Raises:
        RecdeskError: as `open_model`.
    """
    run.require_model()
    if run.has_added_items:
        model = open_model(run)
        return model.dataset, model.note
    return with_newest_histories(run, dataset_of(run))


def export_in_shards(
    run: Run,
    dataset: Dataset,
    folder: Path,
    shards: int,
    options: ExportOptions,
    at_once: int = 0,
    engine: Engine | None = None,
    merged: Path | None = None,
    task: Task = UNWATCHED,
) -> ShardedExport:
    """Write the top-N of users as `export_top_n` does, in several files with a manifest; what an earlier call with the
    same options has finished in this folder stays.

    Args:
        run: whose model recommends.
        dataset: of `dataset_for_use`.
        folder: of the shards; made where it is missing.
        shards: files wanted; there are fewer where there are few people, see `cuts`.
        options: what is written.
        at_once: processes; 0 for as many as fit.
        engine: what computes; None for processes of this machine.
        merged: a file that gets all of them in one piece; None for none.
        task: gets the share of people written; cancelling it leaves the shards that are finished.

    Raises:
        UsageError: the folder holds something else, or shards of other options; or another process writes there.
        DataError: the manifest, the model or the dataset is damaged.
        StorageError: the folder cannot be written or the disk is full.
        CancelledError: it was cancelled.
        RecdeskError: processes ended abruptly again and again.
    """
    task, begun = task.named(Message("job.export")), time.monotonic()
    form = with_fallbacks(options.form, options.strangers)
    form.check(dataset)
    people = dataset.n_users if options.users is None else len(options.users)
    cut = cuts(people, shards, block_of(form))
    total = people + len(options.strangers) + sum(person.user < 0 for person in options.edited)
    facts, now = _facts(run), int(time.time())
    decisive = {**dict(facts), **options.described()}
    manifest = Manifest(folder, run.id, options.ending, len(cut), total, decisive, now)
    with explained(folder):
        folder.mkdir(PRIVATE_FOLDER, exist_ok=True)
    with _alone(folder):
        manifest.read()
        differing = manifest.verify(task.part(0.0, 0.0))
        kept = len(manifest.finished)
        watch = _Progress(manifest, _sizes(cut, total), task if merged is None else task.part(0.0, 0.95))
        files = tuple(map(manifest.file, range(len(cut))))
        where = run.folder.absolute(), facts, folder.absolute()
        job = ShardJob(*where, files, tuple(cut), options, manifest.asked)
        if missing := [number for number in range(len(cut)) if number not in manifest.finished]:
            _write_missing(job, missing, engine or _processes(run, dataset, at_once, len(missing)), watch, task)
        size = 0 if merged is None else merge(manifest, form, merged, task.part(0.95, 1.0))
    return ShardedExport(
        exported=manifest.summary(options.n),
        shards=len(cut),
        kept=kept,
        differing=tuple(shard.file for shard in differing),
        lost=watch.lost_ones,
        people=total,
        block=block_of(form),
        seconds=time.monotonic() - begun,
        merged=size,
    )


def _write_missing(job: ShardJob, missing: list[int], engine: Engine, watch: "_Progress", task: Task) -> None:
    """Have shards computed; whatever happens, the manifest names those that are finished, and no part lies about."""
    _discard_parts(job.folder)
    watch.manifest.write()
    try:
        engine.run_all(write_shard, replace(job, threads=engine.threads), missing, watch, task)
    except CancelledError as error:
        there = len(watch.manifest.finished)
        error.sentence = Message("shards.cancelled", count=there, shards=watch.manifest.shards)
        error.suggestion = Message("shards.goes-on")
        raise
    finally:
        _discard_parts(job.folder)
        watch.manifest.write()


def write_shard(job: ShardJob, number: int, task: Task = UNWATCHED) -> Shard:
    """Compute and write a shard, atomically; the model is opened once a process.

    Raises:
        RecdeskError: as `open_model` and `export_top_n`, or model, dataset or versions are others than the job's.
    """
    fix_products()
    from recdesk.recommend.export import export_top_n

    model, rules = _opened(job)
    (begin, end), last = job.cuts[number], number == len(job.cuts) - 1
    options, path = job.options, job.folder / job.files[number]
    users = np.arange(begin, end) if options.users is None else options.users[begin:end]
    edited = [person for person in options.edited if last or person.user >= 0]
    strangers = list(options.strangers) if last else []
    form = with_fallbacks(options.form, options.strangers)
    done = export_top_n(
        model, path, options.n, users, options.exclude_seen, task, form, options.allowed, edited, rules, strangers,
        options.as_of, job.asked,
    )  # fmt: skip
    new = [person.user_id for person in edited if person.user < 0]
    ends = [str(model.dataset.user_ids[code]) for code in (users[[0, -1]] if len(users) else ())] + new + strangers
    return Shard(
        number=number,
        file=path.name,
        people=len(users) + len(new) + len(strangers),
        first=ends[0] if ends else "",
        last=ends[-1] if ends else "",
        rows=done.rows,
        bytes=path.stat().st_size,
        sha256=sha256_of(path),
        guarded_users=done.guarded_users,
        guarded_items=sorted(done.guarded_ids),
        short=done.short,
        unserved=done.unserved,
        fallbacks=done.fallbacks,
    )


def _opened(job: ShardJob) -> "tuple[LiveModel, BoundRules]":
    from recdesk.core.devices import share_cores

    share_cores(job.threads)
    model = _model(job.run, job.facts)
    return model, model.bind(job.options.rules)


@lru_cache(maxsize=1)
def _model(folder: Path, expected: Facts) -> "LiveModel":
    """The model of a run, opened once.

    Raises:
        DataError: it, its dataset or a version is another one than expected.
    """
    run = Run.read(folder)
    other = [name for (name, value), (_, there) in zip(expected, _facts(run), strict=True) if value != there]
    if other:
        raise DataError(
            Message("shards.run-changed", run=run.id, names=", ".join(other)), Message("shards.same-command")
        )
    return open_model(run)


def _facts(run: Run) -> Facts:
    """What the scores follow from beside the options, by name."""
    newest = run.workspace / "datasets" / run.dataset_name
    return (
        ("model", sha256_of(run.folder / MODEL)),
        ("dataset", run.dataset_hash),
        ("newest_dataset", describe(newest)["hash"] if newest.is_dir() else run.dataset_hash),
        ("added_items", sha256_of(run.folder / ADDED_ITEMS) if run.has_added_items else ""),
        ("recdesk", __version__),
        ("torch", version("torch")),
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep a folder of shards to this process.

    Raises:
        UsageError: another one has it.
    """
    lock = FileLock(folder / LOCK, mode=PRIVATE_FILE)
    with explained(folder / LOCK):
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise UsageError(Message("shards.folder-busy", folder=folder), Message("shards.empty-folder")) from None
    try:
        yield
    finally:
        (folder / LOCK).unlink(missing_ok=True)
        lock.release()


def _discard_parts(folder: Path) -> None:
    """Delete unfinished files that processes left when they were ended; nobody writes them now."""
    for name in (PREFIX, MANIFEST):
        for path in folder.glob(f".{name}*.part"):
            path.unlink(missing_ok=True)


def _sizes(cut: Sequence[tuple[int, int]], total: int) -> list[int]:
    """People of each shard; those who are not in the data are in the last one."""
    sizes = [end - begin for begin, end in cut]
    sizes[-1] += total - sum(sizes)
    return sizes


def _processes(run: Run, dataset: Dataset, at_once: int, shards: int) -> Processes:
    """Processes of this machine: so many, or, for 0, as many as fit."""
    found = fitting(process_memory(run, dataset.n_items, dataset.n_users), shards)
    if run.config.device != "cpu" and Path("/proc/driver/nvidia").exists():
        found = min(found, ON_GPU)
    return Processes(min(at_once or found, shards))


def process_memory(run: Run, n_items: int, n_users: int) -> int:
    """Bytes of memory that a process takes to write shards of a run, about."""
    size = (run.folder / MODEL).stat().st_size
    return PROCESS_BYTES + MODEL_TIMES * size + BYTES_OF_AN_ITEM * n_items + BYTES_OF_A_USER * n_users


class _Progress:
    """Keeps the manifest, and says how many people are written, how fast, and how long it takes yet.

    Attributes:
        manifest: of the export.
        lost_ones: processes that ended abruptly.
    """

    def __init__(self, manifest: Manifest, sizes: Sequence[int], task: Task) -> None:
        self.manifest, self._sizes, self._task = manifest, sizes, task
        self._before = sum(sizes[number] for number in manifest.finished)
        self._shares: dict[int, float] = {}
        self._begun = 0.0
        self.lost_ones = 0

    def moved(self, number: int, share: float) -> None:
        """See `Watch`."""
        self._begun = self._begun or time.monotonic()  # when processes have started
        self._shares[number] = share
        self._say()

    def done(self, number: int, result: Shard) -> None:
        """See `Watch`."""
        self.manifest.add(result)
        self.moved(number, 1.0)

    def lost(self, number: int) -> None:
        """See `Watch`."""
        self.lost_ones += 1
        self._shares.pop(number, None)

    def _say(self) -> None:
        now = sum(share * self._sizes[number] for number, share in self._shares.items())
        done, total = self._before + now, sum(self._sizes)
        rate = now / max(time.monotonic() - self._begun, 1e-3)
        left = round((total - done) / max(rate, 1e-3))
        text = f"{left // 3600}:{left // 60 % 60:02}:{left % 60:02}"
        self._task.report(
            done / max(total, 1),
            Message("shards.progress", done=int(done), total=total, rate=int(rate), left=text),
        )
