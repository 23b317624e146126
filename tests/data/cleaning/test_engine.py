"""Which rows stay, by hand."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.core.errors import CancelledError, UsageError
from recdesk.core.task import Task
from recdesk.data.cleaning.engine import clean, core, without_repeats
from recdesk.data.cleaning.rules import Duplicates, Rules
from recdesk.data.importing import forecast, import_files
from recdesk.data.interaction_log import InteractionTable, grouped
from recdesk.data.plan import ImportPlan
from tests.data.making import write

NAN = float("nan")
Pairs = list[tuple[int, int]]


def rows(
    pairs: Pairs,
    times: list[int] | None = None,
    ratings: list[float] | None = None,
    events: list[int] | None = None,
    event_names: tuple[str, ...] = (),
) -> InteractionTable:
    """Rows from (user, item) pairs, brought into order."""
    users, items = (np.array([pair[at] for pair in pairs], np.int32) for at in (0, 1))
    return grouped(
        InteractionTable(
            users,
            items,
            pa.array([f"u{n}" for n in range(max(users, default=-1) + 1)], pa.string()),
            pa.array([f"i{n}" for n in range(max(items, default=-1) + 1)], pa.string()),
            None if times is None else np.array(times, np.int64),
            None if ratings is None else np.array(ratings, np.float32),
            None if events is None else np.array(events, np.int32),
            event_names,
        )
    )


def everything(table: InteractionTable) -> np.ndarray:
    """No row is out yet."""
    return np.ones(len(table), dtype=bool)


def pairs_of(table: InteractionTable, keep: np.ndarray) -> Pairs:
    """The inverse of `rows`, without times and ratings."""
    return list(zip(table.users[keep].tolist(), table.items[keep].tolist(), strict=True))


def kept(table: InteractionTable, **rules: object) -> Pairs:
    """What the rules leave."""
    return pairs_of(table, clean(table, Rules(**rules), "f.csv").keep)  # type: ignore[arg-type]


def test_rows_are_grouped_by_user_and_put_in_time_order_ties_as_in_the_file() -> None:
    table = rows([(1, 0), (0, 1), (1, 2), (0, 3), (1, 4), (0, 5)], [9, 5, 3, 5, 9, 1], [0, 1, 2, 3, 4, 5])
    assert table.users.tolist() == [0, 0, 0, 1, 1, 1]
    assert table.items.tolist() == [5, 1, 3, 2, 0, 4]
    assert table.ratings is not None and table.times is not None
    assert table.ratings.tolist() == [5, 1, 3, 2, 0, 4]
    assert table.times.tolist() == [1, 5, 5, 3, 9, 9]


def test_times_that_lie_too_far_apart_for_one_number_are_sorted_all_the_same() -> None:
    table = rows([(0, 0), (1, 1), (1, 2), (0, 3)], [2**62, 5, -(2**62), -(2**62)])
    assert table.items.tolist() == [3, 0, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=60), st.integers(1, 8))
def test_grouping_is_a_stable_sort_whatever_the_size_of_the_chunks(table: Pairs, size: int) -> None:
    order = sorted(range(len(table)), key=lambda row: (table[row][0], table[row][1]))
    found = rows([(user, row) for row, (user, _) in enumerate(table)], [time for _, time in table])
    assert found.items.tolist() == order
    chunks = list(found.chunks(size))
    assert [part.start for part in chunks] == [0, *(part.stop for part in chunks)][: len(chunks)]
    assert sum(part.stop - part.start for part in chunks) == len(table)
    assert all(found.users[one.stop - 1] != found.users[two.start] for one, two in pairwise(chunks))


def test_ratings_below_the_least_go_equal_and_unknown_ones_stay() -> None:
    table = rows([(0, 0), (0, 1), (0, 2), (0, 3)], ratings=[3.5, 3.0, 4.0, NAN])
    assert kept(table, min_rating=3.5) == [(0, 0), (0, 2), (0, 3)]


def test_both_ends_of_a_range_of_days_stay() -> None:
    table = rows([(0, n) for n in range(4)], times=[10, 20, 30, 40])
    assert kept(table, since=20, until=30) == [(0, 1), (0, 2)]
    assert kept(table, since=21) == [(0, 2), (0, 3)]
    assert kept(table, until=19) == [(0, 0)]


def test_events_that_are_asked_for_stay() -> None:
    table = rows([(0, n) for n in range(4)], events=[0, 1, 0, 2], event_names=("view", "buy", ""))
    assert kept(table, events=("buy",)) == [(0, 1)]
    assert kept(table, events=("buy", "view")) == [(0, 0), (0, 1), (0, 2)]
    assert table.event_counts == {"view": 2, "buy": 1, "": 1}
    with pytest.raises(UsageError, match=r"“f.csv” has no event of type “bought”\. There are: view, buy"):
        kept(table, events=("bought",))


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"events": ("buy",)}, "“f.csv” has no types of events, so there is no type to keep."),
        ({"until": 5}, "“f.csv” has no times, so there is no first or last day to keep."),
        ({"min_rating": 5.0}, "“f.csv” has no ratings, so there is no lowest rating to keep."),
        ({"since": 86_400, "until": 0}, "The first day that stays (1970-01-02) is later than the last (1970-01-01)."),
    ],
)
def test_a_rule_without_what_it_looks_at_is_wrong_use(rules: dict[str, object], sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        kept(rows([(0, 0)]), **rules)
    assert caught.value.sentence == sentence


def test_robots_are_users_with_more_than_the_bound() -> None:
    table = rows([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)])
    assert kept(table, max_user=2) == [(1, 0), (1, 1), (2, 0)]
    assert len(kept(table)) == 6


REPEATS = [(0, 0), (0, 1), (0, 0), (1, 0), (0, 0), (0, 0)]
"""User 0 meets item 0 in rows 0, 2, 4 and 5."""


@pytest.mark.parametrize(
    ("policy", "times", "kept_rows"),
    [
        ("all", [5, 6, 7, 8, 5, 4], [0, 1, 2, 3, 4, 5]),
        ("exact", [5, 6, 7, 8, 5, 4], [0, 1, 2, 3, 5]),  # row 4 copies row 0
        ("first", [5, 6, 7, 8, 5, 4], [1, 3, 5]),  # the earliest, though it stands last
        ("last", [5, 6, 7, 8, 5, 4], [1, 2, 3]),  # the latest
        ("first", [5, 6, 9, 8, 5, 9], [0, 1, 3]),  # rows 0 and 4 are tied: file order
        ("last", [5, 6, 9, 8, 5, 9], [1, 3, 5]),  # rows 2 and 5 are tied: file order
        ("all", None, [0, 1, 2, 3, 4, 5]),
        ("exact", None, [0, 1, 2, 3, 4, 5]),  # without times, equal rows may be several visits
        ("first", None, [0, 1, 3]),
        ("last", None, [1, 3, 5]),
    ],
)
def test_repeats_of_a_user_and_an_item(policy: Duplicates, times: list[int] | None, kept_rows: list[int]) -> None:
    marks = [float(row) for row in range(len(REPEATS))]  # tell the rows apart without taking part in "first" and "last"
    table = rows(REPEATS, times, marks)
    keep = without_repeats(table if policy != "exact" else rows(REPEATS, times), everything(table), policy)
    assert table.ratings is not None
    assert sorted(table.ratings[keep].tolist()) == kept_rows


def test_copies_differ_when_their_ratings_or_events_do() -> None:
    table = rows([(0, 0)] * 5, times=[1] * 5, ratings=[3.0, 4.0, 3.0, NAN, NAN])
    np.testing.assert_array_equal(
        table.ratings[without_repeats(table, everything(table), "exact")],  # type: ignore[index]
        np.array([3.0, 4.0, NAN], np.float32),
    )
    table = rows([(0, 0)] * 3, times=[1] * 3, events=[0, 1, 0], event_names=("view", "buy"))
    assert without_repeats(table, everything(table), "exact").tolist() == [True, True, False]


def test_copies_differ_when_a_further_column_that_is_kept_does(tmp_path: Path) -> None:
    rows = ["a,x,1,one,30", "a,x,1,two,30", "a,x,1,two,30", "a,x,1,two,31", "b,y,1,,30", "b,y,1,,30"]
    text = "\n".join(["user,item,time,page,age", *rows])
    plan = ImportPlan(write(tmp_path / "visits.csv", text), user_columns=("age",), keep_columns=True)
    result = import_files(plan)
    assert result.other_columns is not None
    assert result.other_columns.to_pydict() == {"page": ["one", "two", ""]}
    assert result.dataset.report["dropped"] == {"exact duplicates": 3}  # what describes the user is no part of a row
    assert forecast(plan).rows == result.dataset.n_interactions == 3
    once = import_files(replace(plan, keep_columns=False)).dataset
    assert once.n_interactions == 2  # what is not kept does not count


def test_a_single_row_and_no_row_are_never_repeats() -> None:
    for policy in ("exact", "first", "last", "all"):
        for table in (rows([(0, 0)], [1]), rows([], [])):
            assert without_repeats(table, everything(table), policy).all()  # type: ignore[arg-type]


def test_a_core_is_taken_again_until_nothing_changes() -> None:
    # item 2 falls first (one row), then user 2 (one row left), then item 1 (one row left), then nothing
    table = rows([(0, 0), (0, 3), (1, 0), (1, 3), (2, 1), (2, 2), (0, 1)])
    assert kept(table, k_core=2) == [(0, 0), (0, 3), (1, 0), (1, 3)]


def test_a_core_may_eat_everything() -> None:
    assert kept(rows([(0, 0), (0, 1), (1, 1), (1, 2)]), k_core=2) == []
    assert kept(rows([]), k_core=5) == []


def test_users_and_items_may_have_bounds_of_their_own() -> None:
    table = rows([(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)])
    assert kept(table, min_user=2) == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)]
    assert kept(table, min_item=3) == [(0, 0), (1, 0), (2, 0)]
    assert kept(table, min_user=2, min_item=2) == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert kept(table, min_user=3, min_item=2) == []  # user 0 loses item 2


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=60), st.integers(1, 4), st.integers(1, 4))
def test_a_core_is_the_largest_table_in_which_everybody_has_enough(pairs: Pairs, user: int, item: int) -> None:
    table = rows(pairs)
    found = pairs_of(table, core(table, everything(table), user, item))
    slow = pairs_of(table, everything(table))  # one offender at a time, in any order, ends at the same core
    while bad := [
        pair for pair in slow if sum(p[0] == pair[0] for p in slow) < user or sum(p[1] == pair[1] for p in slow) < item
    ]:
        slow.remove(bad[-1])
    assert found == slow


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=40),
    st.sampled_from(["exact", "first", "last"]),
)
def test_repeats_against_a_plain_loop(table: list[tuple[int, int, int]], policy: Duplicates) -> None:
    coded = rows([row[:2] for row in table], [row[2] for row in table], [float(at) for at in range(len(table))])
    plain = coded if policy != "exact" else rows([row[:2] for row in table], [row[2] for row in table])
    keep = without_repeats(plain, everything(plain), policy)
    chosen: dict[tuple[int, ...], int] = {}
    for at, row in enumerate(table):
        key = row if policy == "exact" else row[:2]
        better = (
            key not in chosen
            or (policy == "first" and row[2] < table[chosen[key]][2])
            or (policy == "last" and row[2] >= table[chosen[key]][2])
        )
        if better:
            chosen[key] = at
    assert coded.ratings is not None
    assert sorted(coded.ratings[keep].tolist()) == sorted(chosen.values())


def test_ids_of_one_text_are_one_only_when_that_is_asked_for() -> None:
    users, items = np.array([0, 1, 2, 1], np.int32), np.array([0, 0, 1, 1], np.int32)
    ids = pa.array(["e\u0301", "a", "\u00e9"]), pa.array(["x", "y"])
    table = grouped(InteractionTable(users, items, *ids, times=np.array([30, 5, 10, 6], np.int64)))
    assert clean(table, Rules(), "f.csv").rows.user_ids.to_pylist() == ["e\u0301", "a", "\u00e9"]
    done = clean(table, Rules(normalise_ids=True, returns="keep"), "f.csv")
    assert done.rows.user_ids.to_pylist() == ["\u00e9", "a"]
    assert done.rows.users.tolist() == [0, 0, 1, 1]
    assert done.rows.items.tolist() == [1, 0, 0, 1]  # of the first user by time
    assert [(effect.rows, effect.users, effect.items) for effect in done.effects] == [(0, 1, 0), (0, 0, 0)]


def test_cleaning_stops_when_it_is_not_wanted_any_more() -> None:
    no = Task(cancelled=lambda: True)
    for rules in (Rules(min_rating=1.0, duplicates="all"), Rules(), Rules(duplicates="all", k_core=2)):
        with pytest.raises(CancelledError):
            clean(rows([(0, 0)], [1], [2.0]), rules, "f.csv", no)
