"""Rules with what they remove, counted before an import."""

import threading
from pathlib import Path

import pytest

import recdesk.data.importing as importing
from recdesk.data.cleaning.rules import Rules
from recdesk.data.importing import take_in
from recdesk.data.planning import ImportPlan
from recdesk.gui.pages.data.effects import by_rule, rules_on
from recdesk.gui.pages.data.rejects_dialog import RejectsDialog
from recdesk.gui.pages.data.rules_form import RulesForm
from tests.gui.desk import RATINGS, Desk, write
from tests.gui.person import cells
from tests.gui.plain import labels

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

EVENTS = "user,item,rating,time,event\n" + "".join(
    f"u{n % 9},i{n % 7},{n % 5 + 1},{1_600_000_000 + 86_400 * n},{('view', 'buy', 'cart')[n % 3]}\n" for n in range(90)
)


def counted(desk: Desk) -> None:
    """Wait until the counts are of the rules as they stand."""
    desk.settle()
    desk.qtbot.waitUntil(lambda: desk.view.reader.forecast is not None or desk.view.reader.error is not None)


@pytest.mark.parametrize(
    "rules",
    [
        Rules(),
        Rules(duplicates="all"),
        Rules(
            normalise_ids=True, events=("view",), since=0, until=2_000_000_000, min_rating=2.0, max_user=50, k_core=2
        ),
        Rules(min_item=2, duplicates="last"),
        Rules(k_core=1, min_user=3),
    ],
)
def test_every_effect_is_told_apart_by_its_rule(rules: Rules, tmp_path: Path):
    (path,) = write(tmp_path, events=EVENTS)
    told = take_in(ImportPlan(path)).forecast(rules)
    assert len(rules_on(rules)) == len(told.effects)
    words = {name: effect.rule for name, effect in by_rule(told, rules).items()}
    expected = {"min_rating": "rating below 2", "events": "events other than view", "duplicates": "dup|repeats"}
    for name, said in words.items():
        if name in expected:
            assert any(part in said for part in expected[name].split("|"))
    if "k_core" in words:
        assert words["k_core"] == "2-core"


def test_every_rule_has_a_control_that_keeps_its_value(qapp, session):
    form = RulesForm(session)
    asked = Rules(
        normalise_ids=True,
        events=("view", "buy"),
        since=86_400,
        until=172_799,
        min_rating=2.5,
        duplicates="last",
        max_user=1000,
        k_core=3,
        min_user=4,
        min_item=5,
    )
    assert form.values().keys() == Rules().to_dict().keys()
    form.set_rules(asked)
    assert Rules(**form.values()) == asked
    form.set_rules(Rules())
    assert Rules(**form.values()) == Rules()
    for row in form.rows:
        row.control.deleteLater()


def test_what_each_rule_removes_stands_beside_it_before_the_import(desk: Desk, tmp_path: Path):
    rows = "a,x,5,100\na,y,4,200\nb,x,3,100\nb,y,3,200\nb,z,1,300\na,z,2,300\na,x,5,100\nc,x,5,100\n"
    desk.prepare(*write(tmp_path, good="user,item,rating,time\n" + rows))
    card = desk.view.rules
    counted(desk)
    assert card.counts("duplicates") == ["−1", "0", "0"]
    assert card.counts("min_rating") == ["", "", ""]
    assert card.left.text() == "Of 8 rows, 7 stay: 3 users, 3 items."
    desk.person.write(card.form.control("min_rating"), "2.5")
    desk.person.write(card.form.control("k_core"), "2")
    counted(desk)
    assert [card.counts(name) for name in ("min_rating", "duplicates", "k_core")] == [
        ["−2", "0", "−1"],
        ["−1", "0", "0"],
        ["−1", "−1", "0"],
    ]
    assert card.left.text() == "Of 8 rows, 4 stay: 2 users, 2 items."
    desk.take()
    assert (desk.session.dataset.n_interactions, desk.session.dataset.n_users) == (4, 2)


def test_the_file_is_read_once_while_only_rules_change_and_the_import_uses_it(desk: Desk, tmp_path: Path, monkeypatch):
    reads = []
    read = importing.take_in

    def counting(plan, *more):
        reads.append(plan)
        return read(plan, *more)

    monkeypatch.setattr(importing, "take_in", counting)
    desk.prepare(*write(tmp_path, events=EVENTS))
    counted(desk)
    form = desk.view.rules.form
    for value in (2, 3):
        form.control("k_core").setValue(value)
        counted(desk)
    desk.person.click(desk.view.privacy.pseudonyms)
    desk.take()
    assert len(reads) == 1
    assert desk.view.reader.intake is None  # let go of


