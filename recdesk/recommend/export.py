"""Recommendations as a file: a table for spreadsheets, or a form for other programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import discard_old_parts
from recdesk.data.histories import Histories
from recdesk.recommend.explanations import main_reasons
from recdesk.recommend.export_forms import REASON, FileForm, Rows, rows_to

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.recommender import LiveModel

_TOGETHER = 4096
_TOGETHER_WITH_REASONS = 64
_USUAL = FileForm()


@dataclass(frozen=True)
class Exported:
    """Summary of an export.

    Attributes:
        rows: number of recommendations.
        guarded_users, guarded_items: number of ids with an apostrophe put in front, so that no spreadsheet runs them.
        n: recommendations wanted for each person.
        short: people with fewer than that, but some.
        unserved: people without any.
        fallbacks: people who are not in the data and got the most popular items.
    """

    rows: int
    guarded_users: int = 0
    guarded_items: int = 0
    n: int = field(default=10, compare=False)
    short: int = 0
    unserved: int = 0
    fallbacks: int = 0

    @property
    def people_notes(self) -> list[str]:
        """Sentences on people who got fewer recommendations than wanted, none, or the most popular items."""
        notes: list[str] = []
        if self.short:
            notes.append(Message("export.short", count=self.short, n=self.n))
        if self.unserved:
            notes.append(Message("export.unserved", count=self.unserved))
        if self.fallbacks:
            notes.append(Message("export.fallbacks", count=self.fallbacks))
        return notes

    @property
    def note(self) -> str:
        """A sentence where ids were changed, else ""."""
        if not self.guarded_users + self.guarded_items:
            return ""
        return Message("export.formula-ids-guarded", users=self.guarded_users, items=self.guarded_items)


@dataclass(frozen=True)
class EditedPerson:
    """A person whose list is made after another history than the one in the data.

    Attributes:
        user: user code; below 0 for a person who is not in the data.
        user_id: what the file calls them.
        history: item codes in time order.
        wish: see `LiveModel.top_n`.
    """

    user: int
    user_id: str
    history: Sequence[int]
    wish: str = ""


def export_top_n(
    model: "LiveModel",
    path: Path,
    n: int = 10,
    users: Sequence[int] | NDArray[np.int64] | None = None,
    exclude_seen: bool = True,
    task: Task = UNWATCHED,
    form: FileForm = _USUAL,
    allowed: NDArray[np.bool_] | None = None,
    edited: Sequence[EditedPerson] = (),
    rules: "BoundRules | None" = None,
    strangers: Sequence[str] = (),
) -> Exported:
    """Write the top-N of users after everything known of them.

    Args:
        model: what recommends.
        path: its ending tells the form, see `export_forms`.
        n: recommendations per user.
        users: user codes, in the order wanted; None for everybody.
        exclude_seen: leave out what they have taken.
        task: gets the share done after each block of users; checked before each and before the file takes its place.
        form: columns and how texts are written. With the column of reasons it takes as many times longer as the model
            reads items of a history.
        allowed: bool [n_items], candidates; None for all items.
        edited: people with another history. Those who are not in the data follow the users.
        rules: of the model, see `LiveModel.bind`; None for none.
        strangers: ids of people of whom nothing is known: they follow with the most popular items that the rules allow,
            which the column of reasons says (it is added where it is missing).

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the ending of the name, or a column, is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    task = task.named(Message("job.export"))
    if strangers and REASON not in form.columns:
        form = FileForm((*form.columns, REASON), form.separator, form.mark, form.raw_ids)
    codes = np.arange(model.dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)
    others = {person.user: person for person in edited if person.user >= 0}
    new = [person for person in edited if person.user < 0]
    discard_old_parts(path)
    with rows_to(path, model.dataset, form) as rows:
        lists = _Lists(model, n, exclude_seen, allowed, rules, task, rows, REASON in form.columns)
        lists.total = len(codes) + len(new) + len(strangers)
        together = _TOGETHER_WITH_REASONS if REASON in form.columns else _TOGETHER
        for begin in range(0, len(codes), together):
            some = codes[begin : begin + together]
            lists.add_users(some, [others.get(int(user)) for user in some] if others else [])
        for person in new:
            lists.add_person(person)
        lists.add_strangers(strangers)
        task.check()  # once more before the old file is replaced
    counts = (n, lists.short, lists.unserved, len(strangers))
    return Exported(lists.written, rows.guarded_users, rows.guarded_items, *counts)


class _Lists:
    """Makes lists and writes them; counts them."""

    def __init__(
        self,
        model: "LiveModel",
        n: int,
        exclude_seen: bool,
        allowed: NDArray[np.bool_] | None,
        rules: "BoundRules | None",
        task: Task,
        rows: Rows,
        with_reasons: bool,
    ) -> None:
        self._model, self._rules, self._task, self._rows = model, rules, task, rows
        self._n, self._exclude_seen, self._allowed, self._with_reasons = n, exclude_seen, allowed, with_reasons
        self.written = self.short = self.unserved = self.total = 0
        self._done = 0

    def add_users(self, users: NDArray[np.int64], others: Sequence[EditedPerson | None]) -> None:
        """Write the lists of some users, int64 [n] codes; `others` has their edited histories, or is empty."""
        histories = self._model.dataset.histories()[users]
        items, scores = self._ranked(histories)
        for row, person in enumerate(others):
            if person is not None:
                own = self._ranked(Histories.of([person.history]), person.wish)
                items[row : row + 1], scores[row : row + 1] = own
        read = [
            other.history if other else histories.row(row) for row, other in enumerate(others or [None] * len(users))
        ]
        wishes = [other.wish if other else "" for other in others] or [""] * len(users)
        self._write(self._model.dataset.user_ids[users].to_numpy(dtype=object), items, scores, read, wishes)

    def add_person(self, person: EditedPerson) -> None:
        """Write the list of a person who is not in the data."""
        items, scores = self._ranked(Histories.of([person.history]), person.wish)
        self._write(np.array([person.user_id], dtype=object), items, scores, [person.history], [person.wish])

    def add_strangers(self, ids: Sequence[str]) -> None:
        """Write the most popular items for people of whom nothing is known."""
        if not ids:
            return
        items, scores = self._model.popular(self._n, self._allowed, self._rules)
        label = np.full(items.shape, str(Message("export.fallback-label")), object)
        for one in ids:
            self._count(items)
            self._rows.add(np.array([one], dtype=object), items, scores, label)

    def _ranked(self, histories: Histories, wish: str = "") -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return self._model.ranked(
            histories, self._n, self._exclude_seen, self._allowed, wish, self._task, self._rules
        )  # fmt: skip

    def _write(
        self,
        ids: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        histories: Sequence[Sequence[int] | NDArray[np.int32]],
        wishes: Sequence[str],
    ) -> None:
        reasons = None
        if self._with_reasons:
            reasons = np.full(items.shape, "", object)
            for row, (history, wish) in enumerate(zip(histories, wishes, strict=True)):
                self._task.check()
                reasons[row] = main_reasons(self._model, np.asarray(history, np.int32), items[row], wish)
        self._rows.add(ids, items, scores, reasons)
        self._count(items)

    def _count(self, items: NDArray[np.int64]) -> None:
        found, full = (items > 0).sum(1), min(self._n, self._model.dataset.n_items)
        self.written += int(found.sum())
        self.short += int(((found > 0) & (found < full)).sum())
        self.unserved += int((found == 0).sum())
        self._done += len(items)
        self._task.report(self._done / self.total, f"{self._done:,} of {self.total:,} users")
