"""The queue of a workspace: runs that wait to be trained one after the other, in `queue.json`."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.workspace.folders import folder_lock
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run

FILE = "queue.json"
FORMAT = 1


class _Entry(Record):
    run: str
    source: str = ""
    ended: bool = False


class _File(Record):
    format: int
    paused: bool
    entries: list[_Entry]


@dataclass(frozen=True)
class Queued:
    """A run of the queue.

    Attributes:
        run: its id.
        source: of the file that it was read from, a checksum; "" for none.
        ended: whether it was trained, or failed.
    """

    run: str
    source: str = ""
    ended: bool = False


class RunQueue:
    """The queue of a workspace. Each change is on disk at once, so that a killed process loses no place in it."""

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace
        self._path = workspace / FILE
        self._store = RunStore(workspace / "runs")

    def entries(self) -> list[Queued]:
        """The runs in their order, those that have ended included until a new list begins.

        Raises:
            DataError: the file is damaged.
        """
        return self._read()[1]

    def waiting(self) -> list[Run]:
        """The runs that wait or were interrupted, in their order; those that were removed are left out.

        Raises:
            DataError: the file is damaged.
        """
        found = []
        for entry in self.entries():
            with contextlib.suppress(RecdeskError):
                run = None if entry.ended else self._store.current(entry.run)
                if run is not None and run.resumable:
                    found.append(run)
        return found

    def ended(self) -> list[Run]:
        """The runs that have ended since the list began; those that were removed are left out."""
        found = []
        for entry in self.entries():
            with contextlib.suppress(RecdeskError):
                if entry.ended:
                    found.append(self._store.current(entry.run))
        return found

    @property
    def paused(self) -> bool:
        """Whether no further run is to begin."""
        return self._read()[0]

    def add(self, runs: Sequence[str], source: str = "", first: bool = False) -> None:
        """Add runs at the end, or as the first; one that is in it already moves there. If nothing waits, a new list
        begins: those that have ended are forgotten.

        Raises:
            DataError: the file is damaged.
            StorageError: it cannot be written.
        """
        waiting = {run.id for run in self.waiting()}
        new = [Queued(run, source) for run in runs]

        def added(entries: list[Queued]) -> list[Queued]:
            kept = [entry for entry in entries if (waiting or not entry.ended) and entry.run not in runs]
            return [*new, *kept] if first else [*kept, *new]

        self._change(added)

    def next(self) -> Run | None:
        """The first run that waits and is not trained in another process; None if there is none or the queue pauses."""
        return None if self.paused else next(iter(self.waiting()), None)

    def end(self, run_id: str) -> None:
        """Note that a run has ended."""
        self._change(
            lambda entries: [replace(entry, ended=True) if entry.run == run_id else entry for entry in entries]
        )

    def remove(self, run_id: str) -> None:
        """Take a run out of the queue; the run itself stays."""
        self._change(lambda entries: [entry for entry in entries if entry.run != run_id])

    def move(self, run_id: str, by: int) -> None:
        """Move a run forward (negative) or back among those that wait."""
        order = [run.id for run in self.waiting()]
        if run_id not in order:
            return
        place = order.index(run_id)
        order.insert(min(max(place + by, 0), len(order) - 1), order.pop(place))

        def moved(entries: list[Queued]) -> list[Queued]:
            by_run = {entry.run: entry for entry in entries}
            waiting = [by_run[run] for run in order if run in by_run]
            return [entry for entry in entries if entry.run not in order] + waiting

        self._change(moved)

    def set_paused(self, paused: bool) -> None:
        """Let no further run begin, or go on."""
        with folder_lock(self._workspace):
            self._write(paused, self._read()[1])

    def _change(self, new: Callable[[list[Queued]], list[Queued]]) -> None:
        with folder_lock(self._workspace):
            paused, entries = self._read()
            self._write(paused, new(entries))

    def _read(self) -> tuple[bool, list[Queued]]:
        if not self._path.exists():
            return False, []
        values = read_record(self._path, _File, Message("queue.delete-file"), FORMAT)
        return values["paused"], [
            Queued(entry["run"], entry.get("source", ""), entry.get("ended", False)) for entry in values["entries"]
        ]

    def _write(self, paused: bool, entries: Sequence[Queued]) -> None:
        write_record(self._path, {"format": FORMAT, "paused": paused, "entries": [asdict(entry) for entry in entries]})
