"""How a file is read, seen and corrected on the Data page."""

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QTableView

from recdesk.gui.pages.data.preview_card import PreviewDelegate, PreviewModel
from tests.gui.driver import cells
from tests.gui.pages.data.driver import ITEMS, RATINGS, DataPageDriver, write

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def visible(driver: DataPageDriver) -> list[str]:
    """Names of the corrections that are offered."""
    card = driver.view.reading
    boxes = {
        name: getattr(card, name)
        for name in ("form", "table", "encoding", "separator", "header", "quote", "escape", "skip")
    }
    return [name for name, box in boxes.items() if box.isVisible()]


def test_only_what_applies_to_a_form_is_offered(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    assert visible(driver) == ["form", "encoding", "separator", "header"]
    driver.click(driver.view.reading.more)
    assert visible(driver) == ["form", "encoding", "separator", "header", "quote", "escape", "skip"]
    frame = pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"]})
    frame.to_parquet(tmp_path / "good.parquet")
    driver.click(driver.page.cancel_button)
    driver.prepare(tmp_path / "good.parquet")
    assert visible(driver) == ["form"]
    assert not driver.view.reading.form.isEnabled()


def test_a_separator_of_ones_own_is_written_into_the_box(driver: DataPageDriver, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("user,1<>item,2<>rating,3\na,b<>x,y<>5,0\nb,c<>y,z<>4,0\nc,a<>x,y<>3,0\n", encoding="utf-8")
    driver.drop_files(path)
    driver.write(driver.view.reading.separator.lineEdit(), "<>")
    driver.settle()
    assert driver.view.draft.plan.dialect.separator == "<>"
    assert cells(driver.view.preview.table)[-3:] == [
        ["a,b", "x,y", "5,0"],
        ["b,c", "y,z", "4,0"],
        ["c,a", "x,y", "3,0"],
    ]
    driver.choose_role(0, "User")
    driver.choose_role(1, "Item")
    driver.take()
    assert {"x,y", "y,z"} <= set(driver.session.dataset.item_ids)


def test_an_invalid_separator_is_an_error_and_changes_nothing(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    box = driver.view.reading.separator
    driver.write(box.lineEdit(), "five!")
    driver.settle()
    assert driver.window.failures.sentence() == "“five!” cannot separate columns."
    assert box.currentText() == "comma"
    assert driver.view.draft.plan.dialect is None
    assert driver.take() == "good"


def test_an_encoding_that_was_guessed_wrongly_is_corrected(driver: DataPageDriver, tmp_path: Path):
    path = tmp_path / "books.csv"
    path.write_bytes("user,item,title\na,x,三体\nb,y,活着\nc,x,三体\n".encode("gb18030"))
    driver.drop_files(path)
    driver.write(driver.view.reading.encoding.lineEdit(), "utf-8")
    driver.settle()
    told = driver.view.preview.model.index(0, 2)
    assert "\ufffd" in told.data()
    assert "do not fit the encoding" in told.data(Qt.ItemDataRole.ToolTipRole)
    driver.write(driver.view.reading.encoding.lineEdit(), "gb18030")
    driver.settle()
    assert [row[2] for row in cells(driver.view.preview.table)] == ["三体", "活着", "三体"]


def test_the_sheet_of_a_workbook_can_be_chosen(driver: DataPageDriver, tmp_path: Path):
    path = tmp_path / "shop.xlsx"
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"user": ["a", "b", "c"], "item": ["x", "y", "x"]}).to_excel(book, sheet_name="2024", index=False)
        pd.DataFrame({"user": ["d", "e"], "item": ["z", "w"]}).to_excel(book, sheet_name="2025", index=False)
    driver.prepare(path)
    assert visible(driver) == ["form", "table", "header"]
    box = driver.view.reading.table
    first = box.currentText()
    other = {"2024": "2025", "2025": "2024"}[first]
    box.setCurrentIndex(box.findData(other))
    box.activated.emit(box.currentIndex())
    driver.settle()
    assert driver.view.draft.plan.dialect.table == other
    wanted = {"2024": ["a", "b", "c"], "2025": ["d", "e"]}[other]
    assert [row[0] for row in cells(driver.view.preview.table)] == wanted
    driver.take()
    assert sorted(driver.session.dataset.user_ids) == wanted


def test_lines_above_the_table_and_its_head_are_corrected_together(driver: DataPageDriver, tmp_path: Path):
    path = tmp_path / "odd.csv"
    path.write_text("p,q\na,x\nb,y\nc,x\n", encoding="utf-8")
    driver.drop_files(path)
    card = driver.view.reading
    driver.click(card.more)
    driver.write(card.skip, "1")
    driver.settle()
    if not card.header.isChecked():
        driver.click(card.header)
        driver.settle()
    dialect = driver.view.draft.plan.dialect
    assert (dialect.skip, dialect.header) == (1, True)
    assert cells(driver.view.preview.table) == [["b", "y"], ["c", "x"]]


def test_a_correction_is_seen_before_the_whole_file_is_read_again(driver: DataPageDriver, tmp_path: Path):
    rows = "".join(f"{n % 997},{n},{n % 5},{1_600_000_000 + n}\n" for n in range(60_000))
    driver.prepare(*write(tmp_path, long="user,item,rating,time\n" + rows))
    draft = driver.view.draft
    with driver.qtbot.waitSignal(draft.changed, timeout=5000, check_params_cb=lambda: draft.given("interactions")):
        draft.set_dialect("interactions", separator=";")
    assert len(draft.previews["interactions"].rows) <= 200  # of 60,000: only the beginning was looked at
    driver.settle()


def test_how_sure_a_role_is_stands_beside_it_until_a_person_says_it(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, good=RATINGS))
    roles = driver.view.preview.roles
    assert roles.hint("interactions", "user") == "90 %"
    assert "Guessed from the name: User, 90 % sure." in roles.explanation("interactions", "user")
    driver.choose_role(2, "Title")
    assert (roles.role("interactions", "rating"), roles.hint("interactions", "rating")) == ("title", "")
    driver.choose_role(2, "–")
    assert roles.hint("interactions", "rating") == ""


