"""Generated interactions of the shapes of known datasets; nothing here loads torch."""

import numpy as np
import pandas as pd

from recdesk.data.dataset import Dataset

SHAPES = {
    "ml1m": (6000, 3400, 160, 200),
    "beauty": (40_000, 54_500, 9, 50),
    "ml25m": (162_000, 59_000, 150, 200),
    "million": (500_000, 1_000_000, 40, 100),
    "shop": (1_000_000, 50_000, 8, 50),
}
"""Users, items, mean history, history length that is read."""


def generated(n_users: int, n_items: int, mean: int) -> Dataset:
    """Zipf-popular items, log-normal lengths."""
    rng = np.random.default_rng(0)
    lengths = np.clip(rng.lognormal(np.log(mean) - 0.4, 0.9, n_users), 5, n_items // 2).astype(int)
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    weights = 1 / np.arange(1, n_items + 1) ** 0.8
    codes = rng.choice(n_items, offsets[-1], p=weights / weights.sum()).astype(np.int32) + 1
    codes[:n_items] = rng.permutation(n_items) + 1
    ids = (pd.Index(np.arange(n).astype(str), dtype="str") for n in (n_users, n_items))
    return Dataset("generated", *ids, offsets, codes, np.arange(offsets[-1], dtype=np.int64))
