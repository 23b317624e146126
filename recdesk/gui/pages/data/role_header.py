"""Heads of columns that show and change the column's role."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QMenu, QTableView, QWidget

from recdesk.gui import theme
from recdesk.gui.pages.data.columns import ColumnRoles, role_titles
from recdesk.gui.pages.data.draft import Part
from recdesk.gui.widgets.text import plain_tooltip

_HEIGHT = 54
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OPENING = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)


class RoleHeader(QHeaderView):
    """Two lines a column: its name, and a pill with its role and how sure that is.

    A click, or Space on the column that the arrow keys lead to, opens the choice of roles.

    Signals:
        role_chosen: column number and role ("" for none).
    """

    role_chosen = Signal(int, str)

    def __init__(self, roles: ColumnRoles, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._roles = roles
        self._part: Part = "interactions"
        self._titles = role_titles()
        self._at = 0
        self.setSectionsClickable(True)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumSectionSize(72)
        self.setStretchLastSection(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.sectionClicked.connect(self.open_menu)

    def set_part(self, part: Part) -> None:
        """Show the roles of this file's columns."""
        if part != self._part:
            self._at = 0
        self._part = part
        self._describe()
        self.viewport().update()

    def menu(self, column: int) -> QMenu:
        """The choice of roles of a column."""
        menu = QMenu(self)
        name = self._name(column)
        current = self._roles.role(self._part, name)
        for role in self._roles.choices(self._part, name):
            action = QAction(self._titles[role], menu, checkable=True, checked=role == current)
            action.triggered.connect(lambda _checked=False, role=role: self.role_chosen.emit(column, role))
            menu.addAction(action)
        return menu

    def open_menu(self, column: int) -> None:
        """Show the choice under the head of the column, if there is one."""
        self._move_to(column)
        menu = self.menu(column)
        if menu.isEmpty():
            menu.deleteLater()
            return
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QRect(self.sectionViewportPosition(column), 0, 1, _HEIGHT).bottomLeft()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The right button does the same."""
        column = self.logicalIndexAt(event.pos())
        if column >= 0:
            self.open_menu(column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Explain the column under the mouse."""
        super().mouseMoveEvent(event)
        column = self.logicalIndexAt(event.position().toPoint())
        self.setToolTip(plain_tooltip(self._roles.explanation(self._part, self._name(column))) if column >= 0 else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from column to column; open the choice."""
        if event.key() in _STEPS and self.count():
            self._move_to(min(max(self._at + _STEPS[Qt.Key(event.key())], 0), self.count() - 1))
        elif event.key() in _OPENING and self.sectionsClickable() and self._at < self.count():
            self.open_menu(self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self._describe()
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that they are elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        """Two lines high."""
        return QSize(super().sizeHint().width(), _HEIGHT)

    def sectionSizeFromContents(self, column: int) -> QSize:
        """Room for the name, the pill and what stands behind it."""
        metrics = self.fontMetrics()
        name = self._name(column)
        pill = metrics.horizontalAdvance(self._title(name)) + 44
        hint = self._roles.hint(self._part, name)
        if hint:
            pill += metrics.horizontalAdvance(hint) + 8
        return QSize(max(metrics.horizontalAdvance(name), pill) + 24, _HEIGHT)

    def paintSection(self, painter: QPainter, rect: QRect, column: int) -> None:
        """Draw name, pill and hint."""
        if not rect.isValid():
            return
        roles, name = theme.roles(), self._name(column)
        role = self._roles.role(self._part, name)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(roles.line, 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        area = rect.adjusted(8, 4, -4, -6)
        painter.setFont(theme.font("small"))
        painter.setPen(roles.text if role else roles.secondary)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, shown)
        pill = self._paint_pill(painter, area, column, bool(role))
        painter.setPen(roles.secondary)
        left = int(pill.right()) + 8
        behind = QRect(left, int(pill.top()), max(area.right() - left, 0), int(pill.height()))
        hint = self._roles.hint(self._part, name)
        shown = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, behind.width())
        painter.drawText(behind, Qt.AlignmentFlag.AlignVCenter, shown)
        painter.restore()

    def _paint_pill(self, painter: QPainter, area: QRect, column: int, assigned: bool) -> QRectF:
        roles, text = theme.roles(), self._title(self._name(column))
        width = min(area.width(), painter.fontMetrics().horizontalAdvance(text) + 34)
        pill = QRectF(area.left(), area.bottom() - 21, width, 20)
        focused = self.hasFocus() and column == self._at
        painter.setPen(QPen(roles.accent if assigned or focused else roles.edge, 2 if focused else 1))
        painter.setBrush(roles.raised)
        painter.drawRoundedRect(pill, 10, 10)
        painter.setPen(roles.accent if assigned else roles.secondary)
        painter.drawText(pill.adjusted(10, 0, -18, 0), Qt.AlignmentFlag.AlignVCenter, text)
        x, y = pill.right() - 12, pill.center().y()
        painter.drawPolyline([QPointF(x - 3, y - 1.5), QPointF(x, y + 1.5), QPointF(x + 3, y - 1.5)])
        return pill

    def _name(self, column: int) -> str:
        return str(self.model().headerData(column, Qt.Orientation.Horizontal) or "") if self.model() else ""

    def _title(self, name: str) -> str:
        return self._titles.get(self._roles.role(self._part, name), "–")

    def _move_to(self, column: int) -> None:
        self._at = column
        table = self.parentWidget()
        if isinstance(table, QTableView):
            table.scrollTo(table.model().index(0, column))
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        """Tell screen readers of the column at hand."""
        if self._at < self.count():
            name = self._name(self._at)
            self.setAccessibleDescription(f"{name}: {self._title(name)} {self._roles.hint(self._part, name)}".strip())
