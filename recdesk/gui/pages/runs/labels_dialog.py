"""Dialogs of the table of runs: name, tags and note of a run; runs in the trash."""

from collections.abc import Sequence

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.inputs import FormLabel
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Text
from recdesk.workspace.run_labels import Labels
from recdesk.workspace.run_trash import RemovedRun
from recdesk.workspace.runs import Run


class LabelsDialog(QDialog):
    """Name, tags and note of a run.

    Attributes:
        labels: what was entered, once it is accepted.
    """

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Name, tags and note"))
        self.resize(460, 280)
        self.labels = run.labels
        self.name, self.tags, self.note = QLineEdit(run.labels.name), QLineEdit(), QPlainTextEdit(run.labels.note)
        self.name.setPlaceholderText(f"{run.kind} · {words.moment(run.created)}")
        self.tags.setText(", ".join(run.labels.tags))
        self.tags.setPlaceholderText(self.tr("words, separated by commas"))
        self.note.setTabChangesFocus(True)
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        form = QFormLayout()
        for title, control in (
            (self.tr("Name"), self.name),
            (self.tr("Tags"), self.tags),
            (self.tr("Note"), self.note),
        ):
            form.addRow(FormLabel(title, control), control)
        buttons = QDialogButtonBox()
        save = buttons.addButton(self.tr("Save"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        save.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)

    def _accept(self) -> None:
        try:
            tags = self.tags.text().replace("，", ",").split(",")
            self.labels = Labels.of(self.name.text(), self.labels.star, tags, self.note.toPlainText())
        except RecdeskError as error:
            self.problem.setText(words.together(translated(error.sentence), translated(error.suggestion)))
            self.problem.show()
            return
        self.accept()


class TrashDialog(QDialog):
    """Runs in the trash, to choose those that come back."""

    def __init__(self, removed: Sequence[RemovedRun], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Runs in the trash"))
        self.resize(640, 360)
        self._removed = list(removed)
        self.table = ArrayTable(self.tr("Runs in the trash"), several=True)
        self.table.make_dense()
        self.table.set_columns(
            [
                Column(self.tr("Run"), [words.run_title(each.run) for each in removed]),
                Column(self.tr("Dataset"), [each.run.dataset_title for each in removed]),
                Column(
                    self.tr("Removed"),
                    [words.moment(each.removed) for each in removed],
                    key=[each.removed.timestamp() for each in removed],
                ),
            ],
            (240, 0, 120),
        )
        buttons = QDialogButtonBox()
        self.back_button = buttons.addButton(self.tr("Put back"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._update())
        layout = QVBoxLayout(self)
        empty = Text(self.tr("There is no run in the trash."), "body", "secondary")
        empty.setVisible(not removed)
        layout.addWidget(empty)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        if removed:
            self.table.choose(0)
        self._update()

    def chosen(self) -> list[RemovedRun]:
        """The runs that are chosen."""
        return [self._removed[row] for row in self.table.selected()]

    def _update(self) -> None:
        self.back_button.setEnabled(bool(self.table.selected()))
