"""The plots of the Train page: loss and quality of the recommender, or of its text encoder."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from recdesk.core.messages import word
from recdesk.gui import theme, words
from recdesk.gui.messages import translated
from recdesk.gui.pages.base import Kept
from recdesk.gui.pages.train.encoder_plots import EncoderAccuracyCard, EncoderLossCard
from recdesk.gui.pages.train.load_card import LoadCard
from recdesk.gui.pages.train.plot_cards import PlotCard, SmoothChip
from recdesk.gui.pages.train.progress_card import View
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.curve_plot import Curve
from recdesk.gui.widgets.plots import HEIGHT
from recdesk.gui.widgets.text import Text
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.series import Axis
from recdesk.training.config import RunConfig, TextConfig

if TYPE_CHECKING:
    from recdesk.workspace.runs import Run

LOW = 76
"""Least height of a plot where three stand above each other, so that all are in sight in a window of 720 pixels."""
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

    def is_model_of(self, run: "Run | None") -> bool:
        """Whether it is this run, has ended and has a model."""
        return run is not None and run.id == self.id and self.curves.finished is not None and run.has_model

    def again(self) -> "RunView":
        """The same in the language that is used now."""
        return RunView(curves=self.curves) if self.run is None else RunView.of(self.run, self.curves)

    @property
    def id(self) -> str | None:
        """Id of the run; None for none."""
        return None if self.run is None else self.run.id


def skips(config: RunConfig) -> frozenset[str] | None:
    """Steps of the text method that a run with these settings skips; None for models over ids."""
    return config.skipped if isinstance(config, TextConfig) else None


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

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {**super().kept(), "weight": self.smooth.weight, "log": self.log.isChecked()}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        self.smooth.set_weight(kept["weight"])
        self.log.setChecked(kept["log"])
        super().take(kept)

    def refresh(self) -> None:
        """Draw the current curves and the marks of checkpoints, pauses and resumes."""
        self.show_marks()
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

    def kept(self) -> Kept:
        """See `Page.kept`."""
        return {**super().kept(), "metrics": [name for name, chip in self.chips.items() if chip.isChecked()]}

    def take(self, kept: Kept) -> None:
        """See `Page.take`."""
        for name, chip in self.chips.items():
            chip.setChecked(name in kept["metrics"])
        super().take(kept)

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
        self.show_marks()
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
        marks = tuple(map(len, run.marks.values()))
        return lines, marks, self._axis, run.best, len(run.baselines), len(run.caveats), self.plot.following

    def _choose(self) -> None:
        for name, line in self._lines.items():
            line.visible = self.chips[name].isChecked()
        self.plot.value_name = words.listed(line.name for line in self._lines.values() if line.visible)
        self.plot.name_axes()
        self.refresh()


class Plots(QStackedWidget):
    """The cards of the recommender, or those of its text encoder. A plot takes as long to make as many other widgets,
    so that those that are seldom looked at are made when they are.

    Attributes:
        view: "encoder" or "decoder", whose curves are shown.
        load_chip: shows memory and load; its owner places it.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.view: View = "decoder"
        self._session, self._curves = session, RunCurves()
        self.loss, self.quality = LossCard(session), QualityCard(session)
        self._load: LoadCard | None = None
        self._encoder: tuple[EncoderLossCard, EncoderAccuracyCard] | None = None
        self._column, decoder = _above(self.loss, self.quality)
        self._pages: dict[View, QWidget] = {"decoder": decoder}
        self.addWidget(decoder)
        self.load_chip = Chip(self.tr("load"), checkable=True)
        self.load_chip.setToolTip(self.tr("Memory and load while it trains"))
        self.load_chip.setToolTip(self.tr("Memory and load of this computer during the run"))
        self.load_chip.toggled.connect(self.show_load)
        self.loss.plot.link(self.quality.plot)
        self.loss.axis_changed.connect(self.quality.use_axis)
        session.training.state_changed.connect(self._state_changed)

    @property
    def load(self) -> LoadCard:
        """Memory and load; hidden until they are wanted."""
        if self._load is None:
            self._load = card = LoadCard(self._session)
            card.hide()
            self._column.addWidget(card, 4)
            card.set_axis(self.loss.axis)
            card.show_run(self._curves)
            self.loss.plot.link(card.plot)
            self.quality.plot.link(card.plot)
            self.loss.axis_changed.connect(card.use_axis)
            zoom = self.loss.plot.zoom()
            if zoom is not None:
                card.plot.show_range(*zoom[0])
        return self._load

    @property
    def encoder_loss(self) -> EncoderLossCard:
        """Loss of the text encoder."""
        return self._encoder_cards()[0]

    @property
    def encoder_accuracy(self) -> EncoderAccuracyCard:
        """Accuracy of the text encoder."""
        return self._encoder_cards()[1]

    def _encoder_cards(self) -> tuple[EncoderLossCard, EncoderAccuracyCard]:
        if self._encoder is None:
            self._encoder = EncoderLossCard(self._session), EncoderAccuracyCard(self._session)
            for card in self._encoder:
                card.show_run(self._curves.encoder)
            self._pages["encoder"] = _above(*self._encoder)[1]
            self.addWidget(self._pages["encoder"])
        return self._encoder

    def kept(self) -> Kept:
        """See `Page.kept`."""
        cards = {name: card.kept() for name, card in self._made().items()}
        return {"view": self.view, "load": self.load_chip.isChecked(), "cards": cards}

    def take(self, kept: Kept) -> None:
        """See `Page.take`; after the run is shown."""
        cards: dict[str, PlotCard] = {name: getattr(self, name) for name in kept["cards"]}
        for name, card in cards.items():
            card.take(kept["cards"][name])
        for name, card in cards.items():
            card.plot.show_zoom(kept["cards"][name]["zoom"])
        self.load_chip.setChecked(kept["load"])
        self.show_view(kept["view"])

    def _made(self) -> dict[str, PlotCard]:
        """The cards that there are so far, by attribute."""
        made: dict[str, PlotCard] = {"loss": self.loss, "quality": self.quality}
        if self._load is not None:
            made["load"] = self._load
        if self._encoder is not None:
            made["encoder_loss"], made["encoder_accuracy"] = self._encoder
        return made

    def show_run(self, curves: RunCurves) -> None:
        """Draw another run; while its encoder is trained, the encoder's curves."""
        self._curves = curves
        self.loss.show_run(curves)
        self.quality.show_run(curves)
        if self._load is not None:
            self._load.show_run(curves)
        for card in self._encoder or ():
            card.show_run(curves.encoder)
        self.show_view("encoder" if curves.method.stage == "encoder" else "decoder")

    def show_view(self, view: View) -> None:
        """Show the curves of encoder or decoder."""
        self.view = view
        if view == "encoder":
            self._encoder_cards()
        self.setCurrentWidget(self._pages[view])
        self.refresh()

    def refresh(self) -> None:
        """Draw the current curves."""
        if self.view == "encoder":
            self.encoder_loss.plot.refresh()
            self.encoder_accuracy.refresh()
            return
        self.quality.refresh()
        below = [] if self._load is None or self._load.isHidden() else [self._load]
        shown: list[LossCard | LoadCard] = [self.loss, *below]
        for card in shown:
            card.plot.references.set_least_margin(self.quality.plot.references.margin())
            card.refresh()

    def show_load(self, shown: bool) -> None:
        """Show memory and load below the others."""
        self.load.setVisible(shown)
        for card in (self.loss, self.quality, self.load):
            card.plot.setMinimumHeight(LOW if shown else HEIGHT)
        self.refresh()

    def describe(self) -> None:
        """Let screen readers know the curves as they are now."""
        for card in self._made().values():
            card.plot.describe()

    def _state_changed(self, state: str) -> None:
        if state == "idle":
            QTimer.singleShot(0, self, self.describe)  # after the last events are drawn


def _above(*cards: QWidget) -> tuple[QVBoxLayout, QWidget]:
    """The cards above each other: the layout, and the widget that has it."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.GAP)
    for card, stretch in zip(cards, (5, 4), strict=True):
        column.addWidget(card, stretch)
    return column, page
