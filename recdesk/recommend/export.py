"""Recommendations as a file: a table for spreadsheets, or a form for other programs."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.core import devices
from recdesk.core.devices import CPU
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import discard_old_parts
from recdesk.data.histories import Histories, History
from recdesk.recommend.explanations import main_reasons
from recdesk.recommend.export_forms import REASON, FileForm, Rows, rows_to
from recdesk.recommend.export_options import EditedPerson, Exported, block_of, with_fallbacks
from recdesk.recommend.query import both

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.recommender import LiveModel

_BLOCKS_KEPT = 4
"""Blocks of users after which freed memory goes back to the system: those of unlike sizes leave gaps in the heap, which
grew by some 1.6 MB with each thousand people; giving it back takes less than 1 % of the time."""
_USUAL = FileForm()


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
    as_of: int | None = None,
    asked: int | None = None,
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
        as_of: recommend as at that moment (epoch seconds), from what was known then; None for now.
        asked: epoch seconds that count as now; None for those at which it begins.

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the ending of the name, or a column, is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    task = task.named(Message("job.export"))
    form = with_fallbacks(form, strangers)
    codes = np.arange(model.dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)
    others = {person.user: person for person in edited if person.user >= 0}
    new = [person for person in edited if person.user < 0]
    discard_old_parts(path)
    with rows_to(path, model.dataset, form) as rows:
        lists = _Lists(model, n, exclude_seen, allowed, rules, task, rows, REASON in form.columns, as_of, asked)
        lists.total = len(codes) + len(new) + len(strangers)
        together = block_of(form)
        for number, begin in enumerate(range(0, len(codes), together), 1):
            some = codes[begin : begin + together]
            if number % _BLOCKS_KEPT == 0:
                devices.release_memory(CPU)
            lists.add_users(some, [others.get(int(user)) for user in some] if others else [])
        for person in new:
            lists.add_person(person)
        lists.add_strangers(strangers)
        task.check()  # once more before the old file is replaced
    counts = (n, lists.short, lists.unserved, len(strangers))
    ids = frozenset(rows.guarded_items)
    return Exported(lists.written, rows.guarded_users, len(ids), *counts, guarded_ids=ids)


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
        as_of: int | None,
        asked: int | None,
    ) -> None:
        self._model, self._rules, self._task, self._rows = model, rules, task, rows
        self._n, self._exclude_seen, self._allowed, self._with_reasons = n, exclude_seen, allowed, with_reasons
        self._as_of, self._asked = as_of, asked or int(time.time())
        self._histories = model.dataset.histories_until(as_of)
        self.written = self.short = self.unserved = self.total = 0
        self._done = 0

    def add_users(self, users: NDArray[np.int64], others: Sequence[EditedPerson | None]) -> None:
        """Write the lists of some users, int64 [n] codes; `others` has their edited histories, or is empty."""
        histories = self._histories[users]
        items, scores = self._ranked(histories)
        for row, person in enumerate(others):
            if person is not None:
                own = self._ranked(Histories.of([self._history_of(person)]), person.wish)
                items[row : row + 1], scores[row : row + 1] = own
        read = [
            self._history_of(other) if other else histories.history(row)
            for row, other in enumerate(others or [None] * len(users))
        ]
        wishes = [other.wish if other else "" for other in others] or [""] * len(users)
        self._write(self._model.dataset.user_ids[users].to_numpy(dtype=object), items, scores, read, wishes)

    def add_person(self, person: EditedPerson) -> None:
        """Write the list of a person who is not in the data."""
        history = self._history_of(person)
        items, scores = self._ranked(Histories.of([history]), person.wish)
        self._write(np.array([person.user_id], dtype=object), items, scores, [history], [person.wish])

    def add_strangers(self, ids: Sequence[str]) -> None:
        """Write the most popular items for people of whom nothing is known."""
        if not ids:
            return
        items, scores = self._model.popular(self._n, self._allowed, self._rules)
        label = np.full(items.shape, str(Message("export.fallback-label")), object)
        for one in ids:
            self._count(items)
            self._rows.add(np.array([one], dtype=object), items, scores, label)

    def _history_of(self, person: EditedPerson) -> History:
        return History.of(person.history).until(self._as_of)

    def _ranked(self, histories: Histories, wish: str = "") -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return self._model.ranked(
            histories.asked_by(self._asked), self._n, self._exclude_seen, self._allowed, wish, self._task, self._rules
        )  # fmt: skip

    def _write(
        self,
        ids: NDArray[np.object_],
        items: NDArray[np.int64],
        scores: NDArray[np.float32],
        histories: Sequence[History],
        wishes: Sequence[str],
    ) -> None:
        reasons = None
        if self._with_reasons:
            reasons = np.full(items.shape, "", object)
            for row, (history, wish) in enumerate(zip(histories, wishes, strict=True)):
                self._task.check()
                dated = history if history.asked is not None else replace(history, asked=self._asked)
                barred = self._model.barred(dated.items, self._exclude_seen, both(self._allowed, self._rules))
                reasons[row] = main_reasons(self._model, dated, items[row], barred, wish, self._rules)
        self._rows.add(ids, items, scores, reasons)
        self._count(items)

    def _count(self, items: NDArray[np.int64]) -> None:
        found, full = (items > 0).sum(1), min(self._n, self._model.dataset.n_items)
        self.written += int(found.sum())
        self.short += int(((found > 0) & (found < full)).sum())
        self.unserved += int((found == 0).sum())
        self._done += len(items)
        self._task.report(self._done / self.total, f"{self._done:,} of {self.total:,} users")
