import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent

from recdesk.gui.finder import MOST, Found, find
from recdesk.gui.jobs import JobContext
from recdesk.gui.main_window import MainWindow
from recdesk.training.config import make_config
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def found(session, typed):
    return find(session.workspace, session.dataset, typed, JobContext())


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    name = add_dataset(session.workspace)
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    session.choose_dataset(name)
    qtbot.waitUntil(lambda: session.dataset is not None)
    return made


def test_datasets_runs_people_and_items_are_found(window, session):
    run = session.workspace.create_run("chain", make_config(), "leave-one-out")
    assert [thing.id for thing in found(session, "CHAIN") if thing.kind == "dataset"] == ["chain"]
    assert [thing.id for thing in found(session, f"causal {run.id}") if thing.kind == "run"] == [run.id]
    person, item = str(session.dataset.user_ids[3]), str(session.dataset.titles[5])
    assert Found("person", person, person) in found(session, person)
    assert Found("item", item, item) in found(session, item.upper())
    assert found(session, "no such thing") == []
    people = [thing for thing in found(session, str(session.dataset.user_ids[0])[0]) if thing.kind == "person"]
    assert len(people) == MOST


def test_the_palette_shows_what_is_found_and_opens_it(window, session, qtbot):
    palette = window.palette_popup
    palette.open()
    palette.field.setText("chain")
    qtbot.waitUntil(lambda: "chain" in palette.titles())
    window.show_page("settings")
    session.choose_dataset(None)
    for _ in range(palette.titles().index("chain")):
        qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert session.dataset_name == "chain"
    assert window.stack.currentWidget() is window.pages["data"]


def test_the_palette_says_that_nothing_is_called_so(window, session, qtbot):
    palette = window.palette_popup
    palette.open()
    assert palette.nothing.isHidden()
    palette.field.setText("no such thing")
    qtbot.waitUntil(palette.nothing.isVisible)
    palette.field.setText("rules of rec")
    qtbot.waitUntil(palette.nothing.isHidden)
    assert palette.titles() == ["Rules of recommendations…"]


def test_files_can_be_dropped_on_any_page(window, session, qtbot, tmp_path):
    file = tmp_path / "new.csv"
    file.write_text("user,item,time\na,x,1\nb,y,2\n")
    window.show_page("settings")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    given = (Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *given)
    window.dragEnterEvent(enter)
    assert enter.isAccepted()
    window.dropEvent(QDropEvent(QPoint(5, 5).toPointF(), *given))
    page = window.pages["data"]
    assert window.stack.currentWidget() is page
    qtbot.waitUntil(lambda: page.importing.draft.plan is not None and not page.importing.isHidden())
    assert page.importing.draft.plan.interactions == file
    page.cancel()
    qtbot.waitUntil(lambda: not session.jobs._jobs)
