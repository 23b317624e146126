"""Adding the runs, data and rules of a package to a workspace: all of it or nothing."""

import contextlib
import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from recdesk.core.errors import RecdeskError, StorageError
from recdesk.core.files import make_folder, move, sync_folder, sync_tree
from recdesk.core.messages import Message
from recdesk.core.records import read_record, write_record
from recdesk.core.refusals import explained
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import part_prefix
from recdesk.data.manifest import describe
from recdesk.workspace.folders import folder_lock, folders_in, safe_name, unused_name
from recdesk.workspace.package_format import (
    CONTENTS,
    FORMAT,
    PEOPLE_FILES,
    RULES,
    Contents,
    PackedDataset,
    dataset_part,
    run_part,
)
from recdesk.workspace.package_zip import ADVICE, CHUNK, PackageReader, damaged_package, package_reader
from recdesk.workspace.rules import LONGEST_NAME, load_rules
from recdesk.workspace.runs import RUN_FILE, Run, read_run_record
from recdesk.workspace.workspace import Workspace

_STUDY = re.compile(r"[A-Za-z0-9_-]{1,120}")
_GROUP = re.compile(r"seeds-[A-Za-z0-9_-]{0,120}")
MOST_CONTENTS = 32 * 2**20
UNCOMPARED = ("dataset", "has", "left", "model_left_out", "messages")
"""Members of `run.json` that differ between copies of the same run."""
Fate = Literal["added", "there", "renamed", "absent"]


@dataclass(frozen=True)
class Arrived:
    """What became of a run or dataset of a package.

    Attributes:
        name: in the package: id of a run, title of a dataset.
        here: id or folder name in the workspace; "" for a dataset that is in neither.
        fate: "added"; "there": the same was there before; "renamed": added under another name, as the name was taken;
            "absent": a dataset that is in neither.
    """

    name: str
    here: str
    fate: Fate


@dataclass(frozen=True)
class Opened:
    """A package that was opened.

    Attributes:
        runs, datasets: what became of each.
        rules: names of the rules that were added.
        notes: sentences on all that is not as in the workspace that it comes from.
    """

    runs: list[Arrived]
    datasets: list[Arrived]
    rules: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def open_package(workspace: Workspace, path: Path, task: Task = UNWATCHED) -> Opened:
    """Add everything in a package to a workspace. It is unpacked and checked beside, then moved into place.

    Raises:
        DataError: it is damaged, cut short, no package, or of a newer recdesk; nothing was added.
        StorageError: the disk is too full, or the workspace cannot be written; nothing was added.
        CancelledError: it was cancelled; nothing was added.
    """
    task = task.named(Message("package.opening"))
    with package_reader(path) as reader, _scratch(workspace.folder / "runs") as scratch:
        contents = _contents(reader, scratch)
        _check_room(reader, scratch)
        _unpack(reader, contents, scratch, task.part(0.0, 0.8))
        _check(reader.path, contents, scratch, task.part(0.8, 0.9))
        task.step(0.9, Message("package.moving"))
        with explained(scratch):
            sync_tree(scratch)
        opened = _Placing(workspace, contents, scratch, task).place()
    task.report(1.0, Message("word.done"))
    return opened


