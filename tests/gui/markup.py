"""Text from data that looks like markup, and what a person reads where Qt may take text for rich text."""

from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel, QWidget

MARKED_UP = (
    "<b>x</b>",
    "A film with a long name, <i>in italics</i>, that is cut in a narrow column",
    "AT&T < Cable & <u>Wireless</u>, once a name on every letter box of the land",
    "The 1 &lt; 2 problem, a book of which the title is spelt as web pages spell it",
    "<img src='nothing.png'>A name that would load a picture if it were believed",
)
MARKED_UP_LONG = (MARKED_UP[1], MARKED_UP[3])
"""A tag and an entity, in texts that a narrow place cuts."""


def as_read(text: str) -> str:
    """What a tooltip or an automatic label shows of a text."""
    if not Qt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


def labels(root: QWidget) -> list[str]:
    """What the labels under a widget show."""
    every = [label for label in root.findChildren(QLabel) if label.text()]
    return [label.text() if label.textFormat() == Qt.TextFormat.PlainText else as_read(label.text()) for label in every]
