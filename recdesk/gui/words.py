"""How facts and figures are said, in one place."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("Words", text, "", number)


def config_words(text: str) -> str:
    """A title or description of a setting in the person's language (declared in `training.config`)."""
    return QCoreApplication.translate("Config", text)


def choice(value: str) -> str:
    """A value of a setting that is one of a few."""
    choices = {"auto": _tr("Automatic"), "cpu": _tr("CPU"), "cuda": _tr("NVIDIA (CUDA)"), "mps": _tr("Apple (MPS)")}
    return choices.get(value, value)


def duration(seconds: float) -> str:
    """A length of time as a person says it: "8 s", "3 min", "2 h 10 min"."""
    seconds = max(seconds, 0.0)
    if seconds < 60:
        return _tr("{n} s").format(n=int(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return _tr("{n} min").format(n=minutes)
    return _tr("{h} h {m} min").format(h=minutes // 60, m=minutes % 60)


def size(count: float) -> str:
    """Bytes as a person says them."""
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{max(count / 2**20, 0.1):.1f} MB"


def found(metrics: Mapping[str, float]) -> str:
    """What Recall@10 means."""
    n = round(100 * metrics.get("recall@10", 0.0))
    return _tr("of 100 people, {n} find what they took next among the first ten").format(n=n)


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
    }
    return splits.get(name, name)


def percent(share: float | None) -> str:
    """A share as a percentage; a dash where it is not known."""
    return "–" if share is None else f"{100 * share:.0f} %"