@contextlib.contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """A folder beside the runs, which a crash leaves as an unfinished one."""
    with explained(parent / "package"):
        folder = Path(tempfile.mkdtemp(prefix=part_prefix("package"), suffix=".part", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _contents(reader: PackageReader, scratch: Path) -> Contents:
    """The list of contents, checked against the files that there are.

    Raises:
        DataError: it is missing, damaged, or of a newer recdesk, or the files are others.
    """
    path = reader.path
    if CONTENTS not in reader.files:
        raise damaged_package(path, Message("package.no-contents"))
    with explained(scratch / CONTENTS):
        reader.unpack(CONTENTS, scratch / CONTENTS, most=MOST_CONTENTS)
    try:
        newer = Message("package.newer", name=path.name)
        contents = Contents(**read_record(scratch / CONTENTS, Contents, ADVICE, FORMAT, newer))
    except RecdeskError as error:
        if error.sentence == newer:
            raise
        raise damaged_package(path, Message("package.contents-damaged"), error.sentence) from error
    named, there = set(contents.files), set(reader.files) - {CONTENTS}
    if missing := sorted(named - there):
        raise damaged_package(path, Message("package.lacks", name=missing[0]))
    folders = [dataset_part(each.hash) for each in contents.datasets] + [run_part(each.id) for each in contents.runs]
    for name in sorted(there):
        known = name == RULES or any(name.startswith(f"{folder}/") for folder in folders)
        if name not in named or not known:
            raise damaged_package(path, Message("package.stranger", name=name))
        if contents.files[name].size != reader.files[name]:
            raise damaged_package(path, Message("package.member-damaged", name=name))
    return contents


def _check_room(reader: PackageReader, scratch: Path) -> None:
    needed = sum(reader.files.values())
    if needed > shutil.disk_usage(scratch).free:
        raise StorageError(Message("package.no-room", folder=scratch.parent.parent, size=needed / 1e9))


def _unpack(reader: PackageReader, contents: Contents, scratch: Path, task: Task) -> None:
    total, done = max(sum(reader.files.values()), 1), 0
    for name, expected in sorted(contents.files.items()):
        task.step(done / total, name)
        target = scratch / name
        with explained(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            found = reader.unpack(name, target, task)
        if found.sha256 != expected.sha256:
            raise damaged_package(reader.path, Message("package.member-damaged", name=name))
        done += found.size


def _check(path: Path, contents: Contents, scratch: Path, task: Task) -> None:
    """Check that what was unpacked can be read as what it is said to be.

    Raises:
        DataError: it cannot.
    """
    from recdesk.data.store import load_dataset

    hashes = {each.hash for each in contents.datasets}
    for number, packed in enumerate(contents.datasets):
        task.step(number / len(contents.datasets), packed.title)
        folder = scratch / dataset_part(packed.hash)
        if packed.packed and (not folder.is_dir() or load_dataset(folder).content_hash != packed.hash):
            raise damaged_package(path, Message("package.other-dataset", name=packed.title))
    for each in contents.runs:
        run = Run.read(scratch / run_part(each.id))
        fits = run.dataset_hash == each.dataset_hash and each.dataset_hash in hashes
        if not fits or run.problems or not _named_well(run):
            reason = Message("package.other-run", run=each.id)
            raise damaged_package(path, reason, "\n".join(map(str, run.problems)))
    load_rules(scratch)


def _named_well(run: Run) -> bool:
    """Whether the ids of its study and of its group of seeds are such as recdesk makes."""
    return bool(_STUDY.fullmatch(run.study or "-")) and bool(_GROUP.fullmatch(run.group or "seeds-"))


class _Placing:
    """Moves what was unpacked into a workspace; everything is moved back if one cannot be."""

    def __init__(self, workspace: Workspace, contents: Contents, scratch: Path, task: Task) -> None:
        self._workspace, self._contents, self._scratch, self._task = workspace, contents, scratch, task
        self._moved: list[tuple[Path, Path]] = []
        self._notes: list[str] = []

    def place(self) -> Opened:
        """Move datasets, then runs; then add the rules."""
        with folder_lock(self._workspace.folder):
            try:
                datasets = {each.hash: self._dataset(each) for each in self._contents.datasets}
                runs = [self._run(each.id, self._home(each.dataset_hash, datasets)) for each in self._contents.runs]
                self._task.check()
            except BaseException:
                for source, target in reversed(self._moved):
                    with contextlib.suppress(OSError, RecdeskError):
                        move(target, source)
                raise
        rules = self._rules()
        return Opened(runs, list(datasets.values()), rules, self._notes)

    def _dataset(self, packed: PackedDataset) -> Arrived:
        datasets, source = self._workspace.folder / "datasets", self._scratch / dataset_part(packed.hash)
        known = _folder_with(datasets, packed.hash)
        if known is not None:
            if any((source / name).exists() for name in PEOPLE_FILES):
                self._notes.append(Message("package.edits-not-joined", name=packed.title))
            return Arrived(packed.title, known, "there")
        if not packed.packed:
            if (self._workspace.folder / "versions" / packed.hash[:32]).is_dir():
                return Arrived(packed.title, safe_name(packed.folder), "there")
            self._notes.append(Message("package.data-missing", name=packed.title))
            return Arrived(packed.title, "", "absent")
        if packed.pseudonyms:
            self._notes.append(Message("package.key-missing", name=packed.title))
        wanted = safe_name(packed.folder)
        name = unused_name(datasets, wanted)
        self._move(source, datasets / name)
        if name != wanted:
            self._notes.append(Message("package.dataset-renamed", name=wanted, new=name))
        return Arrived(packed.title, name, "added" if name == wanted else "renamed")

    def _home(self, content_hash: str, datasets: dict[str, Arrived]) -> str:
        """Folder name of a dataset in the workspace, or the one that it would have."""
        packed = next(each for each in self._contents.datasets if each.hash == content_hash)
        return datasets[content_hash].here or safe_name(packed.folder)

    def _run(self, run_id: str, dataset: str) -> Arrived:
        self._task.check()
        runs, source = self._workspace.folder / "runs", self._scratch / run_part(run_id)
        about = read_run_record(source)
        if about["dataset"] != dataset:
            write_record(source / RUN_FILE, {**about, "dataset": dataset})
        name, number = run_id, 2
        while (runs / name).exists():
            if self._same(source, runs / name):
                self._notes.append(Message("package.run-there", run=name))
                return Arrived(run_id, name, "there")
            name, number = f"{run_id}-{number}", number + 1
        self._move(source, runs / name)
        if name != run_id:
            self._notes.append(Message("package.run-renamed", run=run_id, new=name))
        return Arrived(run_id, name, "added" if name == run_id else "renamed")

    def _same(self, source: Path, there: Path) -> bool:
        """Whether all files of a run are in another folder, with the same bytes."""
        with contextlib.suppress(OSError, RecdeskError):
            files = [path for path in source.rglob("*") if path.is_file() and path != source / RUN_FILE]
            pairs = [(path, there / path.relative_to(source)) for path in files]
            same_size = all(copy.stat().st_size == path.stat().st_size for path, copy in pairs)
            same = same_size and all(self._digest(path) == self._digest(copy) for path, copy in pairs)
            return same and _comparable(source) == _comparable(there)
        return False

    def _digest(self, path: Path) -> bytes:
        digest = hashlib.sha256()
        with path.open("rb") as stream:
            while piece := stream.read(CHUNK):
                self._task.check()
                digest.update(piece)
        return digest.digest()

    def _move(self, source: Path, target: Path) -> None:
        with explained(target):
            make_folder(target.parent)
            move(source, target)
            self._moved.append((source, target))
            sync_folder(target.parent)

    def _rules(self) -> list[str]:
        """Add rules that are not there yet; those whose name is taken get another one."""
        known, added = {each.name: each for each in self._workspace.rules()}, []
        for rules in load_rules(self._scratch):
            name, number = rules.name, 2
            while name in known and replace(known[name], name="") != replace(rules, name=""):
                name, number = f"{rules.name[: LONGEST_NAME - 5]} {number}", number + 1
            if name in known:
                continue
            self._workspace.save_rules(replace(rules, name=name))
            known[name] = rules
            added.append(name)
            if name != rules.name:
                self._notes.append(Message("package.rules-renamed", name=rules.name, new=name))
        return added


def _folder_with(datasets: Path, content_hash: str) -> str | None:
    """Folder name of the dataset with this content hash."""
    for folder in folders_in(datasets):
        with contextlib.suppress(RecdeskError):
            if describe(folder)["hash"] == content_hash:
                return folder.name
    return None


def _comparable(run: Path) -> dict[str, Any]:
    return {name: value for name, value in read_run_record(run).items() if name not in UNCOMPARED}
