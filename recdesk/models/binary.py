"""The interaction matrix: sparse, of zeros and ones."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import distinct
from recdesk.data.histories import Histories

BLOCK_ROWS = 2048
_MOST_PAIRS = 2**26
"""Multiplications of a block of a matrix product: well below a second, the time that cancelling takes."""


def binary(histories: Histories, n_items: int, task: Task = UNWATCHED) -> sparse.csr_array:
    """Ones where a history has an item: float32 [histories, n_items].

    Raises:
        CancelledError: it was cancelled.
    """
    columns, lengths = [np.empty(0, np.int32)], [np.zeros(1, np.int64)]
    for begin in range(0, len(histories), BLOCK_ROWS):  # in blocks, for memory and for other threads
        task.check()
        block = histories[begin : begin + BLOCK_ROWS]
        rows, items = block.flat()
        keys = distinct(rows * n_items + (items.astype(np.int64) - 1))
        lengths.append(np.bincount(keys // n_items, minlength=len(block)))
        columns.append((keys % n_items).astype(np.int32))
    indices = np.concatenate(columns)
    offsets = np.cumsum(np.concatenate(lengths))
    kind = np.int32 if offsets[-1] < 2**31 else np.int64
    parts = np.ones(len(indices), np.float32), indices.astype(kind, copy=False), offsets.astype(kind)
    return sparse.csr_array(parts, shape=(len(histories), n_items))


def pairs_of(rows: sparse.csr_array) -> int:
    """Multiplications of rowsᵀ rows: pairs of entries in the same row, each with itself too."""
    return int((np.diff(rows.indptr).astype(np.int64) ** 2).sum())


def product_blocks(left: sparse.csr_array, right: sparse.csr_array) -> Iterator[slice]:
    """Blocks of rows of `left` to multiply with `right`: a bounded number of rows and of multiplications."""
    work = np.cumsum(left @ np.diff(right.indptr).astype(np.float64))
    begin = 0
    while begin < len(work):
        before = work[begin - 1] if begin else 0.0
        end = int(np.searchsorted(work, before + _MOST_PAIRS, side="right"))
        end = min(max(end, begin + 1), begin + BLOCK_ROWS)
        yield slice(begin, end)
        begin = end
