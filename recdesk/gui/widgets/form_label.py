"""The label of a control in a form."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.text import Text

_NARROWEST = 84


def narrow(control: QWidget) -> QWidget:
    """Let a control be as narrow as its column; its own wish for width is not heard."""
    control.setMinimumWidth(_NARROWEST)
    control.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    return control


class FormLabel(Text):
    """Stands at the middle of its control's height; its control takes the focus when the label's key is pressed."""

    def __init__(self, text: str, control: QWidget | None = None) -> None:
        super().__init__(text, "body", "secondary")
        self.setMinimumHeight(theme.CONTROL_HEIGHT)
        if control is not None:
            self.setBuddy(control)
            if not control.accessibleName():
                control.setAccessibleName(text)
