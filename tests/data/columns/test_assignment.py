"""Columns without names: told by what their values are, all columns together."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.columns.roles import TAKEN_FOR_GRANTED, Guesses, guesses_of, roles_of
from tests.data.columns.layouts import BEGIN, LAYOUTS, Rows, iso, item_first
from tests.data.conftest import read

SEEDS = (1, 2, 3)


def guessed(rows: Rows) -> Guesses:
    names = [f"column {at}" for at in range(1, len(rows[0]) + 1)]
    return guesses_of(names, [list(map(str, row)) for row in rows], named=False)


def roles(rows: Rows) -> dict[str, int]:
    return {role: int(column.split()[1]) for role, column in roles_of(guessed(rows).columns).items()}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_a_known_layout_is_read_without_a_question(layout: Callable[[random.Random], Rows], seed: int) -> None:
    rows = layout(random.Random(seed))[:200]
    assert roles(rows) == LAYOUTS[layout]
    assert not any(doubt.close for doubt in guessed(rows).doubts)


@given(st.permutations(["user", "item", "time", "event", "rating"]), st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_columns_says_only_who_is_the_user(order: list[str], seed: int) -> None:
    r = random.Random(seed)
    rows: Rows = []
    for at in range(160):
        row = {"user": f"u{r.randrange(40)}", "item": f"i{r.randrange(60)}", "time": iso(BEGIN + 60 * at)}
        row |= {"event": r.choice(["view", "buy"]), "rating": str(r.randrange(1, 6))}
        rows.append([row[name] for name in order])
    found = roles(rows)
    first, second = sorted((order.index("user") + 1, order.index("item") + 1))
    assert (found["user"], found["item"]) == (first, second)
    assert {name: found[name] for name in ("time", "event", "rating")} == {
        name: order.index(name) + 1 for name in ("time", "event", "rating")
    }


@given(st.integers(0, 3), st.integers(0, 99))
@settings(max_examples=20, deadline=None)
def test_moments_and_places_are_never_ids(at: int, seed: int) -> None:
    r = random.Random(seed)
    rows: Rows = []
    for number in range(80):
        row: list[object] = [r.randrange(30), 500 + r.randrange(40)]
        row[min(at, 2) : min(at, 2)] = [f"{r.uniform(-90, 90):.5f}", f"{r.uniform(-180, 180):.5f}"]
        rows.append([*row, f"{1 + number % 28:02}.03.2021 10:{number % 60:02}"])
    guesses = guessed(rows)
    where = min(at, 2) + 1
    assert {"rating", where, where + 1, 5}.isdisjoint([*roles(rows), *list(roles(rows).values())[:2]])
    assert roles(rows)["time"] == 5
    assert [guesses.columns[where - 1].evidence, guesses.columns[where].evidence] == [
        "decimals of a latitude and a longitude beside each other"
    ] * 2


def test_each_guess_says_its_evidence_and_none_a_name_that_was_made_up() -> None:
    for layout in LAYOUTS:
        for guess in guessed(layout(random.Random(1))).columns:
            assert guess.reason != "name"
            assert bool(guess.evidence) or not guess.role
            assert 0 <= guess.confidence <= 1
    first = guessed(item_first(random.Random(1))).columns
    assert first[1].evidence == "40 values, the rows of each together"


def test_names_that_a_program_made_up_are_none() -> None:
    rows = [["view", str(n % 7 + 100), str(n % 11 + 500), iso(BEGIN + n)] for n in range(60)]
    for names in (["V1", "V2", "V3", "V4"], ["_c0", "_c1", "_c2", "_c3"], ["Unnamed: 0", "Unnamed: 1", "x2", "x3"]):
        found = guesses_of(names, rows, named=True)
        assert roles_of(found.columns) == dict(
            zip(("user", "item", "time", "event"), (names[1], names[2], names[3], names[0]), strict=True)
        )
        assert not any(guess.reason == "name" for guess in found.columns)


def test_a_log_grouped_by_its_second_column_without_order_in_time_is_asked_about() -> None:
    """Users who stand together behind their items, or items behind their users: the values do not tell which."""
    r = random.Random(1)
    rows: Rows = [
        [item, user, r.randint(1, 5), 1_500_000_000 + r.randrange(10**7)]
        for user in range(1000, 1025)
        for item in r.sample(range(1, 500), 16)
    ]
    (doubt,) = guessed(rows).doubts
    assert doubt.close
    assert [reading.columns["user"] for reading in doubt.readings] == ["column 1", "column 2"]


def test_two_readings_that_are_close_are_a_doubt() -> None:
    r = random.Random(
        5
    )  # two columns of ids, of which neither the order nor the values say much: the first counts rows
    rows: Rows = [[number // 5 + 700, r.randrange(30), number % 9 + 100] for number in range(100)]
    rows = [[row[1], row[0], row[2]] for row in rows]  # the column whose rows stand together comes second
    guesses = guessed(rows)
    assert len(guesses.doubts) == 1
    doubt = guesses.doubts[0]
    assert doubt.close and len(doubt.readings) == 2
    taken = roles(rows)
    assert doubt.readings[0].columns == {role: f"column {taken[role]}" for role in ("user", "item")}
    assert doubt.readings[1].columns != doubt.readings[0].columns
    assert all(f"“{reading.columns['user']}”" in reading.evidence for reading in doubt.readings)


def test_what_never_repeats_is_an_item_only_where_nothing_else_can_be() -> None:
    rows: Rows = [[f"row{n}", f"u{n % 9}", f"i{n * 7 % 13}"] for n in range(60)]
    assert {role: at for role, at in roles(rows).items() if role in ("user", "item")} == {"user": 2, "item": 3}
    unique: Rows = [[f"u{n % 9}", f"i{n}"] for n in range(60)]
    assert roles(unique) == {"user": 1, "item": 2}


def test_a_feature_of_the_item_or_the_user_is_no_rating_and_no_event() -> None:
    r = random.Random(2)
    rows: Rows = []
    for _ in range(200):
        user, item = r.randrange(40), r.randrange(60)
        rows.append(
            [1000 + user, 20 + user, "mf"[user % 2], 5000 + item, 11 + item % 7, ["bar", "gym", "inn"][item % 3]]
        )
    assert roles(rows) == {"user": 1, "item": 4}


def test_a_file_that_is_read_so_keeps_all_its_rows(tmp_path: Path) -> None:
    rows = [["pv", u, i, iso(BEGIN + 3600 * (5 * u + i))] for u in range(101, 109) for i in range(201, 206)]
    path = tmp_path / "f.csv"
    path.write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    dataset = read(path).dataset
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (8, 5, 40)
    assert dataset.times is not None and dataset.times[0] == BEGIN + 3600 * (5 * 101 + 201)
    assert TAKEN_FOR_GRANTED == 0.5


def test_without_names_the_user_that_is_given_tells_the_item(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_text("".join(f"{n % 9 + 500},{n // 5 + 100}\n" for n in range(60)))
    assert read(path, user="column 2").dataset.n_users == 12
    assert read(path, user="column 1").dataset.n_users == 9
    assert read(path, item="column 1", duplicates="all").dataset.n_items == 9
