"""What every opened model with a dataset offers, whatever computes its scores."""

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.recommend.bound_rules import BoundRules, bind
from recdesk.recommend.nearest import SimilarItems
from recdesk.recommend.query import Found, Query, Recommendation
from recdesk.recommend.rules import Rules
from recdesk.recommend.searched_lists import LEAST_ITEMS, SearchedLists


class OpenedModel(ABC):
    """A model with its items, their titles and the histories of its dataset.

    Attributes:
        dataset: that it was trained on.
        note: a sentence to show beside all lists; "" for none.
    """

    def __init__(self, dataset: Dataset, note: str = "") -> None:
        self.dataset, self.note = dataset, note
        self._bound: BoundRules | None = None
        self._searched: SearchedLists | None = None

    def lists(self, queries: Sequence[Query]) -> list[Found]:
        """Answer queries together; each answer equals the one to that query alone.

        Raises:
            RecdeskError: there is a wish, and the model reads no texts or its encoder is gone.
        """
        searched = self._searched
        if searched is None:
            return self.scored_lists(queries)
        plain = [query for query in queries if searched.takes(query)]
        if not plain:
            return self.scored_lists(queries)
        others = [query for query in queries if not searched.takes(query)]
        vectors = self.query_vectors(Histories.of(query.history for query in plain))
        answers, more = iter(searched.lists(vectors, plain)), iter(self.scored_lists(others) if others else [])
        return [next(answers if searched.takes(query) else more) for query in queries]

    def prepare(self) -> None:
        """Set up for many queries: in a large catalogue, so that not every item is scored in full for each; where the
        libraries for that are not installed, nothing changes."""
        found = self.searched_vectors() if self.dataset.n_items >= LEAST_ITEMS else None
        if found is not None:
            with contextlib.suppress(UsageError):
                self._searched = SearchedLists(*found, threads=usable_cores())

    @abstractmethod
    def scored_lists(self, queries: Sequence[Query]) -> list[Found]:
        """`lists` with all items scored."""

    @abstractmethod
    def query_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """A vector of each history, float32 [n, width], for models with `searched_vectors`."""

    @abstractmethod
    def searched_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.float32]] | None:
        """Vectors and biases with which `query_vectors` gives the scores, float32 [n_items, width] and [n_items]; None
        where scores are not made so, or on a GPU, which is faster without a search."""

    @abstractmethod
    def item_vectors(self) -> NDArray[np.float32] | None:
        """The vectors with which items are scored, float32 [n_items, width]; None for models without."""

    @property
    @abstractmethod
    def has_vectors(self) -> bool:
        """Whether `item_vectors` gives any."""

    @property
    def reads_texts(self) -> bool:
        """Whether it reads wishes in words."""
        return False

    def text_reader(self) -> Any:
        """The index of the items' texts.

        Raises:
            UsageError: the model does not read texts.
        """
        raise UsageError(Message("recommend.cannot-read-words"), Message("recommend.train-text-model"))

    def require_vectors(self) -> NDArray[np.float32]:
        """See `item_vectors`.

        Raises:
            UsageError: the model has none.
        """
        vectors = self.item_vectors()
        if vectors is None:
            raise UsageError(Message("steer.no-vectors"), Message("steer.other-model"))
        return vectors

    @cached_property
    def neighbours(self) -> SimilarItems:
        """For similar items.

        Raises:
            UsageError: the model has no item vectors.
        """
        return SimilarItems(self.require_vectors())

    def bind(self, rules: Rules) -> BoundRules:
        """Rules for this model and its dataset; those asked for last are kept.

        Raises:
            UsageError: see `bound_rules.bind`.
        """
        bound = self._bound
        if bound is None or bound.rules != rules:
            bound = self._bound = bind(rules, self.dataset, self.item_vectors)
        return bound

    def barred(
        self, seen: NDArray[np.int32], exclude_seen: bool, allowed: NDArray[np.bool_] | None
    ) -> NDArray[np.bool_]:
        """bool [n_items]: items that are no candidates. Those of the full history are none for variants of it either,
        or the item left out would rank itself."""
        barred = np.zeros(self.dataset.n_items, bool) if allowed is None else ~allowed
        if exclude_seen:
            barred[seen - 1] = True
        return barred

    def describe(self, rank: int, code: int, score: float) -> Recommendation:
        """A recommendation with the item's id, title and features."""
        table = self.dataset.item_features
        features = {str(n): str(table[n].iat[code - 1]) for n in table.columns if n != self.dataset.title_column}
        return Recommendation(
            rank, code, str(self.dataset.item_ids[code - 1]), str(self.dataset.titles[code - 1]), score, features
        )
