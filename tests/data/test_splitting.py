"""Splits, the protocol and what leaks, by hand."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recdesk.core.errors import UsageError
from recdesk.data.dataset import Dataset
from recdesk.data.splitting import (
    SPLIT_KINDS,
    Protocol,
    Split,
    SplitKind,
    leakage,
    make_split,
    repeated,
    train_popularity,
    training_rows,
)


def dataset(histories: list[list[int]], times: list[list[int]] | None = None, n_items: int = 9) -> Dataset:
    """Users' item codes and times."""
    return Dataset(
        name="hand",
        user_ids=pd.Index([f"u{at}" for at in range(len(histories))], dtype="str"),
        item_ids=pd.Index([f"i{at}" for at in range(1, n_items + 1)], dtype="str"),
        offsets=np.cumsum([0, *map(len, histories)]).astype(np.int64),
        items=np.concatenate(histories).astype(np.int32),
        times=None if times is None else np.concatenate(times).astype(np.int64),
        item_features=pd.DataFrame(index=range(n_items)),
    )


FOUR_USERS = dataset([[1, 2, 3, 4], [5, 6, 7], [8, 9], [1]])
"""Rows 0-3, 4-6, 7-8 and 9."""


def test_leave_one_out_tests_the_last_item_and_validates_the_one_before() -> None:
    split = make_split(FOUR_USERS, "leave-one-out")
    assert split.train_ends.tolist() == [2, 5, 9, 10]  # who has too few items trains with all of them
    assert split.validation.tolist() == [2, 5, -1, -1]
    assert split.test.tolist() == [3, 6, -1, -1]
    assert np.flatnonzero(training_rows(split)).tolist() == [0, 1, 4, 7, 8, 9]
    assert train_popularity(split).tolist() == [2, 1, 0, 0, 1, 0, 0, 1, 1]


def test_validation_only_tests_nothing_and_trains_on_all_but_the_last() -> None:
    split = make_split(FOUR_USERS, "validation-only")
    assert split.train_ends.tolist() == [3, 6, 8, 10]
    assert split.validation.tolist() == [3, 6, 8, -1]
    assert split.test.tolist() == [-1, -1, -1, -1]
    assert np.flatnonzero(training_rows(split)).tolist() == [0, 1, 2, 4, 5, 7, 9]


def test_targets_of_training_are_the_last_items_that_have_something_before_them() -> None:
    split = make_split(FOUR_USERS, "leave-one-out")
    assert split.targets("train").tolist() == [1, -1, 8, -1]
    assert split.targets("validation").tolist() == [2, 5, -1, -1]
    assert split.targets("test").tolist() == [3, 6, -1, -1]


def test_a_time_split_cuts_at_eight_and_nine_tenths_of_all_interactions() -> None:
    # times 0..9: 8 opens the validation period, 9 the test period
    data = dataset([[1, 2, 3, 4, 5], [6, 7, 8], [9, 1]], [[0, 1, 2, 8, 9], [3, 4, 5], [6, 7]])
    split = make_split(data, "time")
    assert split.train_ends.tolist() == [3, 8, 10]
    assert split.validation.tolist() == [3, -1, -1]
    assert split.test.tolist() == [4, -1, -1]


def test_a_time_split_takes_the_last_row_of_a_period_and_needs_something_before_it() -> None:
    times = [[0, 1, 2, 3, 4, 5, 6, 7], [16, 17, 18], [8, 9, 10, 11, 12, 13, 14], [15, 19]]
    data = dataset([[1] * 8, [2, 3, 4], [5] * 7, [6, 7]], times)  # 20 rows: periods open at times 16 and 18
    split = make_split(data, "time")
    assert split.train_ends.tolist() == [8, 8, 18, 19]  # user 1 has nothing before the validation period
    assert split.validation.tolist() == [-1, 9, -1, -1]  # times 16 and 17 are in it: the last counts
    assert split.test.tolist() == [-1, 10, -1, 19]


def test_equal_times_stay_on_one_side_of_a_time_split() -> None:
    data = dataset([[1, 2, 3, 4], [5, 6, 7, 8, 9, 1]], [[0, 1, 7, 7], [2, 3, 4, 5, 7, 9]])
    split = make_split(data, "time")  # the 9th of ten times is 7, shared by three rows: all are validation
    assert split.train_ends.tolist() == [2, 8]
    assert split.validation.tolist() == [3, 8]
    assert split.test.tolist() == [-1, 9]


