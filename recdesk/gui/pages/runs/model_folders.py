"""A run's model as a folder with a card, and such a folder as a run again, in the window."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.gui.actions import ActionSpec, no_command
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.runs.model_dialog import ModelChoice, ModelDialog
from recdesk.gui.session import Session
from recdesk.workspace.runs import Run


class ModelFolders(QObject):
    """Registers these actions and carries them out in jobs.

    Args:
        session: the shared state.
        window: over which dialogs stand.
        chosen: the runs that are chosen on the Runs page.
        say: shows a sentence and notes.
    """

    def __init__(
        self,
        session: Session,
        window: QWidget,
        chosen: Callable[[], Sequence[Run]],
        say: Callable[[str, Sequence[str]], object],
    ) -> None:
        super().__init__(window)
        self._session, self._window, self._chosen, self._say = session, window, chosen, say

        def has_model() -> bool:
            runs = chosen()
            return len(runs) == 1 and runs[0].has_model

        def writable() -> bool:
            return not session.read_only

        session.actions.add(
            ActionSpec(
                "runs.export-model",
                self.tr("Export the model as a folder…"),
                self.ask_to_export,
                menu="File",
                enabled=has_model,
                words=lambda: ["export-model", chosen()[0].id, "--out", chosen()[0].id] if has_model() else None,
                reason=no_command("later"),
            )
        )
        session.actions.add(
            ActionSpec(
                "package.import-model",
                self.tr("Import a model from a folder…"),
                self.ask_to_import,
                menu="File",
                enabled=writable,
                reason=no_command("asks"),
            )
        )

    def ask_to_export(self) -> None:
        """Ask for form and place, then write the folder."""
        runs = self._chosen()
        if not runs:
            return
        dialog = ModelDialog(runs[0], self._window)
        accepted, choice = dialog.exec(), dialog.choice
        dialog.deleteLater()
        if not accepted:
            return
        parent = QFileDialog.getExistingDirectory(self._window, self.tr("Where the folder of the model goes"))
        if parent:
            self.export(runs[0], Path(parent) / f"{runs[0].id}{_ending(choice)}", choice)

    def export(self, run: Run, folder: Path, choice: ModelChoice) -> None:
        """Write a run's model as a new folder; how near its lists are to those of the run is said where it is ONNX."""

        def work(context: JobContext) -> list[str]:
            if choice.onnx:
                from recdesk.experiment.onnx_folder import export_onnx

                made = export_onnx(Run.read(run.folder), folder, choice.license, choice.int8, context)
                return [*made.parity.sentences, *made.notes]
            from recdesk.experiment.model_folder import export_model

            return export_model(Run.read(run.folder), folder, choice.license, context)

        def done(notes: list[str]) -> None:
            self._session.script.add(["export-model", run.id, "--out", str(folder), *choice.options])
            self._say(self.tr("Model written to {folder}; README.md is its card.").format(folder=folder), notes)

        title = self.tr("Writing {file}").format(file=folder.name)
        self._session.jobs.run(title, work, done, replaces="runs.export-model")

    def ask_to_import(self) -> None:
        """Ask for the folder, then add its model as a run."""
        folder = QFileDialog.getExistingDirectory(self._window, self.tr("Folder of a model"))
        if folder:
            self.take_in(Path(folder))

    def take_in(self, folder: Path) -> None:
        """Add the model in a folder as a run of the data with its items."""
        workspace = self._session.workspace

        def work(context: JobContext) -> tuple[Run, list[str]]:
            from recdesk.experiment.model_folder import import_model

            return import_model(workspace, folder, task=context)

        def done(found: tuple[Run, list[str]]) -> None:
            run, notes = found
            self._session.script.add(["import-model", str(folder)], run=run.id)
            self._session.runs_changed.emit()
            self._session.choose_run(run.id)
            self._session.go("runs")
            said = self.tr("The model in {folder} is a run of “{name}” now.")
            self._say(said.format(folder=folder.name, name=run.dataset_title), notes)

        title = self.tr("Importing {file}").format(file=folder.name)
        self._session.jobs.run(title, work, done, replaces="package.import-model")


def _ending(choice: ModelChoice) -> str:
    """Of the folder's name, so that each form has its own."""
    return {(True, False): "-onnx", (True, True): "-onnx-int8"}.get((choice.onnx, choice.int8), "")
