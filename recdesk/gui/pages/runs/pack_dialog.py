"""What goes into the one file that runs are saved as."""

from collections.abc import Sequence

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.packing import Choice
from recdesk.workspace.runs import Run


class PackDialog(QDialog):
    """Asks for what goes into the file, and says what it then holds of people.

    Attributes:
        data, models, people: the choices.
        consequence: what the file holds of people.
    """

    def __init__(self, runs: Sequence[Run], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save as one file"))
        self.setMinimumWidth(480)
        named = ", ".join(words.run_title(run) for run in runs[:3]) + (", …" if len(runs) > 3 else "")
        what = translated(Message("package.what-of-runs", count=len(runs)))
        self.data = QCheckBox(self.tr("The data that they were trained on"))
        self.models = QCheckBox(self.tr("The models: without them the runs cannot recommend"))
        self.people = QCheckBox(self.tr("Edits of histories, and people who were made up"))
        self.data.setChecked(True)
        self.models.setChecked(True)
        self.consequence = Paragraph("", "small", "secondary")
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("Choose the file…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        save.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(Paragraph(what, "body"))
        layout.addWidget(Paragraph(named, "small", "secondary"))
        for box in (self.data, self.models, self.people):
            layout.addWidget(box)
        layout.addWidget(self.consequence)
        layout.addWidget(buttons)
        self.data.toggled.connect(self._update)
        self._update()

    @property
    def choice(self) -> Choice:
        """What was chosen."""
        with_data = self.data.isChecked()
        return Choice(with_data, self.models.isChecked(), with_data and self.people.isChecked())

    def _update(self) -> None:
        with_data = self.data.isChecked()
        self.people.setEnabled(with_data)
        self.consequence.setText(
            self.tr(
                "The file holds the histories of the people in the data. Keys of pseudonyms never leave the workspace."
            )
            if with_data
            else self.tr("The file holds no history: the data is named by its content hash only.")
        )
