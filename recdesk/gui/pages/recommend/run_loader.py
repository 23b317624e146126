"""The run that recommends: found among those of the workspace, and its model opened, in jobs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.recommend.live import Opened, load
from recdesk.gui.pages.recommend.run_choice import best_run
from recdesk.gui.session import Session
from recdesk.workspace.runs import ACTIVE, Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel


class RunLoader(QObject):
    """Chooses the run that was asked for, or the best one of the current dataset, and opens its model.

    Signals:
        closed: the model that was open is no longer used; another one may follow.
        opened: the model is open (an Opened).
        listed: the runs were read.
        changed: anything of the attributes.

    Attributes:
        runs: those that can recommend, newest first.
        run: the one that recommends; None for none.
        model: of the run; None until it is open.
        dataset: name of the dataset whose runs come first; None for none.
        unread: the runs could not be read.
        failed: the model could not be opened.
    """

    closed = Signal()
    opened = Signal(object)
    listed = Signal()
    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.runs: list[Run] = []
        self.run: Run | None = None
        self.model: LiveModel | None = None
        self.dataset: str | None = None
        self.unread = self.failed = False
        self._version: str | None = None
        self._last: Opened | None = None

    def kept(self) -> Kept:
        """See `Page.kept`."""
        ready = self.model is not None
        return {
            "runs": self.runs,
            "dataset": self.dataset,
            "run": self.run if ready else None,
            "opened": self._last if ready else None,
            "version": self._version if ready else None,
        }

    def take(self, kept: Kept) -> Opened | None:
        """See `Page.take`. Gives the model that is open, if one is."""
        self.runs, self.dataset, self.run = kept["runs"], kept["dataset"], kept["run"]
        self._version, opened = kept["version"], kept["opened"]
        self._last, self.model = opened, None if opened is None else opened.model
        self.listed.emit()
        return self._last

    def look(self) -> None:
        """Read the runs that can recommend, then use one of them."""
        workspace = self._session.workspace
        self._session.jobs.run(
            QCoreApplication.translate("RecommendPage", "Reading runs"),
            lambda _context: (
                [run for run in workspace.runs() if run.has_model and run.state not in ACTIVE],
                {info.name: str(info.facts["hash"]) for info in workspace.datasets()},
            ),
            self._found,
            self._not_read,
            visible=False,
            replaces="recommend.runs",
        )

    def open(self, run: Run) -> None:
        """Open a run's model in a job."""
        workspace = self._session.workspace
        self._close(run)
        self.changed.emit()
        self._session.jobs.run(
            QCoreApplication.translate("RecommendPage", "Opening {run}").format(run=words.run_title(run)),
            lambda _context: load(run, workspace),
            self._opened,
            self._not_opened,
            replaces="recommend.model",
            reads=True,
        )

    def _found(self, found: tuple[list[Run], dict[str, str]]) -> None:
        self.runs, versions = found
        self.unread = False
        self.dataset = self._session.dataset_name or next((run.dataset_name for run in self.runs), None)
        run = self._wanted()
        if run is None:
            self._close(None)
        else:
            version = versions.get(run.dataset_name)
            updated, self._version = self._version != version, version
            if self.run is None or self.run.id != run.id or updated:
                self.open(run)
        self.listed.emit()
        self.changed.emit()

    def _wanted(self) -> Run | None:
        """The run that was asked for if it is of the dataset, else the best of the dataset."""
        asked = next((run for run in self.runs if run.id == self._session.asked_run), None)
        if asked is not None and (asked.id == self._session.run_id or asked.dataset_name == self.dataset):
            return asked
        return best_run(self.runs, self.dataset) if self.dataset is not None else None

    def _close(self, run: Run | None) -> None:
        """Put the model away; `run` is the next one."""
        self.run, self.model, self.failed = run, None, False
        self.closed.emit()

    def _opened(self, opened: Opened) -> None:
        self._last, self.model = opened, opened.model
        self.opened.emit(opened)
        self.changed.emit()

    def _not_read(self, error: RecdeskError) -> None:
        """Keep the list; if it is empty, do not say that there are no runs, which may be wrong."""
        self.unread = True
        self.changed.emit()
        self._session.fail(error)

    def _not_opened(self, error: RecdeskError) -> None:
        self.failed = True
        self.changed.emit()
        self._session.fail(error)
