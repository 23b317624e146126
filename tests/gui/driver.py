"""The window in tests: clicking, typing, dropping files, waiting for what can be seen, and reading it."""

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)
from pytestqt.qtbot import QtBot

from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.base import Page
from recdesk.gui.session import Session

LEFT = Qt.MouseButton.LeftButton


class WindowDriver:
    """Uses a window by mouse and keyboard alone. Drivers of pages add what is done on their page."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self.qtbot = window, qtbot

    def until(self, seen: Callable[[], bool]) -> None:
        """Wait until something is seen, a minute at most."""
        self.qtbot.waitUntil(seen, timeout=60_000)

    def settle(self) -> None:
        """Wait until no job is at work or waits."""
        self.until(lambda: not self.window.session.jobs._jobs)

    def will_save_as(self, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
        """Answer every dialog that asks where to save with this path."""
        monkeypatch.setattr(QFileDialog, "exec", lambda _dialog: 1)
        monkeypatch.setattr(QFileDialog, "selectedFiles", lambda _dialog: [str(path)])

    def go(self, key: str) -> Page:
        """Click the button of a page in the rail; the page."""
        self.click(self.window.rail.findChild(QAbstractButton, f"rail-{key}"))
        page = self.window.pages[key]
        assert page.isVisible()
        return page

    def click(self, widget: QWidget) -> None:
        """Click in the middle of a control, once it is there and can be clicked."""
        self.wait(lambda: widget.isVisible() and widget.isEnabled() and not widget.size().isEmpty(), seconds=10)
        self.qtbot.mouseClick(widget, LEFT)

    def click_cell(self, table: QTableView, row: int, column: int) -> None:
        """Click on a cell."""
        cell = table.visualRect(table.model().index(row, column))
        assert table.viewport().rect().contains(cell.center())
        self.qtbot.mouseClick(table.viewport(), LEFT, pos=cell.center())

    def write(self, editor: QLineEdit | QAbstractSpinBox, text: str) -> None:
        """Replace what stands in a field and leave it."""
        self.wait(lambda: editor.isVisible() and editor.isEnabled(), seconds=10)
        editor.setFocus()
        editor.selectAll()
        self.qtbot.keyClicks(editor, text)
        self.qtbot.keyClick(editor, Qt.Key.Key_Tab)

    def choose(self, box: QComboBox, text: str) -> None:
        """Choose an entry by the beginning of its name."""
        self.wait(lambda: box.isVisible() and box.isEnabled(), seconds=10)
        box.setFocus()
        self.qtbot.keyClicks(box, text)
        assert box.currentText().startswith(text)

    def drop(self, zone: QWidget, paths: Sequence[Path]) -> None:
        """Drag files over a zone and let them go."""
        data, at = QMimeData(), QPointF(zone.rect().center())
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        how = (Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier)
        entering = QDragEnterEvent(at.toPoint(), *how)
        QApplication.sendEvent(zone, entering)
        assert entering.isAccepted()
        QApplication.sendEvent(zone, QDropEvent(at, *how))

    def when_asked(self, answer: Callable[[QWidget], None]) -> None:
        """Answer the dialog or the menu that the next click opens, while it is open."""

        def look() -> None:
            shown = QApplication.activeModalWidget() or QApplication.activePopupWidget()
            if shown is None:
                QTimer.singleShot(10, self.window, look)
                return
            try:
                answer(shown)
            except BaseException:
                shown.close()  # or what opened it would never return
                raise

        QTimer.singleShot(0, self.window, look)

    def pick(self, text: str) -> Callable[[QWidget], None]:
        """An answer to a menu: click on this entry."""

        def answer(menu: QWidget) -> None:
            assert isinstance(menu, QMenu)
            action = next(action for action in menu.actions() if action.text() == text)
            self.qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

        return answer

    def click_head(self, table: QTableView, column: int) -> None:
        """Click on the head of a column."""
        head = table.horizontalHeader()
        at = QPoint(head.sectionViewportPosition(column) + head.sectionSize(column) // 2, head.height() // 2)
        self.qtbot.mouseClick(head.viewport(), LEFT, pos=at)

    def wait(self, seen: Callable[[], bool], seconds: float = 60) -> None:
        """Wait until something can be seen."""
        self.qtbot.waitUntil(seen, timeout=int(1000 * seconds))


def window_on(session: Session, qtbot: QtBot) -> MainWindow:
    """A window of 1280 x 800 on a session, shown; it is closed after the test."""
    from tests.gui.trained import leave  # not for `probe`: it brings torch

    window = MainWindow(session)
    qtbot.addWidget(window, before_close_func=leave)
    window.resize(1280, 800)
    with qtbot.waitExposed(window):
        window.show()
    return window


def cells(table: QTableView) -> list[list[str]]:
    """What a table shows."""
    model = table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


@dataclass
class Heartbeat:
    """When a timer on the GUI thread fired, in epoch seconds, and what was seen then."""

    beats: list[float] = field(default_factory=list)
    seen: list[object] = field(default_factory=list)

    def between(self, begin: float, end: float) -> int:
        """Beats in a stretch of time."""
        return sum(begin <= beat <= end for beat in self.beats)

    def largest_gap(self) -> float:
        """Seconds."""
        return max(after - before for before, after in zip(self.beats, self.beats[1:], strict=False))


@contextlib.contextmanager
def listening(look: Callable[[], object] = lambda: None) -> Iterator[Heartbeat]:
    """Fire a timer on the GUI thread while the block runs: fifty times a second unless something blocks it."""
    heartbeat = Heartbeat()

    def beat() -> None:
        heartbeat.beats.append(time.time())
        heartbeat.seen.append(look())

    timer = QTimer(interval=20)
    timer.timeout.connect(beat)
    timer.start()
    try:
        yield heartbeat
    finally:
        timer.stop()
