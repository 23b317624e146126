"""Rules with what they remove, counted before an import."""

import threading
from pathlib import Path

import pytest

import recdesk.data.importing as importing
from recdesk.data.cleaning.rules import Rules
from recdesk.data.importing import take_in
from recdesk.data.plan import ImportPlan
from recdesk.gui.pages.data.rejects import RejectsDialog
from recdesk.gui.pages.data.rules_form import RulesForm
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.pages.data.driver import RATINGS, DataPageDriver, write

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

EVENTS = "user,item,rating,time,event\n" + "".join(
    f"u{n % 9},i{n % 7},{n % 5 + 1},{1_600_000_000 + 86_400 * n},{('view', 'buy', 'cart')[n % 3]}\n" for n in range(90)
)


def counted(driver: DataPageDriver) -> None:
    """Wait until the counts are of the rules as they stand."""
    driver.settle()
    driver.qtbot.waitUntil(lambda: driver.view.reader.forecast is not None or driver.view.reader.error is not None)


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
def test_every_effect_belongs_to_its_rule(rules: Rules, tmp_path: Path):
    (path,) = write(tmp_path, events=EVENTS)
    told = take_in(ImportPlan(path)).forecast(rules)
    on = list(rules.steps.values())
    assert len(on) == len(told.effects)
    words = {name: effect.rule for name, effect in zip(on, told.effects, strict=True)}
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


def test_what_each_rule_removes_stands_beside_it_before_the_import(driver: DataPageDriver, tmp_path: Path):
    rows = "a,x,5,100\na,y,4,200\nb,x,3,100\nb,y,3,200\nb,z,1,300\na,z,2,300\na,x,5,100\nc,x,5,100\n"
    driver.prepare(*write(tmp_path, good="user,item,rating,time\n" + rows))
    card = driver.view.rules
    counted(driver)
    assert card.counts("duplicates") == ["−1", "0", "0"]
    assert card.counts("min_rating") == ["", "", ""]
    assert card.left.text() == "8 rows read, 7 kept: 3 users, 3 items."
    driver.write(card.form.control("min_rating"), "2.5")
    driver.write(card.form.control("k_core"), "2")
    counted(driver)
    assert [card.counts(name) for name in ("min_rating", "duplicates", "k_core")] == [
        ["−2", "0", "−1"],
        ["−1", "0", "0"],
        ["−1", "−1", "0"],
    ]
    assert card.left.text() == "8 rows read, 4 kept: 2 users, 2 items."
    driver.take()
    assert (driver.session.dataset.n_interactions, driver.session.dataset.n_users) == (4, 2)


def test_the_file_is_read_once_while_only_rules_change_and_the_import_uses_it(
    driver: DataPageDriver, tmp_path: Path, monkeypatch
):
    reads = []
    read = importing.take_in

    def counting(plan, *more):
        reads.append(plan)
        return read(plan, *more)

    monkeypatch.setattr(importing, "take_in", counting)
    driver.prepare(*write(tmp_path, events=EVENTS))
    counted(driver)
    form = driver.view.rules.form
    for value in (2, 3):
        form.control("k_core").setValue(value)
        counted(driver)
    driver.click(driver.view.privacy.pseudonyms)
    driver.take()
    assert len(reads) == 1
    assert driver.view.reader.intake is None  # let go of


