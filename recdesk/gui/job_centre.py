"""Everything that runs, in one list: how far it is, how long it takes yet, and what can be done with it."""

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme, words
from recdesk.gui.jobs import Job
from recdesk.gui.queue_rows import QueueRows
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.text import ElidedText, Text

_WIDTH = 440
_REFRESH_MS = 300
_PACE_SECONDS = 2.0


class JobRow(QWidget):
    """One thing that runs: title, state, progress, and buttons."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(ElidedText(title, "strong", in_middle=True), 1)
        self.state = Text("", "small", "secondary", tabular=True)
        row.addWidget(self.state)
        column.addLayout(row)
        self.line = ProgressLine(title)
        column.addWidget(self.line)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(2)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)

    def add(self, text: str, callback: Callable[[], object]) -> Chip:
        """Add a button."""
        chip = Chip(text)
        chip.clicked.connect(lambda: callback())
        self._buttons.addWidget(chip)
        return chip

    def show_progress(self, state: str, share: float) -> None:
        """Show how far it is."""
        self.state.setText(state)
        self.line.set_value(share)


class JobCentre(QWidget):
    """A list over the window, above the status strip. Escape, or a click elsewhere, closes it.

    Attributes:
        rows: of the run that is trained, then of the jobs.
        discarding: id of the run that goes to the trash when it has stopped; "" for none.
    """

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(self.tr("What runs"))
        self._session, self._window = session, parent
        self.rows: list[JobRow] = []
        self._jobs: list[Job[Any]] = []
        self.discarding = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(16, 14, 16, 14)
        self._column.setSpacing(14)
        self._nothing = Text(self.tr("Nothing runs."), "body", "secondary")
        self._column.addWidget(self._nothing)
        self.queue = QueueRows(session.queue)
        self.queue.resized.connect(self._queue_resized)
        self._column.addWidget(self.queue)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        session.jobs.changed.connect(self._changed)
        session.training.state_changed.connect(self._training_changed)

    def open(self) -> None:
        """Show it above the status strip."""
        self._session.queue.refresh()
        self._rebuild()
        self._place()
        self.show()
        self._timer.start()

    def hideEvent(self, event: object) -> None:
        """Nothing to refresh while it is hidden."""
        self._timer.stop()
        super().hideEvent(event)  # type: ignore[arg-type]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.roles().edge, 1))
        painter.setBrush(theme.roles().card)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def refresh(self) -> None:
        """Show how far everything is."""
        rows = iter(self.rows)
        if self._session.training.state != "idle":
            self._show_training(next(rows))
        for row, job in zip(rows, self._jobs, strict=False):
            row.show_progress(time_left(job), job.share or 0.0)

    def discard_run(self) -> None:
        """Stop the run that is trained and move it to the trash."""
        run = self._session.training.run
        if self._session.training.state != "idle" and run is not None:
            self.discarding = run.id
            self._session.tuning.stop()
            self._session.training.stop()
            self._session.training.stop()  # without final figures

    def _rebuild(self) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self._jobs = self._session.jobs.visible_jobs()
        self.rows = [self._training_row()] if self._session.training.state != "idle" else []
        self.rows += [self._job_row(job) for job in self._jobs]
        self._column.removeWidget(self.queue)
        for widget in (*self.rows, self.queue):
            self._column.addWidget(widget)
        self._nothing.setVisible(not self.rows and self.queue.isHidden())
        self.refresh()
        if self.isVisible():
            self._place()

    def _training_row(self) -> JobRow:
        session, run = self._session, self._session.training.run
        training = session.training
        row = JobRow(self.tr("Training {run}").format(run=words.run_title(run) if run is not None else ""))
        row.add(self.tr("Show"), self._show_training_page)
        if training.state == "running":
            row.add(self.tr("Pause"), training.pause)
        elif training.state == "paused":
            row.add(self.tr("Go on"), training.resume)
        row.add(self.tr("Stop and keep"), lambda: session.tuning.stop() if session.tuning.active else training.stop())
        row.add(self.tr("Discard"), self.discard_run).set_tone("bad")
        return row

    def _show_training_page(self) -> None:
        self.close()
        self._session.go("train")

    def _job_row(self, job: Job[Any]) -> JobRow:
        row = JobRow(job.title)
        row.add(self.tr("Cancel"), job.cancel)
        return row

    def _show_training(self, row: JobRow) -> None:
        training = self._session.training
        curves, state = training.curves, training.state
        left = curves.seconds_left()
        said = {"paused": self.tr("paused"), "stopping": self.tr("stopping…")}.get(state, "")
        if not said and left is not None:
            said = self.tr("at most {time} left").format(time=words.duration(left))
        row.show_progress(said or self.tr("training"), curves.share_done())

    def _training_changed(self, state: str) -> None:
        run = self._session.training.run
        if state == "idle" and self.discarding and run is not None and run.id == self.discarding:
            self.discarding = ""
            self._trash(run.id)
        self._changed()

    def _changed(self) -> None:
        if self.isVisible():
            self._rebuild()

    def _queue_resized(self) -> None:
        self._nothing.setVisible(not self.rows and self.queue.isHidden())
        if self.isVisible():
            self._place()

    def _trash(self, run_id: str) -> None:
        session, workspace = self._session, self._session.workspace

        def done(_nothing: None) -> None:
            if session.run_id == run_id:
                session.choose_run(None)
            session.runs_changed.emit()
            session.status_changed.emit(self.tr("The run is in the trash of the workspace."))

        title = self.tr("Discarding the run")
        session.jobs.run(title, lambda _context: workspace.remove_run(run_id), done, visible=False)

    def _place(self) -> None:
        self.adjustSize()
        size = QSize(min(_WIDTH, self._window.width() - 32), self.sizeHint().height())
        self.resize(size)
        corner = self._window.mapToGlobal(self._window.rect().bottomLeft())
        self.move(corner.x() + 188, corner.y() - size.height() - 36)


def time_left(job: Job[Any]) -> str:
    """What is left by its pace, once that is known."""
    spent = time.monotonic() - job.begun
    if not job.share or spent < _PACE_SECONDS:
        return ""
    return words.duration(spent / job.share * (1 - job.share))
