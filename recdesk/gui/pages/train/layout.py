"""Where the cards of the Train page stand."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.gui import theme
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import scrolling_column

_SIDE_WIDTH = 320


def work_area(cards: Sequence[QWidget], progress: QWidget, plots: QWidget, log: QWidget) -> QWidget:
    """Cards in a column at the left; progress, plots and the log, which is hidden at first, at the right."""
    work = QWidget()
    row = QHBoxLayout(work)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.GAP)
    row.addWidget(scrolling_column(cards, _SIDE_WIDTH))
    column = QVBoxLayout()
    column.setSpacing(theme.GAP)
    column.addWidget(progress)
    column.addWidget(plots, 9)
    column.addWidget(log, 2)
    log.hide()
    row.addLayout(column, 1)
    return work


def log_chip(log: QWidget) -> Chip:
    """A switch that shows the log."""
    chip = Chip(QCoreApplication.translate("TrainPage", "messages"), checkable=True)
    chip.setToolTip(QCoreApplication.translate("TrainPage", "What the run says, line by line"))
    chip.toggled.connect(log.setVisible)
    return chip
