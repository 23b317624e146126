"""Ids that programs have changed on their way, and objects in their place."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.files.objects import paths_of
from recdesk.data.ids import tidy_ids
from recdesk.data.importing import ImportResult, import_files, preview
from recdesk.data.plan import ImportPlan
from tests.data.making import write, write_jsonl, write_parquet, write_table


def imported(path: Path, items: Path | None = None, **plan: Any) -> ImportResult:
    return import_files(ImportPlan(path, items, **plan))


def ids_of(result: ImportResult) -> tuple[list[str], list[str]]:
    return list(result.dataset.user_ids), list(result.dataset.item_ids)


# --- whole numbers as decimals ---


def test_floats_of_parquet_are_ids_without_a_point_and_match_whole_numbers(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {"user_id": [1.0, 2.0, None, 2.0], "item_id": [10.0, 20.0, 10.0, 10.0]}
    path = write_parquet(tmp_path / "r.parquet", columns)
    items = write_parquet(tmp_path / "i.parquet", {"item_id": [10, 20], "title": ["Ten", "Twenty"]})
    result = imported(path, items)
    assert ids_of(result) == (["1", "2"], ["10", "20"])
    assert result.dataset.item_features["title"].tolist() == ["Ten", "Twenty"]
    assert result.dataset.report["rejected"] == {"no user id": 1}
    assert (
        "2 item ids of “r.parquet” are written as decimals (“10.0”) and read as whole numbers (10)."
        in (result.dataset.report["notes"])
    )


def test_whole_numbers_match_the_floats_of_an_items_file(tmp_path: Path) -> None:
    path = write_table(tmp_path / "r.csv", [["user_id", "item_id"], ["a", "10"], ["b", "20"]])
    items = write_table(tmp_path / "i.csv", [["item_id", "title"], ["10.0", "Ten"], ["", "?"], ["20.0", "Twenty"]])
    assert imported(path, items).dataset.item_features["title"].tolist() == ["Ten", "Twenty"]


def test_numbers_of_json_are_one_id_with_and_without_a_point(tmp_path: Path) -> None:
    rows = [{"user_id": "a", "item_id": item, "ts": 1577836800 + n} for n, item in enumerate([7, 7.0, 8.0, 9])]
    result = imported(write_jsonl(tmp_path / "r.jsonl", rows))
    assert ids_of(result) == (["a"], ["7", "8", "9"])
    assert result.dataset.items.tolist() == [1, 1, 2, 3]


def test_decimals_in_csv_lose_the_point_where_all_are_whole(tmp_path: Path) -> None:
    rows = [["user_id", "item_id"], ["1.0", "A"], ["2.0", "B"], ["3.00", "A"]]
    assert ids_of(imported(write_table(tmp_path / "r.csv", rows)))[0] == ["1", "2", "3"]


@pytest.mark.parametrize("ids", [["1.0", "1.5"], ["007", "07"], ["v1.0", "2.0"], ["abc", "ABC"], ["1.0.0", "2.0"]])
def test_other_ids_stay_exactly_as_they_are(tmp_path: Path, ids: list[str]) -> None:
    rows = [["user_id", "item_id"], *[["u", item] for item in ids]]
    result = imported(write_table(tmp_path / "r.csv", rows))
    assert ids_of(result)[1] == ids
    assert not any("decimal" in note for note in result.dataset.report["notes"])


@given(st.lists(st.integers(-(10**15), 10**15), min_size=1, unique=True))
def test_any_whole_numbers_come_back_from_floats(numbers: list[int]) -> None:
    tidy = tidy_ids(pa.array([f"{number}.0" for number in numbers]), "item", "f")
    assert tidy.ids.to_pylist() == [str(number) for number in numbers]
    assert tidy.codes is not None
    assert tidy.codes.tolist() == list(range(len(numbers)))


# --- damaged ids ---


@pytest.mark.parametrize("written", ["4.00638E+12", "4,00638E+12", "4.00638e+12", "9E+15"])
def test_ids_that_a_spreadsheet_cut_are_said(tmp_path: Path, written: str) -> None:
    rows = [["user_id", "item_id", "date"], ["a", written, "2020-01-01"], ["b", "77", "2020-01-01"]]
    result = imported(write_table(tmp_path / "s.csv", rows, ";"))
    assert ids_of(result)[1] == [written, "77"]
    assert result.dataset.report["notes"] == [
        f"1 item id of “s.csv” has lost digits (“{written}”), as spreadsheets do it to long numbers: different items "
        "may have become one. Export the ids as text."
    ]


def test_codes_with_an_e_are_no_numbers(tmp_path: Path) -> None:
    rows = [["user_id", "item_id", "date"], ["a", "12E4", "2020-01-01"], ["b", "5E10", "2020-01-01"]]
    assert imported(write_table(tmp_path / "s.csv", rows)).dataset.report["notes"] == []


def test_floats_that_are_too_long_to_be_exact_are_said(tmp_path: Path) -> None:
    exact, rounded = float(2**53), float(2**53 + 2)
    columns: dict[str, list[object]] = {"user_id": [exact, rounded], "item_id": ["a", "b"]}
    notes = imported(write_parquet(tmp_path / "r.parquet", columns)).dataset.report["notes"]
    assert any(note.startswith("1 user id of “r.parquet” is too long for the decimal number") for note in notes)


def test_long_whole_numbers_of_json_keep_all_digits(tmp_path: Path) -> None:
    text = "".join(f'{{"user_id": 9007199254740993, "item_id": {n}}}\n' for n in (1, 2))
    assert ids_of(imported(write(tmp_path / "r.jsonl", text)))[0] == ["9007199254740993"]


# --- objects ---

EVENTS: list[dict[str, Any]] = [
    {
        "user": {"id": n % 2, "name": f"n{n % 2}"},
        "item": {"id": f"0{n % 3}", "title": f"T{n % 3}"},
        "ts": 1577836800 + n,
    }
    for n in range(6)
]


def test_objects_give_their_ids_and_their_other_fields_are_columns(tmp_path: Path) -> None:
    result = imported(write_jsonl(tmp_path / "e.jsonl", EVENTS))
    assert ids_of(result) == (["0", "1"], ["00", "01", "02"])
    assert result.dataset.item_features["title"].tolist() == ["T0", "T1", "T2"]
    assert "“item” of “e.jsonl” holds objects; its ids are “item.id”." in result.dataset.report["notes"]
    assert preview(tmp_path / "e.jsonl").columns == ["user", "user.name", "item", "item.title", "ts"]


def test_objects_of_parquet_do_too(tmp_path: Path) -> None:
    columns = {name: [event[name] for event in EVENTS] for name in ("user", "item", "ts")}
    result = imported(write_parquet(tmp_path / "e.parquet", columns))
    assert ids_of(result) == (["0", "1"], ["00", "01", "02"])
    assert result.dataset.item_features["title"].tolist() == ["T0", "T1", "T2"]


def test_objects_of_mongodb_are_read_through(tmp_path: Path) -> None:
    rows = [
        {
            "_id": {"$oid": f"{n:024x}"},
            "user_id": {"$oid": f"{n % 2:024x}"},
            "item_id": {"$numberLong": str(n % 3)},
            "created_at": {"$date": f"2020-01-0{n + 1}T10:00:00Z"},
        }
        for n in range(6)
    ]
    result = imported(write_jsonl(tmp_path / "m.jsonl", rows))
    assert ids_of(result) == ([f"{0:024x}", f"{1:024x}"], ["0", "1", "2"])
    assert result.dataset.times is not None
    assert result.dataset.times[0] == 1_577_872_800


def test_where_no_object_stands_the_value_itself_is_the_id(tmp_path: Path) -> None:
    late = [{"user": 7, "item": "plain", "ts": 1577837000 + n} for n in range(2)]
    lines = write_jsonl(tmp_path / "e.jsonl", EVENTS * 3000 + late)  # far below what is looked at first
    assert ids_of(imported(lines, duplicates="all")) == (["0", "1", "7"], ["00", "01", "02", "plain"])


def test_objects_without_an_id_stay_as_they_stand(tmp_path: Path) -> None:
    rows = [{"user": "a", "item": f"i{n}", "place": {"lat": 1.5, "lon": n}} for n in range(2)]
    assert preview(write_jsonl(tmp_path / "e.jsonl", rows)).columns == ["user", "item", "place"]


@given(
    st.lists(
        st.fixed_dictionaries(
            {"id": st.integers() | st.text(max_size=3)},
            optional={"name": st.text(max_size=3), "tags": st.lists(st.none())},
        ),
        min_size=1,
        max_size=5,
    )
)
def test_the_way_to_an_id_leads_to_it(objects: list[dict[str, Any]]) -> None:
    paths = paths_of(["user"], {"user": objects})
    assert paths["user"] == ("user", "id")
    assert set(paths) == {"user"} | {f"user.{field}" for entry in objects for field in entry if field != "id"}
