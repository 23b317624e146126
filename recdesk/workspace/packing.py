"""Writing runs with their data, models and rules into one file."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import Timeout

from recdesk import __version__
from recdesk.core.errors import DataError, UsageError
from recdesk.core.files import check_target
from recdesk.core.messages import Message, word
from recdesk.core.records import OTHER_CHECKSUM, read_object, write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import discard_old_parts, temporary_folder
from recdesk.data.manifest import damaged_dataset
from recdesk.workspace.package_format import (
    CONTENTS,
    FORMAT,
    MODEL_PARTS,
    RULES,
    dataset_files,
    dataset_part,
    run_files,
    run_part,
)
from recdesk.workspace.package_zip import PackageWriter, Packed, package_writer, usable_name
from recdesk.workspace.run_dataset import stored_dataset
from recdesk.workspace.run_store import run_lock
from recdesk.workspace.runs import ACTIVE, MODEL, RESTORE, RUN_FILE, Run, read_run_record


@dataclass(frozen=True)
class Choice:
    """What goes into a package beside figures, settings, notes and rules.

    Attributes:
        data: the datasets; else only their content hashes.
        models: what the runs learned.
        people: edits of histories and people who were made up.
    """

    data: bool = True
    models: bool = True
    people: bool = False


@dataclass(frozen=True)
class Written:
    """A package that was written.

    Attributes:
        path: of it.
        size: bytes.
        files: number of files in it.
        notes: sentences on what it holds of people, and on what it does not hold.
    """

    path: Path
    size: int
    files: int
    notes: list[str] = field(default_factory=list)


def pack(runs: Sequence[Run], path: Path, choice: Choice = Choice(), task: Task = UNWATCHED) -> Written:
    """Write runs of one workspace into one file, atomically. The same content gives the same bytes.

    Raises:
        UsageError: no run is given, or one is active.
        DataError: a dataset is gone or damaged, or a file of a run is missing.
        CancelledError: it was cancelled; an earlier file is untouched.
        StorageError: the file cannot be written.
    """
    task = task.named(Message("package.packing"))
    if not runs:
        raise UsageError(Message("package.no-runs"), Message("package.name-runs"))
    check_target(path)
    discard_old_parts(path)
    runs = sorted({run.id: run for run in runs}.values(), key=lambda run: run.id)
    with _held(runs), temporary_folder() as scratch:
        packing = _Packing(runs, choice, scratch)
        with package_writer(path) as writer:
            packing.write(writer, task)
    return Written(path, path.stat().st_size if path.is_file() else 0, len(packing.files) + 1, packing.notes)


@contextlib.contextmanager
def _held(runs: Sequence[Run]) -> Iterator[None]:
    """Hold the locks of runs, so that none is resumed meanwhile.

    Raises:
        UsageError: one is active.
    """
    with contextlib.ExitStack() as stack:
        for run in runs:
            if run.state in ACTIVE:
                raise UsageError(Message("run.in-state", run=run.id, state=word(run.state)), Message("run.stop-first"))
            with contextlib.suppress(OSError):  # a workspace that can only be read
                try:
                    stack.enter_context(run_lock(run.folder).acquire(timeout=0))
                except Timeout:
                    raise UsageError(Message("run.busy-elsewhere", run=run.id), Message("run.stop-first")) from None
        yield


class _Packing:
    def __init__(self, runs: Sequence[Run], choice: Choice, scratch: Path) -> None:
        self._runs, self._choice, self._scratch = runs, choice, scratch
        self.notes: list[str] = []
        self.files: dict[str, Packed] = {}
        self._sources: dict[str, Path] = {}
        self._expected: dict[str, tuple[Path, str]] = {}  # folder and checksum by name
        left_out: list[str] = []
        self._datasets = [self._dataset(run, left_out) for run in {run.dataset_hash: run for run in runs}.values()]
        for run in runs:
            self._add_run(run, left_out)
        rules = runs[0].workspace / RULES
        if rules.exists():
            self._sources[RULES] = rules
        if left_out:
            names = ", ".join(left_out[:5]) + (", …" if len(left_out) > 5 else "")
            self.notes.append(Message("package.left-out", count=len(left_out), names=names))

    def write(self, writer: PackageWriter, task: Task) -> None:
        """Write everything; the list of contents comes last."""
        sizes = {name: source.stat().st_size for name, source in self._sources.items()}
        total, done = max(sum(sizes.values()), 1), 0
        for name in sorted(self._sources):
            task.step(done / total, name)
            self.files[name] = writer.add(name, self._sources[name], task)
            folder, expected = self._expected.get(name, (Path(), writer.crc(name)))
            if writer.crc(name) != expected:
                raise damaged_dataset(folder, f"{name.rpartition('/')[2]}: {OTHER_CHECKSUM}")
            done += sizes[name]
        contents = self._scratch / CONTENTS
        write_record(contents, self._contents())
        writer.add(CONTENTS, contents)
        task.step(1.0, Message("word.done"))

    def _contents(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "recdesk": __version__,
            "models": self._choice.models,
            "people": self._choice.people,
            "datasets": sorted(self._datasets, key=lambda each: str(each["hash"])),
            "runs": [{"id": run.id, "dataset_hash": run.dataset_hash} for run in self._runs],
            "files": {name: vars(self.files[name]) for name in sorted(self.files)},
        }

    def _dataset(self, run: Run, left_out: list[str]) -> dict[str, Any]:
        about = {"folder": run.dataset_name, "title": run.dataset_title, "hash": run.dataset_hash, "packed": False}
        if not self._choice.data:
            self.notes.append(Message("package.without-data", name=run.dataset_title))
            return about
        without = Message("package.leave-data-out")
        folder, facts = stored_dataset(run, without, without)
        for name, path in dataset_files(folder, self._choice.people, left_out):
            self._add(f"{dataset_part(run.dataset_hash)}/{name}", path)
        for name, checksum in (facts.get("files") or {}).items():
            target = f"{dataset_part(run.dataset_hash)}/{name}"
            if target not in self._sources:
                raise damaged_dataset(folder, Message("record.missing", path=folder / name))
            self._expected[target] = (folder, checksum)
        pseudonyms = bool(facts["rules"].get("pseudonyms"))
        self._note_people(facts, pseudonyms)
        return {**about, "packed": True, "pseudonyms": pseudonyms}

    def _note_people(self, facts: dict[str, Any], pseudonyms: bool) -> None:
        name, count = facts["name"], facts["users"]
        if facts["synthetic"]:
            return
        if pseudonyms:
            self.notes.append(Message("package.key-stays", name=name))
        else:
            self.notes.append(Message("package.names-people", count=count, name=name))

    def _add_run(self, run: Run, left_out: list[str]) -> None:
        part, model = run_part(run.id), self._choice.models
        for name, path in run_files(run, model, left_out):
            self._add(f"{part}/{name}", path)
        for name in run.has:
            if f"{part}/{name}" not in self._sources and (model or name.partition("/")[0] not in MODEL_PARTS):
                raise DataError(Message("record.missing", path=run.folder / name), RESTORE)
        if not model and run.has_model:
            self._without_model(run)
        elif model:
            self._note_encoder(run)

    def _without_model(self, run: Run) -> None:
        """Take `run.json` with the fact that the model was left out."""
        about = read_run_record(run.folder)
        about["has"] = [name for name in about.get("has", []) if name.partition("/")[0] not in MODEL_PARTS]
        target = self._scratch / run.id / RUN_FILE
        target.parent.mkdir()
        write_record(target, {**about, "model_left_out": True})
        self._sources[f"{run_part(run.id)}/{RUN_FILE}"] = target

    def _note_encoder(self, run: Run) -> None:
        """Say that an encoder outside of the run's folder does not travel."""
        if (run.folder / "text.json").exists() and MODEL in run.has:
            facts = read_object(run.folder / "text.json", RESTORE)
            if not facts.get("own"):
                self.notes.append(Message("package.encoder-stays", run=run.id, name=str(facts.get("name"))))

    def _add(self, name: str, path: Path) -> None:
        if not usable_name(name):
            raise UsageError(Message("package.name-unusable", name=name), Message("package.rename-file"))
        self._sources[name] = path
