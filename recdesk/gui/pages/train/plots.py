"""The plots of the Train page: loss and quality of the recommender, or of its text encoder."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.messages import word
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.train.progress_card import View
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot, SeriesKey
from recdesk.gui.widgets.files import SaveChip
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import Mark, RunCurves
from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.series import Axis, Series, Smoothed
from recdesk.training.config import RunConfig, TextConfig

if TYPE_CHECKING:
    from recdesk.workspace.runs import Run

_WEIGHTS = (0.0, 0.6, 0.9, 0.97)
_METRICS = (("ndcg@10", "NDCG@10"), ("recall@10", "Recall@10"), ("mrr", "MRR"))


@dataclass(frozen=True)
class RunView:
    """The run whose curves the page shows.

    Attributes:
        run: the run; None for none.
        curves: of the run; they grow during training.
        skips: steps of the text method that the run skips; None for a model over ids.
        title: of the run.
    """

    run: "Run | None" = None
    curves: RunCurves = field(default_factory=RunCurves)
    skips: frozenset[str] | None = None
    title: str = ""

    @classmethod
    def of(cls, run: "Run", curves: RunCurves) -> "RunView":
        """A view of a run; `skips` is None if its settings cannot be read."""
        return cls(run, curves, None if run.config is None else skips(run.config), words.run_title(run))

    @property
    def id(self) -> str | None:
        """Id of the run; None for none."""
        return None if self.run is None else self.run.id


def skips(config: RunConfig) -> frozenset[str] | None:
    """Steps of the text method that a run with these settings skips; None for models over ids."""
    return config.skipped if isinstance(config, TextConfig) else None


class SmoothChip(Chip):
    """Smooths a curve (exponential moving average); a click uses the next weight and calls `redraw`."""

    def __init__(self, curve: Curve, redraw: Callable[[], None]) -> None:
        super().__init__("")
        self._curve, self._redraw, self.weight = curve, redraw, _WEIGHTS[2]
        self.setToolTip(self.tr("How much the past counts in the smoothed line; click for the next"))
        self.clicked.connect(self._next)
        self.draw(curve.series)
        self._update_text()

    def draw(self, series: Series) -> None:
        """Draw another series with the same weight."""
        self._curve.series, self._curve.smoothed = series, Smoothed(series, self.weight)

    def _next(self) -> None:
        self.weight = _WEIGHTS[(_WEIGHTS.index(self.weight) + 1) % len(_WEIGHTS)]
        if self._curve.smoothed is not None:
            self._curve.smoothed.set_weight(self.weight)
        self._update_text()
        self._redraw()

    def _update_text(self) -> None:
        self.setText(self.tr("smooth {weight}").format(weight=f"{self.weight:g}"))


class PlotCard(Card):
    """A card with a plot, its legend, and export.

    Signals:
        axis_changed: another horizontal axis was chosen.
    """

    axis_changed = Signal(str)

    def __init__(self, session: Session, title: str, file_name: str) -> None:
        super().__init__()
        self.plot = CurvePlot(title)
        self.set_title(title)
        self.body.addWidget(self.plot, 1)
        self.save = SaveChip(session, self.plot, file_name)
        self._curves: RunCurves | EncoderCurves = RunCurves()
        self._axis: Axis = "step"

    def set_title(self, title: str) -> None:
        """See `Card.set_title`; pictures have the title too."""
        super().set_title(title)
        if title:
            self.plot.setAccessibleName(title)
            self.plot.graphics.setAccessibleName(title)
            self.plot.value_name = title

    def add_curve(self, curve: Curve, key: str) -> Curve:
        """Add a curve and its legend entry."""
        self.head.addWidget(SeriesKey(key, curve.style))
        return self.plot.add_curve(curve)

    def add_axes(self, *axes: tuple[Axis, str]) -> None:
        """A chip for each horizontal axis; the first one is chosen."""
        group, segments = QButtonGroup(self), Segments()
        self.head.addWidget(segments)
        for axis, title in axes:
            chip = Chip(title, tab=True)
            segments.add(chip)
            chip.setChecked(axis == axes[0][0])
            chip.clicked.connect(lambda _checked=False, axis=axis: self.set_axis(axis))
            group.addButton(chip)

    def add_tools(self) -> None:
        """Add the chips of every plot at the end of the head."""
        self.head.addWidget(self.save)

    def set_axis(self, axis: Axis) -> None:
        """Use steps, epochs or minutes as the horizontal axis."""
        moved, self._axis = axis != self._axis, axis
        names: dict[Axis, str] = {"step": self.tr("step"), "epoch": self.tr("epoch"), "time": self.tr("minutes")}
        self.plot.set_axis(
            names[axis], lambda steps: self._curves.positions(steps, axis), lambda at: self._curves.step_at(at, axis)
        )
        if moved:
            self.axis_changed.emit(axis)

    def export_to(self, path: Path) -> None:
        """Save by the ending of the path: PNG, SVG or CSV."""
        self.save.save_to(path)


class LossCard(PlotCard):
    """Training loss, raw and smoothed, and validation loss, over steps, epochs or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "loss")
        self.set_title(self.tr("Loss"))
        self.train = self.add_curve(Curve(self.tr("training"), theme.series("loss")), self.tr("training"))
        self.validation = self.add_curve(
            Curve(self.tr("validation"), theme.series("validation loss"), markers=True), self.tr("validation")
        )
        self.add_axes(("step", self.tr("step")), ("epoch", self.tr("epoch")), ("time", self.tr("minutes")))
        self.smooth = SmoothChip(self.train, self.refresh)
        self.log = Chip(self.tr("log"), checkable=True)
        self.log.setToolTip(self.tr("Logarithmic scale; values of zero or less are not drawn"))
        self.log.toggled.connect(self.plot.set_log)
        self.head.addWidget(self.smooth)
        self.head.addWidget(self.log)
        self.add_tools()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.smooth.draw(curves.train_loss)
        self.validation.series = curves.validation_loss
        self.set_axis(self._axis)

    def refresh(self) -> None:
        """Draw the current curves and the marks of checkpoints, pauses and resumes."""
        names: dict[Mark, str] = {
            "checkpoint": self.tr("checkpoint"),
            "paused": self.tr("paused here"),
            "resumed": self.tr("resumed here"),
        }
        marks = self._curves.marks if isinstance(self._curves, RunCurves) else {}
        self.plot.set_marks({names[mark]: steps for mark, steps in marks.items()})
        self.plot.refresh()


