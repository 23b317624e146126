"""Heads of columns that show and change the column's role."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QMenu, QWidget

from recdesk.gui import theme

_HEIGHT = 54


class RoleHeader(QHeaderView):
    """Two lines a column: its name, and a pill with its role. A click opens the choice of roles.

    Signals:
        role_chosen: column number and role ("" for none).

    Args:
        role_of: the role of a column, by number.
        titles: what the roles are called; "" is none.
        choices: the roles that can be chosen, in the order of the menu.
    """

    role_chosen = Signal(int, str)

    def __init__(
        self,
        role_of: Callable[[int], str],
        titles: dict[str, str],
        choices: Sequence[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._role_of = role_of
        self._titles = titles
        self._choices = choices
        self.setSectionsClickable(True)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumSectionSize(72)
        self.setStretchLastSection(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Click to say what the column holds"))
        self.sectionClicked.connect(self.open_menu)

    def set_choices(self, choices: Sequence[str]) -> None:
        """Offer other roles."""
        self._choices = choices

    def menu(self, column: int) -> QMenu:
        """The choice of roles of a column."""
        menu = QMenu(self)
        current = self._role_of(column)
        for role in self._choices:
            action = QAction(self._titles[role], menu, checkable=True, checked=role == current)
            action.triggered.connect(lambda _checked=False, role=role: self.role_chosen.emit(column, role))
            menu.addAction(action)
        return menu

    def open_menu(self, column: int) -> None:
        """Show the choice under the head of the column."""
        menu = self.menu(column)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QRect(self.sectionViewportPosition(column), 0, 1, _HEIGHT).bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button does the same."""
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.open_menu(column)

    def sizeHint(self) -> QSize:
        """Two lines high."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def sectionSizeFromContents(self, column: int) -> QSize:
        """Room for the name and the pill."""
        metrics = self.fontMetrics()
        name = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        pill = self._titles.get(self._role_of(column), "–")
        return QSize(max(metrics.horizontalAdvance(name), metrics.horizontalAdvance(pill) + 44) + 24, _HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Draw name and pill."""
        if not rect.isValid():
            return
        roles, role = theme.roles(), self._role_of(column)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(roles.line, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        area = rect.adjusted(8, 4, -4, -6)
        painter.setFont(theme.font("small"))
        painter.setPen(roles.text if role else roles.secondary)
        name = str(self.model().headerData(column, Qt.Orientation.Horizontal) or "")
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, shown)
        self._paint_pill(painter, area, self._titles.get(role, "–"), bool(role))
        painter.restore()

    def _paint_pill(self, painter: QPainter, area: QRect, text: str, assigned: bool) -> None:
        roles = theme.roles()
        width = min(area.width(), painter.fontMetrics().horizontalAdvance(text) + 34)
        pill = QRectF(area.left(), area.bottom() - 21, width, 20)
        painter.setPen(QPen(roles.accent if assigned else roles.edge, 1))
        painter.setBrush(roles.raised)
        painter.drawRoundedRect(pill, 10, 10)
        painter.setPen(roles.accent if assigned else roles.secondary)
        painter.drawText(pill.adjusted(10, 0, -18, 0), Qt.AlignmentFlag.AlignVCenter, text)
        x, y = pill.right() - 12, pill.center().y()
        painter.drawPolyline([QPointF(x - 3, y - 1.5), QPointF(x, y + 1.5), QPointF(x + 3, y - 1.5)])
