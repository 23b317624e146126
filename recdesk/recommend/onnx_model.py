"""A model that answers by onnxruntime, without torch."""

import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.models.onnx_reader import OnnxReader
from recdesk.recommend.best_arrays import best_of
from recdesk.recommend.opened import OpenedModel
from recdesk.recommend.query import Found, Query, both

SCORES_AT_ONCE = 2**22


class OnnxModel(OpenedModel):
    """An exported model and the items of its dataset. Its methods may be called from several threads.

    Args:
        reader: of histories.
        dataset: with the items, in the order of the model's codes.

    Raises:
        DataError: they have not as many items.
    """

    def __init__(self, reader: OnnxReader, dataset: Dataset) -> None:
        super().__init__(dataset)
        if reader.shape.n_items != dataset.n_items:
            raise DataError(
                Message(
                    "recommend.item-count-differs",
                    model_items=reader.shape.n_items,
                    name=dataset.name,
                    dataset_items=dataset.n_items,
                )
            )
        self.reader = reader

    @property
    def has_vectors(self) -> bool:
        """See `OpenedModel.has_vectors`."""
        return True

    def item_vectors(self) -> NDArray[np.float32]:
        """See `OpenedModel.item_vectors`."""
        return self.reader.output

    def query_vectors(self, histories: Histories) -> NDArray[np.float32]:
        """See `OpenedModel.query_vectors`; histories of which it is not known when they are asked about are asked
        about now."""
        if self.reader.shape.times == "asked":
            histories = histories.asked_by(int(time.time()))
        return self.reader.queries(histories)

    def scores(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of all items, float32 [n, n_items], from vectors of histories."""
        found: NDArray[np.float32] = vectors @ self.reader.output.T
        found += self.reader.bias
        return found

    def searched_vectors(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """See `OpenedModel.searched_vectors`."""
        return self.reader.output, self.reader.bias

    def scored_lists(self, queries: Sequence[Query]) -> list[Found]:
        """See `OpenedModel.scored_lists`."""
        if any(query.wish for query in queries):
            self.text_reader()  # raises
        histories = Histories.of(query.history for query in queries)
        vectors = self.query_vectors(histories)
        found: list[Found] = []
        block = max(SCORES_AT_ONCE // self.dataset.n_items, 1)
        for begin in range(0, len(queries), block):
            scores = self.scores(vectors[begin : begin + block])
            for row, query in enumerate(queries[begin : begin + block]):
                own = slice(begin + row, begin + row + 1)
                found.append(self._list(scores[row : row + 1], histories[own], query))
        return found

    def _list(self, scores: NDArray[np.float32], history: Histories, query: Query) -> Found:
        width = min(query.n, self.dataset.n_items)
        codes, values = best_of(scores, history, width, query.exclude_seen, both(None, query.rules), query.rules)
        return Found.of(codes[0], values[0], query.n)
