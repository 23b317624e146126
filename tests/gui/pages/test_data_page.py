import csv
import gzip
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

import recdesk.data.importing as importing
from recdesk.data.cleaning.rules import Rules
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.data.datasets_card import DatasetsCard
from recdesk.gui.pages.data.preview_model import PreviewModel
from recdesk.gui.pages.data.rejects import read_rejects
from recdesk.gui.pages.data.rejects_dialog import RejectsDialog
from recdesk.gui.pages.data.report_card import report_sentences
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import ElidedText
from recdesk.workspace.run_store import RunStore, lock_of
from recdesk.workspace.workspace import Workspace
from tests.gui.desk import ITEMS, RATINGS, Desk, write
from tests.gui.person import cells
from tests.gui.plain import MARKED_UP_LONG, as_read, labels
from tests.gui.trained import add_dataset, answer, button, leave
from tests.workspace.conftest import small_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

LEFT = Qt.MouseButton.LeftButton
TIP = Qt.ItemDataRole.ToolTipRole
# what cannot be used

BAD = {
    "empty.csv": b"",
    "blank.csv": b"\n\n  \n",
    "head.csv": b"user,item,rating\n",
    "single.csv": b"user\na\nb\n",
    "picture.csv": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8,
    "page.csv": b"<!DOCTYPE html>\n<html><body>user,item\n1,2\n</body></html>",
    "cut.csv.gz": gzip.compress(RATINGS.encode() * 50)[:60],
    "rubbish.parquet": b"PAR1" + bytes(100),
    "none.jsonl": b'[1, 2]\n"x"\n',
    "ratings.csv": b"user,item,rating\na,x,good\nb,y,bad\n",
    "people.csv": b"alpha,beta\na1,x1\nb2,y2\n",
    "single item.csv": b"user,item\na,x\nb,x\nc,x\n",
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_used_is_told_in_a_sentence_and_leaves_nothing(name: str, desk: Desk, tmp_path: Path):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    desk.drop(path)
    if desk.page.import_button.isVisible() and desk.page.import_button.isEnabled():
        desk.person.click(desk.page.import_button)
        desk.settle()
    told = desk.window.failures.sentence()
    missing = [said for said in labels(desk.page.importing) if said.startswith("Choose a column for")]
    assert told or missing
    if told:
        assert desk.window.failures.isVisible()
        assert path.name.split(".")[0] in told
        assert "Traceback" not in told
    assert desk.kept() == []
    assert desk.session.workspace.datasets() == []
    assert desk.session.dataset_name is None


def test_a_file_that_is_gone_and_a_folder_without_data_are_told(desk: Desk, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    desk.drop(tmp_path / "gone.csv")
    assert "gone.csv" in desk.window.failures.sentence()
    desk.drop(tmp_path / "folder")
    assert "folder" in desk.window.failures.sentence()
    assert desk.kept() == []


def test_after_a_bad_file_a_good_one_can_be_dropped_at_once(desk: Desk, tmp_path: Path):
    (tmp_path / "empty.csv").write_bytes(b"")
    desk.drop(tmp_path / "empty.csv")
    desk.prepare(*write(tmp_path, good=RATINGS))
    assert desk.take() == "good"


def test_an_import_that_fails_stays_open_to_be_corrected(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.page.importing.rules.form.core.setValue(1000)
    desk.person.click(desk.page.import_button)
    desk.settle()
    assert "1000-core" in desk.window.failures.sentence()
    assert desk.kept() == []
    assert desk.page.import_button.isVisible() and desk.page.import_button.isEnabled()
    desk.page.importing.rules.form.core.setValue(0)
    assert desk.take() == "good"


# preparing


def test_the_preview_shows_the_file_and_what_its_columns_are(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    view = desk.page.importing
    assert cells(view.preview.table) == [line.split(",") for line in RATINGS.splitlines()[1:]]
    assert desk.roles() == {name: name for name in ("user", "item", "rating", "time")}
    menu = desk.head_menu(0)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["User"]
    desk.qtbot.keyClick(menu, Qt.Key.Key_Escape)


def test_a_role_given_on_the_head_of_a_column_changes_the_plan_and_the_dataset(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good="user,item,rating\nu1,i1,5\nu2,i2,4\nu3,i1,3\n"))
    desk.choose_role(0, "Item")
    plan, view = desk.page.importing.draft.plan, desk.page.importing
    assert (plan.item, plan.user) == ("user", "")
    assert not desk.page.import_button.isEnabled()
    assert "Choose a column for: User" in labels(view)
    desk.choose_role(1, "User")
    plan = view.draft.plan
    assert (plan.item, plan.user) == ("user", "item")
    assert desk.roles() == {"user": "item", "item": "user", "rating": "rating"}
    assert desk.page.import_button.isEnabled()
    desk.take()
    assert sorted(desk.session.dataset.user_ids) == ["i1", "i2"]


def test_a_role_can_be_taken_from_a_column(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.choose_role(2, "–")
    desk.choose_role(3, "–")
    assert (desk.page.importing.draft.plan.rating, desk.page.importing.draft.plan.time) == ("", "")
    assert not desk.page.importing.rules.form.rating.isEnabled()
    desk.take()
    assert desk.session.dataset.ratings is None
    assert desk.session.dataset.times is None


def test_roles_can_be_given_by_keyboard_too(desk: Desk, tmp_path: Path):
    desk.drop(*write(tmp_path, people="alpha,beta\na1,x1\nb2,y2\na1,y2\n"))
    header = desk.page.importing.preview.header
    assert not desk.page.import_button.isEnabled()
    header.setFocus()
    for downs in (1, 2):  # User, Item
        desk.qtbot.keyClick(header, Qt.Key.Key_Space)
        menu = QApplication.activePopupWidget()
        for _ in range(downs):
            desk.qtbot.keyClick(menu, Qt.Key.Key_Down)
        desk.qtbot.keyClick(menu, Qt.Key.Key_Return)
        desk.qtbot.keyClick(header, Qt.Key.Key_Right)
    assert desk.roles() == {"user": "alpha", "item": "beta"}
    assert header.accessibleDescription() == "beta: Item"
    assert desk.page.import_button.isEnabled()
    desk.take()
    assert sorted(desk.session.dataset.user_ids) == ["a1", "b2"]


def test_a_column_of_titles_beside_the_interactions_is_shown_as_what_it_is_used_for(desk: Desk, tmp_path: Path):
    text = "user,item,title\na,x,The first\na,y,The second\nb,x,The first\n"
    desk.prepare(*write(tmp_path, good=text))
    shown = desk.roles().get("title")
    desk.take()
    assert (shown == "title") == (desk.session.dataset.title_column is not None)


def test_ratings_and_items_dropped_together_belong_together(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    view = desk.page.importing
    assert view.draft.plan.items == tmp_path / "items.csv"
    assert [chip.isVisible() for chip in view.preview.chips.values()] == [True, True, False]
    desk.person.click(view.preview.chips["items"])
    assert cells(view.preview.table)[0] == ["x", "The first", "old"]
    assert desk.roles() == {"item": "item", "title": "title", "feature": "genre"}
    desk.take()
    assert list(desk.session.dataset.titles) == ["The first", "The second", "The third"]


def test_the_items_can_be_left_out(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    view = desk.page.importing
    view.files.set_items(None)
    desk.settle()
    assert not view.preview.chips["items"].isVisible()
    desk.take()
    assert desk.session.dataset.title_column is None


def test_an_items_file_that_cannot_be_read_is_told_and_not_used(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    (tmp_path / "broken.csv").write_bytes(b"")
    view = desk.page.importing
    view.files.set_items(tmp_path / "broken.csv")
    desk.settle()
    assert "broken.csv" in desk.window.failures.sentence()
    shown = "broken.csv" in labels(view.files)
    assert shown == (view.draft.plan.items is not None)
    if not shown:
        assert desk.take() == "good"


def test_another_separator_is_read_at_once(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    box = desk.page.importing.reading.separator
    desk.person.write(box.lineEdit(), "semicolon")
    desk.settle()
    assert desk.page.importing.draft.plan.dialect.separator == ";"
    assert desk.page.importing.preview.table.model().columnCount() == 1
    assert not desk.page.import_button.isEnabled()
    desk.person.click(button(desk.page.importing.reading, "Guess again"))
    desk.settle()
    assert box.currentText() == "comma"
    assert desk.take() == "good"


def test_the_rules_asked_for_are_carried_out_and_reported(desk: Desk, tmp_path: Path):
    rows = "a,x,5,100\na,y,4,200\nb,x,3,100\nb,y,3,200\nb,z,1,300\na,z,2,300\na,x,5,100\nc,x,5,100\n"
    desk.prepare(*write(tmp_path, good="user,item,rating,time\n" + rows))
    rules = desk.page.importing.rules
    desk.person.write(rules.form.rating, "2.5")
    desk.person.write(rules.form.core, "2")
    plan = desk.page.importing.draft.plan
    assert (plan.min_rating, plan.k_core, plan.duplicates) == (2.5, 2, "exact")
    desk.take()
    assert desk.session.dataset.report["dropped"] == {"rating below 2.5": 2, "exact duplicates": 1, "2-core": 1}
    assert desk.page.report.sentences() == [
        "8 rows read, 4 kept.",
        "2 dropped: rating below 2.5",
        "1 dropped: exact duplicates",
        "1 dropped: 2-core",
    ]


def test_the_rules_of_an_earlier_import_do_not_return_with_the_next_file(desk: Desk, tmp_path: Path):
    first, second = write(tmp_path, first=RATINGS, second=RATINGS)
    desk.prepare(first)
    rules = desk.page.importing.rules
    rules.form.core.setValue(2)
    rules.form.rating.set_number(2.0)
    rules.form.duplicates.setCurrentIndex(3)
    rules.form.duplicates.activated.emit(3)
    desk.person.click(desk.page.cancel_button)
    desk.prepare(second)
    plan = desk.page.importing.draft.plan
    assert (plan.min_rating, plan.k_core, plan.duplicates) == (None, 0, "exact")
    assert rules.form.values() == Rules().to_dict()


@pytest.mark.parametrize(("typed", "name"), [("Films of ours", "Films of ours"), ("", "good"), ("  ", "good")])
def test_the_name_given_is_the_name_of_the_dataset(typed: str, name: str, desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.person.write(desk.page.importing.files.name, typed) if typed else desk.page.importing.files.name.clear()
    desk.take()
    assert desk.session.dataset.name == name


def test_every_control_of_the_import_has_a_name(desk: Desk, tmp_path: Path, check_controls):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    check_controls(desk.page.importing)
    desk.take()
    check_controls(desk.page)


def test_nothing_of_the_import_lies_outside_a_window_of_1280_by_720(desk: Desk, tmp_path: Path):
    desk.window.resize(1280, 720)
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    desk.qtbot.wait(50)
    view = desk.page.importing
    for card in (view.preview, view.files, view.privacy, view.rules, view.reading):
        corner = card.mapTo(desk.page, card.rect().bottomRight())
        assert desk.page.rect().contains(corner), card.accessibleName()


# importing


def test_the_import_tells_what_it_did(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    assert desk.take() == "ratings" or desk.session.dataset_name == tmp_path.name
    assert desk.page.report.isVisible()
    assert desk.page.report.sentences()[0] == "6 rows read, 6 kept."
    desk.qtbot.waitUntil(lambda: desk.page.summary.value("users") != "–")
    values = {key: desk.page.summary.value(key) for key in ("users", "items", "interactions", "density", "mean")}
    assert values == {"users": "2", "items": "3", "interactions": "6", "density": "100 %", "mean": "3.0"}
    assert cells(desk.page.datasets.table)[0][1:4] == ["2", "3", "6"]
    assert desk.page.train_button.isVisible()


def test_a_dataset_without_times_says_so(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good="user,item\na,x\na,y\nb,x\n"))
    desk.take()
    desk.qtbot.waitUntil(lambda: desk.page.summary.value("range") != "–")
    assert desk.page.summary.value("range") == "no times"
    assert desk.page.summary.value("ties") == "–"


def test_rows_that_cannot_be_used_are_listed_with_line_and_reason(desk: Desk, tmp_path: Path):
    text = "user,item,rating,time\na,x,5,100\na,y,good,200\nb,x,3,soon\n,z,1,300\nb,y,2,200\nb,x,4,400\n"
    desk.prepare(*write(tmp_path, good=text))
    name = desk.take()
    desk.qtbot.waitUntil(lambda: any("line 3" in said for said in desk.page.report.sentences()))
    said = desk.page.report.sentences()
    assert said[0] == "6 rows read, 3 kept."
    assert "good.csv, line 3, column “rating”: a rating that is no number (“good”)" in said
    (chip,) = [
        c for c in desk.page.report.findChildren(QWidget) if c.isVisible() and c.accessibleName() == "Show all rejects"
    ]
    desk.person.click(chip)
    desk.qtbot.waitUntil(lambda: bool(desk.page.report.findChildren(RejectsDialog)))
    (dialog,) = desk.page.report.findChildren(RejectsDialog)
    rows = cells(dialog.table)
    columns = [dialog.table.model().headerData(c, Qt.Orientation.Horizontal) for c in range(len(rows[0]))]
    listed = [dict(zip(columns, row, strict=True)) for row in rows]
    assert [(row["file"], row["line"], row["column"], row["value"]) for row in listed] == [
        ("good.csv", "3", "rating", "good"),
        ("good.csv", "4", "time", "soon"),
        ("good.csv", "5", "user", ""),
    ]
    assert all(row["reason"] for row in listed)
    assert listed[0]["raw"] == "a,y,good,200"
    assert "3 rows" in labels(dialog)
    dialog.close()
    folder = desk.session.workspace.dataset_folder(name)
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["3", "4", "5"]


def test_giving_up_the_preparation_leaves_nothing(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.person.click(desk.page.cancel_button)
    assert not desk.page.import_button.isVisible()
    assert desk.page.add_card.isVisible()
    assert desk.kept() == []


def test_an_import_that_is_cancelled_leaves_nothing(desk: Desk, tmp_path: Path, monkeypatch):
    at_work, go_on = threading.Event(), threading.Event()
    carry_out = importing.import_files

    def slow(plan, progress, cancelled, intake):
        result = carry_out(plan, progress, cancelled, intake)
        at_work.set()
        go_on.wait(20)
        return result

    monkeypatch.setattr(importing, "import_files", slow)
    desk.prepare(*write(tmp_path, good=RATINGS))
    desk.person.click(desk.page.import_button)
    assert at_work.wait(20)
    assert not desk.page.import_button.isEnabled()
    desk.person.click(desk.page.cancel_button)
    go_on.set()
    desk.session.jobs._pool.waitForDone()
    desk.qtbot.wait(20)
    assert desk.kept() == []
    assert desk.page.import_button.isEnabled()
    assert not desk.window.failures.isVisible()
    monkeypatch.setattr(importing, "import_files", carry_out)
    assert desk.take() == "good"


def test_files_imported_lately_can_be_opened_again(desk: Desk, tmp_path: Path):
    desk.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    desk.take()
    (again,) = [
        w for w in desk.page.add_card.findChildren(QWidget) if w.accessibleName().startswith("ratings.csv + items.csv")
    ]
    desk.person.click(again)
    desk.settle()
    assert desk.page.importing.draft.plan.items == tmp_path / "items.csv"


def test_the_same_file_twice_makes_two_datasets_told_apart_by_name(desk: Desk, tmp_path: Path):
    files = write(tmp_path, good=RATINGS)
    desk.prepare(*files)
    desk.take()
    desk.session.choose_dataset(None)
    desk.prepare(*files)
    assert desk.take() == "good 2"
    assert sorted(row[0] for row in cells(desk.page.datasets.table)) == ["good", "good (good 2)"]


def test_the_example_is_made_once_and_chosen(desk: Desk):
    desk.person.click(desk.page.add_card.english)
    desk.qtbot.waitUntil(lambda: desk.session.dataset is not None, timeout=60_000)
    desk.settle()
    assert desk.session.dataset.synthetic
    assert "synthetic" in [w.accessibleName() for w in desk.page.summary.findChildren(QWidget) if w.isVisible()]
    assert any("best possible accuracy" in said for said in labels(desk.page.summary))
    desk.person.click(desk.page.add_card.english)
    desk.settle()
    assert len(desk.session.workspace.datasets()) == 1


# the datasets


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """With two datasets, the first chosen."""
    add_dataset(desk.session.workspace)
    add_dataset(desk.session.workspace)
    desk.session.datasets_changed.emit()
    desk.session.choose_dataset("chain")
    desk.settle()
    return desk


def remove_chip(card: DatasetsCard) -> QWidget:
    (chip,) = [widget for widget in card.findChildren(QWidget) if widget.accessibleName() == "Remove…"]
    return chip


def test_a_dataset_goes_to_the_trash_after_asking(stocked: Desk):
    said = answer("Remove")
    stocked.person.click(remove_chip(stocked.page.datasets))
    stocked.settle()
    assert "Remove “chain”?" in said
    workspace = stocked.session.workspace
    assert [info.name for info in workspace.datasets()] == ["chain 2"]
    assert len(list((workspace.folder / "trash").glob("*chain/manifest.json"))) == 1
    assert stocked.session.dataset_name is None
    assert [row[0] for row in cells(stocked.page.datasets.table)] == ["chain (chain 2)"]
    assert not stocked.page.summary.isVisible()


def test_a_dataset_that_is_kept_stays(stocked: Desk):
    answer("Keep")
    stocked.person.click(remove_chip(stocked.page.datasets))
    stocked.settle()
    assert len(stocked.session.workspace.datasets()) == 2
    assert stocked.session.dataset_name == "chain"
    assert not (stocked.session.workspace.folder / "trash").exists()


def test_the_delete_key_asks_too(stocked: Desk):
    said = answer("Keep")
    stocked.page.datasets.table.setFocus()
    stocked.qtbot.keyClick(stocked.page.datasets.table, Qt.Key.Key_Delete)
    stocked.settle()
    assert "Remove “chain”?" in said


def test_runs_that_would_lose_their_dataset_are_counted_in_the_question(stocked: Desk):
    stocked.session.workspace.create_run("chain", small_config(), "leave-one-out")
    said = answer("Keep")
    stocked.person.click(remove_chip(stocked.page.datasets))
    stocked.settle()
    assert any("cannot recommend without it: 1." in words for words in said)


def test_a_dataset_that_is_trained_on_is_not_removed_and_the_refusal_goes_when_training_is_over(stocked: Desk):
    workspace, session = stocked.session.workspace, stocked.session
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    session.choose_dataset("chain")
    stocked.settle()
    with lock_of(run.folder):
        RunStore.of(run).set_state(run, "running")
        stocked.page.datasets._ask_to_remove()
        stocked.settle()
        assert stocked.window.failures.sentence() == "A run is being trained on this dataset."
    assert "chain" in [info.name for info in workspace.datasets()]
    session.training.state_changed.emit("idle")
    assert not stocked.window.failures.isVisible()


def test_the_chosen_row_is_the_chosen_dataset(stocked: Desk):
    table = stocked.page.datasets.table
    other = next(row for row, cell in enumerate(cells(table)) if "chain 2" in cell[0])
    stocked.person.click_cell(table, other, 0)
    assert stocked.session.dataset_name == "chain 2"
    stocked.settle()
    stocked.session.choose_dataset("chain")
    assert cells(table)[table.currentIndex().row()][0] == "chain"
    stocked.session.choose_dataset(None)
    assert not table.selectionModel().hasSelection()
    stocked.settle()


def test_the_list_says_which_datasets_cannot_be_read(stocked: Desk):
    card = stocked.page.findChild(DatasetsCard)
    assert card._damaged.isHidden()
    path = stocked.session.workspace.dataset_folder("chain 2") / "manifest.json"
    kept = path.read_bytes()
    path.write_text("[]")
    card.refresh()
    stocked.settle()
    assert str(path) in card._damaged.text() and card._damaged.isVisibleTo(card)
    path.write_bytes(kept)
    card.refresh()
    stocked.settle()
    assert card._damaged.isHidden()


def test_a_dataset_that_is_damaged_is_told_and_let_go_of(stocked: Desk):
    (stocked.session.workspace.dataset_folder("chain 2") / "items.npy").write_bytes(b"rubbish")
    stocked.session.choose_dataset("chain 2")
    stocked.settle()
    assert stocked.window.failures.isVisible()
    assert stocked.session.dataset_name is None
    assert stocked.page.head.facts().startswith("Add what people did")


# plain text


def marked_up(folder: Path, text: str) -> tuple[Path, Path]:
    """Files with this text wherever there may be text; line 3 cannot be used."""
    rows = [["user", "item", "rating", f"{text} noted"], [text, "x", "5", text], ["b", "y", f"bad {text}", "n"]]
    rows += [[f"u{number}", "xy"[number % 2], "4", "n"] for number in range(20)]
    paths = folder / "good.csv", folder / "items.csv"
    for path, table in zip(paths, (rows, [["item", "title"], ["x", text], ["y", text]]), strict=True):
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(table)
    return paths


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_the_preview_shows_text_as_it_stands(text: str, desk: Desk, tmp_path: Path):
    desk.prepare(*marked_up(tmp_path, text))
    preview = desk.page.importing.preview.table.model()
    assert preview.index(0, 0).data() == text
    assert preview.headerData(3, Qt.Orientation.Horizontal) == f"{text} noted"
    tip = preview.index(0, 0).data(TIP)
    assert tip is None or as_read(tip) == text


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_the_name_of_a_dataset_is_shown_as_it_stands(text: str, desk: Desk, tmp_path: Path):
    desk.prepare(*marked_up(tmp_path, text))
    desk.person.write(desk.page.importing.files.name, text)
    desk.take()
    assert text in labels(desk.page.summary)
    assert f"{text} is chosen for training and recommending." in labels(desk.page.head)
    table = desk.page.datasets.table.model()
    assert text in table.index(0, 0).data()
    assert as_read(table.index(0, 0).data(TIP)) == desk.session.dataset_name
    said = answer("Keep")
    desk.person.click(remove_chip(desk.page.datasets))
    desk.settle()
    assert f"Remove “{text}”?" in said


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_what_is_cut_of_the_name_of_a_dataset_is_plain_in_its_tooltip(text: str, desk: Desk, tmp_path: Path):
    desk.prepare(*marked_up(tmp_path, text))
    desk.person.write(desk.page.importing.files.name, 3 * text)
    desk.take()
    desk.window.resize(960, 560)
    desk.qtbot.wait(20)
    cut = [label for label in desk.window.findChildren(ElidedText) if label.toolTip()]
    assert [as_read(label.toolTip()) for label in cut] == [label.text() for label in cut]


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_rows_that_cannot_be_used_are_shown_as_they_stand(text: str, desk: Desk, tmp_path: Path):
    desk.prepare(*marked_up(tmp_path, text))
    desk.take()
    desk.qtbot.waitUntil(lambda: any("line 3" in said for said in desk.page.report.sentences()))
    desk.page.report.open_rejects()
    (dialog,) = desk.page.report.findChildren(RejectsDialog)
    (row,) = cells(dialog.table)
    tips = [dialog.table.model().index(0, column).data(TIP) for column in range(len(row))]
    dialog.close()
    assert row[3] == f"bad {text}"
    assert all(tip is None or as_read(tip) == cell for tip, cell in zip(tips, row, strict=True))


# read-only


def test_a_window_that_only_reads_takes_no_files(workspace: Workspace, preferences: Preferences, qapp, qtbot, tmp_path):
    name = add_dataset(workspace)
    session = Session(workspace, preferences, read_only=True)
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    desk = Desk(window, qtbot)
    session.choose_dataset(name)
    desk.settle()
    before = desk.kept()
    desk.page.open_files(write(tmp_path, good=RATINGS))
    desk.settle()
    assert not desk.page.import_button.isVisible()
    assert not remove_chip(desk.page.datasets).isVisible()
    desk.page.datasets.table.setFocus()
    qtbot.keyClick(desk.page.datasets.table, Qt.Key.Key_Delete)
    assert desk.kept() == before
    window.close()
    session.deleteLater()


# parts


def test_a_row_of_a_preview_that_is_shorter_than_its_head_is_filled_with_nothing(qapp, qtmodeltester):
    class Short:
        columns: tuple[str, ...] = ("a", "b", "c")
        rows: tuple[list[str], ...] = (["1"], ["1", "2", "3", "4"])

    model = PreviewModel()
    model.show(Short())
    qtmodeltester.check(model, force_py=True)
    assert [[model.index(r, c).data() for c in range(3)] for r in range(2)] == [["1", "", ""], ["1", "2", "3"]]


def test_no_rejects_are_no_rows(tmp_path: Path):
    assert read_rejects(tmp_path).rows == []


def test_a_report_tells_every_count_once(qapp):
    told = report_sentences(
        {
            "read": 12345,
            "kept": 10000,
            "rejected": {"a rating that is no number": 5},
            "dropped": {"exact duplicates": 2340, "5-core": 0},
            "notes": ["The file has no times."],
            "items_without_features": 3,
            "features_without_items": 4,
        }
    )
    assert told == [
        ("text", "12,345 rows read, 10,000 kept."),
        ("warning", "5 could not be used: a rating that is no number"),
        ("text", "2,340 dropped: exact duplicates"),
        ("text", "3 items are not in the items file."),
        ("secondary", "4 items of the items file were taken by nobody."),
        ("secondary", "The file has no times."),
    ]
    assert report_sentences({}) == []


def test_the_datasets_are_a_table(stocked: Desk, qtmodeltester):
    qtmodeltester.check(stocked.page.datasets.model, force_py=True)
