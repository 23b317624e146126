"""Bringing the finished shards of an export from a storage into its folder, each with its checksum."""

import contextlib
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from recdesk.cluster.export_files import SharedExport
from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.files import replacing_file
from recdesk.core.messages import Message
from recdesk.core.parallel import Watch
from recdesk.core.task import Task
from recdesk.recommend.shards import Shard, sha256_of

LATE_LOOKS = 20
"""Looks until a finished shard that is not there, or differs, is no longer taken for one that comes late."""


class AwayError(RecdeskError):
    """The storage cannot be read now."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error.sentence if isinstance(error, RecdeskError) else str(error))


class _OtherError(Exception):
    """A file differs from its checksum."""


@contextlib.contextmanager
def reading() -> Iterator[None]:
    """Tell errors of the storage from those of this computer.

    Raises:
        AwayError: the storage cannot be read now.
    """
    try:
        yield
    except (OSError, RecdeskError) as error:
        raise AwayError(error) from error


class Fetching:
    """Fetches shards.

    Args:
        folder: of the export, here.
        missing: numbers of the shards that are wanted; those that are fetched are taken out.
        watch: hears of each.
        task: checked in between.
    """

    def __init__(self, folder: Path, missing: set[int], watch: Watch[Shard], task: Task) -> None:
        self._folder, self._missing, self._watch, self._task = folder, missing, watch, task
        self._late = Counter[int]()

    def fetch(self, export: SharedExport, ended: bool) -> None:
        """Bring the finished shards here that are wanted, and delete them there.

        Args:
            export: in the storage.
            ended: nobody computes now, so that nothing comes late.

        Raises:
            AwayError: the storage cannot be read now.
            DataError: one is not what was computed; it is computed again by the next call.
            StorageError: one cannot be written here.
            CancelledError: it was cancelled.
        """
        with reading():
            finished = export.finished()
        for number in sorted(finished & self._missing):
            with reading():
                shard = export.shard(number)
                there = export.storage.store.has(export.file(shard.file))
            if not self._is_here(shard) and not (there and self._copied(export, shard)):
                self._late[number] += 1
                if ended or self._late[number] >= LATE_LOOKS:
                    _give_up(export, shard)
                continue
            self._missing.discard(number)
            self._watch.done(number, shard)
            export.storage.store.remove(export.file(shard.file))

    def _is_here(self, shard: Shard) -> bool:
        """Whether a shard was fetched by an earlier call, which ended before it could note that."""
        path = self._folder / shard.file
        return path.is_file() and path.stat().st_size == shard.bytes and sha256_of(path, self._task) == shard.sha256

    def _copied(self, export: SharedExport, shard: Shard) -> bool:
        """Copy a shard; whether it has its checksum. Otherwise what is here stays as it was."""
        digest, target = hashlib.sha256(), self._folder / shard.file
        with contextlib.suppress(_OtherError), replacing_file(target) as temporary, temporary.open("wb") as out:
            for piece in _pieces(export, shard.file):
                self._task.check()
                digest.update(piece)
                out.write(piece)
            if digest.hexdigest() != shard.sha256:
                raise _OtherError
            return True
        return False


def _give_up(export: SharedExport, shard: Shard) -> None:
    """Have a shard computed again: it was fetched once and is gone here, or it is damaged, which is told.

    Raises:
        DataError: it is damaged.
    """
    store, source = export.storage.store, export.file(shard.file)
    with reading():
        damaged = store.has(source)
        export.forget(shard.number)
        store.remove(source)
    if damaged:
        raise DataError(Message("cluster.shard-differs", file=shard.file), Message("shards.same-command"))


def _pieces(export: SharedExport, file: str) -> Iterator[bytes]:
    with reading():
        yield from export.storage.store.pieces(export.file(file))
