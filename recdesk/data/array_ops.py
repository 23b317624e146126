"""Counting, distinct values and sorting of long arrays, in chunks so that other threads get to run."""

import numpy as np
from numpy.typing import NDArray

PIECE = 2**22
"""Values per chunk: `np.bincount` holds the GIL, which would freeze the window."""


def counts(codes: NDArray[np.integer], length: int) -> NDArray[np.int64]:
    """Occurrences of each code, int64 [length]; codes are 0..length - 1."""
    found = np.zeros(length, np.int64)
    for begin in range(0, len(codes), PIECE):
        found += np.bincount(codes[begin : begin + PIECE], minlength=length)
    return found


def distinct(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct values in ascending order.

    What `np.unique` gives, which since NumPy 2.3 hashes: for 8,500 values it takes ten times as long as sorting, for 24
    million ninety times, and holds up every other thread for seconds.
    """
    found = np.sort(values)
    first = np.ones(len(found), bool)
    np.not_equal(found[1:], found[:-1], out=first[1:])
    return found[first]


def order_of(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Indices that sort the values, stable.

    A stable `np.argsort`, for 24 million times in a fifth of its time: value and place go into one number
    where its 63 bits can hold both.
    """
    if not len(values):
        return np.empty(0, np.int64)
    least, bits = int(values.min()), (len(values) - 1).bit_length()
    if (int(values.max()) - least).bit_length() + bits > 63:
        return np.argsort(values, kind="stable")
    keys = values - least
    keys <<= bits
    keys |= np.arange(len(values))
    keys.sort()
    keys &= (1 << bits) - 1
    return keys
