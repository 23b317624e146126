"""Desktop notifications: a long job has ended while the window is not in front."""

import time
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from recdesk.gui import resources, words
from recdesk.gui.jobs import Job
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.tray import Tray

LONG_SECONDS = 20.0
"""What ends sooner is not told: the person is still there."""


class Notifications(QObject):
    """Tells the desktop when a training run or a long job ends, unless the window is in front.

    Attributes:
        began: when the run under way began, by `time.monotonic`.
    """

    def __init__(self, session: Session, window: QWidget, tray: Tray) -> None:
        super().__init__(window)
        self._session, self._window, self._tray = session, window, tray
        self.began = time.monotonic()
        session.training.state_changed.connect(self._training_changed)
        session.jobs.finished.connect(self._job_ended)

    def tell(self, title: str, text: str) -> None:
        """Show a notification, and let the taskbar's entry call for attention."""
        QApplication.alert(self._window)
        icon = self._tray.shown_icon()
        if icon is not None:
            icon.showMessage(title, text, resources.app_icon())

    def _training_changed(self, state: str) -> None:
        training = self._session.training
        if state == "running" and training.curves.step == 0:
            self.began = time.monotonic()
        ended = training.curves.finished
        if state != "idle" or training.run is None or self._session.tuning.active:
            return
        long = time.monotonic() - self.began >= LONG_SECONDS
        if self._tray.away or (long and not self._window.isActiveWindow()):
            reason = translated(ended.reason) if ended is not None else words.state(training.run.state)
            self.tell(words.run_title(training.run), reason)

    def _job_ended(self, job: Job[Any]) -> None:
        long = time.monotonic() - job.begun >= LONG_SECONDS
        if long and job.visible and job.state in ("done", "failed") and not self._window.isActiveWindow():
            text = self.tr("Done.") if job.state == "done" else translated(job.error.sentence if job.error else "")
            self.tell(job.title, text)
