import itertools
from collections.abc import Sequence
from xml.etree import ElementTree

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from recdesk.gui import theme
from recdesk.gui.widgets.curve_plot import Curve, CurvePlot
from recdesk.gui.widgets.reference_lines import spread
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Step
from recdesk.monitor.series import Series, Smoothed

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def plot(qtbot) -> CurvePlot:
    made = CurvePlot("Loss")
    qtbot.addWidget(made)
    made.resize(640, 320)
    with qtbot.waitExposed(made):
        made.show()
    return made


def series(values: Sequence[float], first: int = 1) -> Series:
    made = Series()
    for step, value in enumerate(values, first):
        made.append(step, value)
    return made


def curve(plot: CurvePlot, values: Sequence[float], name: str = "training", **more) -> Curve:
    added = plot.add_curve(Curve(name, theme.series(name), series(values), **more))
    plot.refresh()
    return added


def drawn(plot: CurvePlot) -> list[pg.PlotDataItem]:
    """The lines that can be seen, back to front."""
    return [item for item in plot.plot.listDataItems() if item.isVisible()]


def points(item: pg.PlotDataItem) -> tuple[np.ndarray, np.ndarray]:
    """What a line was given to draw."""
    x, y = item.getOriginalDataset()
    return x, y


def lines_with_names(plot: CurvePlot) -> list[tuple[str, float]]:
    """The horizontal lines that can be seen, by their words."""
    lines = [line for line in plot.references.lines if line.is_shown()]
    assert all(line.name.isVisible() for line in lines)
    return [(line.name.text(), line.value) for line in lines]


def name_areas(plot: CurvePlot) -> list[QRectF]:
    """Where the names of the horizontal lines stand, in the scene, from the top."""
    lines = [line for line in plot.references.lines if line.name.isVisible()]
    return sorted((line.name.sceneBoundingRect() for line in lines), key=lambda area: area.top())


def view(plot: CurvePlot) -> np.ndarray:
    """(left, right), (bottom, top)."""
    return np.array(plot.view.viewRange())


def turn_wheel(plot: CurvePlot, clicks: int = 3) -> None:
    viewport = plot.graphics.viewport()
    at = QPointF(viewport.rect().center())
    how = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    for _ in range(clicks):
        there = QPointF(viewport.mapToGlobal(at.toPoint()))
        QApplication.sendEvent(viewport, QWheelEvent(at, there, QPoint(), QPoint(0, 120), *how))


def readout(plot: CurvePlot) -> str:
    """What is said beside the mouse; "" while nothing is."""
    said = [i for i in plot.plot.items if isinstance(i, pg.TextItem) and i.isVisible()]
    return said[0].textItem.toPlainText() if said else ""


def point_at(plot: CurvePlot, qtbot, x: float) -> None:
    """Move the mouse over a place of the axis."""
    bottom, top = view(plot)[1]
    scene = plot.view.mapViewToScene(QPointF(x, (bottom + top) / 2))
    qtbot.mouseMove(plot.graphics.viewport(), plot.graphics.mapFromScene(scene))


def test_a_few_points_are_drawn_exactly(plot):
    values = [3.0, 2.5, 2.75, 1.0]
    curve(plot, values)
    (line,) = drawn(plot)
    x, y = points(line)
    assert x.tolist() == [1, 2, 3, 4]
    assert y.tolist() == values


def test_each_curve_is_one_line_and_an_empty_one_is_none(plot):
    curve(plot, [1.0, 2.0])
    curve(plot, [4.0, 3.0], "validation")
    curve(plot, [], "nothing")
    assert [points(line)[1].tolist() for line in drawn(plot)] == [[1, 2], [4, 3]]


def test_an_invisible_curve_is_not_drawn_and_not_exported(plot):
    hidden = curve(plot, [1.0, 2.0])
    curve(plot, [4.0], "validation")
    hidden.visible = False
    plot.refresh()
    assert len(drawn(plot)) == 1
    assert plot.table() == (["step", "validation"], [[1, 4.0]])


