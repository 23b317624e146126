"""Noting published figures in the window."""

import pytest

from recdesk.gui.pages.data.published_dialog import PublishedDialog
from recdesk.gui.pages.data.published_figures import note_words
from recdesk.gui.session import Session
from recdesk.workspace.published import PublishedFigure, load_published
from tests.gui.driver import WindowDriver, window_on
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

FIGURE = PublishedFigure("chain", "SASRec", "recall@10", 0.25, "table 2", "time", "sampled", 100, users=60, items=40)


def test_a_figure_is_noted_and_removed_again(session: Session, qtbot, monkeypatch, check_controls):
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    driver.window.show_page("data")
    session.choose_dataset(add_dataset(session.workspace))
    driver.until(session.actions.spec("data.published").enabled)

    def fill(dialog: PublishedDialog) -> int:
        check_controls(dialog)
        dialog._accept()
        assert "of which model" in dialog.problem.text() and dialog.figure is None
        dialog.model.setText("SASRec")
        dialog.source.setText("table 2")
        dialog.measure.setCurrentIndex(dialog.measure.findData("recall@10"))
        dialog.value.setValue(0.25)
        dialog.split.setCurrentIndex(dialog.split.findData("time"))
        dialog.negatives.set_number(100)
        dialog.users.set_number(60)
        dialog.items.set_number(40)
        dialog._accept()
        return 1

    monkeypatch.setattr(PublishedDialog, "exec", fill)
    session.actions.trigger("data.published")
    driver.settle()
    assert load_published(session.workspace.folder) == [FIGURE]
    assert list(session.script.entries[-1].words) == note_words(FIGURE)

    def remove(dialog: PublishedDialog) -> int:
        dialog.table.choose(0)
        dialog.remove.click()
        return 0

    monkeypatch.setattr(PublishedDialog, "exec", remove)
    session.actions.trigger("data.published")
    driver.settle()
    assert load_published(session.workspace.folder) == []
