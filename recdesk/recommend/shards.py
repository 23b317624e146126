"""An export in several files, the shards: how people are cut, the manifest that says what is finished, and merging."""

import gzip
import hashlib
import itertools
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq
from pydantic import Field

from recdesk.core.errors import UsageError
from recdesk.core.files import writing_to
from recdesk.core.messages import Message
from recdesk.core.records import Record, damaged, read_record, write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.recommend.export_forms import ENDINGS, PACKED, FileForm, head_of, schema_of
from recdesk.recommend.export_options import Exported

FORMAT = 1
MANIFEST = "_manifest.json"
"""Programs that read a folder as one table (Spark, Arrow, pandas) leave out names that begin so."""
PREFIX = "part-"
SHARD_ENDINGS = tuple(ending for ending in ENDINGS if ending != ".xlsx")
CHUNK = 1 << 22
_WRITING_SHARE = 20
"""The manifest is written no more often than takes one of so many parts of the time."""


@dataclass(frozen=True)
class Shard:
    """A finished file of an export.

    Attributes:
        number: from 0.
        file: its name.
        people: written into it.
        first, last: ids of the first and last of them; "" for nobody.
        rows: of the table.
        bytes, sha256: of the file.
        guarded_users, guarded_items: ids with an apostrophe in front: how many of users, which of items.
        short, unserved, fallbacks: see `Exported`.
    """

    number: int
    file: str
    people: int
    first: str
    last: str
    rows: int
    bytes: int
    sha256: str
    guarded_users: int = 0
    guarded_items: list[str] = field(default_factory=list)
    short: int = 0
    unserved: int = 0
    fallbacks: int = 0


class ManifestFile(Record):
    """Schema of `_manifest.json`.

    `options` holds all that decides the bytes, by name; `asked` is the moment (epoch seconds) that counts as now;
    `finished` the shards that are there.
    """

    format: int
    run: str
    asked: int
    ending: str
    shards: int = Field(ge=1)
    people: int = Field(ge=0)
    options: dict[str, Any]
    finished: list[Shard]


class Manifest:
    """What a folder of shards holds, kept in its manifest.

    Args:
        folder: of the shards.
        run: id of the run.
        ending: of the files.
        shards: how many there will be.
        people: written into all of them.
        options: JSON values by name; all that decides the bytes.
        asked: epoch seconds that count as now.

    Attributes:
        finished: by number.
    """

    def __init__(
        self, folder: Path, run: str, ending: str, shards: int, people: int, options: Mapping[str, Any], asked: int
    ) -> None:
        self.folder, self.run, self.ending, self.shards, self.people = folder, run, ending, shards, people
        self.options, self.asked = json.loads(json.dumps(dict(options))), asked
        self.finished: dict[int, Shard] = {}
        self._written = self._took = 0.0

    def read(self) -> None:
        """Take over what an earlier call has finished in this folder, and the moment that it asked for.

        Raises:
            UsageError: the folder holds something else, or shards of other options.
            DataError: the manifest is damaged.
        """
        path = self.folder / MANIFEST
        if not path.exists():
            self._require_empty()
            return
        kept = read_record(path, ManifestFile, Message("shards.delete-folder"), FORMAT)
        told = {name: kept.get(name) for name in ("run", "ending", "shards", "people")} | kept["options"]
        wanted = {name: getattr(self, name) for name in ("run", "ending", "shards", "people")} | self.options
        other = [name for name in dict.fromkeys([*wanted, *told]) if wanted.get(name) != told.get(name)]
        if other:
            raise UsageError(
                Message("shards.other-options", folder=self.folder, names=", ".join(other)),
                Message("shards.same-or-another"),
            )
        self.asked = kept["asked"]
        self.finished = {shard["number"]: Shard(**shard) for shard in kept["finished"]}

    def _require_empty(self) -> None:
        found = sorted(path.name for path in self.folder.iterdir() if not path.name.startswith("."))
        if found:
            raise UsageError(
                Message("shards.folder-not-empty", folder=self.folder, name=found[0]), Message("shards.empty-folder")
            )

    def file(self, number: int) -> str:
        """Name of the file of a shard."""
        return f"{PREFIX}{number:0{max(5, len(str(self.shards)))}}{self.ending}"

    def verify(self, task: Task = UNWATCHED) -> list[Shard]:
        """Forget the finished shards whose files are gone or differ from their checksums.

        Returns:
            Those whose files are there and differ.

        Raises:
            CancelledError: it was cancelled.
        """
        differing = []
        total, done = sum(shard.bytes for shard in self.finished.values()), 0
        for number, shard in list(self.finished.items()):
            task.step(done / max(total, 1), Message("shards.verifying"))
            done += shard.bytes
            path = self.folder / self.file(number)
            if not path.is_file():
                del self.finished[number]
            elif path.stat().st_size != shard.bytes or sha256_of(path, task) != shard.sha256:
                differing.append(self.finished.pop(number))
        return differing

    def add(self, shard: Shard) -> None:
        """Note that a shard is finished, on disk too if the manifest was not just written."""
        self.finished[shard.number] = shard
        if time.monotonic() - self._written > _WRITING_SHARE * self._took:
            self.write()

    def write(self) -> None:
        """Write the manifest.

        Raises:
            StorageError: the folder cannot be written or the disk is full.
        """
        begun = time.monotonic()
        values = {name: getattr(self, name) for name in ("run", "asked", "ending", "shards", "people", "options")}
        finished = [asdict(self.finished[number]) for number in sorted(self.finished)]
        write_record(self.folder / MANIFEST, {"format": FORMAT, **values, "finished": finished})
        self._written = time.monotonic()
        self._took = self._written - begun

    def summary(self, n: int) -> Exported:
        """Of all finished shards, with `n` recommendations wanted for each person."""
        shards = self.finished.values()
        guarded = frozenset(item for shard in shards for item in shard.guarded_items)
        names = ("rows", "guarded_users", "short", "unserved", "fallbacks")
        sums = {name: sum(getattr(shard, name) for shard in shards) for name in names}
        return Exported(n=n, guarded_items=len(guarded), guarded_ids=guarded, **sums)


