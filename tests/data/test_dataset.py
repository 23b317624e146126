"""The Dataset as a value: ids, names, counts, hash."""

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.data.dataset import Dataset


@pytest.fixture
def small() -> Dataset:
    """Two users, three items, everything set."""
    return Dataset(
        name="small",
        user_ids=pd.Index(["007", "用户"], dtype="str"),
        item_ids=pd.Index(["1e5", "b", "🎬"], dtype="str"),
        offsets=np.array([0, 2, 5], np.int64),
        items=np.array([1, 2, 2, 3, 2], np.int32),
        times=np.array([10, 20, 5, 5, 6], np.int64),
        ratings=np.array([1, 2, 3, np.nan, 5], np.float32),
        item_features=pd.DataFrame({"title": ["一百", "", "Film"], "genre": ["x", "y", ""]}, dtype="str"),
        title_column="title",
    )


def test_it_counts(small: Dataset) -> None:
    assert (small.n_users, small.n_items, small.n_interactions) == (2, 3, 5)
    assert small.popularity.tolist() == [1, 3, 1]


def test_ids_are_found_as_they_stand(small: Dataset) -> None:
    assert [small.user_code(user) for user in small.user_ids] == [0, 1]


def test_an_unknown_id_is_said_with_an_example(small: Dataset) -> None:
    with pytest.raises(UsageError) as caught:
        small.user_code("7")
    assert caught.value.sentence == "No user “7” in “small”."
    assert "“007”" in caught.value.suggestion


def test_an_item_without_title_is_called_by_its_id(small: Dataset) -> None:
    assert small.titles.tolist() == ["一百", "b", "Film"]
    assert replace(small, title_column=None).titles.tolist() == ["1e5", "b", "🎬"]
    assert replace(small, title_column="genre").titles.tolist() == ["x", "y", "🎬"]


def changed(array: np.ndarray) -> np.ndarray:
    result = array.copy()
    result[-1] += 1
    return result


CHANGES = {
    "another order of one user's items": lambda d: {"items": d.items[[1, 0, 2, 3, 4]]},
    "another boundary between users": lambda d: {"offsets": np.array([0, 3, 5], np.int64)},
    "another time": lambda d: {"times": changed(d.times)},
    "no times": lambda d: {"times": None},
    "another rating": lambda d: {"ratings": changed(d.ratings)},
    "a rating that becomes known": lambda d: {"ratings": np.array([1, 2, 3, 4, 5], np.float32)},
    "no ratings": lambda d: {"ratings": None},
    "another user id": lambda d: {"user_ids": pd.Index(["7", "用户"], dtype="str")},
    "another item id": lambda d: {"item_ids": pd.Index(["100000", "b", "🎬"], dtype="str")},
    "users exchanged": lambda d: {"user_ids": d.user_ids[::-1]},
    "another text": lambda d: {"item_features": d.item_features.assign(genre=["x", "y", "z"])},
    "a text in the next row": lambda d: {"item_features": d.item_features.assign(genre=["x", "", "y"])},
    "a text in another column": lambda d: {"item_features": d.item_features[["genre", "title"]]},
    "a column's name": lambda d: {"item_features": d.item_features.rename(columns={"genre": "kind"})},
    "one more column": lambda d: {"item_features": d.item_features.assign(more="")},
    "no features": lambda d: {"item_features": pd.DataFrame(index=range(3)), "title_column": None},
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_hash_differs_with(small: Dataset, change: str) -> None:
    assert replace(small, **CHANGES[change](small)).content_hash != small.content_hash


def test_the_hash_is_the_same_for_the_same_content_under_any_name(small: Dataset) -> None:
    copy = Dataset(**{f.name: getattr(small, f.name) for f in fields(Dataset)})
    assert copy.content_hash == small.content_hash
    assert replace(small, name="other", report={"read": 5}, rules={"k_core": 2}).content_hash == small.content_hash
    assert len(small.content_hash) == 64


def test_texts_that_join_to_one_are_still_told_apart(small: Dataset) -> None:
    one = replace(small, user_ids=pd.Index(["a\0b", "c"], dtype="str"))
    other = replace(small, user_ids=pd.Index(["a", "b\0c"], dtype="str"))
    assert one.content_hash != other.content_hash


def test_a_sound_dataset_passes_the_check(small: Dataset) -> None:
    assert small.checked() is small


def test_a_single_item_is_nothing_to_choose_from(small: Dataset) -> None:
    lone = replace(
        small,
        item_ids=pd.Index(["only"], dtype="str"),
        items=np.ones(5, np.int32),
        item_features=pd.DataFrame(index=range(1)),
        title_column=None,
    )
    with pytest.raises(DataError) as caught:
        lone.checked()
    assert caught.value.sentence == "“small” has a single item (“only”): there is nothing to choose from."
    assert "item column" in caught.value.suggestion


def test_no_interactions_are_refused(small: Dataset) -> None:
    none = replace(small, items=small.items[:0], times=None, ratings=None, offsets=np.zeros(3, np.int64))
    with pytest.raises(DataError, match=r"“small” has no interactions left after cleaning\. Loosen the rules"):
        none.checked()
