"""The baselines beside a run: the quick ones before its first step, those that take long after its first evaluation."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.splitting import Split
from recdesk.monitor.control import Control
from recdesk.monitor.events import (
    BaselineScored,
    CheckpointSaved,
    Emit,
    Evaluated,
    Event,
    StageStarted,
)
from recdesk.monitor.progress import throttled

if TYPE_CHECKING:
    from recdesk.evaluation.baseline_results import BaselineResult


class RunBaselines:
    """Scores the baselines of a run.

    Args:
        split: of the run.
        cache: folder of results.
        emit: gets the events of scoring.
        warn: gets a sentence for each baseline that is left out or measured on fewer users.
        control: a stop leaves the remaining ones to `finish`.

    Attributes:
        results: so far.
    """

    def __init__(self, split: Split, cache: Path, emit: Emit, warn: Callable[[str], None], control: Control) -> None:
        self._split, self._cache, self._emit, self._warn, self._control = split, cache, emit, warn, control
        self.results: list[BaselineResult] = []
        self._later: list[str] = []
        self._stage: StageStarted | None = None
        self._evaluated = False

    def begin(self) -> None:
        """Score those that are quick, or cached."""
        from recdesk.evaluation.baselines import BASELINES, costly

        self._later = costly(self._split, self._cache)
        self._score([name for name, _ in BASELINES if name not in self._later], lambda: self._control.stopped)

    def watch(self, event: Event) -> None:
        """Follow the events of training. Once there is a checkpoint after the first evaluation, score the others; that
        is no training time."""
        if isinstance(event, StageStarted):
            self._stage = event
        elif isinstance(event, Evaluated):
            self._evaluated = True
        elif isinstance(event, CheckpointSaved) and self._evaluated and self._later and not self._control.stopped:
            stage = self._stage
            if stage is not None and stage.stage == "training":
                self._score_later(lambda: self._control.stopped)
                self._emit(replace(stage, time=time.time()))

    def finish(self) -> None:
        """Score what is left, unless final figures are to be skipped."""
        if self._later and not self._control.hurried:
            self._score_later(lambda: self._control.hurried)

    def _score_later(self, cancelled: Callable[[], bool]) -> None:
        names, self._later = self._later, []
        for at, name in enumerate(names):  # the quickest first
            self._score([name], cancelled)
            if cancelled():
                scored = {result.name for result in self.results}
                self._later = [name for name in names[at:] if name not in scored]
                return

    def _score(self, names: list[str], cancelled: Callable[[], bool]) -> None:
        from recdesk.evaluation.baselines import score_baselines

        self._emit(StageStarted(stage="baselines", note=Message("baseline.scoring")))
        self.results += score_baselines(
            self._split,
            self._cache,
            lambda result: self._emit(BaselineScored(name=result.name, metrics=result.metrics)),
            self._warn,
            Task(throttled("baselines", self._emit), cancelled),
            names,
        )
