"""How far the run is."""

import math

from PySide6.QtWidgets import QHBoxLayout

from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.pages.train.steps_line import StepsLine
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.progress_line import ProgressLine
from recdesk.gui.widgets.text import ElidedText, Text
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import EncoderStep

_FORESEEABLE = 30 * 60.0
"""Seconds; early stopping ends a run long before a limit that is further away."""


class ProgressCard(Card):
    """Epoch, patience, best figure, time left, a line, and the steps of a run over texts."""

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
        self.steps = StepsLine()
        self.steps.hide()
        self.body.addWidget(self.steps)

    def show_idle(self, sentence: str) -> None:
        """Nothing runs."""
        self.epoch.setText(sentence)
        self.facts.setText("")
        self.left.setText("")
        self.line.set_value(0.0)

    def show_stage(self, note: str) -> None:
        """What is done before and after the training itself."""
        self.epoch.setText(note)
        self.facts.setText("")
        self.left.setText("")
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
        """How much of a stage that is no training is done."""
        self.line.set_value(share)

    def show_curves(self, curves: RunCurves, state: str, title: str = "") -> None:
        """Where training stands; a run of earlier is called by its `title`."""
        plan = curves.plan
        if plan is None:
            return
        self.line.set_value(curves.share_done())
        reached = math.ceil(curves.epochs) if curves.finished else int(curves.epochs) + 1
        epoch = min(reached, plan.max_epochs)
        said = self.tr("Epoch {n} of at most {most}").format(n=epoch, most=plan.max_epochs)
        ended = core(curves.finished.reason) if curves.finished is not None and not title else ""
        self.epoch.setText(title or ended or said)
        self.facts.setText(" · ".join(filter(None, (self._facts(curves), said if ended else ""))))
        self.left.setText(self._left(curves, state))

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

    def _left(self, curves: RunCurves, state: str) -> str:
        if curves.finished is not None:
            return self.tr("{time} of training").format(time=words.duration(curves.finished.seconds))
        if state == "running" and curves.holding:
            return self.tr("waiting for the disk")
        if state == "paused":
            return self.tr("paused")
        if state == "stopping":
            return self.tr("stopping")
        left, pace = curves.seconds_left(), curves.seconds_per_epoch()
        if left is not None and left < _FORESEEABLE:
            return self.tr("at most {time} left").format(time=words.duration(left))
        return "" if pace is None else self.tr("{time} an epoch").format(time=words.short_duration(pace))
