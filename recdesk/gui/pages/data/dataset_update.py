"""Newer files in the place of a dataset: read, shown, and only then put there."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.errors import RecdeskError
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.pages.data.update_dialog import UpdateDialog
from recdesk.gui.session import Session
from recdesk.workspace.leavers import what_stays

if TYPE_CHECKING:
    from recdesk.data.importing import ImportResult


class DatasetUpdate(QObject):
    """Asks for newer files of the chosen dataset and takes them in, as the older ones were read and cleaned."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent
        self.job: Job[ImportResult] | None = None
        self.dialog: UpdateDialog | None = None

    def ask(self) -> None:
        """Let the person choose the files."""
        if self._refused():
            return
        title = self.tr("Newer interactions (and items, and users) for {name}").format(name=self._session.dataset_name)
        names, _ = QFileDialog.getOpenFileNames(self._parent, title)
        if names:
            self.start([Path(name) for name in names])

    def start(self, paths: Sequence[Path]) -> None:
        """Read these for the chosen dataset and show what changes."""
        name, workspace = self._session.dataset_name, self._session.workspace
        if name is None or self._refused():
            return

        def work(context: JobContext) -> "ImportResult":
            from recdesk.data.importing import ImportPlan, propose

            plan = propose(list(paths)) if len(paths) > 1 or paths[0].is_dir() else ImportPlan(paths[0])
            files, watch = (plan.interactions, plan.items), (context.progress, context.is_cancelled)
            return workspace.read_update(name, *files, *watch, plan.users)

        self.job = self._session.jobs.run(
            self.tr("Reading {file}").format(file=paths[0].name),
            work,
            lambda result: self._show(name, result),
            replaces="data.update",
        )

    def _show(self, name: str, result: "ImportResult") -> None:
        known = self._session.workspace.runs()
        runs = sum(run.dataset_name == name for run in known)
        stays = what_stays(result.dataset.report, known)
        self.dialog = UpdateDialog(result.dataset.name, result, runs, self._parent, stays)
        self.dialog.accepted.connect(lambda: self._replace(name, result))
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _replace(self, name: str, result: "ImportResult") -> None:
        if self._refused():
            return
        self._session.jobs.run(
            self.tr("Updating {name}").format(name=name),
            lambda context: self._session.workspace.replace_dataset(name, result, context.is_cancelled),
            lambda _: self._replaced(name),
            replaces="data.update",
        )

    def _replaced(self, name: str) -> None:
        chosen = self._session.dataset_name == name
        if chosen:
            self._session.choose_dataset(None)
        self._session.datasets_changed.emit()
        if chosen:
            self._session.choose_dataset(name)
        self._session.status_changed.emit(self.tr("{name} is up to date").format(name=name))

    def _forget(self) -> None:
        self.dialog = None

    def _refused(self) -> bool:
        """A run at work on the dataset goes first."""
        session = self._session
        if session.read_only or session.dataset_name is None:
            return True
        for run in session.workspace.runs():
            if run.dataset_name == session.dataset_name and run.state in ("running", "paused"):
                session.fail(
                    RecdeskError(self.tr("A run is being trained on this dataset."), self.tr("Stop it first."))
                )
                return True
        return False
