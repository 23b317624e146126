"""How long to look for good settings."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QVBoxLayout, QWidget

from recdesk.experiment.study import SHARE
from recdesk.gui import theme, words
from recdesk.gui.widgets.number_box import WholeBox
from recdesk.gui.widgets.text import Text


class TuningDialog(QDialog):
    """A time budget, and what will be done with it."""

    def __init__(self, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find good settings"))
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        self.minutes = WholeBox()
        self.minutes.setRange(1, 10_000)
        self.minutes.setValue(30)
        self.minutes.setMinimumHeight(theme.CONTROL_HEIGHT)
        self.minutes.setAccessibleName(self.tr("Minutes of training"))
        form = QFormLayout()
        form.setSpacing(10)
        form.addRow(self.tr("Model"), Text(kind, "strong"))
        form.addRow(self.tr("Minutes of training"), self.minutes)
        layout.addLayout(form)
        self.note = Text("", "small", "secondary", wrap=True)
        layout.addWidget(self.note)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Start looking"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self.minutes.valueChanged.connect(self._explain)
        self._explain()
        self.setMinimumWidth(420)

    def _explain(self) -> None:
        trial = words.duration(60 * SHARE * self.minutes.value())
        self.note.setText(
            self.tr(
                "The first trial takes the settings on the page, the others vary them by what was learned so far. Each "
                "trains for at most {time} and is given up early when it falls behind. They are compared on the "
                "validation part; every trial is a run that you find under Runs. The best settings end up on the page."
            ).format(time=trial)
        )
