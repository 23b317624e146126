"""Progress of the run: epoch, time left, and the five steps of the text method."""

import math
import time
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.status import ProgressLine
from recdesk.gui.widgets.text import ElidedText, Text
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import EncoderStep
from recdesk.monitor.five_steps import SKIPPING, STEPS, MethodStep, StepName
from recdesk.workspace.runs import RESUMABLE

View = Literal["encoder", "decoder"]
_VIEWS: dict[StepName, View] = {"encoder": "encoder", "decoder": "decoder"}
_FORESEEABLE = 30 * 60.0
"""Seconds. A longer time left is not shown, because early stopping ends most runs long before the limit."""
_LATELY = 0.15
"""Share of a run's steps, its last ones."""
_MUCH = 0.02
"""Share of the metric that a run gains at least in its last steps where it was still improving."""
_PACE_SECONDS = 2.0
"""Time that a stage has to take before the time left is estimated."""


class StepsLine(QWidget):
    """A chip for each of the five steps with its state; steps that have curves can be clicked.

    Signals:
        view_requested: show the curves of the "encoder" or "decoder".
    """

    view_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        self.chips: dict[StepName, Chip] = {}
        self._states: tuple[object, ...] = ()
        self._group = QButtonGroup(self)
        for name in STEPS:
            chip = self.chips[name] = Chip(words.step(name), tab=True)
            chip.setCheckable(False)
            chip.setCursor(Qt.CursorShape.ArrowCursor)
            row.addWidget(chip)
            view = _VIEWS.get(name)
            if view is not None:
                self._group.addButton(chip)
                chip.clicked.connect(lambda _checked=False, view=view: self._clicked(view))
        row.addStretch(1)

    def show_steps(self, steps: Sequence[MethodStep], with_curves: bool) -> None:
        """Show steps; `with_curves`: whether the encoder has curves."""
        states = (*(step.state for step in steps), with_curves)
        if states == self._states:
            return
        self._states = states
        for number, step in enumerate(steps, 1):
            chip = self.chips[step.name]
            chip.setText(self._chip_text(number, step))
            chip.set_tone({"going on": "accent", "done": "text"}.get(step.state, "secondary"))
            chip.setToolTip(self._chip_tooltip(step))
            chip.setAccessibleDescription(chip.toolTip())
        for name in _VIEWS:
            self.chips[name].setCheckable(with_curves)
            hand = Qt.CursorShape.PointingHandCursor if with_curves else Qt.CursorShape.ArrowCursor
            self.chips[name].setCursor(hand)

    def show_view(self, view: View) -> None:
        """Mark whose curves are shown, where both have some."""
        if self.chips[view].isCheckable():
            self.chips[view].setChecked(True)

    def _clicked(self, view: View) -> None:
        if self.chips[view].isCheckable():
            self.view_requested.emit(view)

    def _chip_text(self, number: int, step: MethodStep) -> str:
        name = f"{number} {words.step(step.name)}"
        if step.state == "skipped":
            return self.tr("{step}: skipped").format(step=name)
        sign = {"done": "✓ ", "going on": "▸ "}.get(step.state, "")
        return sign + name

    def _chip_tooltip(self, step: MethodStep) -> str:
        if step.state == "skipped":
            return translated(SKIPPING[step.name])
        return {
            "texts": self.tr("A text is made of each item's features."),
            "encoder": self.tr("The encoder learns the catalogue's words by guessing hidden ones."),
            "decoder": self.tr("Every text is read once; then the decoder learns what people take after what."),
            "fine-tuning": self.tr("Encoder and decoder learn together."),
            "recommending": self.tr("The whole catalogue is ranked and the model is kept."),
        }[step.name]


def _was_improving(curves: RunCurves) -> bool:
    """Whether the last evaluation was the best one, by far better than all but those of the last steps."""
    if curves.best is None or curves.since_best:
        return False
    found = curves.metrics["ndcg@10"]
    before = found.y[found.x <= (1 - _LATELY) * found.x[-1]]  # the last two may be a few steps apart
    return len(before) > 0 and bool(found.y[-1] - before.max() > _MUCH * found.y[-1])


