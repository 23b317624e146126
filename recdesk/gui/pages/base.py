"""Base class of the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QStyle, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import PageHead
from recdesk.gui.widgets.positions import positions, restore
from recdesk.workspace.runs import Run

Kept = dict[str, Any]
"""What a page hands over to one that takes its place, by name."""


def _always() -> bool:
    return True


def _none() -> None:
    return None


@dataclass(frozen=True)
class Command:
    """The part of an action that a page carries out, whether that is possible now, and the command that does it."""

    perform: Callable[[], object]
    enabled: Callable[[], bool] = _always
    words: Callable[[], list[str] | None] = _none


class Page(QWidget):
    """A page: a fixed head above a body that scrolls if the window is too small.

    Attributes:
        session: what the window works on.
        key: its name in code, such as "train".
        head: title, line of facts and buttons.
        body: layout for the content, with margins and spacing.
    """

    def __init__(self, session: Session, key: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.key = key
        self.setObjectName(f"{key}-page")
        self.setAccessibleName(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.head = PageHead(title)
        self.head.setContentsMargins(theme.MARGIN, 20, theme.MARGIN, 14)
        outer.addWidget(self.head)
        outer.addWidget(self._scrolling_body(), 1)

    def entered(self) -> None:
        """Called when the page is shown; pages override it to update themselves."""

    def command_words(self) -> list[str] | None:
        """Words of the command that does what the page is about to do; None where there is none."""
        return None

    def kept(self) -> Kept:
        """What a person has set here and nothing else holds, for the page that takes this one's place in another
        language. Pages add theirs."""
        return {"positions": positions(self)}

    def take(self, kept: Kept) -> None:
        """Show what the page before this one gave by `kept`. Pages take theirs before they call this."""
        restore(self, kept["positions"])

    def chosen_runs(self) -> list[Run]:
        """The runs that are chosen on the page; only that of the runs has some."""
        return []

    def commands(self) -> Mapping[str, Command]:
        """The page's part of actions of the window, by id of the action."""
        return {}

    def _scrolling_body(self) -> QScrollArea:
        content = QWidget()
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.MARGIN)
        self.body.setSpacing(theme.GAP)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(content)
        area.verticalScrollBar().rangeChanged.connect(self._make_room)
        content.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        return area

    def _make_room(self, _minimum: int, maximum: int) -> None:
        """Place the scroll bar in the margin, so that the content keeps the width of the head."""
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent) if maximum > 0 else 0
        self.body.setContentsMargins(theme.MARGIN, 0, theme.MARGIN - bar, theme.MARGIN)
