"""What is known of a person, beside their history."""

from dataclasses import replace

import pandas as pd
import pytest
from PySide6.QtGui import QFontMetrics

from recdesk.gui import theme
from recdesk.gui.pages.recommend.history_card import PersonLine
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.markup import MARKED_UP, as_read
from tests.gui.pages.recommend.driver import RecommendPageDriver
from tests.gui.trained import add_dataset, button, train, trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


PERSON = {"gender": "F", "age": "25–34", "occupation": "writer", "zip": "94110"}


def line_of(qtbot, width: int, features: dict[str, str]) -> PersonLine:
    """A line of this width."""
    line = PersonLine()
    qtbot.addWidget(line)
    line.make_room(len(features))
    line.resize(width, line.sizeHint().height())
    line.show_features(features)
    return line


def width_of(*texts: str) -> int:
    """Just enough for the widest text."""
    return max(map(QFontMetrics(theme.font("small")).horizontalAdvance, texts)) + 1


def test_features_that_fit_stand_in_one_row_without_a_tooltip(qapp, qtbot):
    line = line_of(qtbot, 900, {"age": "25–34", "occupation": "writer"})
    assert line.shown() == ["age: 25–34 · occupation: writer"]
    assert line.toolTip() == ""
    assert line.sizeHint().height() == QFontMetrics(line.font()).lineSpacing()


def test_three_features_and_more_have_two_rows_and_break_between_them(qapp, qtbot):
    line = line_of(qtbot, 900, PERSON)
    assert line.shown() == ["gender: F · age: 25–34 · occupation: writer · zip: 94110"]
    assert line.sizeHint().height() == 2 * QFontMetrics(line.font()).lineSpacing()
    rows = ["gender: F · age: 25–34", "occupation: writer · zip: 94110"]
    line = line_of(qtbot, width_of(*rows), PERSON)
    assert line.shown() == rows
    assert line.toolTip() == ""


def test_features_without_room_are_whole_in_the_tooltip(qapp, qtbot):
    rows = ["gender: F · age: 25–34", "occupation: writer · …"]
    line = line_of(qtbot, width_of(*rows), PERSON)
    assert line.shown() == rows
    assert line.toolTip().splitlines() == ["gender: F", "age: 25–34", "occupation: writer", "zip: 94110"]


def test_a_long_text_leaves_room_for_the_others(qapp, qtbot):
    line = line_of(qtbot, 900, {"about": "likes\nlong walks " * 40, "age": "30"})
    (row,) = line.shown()
    assert row == "about: likes long walks likes long wal… · age: 30"
    told = line.toolTip().splitlines()
    assert told[0].startswith("about: likes long walks likes") and max(map(len, told)) <= 72
    assert told[-1] == "age: 30"
    assert len(line.toolTip()) < 330


@pytest.mark.parametrize("text", MARKED_UP)
def test_texts_are_never_taken_for_markup(text: str, qapp, qtbot):
    line = line_of(qtbot, 60, {text: text})
    assert line.text().startswith(f"{text}: ")
    assert " ".join(as_read(line.toolTip()).split()) == f"{text}: {text}"


def test_a_user_without_features_is_described_as_such(qapp, qtbot):
    assert line_of(qtbot, 900, {}).shown() == ["nothing else is known of this person"]


# on the page


@pytest.fixture
def workspace(tmp_path) -> Workspace:
    """With "chain", of whose users nothing is known, and "people", of whose users something is; a run on each."""
    workspace = trained_workspace(tmp_path / "trained")
    people = replace(
        chain_dataset(),
        name="people",
        user_features=pd.DataFrame(
            {"age": [str(20 + n) for n in range(60)], "job": ["", *["writer"] * 59]}, dtype="str"
        ),
    )
    train(workspace, dataset=add_dataset(workspace, people), epochs=1)
    return workspace


def test_the_chosen_user_is_described_and_a_newcomer_is_not(session: Session, qtbot, workspace: Workspace):
    driver = RecommendPageDriver(session, qtbot)
    line = driver.page.history_card.person
    assert driver.page.run.dataset_name == "people"
    assert (line.isVisible(), line.text()) == (True, "age: 20")
    driver.choose_user(17)
    assert line.text() == "age: 37 · job: writer"
    driver.take_out(0)
    assert line.text() == "age: 37 · job: writer"
    driver.click(button(driver.page.users, "+ new"))
    assert line.text() == "nothing else is known of this person"
    (plain,) = [run for run in workspace.runs() if run.dataset_name == "chain"]
    driver.session.choose_run(plain.id)
    driver.settle()
    assert not line.isVisible()
