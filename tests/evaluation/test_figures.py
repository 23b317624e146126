import numpy as np
import pandas as pd
import pytest

from recdesk.data.dataset import Dataset
from recdesk.data.splitting import Split, make_split, train_popularity
from recdesk.evaluation.figures import ACCURACY, accuracy_figures, list_figures
from recdesk.evaluation.groups import breakdowns
from recdesk.evaluation.metrics import NEVER, Ranks, bootstrap
from recdesk.evaluation.persons import best_and_worst
from recdesk.evaluation.results import Results
from recdesk.evaluation.sentences import comparison_sentence, p_text, verdict, weaker_than


def dataset(n_users: int = 40, n_items: int = 20) -> Dataset:
    generator = np.random.default_rng(5)
    lengths = generator.integers(3, 12, n_users)
    ends = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    items = np.concatenate([generator.permutation(n_items)[:length] + 1 for length in lengths]).astype(np.int32)
    return Dataset(
        "small",
        pd.Index([f"u{u}" for u in range(n_users)], dtype="str"),
        pd.Index([f"i{i}" for i in range(n_items)], dtype="str"),
        ends,
        items,
        item_features=pd.DataFrame({"kind": (["a|b", "b", "c", "a|c"] * n_items)[:n_items]}, dtype="str"),
        user_features=pd.DataFrame(
            {
                "age": [str(20 + u) if u else "" for u in range(n_users)],
                "town": (["York", "Bath"] * n_users)[:n_users],
                "note": [f"text {u}" for u in range(n_users)],
            },
            dtype="str",
        ),
    )


@pytest.fixture(scope="module")
def split() -> Split:
    return make_split(dataset())


@pytest.fixture(scope="module")
def results(split: Split) -> Results:
    generator = np.random.default_rng(6)
    users = np.arange(split.dataset.n_users)
    greater = generator.integers(0, 15, len(users))
    greater[7] = NEVER
    lists = np.array([generator.permutation(split.dataset.n_items)[:10] for _ in users], np.int32)
    lists[3, 4:] = -1
    return Results(Ranks(users, greater, np.zeros(len(users), np.int64)), lists)


def test_each_figure_of_the_rank_is_its_mean_and_interval(results: Results):
    found = accuracy_figures(results.ranks)
    assert tuple(found) == ACCURACY and len(ACCURACY) == 15
    summary = results.ranks.summary()
    for name, figure in found.items():
        assert figure.value == pytest.approx(summary[name])
        assert figure.low <= figure.value <= figure.high and figure.people == 40
    assert (found["ndcg@10"].low, found["ndcg@10"].high) == bootstrap(results.ranks.per_user(10, "ndcg"))


def test_figures_of_lists_are_computed_as_by_hand(results: Results, split: Split):
    found = list_figures(results, split)
    popularity = train_popularity(split)
    lists = [[int(item) for item in row if item >= 0] for row in results.lists]
    assert found["coverage@10"].value == len({item for row in lists for item in row}) / 20
    assert found["coverage@10"].low is None
    assert found["popularity@10"].value == pytest.approx(np.mean([popularity[row].mean() for row in lists]))
    data = split.dataset
    lifts = []
    for user, row in enumerate(lists):
        history = data.items[data.offsets[user] : split.train_ends[user]] - 1
        lifts.append(popularity[row].mean() / popularity[history].mean() - 1)
    assert found["popularity lift@10"].value == pytest.approx(np.mean(lifts))
    information = -np.log2((popularity + 1) / 41)
    assert found["novelty@10"].value == pytest.approx(np.mean([information[row].mean() for row in lists]))
    assert 0 < found["diversity@10"].low < found["diversity@10"].value < 1


def test_groups_hold_everybody_once_unless_they_overlap(results: Results, split: Split):
    found = {str(breakdown.title): breakdown for breakdown in breakdowns(results, split, "test")}
    assert list(found) == [
        "By length of history",
        "By popularity of the held-out item",
        "By “kind” of the held-out item",
        "By “age” of the person",
        "By “town” of the person",
    ]
    ndcg = results.ranks.per_user(10, "ndcg")
    for breakdown in found.values():
        assert breakdown.overlapping == ("kind" in breakdown.title)
        if not breakdown.overlapping:
            assert sum(group.people for group in breakdown.groups) == 40
            weighted = sum(group.people * group.figures["ndcg@10"].value for group in breakdown.groups)
            assert weighted / 40 == pytest.approx(ndcg.mean())
    towns = {group.label: group for group in found["By “town” of the person"].groups}
    assert towns["York"].figures["ndcg@10"].value == pytest.approx(ndcg[::2].mean())
    assert towns["York"].people == 20
    assert "Only 20 people" in towns["York"].figures["ndcg@10"].notes[0]
    assert [group.label for group in found["By “age” of the person"].groups][-1] == "not known"


def test_a_category_of_the_held_out_item_counts_wherever_the_item_has_it(results: Results, split: Split):
    kinds = next(b for b in breakdowns(results, split, "test") if "kind" in b.title)
    held_out = split.dataset.items[split.test] - 1
    has_a = np.isin(held_out % 4, (0, 3))
    group = next(group for group in kinds.groups if group.label == "a")
    assert group.people == has_a.sum()
    assert group.figures["recall@10"].value == pytest.approx(results.ranks.per_user(10, "recall")[has_a].mean())


def test_the_worst_served_have_the_last_ranks_and_who_cannot_be_served_is_in_neither(results: Results, split: Split):
    best, worst = best_and_worst(results, split, "test", 5)
    assert [person.rank for person in worst] == sorted((person.rank for person in worst), reverse=True)
    assert worst[0].rank == results.ranks.greater[results.ranks.greater < NEVER].max() + 1
    assert best[0].rank == results.ranks.greater.min() + 1
    assert "u7" not in {person.user_id for person in (*best, *worst)}
    person = worst[0]
    user = int(person.user_id[1:])
    assert person.item_id == split.dataset.item_ids[split.dataset.items[split.test[user]] - 1]
    assert person.length == split.test[user] - split.dataset.offsets[user]
    assert person.list_ids == tuple(f"i{item}" for item in results.lists[user] if item >= 0)


def test_a_verdict_follows_holm_where_it_is_known_and_the_interval_where_not():
    older = {"difference": 0.02, "low": 0.01, "high": 0.03}
    assert (verdict(older), verdict({**older, "p holm": 0.2}), verdict({**older, "p holm": 0.01})) == (1, 0, 1)
    assert verdict({"difference": -0.02, "low": -0.03, "high": -0.01, "p holm": 0.04}) == -1
    assert verdict({"difference": -0.02, "low": -0.03, "high": 0.01, "p holm": 0.04}) == 0  # its interval says nothing
    said = comparison_sentence("EASE", {**older, "p holm": 0.0002})
    expected = "Better than EASE: NDCG@10 +0.020 (95 % confidence interval +0.010 to +0.030; p < 0.001)."
    assert said == expected
    assert [p_text(p) for p in (0.0004, 0.0312, 0.25)] == ["< 0.001", "= 0.031", "= 0.25"]


def test_the_hardest_baseline_weakens_a_figure_unless_it_is_beaten():
    better = {"difference": 0.02, "low": 0.01, "high": 0.03, "p holm": 0.001}
    unclear = {"difference": 0.001, "low": -0.01, "high": 0.02, "p holm": 0.6}
    assert weaker_than({"EASE": better}) == "" and weaker_than({}) == ""
    assert weaker_than({"most popular": better, "EASE": unclear}) == "Not clearly better than EASE, a simple baseline."
