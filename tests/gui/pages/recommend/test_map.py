"""The map of the items: made once, coloured, searched, chosen from by a lasso; it follows the person on the page."""

import csv
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from recdesk.core.errors import CancelledError
from recdesk.gui.pages.recommend.map_window import MapWindow
from recdesk.gui.session import Session
from recdesk.workspace import run_map
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return trained_workspace(tmp_path / "trained")


@pytest.fixture
def driver(session: Session, qtbot, monkeypatch) -> RecommendPageDriver:
    """Maps are made at once, as a grid."""

    def make(vectors, _popularity, _seed, _task):
        n = len(vectors)
        xy = np.stack([np.arange(n) % 8, np.arange(n) // 8], axis=1).astype(np.float32)
        return run_map.ItemMap(np.arange(1, n + 1), xy, n)

    monkeypatch.setattr(run_map, "make_map", make)
    return RecommendPageDriver(session, qtbot)


@pytest.fixture
def window(driver: RecommendPageDriver) -> MapWindow:
    driver.click(driver.page.map_button)
    found = driver.page.map.window
    assert found is not None
    driver.wait(lambda: found.look is not None)
    return found


def lasso(window: MapWindow, driver: RecommendPageDriver, codes: list[int]) -> None:
    """Draw around the points of some items that are neighbours on the grid."""
    x, y = window.map.places()
    rows = np.array(codes) - 1
    left, right, top, bottom = x[rows].min() - 9, x[rows].max() + 9, y[rows].min() - 9, y[rows].max() + 9
    at = [window.map.rect().topLeft() for _ in range(4)]
    for point, (across, down) in zip(at, ((left, top), (right, top), (right, bottom), (left, bottom)), strict=True):
        point.setX(int(across))
        point.setY(int(down))
    driver.qtbot.mousePress(window.map, Qt.MouseButton.LeftButton, pos=at[0])
    for point in at[1:]:
        driver.qtbot.mouseMove(window.map, point)
    driver.qtbot.mouseRelease(window.map, Qt.MouseButton.LeftButton, pos=at[-1])


def test_the_map_marks_the_history_and_the_recommendations_of_the_person(window, driver, check_controls):
    page = driver.page
    check_controls(window)
    assert window.colour.currentText() == "genre" and [row.text() for row in window.legend.rows] == ["odd", "even"]
    assert window.marks.history == tuple(page.history.codes) and list(window.marks.recommended) == driver.top()
    said = window.map.accessibleDescription()
    assert said.startswith(
        "40 items, coloured by genre; odd, 20 items; even, 20 items; 12 items of the history of user-0"
    )
    assert "Near items are alike" in window.notes.text()
    driver.choose_user(5)
    assert (window.marks.person, window.marks.history) == ("user-005", tuple(page.history.codes))
    text = window.map.readout(driver.top()[0] - 1).splitlines()
    assert text[1].startswith("genre: ") and text[2] == "recommendation 1"


def test_chosen_items_are_listed_opened_exported_and_blocked(window, driver, monkeypatch, tmp_path: Path):
    page, dataset = driver.page, driver.model.dataset
    driver.click(window.lasso)
    lasso(window, driver, [1, 2, 9, 10])
    assert window.codes.tolist() == [1, 2, 9, 10] and "Chosen items · 4" in window.list_card.accessibleName()
    assert [row[0] for row in cells(window.table)] == [str(dataset.titles[code - 1]) for code in (1, 2, 9, 10)]
    opened: list[int] = []
    monkeypatch.setattr(page.items, "open", opened.append)
    window.item_opened.disconnect()
    window.item_opened.connect(page.items.open)
    window.table.choose(2)
    driver.click(window.open_chip)
    assert opened == [9]
    window.table.clearSelection()
    driver.will_save_as(monkeypatch, tmp_path / "some.csv")
    driver.click(window.export_chip)
    driver.settle()
    with (tmp_path / "some.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["item_id"] for row in rows] == [str(dataset.item_ids[code - 1]) for code in (1, 2, 9, 10)]
    assert {row["genre"] for row in rows} == {"even", "odd"}
    driver.click(window.block_chip)
    driver.settle()
    assert page.steering.rules.block == tuple(str(dataset.item_ids[code - 1]) for code in (1, 2, 9, 10))
    assert not {1, 2, 9, 10} & set(driver.top())
    driver.click(window.none)
    assert not len(window.codes) and window.hint.isVisible()


def test_a_search_lists_and_a_category_picks_out(window, driver, qtbot):
    dataset = driver.model.dataset
    title = str(dataset.titles[6])
    window.search.setText(title)
    driver.wait(lambda: window.codes.tolist() == [7])
    window.search.clear()
    driver.wait(lambda: not len(window.codes))
    qtbot.keyClicks(window.search, "no such thing")
    driver.wait(lambda: window.hint.text() == "Nothing on the map has this text.")
    odd = window.look.colours.having(0)
    driver.click(window.legend.rows[0])
    assert np.array_equal(window._picked_out(), odd)
    driver.click(window.legend.rows[1])
    assert np.array_equal(window._picked_out(), ~odd) and not window.legend.rows[0].isChecked()
    driver.click(window.legend.rows[1])
    assert window._picked_out() is None


def test_another_colour_leaves_places_as_they_are_and_the_map_is_saved_by_the_ending(window, driver, tmp_path: Path):
    found = window.look.found
    window.colour.setCurrentIndex(1)
    window.colour.activated.emit(1)
    driver.wait(lambda: window.look.colours.popular)
    assert window.look.found is found and window.colour.currentText() == "times taken"
    assert window.legend_card.accessibleName() == "times taken" and window.legend.rows == []
    begins = {".csv": b"\xef\xbb\xbfitem_id,title,x,y,", ".png": b"\x89PNG", ".svg": b"<svg"}
    for ending, begin in begins.items():
        path = tmp_path / f"map{ending}"
        driver.page.map.save_to(path)
        driver.settle()
        content = path.read_bytes()
        assert content.startswith(begin)
        assert ending != ".csv" or len(content.decode().splitlines()) == 41


def test_while_it_is_made_it_can_be_cancelled_and_asked_for_again(driver: RecommendPageDriver, monkeypatch):
    begun, quick = threading.Event(), run_map.make_map

    def slow(_vectors, _popularity, _seed, task):
        task.report(0.4, "Placing")
        begun.set()
        while not task.cancelled:
            threading.Event().wait(0.01)
        raise CancelledError("The map")

    monkeypatch.setattr(run_map, "make_map", slow)
    driver.session.actions.trigger("recommend.map")
    window = driver.page.map.window
    assert window is not None
    driver.wait(begun.is_set)
    driver.wait(lambda: window.step.text() == "Placing")
    assert not window.search.isEnabled() and "being made" in window.state.text()
    driver.click(window.cancel_button)
    assert window.state.text() == "The map was not made." and window.look is None
    monkeypatch.setattr(run_map, "make_map", quick)
    driver.click(window.cancel_button)
    driver.wait(lambda: window.look is not None)
    assert window.map.isVisible() and (driver.page.run.folder / "map.npz").exists()


def test_the_map_closes_with_its_model_and_a_model_without_vectors_says_so(window, driver, monkeypatch):
    driver.page.loader.open(driver.page.run)
    assert driver.page.map.window is None
    driver.settle()
    monkeypatch.setattr("recdesk.recommend.similar.item_vectors", lambda _model: None)
    driver.click(driver.page.map_button)
    again = driver.page.map.window
    driver.wait(lambda: again.state.text() == "This model has no item vectors. Choose a run of another model.")
    assert driver.page.map.command_words() == ["map", driver.page.run.id, "--out", "map.csv", "--user", "user-000"]
