"""The five steps of the method over texts: where a run stands in them, what each took and what it brought."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from recdesk.core.messages import Message
from recdesk.monitor.events import (
    BaselineScored,
    Evaluated,
    Event,
    Finished,
    StageEnded,
    StageScored,
    StageStarted,
    Step,
)
from recdesk.text.sources import packaged_folder

StepName = Literal["texts", "encoder", "decoder", "fine-tuning", "recommending"]
StepState = Literal["waiting", "going on", "done", "skipped"]
STEPS: tuple[StepName, ...] = ("texts", "encoder", "decoder", "fine-tuning", "recommending")
FIGURES = ("ndcg@10", "recall@10")
SKIPPING: Mapping[str, str] = MappingProxyType(
    {
        "encoder": Message("encoder.cost-of-skipping-language"),
        "fine-tuning": Message("encoder.cost-of-skipping-tuning"),
    }
)
"""What leaving out a step costs, for display."""

_OF_STAGE: Mapping[str, StepName] = MappingProxyType(
    {
        "texts": "texts",
        "encoder": "encoder",
        "vectors": "decoder",
        "training": "decoder",
        "fine-tuning": "fine-tuning",
        "testing": "recommending",
    }
)


@dataclass
class MethodStep:
    """One of the steps.

    Attributes:
        name: which.
        state: waiting, going on, done or skipped.
        seconds: duration; None before that is known.
        before, after: validation metrics by name; empty where not measured.
        words: share of masked tokens predicted, before and after (of the encoder's own training); None elsewhere.
    """

    name: StepName
    state: StepState = "waiting"
    seconds: float | None = None
    before: dict[str, float] = field(default_factory=dict)
    after: dict[str, float] = field(default_factory=dict)
    words: tuple[float, float] | None = None


class FiveSteps:
    """Progress of a run over texts through the five steps of the method, from its events.

    Attributes:
        steps: by name, in order.
        stage: the run's current stage; "" before the first.
    """

    def __init__(self) -> None:
        self.steps: dict[str, MethodStep] = {name: MethodStep(name) for name in STEPS}
        self.stage = ""
        self._since = 0.0
        self._trained = self._read = 0.0  # seconds of training so far; of reading the items' texts

    @property
    def applies(self) -> bool:
        """Whether the run reads texts; without them there are no steps."""
        return self.steps["texts"].state != "waiting"

    def shown(self, skipped: Collection[str]) -> list[MethodStep]:
        """The steps in order; waiting ones that are in `skipped` (see `will_skip`) are shown as skipped."""
        return [
            replace(step, state="skipped") if step.state == "waiting" and step.name in skipped else step
            for step in self.steps.values()
        ]

    def add(self, event: Event) -> None:
        """Update with the next event."""
        match event:
            case StageStarted():
                self._enter(event)
            case StageScored():
                self.steps[_OF_STAGE[event.stage]].before = _figures(event.metrics)
            case StageEnded():
                self._leave(event)
            case BaselineScored(name="similar texts"):
                figures = _figures(event.metrics.get("validation", {}))
                self.steps["encoder"].after = figures if self.steps["encoder"].state == "done" else {}
                self.steps["decoder"].before = figures
            case Step() if self.applies:
                self._spend(event.seconds)
            case Evaluated() if self.applies:
                step = self.steps["fine-tuning" if self.stage == "fine-tuning" else "decoder"]
                if event.best:
                    step.after = _figures(event.metrics)
            case Finished():
                self._end(event)

    def _enter(self, event: StageStarted) -> None:
        name = _OF_STAGE.get(event.stage)
        if name is None or (not self.applies and name != "texts"):
            return
        for step in self.steps.values():
            if step.state == "going on" and step.name != name:
                step.state = "done"
        texts = self.steps["texts"]
        if texts.state == "done" and texts.seconds is None:
            texts.seconds = event.time - self._since
        self.stage, self._since = event.stage, event.time
        self.steps[name].state = "going on"
        if name == "fine-tuning":
            self.steps[name].before = self.steps[name].after = dict(self.steps["decoder"].after)

    def _leave(self, event: StageEnded) -> None:
        name = _OF_STAGE.get(event.stage)
        if name is None:
            return
        step = self.steps[name]
        if event.stage == "vectors":
            self._read = step.seconds = event.seconds
        elif event.stage == "encoder" and event.before is None:
            step.state = "skipped"
        else:
            step.state, step.seconds = "done", event.seconds
        if event.stage == "encoder" and event.before is not None and event.after is not None:
            step.words = event.before, event.after

    def _spend(self, seconds: float) -> None:
        """Split the seconds of training so far into those of the decoder and of fine-tuning."""
        if self.stage == "fine-tuning":
            self.steps["fine-tuning"].seconds = seconds - self._trained
        else:
            self._trained = seconds
            self.steps["decoder"].seconds = self._read + seconds

    def _end(self, event: Finished) -> None:
        for step in self.steps.values():
            if step.state == "going on":
                step.state = "done" if step.name == "recommending" else "waiting"
        if self.steps["recommending"].state == "done":
            self.steps["recommending"].seconds = event.time - self._since


def will_skip(encoder: str, encoder_steps: int | None, fine_tune: str) -> set[str]:
    """Names of the steps that a run with such settings leaves out."""
    from_nothing = encoder == "scratch" or (encoder == "auto" and packaged_folder() is None)
    steps = {"encoder"} if encoder_steps == 0 or (encoder_steps is None and not from_nothing) else set()
    return steps | ({"fine-tuning"} if fine_tune == "off" else set())


def _figures(metrics: Mapping[str, float]) -> dict[str, float]:
    return {name: metrics[name] for name in FIGURES if name in metrics}
