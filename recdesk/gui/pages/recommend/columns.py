"""The columns of the Recommend page: users, history, and recommendations above the reasons."""

from PySide6.QtCore import Qt

from recdesk.gui import theme
from recdesk.gui.pages.recommend.history_card import HistoryCard
from recdesk.gui.pages.recommend.top_card import TopCard
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.pages.recommend.why_card import WhyCard
from recdesk.gui.preferences import Preferences
from recdesk.gui.widgets.splitters import RememberedSplitter

_HISTORY_SHARE = 0.42
"""Of the width of history and recommendations together."""
_NARROW_HISTORY = 180
"""Width of the history beside the lists of several runs."""


class Columns(RememberedSplitter):
    """The cards beside each other; the widths are the person's."""

    def __init__(
        self, preferences: Preferences, users: UsersCard, history: HistoryCard, top: TopCard, why: WhyCard
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, preferences, "recommend")
        self._users = users
        right = RememberedSplitter(Qt.Orientation.Vertical, preferences, "recommend.right")
        right.addWidget(top)
        right.addWidget(why)
        right.setStretchFactor(0, 1)
        right.setStretchFactor(1, 0)
        for widget, stretch in ((users, 0), (history, 5), (right, 8)):
            self.addWidget(widget)
            self.setStretchFactor(self.count() - 1, stretch)
        for splitter in (right, self):
            splitter.restore()
        tables = (users.table, history.table, top.table, why.table)
        for name, table in zip(("users", "history", "top", "why"), tables, strict=True):
            table.remember_widths(preferences, f"recommend.{name}")

    def share_width(self, several: bool = False) -> None:
        """Make the list of users so wide that their ids are whole, unless a person has chosen the widths; `several`:
        beside the lists of several runs."""
        if not self.moved:
            rest = self.width() - 2 * theme.GAP - self._users.wanted_width()
            history = _NARROW_HISTORY if several else int(_HISTORY_SHARE * rest)
            self.setSizes([self._users.wanted_width(), history, rest - history])
