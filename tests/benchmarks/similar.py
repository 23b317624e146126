"""Nearest items of an item beside plain NumPy, for catalogues of 10⁴, 10⁵ and 10⁶ items:
`python -m tests.benchmarks.similar`.

Milliseconds of one item's ten nearest, the median of `--times`, and items a second when many are asked for at once; the
plain version takes the product with all vectors, then `argpartition`. Both are exact and must agree.
"""

import argparse

import numpy as np

from recdesk.recommend.nearest import SimilarItems
from tests.benchmarks.rules import median

SIZES = (10_000, 100_000, 1_000_000)
WIDTH, NEAREST, MANY = 64, 10, 64


def plain(unit: np.ndarray, item: int) -> np.ndarray:
    """The nearest items of one, int64 [NEAREST], nearest first."""
    likeness = unit @ unit[item]
    likeness[item] = -np.inf
    best = np.argpartition(-likeness, NEAREST)[:NEAREST]
    return best[np.argsort(-likeness[best], kind="stable")]


def measure(n_items: int, times: int) -> None:
    """One size of the catalogue."""
    vectors = np.random.default_rng(0).normal(size=(n_items, WIDTH)).astype(np.float32)
    items = np.random.default_rng(1).integers(0, n_items, MANY)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    similar = SimilarItems(vectors)
    agree = np.mean([similar.of(items[i : i + 1] + 1).codes[0] - 1 == plain(unit, items[i]) for i in range(8)])
    making = median(lambda: SimilarItems(vectors), 3)
    ours = median(lambda: similar.of(items[:1] + 1, NEAREST), times)
    theirs = median(lambda: plain(unit, items[0]), times)
    speed = 1000 * MANY / median(lambda: similar.of(items + 1, NEAREST), 3)
    print(f"{n_items:>10,} {ours:>11.1f} {theirs:>9.1f} {making:>9.0f} {speed:>9,.0f} {agree:>7.0%}", flush=True)


def main() -> None:
    """Measure each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=11)
    times = parser.parse_args().times
    print(
        f"{'items':>10}",
        f"{'recdesk ms':>11}",
        f"{'plain ms':>9}",
        f"{'make ms':>9}",
        f"{'items/s':>9}",
        f"{'agree':>7}",
    )
    for n_items in SIZES:
        measure(n_items, times)


if __name__ == "__main__":
    main()
