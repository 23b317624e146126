"""Models of each kind as ONNX give the vectors that torch gives."""

from pathlib import Path

import numpy as np
import pytest
import torch

from recdesk.core.errors import UsageError
from recdesk.data.histories import Histories, History
from recdesk.models.bert import Bert4Rec, BertCausal, BertRecommender, Shape
from recdesk.models.onnx_export import write_onnx
from recdesk.models.onnx_reader import OnnxReader
from recdesk.models.text_bert import TextBert
from tests.models.test_text_bert import new as new_text
from tests.models.test_two_tower import new as new_tower


def new(kind: type[BertCausal] | type[Bert4Rec], times: str) -> BertRecommender:
    torch.manual_seed(0)
    model = kind(Shape(50, 12, 16, 2, 2, temperature=0.5, times=times))  # type: ignore[arg-type]
    with torch.no_grad():
        for each in (model.item_table, model.bias, *(getattr(model, name, model.bias) for name in ("gaps", "waits"))):
            each.normal_()
    return model.eval()


MODELS = {
    "bert-causal": lambda: new(BertCausal, "asked"),
    "bert4rec": lambda: new(Bert4Rec, "asked"),
    "bert4rec, gaps": lambda: new(Bert4Rec, "gaps"),
    "text-bert": lambda: new_text(TextBert, tied=False),
}


@pytest.mark.slow  # an export each
@pytest.mark.parametrize("kind", MODELS)
def test_vectors_are_those_of_torch(kind: str, tmp_path: Path):
    model = MODELS[kind]()
    write_onnx(model, tmp_path)
    reader, rng = OnnxReader(tmp_path), np.random.default_rng(0)
    each = [
        History(rng.integers(1, model.n_items + 1, n).astype(np.int32), np.sort(rng.integers(0, 10**8, n)), 2 * 10**8)
        for n in (0, 1, 2, 5, 11, 12, 30)
    ]
    histories = Histories.of(each)
    vectors = model.user_vectors(histories)
    np.testing.assert_allclose(reader.queries(histories), vectors.numpy(), atol=1e-5)
    assert reader.queries(Histories.of([])).shape == (0, 16)
    scores = reader.queries(histories) @ reader.output.T + reader.bias
    np.testing.assert_allclose(scores, model.scores_of(vectors).numpy(), atol=1e-4)


def test_a_kind_that_reads_no_items_is_told(tmp_path: Path):
    with pytest.raises(UsageError, match="two-tower does not read histories of items"):
        write_onnx(new_tower(), tmp_path)
    assert not list(tmp_path.iterdir())
