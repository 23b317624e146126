"""How far a run's explanations can be trusted: measured on demand, kept with the run, drawn as two curves."""

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.experiment.run_fidelity import measure_fidelity
from recdesk.gui import theme, words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.curve_plot import SeriesKey
from recdesk.gui.widgets.plots import BarePlot
from recdesk.gui.widgets.text import Paragraph, Text
from recdesk.recommend.fidelity import Fidelity
from recdesk.workspace.run_fidelity import load_fidelity
from recdesk.workspace.runs import ACTIVE, Run

_READ, _MEASURE = "runs.fidelity", "runs.fidelity.measure"
_EXPLAINED, _RANDOM = theme.SERIES[0], theme.SERIES[1]


class FidelityPlot(BarePlot):
    """Score by share of the history, in the order of the explanations and in random order."""

    def __init__(self, name: str, axis: str) -> None:
        super().__init__(name)
        self._axis = axis
        self._shares: NDArray[np.float64] = np.empty(0)
        self._values: list[NDArray[np.float64]] = [np.empty(0), np.empty(0)]
        self.plot.setMouseEnabled(False, False)
        self.lines = [pg.PlotDataItem(), pg.PlotDataItem()]
        for line in self.lines:
            self.plot.addItem(line)
        self.colour()

    def show_curves(
        self, shares: NDArray[np.float64], explained: NDArray[np.float64], random: NDArray[np.float64]
    ) -> None:
        """Draw both; all float64 [n], shares from 0 to 1."""
        self._shares, self._values = 100 * shares, [explained, random]
        for line, values in zip(self.lines, self._values, strict=True):
            line.setData(self._shares, values)
        names = (translated(Message("fidelity.explained")), translated(Message("fidelity.random")))
        pairs = zip(names, self._values, strict=True) if len(shares) else ()
        self.setAccessibleDescription("; ".join(f"{name}: {v[0]:.2f} → {v[-1]:.2f}" for name, v in pairs))
        every = np.concatenate(self._values)
        if len(every):
            low, high = float(every.min()), float(every.max())
            self.view.setRange(xRange=(0, 100), yRange=(min(low, 0.0), max(high, low + 1e-6)), padding=0.04)

    def readout_at(self, position: float) -> str:
        """Share and both values nearest to a position of the axis; "" where there is nothing."""
        if not len(self._shares):
            return ""
        at = int(np.abs(self._shares - position).argmin())
        names = (translated(Message("fidelity.explained")), translated(Message("fidelity.random")))
        values = [f"{name} {value[at]:.3f}" for name, value in zip(names, self._values, strict=True)]
        return "   ".join([f"{self._shares[at]:.0f} %", *values])

    def hover(self, position: float | None) -> None:
        """See `BarePlot.hover`."""
        said = "" if position is None else self.readout_at(position)
        self.readout.setVisible(bool(said))
        if said and position is not None:
            self.readout.setText(said)
            self.readout.setAnchor((min(max(position / 100, 0.0), 1.0), 0))
            self.readout.setPos(position, self.view.viewRange()[1][1])

    def legend(self) -> list[tuple[str, QPen]]:
        """See `BarePlot.legend`."""
        return [
            (translated(Message("fidelity.explained")), _EXPLAINED.pen()),
            (translated(Message("fidelity.random")), _RANDOM.pen()),
        ]

    def axis_names(self) -> tuple[str, str]:
        """See `BarePlot.axis_names`."""
        return self._axis, translated(Message("fidelity.score"))

    def colour(self) -> None:
        """See `BarePlot.colour`."""
        super().colour()
        for line, style in zip(self.lines, (_EXPLAINED, _RANDOM), strict=True):
            line.setPen(style.pen())