def test_a_hundred_thousand_points_draw_as_few_with_their_peaks(plot):
    values = np.sin(np.arange(100_000) / 5000)
    values[12_345], values[77_777] = 40.0, -30.0
    curve(plot, values)
    (line,) = drawn(plot)
    x, y = points(line)
    assert len(x) < 16 * plot.view.width()  # and not a hundred thousand
    assert (y.max(), y.min()) == (40.0, -30.0)
    assert abs(x[y.argmax()] - 12_346) <= 100_000 / plot.view.width()
    assert abs(x[y.argmin()] - 77_778) <= 100_000 / plot.view.width()
    assert (x[0], x[-1]) == (1, 100_000)
    assert (np.diff(x) >= 0).all()


def test_a_closer_look_at_many_points_shows_each(plot):
    values = np.random.default_rng(0).random(100_000)
    curve(plot, values)
    plot.view.setRange(xRange=(5000, 5040), padding=0)
    plot.view.sigRangeChangedManually.emit([True, True])
    plot.refresh()
    x, y = points(drawn(plot)[0])
    inside = (x >= 5000) & (x <= 5040)
    assert x[inside].tolist() == list(range(5000, 5041))
    assert y[inside].tolist() == values[4999:5040].tolist()
    assert len(x) < 100


def test_the_view_follows_growing_data(plot):
    growing = curve(plot, [3.0, 2.0])
    for step in range(3, 500):
        growing.series.append(step, 5.0 - step / 100)
    plot.refresh()
    (left, right), (bottom, top) = view(plot)
    assert left <= 1 and 499 <= right < 600
    assert bottom <= 5.0 - 4.99 and 4.97 <= top < 6


def test_a_zoom_is_kept_while_data_arrives_until_all_is_asked_for(plot, qtbot):
    growing = curve(plot, np.linspace(5, 1, 200))
    with qtbot.waitSignal(plot.following_changed) as changed:
        turn_wheel(plot)
    assert changed.args == [False]
    zoomed = view(plot)
    assert zoomed[0, 1] - zoomed[0, 0] < 190
    for step in range(201, 5000):
        growing.series.append(step, -3.0)
        if step % 500 == 0:
            plot.refresh()
    assert view(plot) == pytest.approx(zoomed)
    x, _ = points(drawn(plot)[0])
    assert x[0] <= max(zoomed[0, 0], 1) and x[-1] >= zoomed[0, 1]
    with qtbot.waitSignal(plot.following_changed) as changed:
        plot.follow()
    assert changed.args == [True]
    (left, right), (bottom, top) = view(plot)
    assert left <= 1 and right >= 4999 and bottom <= -3.0 and top >= 5.0


def test_another_axis_moves_the_points_and_shows_all_again(plot):
    curves = RunCurves()
    for step in range(1, 101):
        curves.add(Step(step=step, epoch=step / 10, loss=1 / step, learning_rate=0, tokens=1, seconds=step * 3.0))
    shown = curve(plot, [])
    shown.series = curves.train_loss
    for axis, last in (("epoch", 10.0), ("time", 5.0), ("step", 100.0)):
        plot.view.sigRangeChangedManually.emit([True, True])
        plot.set_axis(axis, lambda s, a=axis: curves.positions(s, a), lambda at, a=axis: curves.step_at(at, a))
        assert points(drawn(plot)[0])[0][-1] == pytest.approx(last)
        assert last <= view(plot)[0, 1] <= 1.1 * last


def test_the_raw_line_stands_faint_behind_the_smoothed_one(plot):
    noisy = curve(plot, [1.0, 3.0] * 50)
    noisy.smoothed = Smoothed(noisy.series, 0.9)
    plot.refresh()
    raw, smooth = drawn(plot)
    assert np.ptp(points(raw)[1]) == 2.0
    assert np.ptp(points(smooth)[1][10:]) < 1.0
    assert raw.opts["pen"].color().alphaF() < 0.5 < smooth.opts["pen"].color().alphaF()


def test_a_log_scale_leaves_out_what_has_no_logarithm(plot):
    curve(plot, [0.0, 100.0, -5.0, 10.0, 1.0, float("nan"), float("inf")])
    plot.set_log(True)
    _, (bottom, top) = view(plot)
    assert -0.3 < bottom <= 0.0 and 2.0 <= top < 2.3
    _, y = drawn(plot)[0].getData()
    assert y[np.isfinite(y)].tolist() == [2.0, 1.0, 0.0]
    assert not plot.grab().isNull()
    plot.set_log(False)
    _, (bottom, top) = view(plot)
    assert bottom <= -5.0 and top >= 100.0


