"""What the command palette finds beside actions: people, items, runs and datasets, looked for in a job."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QObject, QTimer, Signal

from recdesk.gui import words
from recdesk.gui.actions import ActionSpec
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.workspace.workspace import Workspace

Kind = Literal["dataset", "run", "person", "item"]
MOST = 5
"""Of each kind."""
WAIT_MS = 120
"""From the last key to looking."""
_JOB = "palette.find"


@dataclass(frozen=True)
class Found:
    """One thing.

    Attributes:
        kind: of it.
        id: by which it is opened; of an item, its title.
        title: what it is called.
    """

    kind: Kind
    id: str
    title: str


class Finder(QObject):
    """Looks for what is typed, a little later, and offers what it finds as entries of the palette.

    Signals:
        found: entries for the letters that were typed last (a list of ActionSpec).
    """

    found = Signal(list)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._typed = session, ""
        self._later = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._later.timeout.connect(self._look)

    def look_later(self, typed: str) -> None:
        """Look for these letters once no more are typed; nothing is looked for without any."""
        self._typed = typed.strip()
        self._session.jobs.drop(_JOB)
        self._later.stop()
        if self._typed:
            self._later.start()

    def _look(self) -> None:
        session, typed = self._session, self._typed
        work = partial(find, session.workspace, session.dataset, typed)

        def done(found: list[Found]) -> None:
            if typed == self._typed:
                self.found.emit([self._entry(thing) for thing in found])

        session.jobs.run(self.tr("Finding"), work, done, lambda _error: None, visible=False, replaces=_JOB, reads=True)

    def _entry(self, thing: Found) -> ActionSpec:
        kinds = {
            "dataset": self.tr("Dataset"),
            "run": self.tr("Run"),
            "person": self.tr("Person"),
            "item": self.tr("Item"),
        }
        go: dict[str, Callable[[str], None]] = {
            "dataset": self._open_dataset,
            "run": self._open_run,
            "person": self._open_person,
            "item": self._open_item,
        }
        callback = partial(go[thing.kind], thing.id)
        return ActionSpec(f"found.{thing.kind}.{thing.id}", thing.title, callback, menu=kinds[thing.kind])

    def _open_dataset(self, name: str) -> None:
        self._session.choose_dataset(name)
        self._session.go("data")

    def _open_run(self, run_id: str) -> None:
        self._session.choose_run(run_id)
        self._session.go("runs")

    def _open_person(self, user_id: str) -> None:
        self._session.asked_person = user_id
        self._session.go("recommend")

    def _open_item(self, title: str) -> None:
        self._session.go("recommend")
        self._session.item_asked.emit(title)


def find(workspace: "Workspace", dataset: "Dataset | None", typed: str, context: JobContext) -> list[Found]:
    """Datasets, runs, and people and items of the chosen dataset whose name has all typed words; those that begin
    with the letters come first, `MOST` of each kind."""
    wanted = typed.casefold()
    found = [Found("dataset", info.name, info.title) for info in workspace.datasets([])]
    found = _best(found, wanted)
    context.check()
    titles = {run.id: f"{words.run_title(run)} · {run.dataset_title} · {run.id}" for run in workspace.runs([])}
    found += _best([Found("run", run_id, title) for run_id, title in titles.items()], wanted)
    if dataset is not None:
        for kind, names in (("person", dataset.user_ids), ("item", dataset.titles)):
            context.check()
            found += _named(kind, names, wanted)  # type: ignore[arg-type]
    return found


def _best(things: list[Found], wanted: str) -> list[Found]:
    having = [thing for thing in things if all(word in thing.title.casefold() for word in wanted.split())]
    return sorted(having, key=lambda thing: not thing.title.casefold().startswith(wanted))[:MOST]


def _named(kind: Kind, names: object, wanted: str) -> list[Found]:
    """The names that begin with the letters, then those that have them; for a million, a third of a second."""
    import pandas as pd

    lowered = pd.Series(names, dtype="str").str.casefold()
    begin = lowered.str.startswith(wanted).to_numpy().nonzero()[0][:MOST].tolist()
    more = lowered.str.contains(wanted, regex=False).to_numpy().nonzero()[0][: 2 * MOST].tolist()
    chosen = list(dict.fromkeys([*begin, *more]))[:MOST]
    return [Found(kind, str(names[at]), str(names[at])) for at in chosen]  # type: ignore[index]
