"""The recommendations."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QWidget

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Kept
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.recommend.query import Recommendation

_IN_SIGHT = 10
"""Recommendations in sight at once in the smallest window that is designed for, 1280 x 720."""


class TopCard(Card):
    """Top-N with score bars and changes of rank, and filters for it.

    Signals:
        request_changed: number, exclusion of seen items or filter changed.
        item_chosen: item code of the current row, 0 for none.
    """

    request_changed = Signal()
    item_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("Top {n}").format(n=10))
        self.live = Chip("", tone="good", fact=True)
        self.live.hide()
        self.seen = Chip(self.tr("exclude seen"), checkable=True)
        self.seen.setToolTip(self.tr("Leave out what the person has already taken"))
        self.seen.setChecked(True)
        self.seen.toggled.connect(self.request_changed)
        self.body.addLayout(self._tools())
        self.table = ArrayTable(self.tr("Recommendations"), sortable=False)
        self.table.make_dense()
        self.table.setMinimumHeight(self.table.height_of_rows(_IN_SIGHT))
        self.table.row_chosen.connect(self._chosen)
        self._bars = ScoreBarDelegate(self.table)
        self.body.addWidget(self.table, 1)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        self.body.addWidget(self.hint)
        self._columns: QWidget | None = None
        self.codes: list[int] = []
        self._wanted = 0

    def n(self) -> int:
        """How many recommendations are wanted."""
        return self.number.value()

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {"n": self.n(), "seen": self.seen.isChecked(), "filter": self.filter.text(), "code": self.code}

    def take(self, kept: Kept) -> None:
        """See `Page.take`; the item that was chosen is chosen again once there are recommendations."""
        self.number.setValue(kept["n"])
        self.seen.setChecked(kept["seen"])
        self.filter.setText(kept["filter"])
        self._wanted = kept["code"]

    def show_top(
        self,
        items: "Sequence[Recommendation]",
        before: Mapping[int, int] | None,
        dataset: Dataset,
        milliseconds: float,
        notes: Sequence[str] = (),
    ) -> None:
        """Show recommendations.

        Args:
            items: the list.
            before: ranks by item code without the edits of the history, None without edits.
            dataset: of the items.
            milliseconds: that it took.
            notes: messages on the list: what of the rules has no effect, why it is short.
        """
        kept, self._wanted = self._wanted or self.code, 0
        self.codes = [item.code for item in items]
        scores = np.array([item.score for item in items], dtype=np.float64)
        low, high = (float(scores.min()), float(scores.max())) if len(scores) else (0.0, 0.0)
        shares = 0.08 + 0.92 * (scores - low) / (high - low) if high > low else np.ones(len(scores))
        feature = next((name for name in dataset.item_features.columns if name != dataset.title_column), None)
        columns = [
            Column("#", [item.rank for item in items], numeric=True),
            Column(self.tr("Item"), [item.title for item in items]),
        ]
        widths = [34, 0]
        if feature is not None:
            texts = [item.features.get(feature, "").replace("|", " · ") for item in items]
            columns.append(Column(feature, texts))
            widths.append(108)
        columns.append(Column(self.tr("Score"), scores, lambda s: f"{s:.3f}", shares=shares))
        self._bars.make_room([f"{score:.3f}" for score in scores], theme.font("body", tabular=True))
        widths.append(self._bars.number_width + 60)
        if before is not None:
            moves = [_move(item.rank, before.get(item.code), self.tr("new")) for item in items]
            columns.append(Column("", [text for text, _ in moves], tones=[tone for _, tone in moves]))
            advance = self.table.fontMetrics().horizontalAdvance
            widths.append(max((advance(text) for text, _ in moves), default=36) + 20)
        self.table.set_columns(columns, widths)
        bar = columns.index(next(column for column in columns if column.shares is not None))
        for section in range(len(columns)):
            self.table.setItemDelegateForColumn(section, self._bars if section == bar else None)  # type: ignore[arg-type]
        self.setAccessibleName(self.tr("Top {n}").format(n=self.n()))
        self.live.setText(self.tr("live: {n} ms").format(n=f"{milliseconds:.0f}"))
        self.live.show()
        left = translated(Message("count.items", count=len(items)))
        short = self.tr("Only {items} can still be recommended.").format(items=left)
        self.hint.setText(" ".join(map(translated, notes)) if notes else short if len(items) < self.n() else "")
        self.hint.setVisible(bool(self.hint.text()) and not self.table.isHidden())
        self._choose_again(kept)

    def place_columns(self, columns: QWidget) -> None:
        """Take a widget that stands in the place of the list while `show_columns`."""
        self._columns = columns
        self.body.addWidget(columns, 1)
        columns.hide()

    def show_columns(self, shown: bool) -> None:
        """Show the lists of several runs in the place of the list, or the list again."""
        if self._columns is not None:
            self._columns.setVisible(shown)
        self.table.setVisible(not shown)
        self.hint.setVisible(bool(self.hint.text()) and not shown)

    def clear(self) -> None:
        """Show nothing."""
        self.codes = []
        self.table.set_columns([], ())
        self.live.hide()
        self.hint.setText("")
        self.hint.hide()

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.number = QSpinBox()
        self.number.setRange(1, 1000)
        self.number.setValue(10)
        self.number.setPrefix(self.tr("top "))
        self.number.setAccessibleName(self.tr("How many recommendations"))
        self.number.setMinimumHeight(theme.DENSE_CONTROL_HEIGHT)
        self.number.setFont(theme.font("card"))
        self.number.valueChanged.connect(self.request_changed)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("filter by text…"))
        self.filter.setToolTip(self.tr("Only items with this text, such as a genre"))
        self.filter.setAccessibleName(self.tr("Only items with this text"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setMinimumWidth(80)
        self.filter.textChanged.connect(self.request_changed)
        row.addWidget(self.number)
        row.addWidget(self.filter, 1)
        row.addWidget(self.seen)
        row.addWidget(self.live)
        return row

    @property
    def code(self) -> int:
        """Item code of the current row; 0 for none."""
        row = self.table.chosen()
        return self.codes[row] if 0 <= row < len(self.codes) else 0

    def _choose_again(self, code: int) -> None:
        if self.codes:
            self.table.choose(self.codes.index(code) if code in self.codes else 0)
        else:
            self.item_chosen.emit(0)

    def _chosen(self, row: int) -> None:
        self.item_chosen.emit(self.codes[row] if 0 <= row < len(self.codes) else 0)


def _move(now: int, before: int | None, new: str) -> tuple[str, str]:
    """The change of a rank as text, and its tone."""
    if before is None:
        return new, "accent"
    if before == now:
        return "–", "secondary"
    return (f"▲ {before - now}", "good") if before > now else (f"▼ {now - before}", "warning")
