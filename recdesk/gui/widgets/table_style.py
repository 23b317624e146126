"""The style that all tables have in common."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
)

from recdesk.gui import theme
from recdesk.gui.widgets.text import plain_tooltip


def style_table(view: QTableView, name: str) -> None:
    """Style a table and give it an accessible name; its model stays as it is."""
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
    view.setItemDelegate(TableDelegate(view))
    view.setCornerButtonEnabled(False)
    view.verticalHeader().hide()
    view.verticalHeader().setMinimumSectionSize(20)
    view.verticalHeader().setDefaultSectionSize(theme.ROW_HEIGHT)
    head = view.horizontalHeader()
    head.setFont(theme.font("small"))
    head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    head.setHighlightSections(False)
    head.setAccessibleName(name)


class TableDelegate(QStyledItemDelegate):
    """Cells with padding; background and a bar mark the chosen row, not inverted text. The tooltip of a cell that is
    cut has its whole text."""

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Show the whole text of a cell that is cut."""
        text = index.data()
        cut = bool(text) and self.sizeHint(option, index).width() > option.rect.width()
        if event.type() == QEvent.Type.ToolTip and cut and index.data(Qt.ItemDataRole.ToolTipRole) is None:
            QToolTip.showText(event.globalPos(), plain_tooltip(str(text)), view)
            return True
        return super().helpEvent(event, view, option, index)

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
