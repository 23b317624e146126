"""The dialog that asks for the day as of which is recommended."""

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from recdesk.data.cleaning.rules import DAY, instant
from recdesk.gui import theme
from recdesk.gui.widgets.inputs import FormLabel
from recdesk.gui.widgets.text import Paragraph


class MomentDialog(QDialog):
    """Asks for a day.

    Args:
        shown: a moment of the day that is proposed, epoch seconds.

    Attributes:
        day: the day.
    """

    def __init__(self, shown: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recommend as of a day"))
        self.setMinimumWidth(420)
        date = instant(shown)
        self.day = QDateEdit(QDate(date.year, date.month, date.day))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setAccessibleName(self.tr("Day"))
        self.day.setMinimumHeight(theme.CONTROL_HEIGHT)
        said = self.tr(
            "Lists are made from what people had taken by the end of that day (UTC). A model that knows the time of "
            "asking recommends for that moment."
        )
        form = QFormLayout()
        form.addRow(FormLabel(self.tr("Day"), self.day), self.day)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Recommend"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Paragraph(said, "body", "secondary"))
        layout.addLayout(form)
        layout.addWidget(buttons)

    def chosen(self) -> int:
        """The last second of the day, epoch seconds."""
        return QDate(1970, 1, 1).daysTo(self.day.date()) * DAY + DAY - 1
