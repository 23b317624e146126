"""The Recommend page's part of actions, and the commands that do the same."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from recdesk.gui.command_lines import export_words, moment_words, recommend_words
from recdesk.gui.pages.base import Command
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.pages.recommend.history_card import HistoryCard
from recdesk.gui.pages.recommend.item_page import ItemPages
from recdesk.gui.pages.recommend.map_control import MapControl
from recdesk.gui.pages.recommend.person_edits import PersonEdits
from recdesk.gui.pages.recommend.rules_control import RulesControl
from recdesk.gui.pages.recommend.run_comparison import RunComparison
from recdesk.gui.pages.recommend.top_card import TopCard
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.pages.recommend.why_card import WhyCard
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

OF_ITEM = ("recommend.explain", "recommend.similar", "recommend.block", "recommend.export")
"""Actions in the menu of a recommended item."""


class RecommendShown(Protocol):
    """The page: its parts, and what it shows."""

    history: History
    edits: PersonEdits
    history_card: HistoryCard
    users: UsersCard
    top: TopCard
    why: WhyCard
    items: ItemPages
    map: MapControl
    comparison: RunComparison
    steering: RulesControl

    @property
    def run(self) -> Run | None:
        """The run that recommends."""

    @property
    def model(self) -> "LiveModel | None":
        """Of the run."""

    def export(self) -> None:
        """Ask what to export and where."""

    @property
    def attends(self) -> bool:
        """Whether the model attends to items."""

    def show_attention(self) -> None:
        """Show what the model attends to."""


class PageCommands:
    """What the page can do now, with the command of each.

    Args:
        page: whose run, person and item are meant.
    """

    def __init__(self, page: RecommendShown) -> None:
        self._page = page

    def all(self) -> Mapping[str, Command]:
        """By id of the action."""
        page, history = self._page, self._page.history
        return {
            "recommend.export": Command(page.export, self._has_model, self._export),
            "recommend.explain": Command(page.why.table.setFocus, self._has_item, self._explain),
            "recommend.similar": Command(self._open, self._has_item, self._similar),
            "recommend.attention": Command(
                page.show_attention, lambda: self._has_item() and page.attends, lambda: self._explain("--attention")
            ),
            "recommend.block": Command(self._block, self._has_item),
            "recommend.rules": Command(page.steering.ask, self._has_model),
            "recommend.undo": Command(history.undo, lambda: history.can_undo),
            "recommend.redo": Command(history.redo, lambda: history.can_redo),
            "recommend.find": Command(page.users.focus_search, self._has_model),
            "recommend.item": Command(page.items.find, self._has_model),
            "recommend.map": Command(page.map.open, self._has_model, page.map.command_words),
            "recommend.as-of": Command(
                page.history_card.ask_moment, lambda: self._has_model() and history.has_times, self.recommend
            ),
            "recommend.compare": Command(page.comparison.ask, lambda: page.comparison.possible, self.recommend),
        }

    def recommend(self) -> list[str] | None:
        """Words for the recommendations on the page, without edits; None where there are none."""
        page = self._page
        if page.run is None or page.model is None or page.history.user < 0:
            return None
        name, others = page.history.name(page.history.user), page.comparison.run_ids[1:]
        return recommend_words(page.run.id, name, page.edits.wish(), page.top.n(), others, self._as_of())

    def _as_of(self) -> str:
        moment = self._page.history.moment
        return "" if moment is None else moment_words(moment)

    def _has_model(self) -> bool:
        return self._page.model is not None

    def _has_item(self) -> bool:
        return self._has_model() and bool(self._page.top.code)

    def _open(self) -> None:
        self._page.items.open(self._page.top.code)

    def _block(self) -> None:
        if (item := self._item()) is not None:
            self._page.steering.block(item)

    def _item(self) -> str | None:
        model = self._page.model
        return str(model.dataset.item_ids[self._page.top.code - 1]) if model is not None and self._has_item() else None

    def _explain(self, *more: str) -> list[str] | None:
        page, item = self._page, self._item()
        if item is None or page.run is None or page.history.user < 0:
            return None
        return ["explain", page.run.id, page.history.name(page.history.user), item, "--top", str(page.top.n()),
                *more, *(["--as-of", self._as_of()] if self._as_of() else [])]  # fmt: skip

    def _similar(self) -> list[str] | None:
        item, run = self._item(), self._page.run
        return None if item is None or run is None else ["similar", run.id, item]

    def _export(self) -> list[str] | None:
        page = self._page
        if page.run is None or not self._has_model():
            return None
        return export_words(page.run.id, Path("recommendations.csv"), page.top.n(), raw_ids=False, as_of=self._as_of())
