import numpy as np
import pandas as pd
import pytest
import torch

from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories
from recdesk.data.splitting import make_split
from recdesk.evaluation import ranking as module
from recdesk.evaluation.metrics import NEVER
from recdesk.evaluation.ranking import blocks, evaluate, figures, scored
from recdesk.models.base import Recommender, pick
from recdesk.models.bert import BertCausal, Shape


class Table(Recommender):
    """Scores by the last item of a history, from a table."""

    kind = "table"

    def __init__(self, table: torch.Tensor) -> None:
        self.table, self.n_items = table, table.shape[1]

    def scores(self, histories, candidates=None):
        last = [int(histories.row(i)[-1]) for i in range(len(histories))]
        return pick(self.table[last].clone(), candidates)


def small(sequences: list[list[int]], n_items: int) -> Dataset:
    lengths = [len(s) for s in sequences]
    return Dataset(
        "small",
        pd.Index([f"u{i}" for i in range(len(sequences))]),
        pd.Index([f"i{i}" for i in range(1, n_items + 1)]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.concatenate(sequences).astype(np.int32),
    )


def test_ranks_leave_out_the_own_history_and_nothing_else():
    split = make_split(small([[1, 2, 3, 4], [4, 3, 2, 1]], 5))
    table = torch.zeros(6, 5)
    table[3] = torch.tensor([9.0, 8.0, 7.0, 1.0, 5.0])  # after 3: 1, 2, 3 are seen by user 0; 5 beats the target 4
    table[2] = torch.tensor([2.0, 9.0, 8.0, 7.0, 1.0])  # after 2: the target 1 comes first of what is left
    result = evaluate(Table(table), split, "test", with_lists=True)
    assert result.ranks.greater.tolist() == [1, 0]
    assert result.ranks.equal.tolist() == [0, 0]
    assert (result.lists[:, :2] + 1).tolist() == [[5, 4], [1, 5]]


def test_a_target_already_in_the_history_counts_as_not_found():
    split = make_split(small([[1, 2, 1], [1, 2, 3]], 3))
    result = evaluate(Table(torch.ones(4, 3)), split, "test")
    assert result.ranks.greater.tolist() == [NEVER, 0]


def test_with_fewer_items_than_places_what_cannot_be_recommended_is_still_not_found():
    """Its place was once behind the last item, which is among the first ten of a small catalogue."""
    split = make_split(small([[1, 2, 1], [1, 2, 3], [3, 1, 2, 1, 3]], 3))
    result = evaluate(Table(torch.tensor([[1.0, 2.0, 3.0]] * 4)), split, "test", with_lists=True)
    assert result.lists.tolist() == [[2, -1, -1], [2, -1, -1], [-1, -1, -1]]
    found = figures(result, split)
    assert [found[name] for name in ("recall@1", "recall@20", "ndcg@20")] == pytest.approx([1 / 3] * 3)
    assert found["mrr@10"] == pytest.approx(1 / 3)
    assert found["coverage@10"] == pytest.approx(1 / 3)


def test_where_nothing_can_be_recommended_nothing_is_covered():
    split = make_split(small([[1, 2, 3, 1], [2, 1, 3, 2]], 3))
    found = figures(evaluate(Table(torch.rand(4, 3)), split, "test", with_lists=True), split)
    assert (found["recall@20"], found["mrr@10"], found["coverage@10"]) == (0.0, 0.0, 0.0)
    assert "novelty@10" not in found


def test_validation_reads_nothing_of_the_test_item():
    seen = []

    class Spy(Table):
        def scores(self, histories, candidates=None):
            seen.extend(histories.row(i).tolist() for i in range(len(histories)))
            return super().scores(histories, candidates)

    split = make_split(small([[1, 2, 3, 4]], 4))
    evaluate(Spy(torch.rand(5, 4)), split, "validation")
    assert seen == [[1, 2]]


def test_the_size_of_blocks_changes_no_figure(chain, monkeypatch):
    torch.manual_seed(0)
    split = make_split(chain)
    model = Table(torch.rand(chain.n_items + 1, chain.n_items))
    whole = figures(evaluate(model, split, "test", with_lists=True), split)
    monkeypatch.setattr(module, "SCORES_AT_ONCE", 3 * chain.n_items)
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", 25)
    parts = figures(evaluate(model, split, "test", with_lists=True), split)
    assert parts == pytest.approx(whole)


def test_blocks_cover_every_row_once_within_bounds(monkeypatch):
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", 40)
    lengths = np.random.default_rng(0).integers(0, 30, 100)
    histories = Histories.of([np.ones(n, np.int32) for n in lengths])
    seen = []
    for block in blocks(histories, 10):
        assert len(block) == 1 or len(block) * lengths[block].max() <= 40
        seen.extend(block)
    assert sorted(seen) == list(range(100))


def test_many_are_read_together_and_few_scored_together_with_the_same_outcome(monkeypatch):
    monkeypatch.setattr(module, "POSITIONS_AT_ONCE", 100)
    monkeypatch.setattr(module, "SCORES_AT_ONCE", 3 * 30)
    monkeypatch.setattr(module, "FEWEST_ROWS", 1)
    torch.manual_seed(0)
    rng = np.random.default_rng(0)
    model = BertCausal(Shape(30, 12, 8, 2, 2)).eval()
    histories = Histories.of([rng.integers(1, 31, n).astype(np.int32) for n in rng.integers(0, 20, 80)])
    expected, rows = model.scores(histories), []
    with torch.inference_mode():
        for block, scores in scored(model, histories):
            assert len(block) <= 3
            torch.testing.assert_close(scores, expected[block], atol=1e-5, rtol=1e-5)
            rows.extend(block)
    assert sorted(rows) == list(range(80))


def test_where_memory_runs_out_histories_are_read_in_halves_with_the_same_outcome(chain, monkeypatch):
    torch.manual_seed(0)
    model = BertCausal(Shape(chain.n_items, 12, 8, 2, 2)).eval()
    split = make_split(chain)
    expected = evaluate(model, split, "test", with_lists=True)
    original, sizes = BertCausal.user_vectors, []

    def too_large(self, histories):
        sizes.append(len(histories))
        if len(histories) > 20:
            raise torch.OutOfMemoryError
        return original(self, histories)

    monkeypatch.setattr(BertCausal, "user_vectors", too_large)
    found = evaluate(model, split, "test", with_lists=True)
    assert sizes[:3] == [60, 30, 15]
    assert (found.lists == expected.lists).all()
    assert (found.ranks.greater == expected.ranks.greater).all()


@pytest.mark.parametrize("error", [torch.OutOfMemoryError, ValueError])
def test_memory_that_does_not_do_for_one_history_or_another_failure_is_raised(error, chain, monkeypatch):
    model = BertCausal(Shape(chain.n_items, 12, 8, 2, 2)).eval()

    def fails(self, histories):
        raise error

    monkeypatch.setattr(BertCausal, "user_vectors", fails)
    with pytest.raises(error):
        evaluate(model, make_split(chain), "test")


def test_evaluation_can_be_cancelled(chain):
    model = Table(torch.rand(chain.n_items + 1, chain.n_items))
    assert evaluate(model, make_split(chain), "test", task=Task(cancelled=lambda: True)) is None


def test_the_share_that_is_ranked_is_told_block_by_block(chain, monkeypatch):
    monkeypatch.setattr("recdesk.evaluation.ranking.POSITIONS_AT_ONCE", 200)
    told: list[float] = []
    task = Task(lambda share, _text: told.append(share))
    assert evaluate(Table(torch.rand(chain.n_items + 1, chain.n_items)), make_split(chain), "test", task=task)
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == 1.0
