"""Exporting a split from the window."""

from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QFileDialog

from recdesk.gui.pages.data.split_export import SplitDialog
from recdesk.gui.session import Session
from tests.gui.driver import WindowDriver, window_on
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_a_split_of_the_chosen_data_is_written_where_a_person_says(
    session: Session, qtbot, tmp_path: Path, monkeypatch, check_controls
):
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    driver.window.show_page("data")
    action = session.actions.spec("data.split")
    assert not action.enabled()
    session.choose_dataset(add_dataset(session.workspace))
    driver.until(action.enabled)
    assert action.words() == ["split", "chain", "--out", "chain-split"]

    def answered(dialog: SplitDialog) -> int:
        check_controls(dialog)
        dialog.kind.setCurrentIndex(dialog.kind.findData("time"))
        dialog.form.setCurrentIndex(dialog.form.findData("parquet"))
        return 1

    monkeypatch.setattr(SplitDialog, "exec", answered)
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    said: list[str] = []
    session.status_changed.connect(said.append)
    session.actions.trigger("data.split")
    driver.settle()
    assert len(pd.read_parquet(tmp_path / "chain-time" / "test.parquet")) > 0
    assert any("its hash is" in sentence for sentence in said)
    assert session.script.entries[-1].words[:6] == ("split", "chain", "--kind", "time", "--form", "parquet")


def test_without_times_nothing_is_cut_by_time(qtbot):
    dialog = SplitDialog("chain", with_times=False)
    qtbot.addWidget(dialog)
    assert dialog.kind.findData("time") < 0 and dialog.kind.findData("leave-one-out") >= 0
