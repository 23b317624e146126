"""A column of messages that lies over the lower end of another widget, so that no message moves what is below it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from recdesk.gui import theme


class Overlay(QWidget):
    """Messages over the lower end of `below`, a sibling; as high as what it shows, hidden while it shows nothing."""

    def __init__(self, below: QWidget) -> None:
        super().__init__(below.parentWidget())
        self._below = below
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.GAP)
        self._column.setSpacing(8)
        self._messages: list[QWidget] = []
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        below.installEventFilter(self)
        self.hide()

    def add(self, message: QWidget) -> None:
        """Add a message below the others; it is shown and hidden by itself."""
        self._column.addWidget(message)
        self._messages.append(message)
        message.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what lies below, and what is shown."""
        moved = (QEvent.Type.Resize, QEvent.Type.Move)
        changed = moved if watched is self._below else (QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if event.type() in changed:
            self._place()
        return False

    def event(self, event: QEvent) -> bool:
        """A message may have become higher or lower."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return handled

    def _place(self) -> None:
        shown = any(not message.isHidden() for message in self._messages)
        self.setVisible(shown)
        if shown:
            area = self._below.geometry()
            wanted = self._column.heightForWidth(area.width()) if self._column.hasHeightForWidth() else 0
            height = min(wanted if wanted > 0 else self._column.sizeHint().height(), area.height())
            self.setGeometry(area.left(), area.bottom() + 1 - height, area.width(), height)
            self.raise_()
