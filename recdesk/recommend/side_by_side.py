"""Lists of several models for one person, side by side: where they agree, what moved, what only one recommends, and
where each ranks the held-out item."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.histories import NO_TIME, History
from recdesk.data.safe_csv import write_table
from recdesk.recommend.rules import NO_RULES, Rules

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.query import Recommendation
    from recdesk.recommend.recommender import LiveModel

Mark = Literal["agrees", "moved", "shared", "alone"]
"""agrees: in every list at the same rank, or at the rank of the first list that has it; moved: at another rank than
there; shared: the first list that has it, with others that rank it differently or lack it; alone: in no other list."""


@dataclass(frozen=True)
class Asked:
    """What all lists are made for.

    Attributes:
        item_ids: of the history, in time order.
        times: of these events, epoch seconds or `NO_TIME`; () where there are none.
        moment: for which is recommended, epoch seconds; None for now.
        n: length of the lists.
        exclude_seen, wish: see `LiveModel.top_n`; models that read no texts pass over the wish.
        rules: for every list.
        as_measured: from the history as it is before the held-out item.
    """

    item_ids: tuple[str, ...]
    n: int = 10
    exclude_seen: bool = True
    wish: str = ""
    rules: Rules = NO_RULES
    as_measured: bool = False
    times: tuple[int, ...] = ()
    moment: int | None = None


@dataclass(frozen=True)
class HeldOutItem:
    """The item of a person that a run was measured on.

    Attributes:
        item_id: of the item.
        hidden: bool [n], items that were kept out of training, by code; None for none.
    """

    item_id: str
    hidden: NDArray[np.bool_] | None = None

    def before(self, history: History, code: int) -> History:
        """A history before the held-out item, asked about at its time, without hidden items."""
        at = int(np.flatnonzero(history.items == code).max(initial=-1))
        if at >= 0:
            known = history.times is not None and history.times[at] != NO_TIME
            history = replace(history[:at], asked=int(history.times[at]) if known else None)  # type: ignore[index]
        return history if self.hidden is None else history[np.flatnonzero(~self.hidden[history.items - 1])]


@dataclass(frozen=True)
class HeldOut:
    """Where a model ranks the held-out item, from the history before it and under the rules.

    Attributes:
        item_id, title: of the item.
        rank: from 1; None where it cannot be recommended: the rules exclude it, or it was taken before.
        hit: it is in the list of that history.
        n: length of the list.
    """

    item_id: str
    title: str
    rank: int | None
    hit: bool
    n: int

    @property
    def sentence(self) -> str:
        """A message."""
        if self.rank is None:
            return Message("lists.held-out-barred", title=self.title)
        if self.hit:
            return Message("lists.held-out-hit", title=self.title, rank=self.rank)
        return Message("lists.held-out-missed", title=self.title, rank=self.rank, n=self.n)


@dataclass(frozen=True)
class Line:
    """An item of one list.

    Attributes:
        item: with rank and score of this list.
        mark: see `Mark`.
        moved: ranks above (positive) or below the first list that has the item; 0 there.
        ranks: of the item in every list; None where it is not in it.
        held_out: it is the held-out item.
    """

    item: "Recommendation"
    mark: Mark
    moved: int
    ranks: tuple[int | None, ...]
    held_out: bool


@dataclass(frozen=True)
class ModelList:
    """The list of one model.

    Attributes:
        lines: in order.
        history: that it was made from, in the model's item codes.
        wish: that the model has read.
        held_out: None for people who are not measured.
        notes: messages on what of the request has no effect on it.
    """

    lines: tuple[Line, ...]
    history: History
    wish: str
    held_out: HeldOut | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class SideBySide:
    """The lists of several models.

    Attributes:
        lists: in the order of the models.
        n: that were asked for.
        in_all: how many items are in every list.
    """

    lists: tuple[ModelList, ...]
    n: int
    in_all: int

    @property
    def sentence(self) -> str:
        """How much the lists agree, a message."""
        return Message("lists.in-all", count=self.in_all, lists=len(self.lists))


def side_by_side(
    models: "Sequence[LiveModel]",
    asked: Asked,
    held_out: Sequence[HeldOutItem | None],
    task: Task = UNWATCHED,
) -> SideBySide:
    """Lists of one person.

    Args:
        models: whose datasets may be versions of one another; items are matched by their ids.
        asked: the same for all.
        held_out: of the person, for each model.
        task: checked before each model.

    Raises:
        UsageError: the rules do not fit a dataset.
        CancelledError: it was cancelled.
    """
    made = []
    for model, target in zip(models, held_out, strict=True):
        task.check()
        made.append(_list_of(model, asked, target))
    ranks = [{item.item_id: item.rank for item in items} for items, *_ in made]
    lists = tuple(
        ModelList(
            tuple(
                _line(item, at, ranks, of is not None and of.item_id == item.item_id and asked.as_measured)
                for item in items
            ),
            history, wish, of, notes,
        )
        for at, (items, history, wish, of, notes) in enumerate(made)
    )  # fmt: skip
    return SideBySide(lists, asked.n, len(set.intersection(*map(set, ranks))))


def write_side_by_side(path: Path, names: Sequence[str], found: SideBySide) -> int:
    """Write the lists to a CSV, a row for each item of each list; the number of rows.

    Raises:
        StorageError: the folder cannot be written or the disk is full.
    """
    header = ["run", "rank", "item_id", "title", "score", "mark", "moved", "held_out"]
    rows = [
        [name, line.item.rank, line.item.item_id, line.item.title, f"{line.item.score:.6g}", line.mark, line.moved,
         "yes" if line.held_out else "", *("" if rank is None else rank for rank in line.ranks)]
        for name, one in zip(names, found.lists, strict=True)
        for line in one.lines
    ]  # fmt: skip
    return write_table(path, [*header, *(f"rank in {name}" for name in names)], rows)


def codes_of(dataset: Dataset, item_ids: Sequence[str]) -> tuple[list[int], int]:
    """Codes of items, in their order, and how many of the ids the dataset does not have."""
    found = dataset.item_ids.get_indexer(pd.Index(list(item_ids), dtype="str")) + 1
    return [int(code) for code in found if code], int((found == 0).sum())


def _history_of(dataset: Dataset, asked: Asked) -> tuple[History, int]:
    """The history that is asked about, and how many of its items the dataset does not have."""
    codes = np.asarray(dataset.item_ids.get_indexer(pd.Index(list(asked.item_ids), dtype="str")) + 1, np.int32)
    history = History(codes, np.asarray(asked.times, np.int64) if asked.times else None)
    return history[np.flatnonzero(codes)].until(asked.moment), int((codes == 0).sum())


def _list_of(
    model: "LiveModel", asked: Asked, target: HeldOutItem | None
) -> "tuple[list[Recommendation], History, str, HeldOut | None, tuple[str, ...]]":
    """A model's list, the history and the wish that it has read, the held-out item, and notes."""
    history, unknown = _history_of(model.dataset, asked)
    wish = asked.wish if model.reader is not None else ""
    rules = model.bind(asked.rules)
    before, measured = history, None
    if target is not None and (code := codes_of(model.dataset, [target.item_id])[0]):
        before = target.before(history, code[0])
        measured = _held_out(model, asked, before, code[0], wish, rules)
    read = model.dated(before if asked.as_measured else history)
    items = model.top_n(read, asked.n, asked.exclude_seen, wish=wish, rules=rules)
    notes = [Message("lists.items-unknown", count=unknown)] if unknown else []
    if asked.wish and not wish:
        notes.append(Message("lists.wish-unread"))
    if not asked.rules.empty:
        left = model.candidates(read, asked.exclude_seen, rules)
        notes += [*rules.notes, *filter(None, [rules.shortfall(asked.n, len(items), left)])]  # type: ignore[list-item]
    return items, read, wish, measured, tuple(notes)


