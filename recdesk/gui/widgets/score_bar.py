"""A cell with a bar."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from recdesk.gui import theme
from recdesk.gui.widgets.array_table_model import SHARE_ROLE
from recdesk.gui.widgets.calm_table import CalmDelegate


class ScoreBarDelegate(CalmDelegate):
    """Draws a share of 0..1 as a bar; the number is in the tooltip and in the accessible text."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw the ground of the cell, then the bar."""
        share = index.data(SHARE_ROLE)
        if share is None:
            super().paint(painter, option, index)
            return
        self.initStyleOption(option, index)
        option.text = ""
        widget = option.widget
        if widget is not None:
            widget.style().drawControl(widget.style().ControlElement.CE_ItemViewItem, option, painter, widget)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        cell = QRectF(option.rect)
        bar = QRectF(cell.left() + 6, cell.center().y() - 3, max(cell.width() - 18, 8), 6)
        painter.setBrush(theme.roles().line)
        painter.drawRoundedRect(bar, 3, 3)
        bar.setWidth(max(bar.width() * min(abs(share), 1.0), 6.0))
        painter.setBrush(theme.roles().accent if share >= 0 else theme.roles().warning)
        painter.drawRoundedRect(bar, 3, 3)
        painter.restore()
