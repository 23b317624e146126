"""Where a run over texts stands in the five steps."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.widgets.chip import Chip
from recdesk.monitor.five_steps import SKIPPING, STEPS, MethodStep, StepName

View = Literal["encoder", "decoder"]
_VIEWS: dict[StepName, View] = {"encoder": "encoder", "decoder": "decoder"}


class StepsLine(QWidget):
    """A chip a step, told by sign and word what became of it; steps with curves of their own can be clicked.

    Signals:
        view_wanted: the curves of a step are wanted: "encoder" or "decoder".
    """

    view_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.chips: dict[StepName, Chip] = {}
        self._told: tuple[object, ...] = ()
        self._group = QButtonGroup(self)
        for name in STEPS:
            chip = self.chips[name] = Chip(words.step(name))
            chip.setCursor(Qt.CursorShape.ArrowCursor)
            row.addWidget(chip)
            view = _VIEWS.get(name)
            if view is not None:
                self._group.addButton(chip)
                chip.clicked.connect(lambda _checked=False, view=view: self._clicked(view))
        row.addStretch(1)

    def show_steps(self, steps: Sequence[MethodStep], with_curves: bool) -> None:
        """Show steps; `with_curves` when the encoder has some."""
        told = (*(step.state for step in steps), with_curves)
        if told == self._told:
            return
        self._told = told
        for number, step in enumerate(steps, 1):
            chip = self.chips[step.name]
            chip.setText(self._said(number, step))
            chip.set_tone({"going on": "accent", "done": "text"}.get(step.state, "secondary"))
            chip.setToolTip(self._explained(step))
            chip.setAccessibleDescription(chip.toolTip())
        for name in _VIEWS:
            self.chips[name].setCheckable(with_curves)
            hand = Qt.CursorShape.PointingHandCursor if with_curves else Qt.CursorShape.ArrowCursor
            self.chips[name].setCursor(hand)

    def show_view(self, view: View) -> None:
        """Mark whose curves are shown, where there is a choice."""
        if self.chips[view].isCheckable():
            self.chips[view].setChecked(True)

    def _clicked(self, view: View) -> None:
        if self.chips[view].isCheckable():
            self.view_wanted.emit(view)

    def _said(self, number: int, step: MethodStep) -> str:
        name = f"{number} {words.step(step.name)}"
        if step.state == "skipped":
            return self.tr("{step}: skipped").format(step=name)
        sign = {"done": "✓ ", "going on": "▸ "}.get(step.state, "")
        return sign + name

    def _explained(self, step: MethodStep) -> str:
        if step.state == "skipped":
            return core(SKIPPING[step.name])
        return {
            "texts": self.tr("A text is made of each item's features."),
            "encoder": self.tr("The encoder learns the catalogue's words by guessing hidden ones."),
            "decoder": self.tr("Every text is read once; then the decoder learns what people take after what."),
            "fine-tuning": self.tr("Encoder and decoder learn together."),
            "recommending": self.tr("The whole catalogue is ranked and the model is kept."),
        }[step.name]