def test_columns_of_the_items_are_left_out_by_one_click(driver: DataPageDriver, tmp_path: Path):
    items = "item,title,genre,pages\nx,The first,old,100\ny,The second,new,250\nz,The third,old,900\n"
    driver.prepare(*write(tmp_path, ratings=RATINGS, items=items))
    driver.click(driver.view.preview.chips["items"])
    driver.choose_role(2, "–")
    driver.choose_role(3, "Feature, also in words")
    plan = driver.view.draft.plan
    assert (plan.features, plan.levels) == (("title", "pages"), ("pages",))
    driver.take()
    features = driver.session.dataset.item_features
    assert list(features.columns) == ["title", "pages", "pages level"]
    assert list(features["pages level"]) == ["low", "medium", "high"]


def test_how_times_are_read_is_shown_and_chosen(driver: DataPageDriver, tmp_path: Path):
    text = "user,item,when\na,x,03/04/2024\na,y,05/04/2024\nb,x,07/04/2024\n"
    driver.prepare(*write(tmp_path, good=text))
    times = driver.view.preview.times
    assert times.isVisible()
    driver.qtbot.waitUntil(lambda: bool(times.samples.text()))
    assert times.samples.text().splitlines()[0] == "03/04/2024 → 2024-03-04 00:00:00"
    times.form.setCurrentIndex(times.form.findData("day-first"))
    times.form.activated.emit(times.form.currentIndex())
    driver.qtbot.waitUntil(lambda: "04-03" in times.samples.text())
    assert times.samples.text().splitlines() == [f"0{day}/04/2024 → 2024-04-0{day} 00:00:00" for day in (3, 5, 7)]
    driver.take()
    assert int(driver.session.dataset.times.min()) == 1_712_102_400  # 3 April


def test_files_can_be_exchanged_between_their_roles(driver: DataPageDriver, tmp_path: Path):
    ratings, items = write(tmp_path, ratings=RATINGS, items=ITEMS)
    driver.prepare(ratings, items)
    boxes = driver.view.files.boxes
    assert [boxes[part].currentText() for part in ("interactions", "items")] == ["ratings.csv", "items.csv"]
    box = boxes["interactions"]
    box.setCurrentIndex(box.findText("items.csv"))
    box.activated.emit(box.currentIndex())
    driver.settle()
    plan = driver.view.draft.plan
    assert (plan.interactions, plan.items) == (items, ratings)
    box = boxes["items"]
    box.setCurrentIndex(box.findText("items.csv"))
    box.activated.emit(box.currentIndex())
    driver.settle()
    assert (driver.view.draft.plan.interactions, driver.view.draft.plan.items) == (ratings, items)
    assert driver.take()
    assert list(driver.session.dataset.titles) == ["The first", "The second", "The third"]


def test_a_folder_is_proposed_as_interactions_items_and_users(driver: DataPageDriver, tmp_path: Path):
    folder = tmp_path / "shop"
    folder.mkdir()
    write(folder, ratings=RATINGS, items=ITEMS, people="user,gender,age\na,F,30\nb,M,40\n")
    driver.prepare(folder)
    assert {part: box.currentText() for part, box in driver.view.files.boxes.items()} == {
        "interactions": "ratings.csv",
        "items": "items.csv",
        "users": "people.csv",
    }
    driver.click(driver.view.preview.chips["users"])
    assert driver.roles() == {"user": "user", "feature": "age"}


