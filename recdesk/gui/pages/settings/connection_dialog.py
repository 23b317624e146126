"""The answer of a cluster to a test of the connection: its machines, versions that differ, what is in the way."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QVBoxLayout, QWidget

from recdesk.cluster.connection import Connection
from recdesk.core.errors import RecdeskError
from recdesk.gui import words
from recdesk.gui.messages import translated
from recdesk.gui.widgets.text import Paragraph, Text


class ConnectionDialog(QDialog):
    """Shows what was found, or why nothing was.

    Args:
        found: the cluster; None if it could not be asked.
        error: why it could not.
    """

    def __init__(self, found: Connection | None, error: RecdeskError | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.setWindowTitle(self.tr("Connection to the cluster"))
        self.setMinimumWidth(560)
        self._layout = QVBoxLayout(self)
        self._layout.setSpacing(12)
        problems = found.problems() if found is not None else [error] if error is not None else []
        self.sentence = Paragraph(self._sentence(found, problems), "strong")
        self._layout.addWidget(self.sentence)
        if found is not None:
            self._layout.addLayout(self._machines(found))
        for problem in problems:
            self._layout.addWidget(Paragraph(translated(problem.sentence), "body", "bad"))
            if problem.suggestion:
                self._layout.addWidget(Paragraph(translated(problem.suggestion), "small", "secondary"))
        for note in found.differing() if found is not None else ():
            self._layout.addWidget(Paragraph(translated(note), "small", "warning"))
        buttons = QDialogButtonBox()
        buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole).setDefault(True)
        buttons.rejected.connect(self.reject)
        self._layout.addWidget(buttons)

    def _sentence(self, found: Connection | None, problems: list[RecdeskError]) -> str:
        if found is None:
            return self.tr("There is no connection.")
        facts = self.tr("Ray {ray}, {cpus} CPUs, {gpus} GPUs.").format(ray=found.ray, cpus=found.cpus, gpus=found.gpus)
        said = (
            self.tr("The cluster answers, but runs cannot be trained there.")
            if problems
            else self.tr("The cluster is ready.")
        )
        return words.together(said, facts)

    def _machines(self, found: Connection) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(4)
        titles = ("Machine", "CPUs", "GPUs", "Memory", "recdesk", "Storage")
        names = (
            self.tr("Machine"), self.tr("CPUs"), self.tr("GPUs"), self.tr("Memory"), "recdesk", self.tr("Storage"),
        )  # fmt: skip
        for column in range(len(titles)):
            grid.addWidget(Text(names[column], "small", "secondary"), 0, column)
        for row, node in enumerate(found.nodes, 1):
            reaches = self.tr("written and read") if node.reaches else self.tr("not reached")
            memory = words.size(node.memory) if node.memory else "–"
            cells = (node.name, f"{node.cpus:g}", f"{node.gpus:g}", memory, node.versions.get("recdesk", "–"), reaches)
            for column, cell in enumerate(cells):
                tone = "bad" if column == len(cells) - 1 and not node.reaches else "text"
                grid.addWidget(Text(cell, "body", tone, tabular=True), row, column)
        grid.setColumnStretch(len(names) - 1, 1)
        return grid
