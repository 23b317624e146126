"""What changes runs from the table: star, name, tags, note; to the trash and back."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.command_lines import label_words
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.runs.labels_dialog import LabelsDialog, TrashDialog
from recdesk.gui.session import Session
from recdesk.gui.widgets.questions import is_sure
from recdesk.workspace.run_labels import Labels, save_labels
from recdesk.workspace.run_trash import RemovedRun, removed_runs, restore_run
from recdesk.workspace.runs import Run


class RunActions(QObject):
    """Asks where need be, and does the work in jobs."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    def label(self, run: Run) -> None:
        """Ask for name, tags and note of a run."""
        dialog = LabelsDialog(run, self._parent)
        if dialog.exec():
            self.save(run, dialog.labels)
        dialog.deleteLater()

    def save(self, run: Run, labels: Labels) -> None:
        """Store what is said of a run."""
        if self._session.read_only or labels == run.labels:
            return
        self._session.jobs.run(
            self.tr("Saving labels"),
            lambda _context: save_labels(run.folder, labels),
            lambda _nothing: self._saved(run, labels),
            visible=False,
        )

    def _saved(self, run: Run, labels: Labels) -> None:
        self._session.script.add(label_words(run.id, labels))
        self._session.runs_changed.emit()

    def remove(self, runs: Sequence[Run]) -> None:
        """Move runs to the trash, after asking."""
        if self._session.read_only or not runs or not self._sure(runs):
            return
        session, workspace = self._session, self._session.workspace

        def work(context: JobContext) -> None:
            for index, run in enumerate(runs):
                context.step(index / len(runs))
                workspace.remove_run(run.id)

        def removed(_nothing: None) -> None:
            for run in runs:
                session.script.add(["runs", "--remove", run.id])
            if session.run_id in {run.id for run in runs}:
                session.choose_run(None)
            session.runs_changed.emit()

        def failed(error: RecdeskError) -> None:
            session.runs_changed.emit()  # some may be gone
            session.fail(error)

        title = self.tr("Moving {run} to the trash").format(run=words.run_title(runs[0]))
        if len(runs) > 1:
            title = self.tr("Moving %n run(s) to the trash", "", len(runs))
        session.jobs.run(title, work, removed, failed)

    def ask_trash(self) -> None:
        """Show the runs in the trash, and put back those that are chosen."""
        workspace = self._session.workspace.folder
        self._session.jobs.run(
            self.tr("Reading the trash"), lambda _context: removed_runs(workspace), self._show_trash, visible=False
        )

    def _show_trash(self, removed: list[RemovedRun]) -> None:
        dialog = TrashDialog(removed, self._parent)
        chosen = dialog.chosen() if dialog.exec() else []
        dialog.deleteLater()
        if chosen:
            self.put_back(chosen)

    def put_back(self, removed: Sequence[RemovedRun]) -> None:
        """Move runs back from the trash."""
        if self._session.read_only:
            return
        workspace = self._session.workspace.folder
        self._session.jobs.run(
            self.tr("Putting back %n run(s)", "", len(removed)),
            lambda _context: [restore_run(workspace, each) for each in removed],
            lambda _runs: self._restored(removed),
        )

    def _restored(self, removed: Sequence[RemovedRun]) -> None:
        for each in removed:
            self._session.script.add(["runs", "--restore", each.run_id])
        self._session.runs_changed.emit()

    def _sure(self, runs: Sequence[Run]) -> bool:
        question = self.tr("Move run {run} to the trash of the workspace?").format(run=words.run_title(runs[0]))
        if len(runs) > 1:
            question = self.tr("Move %n run(s) to the trash of the workspace?", "", len(runs))
        return is_sure(self._parent, question, "", self.tr("Move to trash"), self.tr("Keep"))
