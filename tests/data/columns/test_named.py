"""Of columns that could play a role the fuller and finer one plays it, which is said."""

from pathlib import Path

import pytest

from recdesk.data.columns.roles import TAKEN_FOR_GRANTED, guesses_of, roles_of
from recdesk.data.planning import preview
from tests.data.conftest import read
from tests.data.making import write

BEGIN = 1_577_836_800


def rows_of(known: int, rows: int = 40) -> list[list[str]]:
    """A user id in the first rows only, and a client id in all."""
    return [[f"{900 + n % 3}" if n < known else "", f"c{n % 8}", f"SKU{n % 9}"] for n in range(rows)]


@pytest.mark.parametrize(
    "client", ["user_pseudo_id", "client_id", "anonymousId", "device_id", "session_id", "distinct_id"]
)
@pytest.mark.parametrize("empty", ["", "NA", "(not set)"])
def test_a_full_column_is_taken_for_one_that_is_mostly_empty(client: str, empty: str) -> None:
    rows = [[user or empty, *rest] for user, *rest in rows_of(5)]
    found = guesses_of(["user_id", client, "item_id"], rows, named=True)
    assert roles_of(found.columns) == {"user": client, "item": "item_id"}
    assert [doubt.note for doubt in found.doubts] == [
        f"35 of the first 40 rows have no “user_id”; “{client}”, which is fuller, is taken instead."
    ]
    assert [reading.columns["user"] for reading in found.doubts[0].readings] == [client, "user_id"]
    assert not found.doubts[0].close
    full = guesses_of(["user_id", client, "item_id"], rows_of(40), named=True)
    assert roles_of(full.columns)["user"] == "user_id" and full.doubts == []


def test_a_column_that_is_half_full_stays_and_the_fuller_is_said() -> None:
    found = guesses_of(["user_id", "client_id", "item_id"], rows_of(30), named=True)
    assert roles_of(found.columns)["user"] == "user_id"
    assert found.doubts[0].note.startswith("10 of the first 40 rows have no “user_id”; “client_id” has more")


def test_the_fuller_item_is_taken_too(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 5},{'' if n % 9 else n},P-{n % 7},{BEGIN + 60 * n}\n" for n in range(40))
    path = write(tmp_path / "f.csv", "user_id,item_id,sku,timestamp\n" + rows)
    dataset = read(path).dataset
    assert (dataset.n_items, dataset.n_interactions) == (7, 40)
    assert "“sku”, which is fuller, is taken instead" in dataset.report["notes"][0]
    chosen = read(path, item="item_id").dataset
    assert chosen.n_interactions == 5 and chosen.report["rejected"] == {"no item id": 35}
    assert chosen.report["notes"] == ["The rejected rows are kept in rejects.csv beside the dataset."]


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2020-01-{d:02}", "2020-01-{d:02}T{h:02}:30:00Z"),
        ("202001{d:02}", "{micro}"),
        ("{d:02}.01.2020", "{seconds}"),
        ("01/{d:02}/2020", "2020-01-{d:02} {h:02}:30:00"),
    ],
)
@pytest.mark.parametrize("names", [("event_date", "event_timestamp"), ("date", "happened")])
def test_a_moment_is_taken_for_its_day(day: str, moment: str, names: tuple[str, str], tmp_path: Path) -> None:
    lines = []
    for n in range(40):
        d, h = 1 + n // 3, 7 + n % 3
        seconds = BEGIN + 86_400 * (d - 1) + 3600 * h + 1800
        values = {"d": d, "h": h, "seconds": seconds, "micro": 1_000_000 * seconds + 7}
        lines.append(f"{day.format(**values)},u{n % 3},i{n % 2},{moment.format(**values)}\n")
    path = write(tmp_path / "f.csv", f"{names[0]},user,item,{names[1]}\n" + "".join(lines))
    dataset = read(path).dataset
    assert preview(path).roles["time"] == names[1]
    assert dataset.n_interactions == 40 and dataset.times is not None
    assert dataset.times.min() == BEGIN + 7 * 3600 + 1800
    assert (
        f"“{names[1]}” has the moments of the days in “{names[0]}”: it is taken as the time." in dataset.report["notes"]
    )


def test_a_moment_of_something_else_is_not_taken_for_the_day() -> None:
    rows = [
        [f"2020-01-{1 + n % 28:02}", f"u{n % 5}", f"i{n % 7}", f"2015-0{1 + n % 9}-03T10:00:00Z"] for n in range(40)
    ]
    found = guesses_of(["date", "user", "item", "item_created"], rows, named=True)
    assert roles_of(found.columns)["time"] == "date" and found.doubts == []


@pytest.mark.parametrize(
    "names",
    [
        ["user_id", "item_id", "rating", "timestamp"], ["userId", "movieId", "rating", "timestamp"],
        ["customer_id", "product_id", "quantity", "date"], ["session_id", "item_id", "price", "event_time"],
        ["visitorid", "itemid", "transactionid", "timestamp"], ["用户ID", "商品ID", "评分", "时间"],
    ],
)  # fmt: skip
def test_plain_names_raise_no_doubt(names: list[str]) -> None:
    rows = [[f"u{n % 7}", f"i{n % 9}", str(1 + n % 5), str(BEGIN + 60 * n)] for n in range(60)]
    assert guesses_of(names, rows, named=True).doubts == []


def test_two_names_that_only_resemble_are_a_doubt() -> None:
    rows = [[f"a{n % 7}", f"b{n % 6}", f"i{n % 9}"] for n in range(60)]
    found = guesses_of(["shop_customer_key", "old_user_number_id", "item"], rows, named=True)
    assert [doubt.close for doubt in found.doubts] == [True]
    assert [reading.columns for reading in found.doubts[0].readings] == [
        {"user": "shop_customer_key"}, {"user": "old_user_number_id"},
    ]  # fmt: skip


def test_names_of_venues_beers_and_profiles_resemble() -> None:
    rows = [[f"p{n % 7}", str(100 + n % 9), "4.5", str(BEGIN + n)] for n in range(40)]
    found = guesses_of(["review_profilename", "beer_beerid", "review_overall", "review_time"], rows, named=True)
    assert roles_of(found.columns) == {
        "user": "review_profilename", "item": "beer_beerid", "rating": "review_overall", "time": "review_time",
    }  # fmt: skip
    places = guesses_of(
        ["user_id", "latitude", "longitude", "venue_id"], [["1", "40.71234", "-74.00123", "v"]] * 3, True
    )
    assert {g.column: g.role for g in places.columns if g.confidence >= TAKEN_FOR_GRANTED} == {
        "user_id": "user", "venue_id": "item",
    }  # fmt: skip