def test_a_log_scale_of_nothing_but_zeros_is_an_empty_plot(plot):
    curve(plot, [0.0, 0.0, -1.0])
    plot.set_log(True)
    assert np.isfinite(view(plot)).all()
    assert not plot.grab().isNull()


def test_values_that_are_no_numbers_are_not_drawn(plot):
    curve(plot, [1.0, float("nan"), 3.0])
    _, (bottom, top) = view(plot)
    assert 0.5 < bottom <= 1.0 and 3.0 <= top < 3.5


def test_a_single_point_has_a_plot_around_it(plot):
    curve(plot, [0.25], markers=True)
    (left, right), (bottom, top) = view(plot)
    assert left < 1 <= right and bottom < 0.25 < top
    assert drawn(plot)[0].opts["symbol"] == "o"


def test_reference_lines_stand_at_their_values_with_their_names_in_view(plot):
    curve(plot, [0.3, 0.35])
    plot.set_references([("most popular", 0.123), ("EASE", 0.456)])
    plot.refresh()
    assert lines_with_names(plot) == [("most popular 0.123", 0.123), ("EASE 0.456", 0.456)]
    assert view(plot)[1, 0] <= 0.123 and view(plot)[1, 1] > 0.456
    plot.set_references([("EASE", 0.4)])
    plot.refresh()
    assert lines_with_names(plot) == [("EASE 0.400", 0.4)]
    plot.set_references([])
    plot.refresh()
    assert lines_with_names(plot) == []
    assert view(plot)[1, 0] > 0.2


def test_the_names_of_lines_that_lie_close_do_not_cover_each_other(plot):
    curve(plot, [0.3, 0.9])
    plot.set_references([("most popular", 0.19), ("popular lately", 0.2), ("item-kNN", 0.66), ("EASE", 0.67)])
    plot.refresh()
    plot.grab()
    areas = name_areas(plot)
    assert len(areas) == 4
    covered = [(i, j) for i, j in itertools.combinations(range(4), 2) if areas[i].intersects(areas[j])]
    assert covered == []


@pytest.mark.parametrize("last", [0.2, 0.21, 0.6])
def test_no_name_covers_the_last_point_of_a_curve(last, plot, qtbot):
    curve(plot, [0.1, 0.15, last])
    plot.set_references([("most popular", 0.01), ("EASE", 0.205)])
    plot.refresh()
    qtbot.waitUntil(lambda: plot.view.width() < 560)
    plot.refresh()
    point = plot.view.mapViewToScene(QPointF(3, last))
    assert plot.view.sceneBoundingRect().contains(point)
    for area in name_areas(plot):
        assert area.left() > point.x() + 5
        assert area.right() <= plot.graphics.viewport().width()


def test_the_name_of_a_line_out_of_view_is_not_shown(plot):
    curve(plot, [0.1, 0.2])
    plot.set_references([("most popular", 0.01), ("EASE", 0.15)])
    plot.view.setRange(yRange=(0.1, 0.2), padding=0)
    assert [line.name.isVisible() for line in plot.references.lines] == [False, True]


@given(st.lists(st.floats(0, 200), max_size=8), st.floats(30, 200))
def test_names_keep_their_order_and_distance_and_stay_inside_where_there_is_room(wanted, height):
    wanted.sort()
    found = spread(wanted, 16.0, height)
    assert all(after - before >= 16.0 - 1e-6 for before, after in itertools.pairwise(found))
    assert all(at <= height - 8.0 + 1e-6 for at in found)
    if 16.0 * len(found) <= height:
        assert all(at >= 8.0 - 1e-6 for at in found)


def test_the_best_evaluation_is_marked(plot):
    curve(plot, [0.1, 0.4, 0.3])
    plot.set_best(2)
    plot.refresh()
    marks = [i for i in plot.plot.items if isinstance(i, pg.InfiniteLine) and i.angle == 90 and i.isVisible()]
    assert [mark.value() for mark in marks] == [2.0]
    plot.set_best(None)
    plot.refresh()
    assert not marks[0].isVisible()


