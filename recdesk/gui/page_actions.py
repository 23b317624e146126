"""What can be done on a page, from anywhere in the window: the page is shown first."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject

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
