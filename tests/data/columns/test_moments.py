"""Days in one column and times of day in another."""

import datetime
from pathlib import Path

import openpyxl
import pytest

from recdesk.core.errors import DataError
from recdesk.data.columns.roles import guess_columns, guess_roles
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from recdesk.data.updating import plan_of
from tests.data.conftest import read
from tests.data.making import write, write_parquet, write_table

MIDNIGHT = 1_714_521_600  # 1 May 2024
AFTERNOON = MIDNIGHT + 13 * 3600 + 45 * 60
HEAD = ["user", "item", "date", "time"]
CLOCKS = {
    "24 hours": ("13:45", AFTERNOON),
    "with seconds": ("13:45:10", AFTERNOON + 10),
    "with a fraction": ("13:45:10.999", AFTERNOON + 10),
    "with a comma": ("13:45:10,999", AFTERNOON + 10),
    "12 hours": ("1:45 PM", AFTERNOON),
    "12 hours with seconds": ("01:45:10 pm", AFTERNOON + 10),
    "12 hours with points": ("1:45 p.m.", AFTERNOON),
    "noon": ("12:00 PM", MIDNIGHT + 43_200),
    "the first minute": ("12:01 AM", MIDNIGHT + 60),
    "in the morning": ("上午9:05", MIDNIGHT + 9 * 3600 + 300),
    "in the afternoon": ("下午 1:45:10", AFTERNOON + 10),
    "in Chinese words": ("13时45分10秒", AFTERNOON + 10),
    "with a wide colon": ("13：45", AFTERNOON),
}
DAYS = {
    "ISO": "2024-05-01",
    "eight digits": "20240501",
    "with an empty clock": "2024-05-01 00:00:00",
    "as Access writes it": "5/1/2024 12:00:00 AM",
    "month first": "05/01/2024",
    "a month in words": "May 1, 2024",
    "Chinese": "2024年5月1日",
}


@pytest.mark.parametrize("written", CLOCKS)
def test_a_time_of_day_is_read_from(written: str, tmp_path: Path) -> None:
    text, seconds = CLOCKS[written]
    path = write_table(tmp_path / "f.csv", [HEAD, ["u", "a", "2024-05-01", text], ["u", "b", "2024-05-02", text]])
    dataset = read(path).dataset
    assert dataset.times is not None
    assert dataset.times.tolist() == [seconds, seconds + 86_400]


@pytest.mark.parametrize("written", DAYS)
def test_a_day_without_a_clock_is_joined_with_it(written: str, tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "f.csv", [HEAD, ["u", "a", DAYS[written], "13:45"], ["u", "b", DAYS[written], "13:45"]]
    )
    look = preview(path)
    assert (look.roles["time"], look.roles["clock"]) == ("date", "time")
    assert look.times is not None
    assert look.times.samples == [(f"{DAYS[written]} 13:45", "2024-05-01T13:45:00Z")]
    assert read(path).dataset.times.tolist() == [AFTERNOON, AFTERNOON]  # type: ignore[union-attr]


def test_chinese_names_and_files_without_names_are_joined_too() -> None:
    rows = [["u1", "a", "2024/5/1", "9:05"], ["u2", "b", "2024/5/2", "18:30"]]
    assert guess_roles(["用户", "商品", "日期", "时间"], rows, named=True) == {
        "user": "用户", "item": "商品", "time": "日期", "clock": "时间",
    }  # fmt: skip
    columns = [f"column {n}" for n in range(1, 5)]
    assert guess_roles(columns, rows, named=False)["clock"] == "column 4"