def test_the_scale_begins_at_zero_where_it_is_asked_to(plot):
    plot.set_from_zero()
    curve(plot, [0.5, 0.6])
    assert view(plot)[1, 0] <= 0.0


def test_the_readout_says_the_values_under_the_mouse(plot, qtbot):
    curve(plot, [0.5, 0.25, 0.125], "loss")
    point_at(plot, qtbot, 2.1)
    qtbot.waitUntil(lambda: readout(plot) != "")
    assert readout(plot).split() == ["step", "2", "loss", "0.25"]
    point_at(plot, qtbot, 2.9)
    qtbot.waitUntil(lambda: readout(plot).split() == ["step", "3", "loss", "0.125"])


def test_the_step_of_the_readout_is_the_one_under_the_mouse(plot, qtbot):
    curve(plot, np.linspace(2, 1, 101), "training")
    sparse = curve(plot, [], "validation")
    for step in (50, 100):
        sparse.series.append(step, 1.5)
    plot.refresh()
    point_at(plot, qtbot, 10)
    qtbot.waitUntil(lambda: readout(plot) != "")
    words = readout(plot).split()
    assert words[:2] == ["step", "10"]
    assert float(words[words.index("training") + 1]) == pytest.approx(1.91, abs=0.005)


def test_the_readout_is_of_the_axis_shown(plot, qtbot):
    curve(plot, [0.5, 0.25, 0.125], "loss")
    plot.set_axis("epoch", lambda steps: steps / 100, lambda position: position * 100)
    point_at(plot, qtbot, 0.02)
    qtbot.waitUntil(lambda: readout(plot).split() == ["step", "2", "loss", "0.25"])


def test_nothing_is_said_where_there_is_nothing(plot, qtbot):
    point_at(plot, qtbot, 0.5)
    qtbot.wait(50)
    assert readout(plot) == ""


@pytest.mark.slow
def test_a_picture_has_twice_the_pixels_with_title_legend_and_axis_names_around_the_plot(plot):
    curve(plot, [1.0, 2.0])
    picture = QImage.fromData(plot.image(".png"))
    shown = plot.graphics.viewport().size()
    assert picture.width() > 2 * shown.width() and picture.height() > 2 * shown.height() + 2 * 44
    colours = {picture.pixelColor(x, y).name() for x in range(0, picture.width(), 2) for y in range(picture.height())}
    assert theme.series("training").colour.name() in colours
    head = [picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(2 * 40, 2 * 60)]
    assert theme.series("training").colour.name() in head  # the legend


def test_lines_of_a_picture_are_as_wide_as_in_the_window(plot):
    curve(plot, [1.0] * 10)
    plot.refresh()
    line, ground = theme.series("training").colour, theme.roles().card

    def distance(one: QColor, other: QColor) -> int:
        return sum(abs(a - b) for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True))

    def thickest(image: QImage) -> int:
        """Pixels of a column that are rather of the line's colour than of the ground's."""
        x, below = image.width() // 2, range(image.height() // 3, image.height())  # without the legend
        colours = [image.pixelColor(x, y) for y in below]
        return sum(distance(colour, line) < distance(colour, ground) for colour in colours)

    shown = thickest(plot.grab().toImage())
    assert thickest(QImage.fromData(plot.image(".png"))) >= 2 * shown > 0
    assert thickest(plot.grab().toImage()) == shown


def test_a_drawing_has_its_title_the_names_of_lines_and_axes(plot):
    curve(plot, [1.0, 2.0, 1.5], "training")
    curve(plot, [1.5, 1.2], "validation")
    plot.set_references([("EASE", 1.1)])
    plot.set_axis("epoch", lambda steps: steps, lambda position: position)
    root = ElementTree.fromstring(plot.image(".svg"))
    said = " ".join("".join(element.itertext()) for element in root.iter() if element.tag.endswith(("text", "title")))
    for name in ("Loss", "training", "validation", "epoch", "EASE 1.100"):
        assert name in said, said


