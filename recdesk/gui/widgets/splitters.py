"""Splitters that remember where a person moved them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from recdesk.gui import theme
from recdesk.gui.preferences import Preferences


class RememberedSplitter(QSplitter):
    """Widgets side by side, or above each other, whose sizes outlive the window.

    Args:
        orientation: of the row.
        preferences: keep the sizes.
        name: of the splitter in the preferences.

    Attributes:
        moved: whether a person has moved it, now or in an earlier window.
    """

    def __init__(
        self, orientation: Qt.Orientation, preferences: Preferences, name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(orientation, parent)
        self._preferences, self._name = preferences, f"splitter/{name}"
        self.setChildrenCollapsible(False)
        self.setHandleWidth(theme.GAP)
        self.moved = False
        self.splitterMoved.connect(self._remember)

    def restore(self) -> None:
        """Use the sizes of an earlier window; call it when all widgets are there."""
        self.moved = self.restoreState(self._preferences.state(self._name))
        self.setChildrenCollapsible(False)
        self.setHandleWidth(theme.GAP)

    def _remember(self) -> None:
        self.moved = True
        self._preferences.set_state(self._name, self.saveState())
