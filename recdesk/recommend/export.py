"""Recommendations as a file: a table for spreadsheets, or a form for other programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.temporary import discard_old_parts
from recdesk.recommend.export_forms import rows_to

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

_TOGETHER = 4096


@dataclass(frozen=True)
class Exported:
    """Summary of an export.

    Attributes:
        rows: number of recommendations.
        guarded_users, guarded_items: number of ids with an apostrophe put in front, so that no spreadsheet runs them.
    """

    rows: int
    guarded_users: int = 0
    guarded_items: int = 0

    @property
    def note(self) -> str:
        """A sentence where ids were changed, else ""."""
        if not self.guarded_users + self.guarded_items:
            return ""
        return Message("export.formula-ids-guarded", users=self.guarded_users, items=self.guarded_items)


def export_top_n(
    model: "LiveModel",
    path: Path,
    n: int = 10,
    users: Sequence[int] | None = None,
    exclude_seen: bool = True,
    task: Task = UNWATCHED,
    raw_ids: bool = False,
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

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        UsageError: the ending of the name is unknown.
        StorageError: the folder cannot be written or the disk is full.
    """
    dataset, task = model.dataset, task.named(Message("job.export"))
    codes = np.arange(dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)
    written = 0
    discard_old_parts(path)
    with rows_to(path, dataset, raw_ids) as rows:
        for begin in range(0, len(codes), _TOGETHER):
            some = codes[begin : begin + _TOGETHER]
            items, scores = model.ranked(dataset.histories()[some], n, exclude_seen, task=task)
            rows.add(some, items, scores)
            written += int((items > 0).sum())
            done = min(begin + _TOGETHER, len(codes))
            task.report(done / len(codes), f"{done:,} of {len(codes):,} users")
        task.check()  # once more before the old file is replaced
    return Exported(written, rows.guarded_users, rows.guarded_items)
