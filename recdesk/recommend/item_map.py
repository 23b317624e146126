"""The catalogue as a map: item vectors in two dimensions by t-SNE, so that items that are alike lie together."""

import threading
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task

Method = Literal["t-sne", "components", "one number", "one place"]

MOST_ITEMS = 200_000
"""A larger catalogue is sampled."""
EXACT_ITEMS = 50_000
"""Neighbours of more items are found by a forest of random trees: all pairs take a time that grows with the square."""
LEAST_ITEMS = 16
"""Fewer items are placed by their principal components."""
NEIGHBOURS = 15
"""Nearest items of each that t-SNE keeps near, all with the same weight: Böhm, Berens and Kobak 2022 (JMLR 23), section
3. About the same map as with perplexity 30 from 90 neighbours, and no distance, only the order, has an effect."""
EARLY, LATE = 250, 500
"""Iterations with and without exaggeration, the usual ones of openTSNE."""
_TREES = 20
_GRID_FROM = 3_000
"""With so many items interpolation on a grid is faster than Barnes and Hut's tree."""
_THREADS_FROM = 30_000
"""With fewer items threads wait for each other longer than they work, above all on a busy machine."""
_SAME = 1e-6
_SHORTEST = 1e-30
"""A shorter vector has no direction in 32 bits."""
_SEARCH_SHARE = 0.25
"""Of the progress, for the search for neighbours."""


@dataclass(frozen=True)
class ItemMap:
    """Items in two dimensions.

    Attributes:
        codes: int64 [n], codes of the items on the map, ascending.
        xy: float32 [n, 2].
        n_items: of the catalogue.
        unusable: items left off because they have no usable vector.
        method: how they were placed.
        approximate: whether a few neighbours may have been missed.
    """

    codes: NDArray[np.int64]
    xy: NDArray[np.float32]
    n_items: int
    unusable: int = 0
    method: Method = "t-sne"
    approximate: bool = False

    @property
    def notes(self) -> tuple[Message, ...]:
        """What a reader of the map must know."""
        found, n = [], len(self.codes)
        if self.unusable:
            found.append(Message("map.unusable", count=self.unusable))
        if n + self.unusable < self.n_items:
            found.append(Message("map.sampled", shown=n, count=self.n_items))
        if self.method == "one place":
            found.append(Message("map.all-alike"))
        if self.method == "one number":
            found.append(Message("map.one-number"))
        if self.method == "components":
            found.append(Message("map.few-items"))
        if self.approximate:
            found.append(Message("map.approximate"))
        return tuple(found)

    def rows_of(self, codes: NDArray[np.integer]) -> NDArray[np.int64]:
        """Positions on the map of those of some items that are on it, int64 [at most n]."""
        at = np.searchsorted(self.codes, codes)
        there = at < len(self.codes)
        there[there] = self.codes[at[there]] == np.asarray(codes)[there]
        return at[there]


