"""Lists without torch are those with it, under any rules."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.histories import Histories
from recdesk.recommend import opened
from recdesk.recommend.onnx_model import OnnxModel
from recdesk.recommend.opened import OpenedModel
from recdesk.recommend.query import Query
from recdesk.recommend.recommender import LiveModel
from tests.recommend.test_lists import QUERIES
from tests.recommend.test_reranking import DATA, N_ITEMS
from tests.serving.making import drawn

MODEL = drawn(N_ITEMS)
LIVE = LiveModel(MODEL, DATA[True])


def prepared(model: OpenedModel) -> OpenedModel:
    """Searched although it is small."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opened, "LEAST_ITEMS", 1)
        model.prepare()
    return model


class Reader:
    """In the place of onnxruntime."""

    shape = SimpleNamespace(n_items=N_ITEMS, times="ignored", int8=False)
    output = MODEL.output_vectors.detach().numpy()
    bias = MODEL.bias.detach().numpy()

    def queries(self, histories: Histories) -> Any:
        return MODEL.user_vectors(histories).numpy()


ONNX = OnnxModel(Reader(), DATA[True])  # type: ignore[arg-type]
PREPARED = [prepared(OnnxModel(Reader(), DATA[True])), prepared(LiveModel(MODEL, DATA[True]))]  # type: ignore[arg-type]


@given(st.lists(QUERIES, min_size=1, max_size=6))
@settings(max_examples=15, deadline=None)
def test_lists_are_those_of_torch_scored_or_searched(queries: list[Query]):
    found = LIVE.lists(queries)
    for model in (ONNX, *PREPARED):
        for ours, theirs in zip(found, model.lists(queries), strict=True):
            assert ours.codes.tolist() == theirs.codes.tolist()
            np.testing.assert_allclose(ours.scores, theirs.scores, atol=1e-4)


def test_a_small_catalogue_is_not_searched():
    ONNX.prepare()
    assert ONNX._searched is None and all(model._searched is not None for model in PREPARED)
