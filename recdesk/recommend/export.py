"""Recommendations and figures as CSV files that open correctly in a spreadsheet."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recdesk.data.dataset import Dataset
from recdesk.data.safe_csv import cells
from recdesk.errors import CancelledError, DataError
from recdesk.files import replacing
from recdesk.temporary import discard_old_parts

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

HEADER = ("user_id", "rank", "item_id", "title", "score")
_TOGETHER = 4096


def export_top_n(
    model: "LiveModel",
    path: Path,
    n: int = 10,
    users: Sequence[int] | None = None,
    exclude_seen: bool = True,
    progress: Callable[[float, str], None] = lambda fraction, sentence: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> int:
    """Write the top-N of users after everything known of them; the number of rows.

    Args:
        users: user codes, in the order wanted; None for everybody.
        progress: hears of each block of users.
        cancelled: asked before each block and before the file takes its place.

    Raises:
        CancelledError: cancelled said yes; the old file is untouched.
        RecdeskError: the place cannot be written or the disk is full.
    """
    dataset = model.dataset
    codes = np.arange(dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)
    written = 0
    discard_old_parts(path)
    with replacing(path, newline="", encoding="utf-8-sig") as stream:
        stream.write(f"{cells(HEADER)}\r\n")
        lines = Lines(dataset)
        for begin in range(0, len(codes), _TOGETHER):
            some = codes[begin : begin + _TOGETHER]
            items, scores = model.ranked(dataset.histories()[some], n, exclude_seen, cancelled=cancelled)
            for user, row, own in zip(some.tolist(), items.tolist(), scores.tolist(), strict=True):
                stream.writelines(lines.of(user, row, own))
            written += int((items > 0).sum())
            done = min(begin + _TOGETHER, len(codes))
            progress(done / len(codes), f"{done:,} of {len(codes):,} users")
        if cancelled():  # asked once more before the old file is replaced
            raise CancelledError("The export")
    return written


class Lines:
    """Lines of an export; what they say of a user or an item is written once, not ten thousand times."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._titles = dataset.titles
        self._items: dict[int, str] = {}

    def of(self, user: int, items: Sequence[int], scores: Sequence[float]) -> list[str]:
        """A line an item, in order; item code 0 stands for none."""
        user_id = cells([str(self._dataset.user_ids[user])])
        ranked = enumerate(zip(items, scores, strict=True), 1)
        return [f"{user_id},{rank},{self._item(item)},{score:.6g}\r\n" for rank, (item, score) in ranked if item]

    def _item(self, item: int) -> str:
        said = self._items.get(item)
        if said is None:
            said = cells([str(self._dataset.item_ids[item - 1]), str(self._titles[item - 1])])
            self._items[item] = said
        return said


def read_user_file(path: Path, dataset: Dataset) -> list[int]:
    """User codes of a text file with one id a line (blank lines and a first line `user_id` are passed over).

    Raises:
        DataError: the file cannot be read, or a line's id is nobody's.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise DataError(f"There is no file “{path}”.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            f"“{path}” could not be read: {error}.", "Save it as UTF-8 text, one user id a line."
        ) from error
    wanted = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    if wanted and wanted[0][1] == "user_id" and "user_id" not in dataset.user_ids:
        wanted = wanted[1:]
    codes = dataset.user_ids.get_indexer(pd.Index([user for _, user in wanted], dtype="str"))
    for (number, user), code in zip(wanted, codes, strict=True):
        if code < 0:
            raise DataError(f"“{path.name}”, line {number}: there is no user “{user}” in “{dataset.name}”.")
    if not wanted:
        raise DataError(f"“{path.name}” names no user.", "Write one user id a line.")
    return [int(code) for code in codes]
