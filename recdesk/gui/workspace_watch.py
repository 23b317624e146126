"""Follows what other processes, such as a second window or a command, change in the workspace."""

from PySide6.QtCore import QObject, QTimer

from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.workspace.watching import Fingerprint, fingerprint

INTERVAL_MS = 3000
_KEY = "workspace.watch"


class WorkspaceWatch(QObject):
    """Looks at the workspace in a job every few seconds, and has lists read again that have changed. While this window
    trains it does not look."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._seen: Fingerprint | None = None
        self._of = session.run_id  # whose log was looked at
        for signal in (session.datasets_changed, session.runs_changed):
            signal.connect(self._forget)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self.look()

    def look(self) -> None:
        """Look now, in a job."""
        session, run_id = self._session, self._session.run_id
        if session.training.state != "idle" or session.jobs.at_work(_KEY):
            return
        folder = session.workspace.folder

        def work(_context: JobContext) -> Fingerprint | None:
            return fingerprint(folder, run_id)

        def done(found: Fingerprint | None) -> None:
            self._compare(found, run_id)

        session.jobs.run(self.tr("Looking for changes"), work, done, visible=False, replaces=_KEY)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
        self._session.jobs.drop(_KEY)

    def _forget(self) -> None:
        """What is about to be read anyway, as this window has changed it, is no news."""
        self._seen = None
        self._session.jobs.drop(_KEY)

    def _compare(self, found: Fingerprint | None, run_id: str | None) -> None:
        before, of = self._seen, self._of
        self._seen, self._of = found, run_id
        if found is None or before is None:
            return
        if found.datasets != before.datasets:
            self._session.datasets_changed.emit()
        if found.runs != before.runs:
            self._session.runs_changed.emit()
        if of == run_id and found.log != before.log:
            self._session.run_grew.emit()
        self._seen = found