@pytest.mark.slow
def test_of_thousands_of_columns_and_long_texts_no_more_is_measured_than_can_be_seen(
    driver: DataPageDriver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    measured: list[int] = []
    resize = QTableView.resizeColumnToContents

    def counted(table: QTableView, column: int) -> None:
        measured.append(column)
        resize(table, column)

    monkeypatch.setattr(QTableView, "resizeColumnToContents", counted)
    names = ["user", "item", "note", *(f"c{n}" for n in range(3000))]
    row = ",".join(["{u}", "{i}", "x" * 20_000, *("1" for _ in range(3000))])
    text = "\n".join([",".join(names), *(row.format(u=f"u{n % 3}", i=f"i{n}") for n in range(6))])
    driver.prepare(*write(tmp_path, wide=text))
    assert driver.view.preview.model.columnCount() == 3003
    assert measured and max(measured) < 60
    assert len(driver.view.preview.model.index(0, 2).data()) < 400


def test_separators_and_lost_characters_are_drawn_in_the_cells(qapp):
    class Look:
        columns: tuple[str, ...] = ("a", "b")
        rows: tuple[list[str], ...] = (["x", "y"], ["\ufffd\ufffd", "y"])

    model = PreviewModel()
    model.show(Look())
    delegate = PreviewDelegate()

    def drawn(row: int, separator: str) -> QImage:
        image = QImage(120, 26, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.white)
        option = QStyleOptionViewItem()
        option.rect = QRect(0, 0, 120, 26)
        delegate.set_separator(separator)
        painter = QPainter(image)
        delegate.paint(painter, option, model.index(row, 0))
        painter.end()
        return image

    assert drawn(0, "") != drawn(0, "::")
    framed = drawn(1, "")
    red = [
        framed.pixelColor(x, y)
        for x in range(framed.width())
        for y in range(framed.height())
        if framed.pixelColor(x, y).red() > 150 and framed.pixelColor(x, y).green() < 100
    ]
    assert len(red) > 30
    assert delegate.displayText("two\nlines\tof", None) == "two↵lines⇥of"


DAYS = (
    "user,item,date,time\na,x,2024-05-01,13:45:10\na,y,2024-05-01,9:05 AM\nb,x,2024-05-02,下午1:45\n"
    "b,y,2024-05-03,00:00\n"
)
JOINED = [
    "2024-05-01 13:45:10 → 2024-05-01 13:45:10",
    "2024-05-01 9:05 AM → 2024-05-01 09:05:00",
    "2024-05-02 下午1:45 → 2024-05-02 13:45:00",
]


def wait_for_samples(driver: DataPageDriver, told: list[str]) -> None:
    """The times below the preview are read in the background."""
    driver.qtbot.waitUntil(lambda: driver.view.preview.times.samples.text().splitlines() == told)


def test_days_and_times_of_day_in_two_columns_are_proposed_as_one_time(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, till=DAYS))
    assert driver.roles() == {"user": "user", "item": "item", "time": "date", "clock": "time"}
    wait_for_samples(driver, JOINED)
    driver.take()
    assert driver.session.dataset.times.tolist() == [1714554300, 1714571110, 1714657500, 1714694400]


def test_the_joining_of_days_and_times_of_day_can_be_taken_back_and_made_again(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, till=DAYS))
    driver.choose_role(3, "–")
    assert driver.roles() == {"user": "user", "item": "item", "time": "date"}
    wait_for_samples(driver, [f"2024-05-0{day} → 2024-05-0{day} 00:00:00" for day in (1, 2, 3)])
    driver.choose_role(3, "Time of day")
    wait_for_samples(driver, JOINED)
    driver.choose_role(2, "–")  # what the times of day belong to
    assert driver.view.preview.missing.text() == "Choose a column for: Time"
    assert not driver.page.import_button.isEnabled()
    driver.choose_role(2, "Time")
    driver.take()
    assert driver.session.dataset.rules["roles"]["clock"] == "time"


def test_a_proposed_time_of_day_gives_way_to_what_a_person_says(driver: DataPageDriver, tmp_path: Path):
    driver.prepare(*write(tmp_path, till=DAYS))
    driver.choose_role(3, "Event type")
    assert driver.roles() == {"user": "user", "item": "item", "time": "date", "event": "time"}
    driver.choose_role(3, "–")
    assert driver.roles() == {"user": "user", "item": "item", "time": "date"}
    driver.choose_role(3, "Time")
    assert driver.roles() == {"user": "user", "item": "item", "time": "time"}
    driver.choose_role(2, "Time")
    assert driver.roles() == {"user": "user", "item": "item", "time": "date", "clock": "time"}
