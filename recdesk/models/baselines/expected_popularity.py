"""How popular an item without history may become, by what its text says."""

import numpy as np
from numpy.typing import NDArray

FEWEST_ITEMS = 50
"""With fewer there is nothing to learn from."""
MOST_ITEMS = 50_000
FOLDS = 5
SHRINKAGES = (1e1, 3e1, 1e2, 3e2, 1e3, 3e3, 1e4, 3e4, 1e5)


def popularity_bias(popularity: NDArray[np.int64]) -> NDArray[np.float64]:
    """Log of each item's popularity against the mean, float [n_items]."""
    count = len(popularity)
    return np.asarray(np.log((popularity + 1) / (popularity.sum() + count) * count))


def typical_bias(popularity: NDArray[np.int64]) -> float:
    """`popularity_bias` of the item of a typical interaction. The popularity of the mean item would bury an item that
    nobody knows yet below all that is known to be liked."""
    return float((popularity * popularity_bias(popularity)).sum() / max(int(popularity.sum()), 1))


def expected_bias(
    known: NDArray[np.float32], popularity: NDArray[np.int64], new: NDArray[np.float32]
) -> NDArray[np.float64]:
    """What to take for the `popularity_bias` of items that nobody has taken yet.

    A ridge regression of popularity on the texts' vectors, as strong as predicts best what it has not seen (five
    folds), moved so that an item of which its text tells nothing gets `typical_bias`. On MovieLens (latest small), a
    tenth of the films hidden, texts tell about a sixth of the variance, and Recall@10 of `hybrid` on the hidden films
    is .039 with it and .027 with `typical_bias` for all (30 epochs, one seed).

    Args:
        known: float32 [n, width], whitened text vectors of items with a history.
        popularity: int64 [n], of these.
        new: float32 [m, width], of the others.

    Returns:
        float [m].
    """
    typical, bias = typical_bias(popularity), popularity_bias(popularity)
    if len(known) < FEWEST_ITEMS:
        return np.full(len(new), typical)
    if len(known) > MOST_ITEMS:
        rows = np.random.default_rng(0).choice(len(known), MOST_ITEMS, replace=False)
        known, bias = known[rows], bias[rows]
    centre, vectors = known.mean(0, dtype=np.float64), known.astype(np.float64)
    vectors, told = vectors - centre, bias - bias.mean()
    slope = _slopes(vectors, told, [_best_shrinkage(vectors, told)])[:, 0]
    return np.asarray((new - centre) @ slope + typical)


def _best_shrinkage(vectors: NDArray[np.float64], told: NDArray[np.float64]) -> float:
    fold = np.random.default_rng(0).permutation(len(told)) % FOLDS
    errors = np.zeros(len(SHRINKAGES))
    for held in range(FOLDS):
        out = fold == held
        guessed = vectors[out] @ _slopes(vectors[~out], told[~out], list(SHRINKAGES))
        errors += ((guessed - told[out, None]) ** 2).sum(0)
    return SHRINKAGES[int(errors.argmin())]


def _slopes(vectors: NDArray[np.float64], told: NDArray[np.float64], shrinkages: list[float]) -> NDArray[np.float64]:
    """Ridge solutions, [width, len(shrinkages)], from one decomposition."""
    values, axes = np.linalg.eigh(vectors.T @ vectors)
    along = axes.T @ (vectors.T @ told)
    return np.stack([axes @ (along / (np.maximum(values, 0.0) + shrinkage)) for shrinkage in shrinkages], axis=1)
