"""Diagnostics: what the model attends to in the history on the page, beside what its items do for a list."""

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.live import ItemRequest, attention_to
from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel
from recdesk.gui.widgets.tables import ArrayTable, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import Paragraph

if TYPE_CHECKING:
    from recdesk.recommend.attention import Attention
    from recdesk.recommend.recommender import LiveModel

_LOOK = "recommend.attention"


class AttentionDialog(QDialog):
    """Shows the weights of all heads together, or of one.

    Attributes:
        caveat: why this is no explanation, and how far it agrees with one.
        head: which head; all at first.
        table: a row for each item that the model reads, the latest first.
    """

    def __init__(
        self, session: Session, model: "LiveModel", request: ItemRequest, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._found: Attention | None = None
        title = str(model.dataset.titles[request.code - 1])
        self.setWindowTitle(self.tr("Attention for {title}").format(title=title))
        self.resize(720, 560)
        self.caveat = Paragraph(self.tr("Looking…"), "body", "secondary")
        self.head = ChoiceBox()
        self.head.setAccessibleName(self.tr("Head"))
        self.head.addItem(self.tr("all layers and heads"), None)
        self.head.currentIndexChanged.connect(self._list)
        self.table = ArrayTable(self.tr("Items of the history"))
        self.table.make_dense()
        self._bars = ScoreBarDelegate(self.table)
        row = QHBoxLayout()
        row.addWidget(FormLabel(self.tr("Head"), self.head))
        row.addWidget(self.head)
        row.addStretch(1)
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self.caveat)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)
        layout.addWidget(buttons)
        self.finished.connect(lambda _result: session.jobs.drop(_LOOK))
        session.jobs.run(
            self.tr("Looking at attention"),
            lambda _context: attention_to(model, request),
            self._show,
            visible=False,
            replaces=_LOOK,
        )

    def _show(self, found: "Attention") -> None:
        self._found = found
        self.caveat.setText(translated(found.sentence))
        layers, heads, _ = found.weights.shape
        for layer in range(layers):
            for head in range(heads):
                name = self.tr("layer {layer}, head {head}").format(layer=layer + 1, head=head + 1)
                self.head.addItem(name, (layer, head))
        self._list()

    def _list(self) -> None:
        found = self._found
        if found is None:
            return
        chosen = self.head.currentData()
        weights = found.shares if chosen is None else found.weights[chosen]
        order = np.arange(len(weights))[::-1]
        shares, effects = weights[order], found.effects[order]
        self._bars.make_room(["100.0 %"], theme.font("body", tabular=True))
        columns = [
            Column(self.tr("Item"), [found.titles[at] for at in order]),
            Column(
                self.tr("Attention"), shares, lambda share: f"{100 * share:.1f} %",
                shares=shares / max(float(shares.max(initial=0.0)), 1e-12),
            ),
            Column(self.tr("Adds to the score"), effects, lambda effect: f"{effect:+.3f}", numeric=True),
        ]  # fmt: skip
        self.table.set_columns(columns, (0, self._bars.number_width + 150, 140))
        self.table.setItemDelegateForColumn(1, self._bars)
