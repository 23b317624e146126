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
from recdesk.recommend.export_forms import rows_to

if TYPE_CHECKING:
    from recdesk.recommend.bound_rules import BoundRules
    from recdesk.recommend.recommender import LiveModel

_TOGETHER = 4096


@dataclass(frozen=True)
class Exported:
    """Summary of an export.

    Attributes:
        rows: number of recommendations.
        guarded_users, guarded_items: number of ids with an apostrophe put in front, so that no spreadsheet runs them.
        n: recommendations wanted for each person.
        short: people with fewer than that, but some.
        unserved: people without any.
    """

    rows: int
    guarded_users: int = 0
    guarded_items: int = 0
    n: int = field(default=10, compare=False)
    short: int = 0
    unserved: int = 0

    @property
    def people_notes(self) -> list[str]:
        """Sentences on people who got fewer recommendations than wanted, or none."""
        notes: list[str] = []
        if self.short:
            notes.append(Message("export.short", count=self.short, n=self.n))
        if self.unserved:
            notes.append(Message("export.unserved", count=self.unserved))
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
    users: Sequence[int] | None = None,
    exclude_seen: bool = True,
    task: Task = UNWATCHED,
    raw_ids: bool = False,
    allowed: NDArray[np.bool_] | None = None,
    edited: Sequence[EditedPerson] = (),
    rules: "BoundRules | None" = None,
) -> Exported:
    """Write the top-N of users after everything known of them.

    Args:
        model: what recommends.
        path: its ending tells the form, see `export_forms`.
        n: recommendations per user.
        users: user codes, in the order wanted; None for everybody.
        exclude_seen: leave out what they have taken.
        task: gets the share done after each block of users; checked before each and before the file takes its place.
        raw_ids: see `rows_to`.
        allowed: bool [n_items], candidates; None for all items.
        edited: people with another history. Those who are not in the data follow the users.
        rules: of the model, see `LiveModel.bind`; None for none.

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the ending of the name is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    dataset, task = model.dataset, task.named(Message("job.export"))
    codes = np.arange(dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)
    others = {person.user: person for person in edited if person.user >= 0}
    new = [person for person in edited if person.user < 0]
    written, short, unserved, total = 0, 0, 0, len(codes) + len(new)
    full = min(n, dataset.n_items)
    discard_old_parts(path)

    def of(person: EditedPerson) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        return model.ranked(Histories.of([person.history]), n, exclude_seen, allowed, person.wish, task, rules)

    with rows_to(path, dataset, raw_ids) as rows:
        for begin in range(0, len(codes), _TOGETHER):
            some = codes[begin : begin + _TOGETHER]
            items, scores = model.ranked(dataset.histories()[some], n, exclude_seen, allowed, task=task, rules=rules)
            for row in np.flatnonzero(np.isin(some, list(others))) if others else ():
                items[row : row + 1], scores[row : row + 1] = of(others[int(some[row])])
            rows.add(dataset.user_ids[some].to_numpy(dtype=object), items, scores)
            found = (items > 0).sum(1)
            written += int(found.sum())
            short += int(((found > 0) & (found < full)).sum())
            unserved += int((found == 0).sum())
            done = min(begin + _TOGETHER, len(codes))
            task.report(done / total, f"{done:,} of {total:,} users")
        for done, person in enumerate(new, len(codes) + 1):
            items, scores = of(person)
            rows.add(np.array([person.user_id], dtype=object), items, scores)
            written += int((items > 0).sum())
            task.report(done / total, f"{done:,} of {total:,} users")
        task.check()  # once more before the old file is replaced
    return Exported(written, rows.guarded_users, rows.guarded_items, n, short, unserved)