def test_a_time_split_without_anything_to_train_on_is_refused() -> None:
    data = dataset([[1, 2, 3, 4, 5], [6, 7, 8, 9, 1]], [[0] * 5, [0, 0, 0, 0, 9]])
    with pytest.raises(UsageError, match="nothing to train on"):
        make_split(data, "time")


def test_a_time_split_of_data_without_times_is_refused() -> None:
    with pytest.raises(UsageError) as caught:
        make_split(FOUR_USERS, "time")
    assert caught.value.sentence == "“hand” has no times, so it cannot be split by time."
    assert caught.value.suggestion == "Use leave-one-out."


def test_an_unknown_split_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="There is no split “random”") as caught:
        make_split(FOUR_USERS, "random")  # type: ignore[arg-type]
    assert all(kind in caught.value.suggestion for kind in SPLIT_KINDS)


@pytest.mark.parametrize(("kind", "need"), [("leave-one-out", 3), ("validation-only", 2)])
def test_users_with_one_interaction_cannot_be_split(kind: SplitKind, need: int) -> None:
    with pytest.raises(UsageError) as caught:
        make_split(dataset([[1], [2], [3]]), kind)
    assert f"No user of “hand” can be used for a {kind} split: nobody has {need} or more" in caught.value.sentence
    assert "user column" in caught.value.suggestion


def test_a_sample_of_users_is_drawn_by_seed() -> None:
    data = dataset([[1, 2, 3]] * 50)
    one, again, other = (make_split(data, max_users=10, seed=seed) for seed in (1, 1, 2))
    assert (one.test >= 0).sum() == (one.validation >= 0).sum() == 10
    np.testing.assert_array_equal(one.test, again.test)
    assert (one.test != other.test).any()
    assert one.train_ends.tolist() == make_split(data).train_ends.tolist()  # training is the same
    assert (make_split(data, max_users=50).test >= 0).all()


def test_where_ranking_for_everybody_would_take_long_some_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    data = dataset([[1, 2, 3, 4], [5, 6, 7], [8, 9, 1], [2, 3, 4], [1]])
    everybody = make_split(data)
    assert (everybody.protocol.max_users, everybody.not_drawn) == (None, 0)
    monkeypatch.setattr("recdesk.data.splitting.FEWEST_MEASURED", 1)
    monkeypatch.setattr("recdesk.data.splitting.MOST_SCORES", 5 * 9)
    assert make_split(data).protocol == everybody.protocol  # it just fits
    monkeypatch.setattr("recdesk.data.splitting.MOST_SCORES", 3 * 9)
    some = make_split(data)
    assert (some.protocol.max_users, some.not_drawn) == (3, 1)
    assert everybody.who_is_measured == ""
    assert some.who_is_measured.startswith("3 of 5 people are measured, drawn at random: to rank 9 items ")
    assert (some.test >= 0).sum() == (some.validation >= 0).sum() == 3
    assert some.protocol.hash != everybody.protocol.hash
    assert some.train_ends.tolist() == everybody.train_ends.tolist()
    report = leakage(some)
    assert (report["users_tested"], report["users_not_drawn"], report["users_without_target"]) == (3, 1, 1)


def test_what_leaks_in_a_hand_made_case() -> None:
    # training ends at time 30 (user 1); user 0 is tested at 25, before that, on item 1, which is in the own history;
    # user 1 is tested at 50 on item 9, which nobody trains on; user 2 has no target
    data = dataset([[1, 2, 3, 1], [2, 4, 5, 9], [6, 7]], [[10, 10, 20, 25], [20, 30, 40, 50], [5, 5]])
    assert leakage(make_split(data)) == {
        "users_tested": 2,
        "users_not_drawn": 0,
        "users_without_target": 1,
        "test_before_newest_training": 0.5,
        "tied_timestamps": 2 / 7,  # of 3 + 3 + 1 neighbours
        "repeats": 0.5,
        "unseen_targets": 0.5,
    }


def test_without_times_it_is_not_known_whether_something_leaks() -> None:
    report = leakage(make_split(dataset([[1, 2, 3]])))
    assert report["test_before_newest_training"] is None
    assert report["tied_timestamps"] is None


def test_where_nothing_is_tested_the_validation_is_what_leaks() -> None:
    data = dataset([[1, 2, 1], [3, 4, 5]], [[1, 2, 3], [4, 5, 6]])
    report = leakage(make_split(data, "validation-only"))
    assert report["users_tested"] == 2
    assert report["repeats"] == 0.5
    assert report["test_before_newest_training"] == 0.5  # 3 is before 5


