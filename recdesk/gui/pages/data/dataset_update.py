"""Updating a dataset from newer files: read them, show the changes, replace the dataset once confirmed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui.command_lines import update_words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.report_card import report_sentences
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import Text
from recdesk.workspace.removed_users import remaining_data
from recdesk.workspace.runs import ACTIVE

if TYPE_CHECKING:
    from recdesk.data.importing import ImportResult


class UpdateDialog(QDialog):
    """New and gone users, items and interactions; rows rejected and dropped; then the choice.

    Args:
        title: the dataset's.
        result: what was read.
        runs: how many runs keep the older version.
        stays: what is still stored of users who are no longer in the data; "" for nothing.
        add: the rows are added to the old ones, which stay.

    Signals:
        otherwise: the files are to be read the other way: added, or in the place of the old rows.
    """

    otherwise = Signal()

    def __init__(
        self, title: str, result: "ImportResult", runs: int, parent: QWidget, stays: str = "", add: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Update dataset"))
        self.setMinimumWidth(520)
        report = result.dataset.report
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(8)
        asked = self.tr("Add to “{title}”?") if add else self.tr("Replace “{title}”?")
        layout.addWidget(Text(asked.format(title=title), "card"))
        self.lines: list[Text] = []
        for sentence in _changes(report):
            self._add(layout, translated(sentence), "body", "text")
        for tone, sentence in report_sentences({**report, "notes": _other_notes(report)}):
            self._add(layout, sentence, "small", "secondary" if tone == "text" else tone)
        if runs:
            words = self.tr("Runs trained on it keep the older version: {count}.").format(count=runs)
            self._add(layout, words, "small", "secondary")
        if stays:
            self._add(layout, translated(stays), "small", "warning")
        buttons = QDialogButtonBox()
        accepting = self.tr("Add") if add else self.tr("Replace")
        self.replace = buttons.addButton(accepting, QDialogButtonBox.ButtonRole.AcceptRole)
        other = self.tr("Replace instead…") if add else self.tr("Add instead…")
        self.other = buttons.addButton(other, QDialogButtonBox.ButtonRole.ActionRole)
        self.other.setToolTip(self.tr("Add: the files have but the new rows. Replace: they have all rows."))
        self.other.clicked.connect(self.otherwise)
        self.other.clicked.connect(self.reject)
        self.keep = buttons.addButton(self.tr("Keep the old one"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addSpacing(8)
        layout.addWidget(buttons)

    def sentences(self) -> list[str]:
        """The sentences that are shown."""
        return [line.text() for line in self.lines]

    def _add(self, layout: QVBoxLayout, sentence: str, font: str, tone: str) -> None:
        line = Text(sentence, "small" if font == "small" else "body", tone, wrap=True)
        self.lines.append(line)
        layout.addWidget(line)


def _changes(report: dict[str, object]) -> list[str]:
    from recdesk.data.updating import Changes

    return Changes(**report["changes"]).sentences  # type: ignore[arg-type]


def _other_notes(report: dict[str, object]) -> list[object]:
    changes = _changes(report)
    return [note for note in report["notes"] if note not in changes]  # type: ignore[attr-defined]


class DatasetUpdate(QObject):
    """Updates the chosen dataset from newer files, read and cleaned as the older ones were."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent
        self.job: Job[tuple[ImportResult, int, str]] | None = None
        self.dialog: UpdateDialog | None = None
        self._words: list[str] = []

    def ask(self, add: bool = False) -> None:
        """Ask for the files, unless a run is being trained on the dataset; `add`: its rows stay."""
        name = self._session.dataset_name
        if name is None or self._session.read_only:
            return

        def ask(_nothing: None) -> None:
            if self._session.dataset_name == name:
                title = self.tr("Newer interactions (and items, and users) for {name}").format(name=name)
                names, _ = QFileDialog.getOpenFileNames(self._parent, title)
                if names:
                    self.start([Path(chosen) for chosen in names], add)

        title, check = self.tr("Reading runs"), self._check(name)
        self._session.jobs.run(title, lambda _context: check(), ask, visible=False, replaces="data.update.ask")

    def start(self, paths: Sequence[Path], add: bool = False) -> None:
        """Read newer files of the chosen dataset and show the changes; `add`: its rows stay."""
        name, workspace = self._session.dataset_name, self._session.workspace
        if name is None or self._session.read_only:
            return
        check, self._words = self._check(name), update_words(name, paths, add)

        def work(context: JobContext) -> "tuple[ImportResult, int, str]":
            from recdesk.data.updating import newer_files

            check()
            newer = newer_files(workspace.dataset(name), list(paths))
            result = workspace.read_update(name, newer, task=context, add=add)
            known = workspace.runs()
            runs = sum(run.dataset_name == name for run in known)
            return result, runs, remaining_data(result.dataset.report, known)

        self.job = self._session.jobs.run(
            self.tr("Reading {file}").format(file=paths[0].name),
            work,
            lambda read: self._show(name, paths, add, *read),
            replaces="data.update.read",
        )

    def _show(self, name: str, paths: Sequence[Path], add: bool, result: "ImportResult", runs: int, stays: str) -> None:
        self.dialog = UpdateDialog(result.dataset.name, result, runs, self._parent, stays, add)
        self.dialog.otherwise.connect(lambda: self.start(paths, not add))
        self.dialog.accepted.connect(lambda: self._replace(name, result))
        self.dialog.finished.connect(self._forget)
        self.dialog.open()

    def _replace(self, name: str, result: "ImportResult") -> None:
        workspace, check = self._session.workspace, self._check(name)

        def work(context: JobContext) -> None:
            check()
            workspace.replace_dataset(name, result, context)

        # confirmed by the user: without `replaces`, so that no later job cancels it
        self._session.jobs.run(self.tr("Updating {name}").format(name=name), work, lambda _: self._replaced(name))

    def _replaced(self, name: str) -> None:
        self._session.script.add(self._words)
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
        """A check for jobs that raises while a run is being trained on the dataset."""
        workspace, error = self._session.workspace, being_trained()

        def check() -> None:
            if any(run.dataset_name == name and run.state in ACTIVE for run in workspace.runs()):
                raise error

        return check


def being_trained() -> RecdeskError:
    """The error of a dataset that cannot be changed while a run is trained on it."""
    translate = QCoreApplication.translate
    return RecdeskError(
        translate("DatasetsCard", "A run is being trained on this dataset."),
        translate("DatasetsCard", "Stop it first."),
    )
