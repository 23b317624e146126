"""The Recommend page's part of actions, and the commands that do the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from recdesk.gui.command_lines import export_words, recommend_words
from recdesk.gui.pages.base import Command

if TYPE_CHECKING:
    from recdesk.gui.pages.recommend.page import RecommendPage

OF_ITEM = ("recommend.explain", "recommend.similar", "recommend.export")
"""Actions in the menu of a recommended item."""


class PageCommands:
    """What the page can do now, with the command of each.

    Args:
        page: whose run, person and item are meant.
    """

    def __init__(self, page: "RecommendPage") -> None:
        self._page = page

    def all(self) -> Mapping[str, Command]:
        """By id of the action."""
        page, history = self._page, self._page.history
        return {
            "recommend.export": Command(page.export, self._has_model, self._export),
            "recommend.explain": Command(page.why.table.setFocus, self._has_item, self._explain),
            "recommend.similar": Command(self._open, self._has_item, self._similar),
            "recommend.undo": Command(history.undo, lambda: history.can_undo),
            "recommend.redo": Command(history.redo, lambda: history.can_redo),
            "recommend.find": Command(page.users.focus_search, self._has_model),
            "recommend.item": Command(page.items.find, self._has_model),
            "recommend.map": Command(page.map.open, self._has_model, page.map.command_words),
            "recommend.compare": Command(page.comparison.ask, lambda: page.comparison.possible, self.recommend),
        }

    def recommend(self) -> list[str] | None:
        """Words for the recommendations on the page, without edits; None where there are none."""
        page = self._page
        if page.run is None or page.model is None or page.history.user < 0:
            return None
        name, others = page.history.name(page.history.user), page.comparison.run_ids[1:]
        return recommend_words(page.run.id, name, page.edits.wish(), page.top.n(), others)

    def _has_model(self) -> bool:
        return self._page.model is not None

    def _has_item(self) -> bool:
        return self._has_model() and bool(self._page.top.code)

    def _open(self) -> None:
        self._page.items.open(self._page.top.code)

    def _item(self) -> str | None:
        model = self._page.model
        return str(model.dataset.item_ids[self._page.top.code - 1]) if model is not None and self._has_item() else None

    def _explain(self) -> list[str] | None:
        page, item = self._page, self._item()
        if item is None or page.run is None or page.history.user < 0:
            return None
        return ["explain", page.run.id, page.history.name(page.history.user), item, "--top", str(page.top.n())]

    def _similar(self) -> list[str] | None:
        item, run = self._item(), self._page.run
        return None if item is None or run is None else ["similar", run.id, item]

    def _export(self) -> list[str] | None:
        page = self._page
        if page.run is None or not self._has_model():
            return None
        return export_words(page.run.id, Path("recommendations.csv"), page.top.n(), raw_ids=False)
