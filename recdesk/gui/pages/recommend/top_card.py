"""The recommendations, and why an item is among them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.tables import ArrayTable, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.recommend.recommender import Explanation, Reason, Recommendation

_MOST_REASONS = 50


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
        self.set_title(self.tr("Top {n}").format(n=10))
        self.live = Chip("", tone="good", fact=True)
        self.live.hide()
        self.seen = Chip(self.tr("exclude seen"), checkable=True)
        self.seen.setToolTip(self.tr("Leave out what the person has already taken"))
        self.seen.setChecked(True)
        self.seen.toggled.connect(self.request_changed)
        self.head.addWidget(self.seen)
        self.head.addWidget(self.live)
        self.body.addLayout(self._tools())
        self.table = ArrayTable(self.tr("Recommendations"), sortable=False)
        self.table.row_chosen.connect(self._chosen)
        self._bars = ScoreBarDelegate(self.table)
        self.body.addWidget(self.table, 1)
        self.hint = Text("", "small", "secondary", wrap=True)
        self.hint.hide()
        self.body.addWidget(self.hint)
        self.codes: list[int] = []

    def n(self) -> int:
        """How many recommendations are wanted."""
        return self.number.value()

    def show_top(
        self, items: "Sequence[Recommendation]", before: Mapping[int, int] | None, dataset: Dataset, milliseconds: float
    ) -> None:
        """Show recommendations; `before`: ranks by item code without the edits of the history, None without edits."""
        kept = self._current()
        self.codes = [item.code for item in items]
        scores = np.array([item.score for item in items], dtype=np.float64)
        low, high = (float(scores.min()), float(scores.max())) if len(scores) else (0.0, 0.0)
        shares = 0.08 + 0.92 * (scores - low) / (high - low) if high > low else np.ones(len(scores))
        feature = next((name for name in dataset.item_features.columns if name != dataset.title_column), None)
        columns = [
            Column("#", [item.rank for item in items], numeric=True),
            Column(self.tr("Item"), [item.title for item in items]),
        ]
        widths = [36, 0]
        if feature is not None:
            texts = [item.features.get(feature, "").replace("|", " · ") for item in items]
            columns.append(Column(feature, texts))
            widths.append(132)
        columns.append(Column(self.tr("Score"), scores, lambda s: f"{s:.3f}", shares=shares))
        widths.append(88)
        if before is not None:
            moves = [_move(item.rank, before.get(item.code), self.tr("new")) for item in items]
            columns.append(Column("", [text for text, _ in moves], tones=[tone for _, tone in moves]))
            widths.append(62)
        self.table.set_columns(columns, widths)
        bar = columns.index(next(column for column in columns if column.shares is not None))
        for section in range(len(columns)):
            self.table.setItemDelegateForColumn(section, self._bars if section == bar else None)  # type: ignore[arg-type]
        self.set_title(self.tr("Top {n}").format(n=self.n()))
        self.live.setText(self.tr("live: {n} ms").format(n=f"{milliseconds:.0f}"))
        self.live.show()
        self.hint.setVisible(len(items) < self.n())
        left = translated(Message("count.items", count=len(items)))
        self.hint.setText(self.tr("Only {items} can still be recommended.").format(items=left))
        self._choose_again(kept)

    def clear(self) -> None:
        """Show nothing."""
        self.codes = []
        self.table.set_columns([], ())
        self.live.hide()
        self.hint.hide()

    def _tools(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        self.number = QSpinBox()
        self.number.setRange(1, 1000)
        self.number.setValue(10)
        self.number.setPrefix(self.tr("top "))
        self.number.setAccessibleName(self.tr("How many recommendations"))
        self.number.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.number.setMinimumWidth(100)
        self.number.valueChanged.connect(self.request_changed)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("only items with this text, such as a genre…"))
        self.filter.setAccessibleName(self.tr("Only items with this text"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.request_changed)
        row.addWidget(self.number)
        row.addWidget(self.filter, 1)
        return row

    def _current(self) -> int:
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


class WhyCard(Card):
    """Explains a recommendation: its score and rank when each item of the history is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Why"))
        self.sentence = Text("", "strong", wrap=True)
        self.body.addWidget(self.sentence)
        self.table = ArrayTable(self.tr("What each item of the history does for it"), sortable=False)
        self._bars = ScoreBarDelegate(self.table)
        self.body.addWidget(self.table, 1)
        self.clear("")

    def clear(self, sentence: str) -> None:
        """Show a sentence and no table."""
        self.set_title(self.tr("Why"))
        self.sentence.setText(sentence)
        self.table.set_columns([], ())

    def show_explanation(self, explanation: "Explanation") -> None:
        """Show one."""
        self.set_title(self.tr("Why {title}").format(title=explanation.title))
        self.sentence.setText(self._sentence(explanation))
        reasons = explanation.reasons[:_MOST_REASONS]
        effects = np.array([reason.effect for reason in reasons])
        largest = max(float(np.abs(effects).max()) if len(effects) else 0.0, 1e-9)
        moves = [f"{explanation.rank} → {reason.rank_without}" for reason in reasons]
        names = [self._named(reason) for reason in reasons]
        columns = [
            Column(self.tr("Item of the history"), names),
            Column(self.tr("Carries"), effects, lambda e: f"{e:+.3f}", shares=effects / largest),
            Column(self.tr("Rank without it"), moves),
        ]
        self.table.set_columns(columns, (0, 110, 112))
        self.table.setItemDelegateForColumn(1, self._bars)

    def _sentence(self, explanation: "Explanation") -> str:
        carrying = [reason for reason in explanation.reasons if reason.effect > 0]
        if not carrying:
            return self.tr("Nothing in the history speaks for it in particular.")
        first, name = carrying[0], self._named(carrying[0])
        if len(carrying) > 1 and carrying[1].effect > 0.5 * first.effect:
            because = self.tr("Because of {first} and {second}.").format(first=name, second=self._named(carrying[1]))
        else:
            because = self.tr("Because of {first}.").format(first=name)
        if first.rank_without == explanation.rank:
            return because
        without = self.tr("Without {first} it would be number {rank}.").format(
            first=name, rank=f"{first.rank_without:,}"
        )
        return words.together(because, without)

    def _named(self, reason: "Reason") -> str:
        """The title of an item, or the wish in words."""
        return reason.title if reason.code else self.tr("your words “{words}”").format(words=reason.title)
