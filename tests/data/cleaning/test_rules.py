"""Rules as values: in words, as dates, on disk."""

from datetime import datetime, tzinfo

import pytest

from recdesk.core.errors import UsageError
from recdesk.data.cleaning import rules
from recdesk.data.cleaning.rules import Rules, moment, moment_text


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02-29", 1_709_164_800, 1_709_251_199),
        ("2024-02", 1_706_745_600, 1_709_251_199),
        ("2023-12", 1_701_388_800, 1_704_067_199),
        ("2024", 1_704_067_200, 1_735_689_599),
        ("2024-02-29 12:00", 1_709_208_000, 1_709_208_000),
        ("2024-02-29T12:00:01+08:00", 1_709_179_201, 1_709_179_201),
    ],
)
def test_a_day_a_month_or_a_year_has_a_first_and_a_last_second(text: str, first: int, last: int) -> None:
    assert (moment(text), moment(text, end=True)) == (first, last)


@pytest.mark.parametrize("text", ["", "yesterday", "2024-02-30", "2024-13", "24.12.2024", "99999-01-01"])
def test_what_is_no_date_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match=f"“{text}” is no date"):
        moment(text)


def test_a_moment_is_told_as_a_day_where_it_bounds_one() -> None:
    assert moment_text(moment("2024-02-29")) == moment_text(moment("2024-02-29", end=True)) == "2024-02-29"
    assert moment_text(1_709_208_000) == "2024-02-29 12:00:00"


def test_moments_before_1970_are_told_on_windows_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class OfWindows(datetime):
        @classmethod
        def fromtimestamp(cls, timestamp: float, tz: tzinfo | None = None) -> "OfWindows":
            if timestamp < 0:
                raise OSError(22, "Invalid argument")
            return super().fromtimestamp(timestamp, tz)

    monkeypatch.setattr(rules, "datetime", OfWindows)
    assert moment_text(moment("1869-05-10")) == "1869-05-10"
    assert moment_text(-1) == "1969-12-31"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Rules(), ""),
        (Rules(k_core=1), ""),
        (Rules(k_core=5), "5-core"),
        (Rules(min_user=3), "users with fewer than 3 interactions"),
        (Rules(min_item=4), "items with fewer than 4 interactions"),
        (Rules(k_core=2, min_user=3), "users with fewer than 3 or items with fewer than 2 interactions"),
        (Rules(k_core=3, min_user=2), "3-core"),
    ],
)
def test_the_last_rule_in_words(asked: Rules, words: str) -> None:
    assert asked.core == words


def test_rules_come_back_from_their_plain_values_and_from_those_of_older_datasets() -> None:
    rules = Rules(events=("view", "buy"), since=3, min_rating=2.5, duplicates="last", min_item=2, normalise_ids=True)
    assert Rules.from_dict(rules.to_dict()) == rules
    old = {"min_rating": 3.0, "k_core": 2, "duplicates": "first", "dialect": {}, "roles": {"user": "u"}}
    assert Rules.from_dict(old) == Rules(min_rating=3.0, k_core=2, duplicates="first")


@pytest.mark.parametrize("bound", ["since", "until"])
def test_a_bound_that_no_calendar_knows_is_refused(bound: str):
    with pytest.raises(UsageError, match="is no moment between the years 1 and 9999"):
        Rules(**{bound: 2**40}).check()
