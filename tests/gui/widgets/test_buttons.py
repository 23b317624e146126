import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from recdesk.gui.style import FlatStyle
from recdesk.gui.widgets.buttons import Chip, Segments
from recdesk.gui.widgets.focus_ring import FocusRing

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def row(qtbot, qapp):
    """A window with one chip of each look; the last two are tabs, of which the second is chosen."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QHBoxLayout(window)
    layout.setContentsMargins(20, 20, 20, 20)
    chips = [Chip("same", fact=True), Chip("same", checkable=True), Chip("same")]
    tabs = [Chip("same", tab=True), Chip("same", tab=True)]
    tabs[1].setChecked(True)
    for widget in (*chips, Segments(*tabs)):
        layout.addWidget(widget)
    window.show()
    return window, chips + tabs


def picture(widget):
    return widget.grab().toImage()


def test_a_fact_a_switch_an_action_and_a_tab_look_unlike_each_other(row):
    _window, chips = row
    assert [chip.look for chip in chips] == ["fact", "switch", "action", "tab", "tab"]
    seen = [picture(chip) for chip in chips]
    assert all(one != other for at, one in enumerate(seen) for other in seen[at + 1 :])


def test_on_changes_a_switch_and_focus_changes_no_chip(row, qtbot):
    _window, (_fact, switch, action, tab, _chosen) = row
    off = picture(switch)
    for chip in (switch, action, tab):
        before = picture(chip)
        chip.setFocus()
        assert picture(chip) == before
    switch.setChecked(True)
    assert picture(switch) != off


def test_a_fact_takes_no_focus(row):
    _window, chips = row
    assert [chip.focusPolicy() == Qt.FocusPolicy.NoFocus for chip in chips] == [True, False, False, False, False]


def test_the_ring_lies_outside_of_the_control_that_has_the_focus(row, qtbot, qapp):
    window, chips = row
    qapp.setStyle(FlatStyle())
    ring = FocusRing(qapp, window)
    field = QLineEdit()
    window.layout().addWidget(field)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    chips[1].setFocus()
    assert not ring.frame.isVisible()  # not moved by the keyboard
    qtbot.keyClick(chips[1], Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: ring.frame.widget() is chips[2])
    assert surrounds(ring, chips[2])
    field.setFocus()  # typed into
    qtbot.waitUntil(lambda: ring.frame.widget() is field)
    assert surrounds(ring, field)
    chips[1].setFocus()
    assert not ring.frame.isVisible()


def surrounds(ring, control):
    corner = control.mapTo(control.window(), control.rect().topLeft())
    return ring.frame.geometry().contains(control.rect().translated(corner).adjusted(-2, -2, 2, 2))
