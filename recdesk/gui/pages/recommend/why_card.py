"""Why an item is recommended."""

from typing import TYPE_CHECKING

import numpy as np

from recdesk.gui import words
from recdesk.gui.widgets.array_table import ArrayTable
from recdesk.gui.widgets.array_table_model import Column
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.score_bar import ScoreBarDelegate
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.recommend.recommender import Explanation, Reason

_MOST_REASONS = 50


class WhyCard(Card):
    """What becomes of a recommendation when an item of the history is left out, item by item."""

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
        """A title, or what was asked for in words."""
        return reason.title if reason.code else self.tr("your words “{words}”").format(words=reason.title)
