"""A trained run, ready to recommend: top-N for any history, and why."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core.devices import device_for_use, prepare
from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.evaluation.ranking import blocks, remove_seen, scored
from recdesk.models.base import Recommender
from recdesk.models.bert import Bert4Rec, BertCausal
from recdesk.models.persistence import SavedModel, our_part
from recdesk.models.text_bert import Hybrid, TextBert
from recdesk.models.two_tower import TwoTower
from recdesk.recommend.text_queries import TextIndex, scores_by_text

MODELS: dict[str, type[SavedModel]] = {kind.kind: kind for kind in (BertCausal, Bert4Rec, TextBert, Hybrid, TwoTower)}

Rows = NDArray[np.int64]
WISH_ITEMS = 5
"""Items that stand for a wish in words."""
VARIANTS_AT_ONCE = 256
"""Histories with an item left out that are made together."""


@dataclass(frozen=True)
class Recommendation:
    """One line of a top-N list.

    Attributes:
        rank: from 1.
        code: item code.
        item_id, title: as the person knows them.
        score: the model's; larger is better, only comparable within one list.
        features: the item's other texts by name.
    """

    rank: int
    code: int
    item_id: str
    title: str
    score: float
    features: dict[str, str]


@dataclass(frozen=True)
class Reason:
    """What one item of the history, or the wish in words after it, does for a recommendation.

    Attributes:
        position: in the history, from 0 (oldest); its length for the wish.
        code, title: of that item; 0 and the words for the wish.
        effect: score lost, against the mean of all items, when it is left out; negative when it speaks against.
        rank_without: the recommendation's rank then.
    """

    position: int
    code: int
    title: str
    effect: float
    rank_without: int


@dataclass(frozen=True)
class Explanation:
    """Why an item is recommended: what happens when each item of the history is left out, strongest first."""

    code: int
    title: str
    rank: int
    reasons: list[Reason]


class LiveModel:
    """A model and its dataset. Methods may be called from any thread; they wait for each other."""

    def __init__(self, model: Recommender, dataset: Dataset, reader: TextIndex | None = None, note: str = "") -> None:
        """Join them; `reader` for models that can take in new texts, `note` for what is to be said beside all lists.

        Raises:
            RecdeskError: the model was made for another catalogue.
        """
        if model.n_items != dataset.n_items:
            raise RecdeskError(
                f"The model knows {model.n_items:,} items, but “{dataset.name}” has {dataset.n_items:,}.",
                "Choose the dataset that the run was trained on.",
            )
        self.model, self.dataset, self.reader, self.note = model, dataset, reader, note
        self._lock = threading.Lock()

    @classmethod
    def open(cls, model_folder: Path, dataset: Dataset, device: str = "auto") -> "LiveModel":
        """Load a model folder (a run's `checkpoints/best`).

        Raises:
            RecdeskError: it is missing, damaged, or of another catalogue.
        """
        kind = MODELS.get(str(our_part(model_folder).get("kind")))
        if kind is None:
            raise RecdeskError(f"“{model_folder}” is not a model that this recdesk can use.")
        place = device_for_use(device)
        if place.type != "cpu":
            prepare(place)  # as in training, so that figures are the same
        return cls(kind.load(model_folder).to(place).eval(), dataset)

    def top_n(
        self,
        history: Sequence[int] | NDArray[np.integer],
        n: int = 10,
        exclude_seen: bool = True,
        allowed: NDArray[np.bool_] | None = None,
        wish: str = "",
    ) -> list[Recommendation]:
        """The best items after a history.

        Args:
            history: item codes in time order; may be empty.
            n: how many; fewer come when fewer remain.
            exclude_seen: leave out items of the history.
            allowed: bool [n_items], which items may appear; applied before the cut, so that n are found.
            wish: what the person asks for in words; it counts like an item taken last.

        Raises:
            RecdeskError: the model does not read texts, or its encoder is gone.
        """
        codes, scores = self.ranked(Histories.of([history]), n, exclude_seen, allowed, wish)
        return [
            self.describe(rank + 1, int(c), float(s))
            for rank, (c, s) in enumerate(zip(codes[0], scores[0], strict=True))
            if c
        ]

    def describe(self, rank: int, code: int, score: float) -> Recommendation:
        """A line with the item's id, title and features."""
        table = self.dataset.item_features
        features = {str(n): str(table[n].iat[code - 1]) for n in table.columns if n != self.dataset.title_column}
        return Recommendation(
            rank, code, str(self.dataset.item_ids[code - 1]), str(self.dataset.titles[code - 1]), score, features
        )

    def search(self, sentence: str, n: int = 10) -> list[Recommendation]:
        """The items whose texts are nearest in meaning to a sentence; scores are cosines.

        Raises:
            RecdeskError: as `top_n`.
        """
        with self._lock:
            likeness = self.text_reader().nearest(sentence)
        order = np.argsort(-likeness, kind="stable")[: min(n, self.dataset.n_items)]
        return [self.describe(rank, int(i) + 1, float(likeness[i])) for rank, i in enumerate(order, 1)]

    @property
    def takes_new_items(self) -> bool:
        """It scores items by their texts, also those that nobody has taken yet."""
        return self.reader is not None and scores_by_text(self.model)

    def text_reader(self) -> TextIndex:
        """What reads new texts.

        Raises:
            UsageError: the model does not read any.
        """
        if self.reader is None:
            raise UsageError(
                "This model knows items by their ids; it cannot read words.", "Train text-bert or hybrid for that."
            )
        return self.reader

    def _with_wish(self, histories: Histories, wish: str) -> torch.Tensor:
        """Scores when a wish in words comes last in each history. The model reads the items nearest in meaning in its
        place; what it makes of them and how like the wish each item's text is count alike."""
        likeness = self.text_reader().nearest(wish)
        nearest = np.argsort(likeness, kind="stable")[-WISH_ITEMS:] + 1
        wishing = Histories.of([np.append(histories.row(row), nearest) for row in range(len(histories))])
        scores = self.model.scores(wishing)
        return _standard(scores) + _standard(torch.from_numpy(likeness).to(scores)[None, :])

    def ranked(
        self,
        histories: Histories,
        n: int,
        exclude_seen: bool = True,
        allowed: NDArray[np.bool_] | None = None,
        wish: str = "",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """Top-N of a batch.

        Returns:
            codes int64 [batch, min(n, n_items)] in order, 0 where nothing remains; scores float32 of the same shape.

        Raises:
            CancelledError: `cancelled`, asked between blocks, said yes.
            RecdeskError: as `top_n`.
        """
        width = min(n, self.dataset.n_items)
        codes = np.zeros((len(histories), width), np.int64)
        values = np.zeros((len(histories), width), np.float32)
        barred = None if allowed is None else torch.from_numpy(~allowed)

        def best(rows: Rows, scores: torch.Tensor) -> None:
            if exclude_seen:
                remove_seen(scores, histories[rows])
            if barred is not None:
                scores[:, barred.to(scores.device)] = float("-inf")
            highest, columns = scores.topk(width, dim=1)
            codes[rows] = torch.where(highest == float("-inf"), 0, columns + 1).cpu().numpy()
            values[rows] = highest.float().cpu().numpy()

        self._score(histories, wish, best, cancelled)
        return codes, values

    def _score(
        self,
        histories: Histories,
        wish: str,
        take: Callable[[Rows, torch.Tensor], None],
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """Hand over all scores block by block, see `scored`; nobody else works with the model during one."""
        if not wish:
            scoring = scored(self.model, histories)
        else:
            every = blocks(histories, self.dataset.n_items, self.model.on_gpu)
            scoring = ((rows, self._with_wish(histories[rows], wish)) for rows in every)
        while True:
            if cancelled():
                raise CancelledError()
            with self._lock, torch.inference_mode():
                block = next(scoring, None)
                if block is None:
                    return
                take(*block)

    def explain(
        self, history: Sequence[int] | NDArray[np.integer], code: int, exclude_seen: bool = True, wish: str = ""
    ) -> Explanation:
        """Leave each item of the history out, and the wish, all variants in few goes, and see what becomes of the
        recommendation.

        The effect is measured against the mean score of all items, since a score alone may shift for all of them. Items
        too long ago for the model to read do nothing: only the others are left out one by one.

        Raises:
            RecdeskError: as `top_n`.
        """
        items = np.asarray(history, dtype=np.int32)
        full = self._standing(Histories.of([items]), items, code, exclude_seen, wish)
        first = 0 if self.model.reads is None else max(len(items) - self.model.reads, 0)
        effects = np.zeros(len(items) + bool(wish))
        ranks = np.full(len(effects), full[1][0])
        begin = max(first - 1, 0)  # that item moves up where a later one is left out
        for start in range(first, len(items), VARIANTS_AT_ONCE):
            places = np.arange(start, min(start + VARIANTS_AT_ONCE, len(items)))
            shorter = Histories.of([np.delete(items[begin:], place - begin) for place in places])
            above, ranks[places] = self._standing(shorter, items, code, exclude_seen, wish)
            effects[places] = full[0][0] - above
        titles = [str(self.dataset.titles[item - 1]) for item in items]
        if wish:
            above, ranks[-1:] = self._standing(Histories.of([items]), items, code, exclude_seen, "", standard=True)
            effects[-1:] = full[0][0] - above
            titles.append(wish)
        codes = [*items.tolist(), 0]
        reasons = [Reason(i, codes[i], titles[i], float(effects[i]), int(ranks[i])) for i in range(len(titles))]
        reasons.sort(key=lambda reason: -reason.effect)
        return Explanation(code, str(self.dataset.titles[code - 1]), int(full[1][0]), reasons)

    def _standing(
        self, histories: Histories, seen: NDArray[np.int32], code: int, exclude_seen: bool, wish: str,
        standard: bool = False,
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:  # fmt: skip
        """An item's score above the mean and its rank, float64 and int64 [n]; `standard` for the scale of scores with
        a wish. What the full history holds stays out, or a left-out item itself would push in."""
        above, rank = np.empty(len(histories)), np.empty(len(histories), np.int64)

        def stand(rows: Rows, scores: torch.Tensor) -> None:
            scores = _standard(scores) if standard else scores
            above[rows] = (scores[:, code - 1] - scores.mean(1)).cpu().numpy()
            own = scores[:, code - 1 : code].clone()
            if exclude_seen:
                scores[:, torch.from_numpy(seen.astype(np.int64) - 1).to(scores.device)] = float("-inf")
            rank[rows] = ((scores > own).sum(1) + 1).cpu().numpy()

        self._score(histories, wish, stand)
        return above, rank


def _standard(scores: torch.Tensor) -> torch.Tensor:
    """Mean 0 and variance 1 in each row."""
    return (scores - scores.mean(1, keepdim=True)) / scores.std(1, keepdim=True).clamp(min=1e-9)
