"""The highest scores of rows of arrays, in an order that is fixed: among equal scores the lower column comes first."""

import numpy as np
from numpy.typing import NDArray

BLOCK = 128


def top(scores: NDArray[np.float32], width: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """The highest scores of each row.

    Args:
        scores: float [rows, n]; -inf for columns that are out of the question.
        width: how many, at most n.

    Returns:
        Scores float32 [rows, width] in descending order, -inf where there is none left; their columns int64, 0 there.
    """
    values = np.full((len(scores), width), -np.inf, np.float32)
    columns = np.zeros((len(scores), width), np.int64)
    for row, own in enumerate(scores):
        found = np.flatnonzero(own >= near(own, width))
        found = found[np.argsort(-own[found], kind="stable")[:width]]
        found = found[own[found] > -np.inf]
        values[row, : len(found)], columns[row, : len(found)] = own[found], found
    return values, columns


def near(own: NDArray[np.float32], width: int) -> np.float32:
    """A lower bound of the `width`-th highest score, near it: so many blocks have a maximum that reaches it."""
    whole = len(own) - len(own) % BLOCK
    if width * BLOCK > whole:
        return np.float32(np.partition(own, len(own) - width)[len(own) - width])
    highest = own[:whole].reshape(-1, BLOCK).max(1)
    return np.float32(np.partition(highest, len(highest) - width)[len(highest) - width])
