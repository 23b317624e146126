import pytest
from PySide6.QtWidgets import QWidget

from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.text import ElidedText, Text
from tests.gui.markup import MARKED_UP, as_read, labels

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.mark.parametrize("text", MARKED_UP)
@pytest.mark.parametrize("kind", [Text, ElidedText])
def test_a_label_shows_text_as_it_stands(kind, text, qtbot):
    frame = QWidget()
    qtbot.addWidget(frame)
    label = kind(text)
    label.setParent(frame)
    assert labels(frame) == [text]
    label.setText("something else")
    label.setText(text)
    assert labels(frame) == [text]


@pytest.mark.parametrize("text", MARKED_UP)
def test_what_is_cut_stands_whole_and_plain_in_the_tooltip(text, qtbot):
    label = ElidedText(text)
    qtbot.addWidget(label)
    label.resize(30, 20)
    label.show()
    assert as_read(label.toolTip()) == text
    label.resize(2000, 20)
    assert label.toolTip() == ""


@pytest.mark.parametrize("text", MARKED_UP)
def test_the_title_of_a_card_is_plain_where_it_is_cut(text, qtbot):
    card = Card("first")
    qtbot.addWidget(card)
    card.set_title(text)
    card.resize(80, 60)
    card.show()
    (title,) = card.findChildren(ElidedText)
    assert as_read(title.toolTip()) == text
    assert card.accessibleName() == text


def test_a_cut_text_ends_in_an_ellipsis_and_a_whole_one_does_not(qtbot):
    label = ElidedText("Everything that was ever written")
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    cut = label.grab().toImage()
    label.setText("Eve")
    assert label.toolTip() == ""
    assert label.grab().toImage() != cut
    assert label.minimumSizeHint().width() <= 48
