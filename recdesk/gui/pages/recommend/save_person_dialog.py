"""The dialog that asks under which name a person is saved."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.history import History
from recdesk.gui.widgets.inputs import FormLabel
from recdesk.gui.widgets.text import Paragraph, Text

LONGEST_NAME = 80


class SavePersonDialog(QDialog):
    """Asks for a name.

    Attributes:
        line: for the name.
        problem: why it cannot be used, or what saving replaces.
    """

    def __init__(self, history: History, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Save this person"))
        self.setMinimumWidth(420)
        self._history = history
        self.line = QLineEdit(history.name(history.user) if history.saved else "")
        self.line.setMaxLength(LONGEST_NAME)
        said = self.tr("History and wish are kept with the dataset, and deleted with it.")
        form = QFormLayout()
        form.addRow(FormLabel(self.tr("Name"), self.line), self.line)
        self.problem = Text("", "small", "bad", wrap=True)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(Paragraph(said, "body", "secondary"))
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.line.textChanged.connect(self._check)
        self._check()

    def chosen(self) -> str:
        """The name."""
        return self.line.text().strip()

    def _check(self) -> None:
        name, history = self.chosen(), self._history
        taken = history.is_user(name)
        others = [person.name for person in history.people() if person.user < 0 and person.user != history.user]
        self.accept_button.setEnabled(bool(name) and not taken)
        if taken:
            self.problem.setText(translated(Message("people.name-of-user", name=name)))
        else:
            self.problem.setText(self.tr("Replaces the person of this name.") if name in others else "")
        self.problem.set_tone("bad" if taken else "warning")
