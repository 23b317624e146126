"""How sound a dataset is, counted by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.records import read_object
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.data.health import Health, health
from recdesk.data.store import load_health, save_dataset
from tests.conftest import chain_dataset

NOW = 1_700_000_000
JANUARY_2020 = 1_577_836_800
DAY = 86_400


def dataset(histories: list[list[int]], times: list[int] | None = None, **more: object) -> Dataset:
    """Of item codes by user."""
    items = np.array([item for history in histories for item in history], np.int32)
    return Dataset(
        name="d",
        user_ids=pd.Index([f"u{n}" for n in range(len(histories))], dtype="str"),
        item_ids=pd.Index([f"i{n}" for n in range(1, int(items.max()) + 1)], dtype="str"),
        offsets=np.cumsum([0, *map(len, histories)]).astype(np.int64),
        items=items,
        times=None if times is None else np.array(times, np.int64),
        **more,  # type: ignore[arg-type]
    )


def test_a_small_dataset_by_hand() -> None:
    found = health(
        dataset([[1, 2, 1], [1], [2, 3]], [5, 5, 9, 3, 8, 8], item_features=pd.DataFrame({"t": ["a", "", "c"]})),
        now=NOW,
    )
    assert (found.users, found.items, found.interactions) == (3, 3, 6)
    assert found.density == pytest.approx(5 / 9)
    assert found.repeats == pytest.approx(1 / 6)
    assert found.lengths == {"from": [1, 2, 3], "users": [1, 1, 1]}
    assert (found.median_length, found.longest) == (2, 3)
    assert found.tied == pytest.approx(4 / 6)
    assert found.items_without_text == 1
    assert found.tail["items"][:2] == [0, 0.01] and len(found.tail["items"]) == 101
    assert found.tail["interactions"][0] == 0 and found.tail["interactions"][-1] == 1
    assert found.gini == pytest.approx((2 * (1 * 1 + 2 * 2 + 3 * 3)) / (3 * 6) - 4 / 3)  # counts 1, 2, 3


def test_the_long_tail_is_a_straight_line_when_all_are_equal_and_steep_when_one_has_all() -> None:
    equal = health(dataset([list(range(1, 101))] * 3))
    assert equal.gini == pytest.approx(0)
    np.testing.assert_allclose(equal.tail["interactions"], equal.tail["items"], atol=1e-6)
    steep = health(dataset([[1] * 9900 + list(range(2, 102))]))
    assert steep.gini == pytest.approx(0.98, abs=0.01)
    assert steep.tail["interactions"][1] == pytest.approx(0.99, abs=0.001)


@pytest.mark.parametrize(
    ("times", "unit", "starts", "counts"),
    [
        ([0, 3599, 3600], "hour", [0, 3600], [2, 1]),
        ([0, 6 * DAY], "day", [n * DAY for n in range(7)], [1, 0, 0, 0, 0, 0, 1]),
        ([JANUARY_2020, JANUARY_2020 + 2000 * DAY], "month", None, None),
    ],
)
def test_time_is_cut_into_calendar_units(
    times: list[int], unit: str, starts: list[int] | None, counts: list[int] | None
) -> None:
    found = health(dataset([[1] * len(times)], times)).over_time
    assert found is not None
    assert found["unit"] == unit
    assert sum(found["interactions"]) == len(times)
    if starts is None:
        assert found["from"][:3] == [JANUARY_2020, JANUARY_2020 + 31 * DAY, JANUARY_2020 + 60 * DAY]
        assert (found["interactions"][0], found["interactions"][-1]) == (1, 1)
        assert len(found["from"]) == 66
    else:
        assert (found["from"], found["interactions"]) == (starts, counts)


def test_times_out_of_all_measure_are_still_cut() -> None:
    found = health(dataset([[1, 1]], [0, 9 * 10**11])).over_time
    assert found is not None
    assert (found["unit"], len(found["from"]), sum(found["interactions"])) == ("part", 120, 2)


def test_without_times_there_is_nothing_over_time() -> None:
    found = health(dataset([[1, 2]]))
    assert (found.over_time, found.tied) == (None, None)


def test_a_sound_dataset_has_no_problems(chain) -> None:
    spread = chain_dataset(n_users=200)
    at = (np.arange(spread.n_interactions) * 977 + JANUARY_2020).astype(np.int64)
    assert health(replace(spread, times=at), now=NOW).problems == []


MANY = [[1 + n % 40, 1 + (n * 7 + 3) % 40, 1 + (n * 11 + 5) % 40] for n in range(200)]
SPACED = [JANUARY_2020 + n for n in range(600)]


@pytest.mark.parametrize(
    ("broken", "sentence"),
    [
        (
            dataset(MANY, [JANUARY_2020 + DAY * (n // 6) for n in range(600)]),
            "100 % of timestamps are identical: order within a day is unknown.",
        ),
        (
            dataset(MANY, [JANUARY_2020 + n // 6 for n in range(600)]),
            "100 % of timestamps are identical: their order is unknown.",
        ),
        (
            dataset(MANY, [5, *SPACED[1:-1], NOW * 1000]),
            "2 interactions are dated before 1990 or in the future: is the time column the right one?",
        ),
        (
            dataset([*MANY[:50], *([[1, 2]] * 100)]),
            "67 % of the people have fewer than 3 interactions: too few to measure anything on them.",
        ),
        (dataset([*MANY, list(range(1, 41)) * 10]), "One user makes 40 % of all interactions: a robot?"),
        (
            dataset([*(MANY * 100), list(range(1, 41)) * 30]),
            "One user has more than 100 times as many interactions as most: a robot?",
        ),
        (
            dataset([*(MANY * 200), *([list(range(1, 41)) * 30] * 2)]),
            "2 users have more than 100 times as many interactions as most: robots?",
        ),
        (dataset(MANY[:40]), "There are only 40 people: every figure will be uncertain."),
        (
            dataset([[n, n + 1, 400] for n in range(1, 399, 2)]),
            "100 % of the items were taken once: of them there is next to nothing to learn.",
        ),
        (
            dataset([[1, 1, 1, n] for n in range(1, 300)]),
            "1 % of the items make 75 % of all interactions: whoever recommends only these looks good.",
        ),
        (
            dataset([[1, 2, 1, 2]] * 100),
            "50 % of the interactions take an item again; what somebody took is never recommended.",
        ),
        (
            dataset(MANY, ratings=np.array([1, 2, 3, 5, 4, 5] * 100, np.float32)),
            "33 % of the ratings lie in the lower half of the scale and count as liked.",
        ),
        (
            dataset(MANY, item_features=pd.DataFrame({"title": ["", *["t"] * 39], "kind": ["", "", *["k"] * 38]})),
            "1 item has no text; models that read texts know nothing of it.",
        ),
    ],
)
def test_likely_problems_are_said_in_plain_words(broken: Dataset, sentence: str) -> None:
    assert sentence in health(broken, now=NOW).problems


def test_low_ratings_are_no_problem_when_a_rule_dropped_the_lowest() -> None:
    ratings = np.array([1, 2, 3, 5, 4, 5] * 100, np.float32)
    assert not any(
        "ratings" in said for said in health(dataset(MANY, ratings=ratings, rules={"min_rating": 1})).problems
    )


def test_large_datasets_are_looked_through_in_chunks(monkeypatch, chain) -> None:
    whole = health(chain, now=NOW)
    monkeypatch.setattr("recdesk.data.health.CHUNK", 30)
    assert health(chain, now=NOW) == whole


def test_looking_can_be_cancelled(chain) -> None:
    with pytest.raises(CancelledError):
        health(chain, Task(cancelled=lambda: True))


def test_it_is_kept_with_the_dataset_and_found_again_where_it_was_not(chain, tmp_path: Path) -> None:
    save_dataset(chain, tmp_path, [], pd.DataFrame())
    kept = load_health(tmp_path)
    assert kept == health(chain)
    assert Health.from_dict(read_object(tmp_path / "health.json")) == kept
    (tmp_path / "health.json").unlink()
    assert load_health(tmp_path) == kept


def test_movielens_as_published(movielens_folder: Path) -> None:
    from recdesk.data.importing import import_files
    from recdesk.data.planning import propose

    result = import_files(propose([movielens_folder]))
    found = result.health
    assert found is not None
    assert found.density == pytest.approx(100_836 / 610 / 9724)
    assert (found.repeats, found.longest, found.median_length) == (0, 2698, 70.5)
    assert found.items_without_text == 0
    assert found.over_time is not None and found.over_time["unit"] == "year"
    assert sum(found.over_time["interactions"]) == 100_836
    assert any("of timestamps are identical" in said for said in found.problems)
