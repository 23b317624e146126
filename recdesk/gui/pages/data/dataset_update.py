"""Newer files in the place of a dataset: read, shown, and only then put there."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.pages.data.update_dialog import UpdateDialog
from recdesk.gui.session import Session
from recdesk.workspace.leavers import what_stays
from recdesk.workspace.runs import AT_WORK

if TYPE_CHECKING:
    from recdesk.data.importing import ImportResult


class DatasetUpdate(QObject):
    """Asks for newer files of the chosen dataset and takes them in, as the older ones were read and cleaned."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent
        self.job: Job[tuple[ImportResult, int, str]] | None = None
        self.dialog: UpdateDialog | None = None

    def ask(self) -> None:
        """Let the person choose the files, unless a run is being trained on the dataset."""
        name = self._session.dataset_name
        if name is None or self._session.read_only:
            return

        def ask(_nothing: None) -> None:
            if self._session.dataset_name == name:
                title = self.tr("Newer interactions (and items, and users) for {name}").format(name=name)
                names, _ = QFileDialog.getOpenFileNames(self._parent, title)
                if names:
                    self.start([Path(chosen) for chosen in names])

        title, check = self.tr("Reading runs"), self._check(name)
        self._session.jobs.run(title, lambda _context: check(), ask, visible=False, replaces="data.update.ask")

    def start(self, paths: Sequence[Path]) -> None:
        """Read these for the chosen dataset and show what changes."""
        name, workspace = self._session.dataset_name, self._session.workspace
        if name is None or self._session.read_only:
            return
        check = self._check(name)

        def work(context: JobContext) -> "tuple[ImportResult, int, str]":
            from recdesk.data.planning import ImportPlan, propose

            check()
            plan = propose(list(paths)) if len(paths) > 1 or paths[0].is_dir() else ImportPlan(paths[0])
            result = workspace.read_update(name, plan.interactions, plan.items, plan.users, context)
            known = workspace.runs()
            runs = sum(run.dataset_name == name for run in known)
            return result, runs, what_stays(result.dataset.report, known)

        self.job = self._session.jobs.run(
            self.tr("Reading {file}").format(file=paths[0].name),
            work,
            lambda read: self._show(name, *read),
            replaces="data.update.read",
        )

    def _show(self, name: str, result: "ImportResult", runs: int, stays: str) -> None:
        self.dialog = UpdateDialog(result.dataset.name, result, runs, self._parent, stays)
        self.dialog.accepted.connect(lambda: self._replace(name, result))
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _replace(self, name: str, result: "ImportResult") -> None:
        workspace, check = self._session.workspace, self._check(name)

        def work(context: JobContext) -> None:
            check()
            workspace.replace_dataset(name, result, context)

        # It was confirmed: no other job takes its place
        self._session.jobs.run(self.tr("Updating {name}").format(name=name), work, lambda _: self._replaced(name))

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

    def _check(self, name: str) -> Callable[[], None]:
        """A look at the runs of a dataset that fails while one is at work, which goes first."""
        workspace, error = self._session.workspace, being_trained()

        def check() -> None:
            if any(run.dataset_name == name and run.state in AT_WORK for run in workspace.runs()):
                raise error

        return check


def being_trained() -> RecdeskError:
    """Why a dataset cannot be changed just now."""
    translate = QCoreApplication.translate
    return RecdeskError(
        translate("DatasetsCard", "A run is being trained on this dataset."),
        translate("DatasetsCard", "Stop it first."),
    )
