from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from recdesk.gui.widgets.inputs import SuggestBox, TextBox


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


def test_a_line_says_what_no_text_means_and_tells_every_change(qtbot):
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