def cuts(people: int, shards: int, block: int) -> list[tuple[int, int]]:
    """Begin and end of the people of each shard; fewer shards than wanted where there are not as many blocks.

    Args:
        people: to write, in their order.
        shards: wanted.
        block: people whose scores are computed together, and who stay so.
    """
    blocks = max(1, -(-people // block))
    count = min(shards, blocks)
    edges = [min(people, number * blocks // count * block) for number in range(count + 1)]
    return list(itertools.pairwise(edges))


def sha256_of(path: Path, task: Task = UNWATCHED) -> str:
    """SHA-256 of a file, hexadecimal; the task is checked in between."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            task.check()
            digest.update(piece)
    return digest.hexdigest()


def ending_for_shards(form: str) -> str:
    """The ending of a form as a person writes it, with or without the dot.

    Raises:
        UsageError: shards cannot have it.
    """
    ending = f".{form.removeprefix('.').lower()}"
    if ending not in SHARD_ENDINGS:
        raise UsageError(
            Message("shards.form-unknown", form=form), Message("shards.give-form", forms=", ".join(SHARD_ENDINGS))
        )
    return ending


def merge(manifest: Manifest, form: FileForm, out: Path, task: Task = UNWATCHED) -> int:
    """Write the shards as the one file that an export in one piece would have written; the number of its bytes.

    Raises:
        DataError: a shard is not what was written.
        StorageError: the file cannot be written.
        CancelledError: it was cancelled; an earlier file is untouched.
    """
    files = [manifest.folder / manifest.file(number) for number in range(manifest.shards)]
    task = task.named(Message("job.export"))
    with writing_to(out, "wb") as stream:
        if manifest.ending == ".parquet":
            _merge_parquet(files, form, stream, task)
        elif manifest.ending.endswith(PACKED):
            with gzip.GzipFile("", "wb", fileobj=stream, mtime=0) as packed:
                _merge_text(files, head_of(manifest.ending, form), packed, task)
                packed.flush()  # as the text over it does, which leaves a mark in the file
        else:
            _merge_text(files, head_of(manifest.ending, form), stream, task)
        task.check()
    return out.stat().st_size if out.is_file() else 0


def _merge_text(files: list[Path], head: bytes, stream: "IO[bytes] | gzip.GzipFile", task: Task) -> None:
    """The head once, then the rows of each file."""
    stream.write(head)
    for file in _each(files, task):
        with _opened(file) as source:
            if source.read(len(head)) != head:
                raise damaged(file, Message("shards.no-header"), Message("shards.same-command"))
            while piece := source.read(CHUNK):
                stream.write(piece)
                task.check()


def _merge_parquet(files: list[Path], form: FileForm, stream: IO[bytes], task: Task) -> None:
    """Row group after row group."""
    with pq.ParquetWriter(stream, schema_of(form)) as writer:
        for file in _each(files, task):
            with pq.ParquetFile(file) as source:
                for group in range(source.num_row_groups):
                    task.check()
                    writer.write_table(source.read_row_group(group))


def _each(files: list[Path], task: Task) -> Iterator[Path]:
    for number, file in enumerate(files):
        task.step(number / len(files), Message("shards.merging"))
        yield file


def _opened(file: Path) -> IO[bytes]:
    return gzip.open(file, "rb") if file.name.endswith(PACKED) else file.open("rb")  # type: ignore[return-value]
