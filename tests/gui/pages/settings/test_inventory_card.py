"""The Settings page shows what is kept of people and deletes it, off the window's thread."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.settings.inventory_card import InventoryCard
from recdesk.gui.session import Session
from recdesk.workspace import inventory as inventory_module
from tests.data.making import write
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.trained import answer, button, leave

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
LOG = "user,item,time\n" + "".join(f"someone-{n % 9},i{(n * n) % 7},{n}\n" for n in range(60))


@pytest.fixture
def card(session: Session, qtbot, tmp_path: Path) -> InventoryCard:
    """Of a window on a workspace with a dataset and another one in the trash."""
    result = import_files(ImportPlan(write(tmp_path / "log.csv", LOG), name="shop"))
    workspace = session.workspace
    workspace.add_dataset(result)
    workspace.remove_dataset(workspace.add_dataset(result))
    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.show()
    window.show_page("settings")
    (made,) = window.pages["settings"].findChildren(InventoryCard)
    qtbot.waitUntil(lambda: made.model.rowCount() > 0)
    return made


def row(card: InventoryCard, title: str) -> list[str]:
    (found,) = [texts for texts in cells(card.table) if texts[0] == title]
    return found


def choose(card: InventoryCard, title: str) -> None:
    card.table.selectRow([texts[0] for texts in cells(card.table)].index(title))


def test_every_part_is_shown_with_count_size_and_people(card: InventoryCard, qtmodeltester) -> None:
    assert row(card, "Datasets") == ["Datasets", "1", "0.1 MB", "9"]
    assert row(card, "Trash") == ["Trash", "1", "0.1 MB", "9"]
    assert row(card, "Keys of pseudonyms") == ["Keys of pseudonyms", "–", "–", "–"]
    choose(card, "Trash")
    assert "They stay until the trash is emptied." in labels(card)[-1]
    assert card.table.accessibleName() == "What is kept of people"
    qtmodeltester.check(card.model, force_py=True)


def test_the_trash_is_emptied_after_a_question(card: InventoryCard, qtbot) -> None:
    trash = card._session.workspace.folder / "trash"
    asked = answer("Keep")
    qtbot.mouseClick(button(card, "Empty the trash…"), Qt.MouseButton.LeftButton)
    assert "Delete “Trash” for good?" in asked and any("This cannot be undone." in said for said in asked)
    assert len(list(trash.iterdir())) == 1
    answer("Delete for good")
    qtbot.mouseClick(button(card, "Empty the trash…"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: row(card, "Trash")[1] == "–")
    assert list(trash.iterdir()) == []
    assert not card.empty.isEnabled()
    assert row(card, "Datasets")[3] == "9"


def test_deleted_datasets_are_let_go_of_first_and_the_other_pages_hear_of_it(card: InventoryCard, qtbot) -> None:
    session = card._session
    session.choose_dataset("shop")
    qtbot.waitUntil(lambda: session.dataset is not None)
    choose(card, "Datasets")
    asked = answer("Delete for good")
    with qtbot.waitSignal(session.datasets_changed):
        qtbot.mouseClick(card.delete, Qt.MouseButton.LeftButton)
    assert any("cannot recommend any more" in said for said in asked)
    assert session.dataset is None and session.workspace.datasets() == []
    qtbot.waitUntil(lambda: row(card, "Datasets")[1] == "–")
    assert not card.delete.isEnabled()


def test_files_are_read_and_deleted_off_the_windows_thread_and_cancelled_there(
    card: InventoryCard, qtbot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def slow(_path: Path, _workspace: Path) -> bool:
        threads.append(threading.get_ident())
        begun.set()
        assert go_on.wait(20)
        return False

    trash = card._session.workspace.folder / "trash"
    (trash / "another").mkdir()
    monkeypatch.setattr(inventory_module, "delete_entry", slow)
    card.delete_part("trash")
    qtbot.waitUntil(begun.is_set)
    assert card.cancel.isVisible() and not card.delete.isEnabled()
    qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    go_on.set()
    card._session.jobs._pool.waitForDone()
    assert len(threads) == 1 and threading.get_ident() not in threads  # the second was left
    qtbot.waitUntil(lambda: not card.cancel.isVisible())


def test_a_window_that_only_looks_deletes_nothing(card: InventoryCard) -> None:
    card._session.read_only = True
    choose(card, "Trash")
    card._show_choice()
    assert not card.delete.isEnabled() and not card.empty.isEnabled()
