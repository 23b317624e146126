"""The vectors with which a model scores items."""

import numpy as np
import torch
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.models.base import Recommender
from recdesk.models.bert import BertRecommender
from recdesk.models.two_tower import TwoTower


@torch.inference_mode()
def item_vectors(model: Recommender) -> NDArray[np.float32] | None:
    """The vectors with which a model scores items, float32 [n_items, hidden]; None for models without."""
    if isinstance(model, BertRecommender):
        vectors: torch.Tensor = model.output_vectors
    elif isinstance(model, TwoTower):
        vectors = model.head
    else:
        return None
    return vectors.detach().float().cpu().numpy()


def has_vectors(model: Recommender) -> bool:
    """Whether `item_vectors` gives any."""
    return isinstance(model, BertRecommender | TwoTower)


def require_vectors(model: Recommender) -> NDArray[np.float32]:
    """See `item_vectors`.

    Raises:
        UsageError: the model has none.
    """
    vectors = item_vectors(model)
    if vectors is None:
        raise UsageError(Message("steer.no-vectors"), Message("steer.other-model"))
    return vectors
