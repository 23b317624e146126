"""An estimate of the next run: steps, memory, and measured speed."""

import shutil
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recdesk.core.machine import available_memory, resident_memory, usable_cores
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.split_kinds import SplitKind
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import LinkButton
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.questions import is_sure
from recdesk.gui.widgets.text import Text
from recdesk.monitor.events import Plan
from recdesk.training.checks import Check, Machine, check_run
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

    Attributes:
        repeat: with how many seeds the next run is trained.
    """

    pace_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._config: RunConfig | None = None
        self.repeat = 1
        self.set_title(self.tr("Before you start"))
        self.total = Text("", "strong", wrap=True)
        self.body.addWidget(self.total)
        self.checks = CheckList()
        self.body.addWidget(self.checks)
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
        self.total.setVisible(measured is not None)
        if measured is not None and self._config is not None:
            self.total.setText(total_time(self._config, measured.epoch_seconds, self.repeat))
            self.total.setToolTip(self.tr("By the pace of a few steps on this computer, evaluations not counted"))
            pace = self.tr("{time} an epoch on this computer, {n} interactions a second")
            time, n = words.short_duration(measured.epoch_seconds), f"{round(measured.tokens_per_second, -2):,.0f}"
            self.lines[0].setText(pace.format(time=time, n=n))
            self._show_sizes(measured)

    def _show_sizes(self, measured: "Calibration") -> None:
        pairs = ((f"{size.tokens:,}", f"{round(size.tokens_per_second, -2):,.0f}") for size in measured.sizes)
        paces = " · ".join(f"{tokens}\u00a0→\u00a0{pace}" for tokens, pace in pairs)
        self.sizes.setText(self.tr("interactions a second by those in a step: {paces}").format(paces=paces))
        self.sizes.setVisible(bool(paces))

    def show_estimate(
        self,
        dataset: Dataset,
        config: RunConfig,
        split: SplitKind = "leave-one-out",
        disk: int | None = None,
        more: Sequence[Check] = (),
    ) -> None:
        """Show the estimate for the next run, with `more` that was looked at."""
        self._config = config
        self.total.hide()
        self.set_title(self.tr("Before you start"))
        self.measure.show()
        predictions = max(dataset.n_interactions - 3 * dataset.n_users, 1)
        sizes = estimate(config, predictions, dataset.n_users, dataset.n_items)
        machine = Machine(process_memory(sizes.memory), resident_memory() + available_memory(), disk)
        self.checks.show_checks([*check_run(config, dataset, split, sizes.weights, machine), *more])
        self._show_sentences(
            self.tr("about {steps} an epoch, at most {epochs}").format(
                steps=translated(Message("count.steps", count=sizes.steps_per_epoch)),
                epochs=translated(Message("count.epochs", count=config.epochs)),
            ),
            self.tr("{weights} weights").format(weights=f"{sizes.weights:,}"),
            self._compared(sizes.softmax),
            self._shape(sizes.step_tokens, sizes.hidden, sizes.dropout),
            self._evaluated(sizes.evaluate_every, self._wanted_device(config.device)),
        )

    def show_plan(self, plan: Plan) -> None:
        """Show the plan of the run."""
        self.set_title(self.tr("This run"))
        self.measure.hide()
        self.total.hide()
        self.checks.show_checks([])
        self._show_sentences(
            self.tr("{steps} an epoch, at most {epochs}").format(
                steps=translated(Message("count.steps", count=plan.steps_per_epoch)),
                epochs=translated(Message("count.epochs", count=plan.max_epochs)),
            ),
            self.tr("{weights} weights").format(weights=f"{plan.parameters:,}"),
            translated(plan.softmax),
            self._shape(plan.step_tokens, plan.hidden, plan.dropout) if plan.step_tokens else "",
            self._evaluated(plan.evaluate_every, " · ".join(filter(None, (_device(plan.device), plan.precision)))),
        )

    def allows_start(self) -> bool:
        """Whether nothing speaks against a start, or the person wants it nevertheless."""
        faults = self.checks.faults()
        return not faults or ask_to_start(self, faults)

    def _shape(self, step_tokens: int, hidden: int, dropout: float) -> str:
        return self.tr("{tokens} interactions a step · vectors of {hidden} · dropout {dropout}").format(
            tokens=f"{step_tokens:,}", hidden=f"{hidden:,}", dropout=f"{dropout:.2g}"
        )

    def _evaluated(self, epochs: int, device: str) -> str:
        if epochs == 1:
            return self.tr("evaluated after each epoch · {device}").format(device=device)
        return self.tr("evaluated every {n} epochs · {device}").format(n=epochs, device=device)

    def _wanted_device(self, device: str) -> str:
        if device == "auto" and not has_gpu():
            return self.tr("on the CPU, {cores}").format(cores=translated(Message("count.cores", count=usable_cores())))
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


class CheckList(QWidget):
    """A line for each thing that was looked at, with a sign, so that it is not told by colour alone.

    Attributes:
        shown: what it shows.
    """

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[Check] = []
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self.hide()

    def show_checks(self, checks: list[Check]) -> None:
        """Show these."""
        if checks == self.shown:
            return
        self.shown = checks
        while (item := self._rows.takeAt(0)) is not None:
            row = item.widget()
            assert row is not None
            row.deleteLater()
        for check in checks:
            sign, tone = {"good": ("✓", "secondary"), "warning": ("!", "warning"), "bad": ("✕", "bad")}[check.level]
            self._rows.addWidget(Text(f"{sign}  {translated(check.sentence)}", "small", tone, wrap=True))
        self.setVisible(bool(checks))

    def faults(self) -> list[str]:
        """Sentences on what will hardly let the run come to its end."""
        return [translated(check.sentence) for check in self.shown if check.level == "bad"]


def total_time(config: RunConfig, epoch_seconds: float, repeat: int = 1) -> str:
    """A sentence on how long training takes at most, with so many seeds, and what ends it before."""
    most = config.epochs * epoch_seconds
    limited = config.minutes is not None and 60 * config.minutes < most
    seconds = 60 * config.minutes if limited and config.minutes is not None else most
    translate = QCoreApplication.translate
    said = translate("EstimateCard", "At most {time}, at {epoch} an epoch.")
    if repeat > 1:
        said = translate("EstimateCard", "At most {time} for all {n} seeds, at {epoch} an epoch.")
    said = said.format(time=words.duration(repeat * seconds), epoch=words.short_duration(epoch_seconds), n=repeat)
    if config.patience * epoch_seconds >= seconds:  # it is evaluated after each epoch, or more seldom
        return said
    return words.together(said, translated(Message("start.ends-sooner", count=config.patience)))


def free_disk(folder: Path) -> int | None:
    """Free bytes of the disk with a folder; None where that cannot be found out."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None


@cache
def has_gpu() -> bool:
    """Whether there is a sign of a GPU that torch could use, found without torch."""
    signs = (Path("/dev/nvidiactl"), Path("/proc/driver/nvidia"), Path("/dev/dxg"))
    return sys.platform == "darwin" or any(map(Path.exists, signs)) or shutil.which("nvidia-smi") is not None


def ask_to_start(parent: QWidget, faults: list[str]) -> bool:
    """Ask whether to start in spite of what will hardly let the run come to its end."""
    translate = QCoreApplication.translate
    question = translate("EstimateCard", "This run will hardly come to its end.")
    anyway, back = translate("EstimateCard", "Start anyway"), translate("EstimateCard", "Do not start")
    return is_sure(parent, question, "\n".join(f"• {fault}" for fault in faults), anyway, back)


def _device(name: str) -> str:
    """What a run trained on, see `devices.describe`; the cores of a CPU in the language of the window."""
    kind, _, rest = name.partition(", ")
    count = rest.partition(" ")[0]
    if kind != "CPU" or not count.isdecimal():
        return name
    return f"{kind}, {translated(Message('count.cores', count=int(count)))}"