def test_a_drawing_is_an_svg_with_the_lines_in_it(plot):
    curve(plot, [1.0, 2.0, 1.5])
    root = ElementTree.fromstring(plot.image(".svg"))
    assert root.tag.endswith("svg")
    colour = theme.series("training").colour.name()
    assert any(colour in str(element.attrib).casefold() for element in root.iter())


def test_the_table_has_every_point_of_every_curve(plot):
    curve(plot, [0.5, 0.25, 0.125], "training")
    sparse = curve(plot, [], "validation")
    sparse.series.append(2, 0.75)
    header, rows = plot.table()
    assert header == ["step", "training", "validation"]
    assert rows == [[1, 0.5, ""], [2, 0.25, 0.75], [3, 0.125, ""]]
    plot.set_references([("EASE", 0.3)])
    header, rows = plot.table()
    assert header == ["step", "training", "validation", "EASE"]
    assert rows[0] == [1, 0.5, "", 0.3]


def test_the_table_of_many_points_is_whole(plot):
    curve(plot, np.arange(10_000) / 7)
    _, rows = plot.table()
    assert [row[1] for row in rows] == (np.arange(10_000) / 7).tolist()


def test_a_curve_that_lost_points_is_drawn_without_them(plot):
    shorter = curve(plot, np.linspace(1, 0, 1000))
    shorter.smoothed = Smoothed(shorter.series)
    plot.refresh()
    shorter.series.truncate_after(300)
    plot.refresh()
    assert [points(line)[0][-1] for line in drawn(plot)] == [300, 300]
    assert view(plot)[0, 1] < 350


def test_colours_follow_the_theme(plot, qapp):
    try:
        theme.apply(qapp, "dark")
        assert plot.graphics.backgroundBrush().color() == theme.roles().card
    finally:
        theme.apply(qapp, "light")
    assert plot.graphics.backgroundBrush().color() == theme.roles().card


def test_linked_plots_show_the_same_part_of_the_axis_and_follow_together(qtbot):
    one, other = CurvePlot("one"), CurvePlot("other")
    for plot, count in ((one, 100), (other, 40)):
        qtbot.addWidget(plot)
        plot.resize(400, 200)
        plot.show()
        plot.add_curve(Curve("c", theme.series("loss"), series(range(count))))
    one.link(other)
    one.refresh()
    other.refresh()
    assert one.view.viewRange()[0] == pytest.approx(other.view.viewRange()[0])
    assert other.view.viewRange()[0][1] >= 99
    one.view.setXRange(10, 20, padding=0)
    one.view.sigRangeChangedManually.emit([True, False])
    assert not other.following
    assert other.view.viewRange()[0] == pytest.approx([10, 20])
    other.follow()
    assert one.following
    assert one.view.viewRange()[0][1] >= 99


def test_marks_stand_at_their_steps_and_are_named_in_the_readout(qtbot):
    plot = CurvePlot("loss")
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show()
    plot.add_curve(Curve("c", theme.series("loss"), series(range(100))))
    plot.set_marks({"checkpoint": [10, 50], "paused": [50]})
    plot.refresh()
    assert [list(ticks.xvals) for ticks in plot._ticks.values()] == [[10, 50], [50]]
    plot.hover(50)
    assert plot.readout.toPlainText().endswith("checkpoint   paused")
    plot.hover(30)
    assert "checkpoint" not in plot.readout.toPlainText()


def test_what_the_mouse_reads_goes_when_it_leaves_or_the_page_is_left(qtbot):
    plot = CurvePlot("loss")
    qtbot.addWidget(plot)
    plot.resize(400, 200)
    plot.show()
    plot.add_curve(Curve("c", theme.series("loss"), series(range(100))))
    plot.refresh()
    for leave in (lambda: QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave)), plot.hide):
        plot.hover(50)
        assert plot.readout.isVisible()
        leave()
        assert not plot.readout.isVisible()
    plot.show()
    plot._moved((plot.plot.sceneBoundingRect().center(),))  # told late, after the mouse has left
    assert not plot.readout.isVisible()


def test_no_curve_runs_through_the_name_of_the_axis(plot):
    curve(plot, [6.0, 2.0])
    name = plot._names[1]
    drawn_in = plot.view.mapRectToScene(plot.view.boundingRect())
    assert name.text() == "Loss" and name.geometry().bottom() <= drawn_in.top() + 1
