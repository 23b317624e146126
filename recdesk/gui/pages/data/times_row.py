"""How times are parsed: their format, and three samples with the result."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.columns.time_forms import FORM_KEYS
from recdesk.data.columns.times import TimeReading
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.draft import ImportDraft
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.data.planning import Preview


class TimesRow(QWidget):
    """A choice of form beside samples: “964982703 → 2000-07-30 18:45:03”; days are shown with their times of day."""

    def __init__(self, session: Session, draft: ImportDraft) -> None:
        super().__init__()
        self._session, self._draft = session, draft
        self._shown: object = None
        self.form = ChoiceBox()
        self.form.setAccessibleName(self.tr("Form of the times"))
        self.form.setToolTip(self.tr("How the times are written; change it where the samples are read wrongly."))
        self.form.addItem(self.tr("as found"), None)
        for key in FORM_KEYS:
            self.form.addItem(form_words(key), key)
        self.form.activated.connect(lambda: draft.change(time_form=self.form.currentData()))
        self.samples = Text("", "small", "secondary", tabular=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 0)
        row.setSpacing(10)
        row.addWidget(FormLabel(self.tr("Times"), self.form))
        row.addWidget(self.form)
        row.addWidget(self.samples, 1)
        self.hide()
        draft.changed.connect(self.refresh)

    @property
    def has_times(self) -> bool:
        """Whether a column holds times."""
        return bool(self._draft.role_column("time"))

    def refresh(self) -> None:
        """Read the samples again if the column or the format changed."""
        plan, preview = self._draft.plan, self._draft.previews.get("interactions")
        column, clock = self._draft.role_column("time"), self._draft.role_column("clock")
        if plan is None or preview is None or column not in preview.columns:
            self.hide()
            return
        self.form.setCurrentIndex(self.form.findData(plan.time_form))
        inputs = (id(preview), column, clock, plan.time_form)
        if inputs != self._shown:
            self._shown = inputs
            self._read(preview, column, clock, plan.time_form)

    def _read(self, preview: "Preview", column: str, clock: str, form: str | None) -> None:
        def work(_context: JobContext) -> TimeReading | None:
            return preview.times_of(column, form, clock)

        self._session.jobs.run(
            self.tr("Reading times"), work, self._show, self._failed, visible=False, replaces="data.times"
        )

    def _show(self, reading: TimeReading | None) -> None:
        if reading is None:
            self.samples.setText(self.tr("no times in sight"))
            return
        self.form.setItemText(0, self.tr("as found: {form}").format(form=form_words(reading.form.key)))
        if self.form.currentIndex():
            self.form.setItemText(0, self.tr("as found"))
        samples = [f"{text} → {moment.rstrip('Z').replace('T', ' ')}" for text, moment in reading.samples]
        self.samples.set_tone("warning" if reading.unread else "secondary")
        self.samples.setText("\n".join(samples) or self.tr("none of the first rows can be read"))

    def _failed(self, error: RecdeskError) -> None:
        self.samples.setText(translated(error.sentence))


def form_words(key: str) -> str:
    """The name of a format of times in the window's language."""
    translate = QCoreApplication.translate
    return {
        "digits": translate("Times", "20241231"),
        "long-digits": translate("Times", "20241231235959"),
        "excel": translate("Times", "Excel's days"),
        "epoch": translate("Times", "epoch seconds"),
        "iso": translate("Times", "ISO 8601"),
        "year-first": translate("Times", "year first"),
        "month-first": translate("Times", "month first"),
        "day-first": translate("Times", "day first"),
        "month-word": translate("Times", "month as a word"),
        "computer": translate("Times", "as computers print it"),
        "ticks": translate("Times", ".NET ticks"),
        "iso-basic": translate("Times", "ISO 8601 without marks"),
        "iso-week": translate("Times", "ISO week or day of the year"),
        "json-date": translate("Times", "/Date(…)/"),
    }.get(key, key)
