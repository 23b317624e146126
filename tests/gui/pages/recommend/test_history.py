"""Edits of histories: undone, done again, kept for each person until discarded, and given as plain values."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication

from recdesk.data.dataset import Dataset
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import answer, button, trained_workspace

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
    assert history.ratings == [5, 3, None]
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
        {"user": "a", "removed": [[0]], "added": [], "wish": ""},
        {"user": "a"},
        {},
    ],
)
def test_edits_that_do_not_fit_the_data_are_counted_and_kept(record: dict, qapp):
    history = History()
    assert history.open(three_users(), [record]) == 1
    assert history.people() == [] and history.records() == [record]


def test_items_are_moved_and_moved_back_and_the_order_is_kept(history: History, qapp):
    history.move(0, 2)
    assert (history.codes, history.edited, history.moved) == ([2, 3, 1], True, True)
    history.add(9)
    history.move(3, 0)
    history.move(7, 0)  # there is no such place
    assert history.codes == [9, 2, 3, 1]
    records = json.loads(json.dumps(history.records()))
    later = History()
    assert later.open(three_users(), records) == 0
    later.show(0)
    assert later.codes == [9, 2, 3, 1] and later.records() == records
    for _ in range(3):
        history.undo()
    assert (history.codes, history.edited) == ([1, 2, 3], False)
    history.redo()
    assert history.codes == [2, 3, 1]


def test_of_moved_items_those_that_came_since_stand_last(history: History, qapp):
    history.move(2, 0)
    records = history.records()
    grown = replace(
        three_users(), offsets=np.array([0, 4, 6, 7]), items=np.array([1, 2, 3, 8, 4, 5, 6], np.int32), times=None,
        ratings=None,
    )  # fmt: skip
    later = History()
    later.open(grown, records)
    later.show(0)
    assert later.codes == [3, 1, 2, 8]


def test_an_item_that_is_gone_is_kept_and_counts_for_nothing(qapp):
    record = {"user": "a", "removed": [], "added": ["no such item"], "wish": ""}
    history = History()
    assert history.open(three_users(), [record]) == 0
    history.show(0)
    assert (history.codes, history.gone, history.entries[-1].gone) == ([1, 2, 3], 1, "no such item")
    assert [person.codes for person in history.people()] == [(1, 2, 3)] and history.records() == [record]
    history.remove(3)
    assert history.gone == 0 and not history.edited


def test_people_are_saved_under_a_name_and_come_back(history: History, qapp):
    history.remove(0)
    history.set_wish("robots")
    saved = history.save_as("Anna without 1")
    assert saved < 0 and (history.user, history.codes, history.saved) == (saved, [2, 3], True)
    history.add(9)
    history.new_person()
    history.add(7)
    history.save_as("Ben")
    assert history.name(history.user) == "Ben" and history.is_user("a") and not history.is_user("Ben")
    records = json.loads(json.dumps(history.records()))
    assert [record.get("of") for record in records] == ["a", None, None]
    later = History()
    assert later.open(three_users(), records) == 0
    assert [(person.name, person.codes, person.wish, person.saved) for person in later.people()] == [
        ("Anna without 1", (2, 3, 9), "robots", True), ("Ben", (7,), "", True), ("a", (2, 3), "robots", False),
    ]  # fmt: skip


def test_a_person_who_is_saved_under_the_name_of_another_one_replaces_them(history: History):
    history.new_person()
    history.add(7)
    history.save_as("Ben")
    history.show(1)
    history.add(9)
    history.save_as("Ben")
    assert [(person.name, person.codes) for person in history.people() if person.user < 0] == [("Ben", (4, 5, 9))]


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


def test_the_history_is_put_in_another_order_by_keys_and_by_dragging(driver: RecommendPageDriver):
    page, table = driver.page, driver.page.history_card.table
    before = page.history.codes
    table.setFocus()
    table.choose(0)
    driver.qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    driver.settle()
    assert page.history.codes == [*before[:-2], before[-1], before[-2]] and table.chosen() == 1
    assert driver.top() == driver.expected(page.history.codes)
    driver.qtbot.keyClick(table, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert page.history.codes == before and not page.history.edited
    height = table.verticalHeader().defaultSectionSize()
    start = table.visualRect(table.model().index(0, 0)).center()
    driver.qtbot.mousePress(table.viewport(), Qt.MouseButton.LeftButton, pos=start)
    end = start + QPoint(0, 3 * height + height // 4)
    for at in (start + QPoint(0, height), end):
        send_move(table.viewport(), at)
    driver.qtbot.mouseRelease(table.viewport(), Qt.MouseButton.LeftButton, pos=end)
    driver.settle()
    assert page.history.codes == [*before[:-4], before[-1], *before[-4:-1]]
    driver.click(page.undo_button)
    assert page.history.codes == before


def test_a_person_is_saved_found_by_name_and_forgotten_after_a_question(
    driver: RecommendPageDriver, session: Session, qtbot
):
    page = driver.page
    driver.take_out(0)
    edited = page.history.codes

    def name(dialog) -> None:
        qtbot.keyClicks(dialog.line, "user-001")
        assert not dialog.accept_button.isEnabled() and "id of a user" in dialog.problem.text()
        dialog.line.setText("Anna")
        driver.click(dialog.accept_button)

    driver.when_asked(name)
    driver.click(page.history_card.save)
    driver.settle()
    assert page.history.codes == edited and page.history.user < 0
    assert cells(page.users.changed) == [["★ Anna", "×"], ["✎ user-000", "×"]]
    driver.window.close()
    later = RecommendPageDriver(session, qtbot)
    qtbot.keyClicks(later.page.users.search, "ann")
    later.settle()
    assert cells(later.page.users.changed) == [["★ Anna", "×"]] and not later.page.users.hint.isVisible()
    later.click_cell(later.page.users.changed, 0, 0)
    later.settle()
    assert later.page.history.codes == edited and later.top() == later.expected(edited)
    for choice, left in (("Keep", ["★ Anna"]), ("Forget", [])):
        answer(choice)
        later.click_cell(later.page.users.changed, 0, 1)
        later.settle()
        assert [row[0] for row in cells(later.page.users.changed)] == left


def test_a_history_says_which_of_its_items_are_gone(workspace: Workspace, session: Session, qtbot):
    workspace.save_edits("chain", [{"user": "user-000", "removed": [], "added": ["gone-7"], "wish": ""}])
    driver = RecommendPageDriver(session, qtbot)
    card = driver.page.history_card
    assert driver.history()[0] == "gone-7 · not in the catalogue"
    assert card.gone.text().startswith("1 item of the history is not in the catalogue")
    assert driver.top() == driver.expected(driver.model.dataset.histories().row(0).tolist())
    driver.take_out(0)
    assert not card.gone.isVisible() and not driver.page.history.edited


def send_move(viewport, at: QPoint) -> None:
    """Move the mouse with the left button held, which `qtbot.mouseMove` does not."""
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(viewport.mapToGlobal(at)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)
