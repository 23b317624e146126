"""Buttons: chips, links, and the primary one of a page."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QWidget

from recdesk.gui import theme


class Chip(QAbstractButton):
    """A pill with a short text.

    Colour, outline and weight mark a checked chip. A chip made with `fact=True` is a label: it takes neither focus nor
    clicks.
    """

    def __init__(
        self,
        text: str,
        checkable: bool = False,
        tone: str = "secondary",
        fact: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setCheckable(checkable)
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._tone = tone
        self._fact = fact
        if fact:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

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
        font = theme.font("small")
        font.setWeight(QFont.Weight.DemiBold)
        return QSize(QFontMetrics(font).horizontalAdvance(self.text()) + 26, 24)

    def minimumSizeHint(self) -> QSize:
        """Never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pill."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(roles.accent if lit else roles.line, 1))
        hovered = self.underMouse() and self.isEnabled() and not self._fact
        painter.setBrush(roles.line if self.isDown() else roles.raised if not hovered else roles.field)
        area = QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -1.5)
        painter.drawRoundedRect(area, area.height() / 2, area.height() / 2)
        font = theme.font("small")
        font.setWeight(QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Medium)
        painter.setFont(font)
        colour = roles.accent if self.isChecked() else roles.of(self._tone)
        painter.setPen(colour if self.isEnabled() else roles.edge)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())


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
        if self.hasFocus():
            painter.setPen(QPen(roles.accent, 1))
            painter.drawRect(self.rect().adjusted(-1, 1, -1, -2))


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
