"""How much a curve is smoothed."""

from collections.abc import Callable

from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.monitor.series import Series, Smoothed

_WEIGHTS = (0.0, 0.6, 0.9, 0.97)


class SmoothChip(Chip):
    """Smooths a curve; a click takes the next weight and calls `redraw`."""

    def __init__(self, curve: Curve, redraw: Callable[[], None]) -> None:
        super().__init__("")
        self._curve, self._redraw, self.weight = curve, redraw, _WEIGHTS[2]
        self.setToolTip(self.tr("How much the past counts in the smoothed line; click for the next"))
        self.clicked.connect(self._next)
        self.draw(curve.series)
        self._say()

    def draw(self, series: Series) -> None:
        """Let the curve draw another series, smoothed as before."""
        self._curve.series, self._curve.smoothed = series, Smoothed(series, self.weight)

    def _next(self) -> None:
        self.weight = _WEIGHTS[(_WEIGHTS.index(self.weight) + 1) % len(_WEIGHTS)]
        if self._curve.smoothed is not None:
            self._curve.smoothed.set_weight(self.weight)
        self._say()
        self._redraw()

    def _say(self) -> None:
        self.setText(self.tr("smooth {weight}").format(weight=f"{self.weight:g}"))
