"""Baselines on the same split: always trained beside, always shown."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recdesk.data.counting import order_of
from recdesk.data.histories import Histories
from recdesk.data.splitting import Split, training_rows
from recdesk.errors import RecdeskError
from recdesk.files import explained, make_folder, replacing
from recdesk.models.base import Recommender
from recdesk.models.ease import Ease
from recdesk.models.knn import ItemKnn
from recdesk.models.popular import MostPopular, PopularLately
from recdesk.training.evaluation import Part, evaluate, figures
from recdesk.training.metrics import Ranks
from recdesk.training.telling import Told, nobody, portion

CACHE_VERSION = 4
EASE_STRENGTHS = (20.0, 100.0, 500.0)
KNN_NEIGHBOURS = (20, 100, 300)
TUNED_UP_TO = 5000


@dataclass(frozen=True)
class BaselineResult:
    """A baseline's outcome.

    Attributes:
        name: "most popular", "popular lately", "item-kNN" or "EASE".
        metrics: by part ("validation", "test"), then by metric.
        ranks: by part, for paired comparisons.
    """

    name: str
    metrics: dict[str, dict[str, float]]
    ranks: dict[str, Ranks]


def fit_popular(split: Split) -> MostPopular:
    """Most popular over the training part."""
    return MostPopular.fit(_oldest_first(split), split.dataset.n_items)


def fit_popular_lately(split: Split) -> PopularLately:
    """Most popular in the newest tenth of the training part.

    Raises:
        RecdeskError: the data has no times.
    """
    if split.dataset.times is None:
        raise RecdeskError("“popular lately” is left out: the data has no times.")
    return PopularLately.fit(_oldest_first(split), split.dataset.n_items)


def fit_knn(split: Split) -> ItemKnn:
    """Item-kNN over the training part, the number of neighbours chosen by validation NDCG@10.

    Raises:
        RecdeskError: the data is too large for it.
    """
    histories, n_items = _training_histories(split), split.dataset.n_items
    if len(histories) * n_items > TUNED_UP_TO**2:
        return ItemKnn.fit(histories, n_items)
    return max(ItemKnn.fit_each(histories, n_items, KNN_NEIGHBOURS), key=lambda model: _validation_ndcg(model, split))


def fit_ease(split: Split) -> Ease:
    """EASE over the training part, its one setting chosen by validation NDCG@10 where the data is small enough.

    Raises:
        RecdeskError: the data is too large for it.
    """
    histories, n_items = _training_histories(split), split.dataset.n_items
    if min(len(histories), n_items) > TUNED_UP_TO:
        return Ease.fit(histories, n_items)
    return max(Ease.fit_each(histories, n_items, EASE_STRENGTHS), key=lambda model: _validation_ndcg(model, split))


def _oldest_first(split: Split) -> NDArray[np.int32]:
    """Item codes of the training part, in order of time where it is known."""
    dataset = split.dataset
    rows = np.flatnonzero(training_rows(split))
    if dataset.times is not None:
        rows = rows[order_of(dataset.times[rows])]
    return np.asarray(dataset.items[rows])


def _training_histories(split: Split) -> Histories:
    return Histories(split.dataset.items, split.dataset.offsets[:-1], split.train_ends)


def _validation_ndcg(model: Recommender, split: Split) -> float:
    evaluation = evaluate(model, split, "validation", with_loss=False)
    assert evaluation is not None
    return evaluation.ranks.summary()["ndcg@10"]


BASELINES: tuple[tuple[str, Callable[[Split], Recommender]], ...] = (
    (MostPopular.kind, fit_popular),
    (PopularLately.kind, fit_popular_lately),
    (ItemKnn.kind, fit_knn),
    (Ease.kind, fit_ease),
)


def score_baselines(
    split: Split,
    cache: Path | None = None,
    told: Callable[[BaselineResult], None] = lambda result: None,
    warn: Callable[[str], None] = lambda sentence: None,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Told = nobody,
) -> list[BaselineResult]:
    """Fit and evaluate every baseline; a finished one is remembered by protocol.

    Args:
        cache: folder of remembered results; None to remember nothing.
        told: hears of each result as it comes.
        warn: hears why a baseline is left out.
        cancelled: asked between blocks; the rest is then left out.
        progress: hears what share of all of them is done.
    """
    results: list[BaselineResult] = []
    for index, (name, fit_one) in enumerate(BASELINES):
        if cancelled():
            break
        done, then = index / len(BASELINES), (index + 1) / len(BASELINES)
        result = _remembered(name, split, cache)
        if result is None:
            try:
                result = score(name, fit_one(split), split, cancelled, portion(progress, done, then))
            except RecdeskError as error:
                warn(str(error))
            if result is not None and cache is not None:
                _remember(result, split, cache)
        if result is not None:
            results.append(result)
            told(result)
    return results


def score(
    name: str, model: Recommender, split: Split, cancelled: Callable[[], bool], told: Told = nobody
) -> BaselineResult | None:
    """Figures of a fitted model on every held-out part; None when cancelled. `told` hears the share that is done."""
    metrics: dict[str, dict[str, float]] = {}
    ranks: dict[str, Ranks] = {}
    held_out = parts(split)
    for index, part in enumerate(held_out):
        told_here = portion(told, index / len(held_out), (index + 1) / len(held_out))
        evaluation = evaluate(model, split, part, with_lists=True, with_loss=False, cancelled=cancelled, told=told_here)
        if evaluation is None:
            return None
        metrics[part], ranks[part] = figures(evaluation, split), evaluation.ranks
        del metrics[part]["loss"]  # their scores are no logits
    return BaselineResult(name, metrics, ranks)


def parts(split: Split) -> list[Part]:
    """The held-out parts that this split has."""
    held_out: tuple[Part, ...] = ("validation", "test")
    return [part for part in held_out if (split.targets(part) >= 0).any()]


def _file(name: str, split: Split, cache: Path) -> Path:
    return cache / f"baseline-{CACHE_VERSION}-{name.replace(' ', '-')}-{split.protocol.hash}.npz"


def _remember(result: BaselineResult, split: Split, cache: Path) -> None:
    arrays = {"metrics": np.array(json.dumps(result.metrics))}
    for part, ranks in result.ranks.items():
        arrays[part] = np.stack([ranks.users, ranks.greater, ranks.equal])
    with explained(cache):
        make_folder(cache)
    with replacing(_file(result.name, split, cache), "wb") as stream:
        np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]


def _remembered(name: str, split: Split, cache: Path | None) -> BaselineResult | None:
    if cache is None:
        return None
    try:
        with np.load(_file(name, split, cache), allow_pickle=False) as arrays:
            metrics = json.loads(str(arrays["metrics"]))
            return BaselineResult(name, metrics, {part: Ranks(*arrays[part]) for part in metrics})
    except (OSError, ValueError, KeyError, EOFError):
        return None
