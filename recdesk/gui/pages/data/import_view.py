"""Preparing an import and carrying it out."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.pages.data.preview_card import PreviewCard
from recdesk.gui.pages.data.reader import IntakeReader
from recdesk.gui.pages.data.reading_card import ReadingCard
from recdesk.gui.pages.data.rules_card import RulesCard
from recdesk.gui.pages.data.side_cards import FilesCard, PrivacyCard
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.text import ElidedText

if TYPE_CHECKING:
    from recdesk.data.importing import Intake
    from recdesk.data.plan import ImportPlan

_SIDE_WIDTH = 288


class ImportView(QWidget):
    """The preview over the rules, with how the file is read beside them; the progress of the import under all.

    Signals:
        imported: the new dataset's name.
        busy_changed: an import began or ended.
        left: an import has ended that another view began.
    """

    imported = Signal(str)
    busy_changed = Signal(bool)
    left = Signal()

    def __init__(self, session: Session, draft: ImportDraft | None = None, reader: IntakeReader | None = None) -> None:
        super().__init__()
        self._session = session
        self._job: Job[str] | None = None
        self._waiting = False
        self.draft = draft or ImportDraft(session)
        self.reader = reader or IntakeReader(session, self.draft)
        self.preview = PreviewCard(session, self.draft)
        self.files = FilesCard(self.draft)
        self.reading = ReadingCard(self.draft)
        self.rules = RulesCard(self.draft, self.reader)
        self.privacy = PrivacyCard(self.draft)
        self.preview.part_changed.connect(self.reading.show_part)
        self.reader.changed.connect(self._go_on)
        self.reader.progressed.connect(self._show_reading)
        self._build()

    @property
    def busy(self) -> bool:
        """Whether an import is running."""
        return self._job is not None or self._waiting

    def start(self) -> None:
        """Start the import. It uses the rows that the rules card has read or is reading."""
        plan = self.draft.plan
        if plan is None or self.busy or self.draft.missing():
            return
        self._show_progress(0.0, self.tr("Importing {file}").format(file=plan.interactions.name))
        if self.reader.state == "reading":
            self._waiting = True
            self._set_busy(True)
        else:
            self._carry_out(plan)

    def cancel(self) -> None:
        """Cancel the running import; nothing is stored."""
        if self._waiting:
            self._waiting = False
            self.reader.stop()
            self._set_busy(False)
        elif self._job is not None:
            self._job.cancel()

    def kept(self) -> Kept:
        """See `Page.kept`. An import that waits for its rows is started by the view that takes this."""
        waiting, self._waiting = self._waiting, False
        return {
            "draft": self.draft,
            "reader": self.reader,
            "part": self.preview.part,
            "more": (self.rules.more.isChecked(), self.reading.more.isChecked()),
            "job": self._job,
            "waits": waiting,
        }

    def take(self, kept: Kept) -> None:
        """See `Page.take`; made with the draft and the reader of the other view."""
        self.preview.part = kept["part"]
        self.rules.more.setChecked(kept["more"][0])
        self.reading.more.setChecked(kept["more"][1])
        self.draft.changed.emit()
        self.preview.show_part(kept["part"])
        self._show_read()
        if self.draft.plan is not None:
            self.rules.form.set_rules(self.draft.plan.rules)
        self._waiting = kept["waits"]
        job: Job[str] | None = kept["job"]
        if job is not None and job.state == "running":
            self._show_progress(job.share or 0.0, job.title)
            self._follow(job)
            job.ended.connect(self._taken_job_ended)
        elif self._waiting:
            self._set_busy(True)

    def _taken_job_ended(self, state: str) -> None:
        if state == "done":
            self.left.emit()

    def leave(self) -> None:
        """Release the rows that were read."""
        self.reader.forget()

    def _build(self) -> None:
        self.line = ProgressLine(self.tr("Progress of the import"))
        self._words = ElidedText("", "body", "secondary")
        self._progress = Card()
        self._progress.body.addWidget(self._words)
        self._progress.body.addWidget(self.line)
        self._progress.hide()
        left = QVBoxLayout()
        left.setSpacing(theme.GAP)
        left.addWidget(self.preview, 1)
        left.addWidget(self._progress)
        left.addWidget(self.rules)
        self._side = QWidget()
        self._side.setFixedWidth(_SIDE_WIDTH)
        side = QVBoxLayout(self._side)
        side.setContentsMargins(0, 0, 0, 0)
        side.setSpacing(theme.GAP)
        for card in (self.reading, self.files, self.privacy):
            side.addWidget(card)
        side.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        row.addLayout(left, 1)
        row.addWidget(self._side)

    def _show_read(self) -> None:
        intake = self.reader.intake
        self.preview.show_read(None if intake is None else intake.report.notes)

    def _go_on(self) -> None:
        """Show the notes of reading; if an import waits for the rows, start it."""
        self._show_read()
        if not self._waiting or self.reader.state == "reading":
            return
        self._waiting = False
        plan = self.draft.plan
        if self.reader.state == "read" and plan is not None:
            self._carry_out(plan)
            return
        self._set_busy(False)
        if self.reader.error is not None:
            self._session.fail(self.reader.error)

    def _carry_out(self, plan: "ImportPlan") -> None:
        intake = self.reader.intake

        def work(context: JobContext) -> str:
            return _import(self._session, plan, intake, context)

        title = self.tr("Importing {file}").format(file=plan.interactions.name)
        self._follow(self._session.jobs.run(title, work, self._stored, replaces="data.import"))

    def _follow(self, job: Job[str]) -> None:
        self._job = job
        job.progressed.connect(self._show_progress)
        job.ended.connect(self._ended)
        self._set_busy(True)

    def _stored(self, name: str) -> None:
        self.imported.emit(name)

    def _show_reading(self, fraction: float, sentence: str) -> None:
        if self._waiting:
            self._show_progress(fraction, sentence)

    def _show_progress(self, fraction: float, sentence: str) -> None:
        self.line.set_value(fraction)
        if sentence:
            self._words.setText(translated(sentence))

    def _set_busy(self, busy: bool) -> None:
        self._progress.setVisible(busy)
        self.rules.setVisible(not busy)
        self._side.setEnabled(not busy)
        self.preview.set_fixed(busy)
        self.busy_changed.emit(busy)

    def _ended(self) -> None:
        self._job = None
        self._set_busy(False)


def _import(session: Session, plan: "ImportPlan", intake: "Intake | None", context: JobContext) -> str:
    from recdesk.data.importing import import_files

    result = import_files(plan, context, intake)
    return session.workspace.add_dataset(result, context)
