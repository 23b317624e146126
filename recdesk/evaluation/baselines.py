"""Baselines, fitted and evaluated on the split of a run."""

import logging
import math
from collections.abc import Callable, Collection, Iterable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recdesk.core import devices
from recdesk.core.errors import CancelledError, RecdeskError, is_out_of_memory
from recdesk.core.messages import Message, word
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.array_ops import order_of
from recdesk.data.histories import Histories
from recdesk.data.splitting import FEWEST_MEASURED, Split, training_rows
from recdesk.evaluation.baseline_results import BaselineResult, parts, remember, remembered
from recdesk.evaluation.metrics import Ranks
from recdesk.evaluation.ranking import Part, evaluate, figures
from recdesk.models.base import Recommender
from recdesk.models.baselines.als import ImplicitAls
from recdesk.models.baselines.ease import MAX_SIDE, Ease
from recdesk.models.baselines.knn import ItemKnn
from recdesk.models.baselines.last_item import LastItem
from recdesk.models.baselines.popular import MostPopular, PopularLately

EASE_STRENGTHS = (20.0, 100.0, 500.0)
KNN_NEIGHBOURS = (20, 100, 300)
LAST_ITEM_WEIGHTS = (10.0, 100.0, 1000.0)
TUNED_UP_TO = 5000
TUNING_SCORES = 2**27
"""Maximum scores computed per value of a hyperparameter: a few seconds."""
MOST_WORK = 10**11
"""Maximum operations to score one part: about a minute on two cores."""

LATER_SECONDS = 5.0
"""A baseline that takes longer need not be there before the first step of training."""
PAIRS_A_SECOND, SCORES_A_SECOND, INVERTED_A_SECOND, FOLLOWERS_A_SECOND = 2e7, 2e8, 2e10, 4e6
"""On two cores, roughly: pairs of items of a history, scores, multiplications of an inversion, and pairs of items that
follow each other."""


def fit_popular(split: Split, task: Task = UNWATCHED) -> MostPopular:
    """Most popular over the training part."""
    return MostPopular.fit(_oldest_first(split), split.dataset.n_items)


def fit_popular_lately(split: Split, task: Task = UNWATCHED) -> PopularLately:
    """Most popular in the newest tenth of the training part.

    Raises:
        RecdeskError: the data has no times.
    """
    if split.dataset.times is None:
        raise RecdeskError(Message("baseline.no-times"))
    return PopularLately.fit(_oldest_first(split), split.dataset.n_items)


def fit_last_item(split: Split, task: Task = UNWATCHED) -> LastItem:
    """Markov chain over the training part; on small data the weight of popularity is chosen by validation NDCG@10.

    Raises:
        RecdeskError: the data is too large for it.
        CancelledError: it was cancelled.
    """
    histories, n_items = _training_histories(split), split.dataset.n_items
    if len(histories) * n_items > TUNED_UP_TO**2:
        return LastItem.fit(histories, n_items, task=task)
    models = LastItem.fit_each(histories, n_items, LAST_ITEM_WEIGHTS, task.silent())
    return max(models, key=lambda model: _validation_ndcg(model, split, task.silent()))


def fit_knn(split: Split, task: Task = UNWATCHED) -> ItemKnn:
    """Item-kNN over the training part; on small data the number of neighbours is chosen by validation NDCG@10.

    Raises:
        RecdeskError: the data is too large for it.
        CancelledError: it was cancelled.
    """
    histories, n_items = _training_histories(split), split.dataset.n_items
    if len(histories) * n_items > TUNED_UP_TO**2:
        return ItemKnn.fit(histories, n_items, task=task)
    task = task.silent()
    models = ItemKnn.fit_each(histories, n_items, KNN_NEIGHBOURS, task=task)
    return max(models, key=lambda model: _validation_ndcg(model, split, task))


