"""Preparing an import and carrying it out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.errors import RecdeskError
from recdesk.gui import theme
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.pages.data.files_card import FilesCard
from recdesk.gui.pages.data.preview_card import PreviewCard
from recdesk.gui.pages.data.reading_card import ReadingCard
from recdesk.gui.pages.data.roles_card import RolesCard
from recdesk.gui.pages.data.rules_card import RulesCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.progress_line import ProgressLine
from recdesk.gui.widgets.text import ElidedText

if TYPE_CHECKING:
    from recdesk.data.importing import ImportPlan


class ImportView(QWidget):
    """The preview with everything that can be corrected beside it, and the progress of the import under it.

    Signals:
        imported: the new dataset's name.
        busy_changed: an import began or ended.
    """

    imported = Signal(str)
    busy_changed = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._job: Job[str] | None = None
        self.draft = ImportDraft(session)
        self.preview = PreviewCard(self.draft)
        self.files = FilesCard(self.draft)
        self.roles = RolesCard(self.draft)
        self.reading = ReadingCard(self.draft)
        self.rules = RulesCard(self.draft)
        self.line = ProgressLine(self.tr("Progress of the import"))
        self._words = ElidedText("", "body", "secondary")
        self._progress = Card()
        self._progress.body.addWidget(self._words)
        self._progress.body.addWidget(self.line)
        self._progress.hide()
        for chip in self.preview.chips.values():
            chip.clicked.connect(lambda: self.reading.show_part(self.preview.part))
        self._settings = QWidget()
        row = QHBoxLayout(self._settings)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for card in (self.files, self.roles, self.rules, self.reading):
            row.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.GAP)
        column.addWidget(self.preview, 1)
        column.addWidget(self._progress)
        column.addWidget(self._settings)

    @property
    def busy(self) -> bool:
        """An import is under way."""
        return self._job is not None

    def start(self) -> None:
        """Import what was prepared."""
        plan = self.draft.plan
        if plan is None or self.busy or self.draft.missing():
            return

        def work(context: JobContext) -> str:
            return _import(self._session, plan, context)

        title = self.tr("Importing {file}").format(file=plan.interactions.name)
        self._job = self._session.jobs.run(title, work, self._done, self._failed, replaces="data.import")
        self._job.progressed.connect(self._show_progress)
        self._job.ended.connect(self._ended)
        self._show_progress(0.0, title)
        self._set_busy(True)

    def cancel(self) -> None:
        """Give up the import under way; nothing of it stays."""
        if self._job is not None:
            self._job.cancel()

    def _show_progress(self, fraction: float, sentence: str) -> None:
        self.line.set_value(fraction)
        if sentence:
            self._words.setText(sentence)

    def _set_busy(self, busy: bool) -> None:
        self._progress.setVisible(busy)
        self._settings.setVisible(not busy)
        self.preview.set_fixed(busy)
        self.busy_changed.emit(busy)

    def _done(self, name: str) -> None:
        self.imported.emit(name)

    def _failed(self, error: RecdeskError) -> None:
        self._session.fail(error)

    def _ended(self) -> None:
        self._job = None
        self._set_busy(False)


def _import(session: Session, plan: "ImportPlan", context: JobContext) -> str:
    from recdesk.data.importing import import_files
    from recdesk.errors import CancelledError

    result = import_files(plan, context.progress, context.is_cancelled)
    if context.cancelled:
        raise CancelledError("The import")
    return session.workspace.add_dataset(result)
