"""The shape of a dataset in three small plots, and whether order matters in it."""

from typing import TYPE_CHECKING
from weakref import ref

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.text import ElidedText, Text

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.data.health import Health
    from recdesk.evaluation.signals import OrderSignal
    from recdesk.gui.widgets.plots import Figures, SmallPlot

_HEIGHT = 104


class HealthCard(Card):
    """History lengths, long tail, interactions over time; each can be saved.

    Signals:
        changed: `filled` may have changed.

    Attributes:
        filled: whether there is something to show.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Shape"))
        self._session = session
        self.filled = False
        self.plots: dict[str, SmallPlot] = {}
        self._cells: dict[str, QWidget] = {}
        self._titles: dict[str, ElidedText] = {}
        self._row = QHBoxLayout()
        self._row.setSpacing(24)
        self.body.addLayout(self._row)
        self.order = Text("", "small", "secondary", wrap=True)
        self.order.hide()
        self.body.addWidget(self.order)
        self._ordered: ref[Dataset] | None = None

    def show_health(self, health: "Health | None") -> None:
        """Draw the shape of a dataset; None empties the card."""
        self.filled = health is not None
        if health is not None:
            self._draw(health)
        self.changed.emit()
        self._look_at_order()

    def showEvent(self, event: QShowEvent) -> None:
        """Find out whether order matters, once it is asked for by looking."""
        super().showEvent(event)
        self._look_at_order()

    def _look_at_order(self) -> None:
        """Compare true with shuffled histories in a job, unless that is known, or something is trained."""
        dataset, session = self._session.dataset, self._session
        if dataset is None or not self.filled or not self.isVisible() or session.training.state != "idle":
            return
        if self._ordered is not None and self._ordered() is dataset:
            return
        self._ordered = ref(dataset)
        self.order.hide()

        def work(context: JobContext) -> "OrderSignal | None":
            preload_torch()
            from recdesk.experiment.data_signals import order_of

            return order_of(session.workspace, dataset, context)

        def done(found: "OrderSignal | None") -> None:
            self.order.setText("" if found is None else translated(found.sentence))
            self.order.setVisible(found is not None)
            self.changed.emit()

        title = self.tr("Looking at the order of histories")
        session.jobs.run(title, work, done, lambda _error: None, visible=False, replaces="data.order", reads=True)

    def _draw(self, health: "Health") -> None:
        from recdesk.gui.pages.data.health_figures import lengths_figures, tail_figures, times_figures, unit_words

        self._show("lengths", self.tr("History lengths"), lengths_figures(health))
        self._show("tail", self.tr("Long tail (%)"), tail_figures(health))
        unit = str(health.over_time["unit"]) if health.over_time else ""
        self._show("times", unit_words(unit), times_figures(health))

    def _show(self, name: str, title: str, figures: "Figures | None") -> None:
        if name not in self.plots:
            self._add(name, title)
        self._cells[name].setVisible(figures is not None)
        self._titles[name].setText(title)
        if figures is not None:
            self.plots[name].show_figures(figures)

    def _add(self, name: str, title: str) -> None:
        from recdesk.gui.widgets.files import SaveChip
        from recdesk.gui.widgets.plots import SmallPlot  # imports pyqtgraph, which takes long

        plot = self.plots[name] = SmallPlot(title)
        plot.setFixedHeight(_HEIGHT)
        cell = self._cells[name] = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        head = QHBoxLayout()
        words = self._titles[name] = ElidedText(title, "small", "secondary")
        head.addWidget(words, 1)
        plot.setToolTip(self._tips()[name])
        head.addWidget(SaveChip(self._session, plot, name))
        column.addLayout(head)
        column.addWidget(plot)
        self._row.addWidget(cell, 1)

    def _tips(self) -> dict[str, str]:
        return {
            "lengths": self.tr("How many users have so many interactions."),
            "tail": self.tr("Which share of all interactions the most popular items have; a straight line: all alike."),
            "times": self.tr("How many interactions there are in each stretch of time."),
        }
