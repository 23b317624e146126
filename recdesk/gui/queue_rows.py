"""The queue in the list of what runs: its order, and what can be done with it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.queue_controller import QueueController
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.text import ElidedText, Text
from recdesk.workspace.runs import Run

SHOWN = 8
"""Runs that are listed; the others are counted."""


class QueueRows(QWidget):
    """A line that says how many runs wait, and a line for each of the first of them.

    Signals:
        resized: it has become higher or lower.

    Attributes:
        lines: of the runs that are listed.
    """

    resized = Signal()

    def __init__(self, queue: QueueController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self.lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        head = QHBoxLayout()
        self.count = Text("", "strong")
        head.addWidget(self.count, 1)
        self.start_chip, self.pause_chip = Chip(self.tr("Start")), Chip(self.tr("Pause"))
        self.start_chip.clicked.connect(queue.start)
        self.pause_chip.clicked.connect(queue.pause)
        head.addWidget(self.start_chip)
        head.addWidget(self.pause_chip)
        self._column.addLayout(head)
        self._more = Text("", "small", "secondary")
        queue.changed.connect(self.show_queue)
        self.show_queue()

    def show_queue(self) -> None:
        """Show the queue as it is."""
        waiting = self._queue.waiting
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = [self._line(number, run, len(waiting)) for number, run in enumerate(waiting[:SHOWN], 1)]
        self._column.removeWidget(self._more)
        for line in (*self.lines, self._more):
            self._column.addWidget(line)
            line.show()  # now, as the list is placed by its height
        self.count.setText(translated(Message("queue.waiting", count=len(waiting))))
        self._more.setText(self.tr("and {n} more").format(n=len(waiting) - SHOWN))
        self._more.setVisible(len(waiting) > SHOWN)
        self.start_chip.setVisible(not self._queue.active)
        self.pause_chip.setVisible(self._queue.active)
        self.setVisible(bool(waiting))
        self.resized.emit()

    def _line(self, number: int, run: Run, count: int) -> QWidget:
        line = QWidget()
        title = f"{number}. {words.run_title(run)} · {run.dataset_title}"
        line.setAccessibleName(title)
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(ElidedText(title, "body", in_middle=True), 1)
        for text, name, by in (("↑", self.tr("Earlier"), -1), ("↓", self.tr("Later"), 1)):
            chip = Chip(text)
            chip.setAccessibleName(f"{name}: {title}")
            chip.setToolTip(name)
            chip.setEnabled(1 <= number + by <= count)
            chip.clicked.connect(lambda _checked=False, by=by: self._queue.move(run.id, by))
            row.addWidget(chip)
        remove = Chip(self.tr("Take out"))
        remove.setAccessibleName(f"{self.tr('Take out')}: {title}")
        remove.clicked.connect(lambda: self._queue.remove(run.id))
        row.addWidget(remove)
        return line