class FidelityCard(Card):
    """The sentence, both curves, and a button that measures them."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._run: Run | None = None
        self.set_title(translated(Message("fidelity.title")))
        self.measure = self._button()
        self.sentence = Paragraph("", "strong")
        self.method = Paragraph("", "small", "secondary")
        for text in (self.sentence, self.method):
            self.body.addWidget(text)
        self.deletion = FidelityPlot(
            translated(Message("fidelity.deletion")), translated(Message("fidelity.share-gone"))
        )
        self.insertion = FidelityPlot(
            translated(Message("fidelity.insertion")), translated(Message("fidelity.share-there"))
        )
        self.plots = QWidget()
        row = QHBoxLayout(self.plots)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.GAP)
        for plot in (self.deletion, self.insertion):
            plot.setMinimumHeight(96)
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(Text(plot.accessibleName(), "strong"))
            column.addWidget(Text(plot.axis_names()[1], "small", "secondary"))
            column.addWidget(plot, 1)
            axis = Text(plot.axis_names()[0], "small", "secondary")
            axis.setAlignment(axis.alignment().AlignHCenter)
            column.addWidget(axis)
            row.addLayout(column, 1)
        self.body.addWidget(self.plots, 1)
        self.body.addStretch(0)
        styles = zip(self.deletion.legend(), (_EXPLAINED, _RANDOM), strict=True)
        self._keys = [SeriesKey(name, style) for (name, _), style in styles]
        for key in self._keys:
            self.head.addWidget(key)
        self.head.addWidget(self.measure)
        self._show(None)

    def show_run(self, run: Run) -> None:
        """Show what was measured of a run, read in a job."""
        if self._run is None or self._run.id != run.id:
            self._show(None)
        self._run = run
        self._session.jobs.run(
            self.tr("Reading figures"),
            lambda _context: load_fidelity(run),
            lambda found: self._found(run, found),
            visible=False,
            replaces=_READ,
            reads=True,
        )

    def ask(self) -> None:
        """Measure the run in a job."""
        run = self._run
        if run is None or not run.has_model:
            return
        keep = not self._session.read_only

        def work(context: JobContext) -> Fidelity:
            return measure_fidelity(Run.read(run.folder), keep=keep, task=context)

        def failed(error: RecdeskError) -> None:
            self._update(True)
            self._session.fail(error)

        self._session.script.add(["fidelity", run.id])
        title = self.tr("Measuring the explanations of {run}").format(run=words.run_title(run))
        job = self._session.jobs.run(title, work, lambda found: self._found(run, found), failed, replaces=_MEASURE)
        job.ended.connect(lambda _state: self._update(True))
        self._update(False)

    def _button(self) -> QPushButton:
        button = QPushButton(self.tr("Measure"))
        button.setAccessibleName(self.tr("Measure how far the explanations can be trusted"))
        button.setMinimumHeight(theme.DENSE_CONTROL_HEIGHT)
        button.clicked.connect(self.ask)
        return button

    def _found(self, run: Run, found: Fidelity | None) -> None:
        if self._run is not None and self._run.id == run.id:
            self._show(found)

    def _show(self, found: Fidelity | None) -> None:
        """Show curves; None for none yet."""
        if found is None:
            self.sentence.setText(self.tr("Not measured yet. It takes some seconds to a few minutes."))
            self.method.setText(translated(Message("fidelity.method", count=200)))
            nothing = np.empty(0)
            self.deletion.show_curves(nothing, nothing, nothing)
            self.insertion.show_curves(nothing, nothing, nothing)
        else:
            self.sentence.setText(translated(found.sentence))
            self.method.setText(translated(Message("fidelity.method", count=found.people)))
            self.deletion.show_curves(found.shares, found.deletion, found.deletion_random)
            self.insertion.show_curves(found.shares, found.insertion, found.insertion_random)
        for widget in (self.plots, *self._keys):
            widget.setVisible(found is not None)
        self.measure.setText(self.tr("Measure") if found is None else self.tr("Measure again"))
        self._update(not self._session.jobs.at_work(_MEASURE))

    def _update(self, idle: bool) -> None:
        run = self._run
        self.measure.setEnabled(idle and run is not None and run.has_model and run.state not in ACTIVE)
