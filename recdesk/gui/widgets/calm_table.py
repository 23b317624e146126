"""How every table looks: rows by air and a faint line, no grid, no frame."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from recdesk.gui import theme


def calm(view: QTableView, name: str) -> None:
    """Give a table the look of the window and an accessible name. Its model and delegates stay as they are."""
    view.setAccessibleName(name)
    view.setFrameShape(QFrame.Shape.NoFrame)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setItemDelegate(CalmDelegate(view))
    view.setCornerButtonEnabled(False)
    view.verticalHeader().hide()
    view.verticalHeader().setMinimumSectionSize(20)
    view.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
    head = view.horizontalHeader()
    head.setFont(theme.font("small"))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    head.setAccessibleName(name)


class CalmDelegate(QStyledItemDelegate):
    """Cells with air at the sides; the chosen row is told by ground and a bar, not by inverted text."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Keep the colour of the text when the row is chosen."""
        super().initStyleOption(option, index)
        palette = option.palette
        palette.setColor(palette.ColorRole.Highlight, theme.roles().raised)
        palette.setColor(palette.ColorRole.HighlightedText, theme.roles().text)
        option.palette = palette

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the cell, and the bar of a chosen row in its first column."""
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_Selected and index.column() == 0:
            painter.save()
            painter.setPen(QPen(theme.roles().accent, 3))
            x = option.rect.left() + 1
            painter.drawLine(x, option.rect.top() + 5, x, option.rect.bottom() - 5)
            painter.restore()
