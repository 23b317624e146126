from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from recdesk.gui.widgets.files import DropZone, ask_for_file

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOW = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def zone(qtbot) -> DropZone:
    made = DropZone("Drop files here")
    qtbot.addWidget(made)
    made.resize(200, 100)
    with qtbot.waitExposed(made):
        made.show()
    return made


def carried(*urls: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl(url) for url in urls])
    return data


def enter(zone: DropZone, data: QMimeData) -> bool:
    """Drag over the zone; whether it takes this."""
    event = QDragEnterEvent(zone.rect().center(), Qt.DropAction.CopyAction, data, *HOW)
    event.ignore()
    QApplication.sendEvent(zone, event)
    return event.isAccepted()


def test_dropped_files_and_folders_are_emitted_in_their_order(zone: DropZone, qtbot, tmp_path: Path):
    paths = [tmp_path / "b, with 100 %.csv", tmp_path / "数据", tmp_path / "a.csv"]
    data = carried(*(path.as_uri() for path in paths))
    assert enter(zone, data)
    with qtbot.waitSignal(zone.dropped) as dropped:
        QApplication.sendEvent(zone, QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, *HOW))
    assert dropped.args == [paths]


@pytest.mark.parametrize("urls", [(), ("https://example.org/ratings.csv",)])
def test_dragged_urls_of_other_computers_are_not_accepted(urls: tuple[str, ...], zone: DropZone):
    data = carried(*urls)
    data.setText("user,item")
    assert not enter(zone, data)


def test_the_zone_shows_that_it_would_take_what_is_over_it(zone: DropZone, tmp_path: Path):
    quiet = zone.grab().toImage()
    data = carried((tmp_path / "a.csv").as_uri())
    enter(zone, data)
    assert zone.grab().toImage() != quiet
    QApplication.sendEvent(zone, QDragLeaveEvent())
    assert zone.grab().toImage() == quiet


@pytest.mark.parametrize("answer", [0, 1])
def test_the_dialog_for_a_file_goes_when_it_has_been_answered(qtbot, monkeypatch, answer: int):
    """It holds a model of the file system, which watches folders."""
    parent = QWidget()
    qtbot.addWidget(parent)
    monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: answer)
    assert (ask_for_file(parent, "Save", "metrics.csv") is None) is (answer == 0)
    assert parent.findChildren(QFileDialog)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not parent.findChildren(QFileDialog)
