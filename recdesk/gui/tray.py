"""The icon in the tray: it shows the progress of the run, and keeps recdesk running without its window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon, QWidget

from recdesk.gui import resources, theme, words
from recdesk.gui.session import Session
from recdesk.gui.taskbar import TaskbarProgress

REFRESH_MS = 2000
_SIZE = 64
_WIDTH = 10


class Tray(QObject):
    """Shows the progress of the run in the tray while the window is away, and in the taskbar.

    Args:
        session: whose run it is.
        window: comes back from the tray.

    Attributes:
        icon: None before it was needed, and where the desktop has no tray.
        away: whether the window is away and recdesk runs in the tray.
    """

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.icon: QSystemTrayIcon | None = None
        self.away = False
        self._menu: QMenu | None = None
        self._taskbar = TaskbarProgress()
        self._timer = QTimer(self, interval=REFRESH_MS)
        self._timer.timeout.connect(self.refresh)
        session.training.state_changed.connect(self._training_changed)
        self._training_changed(session.training.state)

    @staticmethod
    def available() -> bool:
        """Whether the desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def shown_icon(self) -> QSystemTrayIcon | None:
        """The icon, made visible; None where the desktop has no tray."""
        if self.icon is None and self.available():
            self.icon = QSystemTrayIcon(resources.app_icon(), self)
            self.icon.messageClicked.connect(self.come)
            self.icon.activated.connect(self._activated)
            self._menu = QMenu(self._window)
            self._menu.aboutToShow.connect(self._fill_menu)
            self.icon.setContextMenu(self._menu)
            self._fill_menu()
        if self.icon is not None:
            self.icon.show()
        return self.icon

    def go(self) -> bool:
        """Put the window away and keep running; False where the desktop has no tray."""
        if self.shown_icon() is None:
            return False
        self.away = True
        QApplication.setQuitOnLastWindowClosed(False)  # a dialog that closes would end the program
        self._window.hide()
        self.refresh()
        return True

    def come(self, *_: object) -> None:
        """Bring the window back."""
        self.away = False
        QApplication.setQuitOnLastWindowClosed(True)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        if self.icon is not None:
            self.icon.hide()

    def end(self) -> None:
        """Leave tray and taskbar: the window closes for good."""
        self._timer.stop()
        self._taskbar.show(None)
        QApplication.setQuitOnLastWindowClosed(True)
        if self.icon is not None:
            self.icon.hide()

    def refresh(self) -> None:
        """Show how far the run is."""
        training = self._session.training
        share = None if training.state == "idle" else training.curves.share_done()
        self._taskbar.show(share)
        if self.icon is not None:
            paused = training.state == "paused"
            self.icon.setIcon(resources.app_icon() if share is None else progress_icon(share, paused))
            self.icon.setToolTip(self.told())

    def told(self) -> str:
        """What the tray says: the run, how far it is, and what is left."""
        training = self._session.training
        if training.state == "idle" or training.run is None:
            return self.tr("recdesk: nothing runs")
        said = [words.run_title(training.run), words.percent(training.curves.share_done())]
        left = training.curves.seconds_left()
        if training.state == "paused":
            said.append(self.tr("paused"))
        elif left is not None:
            said.append(self.tr("at most {time} left").format(time=words.duration(left)))
        return " · ".join(said)

    def _training_changed(self, state: str) -> None:
        if state == "idle":
            self._timer.stop()
        else:
            self._timer.start()
        self.refresh()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.come()

    def _fill_menu(self) -> None:
        menu, training = self._menu, self._session.training
        if menu is None:
            return
        menu.clear()
        entries: list[tuple[str, Callable[[], object], bool]] = [
            (self.tr("Show recdesk"), self.come, True),
            (self.tr("Pause training"), training.pause, training.state == "running"),
            (self.tr("Go on with training"), training.resume, training.state == "paused"),
            (self.tr("Stop training and keep it"), training.stop, training.state in ("running", "paused")),
            (self.tr("Quit"), self._quit, True),
        ]
        for title, do, wanted in entries:
            if wanted:
                menu.addAction(title).triggered.connect(lambda _checked=False, do=do: do())

    def _quit(self) -> None:
        """Bring the window back, which asks what becomes of what runs, and close it."""
        self.come()
        self._window.close()


def progress_icon(share: float, paused: bool) -> QIcon:
    """The program's icon with a ring around it that closes as the run goes on."""
    drawn = QPixmap(_SIZE, _SIZE)
    drawn.fill(Qt.GlobalColor.transparent)
    roles = theme.roles()
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inside = _SIZE - 2 * _WIDTH - 8
    at = (_SIZE - inside) // 2
    painter.drawPixmap(at, at, resources.app_icon().pixmap(inside, inside))
    ring = QRectF(drawn.rect()).adjusted(_WIDTH / 2, _WIDTH / 2, -_WIDTH / 2, -_WIDTH / 2)
    painter.setPen(QPen(roles.edge, _WIDTH))
    painter.drawEllipse(ring)
    done = QPen(roles.warning if paused else roles.good, _WIDTH)
    done.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(done)
    painter.drawArc(ring, 90 * 16, -round(360 * 16 * min(max(share, 0.0), 1.0)))
    painter.end()
    return QIcon(drawn)


def without_tray() -> str:
    """Why recdesk cannot go on without its window here."""
    return QCoreApplication.translate(
        "Tray", "This desktop has no tray, so recdesk cannot go on without its window; it can be minimised."
    )
