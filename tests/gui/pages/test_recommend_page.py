import csv
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialogButtonBox

from recdesk.data.dataset import Dataset
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.recommend import item_dialogs as item_dialog
from recdesk.gui.pages.recommend.export_dialog import ExportDialog
from recdesk.gui.pages.recommend.history_card import History
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, Meaning, NewItemDialog, matching
from recdesk.gui.pages.recommend.page import RecommendPage
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import ElidedText
from recdesk.recommend.recommender import LiveModel
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.person import Person, cells
from tests.gui.plain import MARKED_UP_LONG, as_read, labels
from tests.gui.trained import add_dataset, button, leave, train, trained_workspace, unplugged

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton


class Counter:
    """A person before the Recommend page."""

    def __init__(self, session: Session, qtbot) -> None:
        self.session, self.qtbot = session, qtbot
        self.window = MainWindow(session)
        qtbot.addWidget(self.window, before_close_func=leave)
        self.window.resize(1280, 800)
        with qtbot.waitExposed(self.window):
            self.window.show()
        self.person = Person(self.window, qtbot)
        self.window.show_page("recommend")
        with qtbot.waitActive(self.window):
            self.window.activateWindow()
        page = self.window.pages["recommend"]
        assert isinstance(page, RecommendPage)
        self.page = page
        self.settle()

    def until(self, seen: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(seen, timeout=60_000)

    def settle(self) -> None:
        """Wait until the answers are there."""
        jobs = self.session.jobs
        self.until(lambda: not jobs._jobs)

    @property
    def model(self) -> LiveModel:
        assert self.page.model is not None
        return self.page.model

    def choose(self, user: int) -> None:
        self.page.users.choose(user)
        self.settle()

    def history(self) -> list[str]:
        """Titles as they stand, newest first."""
        return [row[0] for row in cells(self.page.history_card.table)]

    def top(self) -> list[int]:
        """Codes as they stand."""
        assert len(self.page.top.codes) == self.page.top.table.table_model.rowCount()
        return self.page.top.codes

    def expected(self, history: list[int], n: int = 10, **rules) -> list[int]:
        return [item.code for item in self.model.top_n(history, n, **rules)]

    def take_out(self, row: int) -> None:
        """Click the × of an entry of the history."""
        table = self.page.history_card.table
        self.person.click_cell(table, row, table.table_model.columnCount() - 1)
        self.settle()

    def add(self, text: str) -> None:
        """Add the first item that has this text, by the dialog."""

        def fill(dialog) -> None:
            self.qtbot.keyClicks(dialog.search, text)
            dialog.accept_button.click()

        self.person.when_asked(fill)
        self.person.click(button(self.page.history_card, "+ add"))
        self.settle()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def counter(session: Session, qtbot) -> Counter:
    return Counter(session, qtbot)


def codes_of(counter: Counter, user: int) -> list[int]:
    dataset = counter.model.dataset
    return dataset.items[dataset.offsets[user] : dataset.offsets[user + 1]].tolist()


# whom


def test_without_a_model_the_way_to_one_is_shown(tmp_path: Path, preferences: Preferences, qapp, qtbot):
    session = Session(Workspace(tmp_path / "empty"), preferences)
    counter = Counter(session, qtbot)
    assert any("There is no trained model yet." in said for said in labels(counter.page))
    assert not counter.page.export_button.isVisible()
    session.actions.trigger("recommend.export")
    session.actions.trigger("recommend.find")
    counter.person.click(button(counter.page, "Go to Train"))
    assert counter.window.stack.currentWidget() is counter.window.pages["train"]
    counter.window.close()
    session.deleteLater()


def test_the_first_user_is_there_at_once_with_history_and_recommendations(counter: Counter):
    dataset = counter.model.dataset
    assert [row[0] for row in cells(counter.page.users.table)] == list(dataset.user_ids)
    assert counter.history() == [dataset.titles[code - 1] for code in reversed(codes_of(counter, 0))]
    assert counter.top() == counter.expected(codes_of(counter, 0))
    shown = cells(counter.page.top.table)
    assert [row[0] for row in shown] == [str(rank) for rank in range(1, 11)]
    assert [row[1] for row in shown] == [dataset.titles[code - 1] for code in counter.top()]
    assert [row[2] for row in shown] == [dataset.item_features["genre"].iat[code - 1] for code in counter.top()]


def test_another_user_has_another_list(counter: Counter):
    counter.choose(17)
    assert counter.history()[0] == counter.model.dataset.titles[codes_of(counter, 17)[-1] - 1]
    assert counter.top() == counter.expected(codes_of(counter, 17))


def test_users_are_found_by_any_part_of_their_id(counter: Counter):
    users = counter.page.users
    counter.qtbot.keyClicks(users.search, "R-01")
    counter.settle()
    assert [row[0] for row in cells(users.table)] == [f"user-01{n}" for n in range(10)]
    assert users.count.text() == "10"
    assert counter.page.history.user == 10
    assert counter.top() == counter.expected(codes_of(counter, 10))
    users.search.clear()
    counter.settle()
    assert users.count.text() == "60"


def test_an_id_that_nobody_has_finds_nobody_and_changes_nothing(counter: Counter):
    before = counter.top()
    counter.qtbot.keyClicks(counter.page.users.search, "<nobody>.*")
    counter.settle()
    assert counter.page.users.table.table_model.rowCount() == 0
    assert counter.page.users.count.text() == "0"
    assert counter.top() == before


def test_ctrl_f_goes_to_the_search_from_anywhere(counter: Counter):
    counter.window.show_page("data")
    counter.qtbot.keySequence(counter.window, QKeySequence("Ctrl+F"))
    assert counter.window.stack.currentWidget() is counter.page
    assert counter.page.users.search.hasFocus()


@pytest.mark.parametrize("field", ["search", "filter"])
def test_the_keys_of_the_window_work_from_a_field(field: str, counter: Counter):
    focused = counter.page.users.search if field == "search" else counter.page.top.filter
    counter.take_out(0)
    focused.setFocus()
    assert focused.hasFocus()
    counter.qtbot.keyClick(focused, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert counter.window.palette_popup.isVisible()
    counter.window.palette_popup.close()
    counter.qtbot.keyClick(focused, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert counter.window.stack.currentWidget() is counter.window.pages["train"]


def test_users_are_walked_through_with_the_arrow_keys(counter: Counter):
    table = counter.page.users.table
    table.setFocus()
    for _ in range(3):
        counter.qtbot.keyClick(table, Qt.Key.Key_Down)
    counter.settle()
    assert counter.page.history.user == 3
    assert counter.top() == counter.expected(codes_of(counter, 3))


# what


@pytest.mark.parametrize("n", [1, 5, 20])
def test_the_number_asked_for_is_shown(n: int, counter: Counter):
    counter.page.top.number.setValue(n)
    counter.settle()
    assert counter.top() == counter.expected(codes_of(counter, 0), n)
    assert len(counter.top()) == n
    assert not counter.page.top.hint.isVisible()


def test_when_fewer_are_left_it_is_said(counter: Counter):
    counter.page.top.number.setValue(40)
    counter.settle()
    left = 40 - len(set(codes_of(counter, 0)))
    assert len(counter.top()) == left
    assert counter.page.top.hint.text() == f"Only {left} items are left that may be recommended."
    assert counter.page.top.hint.isVisible()


def test_what_was_taken_comes_only_when_it_is_let_in(counter: Counter):
    taken = codes_of(counter, 0)
    assert not set(counter.top()) & set(taken)
    counter.page.top.number.setValue(40)
    counter.person.click(counter.page.top.seen)
    counter.settle()
    assert counter.top() == counter.expected(taken, 40, exclude_seen=False)
    assert len(counter.top()) == 40
    counter.person.click(counter.page.top.seen)
    counter.settle()
    assert not set(counter.top()) & set(taken)


def test_only_items_with_a_text_are_recommended_and_still_as_many(counter: Counter):
    counter.qtbot.keyClicks(counter.page.top.filter, "ODD")
    counter.settle()
    dataset = counter.model.dataset
    allowed = matching(dataset, "odd")
    assert counter.top() == counter.expected(codes_of(counter, 0), allowed=allowed)
    assert {row[2] for row in cells(counter.page.top.table)} == {"odd"}
    counter.page.top.filter.clear()
    counter.settle()
    assert counter.top() == counter.expected(codes_of(counter, 0))


def test_a_text_that_no_item_has_leaves_an_empty_list_that_says_so(counter: Counter):
    counter.qtbot.keyClicks(counter.page.top.filter, "[nothing]")
    counter.settle()
    assert counter.top() == []
    assert counter.page.top.hint.text() == "Only 0 items are left that may be recommended."
    assert cells(counter.page.why.table) == []


def test_the_chosen_item_stays_chosen_while_the_list_changes(counter: Counter):
    wanted = counter.top()[4]
    counter.page.top.table.choose(4)
    counter.settle()
    counter.page.top.number.setValue(20)
    counter.settle()
    assert counter.top()[counter.page.top.table.chosen()] == wanted


def test_the_score_behind_a_bar_can_be_read(counter: Counter):
    model = counter.page.top.table.table_model
    column = [c.title for c in model.columns].index("Score")
    scores = [item.score for item in counter.model.top_n(codes_of(counter, 0))]
    indexes = [model.index(row, column) for row in range(10)]
    assert [index.data() for index in indexes] == [f"{score:.3f}" for score in scores]
    assert [index.data(Qt.ItemDataRole.ToolTipRole) for index in indexes] == [f"{score:.3f}" for score in scores]


# what if


def test_an_item_is_taken_out_with_a_click_and_the_list_follows(counter: Counter):
    codes, before = codes_of(counter, 0), counter.top()
    counter.take_out(0)
    assert counter.page.history.codes == codes[:-1]
    assert counter.history() == [counter.model.dataset.titles[code - 1] for code in reversed(codes[:-1])]
    assert counter.top() == counter.expected(codes[:-1])
    assert counter.top() != before
    moves = [row[-1] for row in cells(counter.page.top.table)]
    ranks = {code: rank for rank, code in enumerate(counter.expected(codes, 40), 1)}
    for rank, (code, move) in enumerate(zip(counter.top(), moves, strict=True), 1):
        if code not in ranks:
            assert move == "new"
        else:
            change = ranks[code] - rank
            assert move == ("–" if not change else f"▲ {change}" if change > 0 else f"▼ {-change}")


def test_an_edit_is_told_at_the_foot_and_can_be_taken_back(counter: Counter):
    codes, before = codes_of(counter, 0), counter.top()
    assert not counter.page.undo_button.isEnabled()
    counter.take_out(0)
    counter.take_out(1)
    assert "history edited: 2 removed" in labels(counter.window.strip)
    assert counter.page.undo_button.isEnabled()
    counter.person.click(counter.page.undo_button)
    counter.qtbot.keySequence(counter.window, QKeySequence("Ctrl+Z"))
    counter.settle()
    assert counter.page.history.codes == codes
    assert counter.top() == before
    assert not counter.page.undo_button.isEnabled()
    assert "history edited: 2 removed" not in labels(counter.window.strip)
    assert len(cells(counter.page.top.table)[0]) == 4  # no column of moves


def test_delete_takes_out_one_item_after_another(counter: Counter):
    codes, table = codes_of(counter, 0), counter.page.history_card.table
    table.setFocus()
    table.selectRow(0)
    for _ in range(3):
        counter.qtbot.keyClick(table, Qt.Key.Key_Delete)
        counter.settle()
    assert counter.page.history.codes == codes[:-3]


def test_a_history_can_be_emptied(counter: Counter):
    for _ in codes_of(counter, 0):
        counter.take_out(0)
    assert counter.page.history.codes == []
    assert counter.page.history_card.hint.isVisible()
    assert counter.top() == counter.expected([])
    assert "Without a history, this is what people take in general." in labels(counter.page.why)


def test_an_item_is_added_as_if_it_was_taken_now(counter: Counter):
    codes = codes_of(counter, 0)
    counter.add("0033")
    assert counter.page.history.codes == [*codes, 33]
    assert cells(counter.page.history_card.table)[0][:2] == [counter.model.dataset.titles[32], "now"]
    assert counter.top() == counter.expected([*codes, 33])
    assert "history edited: 1 added" in labels(counter.window.strip)


def test_adding_nothing_changes_nothing(counter: Counter):
    codes = codes_of(counter, 0)
    counter.person.when_asked(lambda dialog: dialog.reject())
    counter.person.click(button(counter.page.history_card, "+ add"))
    assert counter.page.history.codes == codes
    assert not counter.page.undo_button.isEnabled()


def test_a_person_who_is_not_in_the_data_starts_with_nothing_and_a_list(counter: Counter):
    counter.take_out(0)
    counter.person.click(button(counter.page.users, "+ new"))
    counter.settle()
    assert counter.history() == []
    assert "Nothing yet. Add a few items that this person likes." in labels(counter.page.history_card)
    assert counter.top() == counter.expected([])
    assert not counter.page.undo_button.isEnabled()
    counter.add("0033")
    assert counter.history() == [counter.model.dataset.titles[32]]
    assert counter.top() == counter.expected([33])
    assert counter.top() != counter.expected([])


def test_a_user_who_is_chosen_again_after_a_new_person_is_shown_again(counter: Counter):
    counter.person.click(button(counter.page.users, "+ new"))
    counter.settle()
    counter.person.click_cell(counter.page.users.table, 0, 0)
    counter.settle()
    assert counter.page.history.user == 0
    assert counter.history() != []


# why


def test_the_reasons_are_those_of_leaving_each_item_out(counter: Counter):
    codes = codes_of(counter, 0)
    counter.page.top.table.choose(2)
    counter.settle()
    explanation = counter.model.explain(codes, counter.top()[2])
    assert cells(counter.page.why.table) == [
        [reason.title, f"{reason.effect:+.3f}", f"{explanation.rank} → {reason.rank_without}"]
        for reason in explanation.reasons
    ]
    assert counter.page.why.accessibleName() == f"Why {explanation.title}"
    if explanation.reasons[0].effect > 0:
        assert counter.page.why.sentence.text().startswith(f"Because of {explanation.reasons[0].title}")


def test_the_reasons_follow_the_history(counter: Counter):
    counter.take_out(0)
    assert len(cells(counter.page.why.table)) == len(codes_of(counter, 0)) - 1


def test_an_explanation_that_comes_late_is_not_shown_for_somebody_else(counter: Counter, monkeypatch):
    at_work, go_on = threading.Event(), threading.Event()
    explain = counter.model.explain

    def slow(*arguments):
        result = explain(*arguments)
        at_work.set()
        go_on.wait(60)
        return result

    monkeypatch.setattr(counter.model, "explain", slow)
    counter.until(lambda: len(counter.top()) > 3)
    counter.page.top.table.choose(3)
    counter.until(at_work.is_set)
    counter.person.click(button(counter.page.users, "+ new"))
    counter.until(lambda: counter.top() == counter.expected([]))
    go_on.set()
    counter.session.jobs._pool.waitForDone()
    counter.settle()
    assert "Without a history, this is what people take in general." in labels(counter.page.why)
    assert cells(counter.page.why.table) == []


# another run


def test_another_run_is_chosen_in_the_head(counter: Counter, workspace: Workspace):
    older = workspace.runs()[0]
    newer = train(workspace, epochs=1, hidden=8)
    counter.window.show_page("data")
    counter.window.show_page("recommend")
    counter.settle()
    box = counter.page.run_box
    assert box.count() == 2
    index = [run.id for run in counter.page._runs].index(newer.id)
    box.setCurrentIndex(index)
    box.activated.emit(index)
    counter.settle()
    assert counter.page.run.id == newer.id
    assert counter.session.run_id == newer.id
    assert counter.top() == counter.expected(codes_of(counter, 0))
    assert older.id != newer.id


def test_a_run_on_smaller_data_can_follow_one_on_larger(counter: Counter, workspace: Workspace):
    counter.choose(0)
    counter.add("0040")
    small = replace(chain_dataset(n_users=20, n_items=6, length=6), name="small")
    run = train(workspace, dataset=add_dataset(workspace, small), epochs=1)
    counter.session.choose_run(run.id)
    counter.settle()
    assert counter.page.run.id == run.id
    assert counter.model.dataset.n_items == 6
    assert counter.page.users.count.text() == "20"
    assert counter.page.history.codes == codes_of(counter, 0)
    assert counter.top() == counter.expected(codes_of(counter, 0))


def test_a_run_whose_data_are_gone_is_told_and_shows_nobody(counter: Counter, workspace: Workspace):
    other = train(workspace, dataset=add_dataset(workspace, replace(chain_dataset(), name="other")), epochs=1)
    workspace.remove_dataset("other")
    counter.session.choose_run(other.id)
    counter.settle()
    assert "is not in the workspace any more" in counter.window.failures.sentence()
    assert not counter.page.export_button.isEnabled()
    assert not counter.page.head.facts().startswith("Opening")
    assert cells(counter.page.top.table) == []
    assert cells(counter.page.users.table) == []


def test_a_drive_that_is_gone_is_not_called_a_lack_of_data_or_models(
    workspace: Workspace, preferences: Preferences, qapp, qtbot
):
    preferences.last_page = "data"
    session = Session(workspace, preferences)
    with unplugged(workspace):
        counter = Counter(session, qtbot)
        assert "The datasets cannot be read just now." in labels(counter.window.pages["data"])
        assert "The runs cannot be read just now." in labels(counter.page)
        assert not counter.page.empty.button.isVisible()
        assert counter.window.failures.isVisible()
    counter.page.entered()
    counter.settle()
    assert counter.page.run is not None
    data = counter.window.show_page("data")
    counter.settle()
    assert "The datasets cannot be read just now." not in labels(data)
    assert not counter.window.failures.isVisible()
    counter.window.close()
    session.deleteLater()


def test_the_dialog_for_adding_items_is_gone_when_it_is_closed(counter: Counter):
    counter.choose(3)
    for _ in range(3):
        counter.person.when_asked(lambda dialog: dialog.reject())
        counter.person.click(button(counter.page.history_card, "+ add"))
    counter.until(lambda: counter.page.findChildren(ItemDialog) == [])


# exporting


def test_one_user_is_exported_as_shown(counter: Counter, tmp_path: Path):
    counter.choose(7)
    counter.page.export_to(tmp_path / "one.csv", 5, [7], True)
    counter.settle()
    with (tmp_path / "one.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    ids = [counter.model.dataset.item_ids[code - 1] for code in counter.top()[:5]]
    assert [(row["user_id"], row["rank"], row["item_id"]) for row in rows] == [
        ("user-007", str(rank), item) for rank, item in enumerate(ids, 1)
    ]
    assert any("5 rows written" in said for said in labels(counter.window.strip))


def test_an_export_that_is_cancelled_leaves_the_file_that_was_there(counter: Counter, tmp_path: Path, monkeypatch):
    at_work, go_on = threading.Event(), threading.Event()
    ranked = counter.model.ranked

    def slow(*arguments, **more):
        at_work.set()
        go_on.wait(20)
        return ranked(*arguments, **more)

    path = tmp_path / "all.csv"
    path.write_text("what was there")
    monkeypatch.setattr(counter.model, "ranked", slow)
    counter.page.export_to(path, 10, None, True)
    assert at_work.wait(20)
    counter.person.click(counter.page.cancel_button)
    go_on.set()
    counter.session.jobs._pool.waitForDone()
    counter.settle()
    assert not counter.page.cancel_button.isVisible()
    assert path.read_text() == "what was there"
    assert [file.name for file in tmp_path.glob("*.csv")] == ["all.csv"]
    assert "Export cancelled; nothing was written" in labels(counter.window.strip)


def test_an_export_that_cannot_be_written_is_told(counter: Counter, tmp_path: Path):
    counter.page.export_to(tmp_path / "nowhere" / "all.csv", 10, None, True)
    counter.settle()
    assert "nowhere" in counter.window.failures.sentence()
    assert not counter.page.cancel_button.isVisible()


def test_the_dialog_of_the_export_begins_with_what_the_page_shows(qapp, qtbot, check_controls):
    dialog = ExportDialog("user-007", 1234, 25, False)
    qtbot.addWidget(dialog)
    assert (dialog.number.value(), dialog.seen.isChecked(), dialog.everybody.isChecked()) == (25, False, True)
    assert dialog.everybody.text() == "all 1,234 users"
    assert dialog.one.text() == "only user user-007"
    check_controls(dialog)
    for box in dialog.findChildren(QDialogButtonBox):
        assert [b.text() for b in box.buttons()]
    nobody = ExportDialog("", 1234, 25, False)
    qtbot.addWidget(nobody)
    assert not nobody.one.isVisibleTo(nobody)


def test_the_dialog_of_the_export_says_what_is_to_be_said_and_offers_ids_as_they_are(qapp, qtbot):
    note = "“b” was updated after this run was trained: it recommends after what people have taken by now, but has "
    note += "learned nothing from it. Train again for that."
    dialog = ExportDialog("user-007", 1234, 25, False, note)
    qtbot.addWidget(dialog)
    assert dialog.guard.isChecked() and "apostrophe" in dialog.guard.toolTip()
    assert note in labels(dialog)


def test_an_export_under_a_name_of_what_is_not_written_is_told(counter: Counter, tmp_path: Path):
    counter.page.export_to(tmp_path / "all.xlsx", 10, None, True)
    counter.settle()
    assert "cannot be written as “.xlsx”" in counter.window.failures.sentence()
    assert list(tmp_path.glob("*.xlsx")) == []


def test_a_model_whose_dataset_was_updated_says_so_on_the_page(counter: Counter, monkeypatch):
    assert not counter.page.note.isVisible()
    counter.model.note = "“b” was updated after this run was trained; these figures are older."
    counter.page._refresh()
    assert counter.page.note.isVisible() and counter.page.note.text() == counter.model.note


def test_an_ampersand_in_an_id_is_no_key(qapp, qtbot):
    dialog = ExportDialog("a&b", 2, 10, True)
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
    counter = Counter(session, qtbot)
    counter.page.top.number.setValue(3)
    counter.settle()
    page, tip = counter.page, Qt.ItemDataRole.ToolTipRole
    assert page.run.id == run.id
    tables = (page.users.table, page.history_card.table, page.top.table, page.why.table)
    for table, column in zip(tables, (0, 0, 1, 0), strict=True):
        index = table.model().index(0, column)
        assert index.data().startswith(text)
        assert index.data(tip) is None or as_read(index.data(tip)) == index.data()
    assert cells(page.top.table)[0][2] == text
    assert any(text in said for said in labels(page.why))
    cut = [label for label in counter.window.findChildren(ElidedText) if label.toolTip()]
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


def test_what_is_wanted_can_be_said_in_words_to_a_model_that_reads(text_session, qtbot):
    counter = Counter(text_session, qtbot)
    page = counter.page
    counter.choose(3)
    before = counter.top()[:]
    assert page.history_card.wish.isVisible()
    qtbot.keyClicks(page.history_card.wish, "Dark Island")
    qtbot.keyClick(page.history_card.wish, Qt.Key.Key_Return)
    counter.settle()
    history = page.history.codes
    assert counter.top() == counter.expected(history, wish="Dark Island") != before
    reasons = {row[0]: row[1:] for row in cells(page.why.table)}
    assert len(reasons) == len(history) + 1 and reasons["your words “Dark Island”"][1].startswith("1 → ")
    page.history_card.wish.clear()
    counter.settle()
    assert counter.top() == before


def test_a_new_item_is_there_as_soon_as_it_is_added(text_session, qtbot):
    counter = Counter(text_session, qtbot)
    dialog = NewItemDialog(counter.model.dataset, None)
    qtbot.addWidget(dialog)
    dialog.item_id.setText("b0001")
    dialog.lines["title"].setText("The Dark Island: Mystery, volume 11")
    assert not dialog.accept_button.isEnabled() and "already" in dialog.problem.text()
    dialog.item_id.setText("b-new")
    assert dialog.accept_button.isEnabled()
    counter.page.add_new_item("b-new", dialog.features())
    counter.until(lambda: counter.page.model is not None and counter.page.model.dataset.item_ids[-1] == "b-new")
    counter.settle()


def test_items_are_found_by_meaning_where_nothing_has_the_words(text_session, qtbot, check_controls):
    counter = Counter(text_session, qtbot)
    model = counter.model
    dialog = ItemDialog(model.dataset, text_session.jobs, None, Meaning(text_session, model))
    qtbot.addWidget(dialog)
    check_controls(dialog)
    dialog.search.setText("harbour of the dark desert")
    counter.settle()
    assert dialog.table.table_model.rowCount() == 0 and dialog.code() == 0
    assert dialog.hint.text() == "Looking for what is meant…"
    counter.until(lambda: dialog.table.table_model.rowCount() > 0)
    found = model.search("harbour of the dark desert", 50)
    assert [row[1] for row in cells(dialog.table)] == [item.item_id for item in found]
    assert cells(dialog.table)[0][2] == f"{found[0].score:.2f}"
    assert dialog.code() == found[0].code
    assert dialog.hint.text() == "Nothing has these words; these are nearest in meaning."
    dialog.search.setText(found[3].item_id)  # words that something has are taken at their word
    counter.settle()
    assert [row[1] for row in cells(dialog.table)] == [found[3].item_id]
    assert (dialog.code(), dialog.hint.text()) == (found[3].code, "")
    dialog.search.clear()
    counter.settle()
    assert dialog.table.table_model.rowCount() == model.dataset.n_items


def test_meaning_can_be_asked_for_though_something_has_the_words(text_session, qtbot):
    counter = Counter(text_session, qtbot)
    dialog = ItemDialog(counter.model.dataset, text_session.jobs, None, Meaning(text_session, counter.model))
    qtbot.addWidget(dialog)
    dialog.search.setText("Dark")
    counter.settle()
    by_words = cells(dialog.table)
    assert dialog.meaning is not None
    dialog.meaning.setChecked(True)
    counter.until(lambda: dialog.hint.text() == "These are nearest in meaning.")
    assert [row[1] for row in cells(dialog.table)] == [item.item_id for item in counter.model.search("Dark", 50)]
    dialog.meaning.setChecked(False)
    counter.settle()
    assert cells(dialog.table) == by_words


def test_words_without_meaning_are_said_and_a_closed_dialog_waits_for_nothing(text_session, qtbot):
    counter = Counter(text_session, qtbot)
    dialog = ItemDialog(counter.model.dataset, text_session.jobs, None, Meaning(text_session, counter.model))
    qtbot.addWidget(dialog)
    dialog.search.setText("!?!?")
    counter.until(lambda: dialog.hint.text().startswith("There is no word in what you wrote."))
    assert not counter.window.failures.isVisible()
    dialog.search.setText("robots in space")
    counter.settle()
    dialog.reject()
    assert not dialog._later.isActive()
    dialog.search.setText("robots in a garden")
    counter.settle()
    dialog._later.timeout.emit()
    dialog.reject()
    counter.settle()
    assert dialog.hint.text() == "Looking for what is meant…"


def test_a_model_over_ids_offers_neither_wish_nor_new_item(chain, session, qtbot):
    counter = Counter(session, qtbot)
    assert not counter.page.history_card.wish.isVisible()
    assert ItemDialog(chain, session.jobs, counter.window).new_button is None


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
        place = table.visualRect(table.model().index(3, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert dialog.result() == ItemDialog.DialogCode.Accepted
    finally:
        go_on.set()
    qtbot.waitUntil(lambda: not session.jobs._jobs)
    assert chain.item_ids[dialog.code() - 1] == clicked


def test_a_history_remembers_every_edit(qapp):
    history, heard = History(), []
    history.changed.connect(lambda: heard.append(list(history.codes)))
    history.show_user(3, [5, 6, 7], [100, 200, 300])
    history.remove(1)
    history.add(9)
    assert (history.codes, history.original, history.edited) == ([5, 7, 9], [5, 6, 7], True)
    assert [history.when(position) for position in range(3)] == [100, 300, None]
    history.undo()
    history.undo()
    history.undo()
    assert (history.codes, history.edited, history.can_undo) == ([5, 6, 7], False, False)
    assert [history.when(position) for position in range(3)] == [100, 200, 300]
    assert heard == [[5, 6, 7], [5, 7], [5, 7, 9], [5, 7], [5, 6, 7]]
    history.add(1)
    history.show_user(-1, [], None)
    assert (history.codes, history.can_undo, history.user) == ([], False, -1)


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
