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
from recdesk.gui.pages.data.preview_card import PreviewModel
from recdesk.gui.pages.data.rejects import RejectsDialog, read_rejects
from recdesk.gui.pages.data.report_card import report_sentences
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.text import ElidedText
from recdesk.workspace.run_store import RunStore, run_lock
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.markup import MARKED_UP_LONG, as_read, labels
from tests.gui.pages.data.driver import ITEMS, RATINGS, DataPageDriver, write
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
def test_an_unusable_file_is_an_error_in_a_sentence_and_leaves_nothing(
    name: str, driver: DataPageDriver, tmp_path: Path
):
    path = tmp_path / name
    path.write_bytes(BAD[name])
    driver.drop_files(path)
    if driver.page.import_button.isVisible() and driver.page.import_button.isEnabled():
        driver.click(driver.page.import_button)
        driver.settle()
    told = driver.window.failures.sentence()
    missing = [said for said in labels(driver.page.importing) if said.startswith("Choose a column for")]
    assert told or missing
    if told:
        assert driver.window.failures.isVisible()
        assert path.name.split(".")[0] in told
        assert "Traceback" not in told
    assert driver.kept() == []
    assert driver.session.workspace.datasets() == []
    assert driver.session.dataset_name is None


def test_a_missing_file_and_a_folder_without_data_are_errors_in_a_sentence(driver: DataPageDriver, tmp_path: Path):
    (tmp_path / "folder").mkdir()
    driver.drop_files(tmp_path / "gone.csv")
    assert "gone.csv" in driver.window.failures.sentence()
    driver.drop_files(tmp_path / "folder")
    assert "folder" in driver.window.failures.sentence()
    assert driver.kept() == []


def test_after_a_bad_file_a_good_one_can_be_dropped_at_once(driver: DataPageDriver, tmp_path: Path):
    (tmp_path / "empty.csv").write_bytes(b"")
    driver.drop_files(tmp_path / "empty.csv")
    driver.prepare(*write(tmp_path, good=RATINGS))
    assert driver.take() == "good"


