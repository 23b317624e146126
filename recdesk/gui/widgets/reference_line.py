"""A horizontal line with its name on it."""

import pyqtgraph as pg
from PySide6.QtCore import Qt

from recdesk.gui import theme


class ReferenceLine:
    """A value to compare with, such as a baseline; kept and reused, never removed from its plot.

    Attributes:
        value: where it is, or None while it is not shown.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self.value: float | None = None
        self._line = pg.InfiniteLine(angle=0, movable=False)
        self._label = pg.InfLineLabel(self._line, "", position=0.99, anchors=[(1, 1), (1, 1)])
        plot.addItem(self._line, ignoreBounds=True)
        self._line.setVisible(False)
        self.colour()

    def show_value(self, entry: tuple[str, float] | None) -> None:
        """Stand at a value under a name, or go."""
        self.value = None if entry is None else entry[1]
        self._line.setVisible(entry is not None)
        if entry is not None:
            self._line.setValue(entry[1])
            self._label.setText(f"{entry[0]} {entry[1]:.3f}")

    def colour(self) -> None:
        """Take the colours in force."""
        self._line.setPen(pg.mkPen(theme.roles().secondary, width=1, style=Qt.PenStyle.DashLine))
        self._label.setColor(theme.roles().secondary)
        self._label.fill = pg.mkBrush(theme.roles().card)
        self._label.setFont(theme.font("small"))
