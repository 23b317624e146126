"""How rows become interactions is seen and corrected in the window as on the command line."""

from pathlib import Path

import pytest

from recdesk.data.declaration import declarations
from recdesk.data.files.dialect import Dialect
from recdesk.data.planning import preview
from recdesk.gui.widgets.inputs import SuggestBox
from tests.data.files.test_people import N_PEOPLE, TAKEN, events, olist, owners
from tests.data.making import delimited
from tests.gui.driver import cells
from tests.gui.pages.data.driver import DataPageDriver

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def shown(driver: DataPageDriver) -> dict[str, str]:
    """The rows that are seen, with what they say."""
    boxes = driver.view.reading.layout_rows.boxes
    return {name: box.currentText() for name, box in boxes.items() if box.isVisible()}


def choose(driver: DataPageDriver, name: str, value: str) -> None:
    box = driver.view.reading.layout_rows.boxes[name]
    if isinstance(box, SuggestBox):
        driver.write(box.lineEdit(), value)
    else:
        assert box.findData(value) >= 0, [box.itemText(at) for at in range(box.count())]
        box.setCurrentIndex(box.findData(value))
        box.activated.emit(box.currentIndex())
    driver.settle()


def test_every_declared_part_has_a_row_with_a_name_and_a_tip(driver: DataPageDriver, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(delimited(events("user_id", "u")), encoding="utf-8")
    driver.prepare(path)
    boxes = driver.view.reading.layout_rows.boxes
    assert [*boxes] == [name for name, field in declarations(Dialect).items() if field.title]
    assert all(box.accessibleName() and box.toolTip() for box in boxes.values())
    assert shown(driver) == {}
    driver.click(driver.view.reading.more)
    assert shown(driver) == {"unfold": "interaction", "orders": "none", "order_key": "none", "people": "none"}


@pytest.mark.slow
def test_olist_shows_its_files_and_keys_and_they_stay_when_the_encoding_is_set(
    driver: DataPageDriver, tmp_path: Path
) -> None:
    for name, text in olist().items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    driver.prepare(tmp_path)
    told = {
        "orders": "olist_orders_dataset.csv",
        "order_key": "order_id",
        "people": "olist_customers_dataset.csv",
        "people_key": "customer_id",
        "person": "customer_unique_id",
    }
    assert shown(driver) == told
    driver.write(driver.view.reading.encoding.lineEdit(), "latin-1")
    driver.settle()
    assert shown(driver) == told
    driver.take()
    assert driver.session.dataset.n_users == N_PEOPLE
    assert driver.session.dataset.n_interactions == len(TAKEN)


@pytest.mark.slow
def test_people_are_chosen_and_left_out(driver: DataPageDriver, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(delimited(events("user_id", "u")), encoding="utf-8")
    (tmp_path / "families.csv").write_text(delimited(owners("person", "u", "family")), encoding="utf-8")
    driver.prepare(tmp_path / "log.csv", tmp_path / "families.csv")
    driver.click(driver.view.reading.more)
    choose(driver, "people", "families.csv")
    assert shown(driver)["people_key"] == "user_id=person"
    assert shown(driver)["person"] == "family"
    assert driver.view.preview.doubt.asks  # “family” names nobody: a person says so
    driver.click(driver.view.preview.doubt.answers[0])
    driver.settle()
    driver.take()
    assert driver.session.dataset.n_users == N_PEOPLE


def test_lists_in_cells_are_unfolded_by_choice(driver: DataPageDriver, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(
        "user,basket\n" + "".join(f"u{n},p{n % 7} p{n % 5} p{n % 3}\n" for n in range(40)), encoding="utf-8"
    )
    driver.drop_files(path)
    driver.click(driver.view.reading.more)
    before = driver.view.draft.plan.dialect.unfold if driver.view.draft.plan.dialect else ""
    choose(driver, "unfold", "" if before or preview(path).dialect.unfold else "basket")
    whole = cells(driver.view.preview.table)
    choose(driver, "unfold", "basket" if shown(driver)["unfold"] == "interaction" else "")
    other = cells(driver.view.preview.table)
    single, unfolded = sorted((whole, other), key=lambda rows: rows[0][1].count(" "), reverse=True)
    assert (single[0], unfolded[:3]) == (["u0", "p0 p0 p0"], [["u0", "p0"]] * 3)


def test_lines_of_orders_find_theirs_by_keys_of_two_names(driver: DataPageDriver, tmp_path: Path) -> None:
    lines = [["order_id", "product_id"], *([f"o{n}", item] for n, item in TAKEN)]
    heads = [["id", "customer_id"], *([f"o{n}", f"u{n % 4}"] for n in range(60))]
    (tmp_path / "lines.csv").write_text(delimited(lines), encoding="utf-8")
    (tmp_path / "heads.csv").write_text(delimited(heads), encoding="utf-8")
    driver.drop_files(tmp_path / "lines.csv")
    driver.click(driver.view.reading.more)
    draft = driver.view.draft
    draft.files.append((tmp_path / "heads.csv", ""))
    driver.view.reading.refresh()
    choose(driver, "orders", "heads.csv")
    assert shown(driver)["order_key"] == "order_id=id"
    choose(driver, "order_key", "order_id=customer")
    assert "has no column" in driver.window.failures.sentence()
    assert shown(driver)["order_key"] == "order_id=id"
    driver.take()
    assert driver.session.dataset.n_users == 4
