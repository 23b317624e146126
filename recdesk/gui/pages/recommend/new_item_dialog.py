"""Describe an item that nobody has taken yet."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from recdesk.data.dataset import Dataset
from recdesk.gui.widgets.text import Text


class NewItemDialog(QDialog):
    """Id and texts of the new item, a line for each column that items have."""

    def __init__(self, dataset: Dataset, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New item"))
        self.setMinimumWidth(460)
        self._taken = dataset.item_ids
        layout = QVBoxLayout(self)
        layout.addWidget(
            Text(self.tr("It is ranked by its text, at once and for everybody."), "body", "secondary", wrap=True)
        )
        form = QFormLayout()
        self.item_id = self._line(self.tr("Id"))
        form.addRow(Text(self.tr("Id")), self.item_id)
        self.lines: dict[str, QLineEdit] = {}
        for name in map(str, dataset.item_features.columns):
            self.lines[name] = self._line(name)
            form.addRow(Text(name), self.lines[name])
        layout.addLayout(form)
        self.problem = Text("", "small", "bad", wrap=True)
        layout.addWidget(self.problem)
        buttons = QDialogButtonBox()
        self.accept_button = buttons.addButton(self.tr("Add"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._check()

    def features(self) -> dict[str, str]:
        """Texts by column; empty ones are left out."""
        return {name: line.text().strip() for name, line in self.lines.items() if line.text().strip()}

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.textChanged.connect(self._check)
        return line

    def _check(self) -> None:
        wanted = self.item_id.text().strip()
        taken = wanted in self._taken
        self.problem.setText(self.tr("There is an item with this id already.") if taken else "")
        self.accept_button.setEnabled(bool(wanted) and not taken and bool(self.features()))