def fit_ease(split: Split, task: Task = UNWATCHED) -> Ease:
    """EASE over the training part; on small data λ is chosen by validation NDCG@10.

    Raises:
        RecdeskError: the data is too large for it.
        CancelledError: it was cancelled.
    """
    histories, n_items = _training_histories(split), split.dataset.n_items
    if min(len(histories), n_items) > TUNED_UP_TO:
        return Ease.fit(histories, n_items, task=task)
    task = task.silent()
    models = Ease.fit_each(histories, n_items, EASE_STRENGTHS, task)
    return max(models, key=lambda model: _validation_ndcg(model, split, task))


def fit_als(split: Split, task: Task = UNWATCHED) -> ImplicitAls:
    """Implicit ALS over the training part.

    Raises:
        RecdeskError: its library is not installed, or the data is too large for it.
        CancelledError: it was cancelled.
    """
    return ImplicitAls.fit(_training_histories(split), split.dataset.n_items, split.protocol.seed, task)


def _oldest_first(split: Split) -> NDArray[np.int32]:
    """Item codes of the training part, in order of time where it is known."""
    dataset = split.dataset
    rows = np.flatnonzero(training_rows(split))
    if dataset.times is not None:
        rows = rows[order_of(dataset.times[rows])]
    return np.asarray(dataset.items[rows])


def _training_histories(split: Split) -> Histories:
    return Histories(split.dataset.items, split.dataset.offsets[:-1], split.train_ends)


def _validation_ndcg(model: Recommender, split: Split, task: Task) -> float:
    users, most = np.flatnonzero(split.validation >= 0), TUNING_SCORES // split.dataset.n_items
    if len(users) > most:
        users = np.sort(np.random.default_rng(split.protocol.seed).choice(users, most, replace=False))
    evaluation = evaluate(model, split, "validation", users, with_loss=False, task=task)
    if evaluation is None:
        raise CancelledError()
    return evaluation.ranks.summary()["ndcg@10"]


BASELINES: tuple[tuple[str, Callable[[Split, Task], Recommender]], ...] = (
    (MostPopular.kind, fit_popular),
    (PopularLately.kind, fit_popular_lately),
    (LastItem.kind, fit_last_item),
    (ItemKnn.kind, fit_knn),
    (Ease.kind, fit_ease),
    (ImplicitAls.kind, fit_als),
)


def _fits_size(name: str, split: Split) -> bool:
    """Whether a baseline is meant for data of this size: implicit ALS stands in for EASE where that is left out."""
    return name != ImplicitAls.kind or min(split.dataset.n_users, split.dataset.n_items) > MAX_SIDE


def costly(split: Split, cache: Path | None = None) -> list[str]:
    """Names of the baselines that take longer than `LATER_SECONDS` and are not cached, cheapest first."""
    lengths = (split.train_ends - split.dataset.offsets[:-1]).astype(np.float64)
    n_users, n_items = split.dataset.n_users, split.dataset.n_items
    measured = sum(int((split.targets(part) >= 0).sum()) for part in parts(split))
    pairs, scored = float((lengths**2).sum()), measured * float(n_items)
    side = float(min(n_users, n_items))
    seconds = {
        LastItem.kind: float(lengths.sum()) / FOLLOWERS_A_SECOND + scored / SCORES_A_SECOND,
        ItemKnn.kind: pairs / PAIRS_A_SECOND + scored / SCORES_A_SECOND,
        Ease.kind: pairs / PAIRS_A_SECOND + scored / SCORES_A_SECOND + side**3 / INVERTED_A_SECOND,
        ImplicitAls.kind: math.inf,
    }
    meant = [name for name, _ in BASELINES if _fits_size(name, split)]
    waiting = [name for name in meant if seconds.get(name, 0.0) > LATER_SECONDS]
    waiting.sort(key=lambda name: seconds[name])
    return [name for name in waiting if remembered(name, split, cache) is None]


