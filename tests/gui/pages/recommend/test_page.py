import csv
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox

from recdesk.data.dataset import Dataset
from recdesk.evaluation.metrics import NEVER
from recdesk.gui.pages.recommend import item_dialogs as item_dialog
from recdesk.gui.pages.recommend.export_dialog import Export, ExportDialog, OnPage
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, MeaningSearch, NewItemDialog, matching
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import ElidedText
from recdesk.workspace.run_results import load_results
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.driver import cells
from tests.gui.markup import MARKED_UP_LONG, as_read, labels
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import add_dataset, button, train, trained_workspace, unplugged

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot) -> RecommendPageDriver:
    return RecommendPageDriver(session, qtbot)


def codes_of(driver: RecommendPageDriver, user: int) -> list[int]:
    dataset = driver.model.dataset
    return dataset.items[dataset.offsets[user] : dataset.offsets[user + 1]].tolist()


# whom


def test_people_are_sorted_by_how_well_the_run_serves_them(driver: RecommendPageDriver):
    users = driver.page.users
    users.order.setCurrentIndex(users.order.findText("worst served first"))
    users.order.activated.emit(users.order.currentIndex())
    dataset = driver.model.dataset
    ranks = load_results(driver.page.run, dataset.n_users, dataset.n_items)["test"].ranks
    middle = np.where(ranks.greater < NEVER, ranks.greater + ranks.equal // 2 + 1, 0)
    assert len(ranks.users) == 60 and 0 in middle  # seen before: never in the list
    expected = [[dataset.user_ids[u], f"{middle[u]}" if middle[u] else "–"] for u in np.argsort(-middle, kind="stable")]
    assert cells(users.table) == expected


def test_the_held_out_item_is_marked_in_the_history_with_its_rank(driver: RecommendPageDriver):
    dataset, card = driver.model.dataset, driver.page.history_card
    ranks = load_results(driver.page.run, dataset.n_users, dataset.n_items)["test"].ranks
    found = int(ranks.users[np.flatnonzero(ranks.greater < 10)[0]])
    never = int(ranks.users[np.flatnonzero(ranks.greater >= NEVER)[0]])
    driver.choose_user(found)
    assert card.table.table_model.columns[0].tones == ["accent", *["text"] * 11]  # the last one, which stands first
    title, rank = driver.history()[0], int((ranks.greater + ranks.equal // 2)[found]) + 1
    assert card.held_out.text() == f"◎ {title} was held out in the test: the run ranked it number {rank}."
    driver.choose_user(never)
    assert card.held_out.text().endswith("was held out in the test, but taken before too, so it is never in the list.")
    driver.take_out(0)
    assert not card.held_out.isVisible() and "accent" not in card.table.table_model.columns[0].tones


def test_without_a_model_the_recommend_page_leads_to_training(tmp_path: Path, preferences: Preferences, qapp, qtbot):
    session = Session(Workspace(tmp_path / "empty"), preferences)
    driver = RecommendPageDriver(session, qtbot)
    assert any("There is no trained model yet." in said for said in labels(driver.page))
    assert not driver.page.export_button.isVisible()
    session.actions.trigger("recommend.export")
    session.actions.trigger("recommend.find")
    driver.click(button(driver.page, "Go to Train"))
    assert driver.window.stack.currentWidget() is driver.window.pages["train"]
    driver.window.close()
    session.deleteLater()


def test_the_first_user_is_there_at_once_with_history_and_recommendations(driver: RecommendPageDriver):
    dataset = driver.model.dataset
    assert [row[0] for row in cells(driver.page.users.table)] == list(dataset.user_ids)
    assert driver.history() == [dataset.titles[code - 1] for code in reversed(codes_of(driver, 0))]
    assert driver.top() == driver.expected(codes_of(driver, 0))
    shown = cells(driver.page.top.table)
    assert [row[0] for row in shown] == [str(rank) for rank in range(1, 11)]
    assert [row[1] for row in shown] == [dataset.titles[code - 1] for code in driver.top()]
    assert [row[2] for row in shown] == [dataset.item_features["genre"].iat[code - 1] for code in driver.top()]


def test_another_user_has_another_list(driver: RecommendPageDriver):
    driver.choose_user(17)
    assert driver.history()[0] == driver.model.dataset.titles[codes_of(driver, 17)[-1] - 1]
    assert driver.top() == driver.expected(codes_of(driver, 17))


def test_users_are_found_by_any_part_of_their_id(driver: RecommendPageDriver):
    users = driver.page.users
    driver.qtbot.keyClicks(users.search, "R-01")
    driver.settle()
    assert [row[0] for row in cells(users.table)] == [f"user-01{n}" for n in range(10)]
    assert users.count.text() == "10"
    assert driver.page.history.user == 10
    assert driver.top() == driver.expected(codes_of(driver, 10))
    users.search.clear()
    driver.settle()
    assert users.count.text() == "60"


def test_an_id_that_nobody_has_finds_nobody_and_changes_nothing(driver: RecommendPageDriver):
    before = driver.top()
    driver.qtbot.keyClicks(driver.page.users.search, "<nobody>.*")
    driver.settle()
    assert driver.page.users.table.table_model.rowCount() == 0
    assert driver.page.users.count.text() == "0"
    assert driver.top() == before


def test_ctrl_f_goes_to_the_search_from_anywhere(driver: RecommendPageDriver):
    driver.window.show_page("data")
    driver.qtbot.keySequence(driver.window, QKeySequence("Ctrl+F"))
    assert driver.window.stack.currentWidget() is driver.page
    assert driver.page.users.search.hasFocus()


@pytest.mark.parametrize("field", ["search", "filter"])
def test_shortcuts_of_the_window_work_from_a_field(field: str, driver: RecommendPageDriver):
    focused = driver.page.users.search if field == "search" else driver.page.top.filter
    driver.take_out(0)
    focused.setFocus()
    assert focused.hasFocus()
    driver.qtbot.keyClick(focused, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.palette_popup.isVisible()
    driver.window.palette_popup.close()
    driver.qtbot.keyClick(focused, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert driver.window.stack.currentWidget() is driver.window.pages["train"]


def test_users_are_walked_through_with_the_arrow_keys(driver: RecommendPageDriver):
    table = driver.page.users.table
    table.setFocus()
    for _ in range(3):
        driver.qtbot.keyClick(table, Qt.Key.Key_Down)
    driver.settle()
    assert driver.page.history.user == 3
    assert driver.top() == driver.expected(codes_of(driver, 3))


# what


@pytest.mark.parametrize("n", [1, 5, 20])
def test_the_number_asked_for_is_shown(n: int, driver: RecommendPageDriver):
    driver.page.top.number.setValue(n)
    driver.settle()
    assert driver.top() == driver.expected(codes_of(driver, 0), n)
    assert len(driver.top()) == n
    assert not driver.page.top.hint.isVisible()


def test_fewer_recommendations_than_asked_for_are_explained(driver: RecommendPageDriver):
    driver.page.top.number.setValue(40)
    driver.settle()
    left = 40 - len(set(codes_of(driver, 0)))
    assert len(driver.top()) == left
    assert driver.page.top.hint.text() == f"Only {left} items can still be recommended."
    assert driver.page.top.hint.isVisible()


def test_seen_items_are_recommended_only_when_allowed(driver: RecommendPageDriver):
    taken = codes_of(driver, 0)
    assert not set(driver.top()) & set(taken)
    driver.page.top.number.setValue(40)
    driver.click(driver.page.top.seen)
    driver.settle()
    assert driver.top() == driver.expected(taken, 40, exclude_seen=False)
    assert len(driver.top()) == 40
    driver.click(driver.page.top.seen)
    driver.settle()
    assert not set(driver.top()) & set(taken)


def test_only_items_with_a_text_are_recommended_and_still_as_many(driver: RecommendPageDriver):
    driver.qtbot.keyClicks(driver.page.top.filter, "ODD")
    driver.settle()
    dataset = driver.model.dataset
    allowed = matching(dataset, "odd")
    assert driver.top() == driver.expected(codes_of(driver, 0), allowed=allowed)
    assert {row[2] for row in cells(driver.page.top.table)} == {"odd"}
    driver.page.top.filter.clear()
    driver.settle()
    assert driver.top() == driver.expected(codes_of(driver, 0))


def test_a_text_that_no_item_has_leaves_an_empty_list_that_says_so(driver: RecommendPageDriver):
    driver.qtbot.keyClicks(driver.page.top.filter, "[nothing]")
    driver.settle()
    assert driver.top() == []
    assert driver.page.top.hint.text() == "Only 0 items can still be recommended."
    assert cells(driver.page.why.table) == []


def test_the_chosen_item_stays_chosen_while_the_list_changes(driver: RecommendPageDriver):
    wanted = driver.top()[4]
    driver.page.top.table.choose(4)
    driver.settle()
    driver.page.top.number.setValue(20)
    driver.settle()
    assert driver.top()[driver.page.top.table.chosen()] == wanted


def test_the_score_behind_a_bar_can_be_read(driver: RecommendPageDriver):
    model = driver.page.top.table.table_model
    column = [c.title for c in model.columns].index("Score")
    scores = [item.score for item in driver.model.top_n(codes_of(driver, 0))]
    indexes = [model.index(row, column) for row in range(10)]
    assert [index.data() for index in indexes] == [f"{score:.3f}" for score in scores]
    assert [index.data(Qt.ItemDataRole.ToolTipRole) for index in indexes] == [f"{score:.3f}" for score in scores]


# what if


def test_an_item_is_taken_out_with_a_click_and_the_list_follows(driver: RecommendPageDriver):
    codes, before = codes_of(driver, 0), driver.top()
    driver.take_out(0)
    assert driver.page.history.codes == codes[:-1]
    assert driver.history() == [driver.model.dataset.titles[code - 1] for code in reversed(codes[:-1])]
    assert driver.top() == driver.expected(codes[:-1])
    assert driver.top() != before
    moves = [row[-1] for row in cells(driver.page.top.table)]
    ranks = {code: rank for rank, code in enumerate(driver.expected(codes, 40), 1)}
    for rank, (code, move) in enumerate(zip(driver.top(), moves, strict=True), 1):
        if code not in ranks:
            assert move == "new"
        else:
            change = ranks[code] - rank
            assert move == ("–" if not change else f"▲ {change}" if change > 0 else f"▼ {-change}")


def test_an_edit_is_shown_in_the_status_strip_and_can_be_undone(driver: RecommendPageDriver):
    codes, before = codes_of(driver, 0), driver.top()
    assert not driver.page.undo_button.isEnabled()
    driver.take_out(0)
    driver.take_out(1)
    assert "history edited: 2 removed" in labels(driver.window.strip)
    assert driver.page.undo_button.isEnabled()
    driver.click(driver.page.undo_button)
    driver.qtbot.keySequence(driver.window, QKeySequence("Ctrl+Z"))
    driver.settle()
    assert driver.page.history.codes == codes
    assert driver.top() == before
    assert not driver.page.undo_button.isEnabled()
    assert "history edited: 2 removed" not in labels(driver.window.strip)
    assert len(cells(driver.page.top.table)[0]) == 4  # no column of moves


def test_delete_takes_out_one_item_after_another(driver: RecommendPageDriver):
    codes, table = codes_of(driver, 0), driver.page.history_card.table
    table.setFocus()
    table.selectRow(0)
    for _ in range(3):
        driver.qtbot.keyClick(table, Qt.Key.Key_Delete)
        driver.settle()
    assert driver.page.history.codes == codes[:-3]


def test_a_history_can_be_emptied(driver: RecommendPageDriver):
    for _ in codes_of(driver, 0):
        driver.take_out(0)
    assert driver.page.history.codes == []
    assert driver.page.history_card.hint.isVisible()
    assert driver.top() == driver.expected([])
    assert "Without a history, this is what people take in general." in labels(driver.page.why)


def test_an_item_is_added_as_if_it_was_taken_now(driver: RecommendPageDriver):
    codes = codes_of(driver, 0)
    driver.add("0033")
    assert driver.page.history.codes == [*codes, 33]
    assert cells(driver.page.history_card.table)[0][:2] == [driver.model.dataset.titles[32], "now"]
    assert driver.top() == driver.expected([*codes, 33])
    assert "history edited: 1 added" in labels(driver.window.strip)


def test_adding_nothing_changes_nothing(driver: RecommendPageDriver):
    codes = codes_of(driver, 0)
    driver.when_asked(lambda dialog: dialog.reject())
    driver.click(button(driver.page.history_card, "+ add"))
    assert driver.page.history.codes == codes
    assert not driver.page.undo_button.isEnabled()


def test_a_person_who_is_not_in_the_data_starts_with_nothing_and_a_list(driver: RecommendPageDriver):
    driver.take_out(0)
    driver.click(button(driver.page.users, "+ new"))
    driver.settle()
    assert driver.history() == []
    assert "Nothing yet. Add a few items that this person likes." in labels(driver.page.history_card)
    assert driver.top() == driver.expected([])
    assert not driver.page.undo_button.isEnabled()
    driver.add("0033")
    assert driver.history() == [driver.model.dataset.titles[32]]
    assert driver.top() == driver.expected([33])
    assert driver.top() != driver.expected([])


def test_a_user_who_is_chosen_again_after_a_new_person_is_shown_again(driver: RecommendPageDriver):
    driver.click(button(driver.page.users, "+ new"))
    driver.settle()
    driver.click_cell(driver.page.users.table, 0, 0)
    driver.settle()
    assert driver.page.history.user == 0
    assert driver.history() != []


# why


def test_the_reasons_are_those_of_leaving_each_item_out(driver: RecommendPageDriver):
    codes = codes_of(driver, 0)
    driver.page.top.table.choose(2)
    driver.settle()
    explanation = driver.model.explain(codes, driver.top()[2])
    rows = [
        [reason.title, f"{reason.effect:+.3f}", f"{explanation.rank} → {reason.rank_without}"]
        for reason in explanation.reasons
    ]
    assert cells(driver.page.why.table) == rows[:3]
    driver.click(driver.page.why.all)
    assert cells(driver.page.why.table) == rows
    assert driver.page.why.accessibleName() == f"Why {explanation.title}"


def test_the_reasons_follow_the_history(driver: RecommendPageDriver):
    driver.take_out(0)
    driver.click(driver.page.why.all)
    assert len(cells(driver.page.why.table)) == len(codes_of(driver, 0)) - 1


def test_an_explanation_that_comes_late_is_not_shown_for_somebody_else(driver: RecommendPageDriver, monkeypatch):
    at_work, go_on = threading.Event(), threading.Event()
    explain = driver.model.explain

    def slow(*arguments):
        result = explain(*arguments)
        at_work.set()
        go_on.wait(60)
        return result

    monkeypatch.setattr(driver.model, "explain", slow)
    driver.until(lambda: len(driver.top()) > 3)
    driver.page.top.table.choose(3)
    driver.until(at_work.is_set)
    driver.click(button(driver.page.users, "+ new"))
    driver.until(lambda: driver.top() == driver.expected([]))
    go_on.set()
    driver.session.jobs._pool.waitForDone()
    driver.settle()
    assert "Without a history, this is what people take in general." in labels(driver.page.why)
    assert cells(driver.page.why.table) == []


# another run


def test_another_run_is_chosen_in_the_head(driver: RecommendPageDriver, workspace: Workspace):
    older = workspace.runs()[0]
    newer = train(workspace, epochs=1, hidden=8)
    driver.window.show_page("data")
    driver.window.show_page("recommend")
    driver.settle()
    box = driver.page.run_box
    assert box.count() == 2
    index = [run.id for run in driver.page.loader.runs].index(newer.id)
    box.setCurrentIndex(index)
    box.activated.emit(index)
    driver.settle()
    assert driver.page.run.id == newer.id
    assert driver.session.run_id == newer.id
    assert driver.top() == driver.expected(codes_of(driver, 0))
    assert older.id != newer.id


def test_a_run_on_smaller_data_can_follow_one_on_larger(driver: RecommendPageDriver, workspace: Workspace):
    driver.choose_user(0)
    driver.add("0040")
    small = replace(chain_dataset(n_users=20, n_items=6, length=6), name="small")
    run = train(workspace, dataset=add_dataset(workspace, small), epochs=1)
    driver.session.choose_run(run.id)
    driver.settle()
    assert driver.page.run.id == run.id
    assert driver.model.dataset.n_items == 6
    assert driver.page.users.count.text() == "20"
    assert driver.page.history.codes == codes_of(driver, 0)
    assert driver.top() == driver.expected(codes_of(driver, 0))


def test_a_run_whose_dataset_is_gone_is_an_error_and_shows_no_users(driver: RecommendPageDriver, workspace: Workspace):
    other = train(workspace, dataset=add_dataset(workspace, replace(chain_dataset(), name="other")), epochs=1)
    workspace.remove_dataset("other")
    driver.session.choose_run(other.id)
    driver.settle()
    assert "is not in the workspace any more" in driver.window.failures.sentence()
    assert not driver.page.export_button.isEnabled()
    assert not driver.page.head.facts().startswith("Opening")
    assert cells(driver.page.top.table) == []
    assert cells(driver.page.users.table) == []


def test_a_drive_that_is_gone_is_not_called_a_lack_of_data_or_models(
    workspace: Workspace, preferences: Preferences, qapp, qtbot
):
    preferences.last_page = "data"
    session = Session(workspace, preferences)
    with unplugged(workspace):
        driver = RecommendPageDriver(session, qtbot)
        assert "The datasets cannot be read just now." in labels(driver.window.pages["data"])
        assert "The runs cannot be read just now." in labels(driver.page)
        assert not driver.page.empty.button.isVisible()
        assert driver.window.failures.isVisible()
    driver.page.entered()
    driver.settle()
    assert driver.page.run is not None
    data = driver.window.show_page("data")
    driver.settle()
    assert "The datasets cannot be read just now." not in labels(data)
    assert not driver.window.failures.isVisible()
    driver.window.close()
    session.deleteLater()


def test_the_dialog_for_adding_items_is_gone_when_it_is_closed(driver: RecommendPageDriver):
    driver.choose_user(3)
    for _ in range(3):
        driver.when_asked(lambda dialog: dialog.reject())
        driver.click(button(driver.page.history_card, "+ add"))
    driver.until(lambda: driver.page.findChildren(ItemDialog) == [])


# exporting


def test_one_user_is_exported_as_shown(driver: RecommendPageDriver, tmp_path: Path):
    driver.choose_user(7)
    driver.page.exporter.write(driver.model, tmp_path / "one.csv", Export((7,), n=5))
    driver.settle()
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ids = [driver.model.dataset.item_ids[code - 1] for code in driver.top()[:5]]
    assert [(row["user_id"], row["rank"], row["item_id"]) for row in rows] == [
        ("user-007", str(rank), item) for rank, item in enumerate(ids, 1)
    ]
    assert any("5 rows written" in said for said in labels(driver.window.strip))


def test_an_export_that_is_cancelled_leaves_the_file_that_was_there(
    driver: RecommendPageDriver, tmp_path: Path, monkeypatch
):
    at_work, go_on = threading.Event(), threading.Event()
    ranked = driver.model.ranked

    def slow(*arguments, **more):
        at_work.set()
        go_on.wait(20)
        return ranked(*arguments, **more)

    path = tmp_path / "all.csv"
    path.write_text("what was there")
    monkeypatch.setattr(driver.model, "ranked", slow)
    driver.page.exporter.write(driver.model, path, Export())
    assert at_work.wait(20)
    driver.click(driver.page.cancel_button)
    go_on.set()
    driver.session.jobs._pool.waitForDone()
    driver.settle()
    assert not driver.page.cancel_button.isVisible()
    assert path.read_text() == "what was there"
    assert [file.name for file in tmp_path.glob("*.csv")] == ["all.csv"]
    assert "Export cancelled; nothing was written" in labels(driver.window.strip)


def test_an_export_that_cannot_be_written_is_an_error_in_a_sentence(driver: RecommendPageDriver, tmp_path: Path):
    driver.page.exporter.write(driver.model, tmp_path / "nowhere" / "all.csv", Export())
    driver.settle()
    assert "nowhere" in driver.window.failures.sentence()
    assert not driver.page.cancel_button.isVisible()


def test_the_dialog_of_the_export_begins_with_what_the_page_shows(qapp, qtbot, check_controls):
    dialog = ExportDialog(OnPage(7, "user-007", 1234, 25, False))
    qtbot.addWidget(dialog)
    assert (dialog.number.value(), dialog.seen.isChecked(), dialog.everybody.isChecked()) == (25, False, True)
    assert dialog.everybody.text() == "all users (1,234)"
    assert dialog.one.text() == "only user user-007"
    check_controls(dialog)
    for box in dialog.findChildren(QDialogButtonBox):
        assert [b.text() for b in box.buttons()]
    nobody = ExportDialog(OnPage(-1, "", 1234, 25, False))
    qtbot.addWidget(nobody)
    assert not nobody.one.isVisibleTo(nobody)


def test_the_dialog_of_the_export_says_what_is_to_be_said_and_offers_ids_as_they_are(qapp, qtbot):
    note = "“b” was updated after this run was trained: it recommends after what people have taken by now, but has "
    note += "learned nothing from it. Train again for that."
    dialog = ExportDialog(OnPage(7, "user-007", 1234, 25, False, note=note))
    qtbot.addWidget(dialog)
    assert dialog.guard.isChecked() and "apostrophe" in dialog.guard.toolTip()
    assert note in labels(dialog)


def test_an_export_with_an_unknown_ending_is_an_error_in_a_sentence(driver: RecommendPageDriver, tmp_path: Path):
    driver.page.exporter.write(driver.model, tmp_path / "all.ods", Export())
    driver.settle()
    assert "cannot be written as “.ods”" in driver.window.failures.sentence()
    assert list(tmp_path.glob("*.ods")) == []


def test_a_model_whose_dataset_was_updated_says_so_on_the_page(driver: RecommendPageDriver, monkeypatch):
    assert not driver.page.note.isVisible()
    driver.model.note = "“b” was updated after this run was trained; these figures are older."
    driver.page._refresh()
    assert driver.page.note.isVisible() and driver.page.note.text() == driver.model.note


def test_an_ampersand_in_an_id_is_no_key(qapp, qtbot):
    dialog = ExportDialog(OnPage(1, "a&b", 2))
    qtbot.addWidget(dialog)
    assert dialog.one.shortcut().isEmpty()
    assert dialog.one.text().replace("&&", "&") == "only user a&b"


# plain text


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_text_of_the_data_is_shown_as_it_stands(text: str, workspace: Workspace, session: Session, qtbot):
    usual = chain_dataset(n_users=20, n_items=12, length=6)
    dataset = replace(
        usual,
        name=text,
        user_ids=pd.Index([f"{text} {n}" for n in range(20)], dtype="str"),
        item_features=pd.DataFrame({"title": [f"{text} {n}" for n in range(12)], "genre": [text] * 12}, dtype="str"),
    )
    run = train(workspace, dataset=add_dataset(workspace, dataset), epochs=1)
    session.choose_run(run.id)
    driver = RecommendPageDriver(session, qtbot)
    driver.page.top.number.setValue(3)
    driver.settle()
    page, tip = driver.page, Qt.ItemDataRole.ToolTipRole
    assert page.run.id == run.id
    tables = (page.users.table, page.history_card.table, page.top.table, page.why.table)
    for table, column in zip(tables, (0, 0, 1, 0), strict=True):
        index = table.model().index(0, column)
        assert index.data().startswith(text)
        assert index.data(tip) is None or as_read(index.data(tip)) == index.data()
    assert cells(page.top.table)[0][2] == text
    assert any(text[:25] in said for said in labels(page.why))
    assert text in as_read(page.why.sentence.toolTip())
    cut = [label for label in driver.window.findChildren(ElidedText) if label.toolTip()]
    assert [as_read(label.toolTip()) for label in cut] == [label.text() for label in cut]


# models that read texts


@pytest.fixture
def text_session(qapp, text_workspace, preferences, tmp_path) -> Iterator[Session]:
    """A session on a workspace with a run that reads texts."""
    shutil.copytree(text_workspace, tmp_path / "texts")
    made = Session(Workspace(tmp_path / "texts"), preferences)
    yield made
    made.shutdown()
    made.deleteLater()


@pytest.mark.slow
def test_what_is_wanted_can_be_said_in_words_to_a_model_that_reads(text_session, qtbot):
    driver = RecommendPageDriver(text_session, qtbot)
    page = driver.page
    driver.choose_user(3)
    before = driver.top()[:]
    assert page.history_card.wish.isVisible()
    qtbot.keyClicks(page.history_card.wish, "Dark Island")
    qtbot.keyClick(page.history_card.wish, Qt.Key.Key_Return)
    driver.settle()
    history = page.history.codes
    driver.click(page.why.all)
    assert driver.top() == driver.expected(history, wish="Dark Island") != before
    reasons = {row[0]: row[1:] for row in cells(page.why.table)}
    assert len(reasons) == len(history) + 1 and reasons["your words “Dark Island”"][1].startswith("1 → ")
    page.history_card.wish.clear()
    driver.settle()
    assert driver.top() == before


@pytest.mark.slow
def test_a_new_item_is_there_as_soon_as_it_is_added(text_session, qtbot):
    driver = RecommendPageDriver(text_session, qtbot)
    dialog = NewItemDialog(driver.model.dataset, None)
    qtbot.addWidget(dialog)
    dialog.item_id.setText("b0001")
    dialog.lines["title"].setText("Book 11: Dark Island Mystery")
    assert not dialog.accept_button.isEnabled() and "already" in dialog.problem.text()
    dialog.item_id.setText("b-new")
    assert dialog.accept_button.isEnabled()
    driver.page.edits.item_changes.add(driver.page.run, "b-new", dialog.features())
    driver.until(lambda: driver.page.model is not None and driver.page.model.dataset.item_ids[-1] == "b-new")
    driver.settle()


@pytest.mark.slow
def test_an_added_item_is_named_edited_and_taken_back_and_the_wish_stays(text_session, qtbot):
    driver = RecommendPageDriver(text_session, qtbot)
    page, line = driver.page, driver.page.history_card.added
    driver.choose_user(3)
    qtbot.keyClicks(page.history_card.wish, "Dark Island")
    qtbot.keyClick(page.history_card.wish, Qt.Key.Key_Return)
    driver.settle()
    n_items = driver.model.dataset.n_items
    page.edits.item_changes.add(page.run, "b-new", {"title": "Book 11: Dark Island Mystery", "genre": "Mystery"})
    driver.settle()
    assert line.isVisible()
    assert line.sentence.text() == "“Book 11: Dark Island Mystery” was added: it is ranked for everybody."
    assert page.history.user == 3 and page.history_card.wish.text() == page.history.wish == "Dark Island"
    assert driver.top() == driver.expected(page.history.codes, wish="Dark Island")

    def edit(dialog) -> None:
        assert dialog.item_id.isReadOnly() and dialog.lines["genre"].text() == "Mystery"
        dialog.lines["title"].setText("Book 12: Wild Desert Mystery")
        dialog.accept_button.click()

    driver.when_asked(edit)
    driver.click(line.edit)
    driver.settle()
    assert driver.model.dataset.titles[-1] == "Book 12: Wild Desert Mystery"
    assert driver.model.dataset.n_items == n_items + 1
    driver.click(line.remove)
    driver.settle()
    assert driver.model.dataset.n_items == n_items
    assert line.sentence.text() == "“Book 12: Wild Desert Mystery” was taken back."
    driver.click(line.put_back)
    driver.settle()
    assert driver.model.dataset.titles[-1] == "Book 12: Wild Desert Mystery" and line.edit.isVisible()
    assert page.history.wish == "Dark Island"


@pytest.mark.slow
def test_items_are_found_by_meaning_where_nothing_has_the_words(text_session, qtbot, check_controls):
    driver = RecommendPageDriver(text_session, qtbot)
    model = driver.model
    dialog = ItemDialog(model.dataset, text_session.jobs, None, MeaningSearch(text_session, model))
    qtbot.addWidget(dialog)
    check_controls(dialog)
    dialog.search.setText("harbour of the dark desert")
    driver.settle()
    assert dialog.table.table_model.rowCount() == 0 and dialog.code() == 0
    assert dialog.hint.text() == "Looking for what is meant…"
    driver.until(lambda: dialog.table.table_model.rowCount() > 0)
    found = model.search("harbour of the dark desert", 50)
    assert [row[1] for row in cells(dialog.table)] == [item.item_id for item in found]
    assert cells(dialog.table)[0][2] == f"{found[0].score:.2f}"
    assert dialog.code() == found[0].code
    assert dialog.hint.text() == "Nothing has these words; these are nearest in meaning."
    dialog.search.setText(found[3].item_id)  # words that something has are taken at their word
    driver.settle()
    assert [row[1] for row in cells(dialog.table)] == [found[3].item_id]
    assert (dialog.code(), dialog.hint.text()) == (found[3].code, "")
    dialog.search.clear()
    driver.settle()
    assert dialog.table.table_model.rowCount() == model.dataset.n_items


def test_meaning_can_be_asked_for_though_something_has_the_words(text_session, qtbot):
    driver = RecommendPageDriver(text_session, qtbot)
    dialog = ItemDialog(driver.model.dataset, text_session.jobs, None, MeaningSearch(text_session, driver.model))
    qtbot.addWidget(dialog)
    dialog.search.setText("Dark")
    driver.settle()
    by_words = cells(dialog.table)
    assert dialog.meaning is not None
    dialog.meaning.setChecked(True)
    driver.until(lambda: dialog.hint.text() == "These are nearest in meaning.")
    assert [row[1] for row in cells(dialog.table)] == [item.item_id for item in driver.model.search("Dark", 50)]
    dialog.meaning.setChecked(False)
    driver.settle()
    assert cells(dialog.table) == by_words


def test_words_without_meaning_are_said_and_a_closed_dialog_waits_for_nothing(text_session, qtbot):
    driver = RecommendPageDriver(text_session, qtbot)
    dialog = ItemDialog(driver.model.dataset, text_session.jobs, None, MeaningSearch(text_session, driver.model))
    qtbot.addWidget(dialog)
    dialog.search.setText("!?!?")
    driver.until(lambda: dialog.hint.text().startswith("There is no word in what you wrote."))
    assert not driver.window.failures.isVisible()
    dialog.search.setText("robots in space")
    driver.settle()
    dialog.reject()
    assert not dialog._later.isActive()
    dialog.search.setText("robots in a garden")
    driver.settle()
    dialog._later.timeout.emit()
    dialog.reject()
    driver.settle()
    assert dialog.hint.text() == "Looking for what is meant…"


def test_a_model_over_ids_offers_neither_wish_nor_new_item(chain, session, qtbot):
    driver = RecommendPageDriver(session, qtbot)
    assert not driver.page.history_card.wish.isVisible()
    assert ItemDialog(chain, session.jobs, driver.window).new_button is None


# parts


def test_items_to_add_are_searched_by_title_id_and_feature_most_taken_first(chain, session, qtbot, check_controls):
    dialog = ItemDialog(chain, session.jobs)
    qtbot.addWidget(dialog)

    def type_in(text: str) -> None:
        dialog.search.setText(text)
        qtbot.waitUntil(lambda: not session.jobs._jobs)

    check_controls(dialog)
    taken = [int(row[2]) for row in cells(dialog.table)]
    assert taken == sorted(chain.popularity.tolist(), reverse=True)
    for text, code in (("no. 17”", 17), ("0023", 23)):
        type_in(text)
        assert [row[1] for row in cells(dialog.table)] == [f"00{code}"]
        assert dialog.code() == code
    type_in("EVEN")
    assert dialog.table.table_model.rowCount() == 20
    type_in("nothing of the kind")
    assert dialog.table.table_model.rowCount() == 0
    assert dialog.code() == 0
    assert dialog.hint.text() == "Nothing has “nothing of the kind” in its title, id or features."
    type_in("")
    assert dialog.table.table_model.rowCount() == 40


def test_the_row_that_is_clicked_twice_is_taken_while_a_search_is_at_work(chain, session, qtbot, monkeypatch):
    dialog, go_on = ItemDialog(chain, session.jobs), threading.Event()
    qtbot.addWidget(dialog)
    dialog.show()
    clicked = cells(dialog.table)[3][1]
    monkeypatch.setattr(item_dialog, "matching", lambda *asked: matching(*asked) if go_on.wait(30) else None)
    try:
        dialog.search.setText("0023")
        table = dialog.table
        position = table.visualRect(table.model().index(3, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=position)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=position)
        assert dialog.result() == ItemDialog.DialogCode.Accepted
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert chain.item_ids[dialog.code() - 1] == clicked


def without_user(dataset: Dataset, last: int) -> Dataset:
    """The dataset without its last user."""
    rows = int(dataset.offsets[last])
    assert dataset.times is not None
    return replace(
        dataset,
        user_ids=dataset.user_ids[:last],
        offsets=dataset.offsets[: last + 1],
        items=dataset.items[:rows],
        times=dataset.times[:rows],
    )
