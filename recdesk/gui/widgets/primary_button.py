"""The one button of a page that does its job."""

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from recdesk.gui import theme


class PrimaryButton(QPushButton):
    """A push button on the accent colour, as long as it is the primary one."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._primary = True
        theme.theme().changed.connect(self._colour)
        self._colour()

    def set_primary(self, primary: bool) -> None:
        """Stand out, or look like any other button."""
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