def test_another_column_is_read_anew(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    counted(driver)
    first = driver.view.reader.intake
    driver.choose_role(3, "–")
    counted(driver)
    second = driver.view.reader.intake
    assert second is not first
    assert second.rows.times is None
    assert not driver.view.rules.form.control("since").isEnabled()


def test_the_rarer_rules_are_one_click_away_and_said_when_in_use(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    card = driver.view.rules
    assert not card.form.control("since").isVisible()
    driver.click(card.more)
    driver.write(card.form.control("since"), "2020-10-01")
    driver.write(card.form.control("max_user"), "9")
    counted(driver)
    assert card.counts("since") == ["−18", "0", "0"]
    assert card.counts("max_user") == ["0", "0", "0"]
    driver.click(card.more)
    assert card.more.text() == "More rules (2 in use) ›"
    driver.take()
    assert driver.session.dataset.rules["since"] == 1_601_510_400


def test_text_that_is_no_date_is_refused_with_a_sentence(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    card = driver.view.rules
    driver.click(card.more)
    driver.write(card.form.control("since"), "soon")
    assert card.message.text().startswith("“soon” is no date.")
    assert driver.view.draft.plan.since is None


def test_types_of_events_are_chosen_from_those_that_were_met(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    counted(driver)
    card = driver.view.rules
    driver.click(card.more)
    menu = card.form.control("events").menu_of_types()
    assert [action.text() for action in menu.actions()] == ["view · 30", "buy · 30", "cart · 30"]
    menu.actions()[2].trigger()
    counted(driver)
    assert card.form.control("events").text() == "view, buy"
    assert card.counts("events")[0] == "−30"
    menu.deleteLater()


def test_invalid_rules_are_explained_beside_them(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    card = driver.view.rules
    driver.click(card.more)
    driver.write(card.form.control("since"), "2021-01-01")
    driver.write(card.form.control("until"), "2020-01-01")
    counted(driver)
    assert card.message.text().startswith("The first day that stays (2021-01-01) is later than the last")
    assert card.left.text() == ""


def test_a_rule_whose_column_is_gone_can_be_taken_back(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, events=EVENTS))
    card = driver.view.rules
    driver.write(card.form.control("min_rating"), "2")
    driver.choose_role(2, "–")
    counted(driver)
    assert card.message.text().startswith("“events.csv” has no ratings, so there is no lowest rating to keep.")
    card.form.control("min_rating").set_number(None)
    counted(driver)
    assert card.left.text() == "90 rows read, 90 kept: 9 users, 7 items."
    assert not card.form.control("min_rating").isEnabled()


def test_rules_that_were_unfolded_leave_no_void_on_the_page_afterwards(driver: DataPageDriver, tmp_path: Path):
    (ratings,) = write(tmp_path, ratings=RATINGS)
    content = driver.page.body.parentWidget()
    height = content.height()
    for _ in range(2):
        driver.prepare(ratings)
        folded = content.height()
        driver.click(driver.view.rules.more)
        driver.qtbot.waitUntil(lambda low=folded: content.height() > low)
        driver.click(driver.page.cancel_button)
        driver.qtbot.waitUntil(lambda: content.height() == height, timeout=2000)


def test_notes_that_need_the_whole_file_are_shown_before_the_import(driver: DataPageDriver, tmp_path: Path):
    days = [f"u{n % 5},i{n % 7},0{n % 9 + 1}/02/2024\n" for n in range(600)]
    text = "user,item,when\n" + "".join(days) + "u1,i1,25/02/2024\n"
    driver.prepare(*write(tmp_path, days=text))
    counted(driver)
    said = "\n".join(labels(driver.view.preview))
    assert "The dates are read with the day first, as “25/02/2024” shows." in said
    assert "the month was taken" not in said


def test_rows_that_cannot_be_used_are_seen_before_the_import(driver: DataPageDriver, tmp_path: Path):
    text = "user,item,rating,time\na,x,5,100\na,y,good,200\nb,x,3,soon\nb,y,2,200\nb,x,4,400\n"
    driver.prepare(*write(tmp_path, good=text))
    counted(driver)
    assert "1 cannot be used: a rating that is no number" in driver.view.rules.message.text()
    driver.click(driver.view.rules.show_rejects)
    (dialog,) = driver.view.rules.findChildren(RejectsDialog)
    assert [row[1:3] for row in cells(dialog.table)] == [["3", "rating"], ["4", "time"]]
    dialog.close()


@pytest.fixture
def slow(driver: DataPageDriver, tmp_path: Path, monkeypatch) -> threading.Event:
    """A file that is being read until the event is set, or nobody wants it any more."""
    go_on, at_work, read = threading.Event(), threading.Event(), importing.take_in

    def waiting(plan, task):
        task.report(0.2, "Reading slow.csv: 1 of 2 MB")
        at_work.set()
        while not go_on.wait(0.01):
            if task.cancelled:
                break
        return read(plan, task)

    monkeypatch.setattr(importing, "take_in", waiting)
    driver.drop(driver.page.add_card.zone, write(tmp_path, slow=RATINGS))
    driver.qtbot.waitUntil(at_work.is_set)
    return go_on


def test_reading_shows_progress_and_can_be_stopped(driver: DataPageDriver, slow: threading.Event):
    card = driver.view.rules
    driver.qtbot.waitUntil(lambda: card.message.text() == "Reading slow.csv: 1 of 2 MB")
    assert card.line.value() == pytest.approx(0.2)
    driver.click(card.stop)
    assert driver.view.reader.state == "stopped"
    assert not driver.session.jobs.active()
    assert driver.page.import_button.isEnabled()
    slow.set()
    driver.click(card.count)
    counted(driver)
    assert card.left.text() == "6 rows read, 6 kept: 2 users, 3 items."


def test_an_import_waits_for_the_reading_that_is_under_way(driver: DataPageDriver, slow: threading.Event):
    driver.click(driver.page.import_button)
    assert driver.view.busy
    assert not driver.view.rules.isVisible()
    slow.set()
    driver.qtbot.waitUntil(lambda: driver.session.dataset_name == "slow")
    driver.qtbot.waitUntil(lambda: driver.session.dataset is not None)
    driver.settle()


def test_cancelling_while_it_waits_goes_back_to_the_preparation(driver: DataPageDriver, slow: threading.Event):
    driver.click(driver.page.import_button)
    driver.click(driver.page.cancel_button)
    assert not driver.view.busy
    assert driver.page.import_button.isEnabled()
    assert driver.kept() == []
    slow.set()
    driver.take()
