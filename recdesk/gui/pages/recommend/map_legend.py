"""Colours of the map of the items, and its legend: categories that can be picked out, or the scale of an amount."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from recdesk.core.messages import Message
from recdesk.gui import theme
from recdesk.gui.messages import translated
from recdesk.gui.widgets.point_map import Points
from recdesk.gui.widgets.text import Paragraph, Text
from recdesk.recommend.item_map import ItemMap
from recdesk.recommend.map_colours import LEVELS, Colouring, scale_colour

FAINT, UNKNOWN, OTHER, FIRST = range(4)
"""Positions in the palette."""


def points_of(found: ItemMap, colours: Colouring) -> Points:
    """What the map draws, in the theme's colours."""
    slots = colours.slots[found.codes - 1].astype(np.int64)
    last = len(colours.groups) if colours.kind == "categories" else -2
    places = np.where(slots < 0, UNKNOWN, np.where(slots == last, OTHER, slots + FIRST)).astype(np.uint8)
    return Points(found.xy, places, palette(colours), (FAINT, UNKNOWN, OTHER))


def palette(colours: Colouring) -> NDArray[np.uint8]:
    """uint8 [n_colours, 3] by the positions above; then the categories, or the levels of the scale."""
    roles, dark = theme.roles(), theme.theme().scheme == "dark"
    if colours.kind == "categories":
        own = [theme.SERIES[place].colour for place in range(len(colours.groups))]
    else:
        own = [QColor(*scale_colour(level / (LEVELS - 1), dark)) for level in range(LEVELS)]
    every = [roles.line, roles.edge, QColor("#8c8c8c"), *own]
    return np.array([(colour.red(), colour.green(), colour.blue()) for colour in every], np.uint8)


class Legend(QWidget):
    """What the colours and marks mean.

    Signals:
        picked: position of the category to pick out (as of `Colouring.having`), or None for all items.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[LegendRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(2)

    def show_colours(self, colours: Colouring, marks: Sequence[tuple[str, str]]) -> None:
        """Show a colouring, and marks: ("square", "disc" or "", words)."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.rows = []
        if colours.kind == "categories":
            self._categories(colours)
        else:
            self._column.addWidget(Scale(colours))
            if colours.counts[1]:
                self._add(translated(Message("map.unknown-category")), int(colours.counts[1]), UNKNOWN, -1, colours)
        for sign, said in marks:
            self._column.addWidget(MarkRow(sign, said))

    def let_go(self) -> None:
        """Pick nothing out."""
        for row in self.rows:
            row.setChecked(False)

    def _categories(self, colours: Colouring) -> None:
        n = len(colours.groups)
        other, unknown = (translated(Message("map.other-categories")), translated(Message("map.unknown-category")))
        entries = [(name, FIRST + place, place) for place, name in enumerate(colours.groups)]
        entries += [(other, OTHER, n), (unknown, UNKNOWN, -1)]
        for (name, colour, slot), count in zip(entries, colours.counts.tolist(), strict=True):
            if count:
                self._add(name, count, colour, slot, colours)
        if colours.several:
            said = self.tr("An item of several has the colour of the rarest; a click picks all out.")
            self._column.addWidget(Paragraph(said, "small", "secondary"))

    def _add(self, name: str, count: int, colour: int, slot: int, colours: Colouring) -> None:
        row = LegendRow(name, count, colour, slot, colours)
        row.clicked.connect(lambda: self._pick(row))
        self.rows.append(row)
        self._column.addWidget(row)

    def _pick(self, row: "LegendRow") -> None:
        for other in self.rows:
            other.setChecked(other is row and row.isChecked())
        self.picked.emit(row.slot if row.isChecked() else None)


class LegendRow(QAbstractButton):
    """A category: its colour, name and number of items; checked while it is picked out.

    Attributes:
        slot: position of the category.
    """

    def __init__(self, name: str, count: int, colour: int, slot: int, colours: Colouring) -> None:
        super().__init__()
        self.slot = slot
        self._count, self._colour, self._colours = f"{count:,}", colour, colours
        self.setText(name)
        self.setCheckable(True)
        items = translated(Message("count.items", count=count))
        self.setAccessibleName(f"{name}, {items}")
        self.setToolTip(self.tr("Picks these items out"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(160, 24)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the colour, the name cut in its middle, and the number whole."""
        roles, painter = theme.roles(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse():
            painter.setPen(QPen(roles.accent, 1) if self.isChecked() else Qt.PenStyle.NoPen)
            painter.setBrush(roles.raised)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(*palette(self._colours)[self._colour].tolist()))
        painter.drawEllipse(QRectF(8, self.height() / 2 - 5, 10, 10))
        painter.setFont(theme.font("small", tabular=True))
        metrics = QFontMetrics(painter.font())
        room = metrics.horizontalAdvance(self._count) + 8
        name = metrics.elidedText(self.text(), Qt.TextElideMode.ElideMiddle, self.width() - 28 - room - 8)
        painter.setPen(roles.text)
        painter.drawText(self.rect().adjusted(26, 0, -room, 0), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(roles.secondary)
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(self.rect().adjusted(0, 0, -8, 0), right, self._count)


class Scale(QWidget):
    """The scale of an amount, with its ends and its middle."""

    def __init__(self, colours: Colouring) -> None:
        super().__init__()
        self._colours = colours
        self.setFixedHeight(38)
        low, high = (f"{value:,.4g}" for value in (colours.low, colours.high))
        self.setAccessibleName(self.tr("{low} to {high}").format(low=low, high=high))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the colours and the numbers below."""
        roles, painter, bar = theme.roles(), QPainter(self), QRectF(8, 4, self.width() - 16, 10)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ramp = QLinearGradient(bar.topLeft(), bar.topRight())
        for step, colour in enumerate(palette(self._colours)[FIRST:].tolist()):
            ramp.setColorAt(step / (LEVELS - 1), QColor(*colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ramp)
        painter.drawRoundedRect(bar, 3, 3)
        painter.setFont(theme.font("small", tabular=True))
        painter.setPen(roles.secondary)
        below = bar.adjusted(0, 14, 0, 16)
        ends = (self._colours.low, self._colours.high)
        for value, side in zip(ends, (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight), strict=True):
            painter.drawText(below, side | Qt.AlignmentFlag.AlignVCenter, f"{value:,.4g}")


class MarkRow(Text):
    """A mark of the map, "square", "disc" or none, and what it means."""

    def __init__(self, sign: str, said: str) -> None:
        super().__init__(said, "small", wrap=True)
        self._sign = sign
        self.setContentsMargins(26, 3, 0, 3)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the mark before the words."""
        super().paintEvent(event)
        roles, painter, y = theme.roles(), QPainter(self), 12.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._sign == "square":
            painter.setPen(QPen(roles.text, 1.8))
            painter.drawRect(QRectF(8, y - 5, 10, 10))
        if self._sign != "disc":
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(roles.accent)
        painter.drawEllipse(QRectF(5, y - 8, 16, 16))
        painter.setPen(roles.on_accent)
        painter.setFont(theme.font("small"))
        painter.drawText(QRectF(5, y - 8, 16, 16), Qt.AlignmentFlag.AlignCenter, "1")
