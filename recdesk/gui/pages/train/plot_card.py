"""A card with a plot: what the cards of losses and of quality share."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QMenu

from recdesk.files import replacing
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.ask_for_file import ask_for_file
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot
from recdesk.gui.widgets.series_key import SeriesKey
from recdesk.training.curves import RunCurves
from recdesk.training.encoder_curves import EncoderCurves
from recdesk.training.series import Axis


class PlotCard(Card):
    """A plot with keys, a chip that brings the whole into view again, and export."""

    def __init__(self, session: Session, title: str, file_name: str) -> None:
        super().__init__()
        self.set_title(title)
        self._session, self._file_name = session, file_name
        self.plot = CurvePlot(title)
        self.body.addWidget(self.plot, 1)
        self.fit = Chip(self.tr("show all"))
        self.fit.hide()
        self.fit.clicked.connect(self.plot.follow)
        self.plot.following_changed.connect(lambda following: self.fit.setVisible(not following))
        self.save = Chip(self.tr("save…"))
        self.save.setToolTip(self.tr("Save this plot as a picture or as a table"))
        self.save.clicked.connect(self._save_menu)
        self._curves: RunCurves | EncoderCurves = RunCurves()
        self._axis: Axis = "step"

    def add_curve(self, curve: Curve, key: str) -> Curve:
        """Draw a line and say which it is."""
        self.head.addWidget(SeriesKey(key, curve.style))
        return self.plot.add_curve(curve)

    def add_tools(self) -> None:
        """Put the chips that every plot has at the end of the head."""
        self.head.addWidget(self.fit)
        self.head.addWidget(self.save)

    def set_axis(self, axis: Axis) -> None:
        """Steps, epochs or minutes at the foot."""
        self._axis = axis
        self.plot.set_axis(
            "", lambda steps: self._curves.positions(steps, axis), lambda at: self._curves.step_at(at, axis)
        )

    def export_to(self, path: Path) -> None:
        """Save by the ending of the path: PNG, SVG or CSV."""
        kind = path.suffix.lower()
        work = (
            partial(write_rows, path, *self.plot.table())
            if kind == ".csv"
            else partial(write_bytes, path, self.plot.image(kind))
        )
        self._session.jobs.run(
            self.tr("Saving {file}").format(file=path.name),
            work,
            lambda _: self._session.status_changed.emit(self.tr("Saved to {file}").format(file=path)),
        )

    def _save_menu(self) -> None:
        menu = QMenu(self)
        for ending, words in (
            ("png", self.tr("Picture (PNG)…")),
            ("svg", self.tr("Drawing (SVG)…")),
            ("csv", self.tr("Table (CSV)…")),
        ):
            menu.addAction(words, partial(self._ask, ending))
        menu.exec(self.save.mapToGlobal(self.save.rect().bottomLeft()))
        menu.deleteLater()

    def _ask(self, ending: str) -> None:
        path = ask_for_file(self, self.tr("Save"), f"{self._file_name}.{ending}")
        if path is not None:
            self.export_to(path)


def write_rows(path: Path, header: list[str], rows: list[list[object]], _context: JobContext) -> None:
    """Write a table (in a job)."""
    from recdesk.recommend.export import write_table

    write_table(path, header, rows)


def write_bytes(path: Path, content: bytes, _context: JobContext) -> None:
    """Write a picture (in a job)."""
    with replacing(path, "wb") as stream:
        stream.write(content)
