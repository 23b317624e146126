"""The table of a history: items are removed and moved in it by keys and by the mouse."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication

from recdesk.gui import theme
from recdesk.gui.widgets.tables import ArrayTable


class HistoryTable(ArrayTable):
    """A table whose Delete key removes the current item, and whose rows are moved by Alt with an arrow or by dragging.

    Signals:
        removal: source row.
        moving: a row, and the one that it is to be.
    """

    removal = Signal(int)
    moving = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__(name, sortable=False)
        self.setAccessibleDescription(
            self.tr("Alt with the up or down arrow moves the current item; so does dragging.")
        )
        self._pressed: tuple[int, QPoint] | None = None
        self._slot = -1
        """Row above which the dragged one would be put; -1 while none is dragged."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete or Backspace; Alt with up or down."""
        row = self.chosen()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and row >= 0:
            self.removal.emit(row)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps and row >= 0:
            self._ask_to_move(row, row + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A row may be dragged from here."""
        row, left = self.indexAt(event.position().toPoint()).row(), event.button() == Qt.MouseButton.LeftButton
        self._pressed = (row, event.position().toPoint()) if left and row >= 0 else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the row: mark where it would be put, and scroll at the edges."""
        at = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        far = (at - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
        if self._slot < 0 and not far:
            return
        bar, height = self.verticalScrollBar(), self.verticalHeader().defaultSectionSize()
        if not 0 <= at.y() < self.viewport().height():
            bar.setValue(bar.value() + (height if at.y() > 0 else -height))
        row = self.rowAt(min(max(at.y(), 0), self.viewport().height() - 1))
        below = row >= 0 and at.y() > self.rowViewportPosition(row) + height // 2
        self._slot = self.table_model.rowCount() if row < 0 else row + below
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put the dragged row where it was marked."""
        pressed, slot = self._pressed, self._slot
        self._pressed, self._slot = None, -1
        if pressed is None or slot < 0:
            super().mouseReleaseEvent(event)
            return
        self.viewport().unsetCursor()
        self.viewport().update()
        self._ask_to_move(pressed[0], slot if slot <= pressed[0] else slot - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows, and the line where the dragged one would be put."""
        super().paintEvent(event)
        if self._slot >= 0:
            last = self.table_model.rowCount() - 1
            row = min(self._slot, last)
            y = self.rowViewportPosition(row) + (self.rowHeight(row) if self._slot > last else 0)
            painter = QPainter(self.viewport())
            painter.setPen(QPen(theme.roles().accent, 2))
            painter.drawLine(0, y, self.viewport().width(), y)

    def _ask_to_move(self, row: int, to: int) -> None:
        if row != to and 0 <= to < self.table_model.rowCount():
            self.moving.emit(row, to)