def _held_out(model: "LiveModel", asked: Asked, before: History, code: int, wish: str, rules: "BoundRules") -> HeldOut:
    data = model.dataset
    item_id, title = str(data.item_ids[code - 1]), str(data.titles[code - 1])
    barred = rules.allowed is not None and not rules.allowed[code - 1]
    if barred or (asked.exclude_seen and code in before.items):
        return HeldOut(item_id, title, None, False, asked.n)
    rank, _ = model.place(before, code, asked.exclude_seen, wish, rules)
    hit = rank <= asked.n
    if asked.rules.reranks:
        hit = code in [item.code for item in model.top_n(before, asked.n, asked.exclude_seen, wish=wish, rules=rules)]
    return HeldOut(item_id, title, rank, hit, asked.n)


def _line(item: "Recommendation", at: int, every: Sequence[dict[str, int]], held_out: bool) -> Line:
    ranks = tuple(ranks.get(item.item_id) for ranks in every)
    first = next(number for number, rank in enumerate(ranks) if rank is not None)
    there = ranks[first]
    assert there is not None
    moved = there - item.rank
    mark: Mark
    if sum(rank is not None for rank in ranks) == 1:
        mark = "alone"
    elif at == first:
        mark = "agrees" if set(ranks) == {item.rank} else "shared"
    else:
        mark = "moved" if moved else "agrees"
    return Line(item, mark, moved, ranks, held_out)
