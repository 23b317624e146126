"""How a run is to be served: at which port, under which rules, and for whom."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from recdesk.gui import theme, words
from recdesk.gui.serving_controller import ServeChoice, new_token
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel, WholeBox
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.runs import Run


class ServeDialog(QDialog):
    """Asks for port, rules, and whether other machines may ask.

    Attributes:
        port, rules, others: the choices.
        token: what other machines must send.
    """

    def __init__(self, run: Run, rules: Sequence[str], port: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Serve a run"))
        self.setMinimumWidth(480)
        self.port = WholeBox()
        self.port.setRange(0, 65535)
        self.port.setGroupSeparatorShown(False)
        self.port.setSpecialValueText(self.tr("any that is free"))
        self.port.setValue(port)
        self.rules = ChoiceBox()
        self.rules.addItem(self.tr("none"), "")
        for name in rules:
            self.rules.addItem(name, name)
        self.others = QCheckBox(self.tr("Other machines may ask too"))
        self.token = QLineEdit(new_token())
        self.token.setReadOnly(True)
        self.token.setFont(theme.font("small", tabular=True))
        self.consequence = Paragraph("", "small", "secondary")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        what = self.tr("Programs ask “{run}” over HTTP and get lists of items, until the window closes.")
        layout.addWidget(Paragraph(what.format(run=words.run_title(run)), "body"))
        layout.addLayout(self._form())
        layout.addWidget(self.consequence)
        layout.addWidget(self._buttons())
        self.others.toggled.connect(self._update)
        self._update()

    @property
    def choice(self) -> ServeChoice:
        """What was chosen."""
        token = self.token.text() if self.others.isChecked() else ""
        return ServeChoice(self.port.value(), str(self.rules.currentData()), token)

    def _form(self) -> QFormLayout:
        self._copy = Chip(self.tr("copy"))
        self._copy.clicked.connect(lambda: QApplication.clipboard().setText(self.token.text()))
        row = QHBoxLayout()
        row.addWidget(self.token, 1)
        row.addWidget(self._copy)
        self._token_label = FormLabel(self.tr("Token"), self.token)
        form = QFormLayout()
        form.addRow(FormLabel(self.tr("Port"), self.port), self.port)
        form.addRow(FormLabel(self.tr("Rules for every list"), self.rules), self.rules)
        form.addRow("", self.others)
        form.addRow(self._token_label, row)
        return form

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        serve = buttons.addButton(self.tr("Serve"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        serve.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _update(self) -> None:
        others = self.others.isChecked()
        for widget in (self._token_label, self.token, self._copy):
            widget.setEnabled(others)
        self.consequence.setText(
            self.tr("Whoever has the token can ask for the list of every person. The connection is not encrypted.")
            if others
            else self.tr("Only programs on this machine can ask.")
        )
