"""What can be done from anywhere in the window."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from recdesk.gui import theme
from recdesk.gui.actions import ActionSpec
from recdesk.gui.session import Session


class ShellActions(QObject):
    """Registers the window's own actions with the session."""

    def __init__(self, session: Session, open_palette: Callable[[], object], close: Callable[[], object]) -> None:
        super().__init__(session)
        self._session = session
        for spec in self._places() + self._training() + self._looks():
            session.actions.add(spec)
        session.actions.add(ActionSpec("window.palette", self.tr("Commands…"), open_palette, "Ctrl+K", "View"))
        session.actions.add(ActionSpec("help.logs", self.tr("Open the log folder"), self._open_logs, place="Help"))
        session.actions.add(
            ActionSpec("help.shortcuts", self.tr("Keyboard shortcuts"), lambda: session.go("settings"), "F1", "Help")
        )
        session.actions.add(ActionSpec("window.close", self.tr("Quit"), close, "Ctrl+Q", "File"))

    def _places(self) -> list[ActionSpec]:
        places = {
            "data": (self.tr("Go to Data"), "Ctrl+1"),
            "train": (self.tr("Go to Train"), "Ctrl+2"),
            "runs": (self.tr("Go to Runs"), "Ctrl+3"),
            "recommend": (self.tr("Go to Recommend"), "Ctrl+4"),
            "settings": (self.tr("Go to Settings"), "Ctrl+,"),
        }
        return [
            ActionSpec(f"go.{key}", title, lambda key=key: self._session.go(key), shortcut, "View")  # type: ignore[misc]
            for key, (title, shortcut) in places.items()
        ]

    def _training(self) -> list[ActionSpec]:
        training = self._session.training

        def is_in(*states: str) -> Callable[[], bool]:
            return lambda: training.state in states

        return [
            ActionSpec("training.pause", self.tr("Pause training"), training.pause, "Ctrl+P", "Run", is_in("running")),
            ActionSpec(
                "training.resume",
                self.tr("Go on with training"),
                training.resume,
                "Ctrl+Shift+P",
                "Run",
                is_in("paused"),
            ),
            ActionSpec(
                "training.stop",
                self.tr("Stop training and keep it"),
                training.stop,
                "Ctrl+.",
                "Run",
                is_in("running", "paused"),
            ),
        ]

    def _looks(self) -> list[ActionSpec]:
        choices: dict[theme.Choice, str] = {
            "system": self.tr("Colours of the system"),
            "light": self.tr("Light colours"),
            "dark": self.tr("Dark colours"),
        }
        return [
            ActionSpec(f"theme.{choice}", title, lambda choice=choice: set_theme(self._session, choice), place="View")  # type: ignore[misc]
            for choice, title in choices.items()
        ]

    def _open_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.workspace.folder / "logs")))


def set_theme(session: Session, choice: theme.Choice) -> None:
    """Use these colours and remember them."""
    session.preferences.theme = choice
    app = QCoreApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, choice)
