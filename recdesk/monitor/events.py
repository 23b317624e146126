"""Events of a run: small values without tensors, each one line of JSON in the run's log."""

import functools
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from pydantic import TypeAdapter

from recdesk.core.errors import DataError
from recdesk.core.messages import Message, found_in, restored
from recdesk.core.records import MESSAGES, checksum_of


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base of all events.

    Attributes:
        time: epoch seconds when it happened.
    """

    kind: ClassVar[str] = ""
    time: float = field(default_factory=time.time)


@dataclass(frozen=True, kw_only=True)
class StageStarted(Event):
    """A stage began; `note` is a sentence to show.

    Stages are "preparing", "baselines", "training", "testing"; with models over texts also "texts", "encoder" (its own
    training), "vectors" and "fine-tuning".
    """

    kind: ClassVar[str] = "stage"
    stage: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Plan(Event):
    """Length of the training and facts behind automatic choices. `minutes`: time limit; `full_softmax_bytes`: memory of
    logits over all items."""

    kind: ClassVar[str] = "plan"
    steps_per_epoch: int
    max_epochs: int
    patience: int
    minutes: float | None
    parameters: int
    device: str
    softmax: str
    full_softmax_bytes: int
    evaluate_every: int = 1
    precision: str = ""
    step_tokens: int = 0
    hidden: int = 0
    dropout: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Step(Event):
    """One optimiser step. `tokens`: item positions without padding; `seconds`: training time so far, without pauses and
    evaluation."""

    kind: ClassVar[str] = "step"
    step: int
    epoch: float
    loss: float
    learning_rate: float
    tokens: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class EncoderStep(Event):
    """One step of `of` of masked language modelling: mean loss of the masked tokens, share of them predicted."""

    kind: ClassVar[str] = "encoder-step"
    done: int
    of: int
    loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class StageProgress(Event):
    """Share done of a stage that is no training, 0..1."""

    kind: ClassVar[str] = "stage-progress"
    stage: str
    share: float


@dataclass(frozen=True, kw_only=True)
class StageScored(Event):
    """Validation metrics, by name, at the start of a stage."""

    kind: ClassVar[str] = "stage-scored"
    stage: str
    metrics: dict[str, float]


@dataclass(frozen=True, kw_only=True)
class StageEnded(Event):
    """A stage over texts ended: its metric before and after (`figure` is its name), and its duration."""

    kind: ClassVar[str] = "stage-ended"
    stage: str
    figure: str
    before: float | None
    after: float | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Epoch(Event):
    """An epoch ended: mean training loss over its steps."""

    kind: ClassVar[str] = "epoch"
    epoch: int
    step: int
    loss: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Evaluated(Event):
    """A validation. `since_best`: evaluations without improvement."""

    kind: ClassVar[str] = "evaluated"
    epoch: int
    step: int
    loss: float
    metrics: dict[str, float]
    best: bool
    since_best: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class BaselineScored(Event):
    """A baseline's figures on the same split."""

    kind: ClassVar[str] = "baseline"
    name: str
    metrics: dict[str, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Load(Event):
    """Memory and load at a step: bytes of the process and its children, share of the usable CPUs (0..1) since the last
    sample, bytes in use on the GPU (None without one)."""

    kind: ClassVar[str] = "load"
    step: int
    memory: int
    cpu: float
    gpu_memory: int | None = None


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved(Event):
    """A checkpoint from which `step` can be resumed is on disk."""

    kind: ClassVar[str] = "checkpoint"
    step: int


@dataclass(frozen=True, kw_only=True)
class Resumed(Event):
    """Training resumes from `step`: what was logged of later steps is void."""

    kind: ClassVar[str] = "resumed"
    step: int


@dataclass(frozen=True, kw_only=True)
class StateChanged(Event):
    """The run entered a state: running, paused."""

    kind: ClassVar[str] = "state"
    state: str


@dataclass(frozen=True, kw_only=True)
class Warned(Event):
    """A warning; `urgent` where somebody has to act. `about`: "figures" for one to show beside metrics, else ""."""

    kind: ClassVar[str] = "warned"
    sentence: str
    urgent: bool = False
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Finished(Event):
    """The end. `state`: finished or stopped; `reason`: a sentence; `metrics`: by part, then name."""

    kind: ClassVar[str] = "finished"
    state: str
    reason: str
    seconds: float
    metrics: dict[str, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Failed(Event):
    """The run failed: a sentence, a suggestion, details for a report."""

    kind: ClassVar[str] = "failed"
    sentence: str
    suggestion: str = ""
    details: str = ""


ENCODER_POINTS = 2000

Emit = Callable[[Event], None]

_MARK = ', "checksum": "'
_END = re.compile(r'[0-9a-f]{8}"}')
_KINDS: dict[str, type[Event]] = {event.kind: event for event in Event.__subclasses__()}


def is_kept(event: Event) -> bool:
    """Whether an event goes into the log: all but `StageProgress`; of encoder steps, which may be a million, the first,
    the last and about `ENCODER_POINTS` between."""
    if not isinstance(event, EncoderStep):
        return not isinstance(event, StageProgress)
    every = max(-(-event.of // ENCODER_POINTS), 1)
    return event.done % every == 0 or event.done in (1, event.of)


def to_line(event: Event) -> str:
    """The event as a line of JSON, whose last value is a checksum of all before it."""
    values = asdict(event)
    found = found_in(values)
    body = json.dumps({"kind": event.kind, **values, **({MESSAGES: found} if found else {})}, ensure_ascii=False)[:-1]
    return f'{body}{_MARK}{_line_checksum(body)}"}}\n'


def from_line(line: str) -> Event | None:
    """Parse a line; None for a truncated, damaged or foreign one. Lines of older versions have no checksum."""
    body, _, rest = line.rstrip("\n").rpartition(_MARK)
    if _END.fullmatch(rest) and rest[:-2] != _line_checksum(body):
        return None
    try:
        values = json.loads(line)
        event = _adapter(values["kind"]).validate_json(line, strict=True)
        return _with_messages(event, values[MESSAGES]) if MESSAGES in values else event
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _with_messages(event: Event, found: list[dict[str, Any]]) -> Event:
    """An event with keys and values of its messages; validation leaves their English alone."""
    members = restored(asdict(event), found)
    changed: dict[str, Any] = {name: value for name, value in members.items() if isinstance(value, Message)}
    return replace(event, **changed)


def read_events(path: Path, damaged: Callable[[str], None] = lambda line: None) -> Iterator[Event]:
    """Read a log; without one there are no events.

    Args:
        path: of the log.
        damaged: called with each line that holds no event, except a truncated one, as a killed process leaves it.

    Raises:
        DataError: it cannot be read.
    """
    if not path.exists():
        return
    try:
        with path.open(encoding="utf-8", errors="replace", newline="\n") as stream:
            for line in stream:
                event = from_line(line)
                if event is not None:
                    yield event
                elif line.rstrip().endswith("}"):
                    damaged(line)
    except OSError as error:
        raise DataError(Message("record.unreadable", path=path, reason=error.strerror or error)) from error


def _line_checksum(body: str) -> str:
    return checksum_of(body.encode("utf-8", "surrogatepass"))


@functools.cache
def _adapter(kind: str) -> TypeAdapter[Event]:
    return TypeAdapter(_KINDS[kind])


def without_repeats(events: Iterable[Event]) -> list[Event]:
    """The events of a resumed run as if it had not been interrupted: repeated steps appear once."""
    kept: list[Event] = []
    for event in events:
        if isinstance(event, Resumed):
            ends = (Finished, Failed)
            kept = [e for e in kept if getattr(e, "step", 0) <= event.step and not isinstance(e, ends)]
        kept.append(event)
    once = ((at, _key_of(event)) for at, event in enumerate(kept))
    last: dict[tuple[str, int] | None, int] = {key: at for at, key in once if key is not None}
    return [event for at, event in enumerate(kept) if last.get(_key_of(event), at) == at]


def _key_of(event: Event) -> tuple[str, int] | None:
    """Key of an event that occurs once per step, but is repeated after a resume from a checkpoint made just before it;
    None for others."""
    if isinstance(event, EncoderStep):
        return event.kind, event.done
    return (event.kind, event.step) if isinstance(event, Epoch | Evaluated) else None
