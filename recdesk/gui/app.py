"""Starts the window."""

import locale
import signal
import sys
from pathlib import Path

if sys.platform == "win32":
    import torch  # noqa: F401  (must load its libraries before Qt's, or it fails to: pytorch#166628)

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from recdesk.core.errors import RecdeskError
from recdesk.core.machine import share_heaps
from recdesk.gui import crash, resources, theme
from recdesk.gui.garbage_collection import GarbageCollection
from recdesk.gui.jobs import explained
from recdesk.gui.language import install_translation
from recdesk.gui.messages import translated
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.style import FlatStyle
from recdesk.gui.windows import Windows
from recdesk.monitor.control import ending_signals
from recdesk.workspace.folders import default_folder
from recdesk.workspace.workspace import Workspace

SWITCH_SECONDS = 0.001
"""Python's thread switch interval (5 ms by default): a worker thread hands the interpreter back sooner, as building a
page takes many switches."""
PRELOAD_MS = 300
"""From the first sight of the window to getting its pages ready."""


def start(workspace: Path | None = None, demo: bool = False, package: Path | None = None) -> int:
    """Show the window and run the event loop until it is closed.

    Args:
        workspace: the workspace folder; None for the one in the preferences, or the default.
        demo: load the built-in example, train on it and show the recommendations.
        package: a packed file to open; None for none.

    Returns:
        The exit code of the process.
    """
    preferences = Preferences()
    app = make_application(preferences)
    opened = open_workspace(workspace or preferences.workspace or default_folder(), preferences)
    if opened is None:
        return 1
    opened.keep_temporary_files()
    session = Session(opened, preferences, read_only=not opened.lock())
    logs = opened.folder / "logs"
    crash_log = crash.CrashLog(logs)
    report = crash_log.start()
    windows = Windows(session)
    undo = crash.catch_everything(logs, lambda error: windows.session.fail(explained(error)))
    collection = GarbageCollection(app)
    try:
        for number in ending_signals():
            signal.signal(number, lambda *_: QTimer.singleShot(0, lambda: windows.window.end()))
        windows.window.show()
        _report_at_start(session, report)
        session.restore()
        QTimer.singleShot(PRELOAD_MS, windows, lambda: windows.window.preload())
        if not any((opened.folder / "datasets").glob("*")):
            windows.window.tour.offer()
        if package is not None:
            session.packages_offered.emit([package.absolute()])
        if demo:
            from recdesk.gui.starting import Demo

            Demo(session).start()
        return app.exec()
    finally:
        undo()
        crash_log.end()
        collection.end()


def make_application(preferences: Preferences) -> QApplication:
    """The application object, with style, colours, fonts and language set."""
    sys.setswitchinterval(SWITCH_SECONDS)
    share_heaps()
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    locale.setlocale(locale.LC_NUMERIC, "C")  # Qt sets the user's, in which C libraries may expect decimal commas
    app.setApplicationName("recdesk")
    app.setApplicationDisplayName("recdesk")
    app.setDesktopFileName("recdesk")
    app.setStyle(FlatStyle())
    app.setWindowIcon(resources.app_icon())
    theme.apply(app, preferences.theme)
    install_translation(app, preferences.language)
    return app


def open_workspace(folder: Path, preferences: Preferences) -> Workspace | None:
    """Open a workspace; if it cannot be used, show why and ask for another folder. None if the user cancels."""
    while True:
        try:
            return Workspace(folder)
        except RecdeskError as error:
            chosen = ask_for_workspace(error)
            if chosen is None:
                return None
            folder = preferences.workspace = chosen


def ask_for_workspace(error: RecdeskError) -> Path | None:
    """Show why the workspace cannot be used and ask for another folder; None if the user cancels."""
    translate = QCoreApplication.translate
    box = QMessageBox()
    box.setWindowTitle("recdesk")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(translated(error.sentence))
    box.setInformativeText(translated(error.suggestion))
    choose = box.addButton(translate("App", "Choose another folder…"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(translate("App", "Quit"), QMessageBox.ButtonRole.RejectRole)
    box.exec()
    if box.clickedButton() is not choose:
        return None
    chosen = QFileDialog.getExistingDirectory(None, translate("App", "Workspace folder"))
    return Path(chosen) if chosen else None


def _report_at_start(session: Session, crash_report: str) -> None:
    translate = QCoreApplication.translate
    if crash_report:
        session.fail(
            RecdeskError(
                translate("App", "recdesk ended unexpectedly last time."),
                translate("App", "Runs that were under way are listed as interrupted and can be resumed."),
                crash_report,
            )
        )
