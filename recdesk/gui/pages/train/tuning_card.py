"""The trials of a study, as they come."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from recdesk.gui import theme, words
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.text import ElidedText, Text

if TYPE_CHECKING:
    from recdesk.experiment.study import TrialRow

_SHOWN = 6


class TuningCard(Card):
    """Which trials were best so far, and how much time is left. Hidden while there is no study.

    Signals:
        go_on: the study shown is to be resumed.
    """

    go_on = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Finding good settings"))
        self.facts = Text("", "small", "secondary", wrap=True)
        self.body.addWidget(self.facts)
        self.lines = [ElidedText("", "small") for _ in range(_SHOWN)]
        for line in self.lines:
            line.setFixedHeight(20)
            self.body.addWidget(line)
        self.button = QPushButton(self.tr("Go on looking"))
        self.button.setAccessibleName(self.button.text())
        self.button.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.button.clicked.connect(lambda: self.go_on.emit())
        self.body.addWidget(self.button)
        self.hide()

    def show_trials(self, rows: "list[TrialRow]", spent: float, minutes: float, active: bool, more: bool) -> None:
        """Show the best trials first.

        Args:
            rows: of all trials.
            spent: seconds of training so far.
            minutes: the time budget.
            active: whether it is under way.
            more: whether there is time left.
        """
        self.button.setVisible(more and not active)
        self.show()
        ended = [row for row in rows if row.ndcg is not None]
        over = bool(ended) and not active and not more
        self.set_title(self.tr("Good settings") if over else self.tr("Finding good settings"))
        facts = (
            self.tr("{n} trials in {spent}; the settings of the best one are on the page.")
            if over
            else self.tr("{n} trials, {spent} of {all} used")
        ).format(n=len(rows), spent=words.duration(spent), all=words.duration(60 * minutes))
        self.facts.setText(facts)
        ended.sort(key=lambda row: (-(row.ndcg or 0.0), row.number))
        for index, line in enumerate(self.lines):
            line.setVisible(index < len(ended))
            if index < len(ended):
                line.setText(self._said(ended[index]))
                line.set_tone("accent" if index == 0 else "text")

    def _said(self, row: "TrialRow") -> str:
        settings = words.listed(f"{self._name(name)} {value}" for name, value in row.differing.items())
        return self.tr("{ndcg} · trial {n} · {settings}").format(
            ndcg=f"{row.ndcg:.4f}", n=row.number + 1, settings=settings or self.tr("as at the start")
        )

    def _name(self, name: str) -> str:
        from recdesk.training.config import KINDS

        fields = {key: field for kind in KINDS.values() for key, field in kind.model_fields.items()}
        return words.config_words(fields[name].title or name)
