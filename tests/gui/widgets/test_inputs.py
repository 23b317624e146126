import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from recdesk.gui.widgets.inputs import FloatBox, SuggestBox, TextBox, WholeBox

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def rate(qtbot) -> FloatBox:
    """A box such as that of the learning rate."""
    made = FloatBox(1e-12, 0.1)
    qtbot.addWidget(made)
    made.set_number(0.001)
    return made


@pytest.fixture
def minutes(qtbot) -> FloatBox:
    """A box that may be empty."""
    made = FloatBox(1e-12, 1000, "no limit")
    qtbot.addWidget(made)
    return made


@pytest.fixture(scope="module")
def kept_box(qapp):
    made = FloatBox(1e-12, 0.1)
    yield made
    made.deleteLater()


def type_in(qtbot, box, text: str) -> None:
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@given(number=st.floats(1e-9, 0.1))
@example(number=1 / 300)
def test_a_number_is_kept_to_its_last_digit(kept_box, number):
    kept_box.set_number(number)
    assert kept_box.number() == number


@pytest.mark.parametrize(("number", "text"), [(0.001, "0.001"), (0.1, "0.1"), (1 / 300, "0.00333333"), (0.05, "0.05")])
def test_a_number_is_shown_with_six_digits_at_most(rate, number, text):
    rate.set_number(number)
    assert rate.text() == text


def test_none_is_shown_in_words_and_read_back_as_none(minutes):
    assert (minutes.number(), minutes.text()) == (None, "no limit")
    minutes.set_number(2.5)
    assert (minutes.number(), minutes.text()) == (2.5, "2.5")
    minutes.set_number(None)
    assert (minutes.number(), minutes.text()) == (None, "no limit")


def test_where_zero_means_something_none_stands_below_it(qtbot):
    box = FloatBox(0.0, 0.9, "automatic")
    qtbot.addWidget(box)
    box.set_number(None)
    assert (box.number(), box.text()) == (None, "automatic")
    box.stepBy(1)
    assert (box.number(), box.text()) == (0.0, "0")
    box.stepBy(-1)
    assert (box.number(), box.text()) == (None, "automatic")
    box.set_number(0.3)
    assert (box.number(), box.text()) == (0.3, "0.3")
    type_in(qtbot, box, "-0.5")
    assert box.number() in (0.3, None) or box.number() >= 0


@pytest.mark.parametrize(("text", "number"), [("0.0005", 0.0005), ("1e-4", 1e-4), ("2.5e-3", 2.5e-3)])
def test_a_learning_rate_can_be_typed_the_way_papers_write_it(text, number, rate, qtbot):
    type_in(qtbot, rate, text)
    assert rate.number() == number


def test_what_is_too_large_is_not_taken(rate, qtbot):
    type_in(qtbot, rate, "5")
    assert rate.number() <= 0.1


def test_a_small_number_can_be_taken_back_digit_by_digit(rate, qtbot):
    rate.set_number(5e-5)
    rate.lineEdit().end(False)
    for _ in rate.text():
        qtbot.keyClick(rate, Qt.Key.Key_Backspace)
    assert rate.text() == ""
    qtbot.keyClicks(rate, "0.0002")
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert rate.number() == 0.0002


def test_return_in_a_box_that_was_not_edited_keeps_every_digit(rate, qtbot):
    rate.set_number(0.012345678)
    qtbot.keyClick(rate, Qt.Key.Key_Return)
    assert rate.number() == 0.012345678


def test_a_number_can_be_typed_after_a_click_into_a_box_that_says_no_limit(minutes, qtbot):
    with qtbot.waitExposed(minutes):
        minutes.show()
    qtbot.mouseClick(minutes.lineEdit(), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(minutes, "7")
    assert minutes.number() == 7


def test_the_arrow_keys_step_by_the_size_of_the_number(rate, qtbot):
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert rate.number() == pytest.approx(0.0011)
    rate.set_number(0.05)
    qtbot.keyClick(rate, Qt.Key.Key_Up)
    assert rate.number() == pytest.approx(0.051)


def test_a_whole_number_is_written_without_marks_in_any_language(qtbot):
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("de_DE"))
        box = WholeBox()
        qtbot.addWidget(box)
        box.setRange(0, 2**31 - 1)
        box.setValue(2**31 - 1)
        assert (box.value(), box.text()) == (2**31 - 1, "2147483647")
        type_in(qtbot, box, "12345")
        assert box.value() == 12345
    finally:
        QLocale.setDefault(before)


def test_a_whole_number_that_may_be_none(qtbot):
    box = WholeBox()
    qtbot.addWidget(box)
    box.setRange(8, 1024)
    box.setSingleStep(2)
    box.let_empty("automatic")
    box.set_number(None)
    assert (box.number(), box.text()) == (None, "automatic")
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert box.number() == 8
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.number() is None
    type_in(qtbot, box, "64")
    assert box.number() == 64
    box.selectAll()
    qtbot.keyClick(box, Qt.Key.Key_Delete)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert (box.number(), box.text()) == (None, "automatic")


def test_a_suggestion_is_shown_in_words_and_means_its_value(qtbot):
    box = SuggestBox([("Automatic", "auto"), ("trained here", "scratch")])
    qtbot.addWidget(box)
    assert (box.currentText(), box.value()) == ("Automatic", "auto")
    with qtbot.waitSignal(box.value_changed) as said:
        box.setValue("scratch")
    assert said.args == ["scratch"] and box.currentText() == "trained here"


def test_any_other_text_means_itself_without_the_blanks_around_it(qtbot):
    box = SuggestBox([("Automatic", "auto")])
    qtbot.addWidget(box)
    box.lineEdit().clear()
    qtbot.keyClicks(box.lineEdit(), " bert-base-chinese ")
    assert box.value() == "bert-base-chinese" and box.count() == 1


def test_the_wheel_is_left_to_the_page(qtbot):
    box = SuggestBox([("a", "a"), ("b", "b")])
    qtbot.addWidget(box)
    for target in (box, box.lineEdit()):
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(target, event)
        assert box.value() == "a" and not event.isAccepted()


def test_a_text_box_says_what_no_text_means_and_emits_every_change(qtbot):
    line = TextBox("automatic")
    qtbot.addWidget(line)
    heard: list[str] = []
    line.value_changed.connect(heard.append)
    line.setValue("title: {title}")
    assert heard == ["title: {title}"] and line.value() == "title: {title}" and line.placeholderText() == "automatic"


def test_an_action_among_the_suggestions_is_done_and_never_the_text(qtbot):
    box = SuggestBox([("Automatic", "auto")])
    qtbot.addWidget(box)
    box.setValue("own text")
    done: list[str] = []
    box.offer([("Automatic", "auto"), ("trained here", "scratch")], [("A folder…", lambda: done.append(box.value()))])
    assert box.value() == "own text"
    box.setCurrentIndex(3)
    assert box.value() == "own text"
    box.activated.emit(3)
    assert (done, box.currentText()) == (["own text"], "own text")
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert box.value() == "scratch"
    box.setCurrentIndex(3)
    box.activated.emit(3)
    assert (done[-1], box.currentText()) == ("scratch", "trained here")
