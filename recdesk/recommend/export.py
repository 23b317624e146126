"""Recommendations and figures as CSV files that open correctly in a spreadsheet."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from recdesk.data.dataset import Dataset
from recdesk.data.safe_csv import write_table
from recdesk.errors import CancelledError, DataError

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel

HEADER = ("user_id", "rank", "item_id", "title", "score")


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
    codes = np.arange(model.dataset.n_users) if users is None else np.asarray(users, dtype=np.int64)

    def rows() -> Iterator[Sequence[object]]:
        for begin in range(0, len(codes), 1024):
            if cancelled():
                raise CancelledError("The export")
            yield from _rows(model, codes[begin : begin + 1024], n, exclude_seen)
            done = min(begin + 1024, len(codes))
            progress(done / len(codes), f"{done:,} of {len(codes):,} users")
        if cancelled():  # asked once more before the old file is replaced
            raise CancelledError("The export")

    return write_table(path, HEADER, rows())


def _rows(model: "LiveModel", users: np.ndarray, n: int, exclude_seen: bool) -> Iterator[Sequence[object]]:
    from recdesk.training.evaluation import blocks

    dataset = model.dataset
    histories = dataset.histories()[users]
    items, scores = (
        np.zeros((len(users), min(n, dataset.n_items)), np.int64),
        np.zeros((len(users), min(n, dataset.n_items))),
    )
    for block in blocks(histories, dataset.n_items, model.model.on_gpu):
        items[block], scores[block] = model.ranked(histories[block], n, exclude_seen)
    ids, titles = dataset.item_ids.to_numpy(dtype=object), dataset.titles
    for row, user in enumerate(users):
        user_id = str(dataset.user_ids[user])
        for rank, (item, score) in enumerate(zip(items[row], scores[row], strict=True), 1):
            if item:
                yield user_id, rank, ids[item - 1], titles[item - 1], float(f"{score:.6g}")


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
