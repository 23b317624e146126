"""The navigation rail at the left: a button for each page."""

from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from recdesk.gui import resources, theme
from recdesk.gui.widgets.text import Text

WIDTH = 176
Mark = Literal["", "running", "paused"]


class Rail(QWidget):
    """Buttons of the pages, one of them active.

    Signals:
        chosen: key of the page whose button was clicked.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Places"))
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 18, 12, 14)
        self._layout.setSpacing(4)
        name = Text("recdesk")
        font = theme.font("strong")
        font.setPixelSize(16)
        font.setWeight(QFont.Weight.Bold)
        name.setFont(font)
        name.setContentsMargins(8, 0, 0, 12)
        self._layout.addWidget(name)

    def add(self, key: str, title: str, icon: str) -> None:
        """Add the button of a page below the others."""
        button = RailButton(title, icon)
        button.setObjectName(f"rail-{key}")
        button.clicked.connect(lambda: self.chosen.emit(key))
        self._group.addButton(button)
        self._buttons[key] = button
        self._layout.addWidget(button)

    def add_space(self) -> None:
        """Put the buttons that follow at the bottom."""
        self._layout.addStretch(1)

    def set_active(self, key: str) -> None:
        """Mark the page that is shown."""
        self._buttons[key].setChecked(True)

    def set_mark(self, key: str, mark: Mark) -> None:
        """Show a dot beside a page on which something runs, or the sign of a pause."""
        self._buttons[key].set_mark(mark)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line at the right."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.roles().rail)
        painter.setPen(QPen(theme.roles().line, 1))
        painter.drawLine(self.width() - 1, 0, self.width() - 1, self.height())


class RailButton(QAbstractButton):
    """The button of a page; bar, background and weight mark the active one."""

    def __init__(self, title: str, icon: str) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._icon = icon
        self.set_mark("")

    def set_mark(self, mark: Mark) -> None:
        """Show a dot, the sign of a pause, or neither."""
        self._mark: Mark = mark
        self.update()

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(WIDTH - 24, 36)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, bar, icon, title and dot."""
        roles, active = theme.roles(), self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5)
        if active or self.underMouse():
            painter.setPen(QPen(roles.line if active else Qt.GlobalColor.transparent))
            painter.setBrush(roles.card if active else roles.line)
            painter.drawRoundedRect(area, theme.CONTROL_RADIUS, theme.CONTROL_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        if active:
            painter.setBrush(roles.accent)
            painter.drawRoundedRect(QRectF(0, 3, 3, self.height() - 6), 1.5, 1.5)
        colour = roles.text if active else roles.secondary
        painter.drawPixmap(14, (self.height() - 16) // 2, resources.pixmap(self._icon, colour))
        painter.setPen(colour)
        font = theme.font("strong" if active else "body")
        font.setWeight(QFont.Weight.DemiBold if active else QFont.Weight.Medium)
        painter.setFont(font)
        painter.drawText(self.rect().adjusted(40, 0, -20, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
        left, top = self.width() - 20, self.height() / 2 - 3.5
        painter.setPen(Qt.PenStyle.NoPen)
        if self._mark == "running":
            painter.setBrush(roles.good)
            painter.drawEllipse(QRectF(left, top, 7, 7))
        elif self._mark == "paused":
            painter.setBrush(roles.secondary)
            painter.drawRect(QRectF(left, top, 2.5, 7))
            painter.drawRect(QRectF(left + 4.5, top, 2.5, 7))