def test_cells_of_a_workbook_and_of_parquet_are_joined(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    day, clock = datetime.date(2024, 5, 1), datetime.time(13, 45, 10)
    for row in (HEAD, ["u", "a", day, clock], ["u", "b", day, datetime.time(0, 0)]):
        sheet.append(row)
    book.save(tmp_path / "f.xlsx")
    table: dict[str, list[object]] = {
        "user": ["u", "u"], "item": ["a", "b"], "date": [day, day], "time": [clock, datetime.time(0, 0)],
    }  # fmt: skip
    for path in (tmp_path / "f.xlsx", write_parquet(tmp_path / "f.parquet", table)):
        assert read(path).dataset.times.tolist() == [MIDNIGHT, AFTERNOON + 10]  # type: ignore[union-attr]


def test_a_day_that_has_a_clock_of_its_own_is_not_joined() -> None:
    rows = [["u1", "a", "2024-05-01 10:00", "9:05"], ["u2", "b", "2024-05-02 11:00", "18:30"]]
    assert guess_roles(HEAD, rows, named=True) == {"user": "user", "item": "item", "time": "date"}


def test_a_clock_without_days_is_no_time_and_a_duration_no_clock() -> None:
    rows = [["u1", "a", "0:45"], ["u2", "b", "1:30"]]
    assert guess_roles(["user", "item", "time"], rows, named=True) == {"user": "user", "item": "item"}
    assert guess_columns(["user", "item", "time"], rows, named=True)[2].role == "clock"  # a suggestion
    timed = [[*row[:2], "2024-05-01", *row[2:]] for row in rows]
    assert "clock" not in guess_roles(["user", "item", "date", "watch_duration"], timed, named=True)


def test_of_two_clocks_the_one_that_is_called_time_is_taken() -> None:
    rows = [["u1", "a", "2024-05-01", "8:00", "9:05"], ["u2", "b", "2024-05-02", "8:00", "18:30"]]
    assert guess_roles(["user", "item", "date", "opened", "time"], rows, named=True)["clock"] == "time"


def test_ids_that_look_like_clocks_stay_ids() -> None:
    rows = [["u1", "3:16", "2024-05-01"], ["u2", "1:12", "2024-05-02"]]
    assert guess_roles(["user", "item", "date"], rows, named=True) == {"user": "user", "item": "item", "time": "date"}


ROWS = [HEAD, *(["u", f"i{n}", "2024-05-01", f"{n + 8}:00"] for n in range(10))]


def test_a_row_without_a_clock_is_midnight_and_one_with_a_wrong_clock_is_rejected(tmp_path: Path) -> None:
    path = write_table(
        tmp_path / "f.csv", [*ROWS, ["u", "late", "2024-05-01", "25:00"], ["u", "bare", "2024-05-01", ""]]
    )
    result = read(path)
    assert list(result.dataset.item_ids) == [*(f"i{n}" for n in range(10)), "bare"]
    assert result.dataset.times[0] == MIDNIGHT  # type: ignore[index]
    assert result.dataset.item_ids[result.dataset.items[0] - 1] == "bare"
    (reject,) = result.rejects
    assert (reject.line, reject.column, reject.value) == (12, "time", "25:00")
    assert reject.reason == "a time of day that cannot be read"
    assert result.dataset.report["notes"][:2] == [
        "1 row has a day but no time of day; it is taken as midnight.",
        "The times are put together from “date” and “time”.",
    ]


def test_two_times_of_day_in_one_row_are_rejected_not_added(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", [*ROWS, ["u", "twice", "2024-05-01 10:00", "11:00"]])
    result = read(path)
    (reject,) = result.rejects
    assert (reject.line, reject.column, reject.value) == (12, "date", "2024-05-01 10:00")
    assert reject.reason == "a time of day of its own beside the other column's"


def test_a_person_says_which_columns_are_joined(tmp_path: Path) -> None:
    columns = ["user", "item", "seen on", "seen at", "paid on", "paid at"]
    row = ["2024-05-01", "13:45", "2024-05-02", "0:10"]
    path = write_table(tmp_path / "f.csv", [columns, ["u", "a", *row], ["u", "b", *row]])

    def seconds(**options: str) -> int:
        (one,) = set(read(path, **options).dataset.times.tolist())  # type: ignore[union-attr]
        return one - MIDNIGHT

    assert seconds(time="paid on", clock="paid at") == 86_400 + 600
    assert seconds(time="paid on") == 86_400 + 49_500  # the first clock
    assert seconds(time="paid on", clock="") == 86_400
    with pytest.raises(DataError, match=r"“seen at” of “f\.csv” holds times of day, but no column holds the days"):
        read(path, time="", clock="seen at")


def test_a_newer_file_is_joined_as_the_older_one(tmp_path: Path) -> None:
    plan = ImportPlan(write_table(tmp_path / "old.csv", ROWS), keep_columns=True)
    result = import_files(plan)
    assert result.other_columns is None  # the clock is no column without a role
    assert result.dataset.rules["roles"]["clock"] == "time"
    again = plan_of(
        result.dataset, write(tmp_path / "new.csv", "time,date,user,item\n1:45 PM,2024-05-01,u,x\n,2024-05-01,u,y\n")
    )
    assert (again.time, again.clock) == ("date", "time")
    assert import_files(again).dataset.times.tolist() == [MIDNIGHT, AFTERNOON]  # type: ignore[union-attr]
    alone = import_files(ImportPlan(write_table(tmp_path / "old.csv", ROWS), clock="")).dataset
    assert plan_of(alone, tmp_path / "new.csv").clock == ""  # and stays apart
