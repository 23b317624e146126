"""Times and ratings in all the ways people write them."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError
from recdesk.data.columns.times import epoch_seconds, read_times, time_forms
from recdesk.data.files.reading import database
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write_table

NOON = 1_709_208_000  # 29 February 2024, 12:00:00 UTC
MIDNIGHT = 1_709_164_800


def read(values: list[str]) -> list[int | None]:
    """What a column of these texts says, in epoch seconds."""
    with database() as connection:
        connection.register("given", pa.table({"n": range(len(values)), "v": values}))
        connection.execute("CREATE TABLE t AS SELECT * FROM given")
        form = time_forms(connection, "t", "v")[0]
        return [
            row[0]
            for row in connection.execute(f"SELECT {epoch_seconds(form, 'trim(v)')} FROM t ORDER BY n").fetchall()
        ]


WRITTEN = {
    "epoch seconds": (str(NOON), NOON),
    "epoch seconds with a fraction": (f"{NOON}.75", NOON),
    "epoch seconds as pandas writes them": ("1.709208e9", NOON),
    "epoch milliseconds": (f"{NOON}999", NOON),
    "epoch microseconds": (f"{NOON}000000", NOON),
    "epoch nanoseconds": (f"{NOON}000000000", NOON),
    "before 1970": ("-86400", -86_400),
    "the first second": ("0", 0),
    "a day": ("2024-02-29", MIDNIGHT),
    "ISO with T": ("2024-02-29T12:00:00", NOON),
    "ISO with a blank": ("2024-02-29 12:00:00", NOON),
    "ISO with Z": ("2024-02-29T12:00:00Z", NOON),
    "ISO with an offset": ("2024-02-29T20:00:00+08:00", NOON),
    "ISO with an offset without colon": ("2024-02-29T20:00:00+0800", NOON),
    "ISO with an offset to the west": ("2024-02-29T06:30:00-05:30", NOON),
    "ISO with milliseconds": ("2024-02-29T12:00:00.999Z", NOON),
    "ISO with nanoseconds": ("2024-02-29T12:00:00.999999999Z", NOON),
    "ISO to the minute": ("2024-02-29T12:00", NOON),
    "ISO to the minute with a blank": ("2024-02-29 12:00", NOON),
    "ISO with UTC": ("2024-02-29 12:00:00 UTC", NOON),
    "year first with slashes": ("2024/02/29 12:00:00", NOON),
    "year first with slashes, no zeros": ("2024/2/29 12:00", NOON),
    "year first with points": ("2024.02.29", MIDNIGHT),
    "Chinese": ("2024年2月29日", MIDNIGHT),
    "Chinese with a clock": ("2024年02月29日 12:00:00", NOON),
    "day first with points": ("29.02.2024 12:00", NOON),
    "day first with slashes": ("29/02/2024", MIDNIGHT),
    "month first with slashes": ("2/29/2024 12:00:00 PM", NOON),
    "two digits of the year": ("29.02.24", MIDNIGHT),
    "a short month": ("29 Feb 2024", MIDNIGHT),
    "a month in words": ("February 29, 2024", MIDNIGHT),
    "as Amazon's old reviews": ("02 29, 2024", MIDNIGHT),
    "as the computer prints it": ("Thu Feb 29 12:00:00 2024", NOON),
    "as mail writes it": ("Thu, 29 Feb 2024 13:00:00 +0100", NOON),
    "eight digits": ("20240229", MIDNIGHT),
    "fourteen digits": ("20240229120000", NOON),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_a_time_is_read_from(written: str) -> None:
    text, seconds = WRITTEN[written]
    assert read([text, f" {text} "]) == [seconds, seconds]


def test_slashes_mean_month_first_unless_a_day_says_otherwise() -> None:
    second, third = 1_704_153_600, 1_706_745_600  # 2 January and 1 February 2024
    assert read(["01/02/2024"]) == [second]
    assert read(["01/02/2024", "31/01/2024"]) == [third, 1_706_659_200]


def test_a_single_late_row_decides_the_order_of_day_and_month() -> None:
    column = ["01/02/2024"] * 30_000 + ["13/02/2024"]
    assert read(column)[0] == 1_706_745_600


def test_the_form_of_most_rows_is_taken_and_the_rest_is_not_guessed() -> None:
    column = ["2024-02-29T12:00:00Z", "2024-02-29 12:00", "2024-02-29", "yesterday", "29 Feb 2024", "", "2024-02-30"]
    assert read(column) == [NOON, NOON, MIDNIGHT, None, None, None, None]


def test_epoch_numbers_of_several_units_in_one_column() -> None:
    assert read([f"{NOON}", f"{NOON}000", f"{NOON}000000", f"{NOON}000000000"]) == [NOON] * 4


@pytest.mark.parametrize("wrong", ["nan", "inf", "-inf", "1e400", "99999999999999999999", "now", "0x10", "-"])
def test_nonsense_among_numbers_is_no_time(wrong: str) -> None:
    assert read([str(NOON), str(NOON), wrong]) == [NOON, NOON, None]


@settings(max_examples=30)
@given(st.integers(-(10**10), 10**10), st.integers(-14 * 60, 14 * 60))
def test_iso_times_of_any_offset_come_back(seconds: int, minutes: int) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert read([moment.astimezone(timezone(timedelta(minutes=minutes))).isoformat()]) == [seconds]


def imported(tmp_path: Path, rows: list[list[str]], **plan: str) -> ImportResult:
    path = write_table(tmp_path / "f.csv", [["user", "item", "rating", "time"], *rows], ";")
    return import_files(ImportPlan(path, **plan))  # type: ignore[arg-type]


def test_rows_without_a_readable_time_are_rejected_with_the_value(tmp_path: Path) -> None:
    rows = [["a", "x", "1", "2024-02-29"], ["a", "y", "1", "soon"], ["a", "z", "1", ""], ["a", "w", "1", "2024-02-28"]]
    result = imported(tmp_path, rows)
    assert [(r.line, r.column, r.value, r.reason) for r in result.rejects] == [
        (3, "time", "soon", "a time that cannot be read"),
        (4, "time", "", "a time that cannot be read"),
    ]
    assert result.dataset.report["rejected"] == {"a time that cannot be read": 2}
    assert result.dataset.times is not None
    assert result.dataset.times.tolist() == [MIDNIGHT - 86_400, MIDNIGHT]


def test_dates_of_an_unclear_order_are_told(tmp_path: Path) -> None:
    unclear = imported(tmp_path, [["a", "x", "1", "01/02/2024"], ["a", "y", "1", "03/02/2024"]])
    assert any("day or the month first" in note for note in unclear.dataset.report["notes"])
    clear = imported(tmp_path, [["a", "x", "1", "01/02/2024"], ["a", "y", "1", "13/02/2024"]])
    assert not any("day or the month first" in note for note in clear.dataset.report["notes"])


def test_decimal_commas_are_read_where_the_column_has_no_points(tmp_path: Path) -> None:
    rows = [["a", "x", "4,5", "1"], ["a", "y", "3", "2"], ["b", "x", " -0,25 ", "3"]]
    assert imported(tmp_path, rows).dataset.ratings.tolist() == [4.5, 3, -0.25]  # type: ignore[union-attr]


def test_a_decimal_comma_among_decimal_points_is_read_too(tmp_path: Path) -> None:
    rows = [["a", "x", "4.5", "1"], ["a", "y", "3,5", "2"], ["b", "z", "1", "3"]]
    result = imported(tmp_path, rows)
    assert result.rejects == []
    assert result.dataset.ratings.tolist() == [4.5, 3.5, 1]  # type: ignore[union-attr]


def test_an_empty_rating_is_unknown_and_text_is_rejected(tmp_path: Path) -> None:
    rows = [
        ["a", "x", "", "1"],
        ["a", "y", "good", "2"],
        ["b", "x", "nan", "3"],
        ["b", "y", "inf", "4"],
        ["b", "z", "1e1", "5"],
    ]
    result = imported(tmp_path, rows)
    assert [(r.line, r.column, r.value) for r in result.rejects] == [
        (3, "rating", "good"),
        (5, "rating", "inf"),
    ]
    np.testing.assert_array_equal(result.dataset.ratings, np.array([np.nan, np.nan, 10], np.float32))  # type: ignore[arg-type]


def test_a_column_that_is_said_to_be_none_is_not_read(tmp_path: Path) -> None:
    result = imported(tmp_path, [["a", "x", "good", "soon"], ["a", "y", "bad", "late"]], rating="", time="")
    assert (result.dataset.ratings, result.dataset.times) == (None, None)
    assert result.dataset.n_interactions == 2
    assert result.rejects == []


# --- how times are read is shown ---

LOCAL = {
    "day first with points": ("31.12.2024 23:59", "2024-12-31T23:59:00Z"),
    "month first with AM and PM": ("12/31/2024 11:59 PM", "2024-12-31T23:59:00Z"),
    "as a browser writes it": ("12/31/2024, 11:59:59\u202fPM", "2024-12-31T23:59:59Z"),
    "as a European browser writes it": ("31/12/2024, 23:59:59", "2024-12-31T23:59:59Z"),
    "a day": ("31/12/2024", "2024-12-31T00:00:00Z"),
    "Chinese": ("2024年12月31日 23:59", "2024-12-31T23:59:00Z"),
    "Chinese to the second": ("2024年12月31日 23时59分58秒", "2024-12-31T23:59:58Z"),
    "a long date": ("Tuesday, December 31, 2024, 11:59 PM", "2024-12-31T23:59:00Z"),
    "as a web server writes it": ("31/Dec/2024:23:59:00 +0000", "2024-12-31T23:59:00Z"),
    "a spreadsheet's day": ("45657.9993055556", "2024-12-31T23:59:00Z"),
    "milliseconds": ("1735689540000", "2024-12-31T23:59:00Z"),
}


@pytest.mark.parametrize("written", LOCAL)
def test_a_local_form_is_shown_as_it_is_read(written: str) -> None:
    text, iso = LOCAL[written]
    reading = read_times([text, text])
    assert reading.samples == [(text, iso)]
    assert reading.unread == 0


def test_whole_numbers_are_days_only_if_a_person_says_so() -> None:
    assert read_times(["45657"]).samples == [("45657", "1970-01-01T12:40:57Z")]
    assert read_times(["45657"], "excel").samples == [("45657", "2024-12-31T00:00:00Z")]


def test_three_samples_are_shown() -> None:
    reading = read_times([f"0{n}.01.2024" for n in range(1, 9)])
    assert reading.samples == [(f"0{n}.01.2024", f"2024-01-0{n}T00:00:00Z") for n in (1, 2, 3)]
    assert (reading.form.key, reading.notes) == ("day-first", [])


def test_what_settles_the_order_of_day_and_month_is_said() -> None:
    assert read_times(["01/02/2024", "13/02/2024"]).notes == [
        "The dates are read with the day first, as “13/02/2024” shows."
    ]
    assert read_times(["01/02/2024", "02/13/2024"]).notes == [
        "The dates are read with the month first, as “02/13/2024” shows."
    ]
    assert read_times(["01/02/2024"]).notes == [
        "The dates could be read with the day or the month first; the month was taken."
    ]


def test_a_person_may_say_the_form() -> None:
    assert read_times(["01/02/2024"], "day-first").samples == [("01/02/2024", "2024-02-01T00:00:00Z")]
    with pytest.raises(DataError, match="There is no form of times “yesterday”"):
        read_times(["01/02/2024"], "yesterday")


def test_a_column_of_mixed_forms_is_reported(tmp_path: Path) -> None:
    rows = [["a", f"x{n}", "1", f"2024-02-{n + 10}"] for n in range(10)] + [["a", "y", "1", "29 Feb 2024"]]
    result = imported(tmp_path, rows)
    assert result.dataset.report["notes"][0] == (
        "The times are of mixed forms: 1 is not written as the others (ISO 8601); "
        "“29 Feb 2024” would be read as: month as a word."
    )
    assert [(r.line, r.value) for r in result.rejects] == [(12, "29 Feb 2024")]


def test_seconds_among_milliseconds_are_reported() -> None:
    assert read_times(["1700000000", "1700000001000", "1700000002000"]).notes == [
        "The times are of mixed units: 1 in seconds, 2 in smaller ones."
    ]


def test_a_form_that_is_said_is_kept_by_the_import(tmp_path: Path) -> None:
    rows = [["a", "x", "1", "01/02/2024"], ["a", "y", "1", "03/02/2024"]]
    dataset = imported(tmp_path, rows, time_form="day-first").dataset
    assert dataset.times is not None
    assert dataset.times.tolist() == [1_706_745_600, 1_706_918_400]
