"""What the person can do from anywhere in the window: on its pages, and on the window itself."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from recdesk.gui import theme
from recdesk.gui.actions import ActionSpec
from recdesk.gui.session import Session


class PageActions(QObject):
    """Registers the pages' actions with the session, whether or not the pages have been made.

    Args:
        session: what the window works on.
        show: shows a page by its key, made if need be, and gives it.
        made: a page by its key, or None while it has not been made.
    """

    def __init__(self, session: Session, show: Callable[[str], Any], made: Callable[[str], Any]) -> None:
        super().__init__(session)
        self._session, self._show, self._made = session, show, made
        for spec in self._data() + self._train() + self._recommend():
            session.actions.add(spec)

    def _data(self) -> list[ActionSpec]:
        def can_add() -> bool:
            page = self._made("data")
            return not self._session.read_only and not (page is not None and page.importing.busy)

        def can_update() -> bool:
            return can_add() and self._session.dataset is not None and bool(self._session.dataset.rules.get("roles"))

        update = self.tr("Update dataset from file…")

        def example(language: str) -> Callable[[], object]:
            return lambda: self._show("data").add_example(language)

        return [
            ActionSpec(
                "data.open",
                self.tr("Open file…"),
                lambda: self._show("data").add_card.ask_for_files(),
                "Ctrl+O",
                "File",
                can_add,
            ),
            ActionSpec(
                "data.update", update, lambda: self._show("data").datasets.updating.ask(), "", "File", can_update
            ),
            ActionSpec("data.example.en", self.tr("Built-in example in English"), example("en"), "", "File", can_add),
            ActionSpec("data.example.zh", self.tr("Built-in example in Chinese"), example("zh"), "", "File", can_add),
        ]

    def _train(self) -> list[ActionSpec]:
        session = self._session

        def ready() -> bool:
            return session.dataset is not None and session.training.state == "idle" and not session.read_only

        def has_texts() -> bool:
            page = self._made("train")
            return page is not None and bool(page.can_see_texts)

        title = self.tr("Start training")
        texts = self.tr("See what the encoder reads…")
        find = self.tr("Find good settings…")
        return [
            ActionSpec("train.start", title, lambda: self._show("train").start(), "Ctrl+R", "Run", ready),
            ActionSpec("train.tune", find, lambda: self._show("train").find_settings(), "", "Run", ready),
            ActionSpec("train.texts", texts, lambda: self._show("train").see_texts(), "", "Run", has_texts),
        ]

    def _recommend(self) -> list[ActionSpec]:
        def ready() -> bool:
            page = self._made("recommend")
            return page is not None and page.model is not None

        def can_undo() -> bool:
            page = self._made("recommend")
            return page is not None and page.history.can_undo

        def page() -> Any:
            return self._show("recommend")

        export, undo, find = (
            self.tr("Export recommendations…"),
            self.tr("Undo change of history"),
            self.tr("Find user"),
        )
        return [
            ActionSpec("recommend.export", export, lambda: page().export(), "Ctrl+E", "File", ready),
            ActionSpec("recommend.undo", undo, lambda: page().history.undo(), "Ctrl+Z", "Edit", can_undo),
            ActionSpec("recommend.find", find, lambda: page().find_user(), "Ctrl+F", "Edit", ready),
        ]


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
