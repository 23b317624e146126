"""The page of an item: features, popularity over time, who took it, items like it, and its place for a person."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QHBoxLayout, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.data.cleaning.rules import instant
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog, MeaningSearch
from recdesk.gui.pages.recommend.live import ItemRequest, look_at_item
from recdesk.gui.session import Session
from recdesk.gui.widgets.plots import Figures, SmallPlot
from recdesk.gui.widgets.tables import ArrayTable, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import Paragraph, Text

if TYPE_CHECKING:
    from recdesk.gui.pages.recommend.live import ItemLook
    from recdesk.recommend.recommender import LiveModel

_LOOK = "recommend.item"


@dataclass(frozen=True)
class OnItemPage:
    """What an item's page is opened with.

    Attributes:
        model: that recommends.
        request: of which person, under which rules; its code is replaced.
        person: name of the person; "" for none.
    """

    model: "LiveModel"
    request: ItemRequest
    person: str


class ItemPage(QDialog):
    """Shows one item; a double click on a similar one goes on to that.

    Signals:
        block_requested: never recommend the item with this id.
        user_requested: show the user with this id.
    """

    block_requested = Signal(str)
    user_requested = Signal(str)

    def __init__(self, session: Session, opened: OnItemPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._opened = session, opened
        self._look: ItemLook | None = None
        self.resize(760, 600)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        self.title = Paragraph("", "title")
        self.standing = Paragraph("", "strong", "accent")
        self.features = Paragraph("", "body", "secondary")
        self.taken = Text("", "body", wrap=True)
        self.plot = SmallPlot(self.tr("Taken over time"))
        self.plot.setFixedHeight(120)
        for widget in (self.title, self.standing, self.features, self.taken, self.plot):
            layout.addWidget(widget)
        layout.addLayout(self._tables(), 1)
        layout.addWidget(self._ends())
        self.finished.connect(lambda _result: session.jobs.drop(_LOOK))

    def show_item(self, code: int) -> None:
        """Look at an item in a job, and show it."""
        model, request = self._opened.model, self._opened.request.of(code)
        self.setWindowTitle(str(model.dataset.titles[code - 1]))
        self._session.jobs.run(
            self.tr("Looking at an item"),
            lambda _context: look_at_item(model, request),
            self._show,
            visible=False,
            replaces=_LOOK,
        )

    def _tables(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        self.similar = ArrayTable(self.tr("Similar items"), sortable=False)
        self._bars = ScoreBarDelegate(self.similar)
        self.similar.activated.connect(lambda index: self._go_on(index.row()))
        self.newest = ArrayTable(self.tr("Taken last by"), sortable=False)
        self.newest.activated.connect(lambda index: self._to_user(index.row()))
        for table, stretch in ((self.similar, 3), (self.newest, 2)):
            table.make_dense()
            row.addWidget(table, stretch)
        return row

    def _ends(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox()
        self.block = buttons.addButton(self.tr("Never recommend"), QDialogButtonBox.ButtonRole.ActionRole)
        self.block.setToolTip(self.tr("Adds the item to the rules of the page"))
        self.block.clicked.connect(self._block)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setDefault(False)
        buttons.rejected.connect(self.reject)
        return buttons

    def _show(self, look: "ItemLook") -> None:
        self._look = look
        facts = look.facts
        self.title.setText(facts.title)
        self.standing.setText(self._standing(look))
        pairs = [f"{name}: {text}" for name, text in {self.tr("id"): facts.item_id, **facts.features}.items()]
        self.features.setText(" · ".join(pairs))
        times = translated(Message("item.taken", count=facts.taken))
        self.taken.setText(
            self.tr("{times}; number {place} by popularity").format(times=times, place=f"{facts.place:,}")
        )
        self.plot.setVisible(len(facts.periods) > 1)
        self.plot.show_figures(
            Figures(
                heights=[float(count) for count in facts.counts],
                readouts=[f"{period}: {count:,}" for period, count in zip(facts.periods, facts.counts, strict=True)],
                labels=facts.periods,
                header=[self.tr("Period"), self.tr("Taken")],
                rows=[list(pair) for pair in zip(facts.periods, facts.counts, strict=True)],
            )
        )
        cosines = np.array([item.score for item in look.similar], dtype=np.float64)
        self._bars.make_room([f"{cosine:.2f}" for cosine in cosines], self.font())
        columns = [
            Column(self.tr("Similar items"), [item.title for item in look.similar]),
            Column(self.tr("Cosine"), cosines, lambda value: f"{value:.2f}", shares=np.clip(cosines, 0, 1)),
        ]
        self.similar.set_columns(columns if look.similar else [], (0, 130) if look.similar else ())
        self.similar.setItemDelegateForColumn(1, self._bars)
        when = ["" if moment is None else f"{instant(moment):%Y-%m-%d}" for _, moment in facts.newest]
        columns = [
            Column(self.tr("Taken last by"), [user for user, _ in facts.newest]),
            Column(self.tr("When"), when),
        ]
        self.newest.set_columns(columns if facts.newest else [], (0, 100) if facts.newest else ())

    def _standing(self, look: "ItemLook") -> str:
        """Where the item stands for the person."""
        person = self._opened.person
        if look.seen:
            return self.tr("{person} has taken it").format(person=person)
        if not look.allowed:
            return self.tr("the rules keep it out")
        if look.rank is None or not person:
            return ""
        return self.tr("number {rank} in the ranking of {person}, score {score}").format(
            rank=f"{look.rank:,}", person=person, score=f"{look.score:.3f}"
        )

    def _go_on(self, row: int) -> None:
        if self._look is not None and 0 <= row < len(self._look.similar):
            self.show_item(self._look.similar[row].code)

    def _to_user(self, row: int) -> None:
        if self._look is not None and 0 <= row < len(self._look.facts.newest):
            self.user_requested.emit(self._look.facts.newest[row][0])
            self.accept()

    def _block(self) -> None:
        if self._look is not None:
            self.block_requested.emit(self._look.facts.item_id)
            self.accept()

    def keyPressEvent(self, event: "object") -> None:
        """Enter belongs to the tables."""
        if getattr(event, "key", lambda: None)() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)  # type: ignore[arg-type]


class ItemPages(QObject):
    """Opens items' pages from tables."""

    def __init__(
        self,
        session: Session,
        window: QWidget,
        opened: Callable[[], OnItemPage | None],
        block: Callable[[str], None],
        show_user: Callable[[str], None],
    ) -> None:
        super().__init__(window)
        self._session, self._window, self._opened = session, window, opened
        self._block, self._show_user = block, show_user

    def of_table(self, table: ArrayTable, code: Callable[[int], int]) -> None:
        """Open the page of an item on a double click or Enter; `code` gives the item's code by source row, 0 for
        none."""
        table.activated.connect(lambda index: self.open(code(table.table_model.source_row(index.row()))))

    def find(self) -> None:
        """Ask for an item by its title, id, features or, with a model that reads, meaning; open its page."""
        opened = self._opened()
        if opened is None:
            return
        model = opened.model
        meaning = MeaningSearch(self._session, model) if model.reader is not None else None
        dialog = ItemDialog(model.dataset, self._session.jobs, self._window, meaning, to_look=True)
        accepted, code = dialog.exec(), dialog.code()
        dialog.deleteLater()
        self.open(code if accepted else 0)

    def open(self, code: int) -> None:
        """Open the page of an item; 0 for none."""
        opened = self._opened()
        if opened is None or not code:
            return
        page = ItemPage(self._session, opened, self._window)
        page.block_requested.connect(self._block)
        page.user_requested.connect(self._show_user)
        page.show_item(code)
        page.exec()
        page.deleteLater()
