"""Which rows stay, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.cleaning import Duplicates, Rows, drop_duplicates, drop_low_ratings, k_core

NAN = float("nan")


def rows(pairs: list[tuple[int, int]], times: list[int] | None = None, ratings: list[float] | None = None) -> Rows:
    """Rows from (user, item) pairs."""
    users, items = (np.array([pair[at] for pair in pairs], np.int64) for at in (0, 1))
    return Rows(
        users,
        items,
        None if times is None else np.array(times, np.int64),
        None if ratings is None else np.array(ratings, np.float32),
    )


def pairs_of(kept: Rows) -> list[tuple[int, int]]:
    """The inverse of `rows`, without times and ratings."""
    return list(zip(kept.users.tolist(), kept.items.tolist(), strict=True))


def test_ratings_below_the_least_go_equal_and_unknown_ones_stay() -> None:
    kept = drop_low_ratings(rows([(0, 0), (0, 1), (0, 2), (0, 3)], ratings=[3.5, 3.0, 4.0, NAN]), 3.5)
    assert pairs_of(kept) == [(0, 0), (0, 2), (0, 3)]
    np.testing.assert_array_equal(kept.ratings, np.array([3.5, 4.0, NAN], np.float32))


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
    table = rows(REPEATS, times, marks if policy != "exact" else None)
    kept = drop_duplicates(table, policy)
    assert pairs_of(kept) == [REPEATS[row] for row in kept_rows]
    if policy != "exact":
        assert kept.ratings is not None
        assert kept.ratings.tolist() == kept_rows


def test_copies_differ_when_their_ratings_do() -> None:
    kept = drop_duplicates(rows([(0, 0)] * 5, times=[1] * 5, ratings=[3.0, 4.0, 3.0, NAN, NAN]), "exact")
    assert kept.ratings is not None
    np.testing.assert_array_equal(kept.ratings, np.array([3.0, 4.0, NAN], np.float32))


def test_a_single_row_and_no_row_are_never_repeats() -> None:
    for policy in ("exact", "first", "last", "all"):
        assert len(drop_duplicates(rows([(0, 0)], [1]), policy)) == 1  # type: ignore[arg-type]
        assert len(drop_duplicates(rows([], []), policy)) == 0  # type: ignore[arg-type]


def test_a_core_is_taken_again_until_nothing_changes() -> None:
    # item 2 falls first (one row), then user 2 (one row left), then item 1 (one row left), then nothing
    table = rows([(0, 0), (0, 3), (1, 0), (1, 3), (2, 1), (2, 2), (0, 1)])
    assert pairs_of(k_core(table, 2)) == [(0, 0), (0, 3), (1, 0), (1, 3)]


def test_a_core_may_eat_everything() -> None:
    assert len(k_core(rows([(0, 0), (0, 1), (1, 1), (1, 2)]), 2)) == 0
    assert len(k_core(rows([]), 5)) == 0


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=60), st.integers(1, 4))
def test_a_core_is_the_largest_table_in_which_everybody_has_enough(pairs: list[tuple[int, int]], k: int) -> None:
    kept = pairs_of(k_core(rows(pairs), k))
    slow = list(pairs)  # one offender at a time, in any order, ends at the same core
    while bad := [
        pair for pair in slow if sum(p[0] == pair[0] for p in slow) < k or sum(p[1] == pair[1] for p in slow) < k
    ]:
        slow.remove(bad[-1])
    assert kept == slow


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=40),
    st.sampled_from(["exact", "first", "last"]),
)
def test_repeats_against_a_plain_loop(table: list[tuple[int, int, int]], policy: Duplicates) -> None:
    kept = drop_duplicates(rows([row[:2] for row in table], [row[2] for row in table]), policy)
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
    assert kept.times is not None
    assert list(zip(kept.users, kept.items, kept.times, strict=True)) == [table[at] for at in sorted(chosen.values())]
