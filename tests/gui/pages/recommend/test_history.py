"""Edits of histories: undone, done again, kept for each person until discarded, and given as plain values."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtGui import QKeySequence

from recdesk.data.dataset import Dataset
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import button, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    return RecommendPageDriver(session, qtbot)


def three_users() -> Dataset:
    """Users a, b and c with items 1 2 3, 4 5 and 6."""
    return replace(
        chain_dataset(),
        user_ids=pd.Index(["a", "b", "c"], dtype="str"),
        offsets=np.array([0, 3, 5, 6]),
        items=np.arange(1, 7, dtype=np.int32),
        times=np.arange(100, 700, 100),
        ratings=np.array([5, np.nan, 3, 1, 2, 4], np.float32),
    )


@pytest.fixture
def history(qapp) -> History:
    made = History()
    made.open(three_users())
    made.show(0)
    return made


def test_every_edit_can_be_undone_and_done_again(history: History):
    heard: list[list[int]] = []
    history.changed.connect(lambda: heard.append(history.codes))
    history.remove(1)
    history.add(9)
    history.set_wish("robots")
    assert (history.codes, history.original, history.wish, history.edited) == ([1, 3, 9], [1, 2, 3], "robots", True)
    assert [entry.when for entry in history.entries] == [100, 300, None]
    assert [entry.rating for entry in history.entries] == [5, 3, None]
    assert (history.removed, history.added) == (1, 1)
    for _ in range(5):
        history.undo()
    assert (history.codes, history.wish, history.edited, history.can_undo) == ([1, 2, 3], "", False, False)
    for _ in range(5):
        history.redo()
    assert (history.codes, history.wish, history.can_redo) == ([1, 3, 9], "robots", False)
    history.undo()
    history.remove(0)
    assert not history.can_redo
    assert heard == [[1, 3], *[[1, 3, 9]] * 3, [1, 3], [1, 2, 3], [1, 3], *[[1, 3, 9]] * 3, [3, 9]]


def test_edits_are_kept_for_each_person_until_discarded(history: History):
    history.remove(0)
    history.show(1)
    history.add(9)
    history.show(2)
    new = history.new_person()
    history.add(7)
    assert [(person.name, person.codes) for person in history.people()] == [
        ("New person 1", (7,)), ("a", (2, 3)), ("b", (4, 5, 9)),
    ]  # fmt: skip
    history.show(0)
    assert (history.codes, history.can_undo) == ([2, 3], True)
    history.discard(0)
    assert (history.codes, history.edited) == ([1, 2, 3], False)
    history.undo()
    assert history.codes == [2, 3]
    history.discard(0)
    history.discard(1)
    history.discard(new)
    assert history.people() == []
    assert history.new_person() == -1 and history.name(-1) == "New person 1"


def test_edits_go_through_plain_values_though_the_data_has_grown_meanwhile(history: History, qapp):
    history.remove(1)
    history.add(9)
    history.new_person()
    history.add(7)
    history.set_wish("robots")
    records = json.loads(json.dumps(history.records()))
    grown = replace(
        three_users(),
        offsets=np.array([0, 4, 6, 7]),
        items=np.array([8, 1, 2, 3, 4, 5, 6], np.int32),
        times=np.arange(100, 800, 100),
        ratings=None,
    )
    later = History()
    assert later.open(grown, records) == 0
    assert [(person.name, person.codes, person.wish) for person in later.people()] == [
        ("New person 1", (7,), "robots"), ("a", (8, 1, 3, 9), ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "record",
    [
        {"user": "nobody", "removed": [], "added": [], "wish": ""},
        {"user": "a", "removed": [], "added": ["no such item"], "wish": ""},
        {"user": "a", "removed": [[0]], "added": [], "wish": ""},
        {"user": "a"},
        {},
    ],
)
def test_edits_that_do_not_fit_the_data_are_counted_and_kept(record: dict, qapp):
    history = History()
    assert history.open(three_users(), [record]) == 1
    assert history.people() == [] and history.records() == [record]


def test_an_edit_and_a_new_person_are_there_after_another_one_was_chosen_and_after_a_restart(
    driver: RecommendPageDriver, session: Session, qtbot
):
    page = driver.page
    driver.take_out(0)
    edited = page.history.codes
    driver.click(button(page.users, "+ new"))
    driver.settle()
    driver.add("0033")
    driver.choose_user(3)
    assert cells(page.users.changed) == [["New person 1", "×"], ["✎ user-000", "×"]]
    assert [row[0] for row in cells(page.users.table)][:2] == ["✎ user-000", "user-001"]
    driver.click_cell(page.users.changed, 0, 0)
    driver.settle()
    assert page.history.codes == [33] and driver.top() == driver.expected([33])
    driver.choose_user(0)
    assert page.history.codes == edited and driver.top() == driver.expected(edited)
    driver.window.close()
    later = RecommendPageDriver(session, qtbot)
    assert cells(later.page.users.changed) == [["New person 1", "×"], ["✎ user-000", "×"]]
    assert later.page.history.codes == edited and later.top() == later.expected(edited)


def test_edits_are_discarded_by_hand_alone(driver: RecommendPageDriver, session: Session):
    page, whole = driver.page, driver.page.history.codes
    driver.take_out(0)
    assert page.history_card.discard.isVisible()
    driver.click(page.history_card.discard)
    driver.settle()
    assert page.history.codes == whole and not page.users.changed.isVisible()
    assert not page.history_card.discard.isVisible()
    driver.click(page.undo_button)
    driver.settle()
    assert page.history.codes == whole[:-1]
    driver.click(button(page.users, "+ new"))
    driver.settle()
    driver.click_cell(page.users.changed, 0, 1)
    driver.settle()
    assert page.history.user == 0 and cells(page.users.changed) == [["✎ user-000", "×"]]
    session.jobs._pool.waitForDone()
    (record,) = session.workspace.edits("chain")
    assert record["user"] == "user-000" and len(record["removed"]) == 1


def test_what_was_undone_is_done_again_by_button_and_key(driver: RecommendPageDriver):
    page = driver.page
    driver.take_out(0)
    driver.take_out(0)
    edited = page.history.codes
    driver.click(page.undo_button)
    driver.click(page.undo_button)
    assert page.redo_button.isEnabled()
    driver.click(page.redo_button)
    driver.qtbot.keySequence(driver.window, QKeySequence("Ctrl+Shift+Z"))
    driver.settle()
    assert page.history.codes == edited and not page.redo_button.isEnabled()
    assert driver.top() == driver.expected(edited)
    driver.add("0033")
    assert "history edited: 2 removed, 1 added" in labels(driver.window.strip)


def test_another_run_shows_the_same_person_with_the_same_edits(driver: RecommendPageDriver):
    page = driver.page
    driver.choose_user(4)
    driver.take_out(0)
    edited = page.history.codes
    page.loader.open(page.run)
    driver.settle()
    assert page.history.user == 4 and page.history.codes == edited
    assert driver.top() == driver.expected(edited)


def test_edits_that_this_run_does_not_know_are_named_on_the_page(workspace: Workspace, session: Session, qtbot):
    record = {"user": "nobody", "removed": [], "added": [], "wish": ""}
    workspace.save_edits("chain", [record])
    driver = RecommendPageDriver(session, qtbot)
    assert driver.page.note.isVisible()
    assert driver.page.note.text().startswith("1 edit is of a person or an item that bert-causal")
    driver.take_out(0)
    session.jobs._pool.waitForDone()
    assert record in workspace.edits("chain")
