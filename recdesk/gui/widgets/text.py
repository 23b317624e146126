"""Plain text: tooltips, and a label that shows it in one of the window's fonts and tones."""

import html

from PySide6 import QtGui
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from recdesk.gui import theme


def plain_tooltip(text: str) -> str:
    """A tooltip that shows text literally, escaped because Qt renders what looks like HTML as rich text."""
    if not QtGui.Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{html.escape(text, quote=False)}</span>'


class Text(QLabel):
    """Plain text; never HTML, so nothing in the data can format or load anything.

    Args:
        text: what it says.
        font: title, card, body, strong or small.
        tone: a role of the theme ("text", "secondary", "accent", "good", "warning", "bad").
        wrap: break lines at words.
        tabular: figures of one width.
    """

    def __init__(
        self,
        text: str = "",
        font: theme.FontName = "body",
        tone: str = "text",
        wrap: bool = False,
        tabular: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setFont(theme.font(font, tabular))
        self._tone = tone
        theme.theme().changed.connect(self._paint_tone)
        self._paint_tone()

    def set_tone(self, tone: str) -> None:
        """Set the colour (a role of the theme)."""
        self._tone = tone
        self._paint_tone()

    def _paint_tone(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme.roles().of(self._tone))
        self.setPalette(palette)


class Paragraph(Text):
    """Plain text that wraps and is never cut: its least height follows its width."""

    def __init__(self, text: str = "", font: theme.FontName = "body", tone: str = "text") -> None:
        super().__init__(text, font, tone, wrap=True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def setText(self, text: str) -> None:
        """Set the text."""
        super().setText(text)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the new width."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()) if self.text() else 0)


class ElidedText(Text):
    """One line, elided where there is no room, at its end or in its middle; the whole text is in the tooltip then."""

    def __init__(
        self, text: str = "", font: theme.FontName = "body", tone: str = "text", in_middle: bool = False
    ) -> None:
        super().__init__(text, font, tone)
        self._mode = Qt.TextElideMode.ElideMiddle if in_middle else Qt.TextElideMode.ElideRight
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """A few letters at least."""
        return QSize(min(48, super().sizeHint().width()), super().sizeHint().height())

    def setText(self, text: str) -> None:
        """Set the text."""
        super().setText(text)
        self._explain()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set the tooltip while the text is elided."""
        super().resizeEvent(event)
        self._explain()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), self._shown())

    def _shown(self) -> str:
        return QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())

    def _explain(self) -> None:
        self.setToolTip("" if self._shown() == self.text() else plain_tooltip(self.text()))