def test_an_import_that_fails_stays_open_to_be_corrected(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.page.importing.rules.form.control("k_core").setValue(1000)
    driver.click(driver.page.import_button)
    driver.settle()
    assert "1000-core" in driver.window.failures.sentence()
    assert driver.kept() == []
    assert driver.page.import_button.isVisible() and driver.page.import_button.isEnabled()
    driver.page.importing.rules.form.control("k_core").setValue(0)
    assert driver.take() == "good"


# preparing


def test_the_preview_shows_the_file_and_what_its_columns_are(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    view = driver.page.importing
    assert cells(view.preview.table) == [line.split(",") for line in RATINGS.splitlines()[1:]]
    assert driver.roles() == {name: name for name in ("user", "item", "rating", "time")}
    menu = driver.head_menu(0)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["User"]
    driver.qtbot.keyClick(menu, Qt.Key.Key_Escape)


def test_a_role_given_on_the_head_of_a_column_changes_the_plan_and_the_dataset(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good="user,item,rating\nu1,i1,5\nu2,i2,4\nu3,i1,3\n"))
    driver.choose_role(0, "Item")
    plan, view = driver.page.importing.draft.plan, driver.page.importing
    assert (plan.item, plan.user) == ("user", "")
    assert not driver.page.import_button.isEnabled()
    assert "Choose a column for: User" in labels(view)
    driver.choose_role(1, "User")
    plan = view.draft.plan
    assert (plan.item, plan.user) == ("user", "item")
    assert driver.roles() == {"user": "item", "item": "user", "rating": "rating"}
    assert driver.page.import_button.isEnabled()
    driver.take()
    assert sorted(driver.session.dataset.user_ids) == ["i1", "i2"]


def test_a_role_can_be_taken_from_a_column(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.choose_role(2, "–")
    driver.choose_role(3, "–")
    assert (driver.page.importing.draft.plan.rating, driver.page.importing.draft.plan.time) == ("", "")
    assert not driver.page.importing.rules.form.control("min_rating").isEnabled()
    driver.take()
    assert driver.session.dataset.ratings is None
    assert driver.session.dataset.times is None


def test_roles_can_be_given_by_keyboard_too(driver: DataPageDriver, tmp_path: Path):
    driver.drop_files(*write(tmp_path, people="alpha,beta\na1,x1\nb2,y2\na1,y2\n"))
    header = driver.page.importing.preview.header
    assert not driver.page.import_button.isEnabled()
    header.setFocus()
    for downs in (1, 2):  # User, Item
        driver.qtbot.keyClick(header, Qt.Key.Key_Space)
        menu = QApplication.activePopupWidget()
        for _ in range(downs):
            driver.qtbot.keyClick(menu, Qt.Key.Key_Down)
        driver.qtbot.keyClick(menu, Qt.Key.Key_Return)
        driver.qtbot.keyClick(header, Qt.Key.Key_Right)
    assert driver.roles() == {"user": "alpha", "item": "beta"}
    assert header.accessibleDescription() == "beta: Item"
    assert driver.page.import_button.isEnabled()
    driver.take()
    assert sorted(driver.session.dataset.user_ids) == ["a1", "b2"]


def test_a_column_of_titles_beside_the_interactions_is_shown_as_what_it_is_used_for(
    driver: DataPageDriver, tmp_path: Path
):
    text = "user,item,title\na,x,The first\na,y,The second\nb,x,The first\n"
    driver.prepare(*write(tmp_path, good=text))
    shown = driver.roles().get("title")
    driver.take()
    assert (shown == "title") == (driver.session.dataset.title_column is not None)


def test_ratings_and_items_dropped_together_belong_together(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    view = driver.page.importing
    assert view.draft.plan.items == tmp_path / "items.csv"
    assert [chip.isVisible() for chip in view.preview.chips.values()] == [True, True, False]
    driver.click(view.preview.chips["items"])
    assert cells(view.preview.table)[0] == ["x", "The first", "old"]
    assert driver.roles() == {"item": "item", "title": "title", "feature": "genre"}
    driver.take()
    assert list(driver.session.dataset.titles) == ["The first", "The second", "The third"]


def test_the_items_can_be_left_out(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    view = driver.page.importing
    view.draft.set_file("items", None)
    driver.settle()
    assert not view.preview.chips["items"].isVisible()
    driver.take()
    assert driver.session.dataset.title_column is None


def test_an_unreadable_items_file_is_an_error_and_not_used(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    (tmp_path / "broken.csv").write_bytes(b"")
    view = driver.page.importing
    view.draft.set_file("items", (tmp_path / "broken.csv", ""))
    driver.settle()
    assert "broken.csv" in driver.window.failures.sentence()
    shown = "broken.csv" in labels(view.files)
    assert shown == (view.draft.plan.items is not None)
    if not shown:
        assert driver.take() == "good"


def test_another_separator_is_read_at_once(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    box = driver.page.importing.reading.separator
    driver.write(box.lineEdit(), "semicolon")
    driver.settle()
    assert driver.page.importing.draft.plan.dialect.separator == ";"
    assert driver.page.importing.preview.table.model().columnCount() == 1
    assert not driver.page.import_button.isEnabled()
    driver.click(button(driver.page.importing.reading, "Guess again"))
    driver.settle()
    assert box.currentText() == "comma"
    assert driver.take() == "good"


def test_the_rules_asked_for_are_carried_out_and_reported(driver: DataPageDriver, tmp_path: Path):
    rows = "a,x,5,100\na,y,4,200\nb,x,3,100\nb,y,3,200\nb,z,1,300\na,z,2,300\na,x,5,100\nc,x,5,100\n"
    driver.prepare(*write(tmp_path, good="user,item,rating,time\n" + rows))
    rules = driver.page.importing.rules
    driver.write(rules.form.control("min_rating"), "2.5")
    driver.write(rules.form.control("k_core"), "2")
    plan = driver.page.importing.draft.plan
    assert (plan.min_rating, plan.k_core, plan.duplicates) == (2.5, 2, "exact")
    driver.take()
    assert driver.session.dataset.report["dropped"] == {"rating below 2.5": 2, "exact duplicates": 1, "2-core": 1}
    assert driver.page.report.sentences() == [
        "8 rows read, 4 kept.",
        "2 dropped: rating below 2.5",
        "1 dropped: exact duplicates",
        "1 dropped: 2-core",
    ]


def test_the_rules_of_an_earlier_import_do_not_return_with_the_next_file(driver: DataPageDriver, tmp_path: Path):
    first, second = write(tmp_path, first=RATINGS, second=RATINGS)
    driver.prepare(first)
    rules = driver.page.importing.rules
    rules.form.control("k_core").setValue(2)
    rules.form.control("min_rating").set_number(2.0)
    rules.form.control("duplicates").setCurrentIndex(3)
    rules.form.control("duplicates").activated.emit(3)
    driver.click(driver.page.cancel_button)
    driver.prepare(second)
    plan = driver.page.importing.draft.plan
    assert (plan.min_rating, plan.k_core, plan.duplicates) == (None, 0, "exact")
    assert rules.form.values() == Rules().to_dict()


@pytest.mark.parametrize(("typed", "name"), [("Films of ours", "Films of ours"), ("", "good"), ("  ", "good")])
def test_the_name_given_is_the_name_of_the_dataset(typed: str, name: str, driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.write(driver.page.importing.files.name, typed) if typed else driver.page.importing.files.name.clear()
    driver.take()
    assert driver.session.dataset.name == name


def test_every_control_of_the_import_has_a_name(driver: DataPageDriver, tmp_path: Path, check_controls):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    check_controls(driver.page.importing)
    driver.take()
    check_controls(driver.page)


def test_nothing_of_the_import_lies_outside_a_window_of_1280_by_720(driver: DataPageDriver, tmp_path: Path):
    driver.window.resize(1280, 720)
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    driver.qtbot.wait(50)
    view = driver.page.importing
    for card in (view.preview, view.files, view.privacy, view.rules, view.reading):
        corner = card.mapTo(driver.page, card.rect().bottomRight())
        assert driver.page.rect().contains(corner), card.accessibleName()


# importing


def test_the_report_shows_what_the_import_did(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    assert driver.take() == "ratings" or driver.session.dataset_name == tmp_path.name
    assert driver.page.report.isVisible()
    assert driver.page.report.sentences()[0] == "6 rows read, 6 kept."
    driver.qtbot.waitUntil(lambda: driver.page.summary.value("users") != "–")
    values = {key: driver.page.summary.value(key) for key in ("users", "items", "interactions", "density", "mean")}
    assert values == {"users": "2", "items": "3", "interactions": "6", "density": "100 %", "mean": "3.0"}
    assert cells(driver.page.datasets.table)[0][1:4] == ["2", "3", "6"]
    assert driver.page.train_button.isVisible()


def test_a_dataset_without_times_says_so(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good="user,item\na,x\na,y\nb,x\n"))
    driver.take()
    driver.qtbot.waitUntil(lambda: driver.page.summary.value("range") != "–")
    assert driver.page.summary.value("range") == "no times"
    assert driver.page.summary.value("ties") == "–"


def test_rows_that_cannot_be_used_are_listed_with_line_and_reason(driver: DataPageDriver, tmp_path: Path):
    text = "user,item,rating,time\na,x,5,100\na,y,good,200\nb,x,3,soon\n,z,1,300\nb,y,2,200\nb,x,4,400\n"
    driver.prepare(*write(tmp_path, good=text))
    name = driver.take()
    driver.qtbot.waitUntil(lambda: any("line 3" in said for said in driver.page.report.sentences()))
    said = driver.page.report.sentences()
    assert said[0] == "6 rows read, 3 kept."
    assert "good.csv, line 3, column “rating”: a rating that is no number (“good”)" in said
    (chip,) = [
        c
        for c in driver.page.report.findChildren(QWidget)
        if c.isVisible() and c.accessibleName() == "Show all rejects"
    ]
    driver.click(chip)
    driver.qtbot.waitUntil(lambda: bool(driver.page.report.findChildren(RejectsDialog)))
    (dialog,) = driver.page.report.findChildren(RejectsDialog)
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
    folder = driver.session.workspace.dataset_folder(name)
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [row["line"] for row in csv.DictReader(stream)] == ["3", "4", "5"]


def test_giving_up_the_preparation_leaves_nothing(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.click(driver.page.cancel_button)
    assert not driver.page.import_button.isVisible()
    assert driver.page.add_card.isVisible()
    assert driver.kept() == []


def test_an_import_that_is_cancelled_leaves_nothing(driver: DataPageDriver, tmp_path: Path, monkeypatch):
    at_work, go_on = threading.Event(), threading.Event()
    carry_out = importing.import_files

    def slow(plan, task, intake):
        result = carry_out(plan, task, intake)
        at_work.set()
        go_on.wait(20)
        return result

    monkeypatch.setattr(importing, "import_files", slow)
    driver.prepare(*write(tmp_path, good=RATINGS))
    driver.click(driver.page.import_button)
    assert at_work.wait(20)
    assert not driver.page.import_button.isEnabled()
    driver.click(driver.page.cancel_button)
    go_on.set()
    driver.session.jobs._pool.waitForDone()
    driver.qtbot.wait(20)
    assert driver.kept() == []
    assert driver.page.import_button.isEnabled()
    assert not driver.window.failures.isVisible()
    monkeypatch.setattr(importing, "import_files", carry_out)
    assert driver.take() == "good"


def test_files_imported_lately_can_be_opened_again(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=ITEMS))
    driver.take()
    (again,) = [
        w
        for w in driver.page.add_card.findChildren(QWidget)
        if w.accessibleName().startswith("ratings.csv + items.csv")
    ]
    driver.click(again)
    driver.settle()
    assert driver.page.importing.draft.plan.items == tmp_path / "items.csv"


def test_the_same_file_twice_makes_two_datasets_of_different_names(driver: DataPageDriver, tmp_path: Path):
    files = write(tmp_path, good=RATINGS)
    driver.prepare(*files)
    driver.take()
    driver.session.choose_dataset(None)
    driver.prepare(*files)
    assert driver.take() == "good 2"
    assert sorted(row[0] for row in cells(driver.page.datasets.table)) == ["good", "good (good 2)"]


def test_the_example_is_made_once_and_chosen(driver: DataPageDriver):
    driver.click(driver.page.add_card.english)
    driver.qtbot.waitUntil(lambda: driver.session.dataset is not None, timeout=60_000)
    driver.settle()
    assert driver.session.dataset.synthetic
    assert "synthetic" in [w.accessibleName() for w in driver.page.summary.findChildren(QWidget) if w.isVisible()]
    assert any("best possible accuracy" in said for said in labels(driver.page.summary))
    driver.click(driver.page.add_card.english)
    driver.settle()
    assert len(driver.session.workspace.datasets()) == 1


# the datasets


@pytest.fixture
def with_datasets(driver: DataPageDriver) -> DataPageDriver:
    """With two datasets, the first chosen."""
    add_dataset(driver.session.workspace)
    add_dataset(driver.session.workspace)
    driver.session.datasets_changed.emit()
    driver.session.choose_dataset("chain")
    driver.settle()
    return driver


def remove_chip(card: DatasetsCard) -> QWidget:
    (chip,) = [widget for widget in card.findChildren(QWidget) if widget.accessibleName() == "Remove…"]
    return chip


def test_a_dataset_goes_to_the_trash_after_asking(with_datasets: DataPageDriver):
    said = answer("Remove")
    with_datasets.click(remove_chip(with_datasets.page.datasets))
    with_datasets.settle()
    assert "Remove “chain”?" in said
    workspace = with_datasets.session.workspace
    assert [info.name for info in workspace.datasets()] == ["chain 2"]
    assert len(list((workspace.folder / "trash").glob("*chain/manifest.json"))) == 1
    assert with_datasets.session.dataset_name is None
    assert [row[0] for row in cells(with_datasets.page.datasets.table)] == ["chain (chain 2)"]
    assert not with_datasets.page.summary.isVisible()


def test_a_dataset_that_is_kept_stays(with_datasets: DataPageDriver):
    answer("Keep")
    with_datasets.click(remove_chip(with_datasets.page.datasets))
    with_datasets.settle()
    assert len(with_datasets.session.workspace.datasets()) == 2
    assert with_datasets.session.dataset_name == "chain"
    assert not (with_datasets.session.workspace.folder / "trash").exists()


def test_the_delete_key_asks_too(with_datasets: DataPageDriver):
    said = answer("Keep")
    with_datasets.page.datasets.table.setFocus()
    with_datasets.qtbot.keyClick(with_datasets.page.datasets.table, Qt.Key.Key_Delete)
    with_datasets.settle()
    assert "Remove “chain”?" in said


def test_runs_that_would_lose_their_dataset_are_counted_in_the_question(with_datasets: DataPageDriver):
    with_datasets.session.workspace.create_run("chain", small_config(), "leave-one-out")
    said = answer("Keep")
    with_datasets.click(remove_chip(with_datasets.page.datasets))
    with_datasets.settle()
    assert any("cannot recommend without it: 1." in words for words in said)


def test_a_dataset_that_is_trained_on_is_not_removed_and_the_refusal_goes_when_training_is_over(
    with_datasets: DataPageDriver,
):
    workspace, session = with_datasets.session.workspace, with_datasets.session
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    session.choose_dataset("chain")
    with_datasets.settle()
    with run_lock(run.folder):
        RunStore.of(run).set_state(run, "running")
        with_datasets.page.datasets.ask_to_remove()
        with_datasets.settle()
        assert with_datasets.window.failures.sentence() == "A run is being trained on this dataset."
    assert "chain" in [info.name for info in workspace.datasets()]
    session.training.state_changed.emit("idle")
    assert not with_datasets.window.failures.isVisible()


def test_the_chosen_row_is_the_chosen_dataset(with_datasets: DataPageDriver):
    table = with_datasets.page.datasets.table
    other = next(row for row, cell in enumerate(cells(table)) if "chain 2" in cell[0])
    with_datasets.click_cell(table, other, 0)
    assert with_datasets.session.dataset_name == "chain 2"
    with_datasets.settle()
    with_datasets.session.choose_dataset("chain")
    assert cells(table)[table.currentIndex().row()][0] == "chain"
    with_datasets.session.choose_dataset(None)
    assert not table.selectionModel().hasSelection()
    with_datasets.settle()


def test_the_list_says_which_datasets_cannot_be_read(with_datasets: DataPageDriver):
    card = with_datasets.page.findChild(DatasetsCard)
    assert card._damaged.isHidden()
    path = with_datasets.session.workspace.dataset_folder("chain 2") / "manifest.json"
    kept = path.read_bytes()
    path.write_text("[]")
    card.refresh()
    with_datasets.settle()
    assert str(path) in card._damaged.text() and card._damaged.isVisibleTo(card)
    path.write_bytes(kept)
    card.refresh()
    with_datasets.settle()
    assert card._damaged.isHidden()


def test_a_damaged_dataset_is_an_error_and_no_longer_chosen(with_datasets: DataPageDriver):
    (with_datasets.session.workspace.dataset_folder("chain 2") / "items.npy").write_bytes(b"rubbish")
    with_datasets.session.choose_dataset("chain 2")
    with_datasets.settle()
    assert with_datasets.window.failures.isVisible()
    assert with_datasets.session.dataset_name is None
    assert with_datasets.page.head.facts().startswith("Add what people did")


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
def test_the_preview_shows_text_as_it_stands(text: str, driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*marked_up(tmp_path, text))
    preview = driver.page.importing.preview.table.model()
    assert preview.index(0, 0).data() == text
    assert preview.headerData(3, Qt.Orientation.Horizontal) == f"{text} noted"
    tip = preview.index(0, 0).data(TIP)
    assert tip is None or as_read(tip) == text


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_the_name_of_a_dataset_is_shown_as_it_stands(text: str, driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*marked_up(tmp_path, text))
    driver.write(driver.page.importing.files.name, text)
    driver.take()
    assert text in labels(driver.page.summary)
    assert f"{text} is chosen for training and recommending." in labels(driver.page.head)
    table = driver.page.datasets.table.model()
    assert text in table.index(0, 0).data()
    assert as_read(table.index(0, 0).data(TIP)) == driver.session.dataset_name
    said = answer("Keep")
    driver.click(remove_chip(driver.page.datasets))
    driver.settle()
    assert f"Remove “{text}”?" in said


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_what_is_cut_of_the_name_of_a_dataset_is_plain_in_its_tooltip(
    text: str, driver: DataPageDriver, tmp_path: Path
):
    driver.prepare(*marked_up(tmp_path, text))
    driver.write(driver.page.importing.files.name, 3 * text)
    driver.take()
    driver.window.resize(960, 560)
    driver.qtbot.wait(20)
    cut = [label for label in driver.window.findChildren(ElidedText) if label.toolTip()]
    assert [as_read(label.toolTip()) for label in cut] == [label.text() for label in cut]


@pytest.mark.parametrize("text", MARKED_UP_LONG)
def test_rows_that_cannot_be_used_are_shown_as_they_stand(text: str, driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*marked_up(tmp_path, text))
    driver.take()
    driver.qtbot.waitUntil(lambda: any("line 3" in said for said in driver.page.report.sentences()))
    driver.page.report.open_rejects()
    (dialog,) = driver.page.report.findChildren(RejectsDialog)
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
    driver = DataPageDriver(window, qtbot)
    session.choose_dataset(name)
    driver.settle()
    before = driver.kept()
    driver.page.open_files(write(tmp_path, good=RATINGS))
    driver.settle()
    assert not driver.page.import_button.isVisible()
    assert not remove_chip(driver.page.datasets).isVisible()
    driver.page.datasets.table.setFocus()
    qtbot.keyClick(driver.page.datasets.table, Qt.Key.Key_Delete)
    assert driver.kept() == before
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


def test_a_report_shows_every_count_once(qapp):
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


def test_the_datasets_are_a_table(with_datasets: DataPageDriver, qtmodeltester):
    qtmodeltester.check(with_datasets.page.datasets.model, force_py=True)
