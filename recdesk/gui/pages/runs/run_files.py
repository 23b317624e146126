"""Runs as one file: saving, opening, and training a run again to see whether it comes out the same."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.actions import ActionSpec, no_command
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.model_folders import ModelFolders
from recdesk.gui.session import Session
from recdesk.gui.starting import begin_run
from recdesk.gui.training_controller import Ready, ready
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.notice import Notice
from recdesk.workspace.package_name import ENDING
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.experiment.reproduction import Reproduction
    from recdesk.workspace.packing import Choice, Written
    from recdesk.workspace.unpacking import Opened


class RunFiles(QObject):
    """Registers these actions and carries them out in jobs.

    Args:
        session: the shared state.
        window: over which dialogs stand.
        chosen: the runs that are chosen on the Runs page; [] if it was not entered yet.

    Attributes:
        notice: says what became of what was opened or reproduced; its owner places it.
    """

    def __init__(self, session: Session, window: QWidget, chosen: Callable[[], Sequence[Run]]) -> None:
        super().__init__(window)
        self._session, self._window, self._chosen = session, window, chosen
        self.notice = Notice(self.tr("Runs as files"), "accent")
        self.notice.add_button(self.tr("Close"), self.notice.hide)
        session.packages_offered.connect(self.open_packages)
        session.training.state_changed.connect(self._training_changed)
        for spec in self._actions():
            session.actions.add(spec)
        self.models = ModelFolders(session, window, chosen, self._say)

    def _actions(self) -> list[ActionSpec]:
        def writable() -> bool:
            return not self._session.read_only

        def reproducible() -> bool:
            runs = self._chosen()
            idle = self._session.training.state == "idle" and not self._session.tuning.active
            return writable() and idle and len(runs) == 1 and runs[0].state == "finished"

        def some() -> bool:
            return bool(self._chosen())

        return [
            ActionSpec(
                "package.open",
                self.tr("Open runs from one file…"),
                self.ask_to_open,
                "",
                "File",
                writable,
                reason=no_command("asks"),
            ),
            ActionSpec(
                "package.save",
                self.tr("Save runs as one file…"),
                self.ask_to_save,
                "",
                "File",
                some,
                self._pack_words,
                no_command("later"),
            ),
            ActionSpec(
                "runs.reproduce",
                self.tr("Reproduce this run"),
                self.reproduce,
                "",
                "Run",
                reproducible,
                lambda: ["reproduce", self._chosen()[0].id] if self._chosen() else None,
                no_command("later"),
            ),
        ]

    def ask_to_save(self) -> None:
        """Ask what goes into the file and where it is, then write it."""
        from recdesk.gui.pages.runs.pack_dialog import PackDialog

        runs = self._chosen()
        if not runs:
            return
        dialog = PackDialog(runs, self._window)
        accepted, choice = dialog.exec(), dialog.choice
        dialog.deleteLater()
        path = (
            ask_for_file(self._window, self.tr("Save as one file"), f"{_file_name(runs)}{ENDING}") if accepted else None
        )
        if path is not None:
            self.save(runs, path, choice)

    def save(self, runs: Sequence[Run], path: Path, choice: "Choice") -> None:
        """Write runs into one file."""

        def work(context: JobContext) -> "Written":
            from recdesk.workspace.packing import pack

            return pack([Run.read(run.folder) for run in runs], path, choice, context)

        def done(written: "Written") -> None:
            options = [] if choice.data else ["--without-data"]
            options += ([] if choice.models else ["--without-models"]) + (["--with-edits"] if choice.people else [])
            self._session.script.add(["pack", *(run.id for run in runs), "--out", str(path), *options])
            said = self.tr("Saved to {file}, {size}.").format(file=written.path, size=words.size(written.size))
            self._say(said, written.notes)

        self._session.jobs.run(self.tr("Saving {file}").format(file=path.name), work, done, replaces="package.save")

    def ask_to_open(self) -> None:
        """Ask for files, then open them."""
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open runs from one file"),
            "",
            self.tr("Runs of recdesk ({pattern})").format(pattern=f"*{ENDING}"),
        )
        self.open_packages([Path(name) for name in names])

    def open_packages(self, paths: Sequence[Path]) -> None:
        """Add what is in these files to the workspace, and show the runs."""
        if not paths or self._session.read_only:
            return
        workspace, session = self._session.workspace, self._session

        def work(context: JobContext) -> list["Opened"]:
            from recdesk.workspace.unpacking import open_package

            found = []
            for number, path in enumerate(paths):
                found.append(
                    open_package(workspace, path, context.part(number / len(paths), (number + 1) / len(paths)))
                )
            return found

        def done(found: list["Opened"]) -> None:
            for path in paths:
                session.script.add(["open", str(path)])
            session.datasets_changed.emit()
            session.runs_changed.emit()
            runs = [run for opened in found for run in opened.runs]
            if runs:
                session.choose_run(runs[0].here)
                session.go("runs")
            added = sum(run.fate != "there" for run in runs)
            said = Message("package.opened", count=added, name=", ".join(path.name for path in paths))
            self._say(translated(said), [note for opened in found for note in opened.notes])

        def failed(error: RecdeskError) -> None:
            session.datasets_changed.emit()  # of several files some may have been opened
            session.runs_changed.emit()
            session.fail(error)

        title = self.tr("Opening {file}").format(file=", ".join(path.name for path in paths))
        session.jobs.run(title, work, done, failed, replaces="package.open")

    def reproduce(self) -> None:
        """Train the chosen run again; what came of it is said when the training has ended."""
        runs = self._chosen()
        if len(runs) != 1 or self._session.training.state != "idle":
            return
        original = runs[0]

        def find() -> Ready:
            from recdesk.experiment.reproduction import begin_reproduction

            return ready(begin_reproduction(Run.read(original.folder)).folder)

        self._session.go("train")
        begin_run(self._session, find)

    def _training_changed(self, state: str) -> None:
        run = self._session.training.run
        if state == "idle" and run is not None and run.reproduces and run.state == "finished":
            self.compare(run)

    def compare(self, again: Run) -> None:
        """Say whether a run came out as the one that it is to reproduce."""

        def work(context: JobContext) -> "Reproduction":
            from recdesk.experiment.reproduction import compare_reproduction, reproduced_by

            fresh = Run.read(again.folder)
            return compare_reproduction(reproduced_by(fresh), fresh, context)

        title = self.tr("Comparing with {run}").format(run=again.reproduces)
        self._session.jobs.run(title, work, self._show, replaces="runs.reproduce", reads=True)

    def _show(self, made: "Reproduction") -> None:
        lines = [
            f"{translated(check.what)}: {self.tr('the same') if check.same else translated(check.first)}"
            for check in made.checks
        ]
        lines += [f"{name}: {before} → {again}" for name, before, again in made.environment]
        changed = [each for each in made.figures if each.part == "test"][:4]
        lines += [f"{each.name}: {each.before:.6f} → {each.again:.6f}" for each in changed]
        self._say(translated(made.sentence), [*lines, *made.notes])

    def _say(self, sentence: str, more: Sequence[str]) -> None:
        self.notice.say(sentence, "\n".join(map(translated, more)))
        self._session.status_changed.emit(sentence)

    def _pack_words(self) -> list[str] | None:
        runs = self._chosen()
        return ["pack", *(run.id for run in runs), "--out", f"{_file_name(runs)}{ENDING}"] if runs else None


def _file_name(runs: Sequence[Run]) -> str:
    return runs[0].id if len(runs) == 1 else "runs"
