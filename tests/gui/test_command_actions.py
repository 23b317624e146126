import shlex

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from recdesk.gui.command_actions import ScriptDialog
from recdesk.gui.main_window import MainWindow
from tests.gui.trained import add_dataset

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def window(session, qtbot) -> MainWindow:
    made = MainWindow(session)
    qtbot.addWidget(made)
    made.show()
    return made


def copied() -> list[str]:
    return shlex.split(QApplication.clipboard().text())


def test_the_command_of_the_train_page_has_its_settings(window, session, qtbot):
    name = add_dataset(session.workspace)
    session.choose_dataset(name)
    qtbot.waitUntil(lambda: session.dataset is not None)
    window.show_page("train").settings.form.set_values({"patience": 3})
    session.actions.trigger("window.copy-command")
    words = ["recdesk", "train", name, "--model", "bert-causal", "--set", "patience=3"]
    assert copied() == [*words, "--workspace", str(session.workspace.folder)]


def test_a_page_without_a_command_copies_nothing(window, session):
    QApplication.clipboard().setText("before")
    window.show_page("settings")
    session.actions.trigger("window.copy-command")
    assert QApplication.clipboard().text() == "before"


def test_the_palette_copies_the_command_of_an_action(window, session, qtbot):
    palette = window.palette_popup
    palette.open()
    palette.field.setText("example in chinese")
    qtbot.keyClick(palette.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert not palette.isVisible()
    assert copied()[:4] == ["recdesk", "example", "--language", "zh"]


def test_the_script_can_be_saved(session, qtbot, tmp_path):
    session.script.add(["example", "--language", "en"])
    dialog = ScriptDialog(session)
    qtbot.addWidget(dialog)
    dialog.save_to(tmp_path / "again.sh")
    qtbot.waitUntil(lambda: (tmp_path / "again.sh").exists())
    assert (tmp_path / "again.sh").read_text() == dialog.view.toPlainText()
    assert 'recdesk example --language en --workspace "$WORKSPACE"' in dialog.view.toPlainText()
