"""What is known of a person besides what they took, quietly, in a line or two."""

import textwrap
from collections.abc import Mapping

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from recdesk.gui.widgets.text import ElidedText, plain_tooltip

_IN_ONE_ROW = 2
"""Features for which one row has room."""
_SHOWN = 32
"""Characters of a value in the line, so that a long one leaves room for the others."""
_TOLD = 300
"""Characters of a value in the tooltip."""
_TIP_WIDTH = 72
_BETWEEN, _MORE = " · ", " · …"


class PersonLine(ElidedText):
    """Features as “age: 25 · occupation: writer”; where something is cut the tooltip has a line for each."""

    def __init__(self) -> None:
        self._features: dict[str, str] = {}
        self._rows = 1
        super().__init__("", "small", "secondary")

    def make_room(self, features: int) -> None:
        """Take as many rows for everybody as so many features need, so that nothing below moves."""
        self._rows = 1 if features <= _IN_ONE_ROW else 2
        self.updateGeometry()

    def show_features(self, features: Mapping[str, str]) -> None:
        """Show these texts by name; none at all is said too."""
        self._features = {" ".join(name.split()): " ".join(text.split()) for name, text in features.items()}
        self.setText(_BETWEEN.join(self._pairs(_SHOWN)) or self.tr("nothing else is known of this person"))

    def shown(self) -> list[str]:
        """What stands in the rows, as cut as it is drawn."""
        rows: list[str] = []
        rest = self._pairs(_SHOWN) or [self.text()]
        while rest and len(rows) < self._rows:
            end = "" if len(rows) + 1 < self._rows else _MORE
            count = self._fitting(rest, end)
            rows.append(_BETWEEN.join(rest[:count]) + (end if count < len(rest) else ""))
            rest = rest[count:]
        return [self.fontMetrics().elidedText(row, Qt.TextElideMode.ElideRight, self.width()) for row in rows]

    def sizeHint(self) -> QSize:
        """As high as the rows."""
        return QSize(super().sizeHint().width(), self._rows * self.fontMetrics().lineSpacing())

    def minimumSizeHint(self) -> QSize:
        """A few letters wide."""
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        height = self.fontMetrics().lineSpacing()
        for at, row in enumerate(self.shown()):
            painter.drawText(QRect(0, at * height, self.width(), height), Qt.AlignmentFlag.AlignVCenter, row)

    def _fitting(self, parts: list[str], end: str) -> int:
        """How many parts a row has room for, before its end if that is not all; one at least."""
        width = self.fontMetrics().horizontalAdvance
        rows = [_BETWEEN.join(parts[:n]) + (end if n < len(parts) else "") for n in range(1, len(parts) + 1)]
        return max((n for n, row in enumerate(rows, 1) if width(row) < self.width()), default=1)

    def _explain(self) -> None:
        told = self._pairs(_TOLD)
        cut = bool(told) and _BETWEEN.join(self.shown()) != _BETWEEN.join(told)
        lines = [line for pair in told for line in textwrap.wrap(pair, _TIP_WIDTH)]
        self.setToolTip(plain_tooltip("\n".join(lines)) if cut else "")

    def _pairs(self, most: int) -> list[str]:
        template = self.tr("{name}: {text}")
        return [template.format(name=name, text=_cut(text, most)) for name, text in self._features.items()]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
