"""Cells of the preview that show what a text hides: separators, line breaks, bytes that no character stands for."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextCharFormat, QTextLayout, QTextLine
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from recdesk.data.files.csv_records import BLANK_RUN
from recdesk.data.files.normalized import LOST
from recdesk.gui import theme
from recdesk.gui.widgets.calm_table import CalmDelegate

_HIDDEN = {"\n": "↵", "\r": "", "\t": "⇥", "\0": "␀", "\x1f": "␟"}
_SIGNS = {"\t": "⇥", " ": "␣", BLANK_RUN: "␣␣"}
_SIGN_ROOM = 8


class PreviewDelegate(CalmDelegate):
    """Behind each cell but the last stands the separator that was met, faintly; odd characters stand out by a frame."""

    def __init__(self, parent: object = None) -> None:
        super().__init__(parent)  # type: ignore[arg-type]
        self._sign = ""

    def set_separator(self, separator: str) -> None:
        """What stands between the cells of a row in the file; "" where nothing does."""
        self._sign = _SIGNS.get(separator, separator)

    def displayText(self, value: object, _locale: object) -> str:
        """A text with signs for what cannot be seen."""
        return _visible(str(value))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell, the separator behind it, and frames around lost characters."""
        last = index.column() == index.model().columnCount() - 1
        text = str(index.data() or "")
        room = QStyleOptionViewItem(option)
        if self._sign and not last:
            width = option.fontMetrics.horizontalAdvance(self._sign) + _SIGN_ROOM
            room.rect = option.rect.adjusted(0, 0, -width, 0)
            self._paint_sign(
                painter, QRect(option.rect.right() - width, option.rect.top(), width, option.rect.height())
            )
        if LOST in text:
            self._paint_lost(painter, room, _visible(text))
        else:
            super().paint(painter, room, index)

    def _paint_sign(self, painter: QPainter, area: QRect) -> None:
        painter.save()
        painter.setPen(theme.roles().secondary)
        painter.setFont(theme.font("small"))
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._sign)
        painter.restore()

    def _paint_lost(self, painter: QPainter, option: QStyleOptionViewItem, text: str) -> None:
        roles = theme.roles()
        area = option.rect.adjusted(6, 0, -4, 0)
        shown = option.fontMetrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        marks = []
        for at, character in enumerate(shown):
            if character == LOST:
                mark = QTextLayout.FormatRange()
                mark.start, mark.length = at, 1
                mark.format = QTextCharFormat()
                mark.format.setForeground(roles.bad)
                marks.append(mark)
        layout = QTextLayout(shown, option.font)
        layout.setFormats(marks)
        layout.beginLayout()
        line = layout.createLine()
        layout.endLayout()
        painter.save()
        painter.setClipRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, roles.raised)
        top = area.top() + (area.height() - line.height()) / 2
        painter.setPen(roles.text)
        layout.draw(painter, QPointF(area.left(), top))
        painter.setPen(QPen(roles.bad, 1))
        for mark in marks:
            left, right = (_x(line, at) for at in (mark.start, mark.start + 1))
            painter.drawRect(QRectF(area.left() + left, top, max(right - left, 6.0), line.height() - 1))
        painter.restore()


def _visible(text: str) -> str:
    """A text with signs for what cannot be seen."""
    return "".join(_HIDDEN.get(character, character) for character in text)


def _x(line: QTextLine, at: int) -> float:
    """Where a character begins."""
    found: Any = line.cursorToX(at)
    return float(found[0] if isinstance(found, tuple) else found)  # PySide6 gives the place back, too
