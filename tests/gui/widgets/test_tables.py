import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QHeaderView

from recdesk.gui import theme
from recdesk.gui.widgets.tables import SHARE_ROLE, ArrayTable, ArrayTableModel, Column, ScoreBarDelegate
from recdesk.gui.widgets.text import plain_tooltip
from tests.gui.markup import MARKED_UP, as_read

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
TITLES = ["ten", "Two", "nine", "two", "ten"]
NUMBERS = [10, 2, 9, 2, 10]


def small() -> list[Column]:
    return [
        Column("Title", TITLES),
        Column("Number", np.array(NUMBERS), numeric=True),
        Column("Share", np.array([0.5, -1.0, 2.25, 0.0, 0.5]), lambda value: f"{value:.1f}"),
    ]


def shown(model: ArrayTableModel) -> list[int]:
    """Rows of the data as they stand."""
    return [model.source_row(row) for row in range(model.rowCount())]


@pytest.fixture
def table(qtbot) -> ArrayTable:
    made = ArrayTable("Things")
    qtbot.addWidget(made)
    made.resize(600, 400)
    made.set_columns(small(), (0, 100, 100))
    with qtbot.waitExposed(made):
        made.show()
    return made


def click_head(qtbot, table: ArrayTable, column: int) -> None:
    head = table.horizontalHeader()
    middle = QPoint(head.sectionViewportPosition(column) + head.sectionSize(column) // 2, head.height() // 2)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=middle)


def test_qt_finds_no_fault_with_the_model(qtmodeltester, qapp):
    model = ArrayTableModel(small())
    qtmodeltester.check(model, force_py=True)
    watch = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.sort(1, DOWN)
    model.set_filter(np.array([True, False, True, True, False]))
    model.sort(0, UP)
    model.set_filter(None)
    model.set_columns([])
    model.set_columns(small()[:1])
    watch.deleteLater()


def test_an_empty_table_is_a_table(qtmodeltester, qapp):
    model = ArrayTableModel()
    qtmodeltester.check(model, force_py=True)
    model.sort(0, UP)
    assert (model.rowCount(), model.columnCount()) == (0, 0)


def test_cells_show_values_as_their_column_formats_them(qapp):
    model = ArrayTableModel([*small(), Column("Count", np.array([1, 2, 3, 4, 1234567]))])
    row = [model.index(4, column).data() for column in range(4)]
    assert row == ["ten", "10", "0.5", "1,234,567"]


@pytest.mark.parametrize(
    ("column", "order", "rows"),
    [
        (0, UP, [1, 2, 0, 4, 3]),
        (0, DOWN, [3, 0, 4, 2, 1]),
        (1, UP, [1, 3, 2, 0, 4]),
        (1, DOWN, [0, 4, 2, 1, 3]),
        (2, UP, [1, 3, 0, 4, 2]),
        (2, DOWN, [2, 0, 4, 3, 1]),
    ],
)
def test_sorting_is_by_value_and_equal_values_keep_their_order(column, order, rows, qapp):
    model = ArrayTableModel(small())
    model.sort(column, order)
    assert shown(model) == rows
    model.sort(-1, UP)
    assert shown(model) == [0, 1, 2, 3, 4]


@given(
    values=st.lists(st.integers(-3, 3)) | st.lists(st.floats(allow_nan=False)) | st.lists(st.text(max_size=3)),
    order=st.sampled_from([UP, DOWN]),
)
def test_sorting_agrees_with_python(values, order, qapp):
    model = ArrayTableModel([Column("Value", values)])
    model.sort(0, order)
    assert shown(model) == sorted(range(len(values)), key=lambda row: values[row], reverse=order == DOWN)


def test_a_column_can_be_sorted_by_something_else_than_it_shows(qapp):
    model = ArrayTableModel([Column("Day", ["Monday", "Tuesday", "Friday"], key=[1, 2, 5])])
    model.sort(0, DOWN)
    assert [model.index(row, 0).data() for row in range(3)] == ["Friday", "Tuesday", "Monday"]


def test_a_filter_keeps_the_order_and_sorting_keeps_the_filter(qapp):
    model = ArrayTableModel(small())
    model.sort(1, UP)
    model.set_filter(np.array([True, True, False, False, True]))
    assert shown(model) == [1, 0, 4]
    model.sort(1, DOWN)
    assert shown(model) == [0, 4, 1]
    assert (model.shown_row(4), model.shown_row(2)) == (1, None)
    model.set_filter(np.zeros(5, dtype=bool))
    assert model.rowCount() == 0
    model.set_filter(None)
    assert shown(model) == [0, 4, 2, 1, 3]


def test_what_is_pointed_at_stays_what_it_is_when_the_order_changes(qapp):
    model = ArrayTableModel(small())
    kept = [QPersistentModelIndex(model.index(row, 1)) for row in range(5)]
    model.sort(2, DOWN)
    assert [model.source_row(index.row()) for index in kept] == [0, 1, 2, 3, 4]
    assert {index.column() for index in kept} == {1}


def test_a_million_rows_open_without_an_object_a_row(qapp):
    n = 1_000_000
    columns = [Column("User", np.arange(n)), Column("Score", np.linspace(0, 1, n))]
    model = ArrayTableModel()
    tracemalloc.start()
    blocks = sys.getallocatedblocks()
    model.set_columns(columns)
    assert (model.rowCount(), model.index(n - 1, 0).data()) == (n, "999,999")
    model.set_filter(np.arange(n) % 2 == 1)
    assert (model.rowCount(), model.index(0, 0).data()) == (n // 2, "1")
    assert sys.getallocatedblocks() - blocks < 1000
    assert tracemalloc.get_traced_memory()[1] < 64 * n  # permutations of row numbers, not objects
    tracemalloc.stop()


def test_a_million_rows_sort_around_the_chosen_one_without_an_object_a_row(qtbot):
    n = 1_000_000
    table = ArrayTable("Many")
    qtbot.addWidget(table)
    table.set_columns([Column("User", np.arange(n)), Column("Score", np.arange(n)[::-1] % 1000)], (0, 100))
    table.choose(777_777)
    tracemalloc.start()
    table.sortByColumn(1, DOWN)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert table.chosen() == 777_777
    assert table.table_model.source_row(0) == 0
    assert peak < 64 * n


def test_a_column_gives_its_look(qapp):
    figures = Column("Score", [0.5], numeric=True, shares=np.array([0.25]), tones=["warning"])
    model = ArrayTableModel([Column("Item", ["x"]), figures])
    index = model.index(0, 1)
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
    assert index.data(SHARE_ROLE) == 0.25
    assert index.data(Qt.ItemDataRole.ForegroundRole) == theme.roles().warning
    assert index.siblingAtColumn(0).data(SHARE_ROLE) is None


@pytest.mark.parametrize("text", MARKED_UP)
def test_text_that_looks_like_markup_is_shown_as_it_stands(text, qapp):
    model = ArrayTableModel([Column("Title", [text])])
    index = model.index(0, 0)
    assert index.data() == text
    tip = index.data(Qt.ItemDataRole.ToolTipRole)
    assert tip is None or as_read(tip) == text


@pytest.mark.parametrize("text", [*MARKED_UP, "first line\nsecond line with <b>x</b> in it"])
def test_a_tooltip_is_read_as_it_stands(text):
    assert as_read(plain_tooltip(text)) == text


def test_heads_name_their_columns_and_stand_over_their_figures(table):
    head = table.model().headerData
    assert [head(column, Qt.Orientation.Horizontal) for column in range(3)] == ["Title", "Number", "Share"]
    align = [head(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) for column in range(3)]
    assert [bool(a & int(Qt.AlignmentFlag.AlignRight)) for a in align] == [False, True, False]
    assert not table.verticalHeader().isVisible()
    assert table.accessibleName() == table.horizontalHeader().accessibleName() == "Things"


def test_a_click_on_a_head_sorts_up_then_down_then_as_in_the_data(table, qtbot):
    seen = []
    for _ in range(3):
        click_head(qtbot, table, 1)
        seen.append(shown(table.table_model))
    assert seen == [[1, 3, 2, 0, 4], [0, 4, 2, 1, 3], [0, 1, 2, 3, 4]]


def test_new_data_comes_in_its_own_order(table, qtbot):
    click_head(qtbot, table, 1)
    table.set_columns(small(), (0, 100, 100))
    assert shown(table.table_model) == [0, 1, 2, 3, 4]
    assert table.horizontalHeader().sortIndicatorSection() == -1


def test_widths_hold_and_the_open_one_takes_what_is_left(table):
    head = table.horizontalHeader()
    assert [head.sectionSize(section) for section in (1, 2)] == [100, 100]
    assert head.sectionSize(0) == table.viewport().width() - 200
    assert head.sectionResizeMode(0) == QHeaderView.ResizeMode.Stretch


def test_the_arrow_keys_choose_rows_by_their_position_in_the_data(table, qtbot):
    table.sortByColumn(1, UP)
    heard = []
    table.row_chosen.connect(heard.append)
    table.choose(1)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(table, key)
    assert heard == [1, 3, 2, 3]
    assert table.chosen() == 3


def test_tab_leaves_the_table(table):
    assert not table.tabKeyNavigation()


def test_several_selected_rows_are_given_in_shown_order(qtbot):
    table = ArrayTable("Things", several=True)
    qtbot.addWidget(table)
    table.set_columns(small(), (0, 100, 100))
    table.sortByColumn(1, DOWN)
    table.selectAll()
    assert table.selected() == [0, 4, 2, 1, 3]


def test_choosing_a_row_that_is_filtered_out_leaves_the_choice(table):
    table.choose(3)
    table.table_model.set_filter(np.array([True, False, False, True, False]))
    table.choose(3)
    table.choose(2)
    assert table.chosen() == 3


def test_score_bars_are_as_long_as_their_shares(table, qtbot):
    shares = np.array([1.0, 0.5, 0.25, -0.5, 0.0])
    table.set_columns([Column("Bar", shares, shares=shares)], (0,))
    table.setItemDelegateForColumn(0, ScoreBarDelegate(table))
    table.clearSelection()
    picture = table.viewport().grab().toImage()
    lengths = {}
    for row in range(5):
        cell = table.visualRect(table.model().index(row, 0))
        colours = [picture.pixelColor(x, cell.center().y()) for x in range(cell.left() + 10, cell.right() - 14)]
        wanted = theme.roles().accent if shares[row] >= 0 else theme.roles().warning
        lengths[row] = sum(colour == wanted for colour in colours) / len(colours)
    assert [lengths[row] for row in range(4)] == pytest.approx([1.0, 0.5, 0.25, 0.5], abs=0.05)
    assert lengths[4] < 0.05


def test_what_the_program_chooses_does_not_add_to_the_selection_while_control_is_held(qapp, qtbot):
    """As a list that is read anew while somebody holds a key does."""
    table = ArrayTable("Runs", several=True)
    qtbot.addWidget(table)
    table.set_columns([Column("n", [str(number) for number in range(9)])], (0,))
    table.show()
    table.choose(1)
    QTest.keyPress(table.windowHandle(), Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.keyboardModifiers() == Qt.KeyboardModifier.ControlModifier
    try:
        table.choose(6)
        assert table.selected() == [6]
        table.choose_several([2, 4], 4)
        assert table.selected() == [2, 4]
    finally:
        QTest.keyRelease(table.windowHandle(), Qt.Key.Key_Control)
