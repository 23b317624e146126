"""An estimate of the next run: steps, memory, and measured speed."""

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from recdesk.core.machine import available_memory, resident_memory
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.split_kinds import SplitKind
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.widgets.buttons import LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.text import Text
from recdesk.monitor.events import Plan
from recdesk.training.config import RunConfig
from recdesk.training.plan import Softmax, estimate

if TYPE_CHECKING:
    from recdesk.training.calibration import Calibration


TORCH_MEMORY, STAGES_MEMORY = 340 * 10**6, 150 * 10**6
"""Bytes that torch takes once it is imported; that baselines, evaluation and a small model took beyond the estimate of
`training.plan` (measured on the built-in example)."""


def process_memory(training: int) -> int:
    """Bytes that this process will hold while it trains.

    Args:
        training: bytes of weights, optimiser and activations, see `training.plan.estimate`.
    """
    imported = 0 if "torch" in sys.modules else TORCH_MEMORY
    return resident_memory() + imported + STAGES_MEMORY + training


class EstimateCard(Card):
    """Estimates computed from sizes, replaced by the plan of the run once it has started.

    Signals:
        pace_requested: measure the time of a few training steps.
    """

    pace_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Before you start"))
        self.lines = [Text("", "small", "secondary", wrap=True) for _ in range(5)]
        for line in self.lines:
            self.body.addWidget(line)
        self.sizes = Text("", "small", "secondary", wrap=True)
        self.sizes.setToolTip(self.tr("Larger steps may be faster, but fewer of them teach less in an epoch"))
        self.sizes.hide()
        self.body.addWidget(self.sizes)
        self.measure = LinkButton(self.tr("How long will it take?"))
        self.measure.setCheckable(False)
        self.measure.setToolTip(self.tr("Takes a few training steps, for about two seconds, and forgets them"))
        self.measure.clicked.connect(lambda: self.pace_requested.emit())
        self.body.addWidget(self.measure)

    def show_measuring(self) -> None:
        """Show that steps are being measured."""
        self.measure.setEnabled(False)
        self.measure.setText(self.tr("Measuring…"))

    def show_pace(self, measured: "Calibration | None") -> None:
        """Show the measurement; None for none."""
        self.measure.setEnabled(True)
        self.measure.setText(self.tr("How long will it take?"))
        if measured is not None:
            pace = self.tr("{time} an epoch on this computer, {n} interactions a second")
            time, n = words.short_duration(measured.epoch_seconds), f"{round(measured.tokens_per_second, -2):,.0f}"
            self.lines[0].setText(pace.format(time=time, n=n))
            self._show_sizes(measured)

    def _show_sizes(self, measured: "Calibration") -> None:
        pairs = ((f"{size.tokens:,}", f"{round(size.tokens_per_second, -2):,.0f}") for size in measured.sizes)
        paces = " · ".join(f"{tokens}\u00a0→\u00a0{pace}" for tokens, pace in pairs)
        self.sizes.setText(self.tr("interactions a second by those in a step: {paces}").format(paces=paces))
        self.sizes.setVisible(bool(paces))

    def show_estimate(self, dataset: Dataset, config: RunConfig) -> None:
        """Show the estimate for the next run."""
        self.set_title(self.tr("Before you start"))
        self.measure.show()
        predictions = max(dataset.n_interactions - 3 * dataset.n_users, 1)
        sizes = estimate(config, predictions, dataset.n_users, dataset.n_items)
        self._show_sentences(
            self.tr("about {steps} an epoch, at most {epochs}").format(
                steps=translated(Message("count.steps", count=sizes.steps_per_epoch)),
                epochs=translated(Message("count.epochs", count=config.epochs)),
            ),
            self._memory(sizes.weights, sizes.memory),
            self._compared(sizes.softmax),
            self._shape(sizes.step_tokens, sizes.hidden, sizes.dropout),
            self._evaluated(sizes.evaluate_every, self._wanted_device(config.device)),
        )

    def show_plan(self, plan: Plan) -> None:
        """Show the plan of the run."""
        self.set_title(self.tr("This run"))
        self.measure.hide()
        self._show_sentences(
            self.tr("{steps} an epoch, at most {epochs}").format(
                steps=translated(Message("count.steps", count=plan.steps_per_epoch)),
                epochs=translated(Message("count.epochs", count=plan.max_epochs)),
            ),
            self.tr("{weights} weights").format(weights=f"{plan.parameters:,}"),
            translated(plan.softmax),
            self._shape(plan.step_tokens, plan.hidden, plan.dropout) if plan.step_tokens else "",
            self._evaluated(plan.evaluate_every, " · ".join(filter(None, (plan.device, plan.precision)))),
        )

    def _memory(self, weights: int, training: int) -> str:
        """Weights, and the memory of the whole process while it trains."""
        needed = process_memory(training)
        said = self.tr("{weights} weights · this program will take about {memory} of memory").format(
            weights=f"{weights:,}", memory=words.size(needed)
        )
        free = resident_memory() + available_memory()
        if needed <= free:
            return said
        return words.together(said + ".", self.tr("Only {free} are free.").format(free=words.size(free)))

    def _shape(self, step_tokens: int, hidden: int, dropout: float) -> str:
        return self.tr("{tokens} interactions a step · vectors of {hidden} · dropout {dropout}").format(
            tokens=f"{step_tokens:,}", hidden=f"{hidden:,}", dropout=f"{dropout:.2g}"
        )

    def _evaluated(self, epochs: int, device: str) -> str:
        if epochs == 1:
            return self.tr("evaluated after each epoch · {device}").format(device=device)
        return self.tr("evaluated every {n} epochs · {device}").format(n=epochs, device=device)

    def _wanted_device(self, device: str) -> str:
        if device == "auto":
            return self.tr("on a GPU where there is one")
        return self.tr("on {device}").format(device=device)

    def _compared(self, softmax: Softmax) -> str:
        full = words.size(softmax.full_bytes)
        if softmax.kind == "gbce":
            return translated(softmax.words)
        if softmax.negatives:
            negatives = translated(Message("count.negatives", count=softmax.negatives))
            return self.tr("{negatives} (full softmax: {size})").format(negatives=negatives, size=full)
        return self.tr("full softmax ({size} a step, in chunks)").format(size=full)

    def _show_sentences(self, *sentences: str) -> None:
        self.sizes.hide()
        for line, sentence in zip(self.lines, sentences, strict=True):
            line.setText(sentence)
            line.setVisible(bool(sentence))


def measured_pace(dataset: Dataset, split: SplitKind, config: RunConfig, context: JobContext) -> "Calibration | None":
    """Time a few training steps, in a job; None when it is cancelled."""
    preload_torch()
    from recdesk.data.splitting import make_split
    from recdesk.training.calibration import calibrate

    return calibrate(make_split(dataset.checked(), split), config, context)
