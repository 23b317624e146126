"""Figures that others have published for a dataset, noted with their protocol, in `published.json` of a workspace."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.workspace.folders import folder_lock

FILE = "published.json"
FORMAT = 1
MOST = 500
LONGEST = 500
"""Characters of a text."""
SPLITS = ("leave-one-out", "time", "new-items", "other")
CANDIDATES = ("all", "sampled")
ADVICE = Message("record.restore-copy")
Candidates = Literal["all", "sampled"]


class _Entry(Record):
    dataset: str
    model: str
    metric: str
    value: float = Field(ge=0, le=1)
    source: str
    split: str
    candidates: Candidates = "all"
    negatives: int = Field(0, ge=0)
    seen_excluded: bool = True
    knows_moment: bool = False
    users: int | None = None
    items: int | None = None
    interactions: int | None = None


class _File(Record):
    format: int
    figures: list[_Entry]


@dataclass(frozen=True)
class PublishedFigure:
    """A figure of somebody else with what it was measured by.

    Attributes:
        dataset: folder name of the dataset.
        model: what it is of, in words.
        metric: such as "ndcg@10".
        value: of it, 0 to 1.
        source: where it stands.
        split: one of `SPLITS`.
        candidates: the whole catalogue, or some drawn at random.
        negatives: how many are drawn.
        seen_excluded: whether items of the history are left out of the ranking.
        knows_moment: whether the model is told when the held-out item was taken.
        users, items, interactions: of the data after its filters; None where that is not noted.
    """

    dataset: str
    model: str
    metric: str
    value: float
    source: str
    split: str = "leave-one-out"
    candidates: Candidates = "all"
    negatives: int = 0
    seen_excluded: bool = True
    knows_moment: bool = False
    users: int | None = None
    items: int | None = None
    interactions: int | None = None


def load_published(workspace: Path, dataset: str = "") -> list[PublishedFigure]:
    """The figures of a dataset, or all of them, in the order in which they were noted.

    Raises:
        DataError: the file is damaged.
    """
    names = [field.name for field in fields(PublishedFigure)]
    found = (PublishedFigure(**{name: entry[name] for name in names if name in entry}) for entry in _entries(workspace))
    return [figure for figure in found if dataset in ("", figure.dataset)]


def note_published(workspace: Path, figure: PublishedFigure) -> None:
    """Add a figure; one that stands there already is not added again.

    Raises:
        UsageError: a value makes no sense, or too many are noted.
        DataError: the file is damaged; it stays as it is.
        StorageError: it cannot be written.
    """
    check_published(figure)
    with folder_lock(workspace):
        entries = list(_entries(workspace))
        if len(entries) >= MOST:
            raise UsageError(Message("published.too-many", count=MOST))
        if asdict(figure) not in entries:
            _write(workspace, [*entries, asdict(figure)])


def remove_published(workspace: Path, figure: PublishedFigure) -> None:
    """Take a figure out; nothing where it is not there.

    Raises:
        DataError: the file is damaged; it stays as it is.
        StorageError: it cannot be written.
    """
    with folder_lock(workspace):
        known = load_published(workspace)
        if figure in known:
            _write(workspace, [asdict(each) for each in known if each != figure])


def check_published(figure: PublishedFigure) -> None:
    """Check what was entered.

    Raises:
        UsageError: a value makes no sense; says which.
    """
    gain, _, cutoff = figure.metric.partition("@")
    length = int(cutoff) if cutoff.isascii() and cutoff.isdecimal() and len(cutoff) < 5 else 0
    if gain not in ("ndcg", "recall", "mrr", "accuracy") or not 1 <= length <= 1000:
        said = Message("published.bad-metric", metric=figure.metric[:LONGEST])
        raise UsageError(said, Message("published.metric-form"))
    if not 0 <= figure.value <= 1:
        raise UsageError(Message("published.bad-value", value=figure.value), Message("published.value-form"))
    if figure.split not in SPLITS:
        known = Message("settings.choose-one-of", names=", ".join(SPLITS))
        raise UsageError(Message("split.unknown", split=figure.split), known)
    if figure.candidates not in CANDIDATES or (figure.candidates == "sampled") != (figure.negatives > 0):
        raise UsageError(Message("published.bad-negatives"), Message("published.negatives-form"))
    for text in (figure.model, figure.source):
        if not text.strip() or len(text) > LONGEST:
            raise UsageError(Message("published.bad-text", most=LONGEST))
    if any(count is not None and count < 1 for count in (figure.users, figure.items, figure.interactions)):
        raise UsageError(Message("published.bad-count"))


def _entries(workspace: Path) -> Sequence[dict[str, Any]]:
    path = workspace / FILE
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = read_record(path, _File, ADVICE, FORMAT)["figures"]
    return entries


def _write(workspace: Path, entries: Sequence[dict[str, Any]]) -> None:
    write_record(workspace / FILE, {"format": FORMAT, "figures": list(entries)})
