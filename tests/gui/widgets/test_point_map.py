import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from recdesk.gui import theme
from recdesk.gui.widgets.point_map import PointMap, Points
from recdesk.gui.widgets.point_raster import PointRaster, stamp

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

RED, BLUE = (200, 0, 0), (0, 0, 200)
GRID = np.array([(x, y) for y in range(3) for x in range(5)], np.float32)
"""Three rows of five points, from the lower left corner."""


@pytest.fixture
def view(qtbot) -> PointMap:
    made = PointMap("Map")
    qtbot.addWidget(made)
    made.resize(448, 248)
    colours = np.array([1] * 10 + [2] * 5, np.uint8)
    made.show_points(Points(GRID, colours, np.array([(220, 220, 220), RED, BLUE], np.uint8)))
    with qtbot.waitExposed(made):
        made.show()
    return made


def colour_at(view: PointMap, row: int) -> tuple[int, int, int]:
    x, y = view.places()
    pixel = view.grab().toImage().pixelColor(int(x[row]), int(y[row]))
    return pixel.red(), pixel.green(), pixel.blue()


def place(view: PointMap, row: int) -> QPoint:
    x, y = view.places()
    return QPoint(round(float(x[row])), round(float(y[row])))


def test_a_disc_covers_as_much_as_it_should():
    for radius in (1.5, 2.6, 4.5):
        assert sum(step for *_, step in stamp(radius)) / 4 == pytest.approx(np.pi * radius**2, rel=0.08)


def test_points_are_drawn_where_they_are_and_later_ones_over_earlier_ones():
    x, y = np.array([5, 5, 19, -40], np.float32), np.array([6, 6, 9, 3], np.float32)
    colours, palette = np.array([0, 1, 0, 0], np.uint8), np.array([RED, BLUE], np.uint8)
    drawn = PointRaster().draw(x, y, colours, palette, (255, 255, 255), (20, 10), 1.5)[:, :20]
    assert (drawn[6, 5], drawn[9, 19]) == (0xFF0000C8, 0xFFC80000)
    assert drawn[0, 0] == 0xFFFFFFFF and (drawn != 0xFFFFFFFF).sum() == 9 + 4
    assert set(drawn[5:8, 4:7].ravel().tolist()) <= {0xFF0000C8} | {
        0xFF000000 | (c << 16) | (c << 8) | b for c, b in ((191, 241), (128, 228), (64, 214))
    }


def test_all_points_are_in_sight_at_first_in_their_colours(view: PointMap):
    x, y = view.places()
    assert (x.min(), y.max()) == (pytest.approx(24), pytest.approx(224))
    assert (x.max(), y.min()) == (pytest.approx(424), pytest.approx(24))
    assert [colour_at(view, row) for row in (0, 9, 10)] == [RED, RED, BLUE]


def test_dragging_moves_and_the_wheel_zooms_around_the_mouse(view: PointMap, qtbot):
    before = place(view, 7)
    for event, at in ((qtbot.mousePress, QPoint(60, 60)), (qtbot.mouseRelease, QPoint(100, 90))):
        if event is qtbot.mouseRelease:
            qtbot.mouseMove(view, QPoint(100, 90))
        event(view, Qt.MouseButton.LeftButton, pos=at)
    assert place(view, 7) - before == QPoint(40, 30)
    view.zoom(2.0, QPointF(place(view, 3)))
    x, _ = view.places()
    assert x[1] - x[0] == pytest.approx(200)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Plus, Qt.Key.Key_0):
        qtbot.keyClick(view, key)
    assert place(view, 0) == QPoint(24, 224)


def test_zooming_keeps_the_place_under_the_mouse(view: PointMap):
    at = place(view, 3)
    for factor in (3.0, 0.2, 1e9, 1e-9):
        view.zoom(factor, QPointF(at))
        view.zoom(1.0)
    x, y = view.places()
    assert np.isfinite(x).all() and np.isfinite(y).all()
    view.fit()
    view.zoom(3.0, QPointF(at))
    assert place(view, 3) == at


def test_a_click_chooses_a_point_a_double_click_opens_it(view: PointMap, qtbot):
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 8))
    assert chosen.args[0].tolist() == [8]
    with qtbot.waitSignal(view.opened) as opened:
        qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=place(view, 8))
    assert opened.args == [8]
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=place(view, 8) + QPoint(50, 50))
    assert chosen.args[0].tolist() == []


@pytest.mark.parametrize("shift", [False, True])
def test_a_lasso_chooses_what_is_within(view: PointMap, qtbot, shift: bool):
    view.lasso_mode = not shift
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    corners = [place(view, row) for row in (0, 3, 8, 5)]
    out = [QPoint(-15, 15), QPoint(15, 15), QPoint(15, -15), QPoint(-15, -15)]
    path = [corner + away for corner, away in zip(corners, out, strict=True)]
    with qtbot.waitSignal(view.chosen) as chosen:
        qtbot.mousePress(view, Qt.MouseButton.LeftButton, held, path[0])
        for at in path[1:]:
            qtbot.mouseMove(view, at)
        qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, held, path[-1])
    assert chosen.args[0].tolist() == [0, 1, 2, 3, 5, 6, 7, 8]


def test_what_is_not_highlighted_is_faint_and_marks_stand_on_top(view: PointMap, qtbot):
    view.highlight(np.arange(15) == 4)
    assert [colour_at(view, row) for row in (4, 5)] == [RED, (220, 220, 220)]
    view.highlight(None)
    view.mark(np.array([2]), [(1, 12)])
    accent = theme.roles().accent
    disc = view.grab().toImage().pixelColor(place(view, 12) + QPoint(-6, 0))
    assert (disc.red(), disc.green(), disc.blue()) == (accent.red(), accent.green(), accent.blue())
    assert colour_at(view, 2) == RED
    view.readout = lambda row: f"row {row}"
    qtbot.mouseMove(view, place(view, 12) + QPoint(3, 3))
    assert view.hovered == 12
    qtbot.mouseMove(view, place(view, 12) + QPoint(40, 40))
    assert view.hovered == -1


def test_nothing_and_a_single_point_are_shown(view: PointMap):
    palette = np.array([RED], np.uint8)
    view.show_points(Points(np.zeros((1, 2), np.float32), np.zeros(1, np.uint8), palette))
    assert place(view, 0) == QPoint(224, 124) and colour_at(view, 0) == RED
    view.show_points(Points(np.empty((0, 2), np.float32), np.empty(0, np.uint8), palette))
    assert view.row_at(QPointF(5, 5)) == -1 and not view.grab().isNull()
    assert view.picture(2.0).width() == 896


def test_other_colours_leave_the_view_as_it_is(view: PointMap):
    view.zoom(2.0)
    before = place(view, 0)
    view.show_points(Points(GRID, np.full(15, 2, np.uint8), np.array([RED, RED, BLUE], np.uint8)))
    assert place(view, 0) == before
    view.resize(600, 300)
    assert place(view, 0) != QPoint(24, 276)
