import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from recdesk.core.errors import CancelledError, UsageError
from recdesk.core.task import Task
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Rules
from recdesk.recommend.similar import item_vectors
from recdesk.recommend.vectors_export import export_item_vectors, export_similar, export_user_vectors
from tests.conftest import chain_dataset
from tests.recommend.test_explaining import ease


def test_the_table_of_similar_items_is_that_of_each_item_under_the_rules(live: LiveModel, tmp_path):
    bound = live.bind(Rules(block=("007",)))
    assert export_similar(live, tmp_path / "out.csv", 3, rules=bound) == 120
    frame = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    assert list(frame.columns) == ["of_item_id", "rank", "item_id", "title", "score"]
    for code in (1, 17, 40):
        own = frame[frame.of_item_id == live.dataset.item_ids[code - 1]]
        assert own.item_id.tolist() == [line.item_id for line in live.similar(code, 3, bound)]
    assert "007" not in set(frame.item_id) and "007" in set(frame.of_item_id)
    export_similar(live, tmp_path / "out.parquet", 3)
    assert pq.read_schema(tmp_path / "out.parquet").names[0] == "of_item_id"


def test_vectors_multiply_to_the_scores_with_original_ids_beside(live: LiveModel, tmp_path):
    data = live.dataset
    assert export_item_vectors(live, tmp_path / "items.parquet") == data.n_items
    assert export_user_vectors(live, tmp_path / "users.npy") == data.n_users
    items = pq.read_table(tmp_path / "items.parquet")
    assert items["item_id"].to_pylist() == list(data.item_ids)
    vectors = np.array(items["vector"].to_pylist(), np.float32)
    np.testing.assert_array_equal(vectors, item_vectors(live.model))
    users = np.load(tmp_path / "users.npy")
    ids = pd.read_csv(tmp_path / "users.ids.csv", dtype=str, encoding="utf-8-sig")
    assert ids.user_id.tolist() == list(data.user_ids)
    expected = live.model.scores(data.histories()).numpy()
    np.testing.assert_allclose(users @ vectors.T + live.model.bias.detach().numpy(), expected, atol=1e-4)


def test_what_cannot_be_written_is_said_and_a_cancelled_one_leaves_the_old_file(live: LiveModel, tmp_path):
    with pytest.raises(UsageError, match="cannot be written as"):
        export_item_vectors(live, tmp_path / "out.csv")
    bare = LiveModel(ease(), chain_dataset(n_items=40))
    for export in (export_similar, export_item_vectors, export_user_vectors):
        with pytest.raises(UsageError):
            export(bare, tmp_path / "out.parquet")
    (tmp_path / "old.parquet").write_text("old")
    for export in (export_similar, export_user_vectors):
        with pytest.raises(CancelledError):
            export(live, tmp_path / "old.parquet", task=Task(cancelled=lambda: True))
    assert (tmp_path / "old.parquet").read_text() == "old"
