"""Recommendations of a trained model: top-N lists, wishes in words, explanations."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core.devices import device_for_use, prepare, threads_for
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.histories import AnyHistory, Histories, History
from recdesk.evaluation.ranking import blocks, scored, user_vectors
from recdesk.models.base import Recommender
from recdesk.models.bert import Bert4Rec, BertCausal, BertRecommender
from recdesk.models.persistence import SavedModel, our_part
from recdesk.models.text_bert import Hybrid, TextBert
from recdesk.models.two_tower import TwoTower
from recdesk.recommend.best import best_of, damped, higher
from recdesk.recommend.bound_rules import BoundRules
from recdesk.recommend.explanations import Explanation, SmallestSet, explain, smallest_set
from recdesk.recommend.lists import lists
from recdesk.recommend.opened import OpenedModel
from recdesk.recommend.query import Found, Query, Recommendation, Rows, both
from recdesk.recommend.reranking import rerank
from recdesk.recommend.similar import has_vectors, item_vectors
from recdesk.recommend.text_queries import TextIndex, scores_by_text

MODELS: dict[str, type[SavedModel]] = {kind.kind: kind for kind in (BertCausal, Bert4Rec, TextBert, Hybrid, TwoTower)}

WISH_ITEMS = 5
"""Items nearest to a wish in words that stand for it in a history."""


class LiveModel(OpenedModel):
    """A model and its dataset. Thread-safe: calls wait for each other."""

    def __init__(self, model: Recommender, dataset: Dataset, reader: TextIndex | None = None, note: str = "") -> None:
        """Check that model and dataset fit.

        Args:
            model: what recommends.
            dataset: that it was trained on.
            reader: for models over texts.
            note: a sentence to show beside all lists.

        Raises:
            RecdeskError: the model was made for another catalogue.
        """
        if model.n_items != dataset.n_items:
            raise RecdeskError(
                Message(
                    "recommend.item-count-differs",
                    model_items=model.n_items,
                    name=dataset.name,
                    dataset_items=dataset.n_items,
                ),
                Message("recommend.choose-trained-dataset"),
            )
        super().__init__(dataset, note)
        self.model, self.reader = model, reader
        self._lock = threading.Lock()

    @classmethod
    def open(cls, model_folder: Path, dataset: Dataset, device: str = "auto") -> "LiveModel":
        """Load a model folder (a run's `checkpoints/best`).

        Raises:
            RecdeskError: it is missing, damaged, or of another catalogue.
        """
        kind = MODELS.get(str(our_part(model_folder).get("kind")))
        if kind is None:
            raise RecdeskError(Message("recommend.model-unusable", path=model_folder))
        target = device_for_use(device)
        if target.type != "cpu":
            prepare(target)  # as in training, so that scores are the same
        return cls(kind.load(model_folder).to(target).eval(), dataset)

    def top_n(
        self,
        history: AnyHistory,
        n: int = 10,
        exclude_seen: bool = True,
        allowed: NDArray[np.bool_] | None = None,
        wish: str = "",
        rules: BoundRules | None = None,
    ) -> list[Recommendation]:
        """The best items for a history.

        Args:
            history: of the person, or item codes in time order; may be empty.
            n: length of the list; shorter where fewer items remain.
            exclude_seen: leave out items of the history.
            allowed: bool [n_items], candidates; None for all items.
            wish: a wish in words, which counts like a last item of the history; "" for none.
            rules: what `bind` gave; None for none.

        Raises:
            RecdeskError: the model does not read texts, or its encoder is gone.
        """
        codes, scores = self.ranked(Histories.of([history]), n, exclude_seen, allowed, wish, rules=rules)
        return [
            self.describe(rank + 1, int(c), float(s))
            for rank, (c, s) in enumerate(zip(codes[0], scores[0], strict=True))
            if c
        ]

    def scored_lists(self, queries: Sequence[Query]) -> list[Found]:
        """See `OpenedModel.scored_lists`."""
        return lists(self, queries)

    def query_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """See `OpenedModel.query_vectors`."""
        assert isinstance(self.model, BertRecommender)
        if self.model.reads_moment:
            histories = histories.asked_by(int(time.time()))
        with self._lock:
            return user_vectors(self.model, histories).numpy()

    def searched_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """See `OpenedModel.searched_vectors`."""
        if not isinstance(self.model, BertRecommender) or self.model.on_gpu:
            return None
        vectors = item_vectors(self.model)
        return None if vectors is None else (vectors, self.model.bias.detach().float().numpy())

    def item_vectors(self) -> NDArray[np.float32] | None:
        """See `OpenedModel.item_vectors`."""
        return item_vectors(self.model)

    @property
    def has_vectors(self) -> bool:
        """See `OpenedModel.has_vectors`."""
        return has_vectors(self.model)

    def dated(self, history: AnyHistory) -> History:
        """The history, asked about now where nothing else is said and the model reads it."""
        found = History.of(history)
        return replace(found, asked=int(time.time())) if self.model.reads_moment and found.asked is None else found

    def candidates(
        self,
        history: AnyHistory,
        exclude_seen: bool,
        rules: BoundRules,
        allowed: NDArray[np.bool_] | None = None,
    ) -> int:
        """How many items rules on items leave to a person; arguments as `top_n`."""
        allowed = both(allowed, rules)
        return int((~self.barred(History.of(history).items, exclude_seen, allowed)).sum())

    def search(self, sentence: str, n: int = 10) -> list[Recommendation]:
        """The items whose texts are nearest in meaning to a sentence; scores are cosines.

        Raises:
            RecdeskError: as `top_n`.
        """
        with self._lock:
            likeness = self.text_reader().nearest(sentence)
        order = np.argsort(-likeness, kind="stable")[: min(n, self.dataset.n_items)]
        return [self.describe(rank, int(i) + 1, float(likeness[i])) for rank, i in enumerate(order, 1)]

    def similar(self, code: int, n: int = 10, rules: BoundRules | None = None) -> list[Recommendation]:
        """The items nearest to an item by the model's vectors; scores are cosines.

        Raises:
            UsageError: the model has no item vectors.
        """
        found = self.neighbours.of(np.array([code]), n, both(None, rules))
        pairs = zip(found.codes[0].tolist(), found.cosines[0].tolist(), strict=True)
        return [self.describe(rank, near, cosine) for rank, (near, cosine) in enumerate(pairs, 1) if near]

    @property
    def reads_texts(self) -> bool:
        """See `OpenedModel.reads_texts`."""
        return self.reader is not None

    @property
    def takes_new_items(self) -> bool:
        """Whether it can score new items by their texts."""
        return self.reader is not None and scores_by_text(self.model)

    def text_reader(self) -> TextIndex:
        """The index of the items' texts.

        Raises:
            UsageError: the model does not read texts.
        """
        if self.reader is None:
            raise UsageError(Message("recommend.cannot-read-words"), Message("recommend.train-text-model"))
        return self.reader

    def _with_wish(self, histories: Histories, wish: str) -> torch.Tensor:
        """Scores, float [batch, n_items], of histories followed by a wish: standardised scores of the model, which
        reads the items nearest to the wish instead, plus standardised similarities of all items' texts to the wish."""
        with threads_for(1):  # a wish is one
            likeness = self.text_reader().nearest(wish)
            nearest = np.argsort(likeness, kind="stable")[-WISH_ITEMS:] + 1
            wishing = Histories.of([histories.history(row).followed_by(nearest) for row in range(len(histories))])
            scores = self.model.scores(wishing)
            return _standard(scores) + _standard(torch.from_numpy(likeness).to(scores)[None, :])

    def ranked(
        self,
        histories: Histories,
        n: int,
        exclude_seen: bool = True,
        allowed: NDArray[np.bool_] | None = None,
        wish: str = "",
        task: Task = UNWATCHED,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Top-N lists of a batch; arguments as `top_n`, and `task`, which is checked before each block. Lists are
        in the order of the scores, less what the rules take off popular items.

        Returns:
            codes int64 [batch, min(n, n_items)] in order, 0 where nothing remains; scores float32 of the same shape.

        Raises:
            CancelledError: it was cancelled.
            RecdeskError: as `top_n`.
        """
        width = min(n, self.dataset.n_items)
        codes = np.zeros((len(histories), width), np.int64)
        values = np.zeros((len(histories), width), np.float32)
        allowed = both(allowed, rules)

        def best(rows: Rows, scores: torch.Tensor) -> None:
            codes[rows], values[rows] = best_of(scores, histories[rows], width, exclude_seen, allowed, rules)

        self.each_block(histories, wish, best, task)
        return codes, values

    def each_block(
        self,
        histories: Histories,
        wish: str,
        take: Callable[[Rows, torch.Tensor], None],
        task: Task = UNWATCHED,
    ) -> None:
        """Call `take` with the scores of each block of histories, while holding the lock.

        Args:
            histories, wish, task: as `ranked`.
            take: gets row numbers, int64 [rows], and scores, float [rows, n_items], which it may change.
        """
        if self.model.reads_moment:
            histories = histories.asked_by(int(time.time()))
        if not wish:
            scoring = scored(self.model, histories)
        else:
            every = blocks(histories, self.dataset.n_items, self.model.on_gpu)
            scoring = ((rows, self._with_wish(histories[rows], wish)) for rows in every)
        while True:
            task.check()
            with self._lock, torch.inference_mode():
                block = next(scoring, None)
                if block is None:
                    return
                with threads_for(len(block[0])):
                    take(*block)

    def explain(
        self,
        history: AnyHistory,
        code: int,
        exclude_seen: bool = True,
        wish: str = "",
        allowed: NDArray[np.bool_] | None = None,
        rules: BoundRules | None = None,
    ) -> Explanation:
        """See `explanations.explain`; arguments as `top_n`.

        Raises:
            RecdeskError: as `top_n`.
        """
        dated = self.dated(history)
        barred = self.barred(dated.items, exclude_seen, both(allowed, rules))
        return explain(self, dated, code, barred, wish, rules)

    def necessary(
        self,
        history: AnyHistory,
        code: int,
        n: int = 10,
        exclude_seen: bool = True,
        wish: str = "",
        allowed: NDArray[np.bool_] | None = None,
        rules: BoundRules | None = None,
    ) -> SmallestSet | None:
        """See `explanations.smallest_set`; arguments as `top_n`.

        Raises:
            RecdeskError: as `top_n`.
        """
        dated = self.dated(history)
        barred = self.barred(dated.items, exclude_seen, both(allowed, rules))
        return smallest_set(self, dated, code, n, barred, wish, rules)

    def popular(
        self, n: int, allowed: NDArray[np.bool_] | None = None, rules: BoundRules | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """The most popular items under rules, for people of whom nothing is known; scores are interactions.

        Returns:
            As `ranked`, of one row.
        """
        scores = torch.from_numpy(self.dataset.popularity.astype(np.float32))[None].clone()
        allowed = both(allowed, rules)
        if allowed is not None:
            scores[:, torch.from_numpy(~allowed)] = float("-inf")
        width = min(n, self.dataset.n_items)
        if rules is not None and rules.rules.reranks:
            columns = torch.from_numpy(rerank(scores, width, rules))
        else:
            best = scores.topk(width, dim=1)
            columns = best.indices.masked_fill(best.values == float("-inf"), -1)
        values = scores.gather(1, columns.clamp(min=0)).numpy()
        return (columns + 1).numpy(), values

    def place(
        self,
        history: AnyHistory,
        code: int,
        exclude_seen: bool = True,
        wish: str = "",
        rules: BoundRules | None = None,
    ) -> tuple[int, float]:
        """Rank of an item by score, under the rules on items, and its score; arguments as `top_n`."""
        dated = self.dated(history)
        barred = self.barred(dated.items, exclude_seen, both(None, rules))
        own = np.ones(self.dataset.n_items, bool)
        own[code - 1] = False
        _, rank = self.standing(Histories.of([dated]), barred, code, wish, rules=rules)
        _, scores = self.ranked(Histories.of([dated]), 1, False, ~own, wish)
        return int(rank[0]), float(scores[0, 0])

    def standing(
        self,
        histories: Histories,
        barred: NDArray[np.bool_],
        code: int,
        wish: str = "",
        standard: bool = False,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """`standings` of one item: score, float64 [n], and rank, int64 [n]."""
        above, rank = self.standings(histories, barred, np.array([code]), wish, standard, rules)
        return above[:, 0], rank[:, 0]

    def standings(
        self,
        histories: Histories,
        barred: NDArray[np.bool_],
        codes: NDArray[np.int64],
        wish: str = "",
        standard: bool = False,
        rules: BoundRules | None = None,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Scores of m items relative to the mean, float64 [n, m], and their ranks, int64 [n, m], for n histories.

        Args:
            histories: variants of a history.
            barred: bool [n_items], items that are no candidates.
            codes: int64 [m], of the items.
            wish, rules: see `top_n`.
            standard: standardise the scores, as those with a wish are.
        """
        above = np.empty((len(histories), len(codes)))
        rank = np.empty(above.shape, np.int64)
        columns, gone = torch.from_numpy(codes - 1), torch.from_numpy(barred)

        def stand(rows: Rows, scores: torch.Tensor) -> None:
            scores = _standard(scores) if standard else scores
            at = columns.to(scores.device)
            above[rows] = (scores[:, at] - scores.mean(1, keepdim=True)).cpu().numpy()
            scores = damped(scores, rules)
            own = scores[:, at]
            rank[rows] = higher(scores.masked_fill_(gone.to(scores.device), float("-inf")), own) + 1

        self.each_block(histories, wish, stand)
        return above, rank


def _standard(scores: torch.Tensor) -> torch.Tensor:
    """Standardise each row to mean 0 and variance 1."""
    return (scores - scores.mean(1, keepdim=True)) / scores.std(1, keepdim=True).clamp(min=1e-9)
