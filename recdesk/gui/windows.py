"""The window and its session: another language puts a new window in its place, another workspace a new session too."""

import sys
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import JobContext
from recdesk.gui.language import install_translation
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.base import Kept, Page
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace

_AGAIN_MS = 200
"""Until it is tried again, where a dialog is open or a session that was left still works."""


class Windows(QObject):
    """Keeps the window and its session, and renews them.

    In another language everything that runs goes on, as it belongs to the session, and what a person has set on pages
    is handed over by `Page.kept` and `Page.take`. A page whose own job still works, such as an export, stays unseen
    until it has ended. Another workspace gets a session of its own; where something runs in this one, a second window.

    Attributes:
        session: what the window works on.
        window: the one that is shown.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._resting: list[Page] = []
        self._left: list[Session] = []
        self.session = session
        self.window = self._use(session)

    def renew(self) -> None:
        """Show a window in the language of the preferences, in place of the one that is shown."""
        if QApplication.activeModalWidget() is not None:
            self._renew_soon(_AGAIN_MS)
            return
        app, old = QApplication.instance(), self.window
        assert isinstance(app, QApplication)
        focused = app.focusWidget()
        if focused is not None:  # what is half typed counts as entered
            focused.clearFocus()
            focused.setFocus()
        kept = old.kept()
        install_translation(app, self.session.preferences.language)
        self.window = self._new_window(kept)
        self._replace(old)

    def open_workspace(self, folder: Path, second: bool = False) -> None:
        """Open a workspace here; where it is asked for or something runs here, in a second window."""
        session, folder = self.session, folder.expanduser().absolute()
        if folder == session.workspace.folder:
            session.status_changed.emit(self.tr("This workspace is open here."))
            return
        runs = session.training.state != "idle" or session.tuning.active or bool(session.jobs.working())
        if second or runs:
            if not second:
                said = self.tr("Something runs in this window: the other workspace opens in a second one.")
                session.status_changed.emit(said)
            self.start_second(folder)
            return

        def work(_context: JobContext) -> tuple[Workspace, bool]:
            opened = Workspace(folder)
            return opened, opened.lock()

        title = self.tr("Opening the workspace")
        session.jobs.run(title, work, self._opened, replaces="workspace.open")

    def start_second(self, folder: Path) -> None:
        """Open a workspace in a window of its own, by a process of its own."""
        started, _ = QProcess.startDetached(sys.executable, ["-m", "recdesk", "--workspace", str(folder)])
        if not started:
            self.session.fail(
                RecdeskError(
                    self.tr("A second window could not be started."),
                    self.tr("Start recdesk once more and open the workspace there."),
                )
            )

    def _opened(self, opened: tuple[Workspace, bool]) -> None:
        """Work on another workspace from now on; a run that has begun meanwhile keeps this one."""
        workspace, locked = opened
        if self.session.training.state != "idle":
            workspace.unlock()
            self.start_second(workspace.folder)
            return
        left, old = self.session, self.window
        workspace.keep_temporary_files()
        left.preferences.workspace = workspace.folder
        self.session = Session(workspace, left.preferences, read_only=not locked)
        self.window = self._use(self.session)
        self._replace(old)
        self.session.restore()
        for signal, slot in ((left.language_chosen, self._renew_soon), (left.jobs.changed, self._let_go)):
            signal.disconnect(slot)
        left.workspace_requested.disconnect(self.open_workspace)
        self._resting.clear()
        left.jobs.cancel_all()
        self._left.append(left)
        self._end_left()

    def _use(self, session: Session) -> MainWindow:
        session.preferences.add_recent_workspace(session.workspace.folder)
        session.language_chosen.connect(self._renew_soon)
        session.jobs.changed.connect(self._let_go)
        session.workspace_requested.connect(self.open_workspace)
        return self._new_window(None)

    def _new_window(self, kept: Kept | None) -> MainWindow:
        actions = self.session.actions
        actions.blockSignals(True)  # the menus of both windows would be filled for each action
        try:
            return MainWindow(self.session, kept=kept)
        finally:
            actions.blockSignals(False)

    def _replace(self, old: MainWindow) -> None:
        """Show the window in the place of another one."""
        self.window.setGeometry(old.geometry())
        self.window.setWindowState(old.windowState())
        if old.isVisible():
            self.window.show()
            self.window.preload()
        self._resting += old.retire()

    def _renew_soon(self, milliseconds: int = 0) -> None:
        QTimer.singleShot(milliseconds, self, self.renew)

    def _let_go(self) -> None:
        """Delete pages whose jobs have ended."""
        for page in [page for page in self._resting if not self.session.jobs.of(page)]:
            self._resting.remove(page)
            page.deleteLater()

    def _end_left(self) -> None:
        """Let go of sessions that were left, once none of their jobs is at work: this thread waits for none."""
        for session in [session for session in self._left if session.jobs.quiet()]:
            self._left.remove(session)
            session.shutdown()
            session.deleteLater()
        if self._left:
            QTimer.singleShot(_AGAIN_MS, self, self._end_left)