class ProgressCard(Card):
    """Epoch, patience, best metric, time left, a progress bar, and the steps of the text method."""

    def __init__(self) -> None:
        super().__init__()
        row = self.row = QHBoxLayout()
        row.setSpacing(12)
        self.epoch = ElidedText("", "strong")
        self.facts = ElidedText("", "body", "secondary")
        self.left = Text("", "strong")
        row.addWidget(self.epoch)
        row.addWidget(self.facts, 1)
        row.addWidget(self.left)
        self.line = ProgressLine(self.tr("Training"))
        self.body.addLayout(row)
        self.body.addWidget(self.line)
        self.advice = Text("", "small", "warning", wrap=True)
        self.body.addWidget(self.advice)
        self._advise(None)
        self.steps = StepsLine()
        self.steps.hide()
        self.body.addWidget(self.steps)
        self._began = time.monotonic()

    def show_idle(self, sentence: str) -> None:
        """Nothing runs."""
        self.epoch.setText(sentence)
        self.facts.setText("")
        self.left.setText("")
        self._advise(None)
        self.line.set_value(0.0)

    def show_stage(self, note: str) -> None:
        """A stage before or after the training itself."""
        self._began = time.monotonic()
        self.epoch.setText(note)
        self.facts.setText("")
        self.left.setText("")
        self._advise(None)
        self.line.set_value(0.0)

    def show_encoder(self, step: EncoderStep) -> None:
        """The text encoder's own training."""
        self.line.set_value(step.done / max(step.of, 1))
        self.epoch.setText(self.tr("The encoder learns"))
        self.facts.setText(
            self.tr("step {n} of {most} · {share} of hidden words guessed right").format(
                n=step.done, most=step.of, share=words.percent(step.accuracy)
            )
        )
        left = step.seconds / max(step.done, 1) * (step.of - step.done)
        self.left.setText(self.tr("{time} left").format(time=words.duration(left)))

    def show_share(self, share: float) -> None:
        """The share of such a stage that is done, 0 to 1; the time left by its pace, once that is known."""
        self.line.set_value(share)
        spent = time.monotonic() - self._began
        if spent > _PACE_SECONDS and share > 0:
            left = spent / share * (1.0 - share)
            self.left.setText(self.tr("about {time} left").format(time=words.duration(left)))

    def show_curves(self, curves: RunCurves, state: str, title: str = "") -> None:
        """Progress of a run.

        Args:
            curves: of the run.
            state: of training ("running", "paused", "stopping"), or of a run that is not under way here.
            title: of a run that this window has not trained; "" for one that it has.
        """
        plan = curves.plan
        if plan is None:
            return
        self.line.set_value(curves.share_done())
        reached = math.ceil(curves.epochs) if curves.finished else int(curves.epochs) + 1
        epoch = min(reached, plan.max_epochs)
        progress = self.tr("Epoch {n} of at most {most}").format(n=epoch, most=plan.max_epochs)
        ended = translated(curves.finished.reason) if curves.finished is not None and not title else ""
        self.epoch.setText(title or ended or progress)
        facts = (self._facts(curves), progress if ended else "")
        if title and curves.finished is None:
            facts = (facts[0], progress)
        self.facts.setText(" · ".join(filter(None, facts)))
        self.left.setText(self._left(curves, state, title))
        self._advise(curves)

    def _advise(self, curves: RunCurves | None) -> None:
        """Say what a person may do about a run that ended too early."""
        early = curves is not None and curves.finished is not None and _was_improving(curves)
        said = self.tr("It was still improving when it ended: longer training would likely make it better.")
        self.advice.setText(said if early else "")
        self.advice.setVisible(early)

    def _facts(self, curves: RunCurves) -> str:
        parts = []
        if curves.since_best and curves.plan is not None and curves.finished is None:
            parts.append(
                self.tr("no improvement for {n} of {patience} evaluations").format(
                    n=curves.since_best, patience=curves.plan.patience
                )
            )
        if curves.best is not None:
            parts.append(
                self.tr("best NDCG@10 {value} at epoch {epoch}").format(
                    value=f"{curves.best[2]:.3f}", epoch=curves.best[0]
                )
            )
        return " · ".join(parts)

    def _left(self, curves: RunCurves, state: str, title: str) -> str:
        if curves.finished is not None:
            trained = self.tr("{time} of training").format(time=words.duration(curves.finished.seconds))
            return words.listed([words.state(state), trained]) if state in RESUMABLE else trained
        if state in RESUMABLE:
            return words.state(state)
        if state == "running" and curves.holding:
            return self.tr("waiting for the disk")
        if state == "paused":
            return self.tr("paused")
        if state == "stopping":
            return self.tr("stopping")
        if title:  # trained by another process
            return words.state(state)
        left, pace = curves.seconds_left(), curves.seconds_per_epoch()
        ends = curves.seconds_without_better() if curves.since_best else None
        if ends is not None and ends < min(_FORESEEABLE, math.inf if left is None else left):
            return self.tr("ends in about {time} unless it improves").format(time=words.duration(ends))
        if left is not None and left < _FORESEEABLE:
            return self.tr("at most {time} left").format(time=words.duration(left))
        return "" if pace is None else self.tr("{time} an epoch").format(time=words.short_duration(pace))
