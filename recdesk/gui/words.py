"""Texts for values in the window: settings, durations, sizes, metrics, states."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import TYPE_CHECKING

from pydantic.fields import FieldInfo
from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from recdesk.text.sources import TRAINED_HERE

if TYPE_CHECKING:
    from recdesk.workspace.run_groups import RunGroup
    from recdesk.workspace.runs import Run


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Words", text, "", number)


def config_words(text: str) -> str:
    """A title or description of a setting (declared in `training.config`) in the language of the window."""
    return QCoreApplication.translate("Config", text)


def choice(value: str) -> str:
    """The text for a value of a setting with a fixed set of choices."""
    if value in ("softmax", "gbce"):
        return {"softmax": _tr("Softmax"), "gbce": _tr("gBCE")}[value]
    texts = {
        "": _tr("nothing"),
        "packaged": _tr("packaged MiniLM"),
        "tied": _tr("by their vectors"),
        "linear": _tr("by a layer of its own"),
        "scratch": _tr("trained here"),
        "off": _tr("off"),
        "last-layer": _tr("last layer"),
        "whole": _tr("whole encoder"),
        "low-rank": _tr("low-rank adapters"),
        "ignored": _tr("order"),
        "gaps": _tr("order, gaps"),
        "asked": _tr("gaps, moment"),
    }
    if value in texts:
        return texts[value]
    choices = {"auto": _tr("Automatic"), "cpu": _tr("CPU"), "cuda": _tr("NVIDIA (CUDA)"), "mps": _tr("Apple (MPS)")}
    return choices.get(value, value)


def setting(field: FieldInfo, value: object) -> str:
    """The text for a value of a setting; free text stays as it is, and none of it is automatic where the setting says
    so."""
    more = field.json_schema_extra
    if value == "" and isinstance(more, dict) and more.get("automatic"):
        return choice("auto")
    written = field.annotation is str and value not in (field.default, *suggested(field))
    return str(value) if written else choice(str(value))


def suggested(field: FieldInfo) -> list[str]:
    """The suggestions for a free-text setting."""
    more = field.json_schema_extra
    return list(map(str, more.get("suggestions", ()))) if isinstance(more, dict) else []  # type: ignore[arg-type]


def encoder(name: str) -> str:
    """Display name of a text encoder."""
    return choice("scratch") if name == TRAINED_HERE else name


def example_language() -> str:
    """Language of the built-in example that fits the language of the window: "zh" or "en"."""
    return "zh" if QLocale().language() == QLocale.Language.Chinese else "en"


def listed(names: Iterable[str]) -> str:
    """Names joined to a list."""
    return _tr(", ").join(names)


def together(*sentences: str) -> str:
    """Sentences joined with the spacing of the language; empty ones are left out."""
    texts = [sentence for sentence in sentences if sentence]
    return reduce(lambda first, second: _tr("{first} {second}").format(first=first, second=second), texts, "").strip()


def run_title(run: "Run") -> str:
    """Title of a run: its name, or its kind and time of creation: "bert-causal · 24 Nov 14:02"."""
    if run.labels.name:
        return run.labels.name
    title = f"{run.kind} · {moment(run.created)}"
    if run.group:
        return _tr("{run} · seed {n}").format(run=title, n=run.config.seed)
    return _tr("{run} · trial {n}").format(run=title, n=run.trial + 1) if run.study else title


def group_title(group: "RunGroup") -> str:
    """Title of a group of seeds: the name of its first run, or their kind, time and number."""
    first = group.first
    title = first.labels.name or f"{first.kind} · {moment(first.created)}"
    return _tr("{run} · {n} seeds").format(run=title, n=group.size)


def moment(time: datetime) -> str:
    """A day and time: "24 Nov 14:02"."""
    stamp = QDateTime(time.year, time.month, time.day, time.hour, time.minute, time.second)
    return QLocale().toString(stamp, _tr("d MMM HH:mm"))


def duration(seconds: float) -> str:
    """A duration: "8 s", "3 min", "2 h 10 min"."""
    seconds = max(seconds, 0.0)
    if seconds < 60:
        return _tr("{n} s").format(n=int(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _tr("{n} min").format(n=minutes)
    return _tr("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def short_duration(seconds: float) -> str:
    """A duration, with one decimal below ten seconds."""
    return _tr("{n} s").format(n=f"{seconds:.1f}") if seconds < 10 else duration(seconds)


def size(count: float) -> str:
    """A size in MB or GB, from bytes."""
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{max(count / 2**20, 0.1):.1f} MB"


def found(metrics: Mapping[str, float]) -> str:
    """What Recall@10 means, as part of a line of facts."""
    of, n = _found(metrics)
    if of == 100:
        return _tr("of 100 people, {n} find what they took next among the first ten").format(n=n)
    return _tr("{n} of {m} people find what they took next among the first ten").format(n=n, m=of)


def found_sentence(metrics: Mapping[str, float]) -> str:
    """The same as a sentence."""
    of, n = _found(metrics)
    if of == 100:
        return _tr("Of 100 people, {n} find what they took next among the first ten.").format(n=n)
    return _tr("{n} of {m} people find what they took next among the first ten.").format(n=n, m=of)


def _found(metrics: Mapping[str, float]) -> tuple[int, int]:
    from recdesk.evaluation.metrics import in_people

    people = in_people(metrics)
    return people.of, people.ten


def rating(value: float) -> str:
    """What a person gave to an item."""
    return f"★ {value:g}"


def part(name: str) -> str:
    """A part of a split."""
    return {"test": _tr("test"), "validation": _tr("validation"), "train": _tr("training")}.get(name, name)


def step(name: str) -> str:
    """A step of the method over texts."""
    steps = {
        "texts": _tr("Texts"),
        "encoder": _tr("Encoder"),
        "decoder": _tr("Decoder"),
        "fine-tuning": _tr("Fine-tuning"),
        "recommending": _tr("Recommending"),
    }
    return steps.get(name, name)


def state(name: str) -> str:
    """A run's state."""
    states = {
        "queued": _tr("queued"),
        "running": _tr("running"),
        "paused": _tr("paused"),
        "finished": _tr("finished"),
        "stopped": _tr("stopped"),
        "failed": _tr("failed"),
        "interrupted": _tr("interrupted"),
    }
    return states.get(name, name)


def state_tone(name: str) -> str:
    """The tone of a state."""
    return {"failed": "bad", "interrupted": "warning", "running": "good", "paused": "warning"}.get(name, "text")


def split(name: str) -> str:
    """A split."""
    splits = {
        "leave-one-out": _tr("each person's last item held out"),
        "time": _tr("the newest tenth of all events held out"),
        "validation-only": _tr("trained on nearly everything, not measured"),
        "new-items": _tr("a tenth of the items held out entirely"),
    }
    return splits.get(name, name)


def percent(share: float | None) -> str:
    """A share as a percentage; a dash for None."""
    return "–" if share is None else _tr("{n} %").format(n=f"{100 * share:.0f}")
