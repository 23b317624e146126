"""The status strip at the bottom of the window, and a progress line."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import ElidedText, Text

NOTE_MS = 15_000
"""How long a note stays."""


class ProgressLine(QWidget):
    """A line filled from the left, 0 to 1."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._value = 0.0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(0.0)

    def value(self) -> float:
        """The share that is done, 0 to 1."""
        return self._value

    def set_value(self, value: float) -> None:
        """Set the share that is done, 0 to 1."""
        self._value = min(max(value, 0.0), 1.0)
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(f"{self._value:.0%}")
        self.update()

    def sizeHint(self) -> QSize:
        """Six pixels high."""
        return QSize(120, 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground and line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        painter.setBrush(theme.roles().line)
        painter.drawRoundedRect(area, 3, 3)
        if self._value > 0:
            area.setWidth(max(6.0, area.width() * self._value))
            painter.setBrush(theme.roles().accent)
            painter.drawRoundedRect(area, 3, 3)


class StatusStrip(QWidget):
    """One line of facts; each part is set on its own.

    Signals:
        state_clicked: what runs was clicked.

    Attributes:
        palette_button: opens the command palette.
    """

    state_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(30)
        self.setAccessibleName(self.tr("Status"))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 1, 12, 0)
        row.setSpacing(18)
        self._dot = _Dot()
        self._state = Text("", "small")
        self._dataset = ElidedText("", "small")
        self._machine = Text("", "small", "secondary", tabular=True)
        self._speed = Text("", "small", "secondary", tabular=True)
        self._note = ElidedText("", "small")
        self._note_ends = QTimer(self, singleShot=True, interval=NOTE_MS)
        self._note_ends.timeout.connect(lambda: self.set_note(""))
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self._dot)
        state.addWidget(self._state)
        row.addLayout(state)
        for part in (self._dataset, self._machine, self._speed, self._note):
            row.addWidget(part)
        row.addStretch(1)
        self.palette_button = QPushButton()
        self.palette_button.setFlat(True)
        self.palette_button.setFont(theme.font("small"))
        self.palette_button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        row.addWidget(self.palette_button)
        for part in (self._dataset, self._machine, self._speed, self._note):
            part.hide()
        self.set_state("idle", self.tr("idle"))

    def set_state(self, tone: str, text: str) -> None:
        """Set the text on what runs. `tone` is a role of the theme, or "idle"."""
        tone = "secondary" if tone == "idle" else tone
        self._state.setText(text)
        self._state.set_tone(tone)
        self._dot.set_tone(tone)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on the state asks what runs."""
        if event.position().x() <= self._state.geometry().right():
            self.state_clicked.emit()
        super().mousePressEvent(event)

    def state(self) -> str:
        """The state that is shown."""
        return self._state.text()

    def set_dataset(self, name: str) -> None:
        """The chosen dataset."""
        self._dataset.setText(name)
        self._dataset.setVisible(bool(name))

    def set_machine(self, text: str) -> None:
        """Device and memory."""
        self._machine.setText(text)
        self._machine.setVisible(bool(text))

    def set_speed(self, text: str) -> None:
        """Throughput; "" for none."""
        self._speed.setText(text)
        self._speed.setVisible(bool(text))

    def set_note(self, text: str) -> None:
        """Say what has just been done, such as the effect of an edit; it goes by itself after a while."""
        self._note.setText(text)
        self._note.setVisible(bool(text))
        if text:
            self._note_ends.start()
        else:
            self._note_ends.stop()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ground and the line above."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.roles().rail)
        painter.setPen(QPen(theme.roles().line, 1))
        painter.drawLine(0, 0, self.width(), 0)


class _Dot(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._tone = "secondary"
        self.setFixedSize(QSize(9, 9))

    def set_tone(self, tone: str) -> None:
        self._tone = tone
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.roles().of(self._tone))
        painter.drawEllipse(QRectF(self.rect()))
