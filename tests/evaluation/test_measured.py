import numpy as np
import pandas as pd
import pytest

from recdesk.data.dataset import Dataset
from recdesk.data.splitting import make_split
from recdesk.evaluation.measured import Measured, family_sentence, measured_parts


def dataset_of(sequences: list[list[int]], n_items: int) -> Dataset:
    lengths = [len(s) for s in sequences]
    return Dataset(
        "small",
        pd.Index([f"u{i}" for i in range(len(sequences))]),
        pd.Index([f"i{i}" for i in range(1, n_items + 1)]),
        np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        np.concatenate(sequences).astype(np.int32),
    )


def counted(sequences: list[list[int]], n_items: int, part: str = "test", **more) -> Measured:
    return Measured.of(make_split(dataset_of(sequences, n_items), **more), part)


def brute(dataset: Dataset, targets: np.ndarray) -> tuple[int, int, int]:
    """Repeats, one left, ten left: person by person."""
    repeats = one = ten = 0
    for user, target in enumerate(targets):
        if target < 0:
            continue
        seen = set(dataset.items[dataset.offsets[user] : target].tolist())
        if int(dataset.items[target]) in seen:
            repeats += 1
            continue
        left = dataset.n_items - len(seen)
        one, ten = one + (left <= 1), ten + (left <= 10)
    return repeats, one, ten


@pytest.mark.parametrize("kind", ["leave-one-out", "validation-only"])
@pytest.mark.parametrize("n_items", [4, 13, 40])
def test_counts_are_those_of_looking_at_each_person(n_items: int, kind, monkeypatch):
    monkeypatch.setattr("recdesk.evaluation.measured._TOGETHER", 7)
    rng = np.random.default_rng(n_items)
    sequences = [rng.integers(1, n_items + 1, rng.integers(1, 30)).tolist() for _ in range(80)]
    sequences += [rng.permutation(n_items)[: rng.integers(3, n_items + 1)] + 1 for _ in range(40)]
    split = make_split(dataset_of(sequences, n_items), kind)
    for part, found in measured_parts(split).items():
        targets = split.targets(part)
        assert (found.repeats, found.one_left, found.ten_left) == brute(split.dataset, targets)
        assert (found.people, found.measured) == (120, int((targets >= 0).sum()))


def test_where_everybody_took_the_held_out_item_before_none_can_be_hit():
    found = counted([[1, 2, 3, 1], [2, 3, 4, 2]] * 20, 40)
    assert not found.comparable
    assert found.sentences == [
        "No held-out item can be hit: everybody took theirs before, and what somebody took is not recommended."
    ]


def test_where_one_item_is_left_every_model_puts_it_first():
    found = counted([[1, 2, 3, 4, 5], [5, 4, 3, 2, 1]] * 20, 5)
    assert not found.comparable
    assert found.sentences == ["For 40 of 40 people one item is left to rank: every model puts it first."]


def test_where_few_items_are_left_the_first_ten_mean_nothing():
    found = counted([[1, 2, 3]] * 20 + [[1, 2, 3, 4]] * 20, 13)
    assert found.comparable
    assert found.sentences == [
        "For 20 of 40 people at most 10 items are left to rank: to be among the first ten means nothing."
    ]


def test_who_is_not_measured_is_said_with_the_number():
    few = [[1], [2]] * 150 + [[1, 2, 3, 4, 5, 6]] * 6
    found = counted(few, 40)
    assert found.who == "6 of 306 people could be measured; of the others there is too little to hold an item out."
    assert found.limits == ["Only 6 people are measured: that is too few to say which model is better."]
    assert not found.comparable
    assert counted([[1, 2, 3]] * 40, 40).sentences == []
    assert counted([[1, 2, 3]] * 40 + [[1]] * 4, 40).sentences == []  # a tenth would be said


def test_who_was_not_drawn_is_said_as_the_split_says_it():
    split = make_split(dataset_of([[1, 2, 3], [4, 5, 6]] * 40, 40), max_users=35)
    assert Measured.of(split, "test").sentences == [split.who_is_measured]


def test_a_small_share_of_repeats_is_not_worth_a_word():
    assert counted([[1, 2, 3]] * 181 + [[1, 2, 1]] * 19, 40).limits == []
    (said,) = counted([[1, 2, 3]] * 180 + [[1, 2, 1]] * 20, 40).limits
    assert said.startswith("For 20 of 200 people the held-out item cannot be hit: they took it before, and what")


def test_what_is_kept_is_read_again_and_of_older_runs_what_they_told():
    found = counted([[1], [1, 2, 3], [1, 2, 1]], 40)
    assert Measured.read({"measured": {"test": found.to_dict()}}, "test") == found
    older = {"users_tested": 6, "users_not_drawn": 0, "users_without_target": 300, "repeats": 0.5}
    assert Measured.read({"leakage": older}, "test") == Measured(306, 6, 0, 3)
    drawn = Measured.read({"leakage": {**older, "users_not_drawn": 50}}, "test")
    assert drawn is not None and drawn.who == "6 of 356 people are measured, drawn at random."
    for notes in ({}, {"measured": [], "leakage": 3}, {"measured": {"test": {"people": "x"}}}, {"leakage": {}}):
        assert Measured.read(notes, "test") is None


@pytest.mark.parametrize("family, said", [
    (2.0, "The intervals of the 2 comparisons hold all together with 95 % confidence (Bonferroni)."),
    (None, "Each interval holds by itself: the 2 comparisons are not corrected for being several."),
])  # fmt: skip
def test_what_intervals_hold_for_is_said(family: float | None, said: str):
    result = {"low": 0.0} if family is None else {"low": 0.0, "family": family}
    assert family_sentence({"a": result, "b": result}) == said
    assert family_sentence({"a": result}) == family_sentence({}) == ""
