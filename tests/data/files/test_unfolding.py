"""A row with several interactions becomes a row for each: lists in cells, events inside of objects, matrices."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.files.source import Source
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.conftest import pairs
from tests.data.making import delimited, write, write_jsonl, write_parquet

Histories = dict[str, list[str]]
TAKEN: Histories = {f"u{n}": [f"i{(n + 3 * k) % 7}" for k in range(1, 3 + n % 4)] for n in range(1, 13)}
HISTORIES = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=6), min_size=4, max_size=12).map(
    lambda lists: {f"u{n}": [f"i{item}" for item in items] for n, items in enumerate([*lists, [1, 2]])}
)
FEW = settings(max_examples=6, deadline=None)


def rows_of(taken: Histories) -> list[tuple[str, str]]:
    return sorted((user, item) for user, items in taken.items() for item in items)


def read(path: Path, **known: Any) -> ImportResult:
    return import_files(ImportPlan(path, dialect=Source(path, **known).dialect if known else None))


def read_rows(path: Path, **known: object) -> list[tuple[str, str]]:
    return sorted(pairs(read(path, **known).dataset))


# --- lists in cells ---

WAYS: dict[str, Callable[[list[str]], str]] = {
    "brackets": lambda items: f"[{', '.join(items)}]",
    "json": json.dumps,
    "python": str,
    "commas": ",".join,
    "pipes": "|".join,
    "semicolons": ";".join,
    "blanks": " ".join,
    "braces": lambda items: "{" + ",".join(items) + "}",
    "parentheses": lambda items: f"({', '.join(items)})",
    "numpy": lambda items: f"[{' '.join(items)}]",
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("column", ["item_ids", "history", "movies"])
def test_a_list_in_a_cell_is_a_row_for_each_element(way: str, column: str, tmp_path: Path) -> None:
    rows = [["user_id", column, "age"], *([user, WAYS[way](items), "30"] for user, items in TAKEN.items())]
    path = write(tmp_path / "f.csv", delimited(rows))
    result = read(path)
    assert sorted(pairs(result.dataset)) == rows_of(TAKEN)
    assert f"“{column}” holds lists: each element is read as one row." in result.dataset.report["notes"]
    assert preview(path).dialect.unfold == column


@FEW
@given(taken=HISTORIES, way=st.sampled_from(["brackets", "json", "python", "pipes", "braces", "numpy"]))
def test_any_lists_in_cells_are_read_back(taken: Histories, way: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [["user", "items"], *([user, WAYS[way](items)] for user, items in taken.items())]
    assert read_rows(write(tmp_path_factory.mktemp("c") / "f.csv", delimited(rows))) == rows_of(taken)


def test_lists_of_the_same_lengths_belong_together(tmp_path: Path) -> None:
    rows = [
        ["user_id", "item_ids", "ratings", "timestamps"],
        *([user, str(items), "|".join("5" for _ in items), str([1_577_836_800 + n for n in range(len(items))])]
        for user, items in TAKEN.items()),
    ]  # fmt: skip
    result = read(write(tmp_path / "f.csv", delimited(rows)))
    data = result.dataset
    assert pairs(data)[:2] == [("u1", "i4"), ("u1", "i0")]
    assert data.ratings is not None and data.times is not None
    assert data.n_interactions == len(rows_of(TAKEN))
    assert set(data.ratings.tolist()) == {5.0} and data.times.min() == 1_577_836_800
    note = "item_ids, ratings, timestamps hold lists of the same lengths: their elements are read together, "
    assert any(note in sentence for sentence in data.report["notes"])


def test_an_empty_list_is_told_with_its_line(tmp_path: Path) -> None:
    rows = [["user_id", "item_ids"], *([user, str(items)] for user, items in TAKEN.items()), ["u98", "[]"], ["u99", ""]]
    result = read(write(tmp_path / "f.csv", delimited(rows)))
    assert [(r.line, r.reason, r.raw) for r in result.rejects] == [
        (14, "a row without elements in its list", "u98,[]"),
        (15, "a row without elements in its list", "u99,"),
    ]
    assert result.dataset.report["read"] == len(rows_of(TAKEN)) + 2


def test_a_bad_element_is_told_with_the_line_of_its_row(tmp_path: Path) -> None:
    objects = [{"user": user, "events": [{"item": i, "rating": 3} for i in items]} for user, items in TAKEN.items()]
    objects[4]["events"][1]["rating"] = "bad"  # type: ignore[index]
    rejects = read(write_jsonl(tmp_path / "f.jsonl", objects)).rejects
    assert [(r.line, r.column, r.value) for r in rejects] == [(5, "rating", "bad")]


@pytest.mark.parametrize(
    ("columns", "cell"),
    [
        (["user_id", "item_id", "tags"], "[1, 2, 3]"),  # of the item
        (["user_id", "item_id_list", "item_id"], "7 8 9"),  # RecBole's histories beside their targets
        (["item_id", "title", "genres"], "Drama|War"),
        (["movie", "user", "comment"], "12, 13"),
        (["user", "movie", "date"], "2020,01,02"),
    ],
)
def test_other_lists_stay_as_they_are(columns: list[str], cell: str, tmp_path: Path) -> None:
    rows = [
        columns,
        *([f"u{n % 5}", *([cell, f"x{n}"] if "list" in columns[1] else [f"x{n}", cell])] for n in range(20)),
    ]
    assert preview(write(tmp_path / "f.csv", delimited(rows))).dialect.unfold == ""


def test_unfolding_can_be_asked_for_and_refused(tmp_path: Path) -> None:
    rows = [["person", "things", "n"], *([user, str(items), "1"] for user, items in TAKEN.items())]
    path = write(tmp_path / "f.csv", delimited(rows))
    assert preview(path).dialect.unfold == ""
    dialect = Source(path, unfold="things").dialect
    data = import_files(ImportPlan(path, dialect=dialect, user="person", item="things")).dataset
    assert sorted(pairs(data)) == rows_of(TAKEN)
    rows[0] = ["user", "items", "n"]
    path = write(tmp_path / "g.csv", delimited(rows))
    assert preview(path).dialect.unfold == "items"
    data = import_files(ImportPlan(path, dialect=Source(path, unfold="").dialect, user="user", item="items")).dataset
    assert data.n_interactions == len(TAKEN)


# --- Parquet, JSON, workbooks ---


def test_lists_in_parquet(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "user_id": list(TAKEN),
        "item_ids": [list(items) for items in TAKEN.values()],
        "timestamps": [list(range(1_577_836_800, 1_577_836_800 + len(items))) for items in TAKEN.values()],
    }
    path = write_parquet(tmp_path / "f.parquet", columns)
    assert read_rows(path) == rows_of(TAKEN)


def test_lists_of_structs_in_parquet(tmp_path: Path) -> None:
    table = pa.table(
        {
            "session": list(TAKEN),
            "events": [[{"aid": i, "ts": 1_577_836_800_000 + n} for n, i in enumerate(own)] for own in TAKEN.values()],
        }
    )
    path = tmp_path / "f.parquet"
    pq.write_table(table, path)
    data = read(path).dataset
    assert sorted(pairs(data)) == rows_of(TAKEN)
    assert data.times is not None and data.times.min() == 1_577_836_800


@pytest.mark.parametrize("form", ["lines", "array", "python"])
def test_lists_in_json(form: str, tmp_path: Path) -> None:
    objects = [{"user": user, "history": items} for user, items in TAKEN.items()]
    if form == "lines":
        path = write_jsonl(tmp_path / "f.json", objects)
    elif form == "array":
        path = write(tmp_path / "f.json", json.dumps(objects, indent=1))
    else:
        path = write(tmp_path / "f.json", "".join(f"{entry!r}\n" for entry in objects))
    assert read_rows(path) == rows_of(TAKEN)


def test_lists_in_a_workbook_are_told_with_their_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in [["user", "items"], *([user, ", ".join(items)] for user, items in TAKEN.items()), ["u99", None]]:
        sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    result = read(tmp_path / "f.xlsx")
    assert sorted(pairs(result.dataset)) == rows_of(TAKEN)
    assert [r.line for r in result.rejects] == [14]


# --- events inside of objects ---


def otto(user: str, items: list[str]) -> Any:
    return {"session": user, "events": [{"aid": i, "ts": 1_577_836_800_000, "type": "clicks"} for i in items]}


def analytics(user: str, items: list[str]) -> Any:
    params = [{"key": "page", "value": {"string_value": "x"}}, {"key": "id", "value": {"int_value": 3}}]
    return {
        "event_timestamp": 1_577_836_800_000_000,
        "event_name": "purchase",
        "event_params": params,
        "user_pseudo_id": user,
        "items": [{"item_id": i, "item_name": f"name of {i}", "price": 2.5} for i in items],
    }


def spotify(user: str, items: list[str]) -> Any:
    tracks = [{"pos": n, "artist_name": "A", "track_uri": i, "track_name": "T"} for n, i in enumerate(items)]
    return {"name": "mine", "collaborative": "false", "pid": user, "num_tracks": len(items), "tracks": tracks}


def matomo(user: str, items: list[str]) -> Any:
    actions = [{"type": "action", "url": i, "pageTitle": "t", "timestamp": 1_577_836_800} for i in items]
    return {"idVisit": "7", "visitorId": user, "actionDetails": actions, "country": "France"}


def steam(user: str, items: list[str]) -> Any:
    owned = [{"item_id": i, "item_name": "G", "playtime_forever": 6} for i in items]
    return {"user_id": user, "items_count": len(items), "steam_id": "765", "user_url": "http://x", "items": owned}


def orders(user: str, items: list[str]) -> Any:
    lines = [{"product_id": i, "quantity": 1, "total": "2.5"} for i in items]
    return {"id": 5, "customer_id": user, "date_created": "2020-01-01T09:10:03", "line_items": lines}


@pytest.mark.parametrize("make", [otto, analytics, spotify, matomo, steam, orders])
@pytest.mark.parametrize("form", ["lines", "array", "wrapped", "python"])
def test_nested_events(make: Callable[[str, list[str]], Any], form: str, tmp_path: Path) -> None:
    objects = [make(user, items) for user, items in TAKEN.items()]
    text = {
        "lines": "".join(json.dumps(entry) + "\n" for entry in objects),
        "array": json.dumps(objects),
        "wrapped": json.dumps({"info": {"version": "v1", "slice": "0-999"}, "total": 3, "rows": objects}, indent=4),
        "python": "".join(f"{entry!r}\n" for entry in objects),
    }[form]
    assert read_rows(write(tmp_path / "f.json", text)) == rows_of(TAKEN)


def test_rows_whose_list_of_items_is_empty_are_counted(tmp_path: Path) -> None:
    objects = [analytics(user, items) for user, items in TAKEN.items()] + [analytics("u50", []) for _ in range(5)]
    report = read(write_jsonl(tmp_path / "f.jsonl", objects)).dataset.report
    assert report["rejected"] == {"a row without elements in its list": 5}


@FEW
@given(taken=HISTORIES, make=st.sampled_from([otto, analytics, spotify, matomo, steam, orders]))
def test_any_nested_events_are_read_back(
    taken: Histories, make: Callable[[str, list[str]], Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    objects = [make(user, items) for user, items in taken.items()]
    path = write_jsonl(tmp_path_factory.mktemp("n") / "f.jsonl", objects)
    assert sorted(set(pairs(read(path).dataset))) == sorted(set(rows_of(taken)))


# --- matrices ---

GRID = [[(1 + (u * i) % 5 if (u + 2 * i) % 3 == 0 else None) for i in range(1, 16)] for u in range(1, 21)]


def matrix(none: str, named: bool, ids: bool, count: bool = False) -> str:
    header = [["user_id", *(f"item {i}" for i in range(1, 16))]] if named else []
    rows = [
        [
            *([f"u{u}" if named else str(u)] if ids else []),
            *([str(sum(cell is not None for cell in row))] if count else []),
            *(none if cell is None else str(cell) for cell in row),
        ]
        for u, row in enumerate(GRID, 1)
    ]
    return delimited([*header, *rows])


def grid_rows(prefix: tuple[str, str]) -> list[tuple[str, str]]:
    rows = ((u, i) for u, row in enumerate(GRID, 1) for i, cell in enumerate(row, 1) if cell is not None)
    return sorted((f"{prefix[0]}{u}", f"{prefix[1]}{i}") for u, i in rows)


@pytest.mark.parametrize("none", ["", "0", "99"])
@pytest.mark.parametrize("named", [True, False])
def test_a_matrix_has_a_row_for_each_user_and_a_column_for_each_item(none: str, named: bool, tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", matrix(none, named, ids=True))
    assert preview(path).dialect.unfold == "*"
    result = read(path)
    assert sorted(pairs(result.dataset)) == grid_rows(("u", "item ") if named else ("", ""))
    assert result.dataset.ratings is not None and set(result.dataset.ratings.tolist()) == {1.0, 2.0, 3.0, 4.0, 5.0}
    assert any("The table is a matrix" in note for note in result.dataset.report["notes"])


def test_jester_counts_the_ratings_of_each_row_first(tmp_path: Path) -> None:
    result = read(write(tmp_path / "jester.csv", matrix("99", named=False, ids=False, count=True)))
    assert sorted(pairs(result.dataset)) == grid_rows(("", ""))
    assert "“column 1” counts the ratings of its row, and is left out." in result.dataset.report["notes"]


@pytest.mark.parametrize(
    "header",
    [
        ["user_id", "age", "gender", "f1", "f2", "f3", "f4"],
        ["item_id", "title", "unknown", "Action", "Drama", "War", "Comedy"],
        ["user_id", "item_id", "rating", "x1", "x2", "x3", "x4"],
    ],
)
def test_tables_of_features_are_no_matrices(header: list[str], tmp_path: Path) -> None:
    rows = [[f"a{n}", f"b{n % 7}", *(str((n * k) % 2) for k in range(5))] for n in range(30)]
    assert preview(write(tmp_path / "f.csv", delimited([header, *rows]))).dialect.unfold == ""
