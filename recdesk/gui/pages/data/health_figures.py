"""The three plots of a dataset's health, as figures: history lengths, long tail, interactions over time."""

from PySide6.QtCore import QCoreApplication, QLocale

from recdesk.core.messages import Message
from recdesk.data.cleaning.rules import instant
from recdesk.data.health import Health
from recdesk.gui.messages import translated
from recdesk.gui.widgets.plots import Figures

_FORMS = {"hour": "%m-%d %Hh", "day": "%Y-%m-%d", "week": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y", "part": "%Y-%m"}


def lengths_figures(health: Health) -> Figures:
    """How many users have histories of which length."""
    begins, users = health.lengths["from"], health.lengths["users"]
    ends = [*(begin - 1 for begin in begins[1:]), health.longest]
    labels = [_span(begin, end) for begin, end in zip(begins, ends, strict=True)]
    readouts = [_readout(count, begin, end) for begin, end, count in zip(begins, ends, users, strict=True)]
    rows: list[list[object]] = [[begin, end, count] for begin, end, count in zip(begins, ends, users, strict=True)]
    return Figures([float(count) for count in users], labels, readouts, header=["from", "to", "users"], rows=rows)


def tail_figures(health: Health) -> Figures:
    """Which share of the interactions the most popular items have."""
    items, interactions = health.tail["items"], health.tail["interactions"]
    words = _tr("the most popular {items} of the items have {share} of the interactions")
    readouts = [
        words.format(items=_percent(item), share=_percent(share))
        for item, share in zip(items, interactions, strict=True)
    ]
    rows: list[list[object]] = [[item, share] for item, share in zip(items, interactions, strict=True)]
    header = ["share of items", "share of interactions"]
    return Figures(
        [100 * share for share in interactions], [_percent(item) for item in items], readouts, True, header, rows
    )


def times_figures(health: Health) -> Figures | None:
    """Interactions over time; None without times."""
    if health.over_time is None:
        return None
    unit, begins, counts = (health.over_time[name] for name in ("unit", "from", "interactions"))
    labels = [instant(begin).strftime(_FORMS[unit]) for begin in begins]
    readouts = [f"{label}: {_figure(count)}" for label, count in zip(labels, counts, strict=True)]
    rows: list[list[object]] = [
        [instant(begin).strftime("%Y-%m-%d %H:%M"), count] for begin, count in zip(begins, counts, strict=True)
    ]
    return Figures([float(count) for count in counts], labels, readouts, header=["from", "interactions"], rows=rows)


def unit_words(unit: str) -> str:
    """What a bar of the last plot stands for."""
    return {
        "hour": _tr("Interactions an hour"),
        "day": _tr("Interactions a day"),
        "week": _tr("Interactions a week"),
        "month": _tr("Interactions a month"),
        "year": _tr("Interactions a year"),
    }.get(unit, _tr("Interactions over time"))


def _readout(count: int, begin: int, end: int) -> str:
    users = translated(Message("count.users", count=count))
    if begin < end:
        return _tr("{users} with {span} interactions").format(users=users, span=_span(begin, end))
    interactions = translated(Message("count.interactions", count=begin))
    return _tr("{users} with {interactions}").format(users=users, interactions=interactions)


def _span(begin: int, end: int) -> str:
    return str(begin) if begin >= end else f"{begin}–{end}"


def _percent(share: float) -> str:
    return QCoreApplication.translate("Words", "{n} %").format(n=QLocale().toString(100 * share, "g", 3))


def _figure(value: int) -> str:
    return QLocale().toString(int(value))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Health", text)
