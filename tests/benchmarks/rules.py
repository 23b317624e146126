"""Choosing one list of ten under rules (at most two of a category, at least five categories, MMR, damping) beside a
plain NumPy version, for catalogues of 10⁴, 10⁵ and 10⁶ items: `python -m tests.benchmarks.rules`.

Milliseconds of one list, the median of `--times`; the plain version does the same step by step over the whole
catalogue.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from recdesk.data.dataset import Dataset
from recdesk.recommend.bound_rules import BoundRules, bind
from recdesk.recommend.recommender import damped
from recdesk.recommend.reranking import rerank
from recdesk.recommend.rules import Rules

SIZES = {10_000: 5.0, 100_000: 50.0, 1_000_000: 150.0}
"""Items, and the milliseconds that one list may take."""
RULES = Rules(cap_feature="genres", cap=2, spread_feature="genres", spread=5, diversity=0.3, damping=0.3)
WIDTH, KINDS = 64, 20


def catalogue(n_items: int) -> Dataset:
    """Items with one to three of twenty categories and a popularity with a long tail."""
    rng = np.random.default_rng(0)
    names = np.array([f"kind {kind}" for kind in range(KINDS)])
    several = rng.integers(0, KINDS, (n_items, 3))
    texts = ["|".join(names[list(dict.fromkeys(row[: 1 + at % 3]))]) for at, row in enumerate(several.tolist())]
    taken = (rng.pareto(1.2, n_items) * 3).astype(np.int64) + 1
    items = np.repeat(np.arange(1, n_items + 1, dtype=np.int32), np.minimum(taken, 50))
    ids = pd.Index([str(item) for item in range(n_items)], dtype="str")
    features = pd.DataFrame({"genres": pd.Series(texts, dtype="str")})
    users, offsets = pd.Index(["all"], dtype="str"), np.array([0, len(items)])
    return Dataset("rules", users, ids, offsets, items, item_features=features)


def plain(scores: np.ndarray, n: int, bound: BoundRules, vectors: np.ndarray) -> list[int]:
    """The same rules, one item after the other over the whole catalogue, without spread's look ahead."""
    assert bound.cap is not None and bound.penalty is not None
    order = scores - scores.std() * bound.penalty
    relevance = (order - order.min()) / (order.max() - order.min())
    nearest, open_ = np.zeros(len(order)), np.ones(len(order), bool)
    entries = bound.cap.padded(np.arange(1, len(order) + 1))
    counts, chosen = np.zeros(KINDS + 1, np.int64), []
    for _ in range(n):
        worth = np.where(open_, 0.7 * relevance - 0.3 * nearest, -np.inf)
        best = int(worth.argmax())
        chosen.append(best)
        counts[entries[best]] += 1
        full = counts >= bound.rules.cap
        full[KINDS] = False
        open_ &= ~full[entries].any(1)
        open_[best] = False
        nearest = np.maximum(nearest, vectors @ vectors[best])
    return chosen


def median(work: Callable[[], object], times: int) -> float:
    """Milliseconds."""
    taken = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - begun))
    return float(np.median(taken[1:]))


def measure(n_items: int, limit: float, times: int) -> None:
    """One size of the catalogue."""
    dataset = catalogue(n_items)
    vectors = np.random.default_rng(1).normal(size=(n_items, WIDTH)).astype(np.float32)
    begun = time.perf_counter()
    bound = bind(RULES, dataset, lambda: vectors)
    binding = 1000 * (time.perf_counter() - begun)
    lean = bind(replace(RULES, diversity=0.0), dataset)
    scores = torch.from_numpy(np.random.default_rng(2).normal(size=(64, n_items)).astype(np.float32))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    many = scores[: max(2**22 // n_items, 1)]
    ours = median(lambda: rerank(damped(scores[:1], bound), 10, bound), times)
    caps = median(lambda: rerank(damped(scores[:1], lean), 10, lean), times)
    theirs = median(lambda: plain(scores[0].numpy(), 10, bound, unit), max(times // 3, 3))
    batch = median(lambda: rerank(damped(many, bound), 10, bound), 3)
    speed = 1000 * len(many) / batch
    print(
        f"{n_items:>10,} {ours:>11.1f} {caps:>12.1f} {theirs:>9.1f} {limit:>9.0f} {binding:>8.0f} {speed:>9,.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=11)
    times = parser.parse_args().times
    names = (f"{'items':>10}", f"{'recdesk ms':>11}", f"{'no MMR ms':>12}", f"{'plain ms':>9}", f"{'limit ms':>9}")
    print(*names, f"{'bind ms':>8}", f"{'people/s':>9}")
    for n_items, limit in SIZES.items():
        measure(n_items, limit, times)


if __name__ == "__main__":
    main()
