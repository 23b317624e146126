"""Rules by the dialog: they hold on the page and in the export, say what they cost, and are stored."""

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QWidget

from recdesk.data.manifest import describe, identity_of
from recdesk.gui.pages.recommend.page_commands import OF_ITEM
from recdesk.gui.pages.recommend.rules_control import RulesControl
from recdesk.gui.pages.recommend.rules_dialog import RulesDialog
from recdesk.gui.session import Session
from recdesk.recommend.rules import Condition, Rules, to_record
from recdesk.workspace.workspace import Workspace
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import add_dataset, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    return RecommendPageDriver(session, qtbot)


def test_rules_hold_on_the_page_and_in_the_file_and_their_cost_is_said(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    page, dataset = driver.page, driver.model.dataset
    plain = driver.top()
    blocked = tmp_path / "blocked.txt"
    blocked.write_text(f"{dataset.item_ids[plain[0] - 1]}\n")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(blocked), ""))
    said: list[str] = []

    def fill(dialog: QWidget) -> None:
        assert isinstance(dialog, RulesDialog)
        driver.click(dialog.block.file)
        driver.until(lambda: dialog.block.ids is not None)
        driver.choose(dialog.conditions.feature, "title")
        driver.qtbot.keyClicks(dialog.conditions.value, "no. ")
        driver.click(dialog.conditions.plus)
        driver.write(dialog.cap, "3")
        driver.choose(dialog.cap_feature, "genre")
        driver.until(lambda: dialog.cost.text().startswith("NDCG@10"))
        said.append(dialog.cost.text())
        driver.qtbot.keyClicks(dialog.name, "shop")
        driver.click(dialog.save)
        driver.until(lambda: dialog.stored_box.count() == 2)
        driver.click(dialog.use)

    driver.when_asked(fill)
    driver.click(page.steering.chip)
    driver.settle()
    rules = Rules("shop", None, (str(dataset.item_ids[plain[0] - 1]),), (Condition("title", "contains", ("no.",)),),
                  "genre", 3)  # fmt: skip
    assert page.steering.rules == rules and driver.session.workspace.rules() == [rules]
    bound = driver.model.bind(rules)
    history = dataset.histories().row(page.history.user)
    assert driver.top() == driver.expected(history, rules=bound) and len(driver.top()) == 6
    assert plain[0] not in driver.top()
    assert "60 people" in said[0]
    assert page.steering.chip.text() == "shop" and "never 1 blocked item" in page.steering.chip.toolTip()
    assert page.top.hint.text() == "Only 6 items: with at most 3 of the same genre, no other fits."

    def export(dialog: QWidget) -> None:
        buttons = dialog.findChild(QDialogButtonBox)
        driver.click(next(b for b in buttons.buttons() if b.text() == "Choose file…"))

    driver.will_save_as(monkeypatch, tmp_path / "out.csv")
    driver.when_asked(export)
    driver.click(page.export_button)
    driver.settle()
    frame = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    own = frame.item_id[frame.user_id == page.history.name(page.history.user)]
    assert own.tolist() == [dataset.item_ids[code - 1] for code in driver.top()]


def test_an_item_is_blocked_from_its_menu_by_title_and_stays_so_after_a_restart(driver: RecommendPageDriver, qtbot):
    plain, said = driver.top(), []
    driver.session.status_changed.connect(said.append)
    driver.page.top.table.selectRow(1)
    driver.settle()
    item = driver.page.top.code
    assert "recommend.block" in OF_ITEM
    driver.session.actions.trigger("recommend.block")
    driver.settle()
    assert item not in driver.top() and set(plain) - set(driver.top()) == {item}
    title = str(driver.model.dataset.titles[item - 1])
    assert title in said[-1]
    shown = []
    driver.when_asked(lambda dialog: (shown.append(dialog.block.words.text()), driver.click(dialog.use)))
    driver.session.actions.trigger("recommend.rules")
    driver.settle()
    assert shown == [f"1: {title}"]
    rules = driver.page.steering.rules
    again = RulesControl(driver.session, driver.page)
    again.open(driver.page.run, driver.model, [], driver.page.steering._identity)
    assert again.rules == rules and rules.block == (str(driver.model.dataset.item_ids[item - 1]),)
    driver.session.preferences.set_rules(driver.session.workspace.folder, driver.page.run.dataset_name, {"cap": "x"})
    damaged = RulesControl(driver.session, driver.page)
    said.clear()
    damaged.open(driver.page.run, driver.model, [])
    assert damaged.rules == Rules() and said == []
    mixed = Rules(
        block=("001",),
        conditions=(Condition("year", "between", ("1990", "1999")), Condition("genre", "contains", ("e",))),
    )
    driver.session.preferences.set_rules(
        driver.session.workspace.folder, driver.page.run.dataset_name, to_record(mixed)
    )
    older = RulesControl(driver.session, driver.page)
    older.open(driver.page.run, driver.model, [])
    assert older.rules == Rules(block=("001",), conditions=mixed.conditions[1:]) and "not used" in said[-1]


def test_rules_are_those_of_a_dataset_and_its_newer_versions_and_of_no_other_one_of_its_name(
    driver: RecommendPageDriver, tmp_path: Path
):
    page, session, workspace = driver.page, driver.session, driver.session.workspace
    identity = identity_of(describe(workspace.folder / "datasets" / "chain"))
    page.steering.use(Rules(block=("001",)))
    workspace.remove_dataset("chain")  # by a command, say
    assert add_dataset(workspace) == "chain"
    other = identity_of(describe(workspace.folder / "datasets" / "chain"))
    page.steering.open(page.run, driver.model, [], other)
    assert page.steering.rules == Rules() and identity != other
    again = RulesControl(session, page)
    for which, rules in ((other, Rules()), (identity, Rules(block=("001",)))):
        again.open(page.run, driver.model, [], which)
        assert again.rules == rules


def test_an_item_can_be_blocked_and_no_rules_shows_everything_again(driver: RecommendPageDriver):
    plain = driver.top()
    driver.page.steering.block(str(driver.model.dataset.item_ids[plain[2] - 1]))
    driver.settle()
    assert driver.top()[:9] == [*plain[:2], *plain[3:]]
    driver.when_asked(lambda dialog: (driver.click(dialog.none), driver.click(dialog.use)))
    driver.click(driver.page.steering.chip)
    driver.settle()
    assert driver.top() == plain and driver.page.steering.chip.text() == "rules…"


def test_the_dialog_shows_rules_as_they_are_and_says_what_is_wrong(qapp, qtbot, check_controls):
    rules = Rules("shop", ("1", "2"), ("3",), (Condition("year", "between", ("1990", "1999")),), "genre", 2, "title", 4,
                  0.35, "genre", 0.5)  # fmt: skip
    dialog = RulesDialog(["title", "genre", "year"], [rules], rules, lambda path, done: None)
    qtbot.addWidget(dialog)
    check_controls(dialog)
    assert dialog.rules() == rules
    box = dialog.conditions
    box.feature.setCurrentText("year")
    box.kind.setCurrentText("at least")
    box.value.setText("old")
    box.add()
    assert box.problem.text().startswith("“old” is no number.") and dialog.rules() == rules
    dialog.show_rules(Rules())
    assert dialog.rules() == Rules(diversity_feature="")
    bare = RulesDialog([], [], Rules(), lambda path, done: None)
    qtbot.addWidget(bare)
    assert not bare.cap.isEnabled() and bare.rules().empty
