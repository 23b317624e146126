"""The window of a session: another language puts a new one in its place."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

from recdesk.gui.language import install_translation
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.base import Page
from recdesk.gui.session import Session

_AGAIN_MS = 200
"""Until it is tried again, where a dialog is open."""


class Windows(QObject):
    """Keeps the window of a session, and renews it when another language is chosen.

    Everything that runs belongs to the session and goes on. What a person has set on pages is handed over by
    `Page.kept` and `Page.take`. A page whose own job still works, such as an export, stays unseen until it has ended.

    Attributes:
        window: the one that is shown.
    """

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._resting: list[Page] = []
        self.window = MainWindow(session)
        session.language_chosen.connect(self._renew_soon)
        session.jobs.changed.connect(self._let_go)

    def renew(self) -> None:
        """Show a window in the language of the preferences, in place of the one that is shown."""
        if QApplication.activeModalWidget() is not None:
            self._renew_soon(_AGAIN_MS)
            return
        app, old, actions = QApplication.instance(), self.window, self._session.actions
        assert isinstance(app, QApplication)
        focused = app.focusWidget()
        if focused is not None:  # what is half typed counts as entered
            focused.clearFocus()
            focused.setFocus()
        kept = old.kept()
        install_translation(app, self._session.preferences.language)
        actions.blockSignals(True)  # the menus of both windows would be filled for each action
        try:
            new = self.window = MainWindow(self._session, kept=kept)
        finally:
            actions.blockSignals(False)
        new.setGeometry(old.geometry())
        new.setWindowState(old.windowState())
        if old.isVisible():
            new.show()
            new.preload()
        self._resting += old.retire()

    def _renew_soon(self, milliseconds: int = 0) -> None:
        QTimer.singleShot(milliseconds, self, self.renew)

    def _let_go(self) -> None:
        """Delete pages whose jobs have ended."""
        for page in [page for page in self._resting if not self._session.jobs.of(page)]:
            self._resting.remove(page)
            page.deleteLater()
