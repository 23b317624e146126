import ast
import json
import locale
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QTranslator

from recdesk.core.errors import RecdeskError
from recdesk.gui import app, theme
from recdesk.gui.style import FlatStyle
from recdesk.workspace.workspace import Workspace
from tests.gui.trained import add_dataset, answer

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

START = """
import json, os, sys, threading
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from recdesk.gui import app
from recdesk.gui.main_window import MainWindow

def broken():
    raise ZeroDivisionError("inner words")

def look():
    (window,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    said = {}
    try:
        LOOK
        said["failure"] = window.failures.report() if window.failures.isVisible() else ""
        said["title"] = window.windowTitle()
        print(json.dumps(said), flush=True)
    finally:
        window.close()

def loop(_app):
    BEGIN
    QTimer.singleShot(200, look)
    return run_loop()

run_loop, QApplication.exec = QApplication.exec, loop
sys.exit(app.start(Path(sys.argv[1])))
"""


def started(workspace: Path, tmp_path: Path, look: str = "pass", begin: str = "pass", ends: bool = True) -> dict:
    """Start the program in a process of its own, look at its window, close it; gives what was seen."""
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "RECDESK_SETTINGS": str(tmp_path / "started.ini"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", START.replace("LOOK", look).replace("BEGIN", begin), str(workspace)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if not ends:
        assert done.returncode != 0
        return {}
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_numbers_are_written_with_points_for_c_libraries(qapp):
    assert locale.setlocale(locale.LC_NUMERIC) == "C"
    assert locale.localeconv()["decimal_point"] == "."


def test_making_the_application_again_gives_the_same_with_the_style_in_place(qapp, preferences):
    preferences.theme = "dark"
    locale.setlocale(locale.LC_NUMERIC, "")
    try:
        made = app.make_application(preferences)
        assert made is qapp
        assert theme.theme().scheme == "dark"
        assert locale.setlocale(locale.LC_NUMERIC) == "C"
    finally:
        theme.apply(qapp, "light")
    assert isinstance(qapp.style(), FlatStyle)
    assert qapp.applicationName() == "recdesk"
    assert not qapp.windowIcon().isNull()


@pytest.mark.parametrize(("language", "name"), [("en", "en_US"), ("zh_CN", "zh_CN")])
def test_figures_are_written_in_the_language_of_the_window(language, name, qapp):
    before, known = QLocale(), set(qapp.findChildren(QTranslator))
    try:
        app.install_translation(qapp, language)
        assert QLocale().name() == name
    finally:
        QLocale.setDefault(before)
        for translator in set(qapp.findChildren(QTranslator)) - known:
            qapp.removeTranslator(translator)
            translator.deleteLater()


def test_on_windows_torch_is_imported_before_qt():
    """It must load its libraries first there (pytorch#166628)."""
    body = ast.parse(Path(app.__file__).read_text(encoding="utf-8")).body
    kinds = [_imported(node) for node in body]
    guarded = [
        number
        for number, node in enumerate(body)
        if isinstance(node, ast.If)
        and "win32" in ast.unparse(node.test)
        and any("torch" in _imported(inner) for inner in node.body)
    ]
    first_qt = next(
        number for number, names in enumerate(kinds) if any(n.startswith(("PySide6", "recdesk")) for n in names)
    )
    assert guarded and guarded[0] < first_qt


def _imported(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_nothing_before_the_window_module_imports_qt():
    """The first import of Qt is that of app.py, so that torch comes first on Windows."""
    code = "import sys, recdesk.__main__; sys.exit(any(n.startswith(('PySide6', 'torch')) for n in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_the_window_opens_and_shows_data_and_settings_without_torch(tmp_path: Path):
    look = """
        said["heavy"] = [name for name in ("numpy", "pandas", "pyarrow", "duckdb") if name in sys.modules]
        for key in ("data", "settings", "data"):
            window.show_page(key)
            QTest.qWait(50)
        said["heavy"] += [name for name in ("torch", "transformers", "pyqtgraph") if name in sys.modules]
        window.session.choose_dataset("chain")
        while window.session.dataset is None or window.session.jobs.active():
            QTest.qWait(10)
        said["heavy"] += [name for name in ("torch", "transformers") if name in sys.modules]  # its health may be drawn
        said["dataset"] = window.session.dataset.name"""
    workspace = Workspace(tmp_path / "w")
    add_dataset(workspace)
    said = started(workspace.folder, tmp_path, look.strip())
    assert said == {"heavy": [], "dataset": "chain", "failure": "", "title": "recdesk"}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="other words there")
def test_a_crash_is_shown_at_the_next_start_and_a_normal_end_is_not(tmp_path: Path):
    workspace = tmp_path / "w"
    started(workspace, tmp_path, begin="os.abort()", ends=False)
    (left,) = (workspace / "logs").glob("crash-*.txt")
    assert "Aborted" in left.read_text()
    said = started(workspace, tmp_path)
    assert said["failure"].startswith("recdesk ended unexpectedly last time.")
    assert "Aborted" in said["failure"]
    assert list((workspace / "logs").glob("crash-*.txt")) == []
    assert started(workspace, tmp_path)["failure"] == ""


@pytest.mark.slow
def test_a_second_start_on_a_workspace_only_looks(tmp_path: Path):
    first = Workspace(tmp_path / "w")
    assert first.lock()
    said = started(first.folder, tmp_path, 'said["notice"] = window.onlooker.text()')
    assert said["failure"] == ""
    assert "another recdesk window works with this workspace" in said["notice"]
    assert "read-only" in said["title"]
    first.unlock()
    assert started(first.folder, tmp_path)["title"] == "recdesk"


@pytest.mark.parametrize("begin", ["QTimer.singleShot(0, broken)", "threading.Thread(target=broken).start()"])
def test_an_unforeseen_error_is_shown_in_the_window_and_logged(begin, tmp_path: Path):
    workspace = tmp_path / "w"
    said = started(workspace, tmp_path, begin=begin)
    assert "ZeroDivisionError" in said["failure"]
    assert "inner words" in said["failure"]
    assert "inner words" in (workspace / "logs" / "errors.txt").read_text(encoding="utf-8")


def test_an_unusable_workspace_is_explained_and_another_can_be_chosen(tmp_path, preferences, qapp, monkeypatch):
    (tmp_path / "file").write_text("not a folder")
    other = tmp_path / "other"
    monkeypatch.setattr(app.QFileDialog, "getExistingDirectory", lambda *_: str(other))
    said = answer("Choose another folder…")
    opened = app.open_workspace(tmp_path / "file", preferences)
    assert opened is not None and opened.folder == other
    assert preferences.workspace == other
    assert any(str(tmp_path / "file") in words for words in said), said


def test_giving_up_ends_the_program(tmp_path, preferences, qapp):
    (tmp_path / "file").write_text("not a folder")
    answer("Quit")
    assert app.open_workspace(tmp_path / "file", preferences) is None
    assert preferences.workspace is None


def test_a_folder_with_a_name_like_markup_is_shown_as_it_is(tmp_path, qapp):
    said = answer("Quit")
    sentence = "“<b>data</b>” is not a workspace of recdesk."
    assert app.ask_for_workspace(RecdeskError(sentence, "Choose an <i>empty</i> folder.")) is None
    assert sentence in said and "Choose an <i>empty</i> folder." in said
