"""What rules would remove is told before the import, and comes true."""

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import CancelledError, UsageError
from recdesk.core.task import Task
from recdesk.data.cleaning.rules import Rules
from recdesk.data.importing import Intake, forecast, import_files, take_in
from recdesk.data.plan import ImportPlan
from tests.data.making import write_table


@pytest.fixture(scope="module")
def events_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """3,000 rows with repeats, copies, types of events, unknown ratings and a few broken ones."""
    rng = np.random.default_rng(5)
    rows = [["user", "item", "rating", "time", "action"]]
    for _ in range(2990):
        user, item = rng.geometric(0.05), rng.geometric(0.02)
        rating = ["", "1", "2", "3", "4", "5"][rng.integers(6)]
        rows.append([f"u{user}", f"i{item}", rating, str(rng.integers(0, 900) * 40), "view" if item % 3 else "buy"])
    rows += [["u1", "", "1", "5", "view"], ["u1", "i1", "good", "5", "view"], *([["u1", "i1", "5", "400", "view"]] * 8)]
    return write_table(tmp_path_factory.mktemp("forecast") / "events.csv", rows)


@pytest.fixture(scope="module")
def intake(events_file: Path) -> Intake:
    """The file, read once."""
    return take_in(ImportPlan(events_file, event="action"))


RULES = [
    Rules(),
    Rules(min_rating=3.0, k_core=3),
    Rules(events=("buy",), duplicates="first"),
    Rules(since=7200, until=28_800, duplicates="last", max_user=40),
    Rules(duplicates="all", min_user=4, min_item=7, normalise_ids=True),
    Rules(events=("buy", "view"), since=1, until=35_000, min_rating=2.0, duplicates="last", max_user=60, min_item=3),
]


@pytest.mark.parametrize("rules", RULES, ids=str)
def test_the_forecast_is_what_the_import_does(rules: Rules, intake: Intake) -> None:
    plan = replace(intake.plan, **rules.__dict__)
    told = forecast(plan, intake=intake)
    dataset = import_files(plan, intake=intake).dataset
    assert (told.rows, told.users, told.items) == (dataset.n_interactions, dataset.n_users, dataset.n_items)
    assert told.to_dict()["effects"] == dataset.report["effects"]
    assert {e.rule: e.rows for e in told.effects if e.rows} == dataset.report["dropped"]
    assert (told.read, told.rejected) == (dataset.report["read"], 2)
    assert told.rows + told.rejected + sum(effect.rows for effect in told.effects) == told.read
    unruled = intake.forecast(Rules(duplicates="all"))
    assert unruled.users - sum(effect.users for effect in told.effects) == told.users
    assert unruled.items - sum(effect.items for effect in told.effects) == told.items


def test_every_rule_that_is_on_has_its_line_in_the_order_they_run(intake: Intake) -> None:
    assert [effect.rule for effect in intake.forecast(RULES[-1]).effects] == [
        "events other than buy, view",
        "before 1970-01-01 00:00:01",
        "after 1970-01-01 09:43:20",
        "returns",
        "rating below 2",
        "repeats, last kept",
        "users with more than 60 interactions",
        "items with fewer than 3 interactions",
    ]


def test_rules_are_tried_on_what_was_read_once(events_file: Path, intake: Intake, tmp_path: Path) -> None:
    copy = tmp_path / "events.csv"
    copy.write_bytes(events_file.read_bytes())
    plan = ImportPlan(copy, event="action")
    kept = take_in(plan)
    copy.unlink()  # whoever reads again now fails
    plan = replace(plan, min_rating=3.0, name="again")
    again = import_files(plan, intake=kept).dataset
    assert forecast(plan, intake=kept) == forecast(replace(plan, interactions=events_file))
    fresh = import_files(replace(plan, interactions=events_file)).dataset
    assert (again.content_hash, again.report) == (fresh.content_hash, fresh.report)
    assert again.report["dropped"].keys() == {"rating below 3", "exact duplicates"}
    assert kept.report.dropped == {} and kept.report.kept == 0  # of reading alone


def test_a_plan_that_reads_otherwise_is_read_anew(intake: Intake) -> None:
    plan = intake.plan
    assert intake.serves(replace(plan, min_rating=2.0, k_core=5, events=("buy",), name="n", pseudonyms=True))
    for change in ({"event": None}, {"rating": ""}, {"user": "item", "item": "user"}, {"title": "item"}):
        assert not intake.serves(replace(plan, **change))
    assert forecast(replace(plan, user="item", item="user"), intake=intake).users == intake.forecast(Rules()).items


def test_a_forecast_says_what_is_wrong_with_a_rule(events_file: Path) -> None:
    with pytest.raises(UsageError, match="no types of events"):
        forecast(ImportPlan(events_file, event="", events=("buy",)))
    with pytest.raises(UsageError, match="no rule “some”"):
        forecast(ImportPlan(Path("nowhere.csv"), duplicates="some"))  # type: ignore[arg-type]


def test_a_forecast_can_be_cancelled(intake: Intake) -> None:
    with pytest.raises(CancelledError):
        intake.forecast(Rules(), Task(cancelled=lambda: True))
    asked = itertools.count()
    with pytest.raises(CancelledError):
        intake.forecast(Rules(min_rating=1.0, k_core=2), Task(cancelled=lambda: next(asked) > 2))
