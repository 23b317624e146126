"""In which form a run's model is to be exported, and under which licence."""

from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from recdesk.gui import words
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel
from recdesk.gui.widgets.text import Paragraph
from recdesk.workspace.runs import Run


@dataclass(frozen=True)
class ModelChoice:
    """How a model is exported.

    Attributes:
        onnx: as ONNX instead of weights that recdesk and transformers open.
        int8: with weights of 8 bits; for ONNX.
        license: for the card; "" for none stated.
    """

    onnx: bool = False
    int8: bool = False
    license: str = ""

    @property
    def options(self) -> list[str]:
        """Options of `recdesk export-model`."""
        form = ["--format", "onnx"] if self.onnx else []
        form += ["--int8"] if self.int8 else []
        return [*form, *(["--license", self.license] if self.license else [])]


class ModelDialog(QDialog):
    """Asks for the form and the licence.

    Attributes:
        form, license: the choices.
    """

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export a model"))
        self.setMinimumWidth(480)
        self.form = ChoiceBox()
        self.form.addItem(self.tr("Model of recdesk and transformers"), ModelChoice())
        self.form.addItem(self.tr("ONNX"), ModelChoice(onnx=True))
        self.form.addItem(self.tr("ONNX with 8-bit weights"), ModelChoice(onnx=True, int8=True))
        self.license = QLineEdit()
        self.license.setPlaceholderText(self.tr("none stated"))
        self.consequence = Paragraph("", "small", "secondary")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        what = self.tr("“{run}” is written into a folder with its items and a card; nobody's history is in it.")
        layout.addWidget(Paragraph(what.format(run=words.run_title(run)), "body"))
        form = QFormLayout()
        form.addRow(FormLabel(self.tr("Form"), self.form), self.form)
        form.addRow(FormLabel(self.tr("Licence"), self.license), self.license)
        layout.addLayout(form)
        layout.addWidget(self.consequence)
        layout.addWidget(self._buttons())
        self.form.currentIndexChanged.connect(self._update)
        self._update()

    @property
    def choice(self) -> ModelChoice:
        """What was chosen."""
        form: ModelChoice = self.form.currentData()
        return ModelChoice(form.onnx, form.int8, self.license.text().strip())

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        go_on = buttons.addButton(self.tr("Choose the place…"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        go_on.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        return buttons

    def _update(self) -> None:
        form = self.form.currentData()
        if not form.onnx:
            said = self.tr("For the Hugging Face hub, and to import it elsewhere as a run that recommends.")
        elif not form.int8:
            said = self.tr("Answers in other programs without torch. Its lists are compared with those of the run.")
        else:
            said = self.tr("Reads histories faster; some lists change, which is measured and said.")
        self.consequence.setText(said)