class QualityCard(PlotCard):
    """NDCG@10 and Recall@10 by epoch, with horizontal lines for the baselines."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "quality")
        self.set_title(self.tr("Quality on held-out items"))
        self.chips: dict[str, Chip] = {}
        self._lines: dict[str, Curve] = {}
        explanations = {
            "ndcg@10": self.tr("How high the item that was really taken next stands among the first ten (1 is on top)"),
            "recall@10": self.tr("How often the item that was really taken next is among the first ten"),
            "mrr": self.tr("The mean of one divided by the place of the item that was really taken next"),
        }
        for name, title in _METRICS:
            self._lines[name] = self.plot.add_curve(Curve(title, theme.series(name), markers=True))
            chip = self.chips[name] = Chip(title, checkable=True)
            chip.setToolTip(explanations[name])
            chip.setChecked(name == "ndcg@10")
            chip.toggled.connect(self._choose)
            self.head.addWidget(chip)
        self.add_tools()
        self.caveats = Text("", "small", "secondary", wrap=True)
        self.caveats.hide()
        self.body.insertWidget(0, self.caveats)
        self.plot.set_from_zero()
        self._run = RunCurves()
        self._drawn: tuple[object, ...] = ()
        self._choose()

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run."""
        self._curves = self._run = curves
        for name, line in self._lines.items():
            line.series = curves.metrics[name]
        self._drawn = ()
        self.set_axis(self._axis)
        self.refresh()

    def use_axis(self, axis: Axis) -> None:
        """Use the axis of the plot above."""
        self.set_axis(axis)
        self._drawn = ()
        self.refresh()

    def refresh(self) -> None:
        """Draw the current curves, the baselines of the first metric shown, and the caveats of all figures. Does
        nothing where none of it has changed, as steps come ten times a second and evaluations seldom."""
        drawn = self._state()
        if drawn == self._drawn:
            return
        self._drawn = drawn
        self.caveats.setText(words.together(*map(translated, self._run.caveats)))
        self.caveats.setVisible(bool(self._run.caveats))
        shown = next((name for name in self.chips if self.chips[name].isChecked()), "ndcg@10")
        self.plot.set_references([(translated(word(name)), value) for name, value in self._run.references(shown)])
        self.plot.set_best(None if self._run.best is None else float(self._run.best[1]))
        self.plot.refresh()

    def _state(self) -> tuple[object, ...]:
        run = self._run
        lines = tuple(
            (id(line.series), len(line.series), line.series.cuts, line.visible) for line in self._lines.values()
        )
        return lines, self._axis, run.best, len(run.baselines), len(run.caveats), self.plot.following

    def _choose(self) -> None:
        for name, line in self._lines.items():
            line.visible = self.chips[name].isChecked()
        self.plot.value_name = words.listed(line.name for line in self._lines.values() if line.visible)
        self.refresh()


