"""The actions of the window: those of its pages, and those of the window itself."""

from collections.abc import Callable
from functools import partial
from typing import Literal

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from recdesk.gui import theme
from recdesk.gui.actions import ActionSpec, no_command
from recdesk.gui.pages.base import Page
from recdesk.gui.preferences import LANGUAGES, use_theme
from recdesk.gui.session import Session

Why = Literal["window", "asks", "here", "server", "tried", "rules", "later"]


class PageActions(QObject):
    """Registers the actions of the pages, including pages not created yet; an action shows its page first.

    Args:
        session: the shared state.
        show: shows a page by its key, creating it if need be, and returns it.
        made: a page by its key, or None if it has not been created.
        parent: the window.
    """

    def __init__(
        self,
        session: Session,
        show: Callable[[str], Page],
        made: Callable[[str], Page | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._show, self._made = session, show, made
        for spec in self._data() + self._train() + self._runs() + self._recommend():
            session.actions.add(spec)

    def _data(self) -> list[ActionSpec]:
        def can_add() -> bool:
            return not self._session.read_only and self._possible("data.open", unmade=True)

        def can_update() -> bool:
            return can_add() and self._session.dataset is not None and bool(self._session.dataset.rules.get("roles"))

        return [
            self._spec("data.open", self.tr("Open file…"), can_add, "File", "Ctrl+O", "asks"),
            self._spec("data.update", self.tr("Update dataset from file…"), can_update, "File", why="asks"),
            self._spec("data.split", self.tr("Export a split…"), partial(self._possible, "data.split"), "File"),
            self._spec(
                "data.published", self.tr("Published figures…"), partial(self._possible, "data.published"), "File"
            ),
            self._spec("data.remove", self.tr("Remove dataset…"), partial(self._possible, "data.remove"), "File"),
            self._spec("data.example.en", self.tr("Built-in example in English"), can_add, "File"),
            self._spec("data.example.zh", self.tr("Built-in example in Chinese"), can_add, "File"),
        ]

    def _train(self) -> list[ActionSpec]:
        session = self._session

        def ready() -> bool:
            return session.dataset is not None and session.training.state == "idle" and not session.read_only

        def has_texts() -> bool:
            return self._possible("train.texts")

        def can_queue() -> bool:
            return session.dataset is not None and not session.read_only

        def waits() -> bool:
            return not session.read_only and not session.queue.active

        return [
            self._spec("train.start", self.tr("Start training"), ready, "Run", "Ctrl+R"),
            self._spec("train.queue", self.tr("Add to the queue"), can_queue, "Run", "Ctrl+Shift+R", "later"),
            ActionSpec(
                "queue.start", self.tr("Start the queue"), session.queue.start, "", "Run", waits, lambda: ["queue"]
            ),
            ActionSpec(
                "queue.pause",
                self.tr("Pause the queue"),
                session.queue.pause,
                "",
                "Run",
                lambda: session.queue.active and bool(session.queue.waiting),
                reason=no_command("here"),
            ),
            self._spec("train.tune", self.tr("Find good settings…"), ready, "Run"),
            self._spec("train.texts", self.tr("See what the encoder reads…"), has_texts, "Run"),
        ]

    def _runs(self) -> list[ActionSpec]:
        specs: tuple[tuple[str, str, Why], ...] = (
            ("runs.resume", self.tr("Resume run"), "later"),
            ("runs.recommend", self.tr("Recommend with this run"), "later"),
            ("runs.again", self.tr("New run from this"), "later"),
            ("runs.seeds", self.tr("Show or hide the seeds of a group, the trials of a study"), "later"),
            ("runs.compare", self.tr("Compare runs"), "later"),
            ("runs.report", self.tr("Write report…"), "later"),
            ("runs.metrics", self.tr("Export metrics…"), "asks"),
            ("runs.label", self.tr("Name, tags and note…"), "asks"),
            ("runs.serve", self.tr("Serve this run…"), "later"),
            ("runs.serve-stop", self.tr("Stop serving"), "server"),
            ("runs.remove", self.tr("Remove run…"), "later"),
            ("runs.trash", self.tr("Removed runs…"), "asks"),
        )
        return [self._spec(id, title, partial(self._possible, id), "Run", why=why) for id, title, why in specs]

    def _recommend(self) -> list[ActionSpec]:
        specs: tuple[tuple[str, str, str, str, Why], ...] = (
            ("recommend.export", self.tr("Export recommendations…"), "File", "Ctrl+E", "later"),
            ("recommend.explain", self.tr("Why this item is recommended"), "View", "", "later"),
            ("recommend.similar", self.tr("Items like this one"), "View", "", "later"),
            ("recommend.block", self.tr("Never recommend this item"), "Edit", "", "rules"),
            ("recommend.rules", self.tr("Rules of recommendations…"), "Edit", "", "rules"),
            ("recommend.undo", self.tr("Undo change of history"), "Edit", "Ctrl+Z", "tried"),
            ("recommend.redo", self.tr("Redo change of history"), "Edit", "Ctrl+Shift+Z", "tried"),
            ("recommend.find", self.tr("Find user"), "Edit", "Ctrl+F", "window"),
            ("recommend.item", self.tr("Find item…"), "Edit", "Ctrl+Shift+F", "window"),
            ("recommend.map", self.tr("Map of the items"), "View", "Ctrl+M", "later"),
            ("recommend.attention", self.tr("Attention (diagnostics)…"), "View", "", "later"),
            ("recommend.as-of", self.tr("Recommend as of a day…"), "View", "", "later"),
            ("recommend.compare", self.tr("Compare runs for a person…"), "View", "", "later"),
        )
        return [
            self._spec(i, title, partial(self._possible, i), menu, keys, why) for i, title, menu, keys, why in specs
        ]

    def _spec(
        self, id: str, title: str, enabled: Callable[[], bool], menu: str, shortcut: str = "", why: Why = "later"
    ) -> ActionSpec:
        do, words = partial(self._perform, id), partial(self._words, id)
        return ActionSpec(id, title, do, shortcut, menu, enabled, words, no_command(why))

    def _words(self, action_id: str) -> list[str] | None:
        page = self._made(_page_key(action_id))
        return None if page is None else page.commands()[action_id].words()

    def _perform(self, action_id: str) -> None:
        self._show(_page_key(action_id)).commands()[action_id].perform()

    def _possible(self, action_id: str, unmade: bool = False) -> bool:
        """Whether the page can do it now; `unmade` is the answer for a page not created yet."""
        page = self._made(_page_key(action_id))
        return unmade if page is None else page.commands()[action_id].enabled()


def _page_key(action_id: str) -> str:
    return action_id.partition(".")[0]


class ShellActions(QObject):
    """Registers the window's own actions with the session."""

    def __init__(
        self,
        session: Session,
        open_palette: Callable[[], object],
        close: Callable[[], object],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        for spec in self._pages() + self._training() + self._looks() + self._languages():
            session.actions.add(spec)
        session.actions.add(self._shown("window.palette", self.tr("Commands…"), open_palette, "Ctrl+K", "View"))
        session.actions.add(self._shown("help.logs", self.tr("Open the log folder"), self._open_logs, menu="Help"))
        session.actions.add(
            self._shown("help.shortcuts", self.tr("Keyboard shortcuts"), lambda: session.go("settings"), "F1", "Help")
        )
        session.actions.add(self._shown("help.glossary", self.tr("Glossary…"), self._show_glossary, menu="Help"))
        session.actions.add(self._shown("window.close", self.tr("Quit"), close, "Ctrl+Q", "File"))

    def _shown(
        self, id: str, title: str, callback: Callable[[], object], shortcut: str = "", menu: str = ""
    ) -> ActionSpec:
        """An action that concerns the window alone."""
        return ActionSpec(id, title, callback, shortcut, menu, reason=no_command("window"))

    def _pages(self) -> list[ActionSpec]:
        pages = {
            "data": (self.tr("Go to Data"), "Ctrl+1"),
            "train": (self.tr("Go to Train"), "Ctrl+2"),
            "runs": (self.tr("Go to Runs"), "Ctrl+3"),
            "recommend": (self.tr("Go to Recommend"), "Ctrl+4"),
            "settings": (self.tr("Go to Settings"), "Ctrl+,"),
        }
        return [
            self._shown(f"go.{key}", title, partial(self._session.go, key), shortcut, "View")
            for key, (title, shortcut) in pages.items()
        ]

    def _training(self) -> list[ActionSpec]:
        training, here = self._session.training, no_command("here")

        def is_in(*states: str) -> Callable[[], bool]:
            return lambda: training.state in states

        return [
            ActionSpec(
                "training.pause",
                self.tr("Pause training"),
                training.pause,
                "Ctrl+P",
                "Run",
                is_in("running"),
                reason=here,
            ),
            ActionSpec(
                "training.resume",
                self.tr("Go on with training"),
                training.resume,
                "Ctrl+Shift+P",
                "Run",
                is_in("paused"),
                reason=here,
            ),
            ActionSpec(
                "training.stop",
                self.tr("Stop training and keep it"),
                training.stop,
                "Ctrl+.",
                "Run",
                is_in("running", "paused"),
                reason=here,
            ),
        ]

    def _looks(self) -> list[ActionSpec]:
        choices: dict[theme.Choice, str] = {
            "system": self.tr("Colours of the system"),
            "light": self.tr("Light colours"),
            "dark": self.tr("Dark colours"),
        }
        return [
            self._shown(
                f"theme.{choice}",
                title,
                partial(use_theme, self._session.preferences, choice),
                menu="View",
            )
            for choice, title in choices.items()
        ]

    def _languages(self) -> list[ActionSpec]:
        titles = (self.tr("Language of the system"), "English", "简体中文")
        choose = self._session.choose_language
        return [
            self._shown(f"language.{language}", title, partial(choose, language), menu="View")
            for language, title in zip(LANGUAGES, titles, strict=True)
        ]

    def _show_glossary(self) -> None:
        from recdesk.gui.glossary import GlossaryDialog

        dialog = GlossaryDialog(QApplication.activeWindow())
        dialog.exec()
        dialog.deleteLater()

    def _open_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.workspace.folder / "logs")))
