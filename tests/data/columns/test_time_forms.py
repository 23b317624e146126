"""Times in the less usual forms: each is found, and any moment written in it comes back."""

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError
from recdesk.data.columns.moments import MOMENT
from recdesk.data.columns.time_forms import FORM_KEYS, time_form
from recdesk.data.columns.times import TUNED_FROM, epoch_seconds, read_times, seconds_of, time_forms
from recdesk.data.columns.written_dates import LAST_YEAR
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write_table

AT, DAY = "2020-01-16T09:10:03", "2020-01-16T00:00:00"
WRITTEN = {
    "iso": {
        "2020-01-16 04:10:03 -0500": AT,
        "2020-01-16 14:40:03 +05:30": AT,
        "2020-01-16 09:10:03,123": AT,
        "2020-01-16T10:10:03,999+01:00": AT,
        "2020-01-16 04:10:03 EST": AT,
        "2020-01-16 10:10:03 Europe/Berlin": AT,
        "2020/1/16 上午 9:10:03": AT,
        "2020-01-16 下午 09:10:03": "2020-01-16T21:10:03",
        "2020/1/16 下午 12:10:03": "2020-01-16T12:10:03",
    },
    "iso-basic": {
        "20200116T091003Z": AT,
        "20200116T0910": "2020-01-16T09:10:00",
        "20200116T101003+0100": AT,
        "20200116 041003.123 -0500": AT,
        "20200116091003Z": AT,
    },
    "iso-week": {
        "2020-W03-4": DAY,
        "2020W034T09:10:03Z": AT,
        "2020-W03": "2020-01-13T00:00:00",
        "2020-016": DAY,
        "2020-016T09:10:03.5": AT,
        "2020-W03-4T10:10:03+01:00": AT,
    },
    "long-digits": {"202001160910": "2020-01-16T09:10:00", "20200116091003": AT, "20200116091003123": AT},
    "year-first": {
        "2020年1月16日 上午9:10": "2020-01-16T09:10:00",
        "2020年1月16日下午3时5分": "2020-01-16T15:05:00",
        "2020年1月16日 星期四 09:10:03": AT,
        "2020年1月16日 9点10分": "2020-01-16T09:10:00",
        "2020-Jan-16": DAY,
        "2020.1.16 09:10:03 +0000": AT,
    },
    "month-first": {
        "01/16/20": DAY,
        "1/16/20 9:10 PM": "2020-01-16T21:10:00",
        "1/16/2020 9:10:03 AM +00:00": AT,
        "1/16/2020 9:10 a.m.": "2020-01-16T09:10:00",
        "1-16-20": DAY,
    },
    "day-first": {
        "16/01/20": DAY,
        "16-01-20 09:10:03": AT,
        "16/01/2020 09h10": "2020-01-16T09:10:00",
        "16/01/2020 à 09h10m03": AT,
        "16.01.2020 10:10:03 MEZ": AT,
        "Donnerstag, 16.01.2020": DAY,
        "16.01.2020 09:10 Uhr": "2020-01-16T09:10:00",
    },
    "month-word": {
        "16-JAN-20": DAY,
        "16-JAN-2020 09:10:03": AT,
        "16-Jan-20 09.10.03.000000 AM": AT,
        "16. Januar 2020": DAY,
        "16. März 2020": "2020-03-16T00:00:00",
        "jeudi 16 janvier 2020 à 09:10": "2020-01-16T09:10:00",
        "16 août 2020": "2020-08-16T00:00:00",
        "16 de enero de 2020": DAY,
        "16-ene-2020": DAY,
        "16 Dez. 2020, 09:10": "2020-12-16T09:10:00",
        "16 января 2020": DAY,
        "January 16th, 2020": DAY,
        "16 January 2020 at 09:10": "2020-01-16T09:10:00",
        "16JAN2020:09:10:03": AT,
        "Thu Jan 16 2020 10:10:03 GMT+0100 (Central European Standard Time)": AT,
        "Thu, 16 Jan 2020 09:10:03 GMT": AT,
        "[16/Jan/2020:10:10:03 +0100]": AT,
    },
    "computer": {
        "Thu Jan 16 02:10:03 -0700 2020": AT,
        "Thu Jan 16 09:10:03 UTC 2020": AT,
        "Thu Jan 16 01:10:03 PST 2020": AT,
        "Thu Jan 16 09:10:03 2020": AT,
        "16/Jan/2020:10:10:03 +0100": AT,
    },
    "ticks": {"637147626030000000": AT, "637147626039999999": AT},
    "json-date": {"/Date(1579165803999)/": AT, "/Date(1579165803000+0100)/": AT, "new Date(1579165803000)": AT},
}