def test_another_column_is_read_anew(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    counted(desk)
    first = desk.view.reader.intake
    desk.choose_role(3, "–")
    counted(desk)
    second = desk.view.reader.intake
    assert second is not first
    assert second.rows.times is None
    assert not desk.view.rules.form.control("since").isEnabled()


def test_the_rarer_rules_are_one_click_away_and_said_when_in_use(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    card = desk.view.rules
    assert not card.form.control("since").isVisible()
    desk.person.click(card.more)
    desk.person.write(card.form.control("since"), "2020-10-01")
    desk.person.write(card.form.control("max_user"), "9")
    counted(desk)
    assert card.counts("since") == ["−18", "0", "0"]
    assert card.counts("max_user") == ["0", "0", "0"]
    desk.person.click(card.more)
    assert card.more.text() == "More rules (2 in use) ›"
    desk.take()
    assert desk.session.dataset.rules["since"] == 1_601_510_400


def test_a_day_that_is_none_is_told_and_not_taken(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    card = desk.view.rules
    desk.person.click(card.more)
    desk.person.write(card.form.control("since"), "soon")
    assert card.said.text().startswith("“soon” is no date.")
    assert desk.view.draft.plan.since is None


def test_types_of_events_are_chosen_from_those_that_were_met(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    counted(desk)
    card = desk.view.rules
    desk.person.click(card.more)
    menu = card.form.control("events").menu_of_types()
    assert [action.text() for action in menu.actions()] == ["view · 30", "buy · 30", "cart · 30"]
    menu.actions()[2].trigger()
    counted(desk)
    assert card.form.control("events").text() == "view, buy"
    assert card.counts("events")[0] == "−30"
    menu.deleteLater()


def test_rules_that_cannot_be_are_told_where_they_stand(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    card = desk.view.rules
    desk.person.click(card.more)
    desk.person.write(card.form.control("since"), "2021-01-01")
    desk.person.write(card.form.control("until"), "2020-01-01")
    counted(desk)
    assert card.said.text().startswith("The first day that stays (2021-01-01) is later than the last")
    assert card.left.text() == ""


def test_a_rule_whose_column_is_gone_can_be_taken_back(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, events=EVENTS))
    card = desk.view.rules
    desk.person.write(card.form.control("min_rating"), "2")
    desk.choose_role(2, "–")
    counted(desk)
    assert card.said.text().startswith("“events.csv” has no ratings, so there is no lowest rating to keep.")
    card.form.control("min_rating").set_number(None)
    counted(desk)
    assert card.left.text() == "Of 90 rows, 90 stay: 9 users, 7 items."
    assert not card.form.control("min_rating").isEnabled()


def test_what_only_the_whole_file_tells_is_said_before_the_import(desk: Desk, tmp_path: Path):
    days = [f"u{n % 5},i{n % 7},0{n % 9 + 1}/02/2024\n" for n in range(600)]
    text = "user,item,when\n" + "".join(days) + "u1,i1,25/02/2024\n"
    desk.prepare(*write(tmp_path, days=text))
    counted(desk)
    said = "\n".join(labels(desk.view.preview))
    assert "The dates are read with the day first, as “25/02/2024” shows." in said
    assert "the month was taken" not in said


def test_rows_that_cannot_be_used_are_seen_before_the_import(desk: Desk, tmp_path: Path):
    text = "user,item,rating,time\na,x,5,100\na,y,good,200\nb,x,3,soon\nb,y,2,200\nb,x,4,400\n"
    desk.prepare(*write(tmp_path, good=text))
    counted(desk)
    assert "1 cannot be used: a rating that is no number" in desk.view.rules.said.text()
    desk.person.click(desk.view.rules.show_rejects)
    (dialog,) = desk.view.rules.findChildren(RejectsDialog)
    assert [row[1:3] for row in cells(dialog.table)] == [["3", "rating"], ["4", "time"]]
    dialog.close()


@pytest.fixture
def slow(desk: Desk, tmp_path: Path, monkeypatch) -> threading.Event:
    """A file that is being read until the event is set, or nobody wants it any more."""
    go_on, at_work, read = threading.Event(), threading.Event(), importing.take_in

    def waiting(plan, progress, cancelled):
        progress(0.2, "Reading slow.csv: 1 of 2 MB")
        at_work.set()
        while not go_on.wait(0.01):
            if cancelled():
                break
        return read(plan, progress, cancelled)

    monkeypatch.setattr(importing, "take_in", waiting)
    desk.person.drop(desk.page.add_card.zone, write(tmp_path, slow=RATINGS))
    desk.qtbot.waitUntil(at_work.is_set)
    return go_on


def test_reading_tells_how_far_it_is_and_can_be_stopped(desk: Desk, slow: threading.Event):
    card = desk.view.rules
    desk.qtbot.waitUntil(lambda: card.said.text() == "Reading slow.csv: 1 of 2 MB")
    assert card.line.value() == pytest.approx(0.2)
    desk.person.click(card.stop)
    assert desk.view.reader.state == "stopped"
    assert not desk.session.jobs.active()
    assert desk.page.import_button.isEnabled()
    slow.set()
    desk.person.click(card.count)
    counted(desk)
    assert card.left.text() == "Of 6 rows, 6 stay: 2 users, 3 items."


def test_an_import_waits_for_the_reading_that_is_under_way(desk: Desk, slow: threading.Event):
    desk.person.click(desk.page.import_button)
    assert desk.view.busy
    assert not desk.view.rules.isVisible()
    slow.set()
    desk.qtbot.waitUntil(lambda: desk.session.dataset_name == "slow")
    desk.qtbot.waitUntil(lambda: desk.session.dataset is not None)
    desk.settle()


def test_cancelling_while_it_waits_goes_back_to_the_preparation(desk: Desk, slow: threading.Event):
    desk.person.click(desk.page.import_button)
    desk.person.click(desk.page.cancel_button)
    assert not desk.view.busy
    assert desk.page.import_button.isEnabled()
    assert desk.kept() == []
    slow.set()
    desk.take()