def test_a_repeat_counts_only_before_its_target() -> None:
    split = make_split(dataset([[1, 2, 2], [1, 2, 1], [3, 4, 5], [1]]))
    assert repeated(split, split.test).tolist() == [True, True, False, False]
    assert repeated(split, split.validation).tolist() == [False, False, False, False]


OTHER: dict[str, Any] = {
    "dataset_hash": "b",
    "split": "time",
    "ties": "random",
    "seen": "included",
    "candidates": "sampled",
    "max_users": 100,
    "seed": 1,
    "moment": "known",
}


def test_the_protocol_hash_changes_with_every_field() -> None:
    base = Protocol("a")
    assert OTHER.keys() == {f.name for f in fields(Protocol)}
    hashes = [base.hash, *(replace(base, **{name: value}).hash for name, value in OTHER.items())]
    assert len(set(hashes)) == len(hashes)


def test_a_protocol_comes_back_from_its_plain_values() -> None:
    protocol = Protocol(**OTHER)
    values = protocol.to_dict()
    assert values["hash"] == protocol.hash
    assert Protocol.from_dict(values) == protocol


def test_a_protocol_without_the_moment_is_that_of_older_versions() -> None:
    values = Protocol("a").to_dict()
    assert "moment" not in values and values["hash"] == "8873c482006ca94a"


def test_a_split_names_the_data_it_cuts() -> None:
    split = make_split(FOUR_USERS, "validation-only", max_users=2, seed=5)
    assert split.protocol == Protocol(FOUR_USERS.content_hash, "validation-only", max_users=2, seed=5)


@st.composite
def splits(draw: st.DrawFn, kinds: tuple[SplitKind, ...] = SPLIT_KINDS) -> Split:
    """Any cut of any small dataset that can be cut so."""
    lengths = draw(st.lists(st.integers(1, 8), min_size=1, max_size=8))
    histories = [draw(st.lists(st.integers(1, 9), min_size=n, max_size=n)) for n in [*lengths, 10]]
    times = [sorted(draw(st.lists(st.integers(0, 50), min_size=n, max_size=n))) for n in lengths]
    # the last user is there at all times
    data = dataset(histories, [*times, [0, 5, 10, 15, 20, 25, 30, 35, 50, 60]])
    try:
        return make_split(data, draw(st.sampled_from(kinds)))
    except UsageError:
        assume(False)
        raise


@given(splits())
def test_nothing_held_out_is_trained_on(split: Split) -> None:
    trained = training_rows(split)
    data = split.dataset
    assert trained.sum() == (split.train_ends - data.offsets[:-1]).sum()
    assert train_popularity(split).sum() == trained.sum() > 0
    for part in (split.validation, split.test):
        held = part[part >= 0]
        assert not trained[held].any()
        users = np.flatnonzero(part >= 0)
        assert ((data.offsets[users] < held) & (held < data.offsets[users + 1])).all()  # never the first row
        assert (held >= split.train_ends[users]).all()
    both = (split.validation >= 0) & (split.test >= 0)
    assert (split.validation[both] < split.test[both]).all()


@given(splits(("time",)))
def test_a_time_split_trains_on_nothing_newer_than_its_targets(split: Split) -> None:
    assert leakage(split)["test_before_newest_training"] == 0.0
    times = split.dataset.times
    assert times is not None
    held = split.validation[split.validation >= 0]
    assert times[training_rows(split)].max() < times[held].min()
    assert times[held].max() < times[split.test[split.test >= 0]].min()


@given(splits())
def test_a_repeat_against_a_plain_search(split: Split) -> None:
    for part in (split.validation, split.test):
        starts, items = split.dataset.offsets, split.dataset.items
        plain = [row >= 0 and items[row] in items[starts[user] : row] for user, row in enumerate(part)]
        assert repeated(split, part).tolist() == plain


def hidden_items(split: Split) -> set[int]:
    """Codes of the items kept out of training."""
    assert split.hidden is not None
    return {int(code) for code in np.flatnonzero(split.hidden) + 1}


def new_items(histories: list[list[int]], n_items: int = 9, **more: Any) -> Split:
    """A new-items split; of nine items one is hidden."""
    return make_split(dataset(histories, n_items=n_items), "new-items", **more)