@pytest.fixture(scope="module")
def connection() -> Iterable[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection


def seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())


def read(connection: duckdb.DuckDBPyConnection, key: str, texts: list[str]) -> list[int | None]:
    connection.register("given", pa.table({"n": range(len(texts)), "v": texts}))
    query = f"SELECT {epoch_seconds(time_form(key), 'v')} FROM given ORDER BY n"
    return [found for (found,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize("key", WRITTEN)
def test_a_form_reads_its_ways_of_writing(connection: duckdb.DuckDBPyConnection, key: str) -> None:
    texts = list(WRITTEN[key])
    assert dict(zip(texts, read(connection, key, texts), strict=True)) == {
        text: seconds(moment) for text, moment in WRITTEN[key].items()
    }


NOT_BY_LOOK = ("2020-016", "2020-016T09:10:03.5", "16-Jan-20 09.10.03.000000 AM")
"""Could be numbers of orders as well, or are rare; a name says what they are."""


def test_a_moment_is_known_by_its_look() -> None:
    texts = [text for by_text in WRITTEN.values() for text in by_text if text not in NOT_BY_LOOK[:2]]
    assert [text for text in texts if not MOMENT.fullmatch(text)] == []


@pytest.mark.parametrize(
    "text", ["2020-123", "4711-123", "12 maybe 20", "13 Going on 30", "Mars 2020", "May 5", "2020"]
)
def test_what_is_no_moment_is_not_taken_for_one(text: str) -> None:
    assert MOMENT.fullmatch(text) is None


def test_nonsense_in_a_known_shape_is_no_time(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, "iso-basic", ["20201316T091003Z", "20200230T091003Z", "20200116T251003Z"]) == [None] * 3
    assert (
        read(connection, "month-word", ["31 février 2020", "16 brumaire 2020", "16 Jan 2020 25:00 Uhr"]) == [None] * 3
    )
    assert read(connection, "ticks", ["63714762603000000", "1579165803000000000", "x"]) == [None] * 3


# --- any moment comes back ---

_MONTHS = """
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""
GERMAN, FRENCH, SPANISH = (line.split() for line in _MONTHS.strip().splitlines())


def stamp(form: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(form)


WRITERS: dict[str, tuple[str, Callable[[datetime], str]]] = {
    "offset after a blank": ("iso", stamp("%Y-%m-%d %H:%M:%S %z")),
    "comma before milliseconds": ("iso", lambda t: t.strftime("%Y-%m-%d %H:%M:%S,") + f"{t.microsecond // 1000:03}"),
    "ISO without marks": ("iso-basic", stamp("%Y%m%dT%H%M%S%z")),
    "ISO week": ("iso-week", stamp("%G-W%V-%uT%H:%M:%S")),
    "day of the year": ("iso-week", stamp("%Y-%jT%H:%M:%S")),
    "year last": ("computer", stamp("%a %b %d %H:%M:%S %z %Y")),
    "web server": ("computer", stamp("%d/%b/%Y:%H:%M:%S %z")),
    "mail": ("computer", stamp("%a, %d %b %Y %H:%M:%S %z")),
    "millisecond digits": ("long-digits", lambda t: t.strftime("%Y%m%d%H%M%S") + f"{t.microsecond // 1000:03}"),
    "two digits, month first": ("month-first", stamp("%m/%d/%y %I:%M:%S %p")),
    "two digits, day first": ("day-first", stamp("%d.%m.%y %H:%M:%S")),
    "two digits, month as a word": ("month-word", stamp("%d-%b-%y %H:%M:%S")),
    "Chinese": (
        "year-first",
        lambda t: t.strftime("%Y年%m月%d日 ") + ("上午", "下午")[t.hour // 12] + t.strftime("%I:%M:%S"),
    ),
    "German": ("month-word", lambda t: f"{t.day}. {GERMAN[t.month - 1]} {t:%Y, %H:%M:%S} Uhr"),
    "French": ("month-word", lambda t: f"{t.day} {FRENCH[t.month - 1]} {t:%Y à %Hh%Mm%S}"),
    "Spanish": ("month-word", lambda t: f"{t.day} de {SPANISH[t.month - 1]} de {t:%Y %H:%M:%S}"),
    "ticks": ("ticks", lambda t: str(int(t.timestamp()) * 10**7 + 621_355_968_000_000_000)),
    "JSON of .NET": ("json-date", lambda t: f"/Date({int(t.timestamp()) * 1000})/"),
    "seconds": ("epoch", lambda t: str(int(t.timestamp()))),
    "milliseconds": ("epoch", lambda t: str(int(t.timestamp()) * 10**3)),
    "microseconds": ("epoch", lambda t: str(int(t.timestamp()) * 10**6)),
    "nanoseconds": ("epoch", lambda t: str(int(t.timestamp()) * 10**9)),
}
MOMENTS = st.lists(
    st.datetimes(datetime(2002, 1, 1), datetime(LAST_YEAR, 12, 31), timezones=st.just(UTC)), min_size=20, max_size=30
)


@pytest.mark.parametrize("way", WRITERS)
@given(moments=MOMENTS, minutes=st.integers(-14 * 4, 14 * 4).map(lambda quarters: 15 * quarters))
@settings(max_examples=3, deadline=None)
def test_moments_come_back_from_any_form(
    connection: duckdb.DuckDBPyConnection, way: str, moments: list[datetime], minutes: int
) -> None:
    key, written = WRITERS[way]
    zone = timezone(timedelta(minutes=minutes if "%z" in written(moments[0]) or key in ("computer",) else 0))
    local = [moment.astimezone(zone) for moment in [*moments, datetime(2013, 4, 19, 15, 15, 15, tzinfo=UTC)]]
    texts = [written(moment) for moment in local]
    assert read(connection, key, texts) == [int(moment.timestamp() // 1) for moment in local]


@pytest.mark.parametrize("way", WRITERS)
def test_a_form_is_found_in_any_order_of_the_rows(connection: duckdb.DuckDBPyConnection, way: str) -> None:
    key, written = WRITERS[way]
    moments = [datetime(2003, 1, 31, 23, 59, 1, tzinfo=UTC) + timedelta(days=37 * n, hours=n) for n in range(40)]
    for order in (moments, moments[::-1], moments[::2] + moments[1::2]):
        connection.register("given", pa.table({"v": [written(moment) for moment in order]}))
        assert time_forms(connection, "given", "v")[0].key == key


def test_every_form_has_a_key_of_its_own() -> None:
    assert len(set(FORM_KEYS)) == len(FORM_KEYS)


# --- years of two digits ---


def test_years_of_two_digits_are_never_after_next_year(connection: duckdb.DuckDBPyConnection) -> None:
    late, early = LAST_YEAR % 100, (LAST_YEAR + 1) % 100
    texts = [f"02-JAN-{late:02}", f"02-JAN-{early:02}", "02-JAN-99", "02-JAN-00"]
    years = [datetime.fromtimestamp(found or 0, UTC).year for found in read(connection, "month-word", texts)]
    assert years == [LAST_YEAR, LAST_YEAR - 99, 1999, 2000]
    slow = read(connection, "day-first", [f"02.01.{late:02} 00:00 Uhr", f"02.01.{early:02} 00:00 Uhr"])
    assert [datetime.fromtimestamp(found or 0, UTC).year for found in slow] == [LAST_YEAR, LAST_YEAR - 99]


def test_a_year_of_four_digits_is_that_year(connection: duckdb.DuckDBPyConnection) -> None:
    assert read(connection, "day-first", ["02/01/2070"]) == [seconds("2070-01-02")]


# --- years that are hardly meant ---


def imported(tmp_path: Path, times: list[str], **plan: str) -> ImportResult:
    rows = [[f"u{n % 3}", f"i{n}", time] for n, time in enumerate(times)]
    path = write_table(tmp_path / "f.csv", [["user", "item", "time"], *rows], ";")
    return import_files(ImportPlan(path, **plan))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "moment", "form"),
    [
        ("0020-01-02", "0020-01-02", "iso"),
        ("2190-05-06 07:08", "2190-05-06", "iso"),
        ("203060100", "1976-06-08", "epoch"),
        ("6955200000", "2190-05-27", "epoch"),
        ("02/01/2563", "2563-02-01", "month-first"),
    ],
)
def test_times_of_unlikely_years_are_asked_about(tmp_path: Path, text: str, moment: str, form: str) -> None:
    with pytest.raises(DataError) as caught:
        imported(tmp_path, [text] * 3)
    assert caught.value.sentence == (
        f"The times of “f.csv” cannot be meant so: “{text}” in the column “time” would be {moment}."
    )
    assert f"“{form}” takes them as they are read here" in caught.value.suggestion
    assert imported(tmp_path, [text] * 3, time_form=form).dataset.n_interactions == 3


def test_a_few_unlikely_years_are_a_note(tmp_path: Path) -> None:
    report = imported(tmp_path, ["2020-01-02"] * 5 + ["0001-01-01"]).dataset.report
    assert report["notes"] == ["1 time is of a year that is hardly meant: “0001-01-01” is read as 0001-01-01."]
    assert report["kept"] == 6


def test_small_numbers_may_count_from_anywhere(tmp_path: Path) -> None:
    assert imported(tmp_path, ["0", "1", "99999999"]).dataset.report["notes"] == []


def test_a_zone_by_name_is_said() -> None:
    assert read_times(["Thu Jan 16 09:10:03 CST 2020"]).notes == ["The time zone “CST” is read as UTC-6."]
    assert read_times(["Thu Jan 16 09:10:03 UTC 2020"]).notes == []


# --- files that run from the newest to the oldest ---


def history(tmp_path: Path, rows: list[tuple[str, str, str]]) -> tuple[list[str], list[str]]:
    """The items of the first user, oldest first, and the notes."""
    path = write_table(tmp_path / "f.csv", [["user", "item", "date"], *rows])
    dataset = import_files(ImportPlan(path)).dataset
    first = dataset.items[dataset.offsets[0] : dataset.offsets[1]]
    return [dataset.item_ids[code - 1] for code in first], dataset.report["notes"]


LOG = [(f"u{n % 3}", f"i{n:02}", f"2020-01-{1 + n // 6:02}") for n in range(72)]
"""Two interactions of each of three users a day."""


def test_ties_of_a_file_that_runs_backwards_are_read_backwards(tmp_path: Path) -> None:
    items, notes = history(tmp_path, LOG[::-1])
    assert items == [item for user, item, _ in LOG if user == "u2"]
    assert notes == [
        "“f.csv” runs from the newest to the oldest; 72 rows of a user with the time of another are read backwards, "
        "too."
    ]


def test_ties_of_a_file_of_users_newest_first_are_read_backwards(tmp_path: Path) -> None:
    rows = [row for user in ("u0", "u1", "u2") for row in LOG[::-1] if row[0] == user]
    assert history(tmp_path, rows)[0] == [item for user, item, _ in LOG if user == "u0"]


def test_ties_of_other_files_keep_the_order_of_the_file(tmp_path: Path) -> None:
    assert history(tmp_path, LOG) == ([item for user, item, _ in LOG if user == "u0"], [])
    mixed = [LOG[(n * 17) % 72] for n in range(72)]
    of_first = [row for row in mixed if row[0] == mixed[0][0]]
    assert history(tmp_path, mixed)[0] == [item for _, item, _ in sorted(of_first, key=lambda row: row[2])]


def test_a_short_file_is_not_taken_to_run_backwards(tmp_path: Path) -> None:
    rows = [("a", "x", "2020-01-02"), ("a", "y", "2020-01-02"), ("a", "z", "2020-01-01")]
    assert history(tmp_path, rows) == (["z", "x", "y"], [])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("pattern", "behind"),
    [("%d. Juli %Y um %H:%M Uhr", 0), ("%Y-%m-%d %I:%M AM PST", 8)],
)
def test_odd_times_of_a_large_column_cost_some_microseconds_and_say_the_same(pattern: str, behind: int) -> None:
    """Dozens of usual patterns, of which none reads them, took 50 µs of each row."""
    moments = [datetime(2017, 7, 1 + n % 28, 1 + n % 11, n % 60, tzinfo=UTC) for n in range(TUNED_FROM)]
    texts = [moment.strftime(pattern) for moment in moments]
    begun = time.process_time()
    found = seconds_of(texts)
    assert time.process_time() - begun < 5.0  # it was 8 to 20
    assert found == [int(moment.timestamp()) + 3600 * behind for moment in moments]
    assert found[:300] == seconds_of(texts[:300])
