"""A dialog that notes a published figure with its protocol."""

from collections.abc import Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.inputs import ChoiceBox, FloatBox, FormLabel, WholeBox
from recdesk.gui.widgets.tables import ArrayTable, Column
from recdesk.gui.widgets.text import Paragraph, Text
from recdesk.workspace.published import SPLITS, PublishedFigure, check_published

_METRICS = ("ndcg@10", "recall@10", "mrr@10", "accuracy@1", "ndcg@5", "recall@5", "ndcg@20", "recall@20")
_MOST = 2_000_000_000


class PublishedDialog(QDialog):
    """What is noted for a dataset, and a form for one more.

    Args:
        dataset: its folder name.
        title: its name.
        known: what is noted.

    Attributes:
        figure: the one to note, once it is accepted.
        removed: those that are to be removed.
    """

    def __init__(
        self, dataset: str, title: str, known: Sequence[PublishedFigure], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Published figures"))
        self.setMinimumWidth(640)
        self._dataset, self._known = dataset, list(known)
        self.figure: PublishedFigure | None = None
        self.removed: list[PublishedFigure] = []
        said = self.tr(
            "Runs on “{title}” are compared with these only where the protocol is the same; else they say why."
        )
        self.table = ArrayTable(self.tr("Published figures that are noted"), sortable=False)
        self.table.make_dense()
        self.remove = Chip(self.tr("Remove"))
        self.remove.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.remove)
        self.problem = Text("", "small", "bad", wrap=True)
        self.problem.hide()
        buttons = QDialogButtonBox()
        note = buttons.addButton(self.tr("Note it"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        note.setDefault(True)
        buttons.accepted.connect(self._accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(Paragraph(said.format(title=title), "body"))
        layout.addWidget(self.table, 1)
        layout.addLayout(row)
        layout.addLayout(self._form())
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self._show()

    def _form(self) -> QFormLayout:
        self.model, self.source = QLineEdit(), QLineEdit()
        self.source.setPlaceholderText(self.tr("paper and table, or an address"))
        self.measure, self.split = ChoiceBox(), ChoiceBox()
        for metric in _METRICS:
            self.measure.addItem(_metric_title(metric), metric)
        for split in SPLITS:
            self.split.addItem(self.tr("another split") if split == "other" else words.split(split), split)
        self.value = FloatBox(0.0, 1.0)
        self.negatives = _counts(self.tr("the whole catalogue"), 0)
        self.users, self.items = _counts(self.tr("not noted"), 0), _counts(self.tr("not noted"), 0)
        self.seen = QCheckBox(self.tr("Items of the history are ranked too"))
        self.moment = QCheckBox(self.tr("The model knows when the held-out item was taken"))
        form = QFormLayout()
        for title, control in (
            (self.tr("Model"), self.model),
            (self.tr("Source"), self.source),
            (self.tr("Figure"), self.measure),
            (self.tr("Value"), self.value),
            (self.tr("Held out"), self.split),
            (self.tr("Ranked among random items"), self.negatives),
            (self.tr("People after filtering"), self.users),
            (self.tr("Items after filtering"), self.items),
        ):
            form.addRow(FormLabel(title, control), control)
        form.addRow(self.seen)
        form.addRow(self.moment)
        return form

    def _show(self) -> None:
        known = self._known
        self.table.set_columns(
            [
                Column(self.tr("Model"), [figure.model for figure in known]),
                Column(self.tr("Figure"), [_metric_title(figure.metric) for figure in known]),
                Column(self.tr("Value"), [f"{figure.value:.4f}" for figure in known], numeric=True),
                Column(self.tr("Source"), [figure.source for figure in known]),
            ],
            (140, 90, 70, 0),
        )
        self.table.setVisible(bool(known))
        self.remove.setVisible(bool(known))

    def _remove(self) -> None:
        index = self.table.chosen()
        if 0 <= index < len(self._known):
            self.removed.append(self._known.pop(index))
            self._show()

    def _accept(self) -> None:
        negatives = self.negatives.number() or 0
        figure = PublishedFigure(
            self._dataset, self.model.text().strip(), self.measure.currentData(), self.value.value(),
            self.source.text().strip(), self.split.currentData(), "sampled" if negatives else "all", negatives,
            not self.seen.isChecked(), self.moment.isChecked(), self.users.number(), self.items.number(),
        )  # fmt: skip
        try:
            check_published(figure)
        except RecdeskError as error:
            self.problem.setText(words.together(translated(error.sentence), translated(error.suggestion)))
            self.problem.show()
            return
        self.figure = figure
        self.accept()


def _counts(none_text: str, lowest: int) -> WholeBox:
    box = WholeBox()
    box.setRange(lowest + 1, _MOST)
    box.let_empty(none_text)
    box.set_number(None)
    return box


def _metric_title(metric: str) -> str:
    gain, _, cutoff = metric.partition("@")
    return f"{gain.upper() if gain in ('ndcg', 'mrr') else gain.capitalize()}@{cutoff}"
