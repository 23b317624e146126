"""New texts for a trained model: wishes in words, semantic search, items without interactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.files import read_json
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_object, validated, write_record
from recdesk.data.dataset import Dataset
from recdesk.models.base import Recommender
from recdesk.models.baselines.expected_popularity import expected_bias
from recdesk.models.text_bert import TextBert
from recdesk.recommend.query import LONGEST_WISH
from recdesk.text.item_texts import clean, item_texts, texts_of
from recdesk.text.text_paths import TextPaths
from recdesk.text.text_side import TextSide, load_side
from recdesk.text.vector_cache import VectorCache


@dataclass(frozen=True)
class NewItem:
    """An item without interactions.

    Attributes:
        item_id: of the item.
        features: texts by column; missing columns are empty.
    """

    item_id: str
    features: Mapping[str, str]


class TextIndex:
    """Semantic search over the items' texts. The encoder is loaded on first use."""

    def __init__(self, model: Recommender, dataset: Dataset, text_paths: TextPaths) -> None:
        self.model, self.dataset, self.text_paths = model, dataset, text_paths
        self._side: TextSide | None = None
        self._items: NDArray[np.float32] | None = None
        self._mean: NDArray[np.float32]

    @property
    def side(self) -> TextSide:
        """Encoder and whitening of the run.

        Raises:
            RecdeskError: the encoder is missing or was changed.
        """
        if self._side is None:
            self._side = load_side(self.text_paths)
        return self._side

    def nearest(self, sentence: str) -> NDArray[np.float32]:
        """Cosine similarity of each item's text to a sentence, float32 [n_items]; -1 for items without text.

        Vectors of an encoder that was not trained for sentences crowd around their mean, which is subtracted first.
        Whitened vectors, which the model reads, weigh rare words too much: for “films for children” they find titles
        with “film” in them.

        Raises:
            UsageError: the sentence has no word.
            RecdeskError: the encoder is missing or was changed.
        """
        text = clean(sentence)[:LONGEST_WISH]
        if not any(letter.isalnum() for letter in text):
            raise UsageError(Message("recommend.no-word"), Message("recommend.describe-in-words"))
        encoder = self.side.encoder
        if self._items is None:
            texts = item_texts(self.dataset, self.side.template)
            vectors = VectorCache(self.text_paths.cache / "vectors").encode(encoder, texts)
            self._mean = np.zeros(encoder.width, np.float32) if encoder.unit else vectors.mean(0)
            self._items = _unit(vectors - self._mean)
            self._items[[not text for text in texts]] = 0.0
        likeness = self._items @ _unit(encoder.encode([text]) - self._mean)[0]
        return np.where(self._items.any(1), likeness, -1.0).astype(np.float32)


def scores_by_text(model: Recommender) -> TypeGuard[TextBert]:
    """Whether a model can score items by their texts alone."""
    return isinstance(model, TextBert) and model.shape.tied


def with_new_items(
    model: Recommender, dataset: Dataset, items: Sequence[NewItem], side: TextSide
) -> tuple[TextBert, Dataset]:
    """Extend a model and its dataset by new items, with the next item codes.

    Raises:
        UsageError: an id is empty or taken, an item has no text that the model reads, or the model does not score by
            text.
    """
    if not scores_by_text(model):
        raise UsageError(Message("recommend.trained-items-only"), Message("recommend.train-for-new-items"))
    table = _table(items, dataset)
    new_texts = texts_of(table, side.template)
    for item, text in zip(items, new_texts, strict=True):
        if not text:
            raise UsageError(
                Message("item.new-without-text", item=item.item_id), Message("item.model-reads", template=side.template)
            )
    longer = replace(
        dataset,
        item_ids=pd.Index([*dataset.item_ids, *(item.item_id for item in items)], dtype="str"),
        item_features=pd.concat([dataset.item_features, table], ignore_index=True),
    )
    vectors = side.vectors(new_texts)
    texts = model.texts[1 : model.n_items + 1].float().cpu().numpy()
    known = (dataset.popularity > 0) & texts.any(1)
    return model.extended(vectors, expected_bias(texts[known], dataset.popularity[known], vectors)), longer


class AddedItem(Record):
    """An item in `added-items.json`."""

    id: str
    features: dict[str, str]


class AddedItems(Record):
    """Schema of `added-items.json`; an older recdesk wrote the list alone."""

    items: list[AddedItem]


def kept_items(text_paths: TextPaths, expected: bool = False) -> list[NewItem]:
    """New items that were added to a run, oldest first.

    Args:
        text_paths: of the run.
        expected: whether some were added, so that a missing file is an error.

    Raises:
        RecdeskError: their file is damaged, or missing though expected.
    """
    path = text_paths.run / "added-items.json"
    if not path.exists() and not expected:
        return []
    advice = Message("record.restore-or-empty")
    try:
        values = read_json(path)
    except RecdeskError as error:
        raise DataError(error.sentence, advice) from error
    values = {"items": values} if isinstance(values, list) else read_object(path, advice)
    return [NewItem(item.id, item.features) for item in validated(values, AddedItems, path, advice).items]


def keep_item(text_paths: TextPaths, item: NewItem, dataset: Dataset) -> None:
    """Save a new item with a run.

    Args:
        text_paths: of the run.
        item: the new one.
        dataset: including the items added before.

    Raises:
        UsageError: its id is empty or taken, or it names a column that the items do not have.
    """
    _table([item], dataset)
    write_items(text_paths, [*kept_items(text_paths), item])


def write_items(text_paths: TextPaths, items: Sequence[NewItem]) -> None:
    """Replace the list of new items of a run."""
    everything: list[dict[str, Any]] = [{"id": item.item_id, "features": dict(item.features)} for item in items]
    write_record(text_paths.run / "added-items.json", {"items": everything})


def _table(items: Sequence[NewItem], dataset: Dataset) -> pd.DataFrame:
    """Features as a table with one row per item.

    Raises:
        UsageError: an id is empty or taken, or a column is unknown.
    """
    columns = [str(name) for name in dataset.item_features.columns]
    taken = set(dataset.item_ids)
    for item in items:
        if not item.item_id.strip():
            raise UsageError(Message("item.new-without-id"), Message("item.give-unique-id"))
        if item.item_id in taken:
            raise UsageError(Message("item.id-taken", item=item.item_id), Message("item.give-another-id"))
        taken.add(item.item_id)
        for name in item.features:
            if name not in columns:
                raise UsageError(
                    Message("column.item-not-found", name=name), Message("text.columns-are", names=", ".join(columns))
                )
    rows = [[str(item.features.get(name, "")) for name in columns] for item in items]
    return pd.DataFrame(rows, columns=dataset.item_features.columns, dtype="str")


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows scaled to length 1."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