def score_baselines(
    split: Split,
    cache: Path | None = None,
    on_result: Callable[[BaselineResult], None] = lambda result: None,
    warn: Callable[[str], None] = lambda sentence: None,
    task: Task = UNWATCHED,
    only: Collection[str] | None = None,
) -> list[BaselineResult]:
    """Fit and evaluate baselines. Results are cached by split protocol; a baseline that fails is left out.

    Args:
        split: what to fit and evaluate on.
        cache: folder of results; None for no cache.
        on_result: called with each result.
        warn: called with a sentence why a baseline is left out or measured on fewer users.
        task: gets the share of all of them; when it is cancelled the remaining ones are left out.
        only: names of those to score; None for all.
    """
    results: list[BaselineResult] = []
    unsaved = ""
    chosen = [
        (name, fit_one) for name, fit_one in BASELINES if (only is None or name in only) and _fits_size(name, split)
    ]
    for index, (name, fit_one) in enumerate(chosen):
        if task.cancelled:
            break
        part = task.part(index / len(chosen), (index + 1) / len(chosen))
        result = remembered(name, split, cache)
        if result is None:
            fit = partial(fit_one, split, part.part(0.0, 0.5))
            result = attempted(name, fit, split, warn, part.part(0.5, 1.0))
            if result is not None and cache is not None:
                unsaved = remember(result, split, cache) or unsaved
        if result is not None:
            if sentence := _sentence_of_sample(result, split):
                warn(sentence)
            results.append(result)
            on_result(result)
    if unsaved:
        warn(Message("baseline.figures-not-kept", error=unsaved))
    return results


def in_order(results: Iterable[BaselineResult]) -> list[BaselineResult]:
    """Results in the order of `BASELINES`, all others after them."""
    names = [name for name, _ in BASELINES]
    return sorted(results, key=lambda result: names.index(result.name) if result.name in names else len(names))


def attempted(
    name: str,
    fit: Callable[[], Recommender],
    split: Split,
    warn: Callable[[str], None],
    task: Task = UNWATCHED,
) -> BaselineResult | None:
    """Fit and `score` a baseline. None where it was cancelled or failed; `warn` is called with a sentence why."""
    try:
        return score(name, fit(), split, task)
    except CancelledError:
        return None
    except RecdeskError as error:
        warn(str(error))
    except Exception as error:
        logging.getLogger(__name__).debug("a baseline failed", exc_info=error)
        if is_out_of_memory(error):
            warn(Message("baseline.out-of-memory", baseline=word(name)))
        else:
            kind = type(error).__name__
            warn(Message("baseline.unexpected-error", baseline=word(name), error_type=kind, error=error))
    devices.release_all_memory()  # when the failure, which holds on to arrays, is forgotten
    return None


def score(name: str, model: Recommender, split: Split, task: Task = UNWATCHED) -> BaselineResult | None:
    """Evaluate a fitted model on every held-out part; None when cancelled.

    Where scoring all users would take long, a sample that takes about a minute is drawn.
    """
    metrics: dict[str, dict[str, float]] = {}
    ranks: dict[str, Ranks] = {}
    held_out = parts(split)
    for index, part in enumerate(held_out):
        part_task = task.part(index / len(held_out), (index + 1) / len(held_out))
        evaluation = evaluate(
            model,
            split,
            part,
            _affordable(model, split, part),
            True,
            with_loss=False,
            task=part_task,
        )
        if evaluation is None:
            return None
        metrics[part], ranks[part] = figures(evaluation, split), evaluation.ranks
        del metrics[part]["loss"]  # their scores are no logits
    return BaselineResult(name, metrics, ranks)


def _affordable(model: Recommender, split: Split, part: Part) -> NDArray[np.int64] | None:
    """Users to evaluate: None for all, else a sample drawn with the protocol's seed."""
    targets = split.targets(part)
    users = np.flatnonzero(targets >= 0)
    work = float(model.cost(targets[users] - split.dataset.offsets[users]).sum())
    most = max(int(len(users) * MOST_WORK / work), FEWEST_MEASURED) if work > MOST_WORK else len(users)
    if most >= len(users):
        return None
    return np.sort(np.random.default_rng(split.protocol.seed).choice(users, most, replace=False))


def _sentence_of_sample(result: BaselineResult, split: Split) -> str:
    for part, ranks in result.ranks.items():
        every = int((split.targets(part) >= 0).sum())  # type: ignore[arg-type]
        if len(ranks.users) < every:
            return Message("baseline.sample-drawn", baseline=word(result.name), measured=len(ranks.users), total=every)
    return ""
