"""Some items' texts as an encoder reads them."""

from collections.abc import Sequence

from PySide6.QtGui import QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from recdesk.gui import theme
from recdesk.text.lengths import ReadText


class TextsView(QTextEdit):
    """Each item's title, its text (what is cut is struck out), and the pieces of words that the encoder sees."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QTextEdit.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setAccessibleName(self.tr("Texts of some items"))
        self._shown: list[tuple[str, ReadText]] = []
        theme.theme().changed.connect(self._write)

    def show_texts(self, shown: Sequence[tuple[str, ReadText]]) -> None:
        """Show texts by title."""
        self._shown = list(shown)
        self._write()

    def _write(self) -> None:
        self.clear()
        cursor = self.textCursor()
        for place, (title, item) in enumerate(self._shown):
            self._line(cursor, not place, 14, (title, _format("strong")))
            cut = _format("body", "secondary")
            cut.setFontStrikeOut(True)
            self._line(
                cursor,
                False,
                3,
                (item.text[: item.read], _format("body")),
                (item.text[item.read : item.read + 600], cut),
            )
            self._line(cursor, False, 3, (" · ".join(item.pieces), _format("small", "secondary")))
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _line(self, cursor: QTextCursor, first: bool, above: int, *parts: tuple[str, QTextCharFormat]) -> None:
        """Texts go in as they are, never as HTML."""
        if not first:
            cursor.insertBlock()
        block = QTextBlockFormat()
        block.setTopMargin(0 if first else above)
        cursor.setBlockFormat(block)
        for text, how in parts:
            cursor.insertText(text, how)


def _format(font: theme.FontName, tone: str = "text") -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFont(theme.font(font))
    made.setForeground(theme.roles().of(tone))
    return made