def make_map(
    vectors: NDArray[np.float32],
    popularity: NDArray[np.int64],
    seed: int = 0,
    task: Task = UNWATCHED,
    most: int = MOST_ITEMS,
) -> ItemMap:
    """Place items so that the nearest ones by the cosine of their vectors lie near each other.

    The result follows from the arguments: t-SNE's gradient is summed in the same order by any number of threads.

    Args:
        vectors: float32 [n_items, hidden].
        popularity: int64 [n_items]; of more than `most` items some are drawn, the more popular ones more probably.
        seed: of the sample, the start and the search for neighbours.
        task: gets progress; checked at least once a second.
        most: items on the map.

    Raises:
        CancelledError: it was cancelled.
        UsageError: no item has a usable vector.
    """
    task = task.named(Message("map.job"))
    task.step(0.0, Message("map.searching"))
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    usable = np.flatnonzero(np.isfinite(lengths) & (lengths > _SHORTEST))
    if not len(usable):
        raise UsageError(Message("map.no-usable-vectors"), Message("steer.other-model"))
    chosen = _sample(usable, popularity, most, seed)
    codes, n_items, unusable = chosen + 1, len(vectors), len(vectors) - len(usable)
    if vectors.shape[1] < 2:
        line = np.stack([vectors[chosen, 0], np.zeros(len(chosen), np.float32)], axis=1)
        return ItemMap(codes, line, n_items, unusable, "one number")
    unit = vectors[chosen] / lengths[chosen, None].astype(np.float32)
    if len(chosen) > 1 and float(np.ptp(unit, axis=0).max()) < _SAME:
        return ItemMap(codes, np.zeros((len(chosen), 2), np.float32), n_items, unusable, "one place")
    start = principal_components(unit)
    if len(chosen) < LEAST_ITEMS:
        return ItemMap(codes, start.astype(np.float32), n_items, unusable, "components")
    approximate = len(chosen) > EXACT_ITEMS
    search = task.part(0.0, _SEARCH_SHARE, Message("map.searching"))
    k = min(NEIGHBOURS, (len(chosen) - 1) // 3)
    near = _by_trees(unit, k, seed, search) if approximate else _by_all_pairs(unit, k, search)
    xy = _t_sne(near, start, seed, task.part(_SEARCH_SHARE, 1.0, Message("map.placing")))
    return ItemMap(codes, xy, n_items, unusable, "t-sne", approximate)


def _sample(usable: NDArray[np.int64], popularity: NDArray[np.int64], most: int, seed: int) -> NDArray[np.int64]:
    """At most `most` of some items, ascending; drawn without replacement with weights of their popularity + 1
    (Efraimidis and Spirakis 2006)."""
    if len(usable) <= most:
        return usable
    keys = np.random.default_rng(seed).exponential(size=len(usable)) / (popularity[usable] + 1)
    return np.sort(usable[np.argpartition(keys, most)[:most]])


def principal_components(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """The two components of rows with the largest variance, float64 [n, 2]; the sign of each is that of its largest
    weight. One thread, so that sums are the same on any machine of a kind."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        mean = rows.mean(axis=0, dtype=np.float64)
        scatter = np.zeros((rows.shape[1], rows.shape[1]))
        for begin in range(0, len(rows), 8192):
            block = rows[begin : begin + 8192] - mean
            scatter += block.T @ block
        axes = np.linalg.eigh(scatter)[1][:, :-3:-1]
        largest = np.abs(axes).argmax(axis=0)
        axes = axes * np.where(axes[largest, [0, 1]] < 0, -1.0, 1.0)
        return rows @ axes - mean @ axes


def _by_all_pairs(unit: NDArray[np.float32], k: int, task: Task) -> NDArray[np.int64]:
    """Rows of the k nearest of each row, int64 [n, k]."""
    from recdesk.recommend.nearest import SimilarItems

    return SimilarItems(unit).of(np.arange(1, len(unit) + 1), k, task=task).codes - 1


def _by_trees(unit: NDArray[np.float32], k: int, seed: int, task: Task) -> NDArray[np.int64]:
    """As `_by_all_pairs`, by the Annoy that comes with openTSNE; about 4 of 5 true neighbours among 50,000 items.
    Built by one thread: the trees differ with the number of threads."""
    from openTSNE.dependencies.annoy import AnnoyIndex

    index = AnnoyIndex(unit.shape[1], "angular")
    index.set_seed(seed + 1)
    for row, vector in enumerate(unit):
        if row % 4096 == 0:
            task.step(0.1 * row / len(unit))
        index.add_item(row, vector)
    building = threading.Thread(target=lambda: index.build(_TREES, n_jobs=1), name="annoy", daemon=True)
    building.start()  # it can't be interrupted; after a cancel it ends by itself
    while building.is_alive():
        task.check()
        building.join(0.1)
    found = np.empty((len(unit), k), np.int64)
    for row in range(len(unit)):
        if row % 1024 == 0:
            task.step(0.2 + 0.8 * row / len(unit))
        near = [other for other in index.get_nns_by_item(row, k + 1) if other != row]
        found[row] = (near * k)[:k] if near else row  # fewer than k only where the trees fail
    return found


def _t_sne(near: NDArray[np.int64], start: NDArray[np.float64], seed: int, task: Task) -> NDArray[np.float32]:
    """Place rows by t-SNE on a graph of neighbours, float32 [n, 2]; the components where it diverges."""
    import scipy.sparse as sp
    from openTSNE import TSNE
    from openTSNE.affinity import PrecomputedAffinities

    n, k = near.shape
    graph = sp.csr_matrix((np.ones(n * k), near.ravel(), np.arange(0, n * k + 1, k)), shape=(n, n))
    graph.sum_duplicates()
    beats = _Beats(task)
    found = TSNE(
        early_exaggeration_iter=EARLY,
        n_iter=LATE,
        negative_gradient_method="fft" if n >= _GRID_FROM else "bh",
        n_jobs=-1 if n >= _THREADS_FROM else 1,
        callbacks=[beats],
        callbacks_every_iters=1 if n > 20_000 else 5,
        random_state=seed,
    ).fit(affinities=PrecomputedAffinities(sp.csr_matrix(graph + graph.T)), initialization=_start(start, seed))
    placed = np.asarray(found, np.float64)
    if not np.isfinite(placed).all():
        placed = start
    return (placed - placed.mean(axis=0)).astype(np.float32)


def _start(components: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Components as small as t-SNE wants them at first, and a little apart where they are the same."""
    scaled = components / components[:, 0].std()
    noise = np.random.default_rng(seed).normal(0, 0.01, scaled.shape)
    return np.ascontiguousarray(1e-4 * (scaled + noise))


class _Beats:
    """Callback of openTSNE: reports progress, and raises where the task was cancelled."""

    def __init__(self, task: Task) -> None:
        self._task, self._done, self._last = task, 0, 0

    def __call__(self, iteration: int, _error: float, _embedding: object) -> None:
        """`iteration` begins again at 1 in the second phase."""
        self._done += iteration - self._last if iteration > self._last else iteration
        self._last = iteration
        self._task.step(self._done / (EARLY + LATE))
