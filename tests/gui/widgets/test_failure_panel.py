import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton

from recdesk.core.errors import RecdeskError
from recdesk.gui.widgets.failure_panel import FailurePanel
from tests.gui.markup import MARKED_UP, labels
from tests.gui.trained import button

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FIRST = RecdeskError("The file is empty.", "Choose another.", "Traceback of the first")
SECOND = RecdeskError("The disk is full.")


@pytest.fixture
def panel(qtbot) -> FailurePanel:
    made = FailurePanel()
    qtbot.addWidget(made)
    made.resize(800, 300)
    return made


def test_the_failure_panel_is_empty_before_something_fails(panel: FailurePanel):
    assert not panel.isVisible()
    assert panel.sentence() == panel.report() == ""
    panel.dismiss()
    assert not panel.isVisible()


def test_a_failure_is_shown_as_sentence_and_suggestion_with_the_details_a_click_away(panel: FailurePanel, qtbot):
    panel.show_failure(FIRST)
    assert panel.isVisible()
    assert labels(panel) == ["The file is empty.", "Choose another."]
    (details,) = panel.findChildren(QPlainTextEdit)
    assert not details.isVisible()
    qtbot.mouseClick(button(panel, "Details"), Qt.MouseButton.LeftButton)
    assert details.isVisible()
    assert details.toPlainText() == "Traceback of the first"


def test_there_is_no_button_for_details_where_there_are_none(panel: FailurePanel):
    panel.show_failure(SECOND)
    assert [b.text() for b in panel.findChildren(type(button(panel, "Close"))) if b.isVisible()] == [
        "Copy report",
        "Close",
    ]


def test_the_report_goes_to_the_clipboard_whole(panel: FailurePanel, qtbot):
    panel.show_failure(FIRST)
    qtbot.mouseClick(button(panel, "Copy report"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "The file is empty.\n\nChoose another.\n\nTraceback of the first"


def test_closing_the_latest_failure_brings_no_earlier_one_back(panel: FailurePanel, qtbot):
    panel.show_failure(FIRST)
    panel.show_failure(SECOND)
    assert panel.sentence() == "The disk is full."
    qtbot.mouseClick(button(panel, "Close"), Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    assert panel.sentence() == ""
    panel.show_failure(SECOND)
    assert "Earlier (1)" not in [b.text() for b in panel.findChildren(QPushButton) if b.isVisible()]
    qtbot.keyClick(button(panel, "Close"), Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_earlier_failures_are_within_reach_until_the_panel_is_closed(panel: FailurePanel, qtbot):
    for error in (FIRST, SECOND):
        panel.show_failure(error)
    for expected in (FIRST, SECOND, FIRST):
        qtbot.mouseClick(button(panel, "Earlier (1)"), Qt.MouseButton.LeftButton)
        assert panel.sentence() == expected.sentence


def test_a_failure_that_no_longer_applies_is_withdrawn(panel: FailurePanel):
    first, second, third = (RecdeskError(f"Number {number} failed.") for number in (1, 2, 3))
    for error in (first, second, third):
        panel.show_failure(error)
    panel.withdraw(second)
    assert panel.sentence() == "Number 3 failed."
    panel.withdraw(third)
    assert panel.sentence() == "Number 1 failed." and "Number 1 failed." in labels(panel)
    panel.withdraw(third)
    assert panel.isVisible()
    panel.withdraw(first)
    assert not panel.isVisible()


def test_the_same_failure_again_is_shown_once(panel: FailurePanel):
    for _ in range(3):
        panel.show_failure(RecdeskError("The file is empty.", "Choose another."))
    panel.dismiss()
    assert not panel.isVisible()


def test_the_sentence_is_there_for_a_screen_reader(panel: FailurePanel):
    panel.show_failure(FIRST)
    assert panel.accessibleName() == "What went wrong"
    assert panel.accessibleDescription() == "The file is empty. Choose another."


@pytest.mark.parametrize("text", MARKED_UP)
def test_names_in_a_failure_are_shown_as_they_stand(text: str, panel: FailurePanel):
    panel.show_failure(RecdeskError(f"“{text}” is empty.", f"Look at {text}.", text))
    assert labels(panel) == [f"“{text}” is empty.", f"Look at {text}."]
