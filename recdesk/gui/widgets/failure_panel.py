"""The panel for errors: sentence, suggestion, and details to copy."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import resources, theme
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import PrimaryButton
from recdesk.gui.widgets.text import Text

_DETAILS_HEIGHT = 150


class Remedy(Protocol):
    """What helps against an error: a button's title, and what it does."""

    @property
    def title(self) -> str:
        """Of the button."""

    @property
    def apply(self) -> Callable[[], object]:
        """Does it."""


class FailurePanel(QWidget):
    """Shows the latest error until it is closed, and leads to earlier ones. Unlike a modal message box it blocks
    nothing.

    Args:
        parent: its parent.
        remedy: what helps against an error at the press of a button; None for nothing.
    """

    def __init__(
        self, parent: QWidget | None = None, remedy: Callable[[RecdeskError], Remedy | None] = lambda _error: None
    ) -> None:
        super().__init__(parent)
        self._remedy_of = remedy
        self._remedy: Remedy | None = None
        self.setAccessibleName(self.tr("What went wrong"))
        self._errors: list[RecdeskError] = []
        self._sentence = Text("", "strong", wrap=True)
        self._sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._suggestion = Text("", "body", "secondary", wrap=True)
        self._details = QPlainTextEdit()
        self._details.setReadOnly(True)
        self._details.setFixedHeight(_DETAILS_HEIGHT)
        self._details.setAccessibleName(self.tr("Details"))
        self._details.setTabChangesFocus(True)
        self._build()
        self.hide()

    def show_failure(self, error: RecdeskError) -> None:
        """Show an error; those shown before stay within reach until the panel is closed."""
        self._errors = [*(e for e in self._errors if str(e) != str(error)), error]
        self._display(error)

    @property
    def errors(self) -> list[RecdeskError]:
        """Those within reach, the one that is shown last."""
        return list(self._errors)

    def sentence(self) -> str:
        """The sentence that is shown; "" for none."""
        return self._errors[-1].sentence if self._errors else ""

    def report(self) -> str:
        """Sentence, suggestion and details, for a bug report."""
        if not self._errors:
            return ""
        error = self._errors[-1]
        return "\n\n".join(part for part in (error.sentence, error.suggestion, error.details) if part)

    def dismiss(self) -> None:
        """Close the panel, with all errors."""
        self._errors = []
        self.hide()

    def show_earlier(self) -> None:
        """Show the error before the one that is shown; after the earliest the latest again."""
        self._errors = [*self._errors[-1:], *self._errors[:-1]]
        if self._errors:
            self._display(self._errors[-1])

    def withdraw(self, error: RecdeskError) -> None:
        """Stop showing an error that no longer applies."""
        shown = self._errors[-1:]
        self._errors = [e for e in self._errors if e is not error]
        if not self._errors:
            self.hide()
        elif self._errors[-1:] != shown:
            self._display(self._errors[-1])
        self._count_earlier()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes it."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the surface, its red frame and the warning sign."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(roles.bad, 1))
        painter.setBrush(roles.card)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)
        painter.drawPixmap(int(area.left()) + 16, int(area.top()) + 16, resources.pixmap("warning", roles.bad, 18))

    def _display(self, error: RecdeskError) -> None:
        self._sentence.setText(translated(error.sentence))
        self._suggestion.setText(translated(error.suggestion))
        self._suggestion.setVisible(bool(error.suggestion))
        self._details.setPlainText(error.details)
        self._details.hide()
        self._more.setVisible(bool(error.details))
        self._show_remedy(self._remedy_of(error))
        self._more.setChecked(False)
        sentence = f"{translated(error.sentence)} {translated(error.suggestion)}".strip()
        self.setAccessibleDescription(sentence)
        self._count_earlier()
        self.show()
        self._announce(sentence)

    def _show_remedy(self, remedy: Remedy | None) -> None:
        self._remedy = remedy
        self.remedy_button.setVisible(remedy is not None)
        if remedy is not None:
            self.remedy_button.setText(remedy.title)
            self.remedy_button.setAccessibleName(remedy.title)

    def _apply(self) -> None:
        """Do what helps; this error is then no longer shown."""
        remedy = self._remedy
        if remedy is not None and self._errors:
            self.withdraw(self._errors[-1])
            remedy.apply()

    def _count_earlier(self) -> None:
        self._earlier.setText(self.tr("Earlier ({n})").format(n=len(self._errors) - 1))
        self._earlier.setAccessibleName(self._earlier.text())
        self._earlier.setVisible(len(self._errors) > 1)

    def _announce(self, words: str) -> None:
        """Let a screen reader announce it at once; the focus stays where it is."""
        event = QAccessibleAnnouncementEvent(self, words)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(46, 12, 14, 12)
        row = QHBoxLayout()
        row.setSpacing(8)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addWidget(self._sentence)
        words.addWidget(self._suggestion)
        row.addLayout(words, 1)
        self.remedy_button = PrimaryButton("")
        self.remedy_button.setAccessibleName(self.tr("Do what helps"))
        self.remedy_button.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.remedy_button.clicked.connect(self._apply)
        self.remedy_button.hide()
        row.addWidget(self.remedy_button, 0, Qt.AlignmentFlag.AlignTop)
        self._earlier = self._button("", self.show_earlier)
        self._more = self._button(self.tr("Details"), self._details.setVisible, checkable=True)
        self._copy = self._button(self.tr("Copy report"), self._copy_report)
        self._close = self._button(self.tr("Close"), self.dismiss)
        for button in (self._earlier, self._more, self._copy, self._close):
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(row)
        outer.addWidget(self._details)

    def _button(self, text: str, callback: object, checkable: bool = False) -> QPushButton:
        button = QPushButton(text)
        button.setAccessibleName(text)
        button.setCheckable(checkable)
        (button.toggled if checkable else button.clicked).connect(callback)
        return button

    def _copy_report(self) -> None:
        QGuiApplication.clipboard().setText(self.report())