def test_a_new_items_split_by_hand() -> None:
    (new,) = hidden_items(new_items([[1, 2, 3, 4, 5, 6, 7, 8, 9]] * 2))
    a, b, c, d = [code for code in range(1, 10) if code != new][:4]
    split = new_items([[a, b, new, c, new, d], [a, b, c], [new, a], [a, new], [b], [new]])
    # the first: hidden items but the last are gone, and what came after that
    assert split.dataset.items.tolist() == [a, b, c, new, a, b, c, new, a, new, b, new]
    assert split.dataset.offsets.tolist() == [0, 4, 7, 8, 10, 11, 12]
    assert split.test.tolist() == [3, -1, -1, 9, -1, -1]  # a target needs something before it
    assert split.validation.tolist() == [2, 6, -1, -1, -1, -1]
    assert split.train_ends.tolist() == [2, 6, 7, 9, 11, 11]
    assert new not in split.dataset.items[training_rows(split)]
    assert split.protocol.dataset_hash != split.dataset.content_hash  # it names what was cut


def test_a_tenth_of_the_items_is_hidden_by_seed() -> None:
    histories = [list(range(1, 41))] * 3
    one, again, other = (new_items(histories, 40, seed=seed) for seed in (1, 1, 2))
    assert len(hidden_items(one)) == 4
    assert hidden_items(one) == hidden_items(again) != hidden_items(other)
    assert one.test.tolist() == again.test.tolist()
    assert one.protocol == again.protocol != other.protocol
    assert make_split(dataset(histories, n_items=40)).hidden is None


def test_a_sample_of_users_changes_nothing_of_what_is_hidden_or_trained_on() -> None:
    histories = [list(range(1, 41))] * 30
    whole, some = new_items(histories, 40), new_items(histories, 40, max_users=5)
    assert hidden_items(whole) == hidden_items(some)
    assert (some.test >= 0).sum() == 5
    assert training_rows(whole).tolist() == training_rows(some).tolist()


def test_times_and_ratings_go_with_their_rows() -> None:
    (new,) = hidden_items(new_items([[1, 2, 3, 4, 5, 6, 7, 8, 9]] * 2))
    a, b, c = [code for code in range(1, 10) if code != new][:3]
    data = replace(dataset([[a, new, b, c, new, a]], [[1, 2, 3, 4, 5, 6]]), ratings=np.arange(6, dtype=np.float32) / 2)
    cut = make_split(data, "new-items").dataset
    assert cut.times is not None and cut.ratings is not None
    assert cut.items.tolist() == [a, b, c, new]
    assert cut.times.tolist() == [1, 3, 4, 5]
    assert cut.ratings.tolist() == [0.0, 1.0, 1.5, 2.0]


def test_where_nobody_took_a_hidden_item_after_another_nothing_can_be_tested() -> None:
    (new,) = hidden_items(new_items([[1, 2, 3, 4, 5, 6, 7, 8, 9]] * 2))
    a, b, c = [code for code in range(1, 10) if code != new][:3]
    with pytest.raises(UsageError, match="No user of “hand” can be used for a new-items split"):
        new_items([[a, b, c], [new, a, b]])


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Dataset, Split]:
    """Data over thirty items and its cut by new items."""
    histories = draw(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=12), min_size=1, max_size=8))
    data = dataset([*histories, list(range(1, 31))], n_items=30)
    return data, make_split(data, "new-items", seed=draw(st.integers(0, 5)))


@given(catalogues())
def test_hidden_items_are_nobodys_training_and_everybodys_target(made: tuple[Dataset, Split]) -> None:
    data, split = made
    new, cut = hidden_items(split), split.dataset
    assert len(new) == 3
    assert not new & {int(code) for code in cut.items[training_rows(split)]}
    assert not new & {int(code) for code in cut.items[split.validation[split.validation >= 0]]}
    for user in range(data.n_users):
        whole = data.items[data.offsets[user] : data.offsets[user + 1]].tolist()
        row = int(split.test[user])
        taken = [at for at, code in enumerate(whole) if code in new]
        known = [code for code in whole[: taken[-1] if taken else None] if code not in new]
        if row < 0:
            assert not taken or not known
            continue
        assert cut.items[row] == whole[taken[-1]]
        assert cut.items[cut.offsets[user] : row].tolist() == known  # all of what came before it, nothing after it
        assert row == cut.offsets[user + 1] - 1