class EncoderLossCard(PlotCard):
    """Loss on masked tokens, raw and smoothed, over steps or minutes."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "encoder-loss")
        self.set_title(self.tr("Encoder: loss of hidden words"))
        self.line = self.add_curve(Curve(self.tr("loss"), theme.series("loss")), self.tr("training"))
        self.add_axes(("step", self.tr("step")), ("time", self.tr("minutes")))
        self.smooth = SmoothChip(self.line, self.plot.refresh)
        self.head.addWidget(self.smooth)
        self.add_tools()

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = curves
        self.smooth.draw(curves.loss)
        self.set_axis(self._axis)


class EncoderAccuracyCard(PlotCard):
    """Accuracy on masked tokens, raw and smoothed, beside that on held-out tokens before and after training."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "", "encoder-accuracy")
        self.set_title(self.tr("Encoder: hidden words guessed right"))
        self.line = self.add_curve(
            Curve(self.tr("guessed right"), theme.series("masked-token accuracy")), self.tr("training")
        )
        self.smooth = SmoothChip(self.line, self.plot.refresh)
        self.head.addWidget(self.smooth)
        self.add_tools()
        self.plot.set_from_zero()
        self._encoder = EncoderCurves()

    def show_run(self, curves: EncoderCurves) -> None:
        """Draw another run."""
        self._curves = self._encoder = curves
        self.smooth.draw(curves.accuracy)
        self.set_axis("step")
        self.refresh()

    def refresh(self) -> None:
        """Draw the current curves."""
        apart = self._encoder.held_out
        names = self.tr("kept apart, before"), self.tr("kept apart, after")
        self.plot.set_references([] if apart is None else list(zip(names, apart, strict=True)))
        self.plot.refresh()


class Plots(QStackedWidget):
    """The cards of the recommender, or those of its text encoder.

    Attributes:
        view: "encoder" or "decoder", whose curves are shown.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.view: View = "decoder"
        self.loss, self.quality = LossCard(session), QualityCard(session)
        self.encoder_loss, self.encoder_accuracy = EncoderLossCard(session), EncoderAccuracyCard(session)
        self._pages: dict[View, QWidget] = {
            "decoder": _above(self.loss, self.quality),
            "encoder": _above(self.encoder_loss, self.encoder_accuracy),
        }
        for page in self._pages.values():
            self.addWidget(page)
        self.loss.plot.link(self.quality.plot)
        self.loss.axis_changed.connect(self.quality.use_axis)

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run; while its encoder is trained, the encoder's curves."""
        self.loss.show_run(curves)
        self.quality.show_run(curves)
        self.encoder_loss.show_run(curves.encoder)
        self.encoder_accuracy.show_run(curves.encoder)
        self.show_view("encoder" if curves.method.stage == "encoder" else "decoder")

    def show_view(self, view: View) -> None:
        """Show the curves of encoder or decoder."""
        self.view = view
        self.setCurrentWidget(self._pages[view])
        self.refresh()

    def refresh(self) -> None:
        """Draw the current curves."""
        if self.view == "encoder":
            self.encoder_loss.plot.refresh()
            self.encoder_accuracy.refresh()
        else:
            self.quality.refresh()
            self.loss.plot.references.set_least_margin(self.quality.plot.references.margin())
            self.loss.refresh()


def _above(upper: QWidget, lower: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.GAP)
    column.addWidget(upper, 5)
    column.addWidget(lower, 4)
    return page
