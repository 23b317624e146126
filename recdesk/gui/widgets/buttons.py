"""Buttons: chips (facts, switches, actions and tabs), links, and the primary one of a page."""

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from recdesk.gui import theme

Look = Literal["fact", "switch", "action", "tab"]
_BOX = 13
"""Side of a switch's box, in pixels."""


class Chip(QAbstractButton):
    """A short text in one of four looks that cannot be taken for each other.

    - a fact (`fact=True`): plain text, which takes neither focus nor clicks;
    - a switch (checkable): a box with a tick while it is on;
    - a tab (`tab=True`): one of several in `Segments`, the chosen one filled;
    - an action (otherwise): text in the accent colour on a button without a frame.
    """

    def __init__(
        self,
        text: str,
        checkable: bool = False,
        tone: str = "secondary",
        fact: bool = False,
        tab: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._fixed_look: Look | None = "fact" if fact else "tab" if tab else None
        self.setText(text)
        self.setCheckable(checkable or tab)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tone = tone
        if fact:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def look(self) -> Look:
        """What it looks like."""
        return self._fixed_look or ("switch" if self.isCheckable() else "action")

    def setText(self, text: str) -> None:
        """Set the text."""
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def set_tone(self, tone: str) -> None:
        """Set the colour (a role of the theme)."""
        self._tone = tone
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the text at its boldest, so that checking moves nothing."""
        room = {"fact": 4, "switch": _BOX + 14, "action": 16, "tab": 20}[self.look]
        return QSize(QFontMetrics(_font(bold=True)).horizontalAdvance(self.text()) + room, 24)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it in its look."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(_font(bold=self.look == "action" or (self.look == "tab" and self.isChecked())))
        {"fact": self._fact, "switch": self._switch, "action": self._action, "tab": self._tab}[self.look](painter)

    def _fact(self, painter: QPainter) -> None:
        self._write(painter, theme.roles().of(self._tone))

    def _action(self, painter: QPainter) -> None:
        roles = theme.roles()
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(roles.line if self.isDown() else roles.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0, 1, 0, -1), 5, 5)
        self._write(painter, roles.accent if self._tone == "secondary" else roles.of(self._tone))

    def _tab(self, painter: QPainter) -> None:
        roles = theme.roles()
        if self.isChecked() or (self.underMouse() and self.isCheckable()):
            painter.setPen(QPen(roles.edge if self.isChecked() else Qt.GlobalColor.transparent, 1))
            painter.setBrush(roles.card if self.isChecked() else roles.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), 5, 5)
        self._write(painter, roles.text if self.isChecked() else roles.of(self._tone))

    def _switch(self, painter: QPainter) -> None:
        roles, on = theme.roles(), self.isChecked()
        box = QRectF(1.5, (self.height() - _BOX) / 2 + 0.5, _BOX - 1, _BOX - 1)
        fill = roles.accent if self.isEnabled() else roles.edge
        painter.setPen(QPen(fill if on else roles.secondary, 1))
        painter.setBrush(fill if on else roles.field)
        painter.drawRoundedRect(box, 3, 3)
        if on:
            painter.setPen(QPen(roles.on_accent, 1.6, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            corner = box.topLeft()
            painter.drawPolyline(
                QPolygonF([corner + QPointF(3, 6.2), corner + QPointF(5.2, 8.6), corner + QPointF(9, 3.6)])
            )
        self._write(painter, roles.text if on or self.underMouse() else roles.secondary, _BOX + 7)

    def _write(self, painter: QPainter, colour: QColor, left: int = 0) -> None:
        painter.setPen(colour if self.isEnabled() else self.palette().color(QPalette.ColorGroup.Disabled, _TEXT))
        side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignHCenter
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter | side, self.text())


_TEXT = QPalette.ColorRole.WindowText


def _font(bold: bool) -> QFont:
    font = theme.font("small")
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Medium)
    return font


class Segments(QWidget):
    """Tabs side by side on one ground."""

    def __init__(self, *tabs: Chip) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        for tab in tabs:
            self.add(tab)

    def add(self, tab: Chip) -> None:
        """Add a tab at the right."""
        self._row.addWidget(tab)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.roles().line)
        painter.drawRoundedRect(QRectF(self.rect()), theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)


class LinkButton(QAbstractButton):
    """Accent text without a frame; checkable."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def setText(self, text: str) -> None:
        """Set the text."""
        super().setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for the text and the focus ring."""
        return QSize(QFontMetrics(theme.font("strong")).horizontalAdvance(self.text()) + 8, 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.setFont(theme.font("strong"))
        roles = theme.roles()
        painter.setPen(roles.accent if self.isEnabled() else roles.secondary)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())


class PrimaryButton(QPushButton):
    """A push button in the accent colour while it is the primary one."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._primary = True
        theme.theme().changed.connect(self._colour)
        self._colour()

    def set_primary(self, primary: bool) -> None:
        """Use the accent colour, or that of other buttons."""
        self._primary = primary
        self._colour()

    def _colour(self) -> None:
        self.setFont(theme.font("strong" if self._primary else "body"))
        if not self._primary:
            self.setPalette(QPalette())
            return
        roles, palette = theme.roles(), QPalette(self.palette())
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Button, roles.accent)
            palette.setColor(group, QPalette.ColorRole.ButtonText, roles.on_accent)
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Button, roles.line)
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, roles.secondary)
        self.setPalette(palette)
