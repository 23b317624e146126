"""Random clicks and keys on the real window: `python -m tests.benchmarks.monkey [--minutes 60] [--seed 0] [--train]`.

Real events go to what stands under the pointer or has the focus, on the built-in example, with `--train` while a run
trains. Dialogs are answered by a random button, or by Escape; none that asks the system for a file is opened. Prints
every half minute, and at the end: events, exceptions with their first lines, threads, timers, windows, widgets, open
files and memory. The same seed gives the same choices; what they hit depends on the time.
"""

import argparse
import ctypes
import gc
import os
import random
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pandas as pd
import psutil
from PySide6.QtCore import QEventLoop, QObject, QPoint, Qt, QThread, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.gui.app import make_application
from recdesk.gui.garbage_collection import GarbageCollection
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.training.config import make_config
from recdesk.workspace.workspace import Workspace

KEYS = (
    *(Qt.Key(code) for code in range(Qt.Key.Key_0, Qt.Key.Key_9 + 1)),
    *(Qt.Key(code) for code in range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Backspace),
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageDown, Qt.Key.Key_Escape),
)
NEVER = {"window.close", "help.logs"}
"""Actions that would end the window, or open another program."""
REPORT_SECONDS, GAP_MS = 30.0, 15


class Monkey(QObject):
    """Sends events until its time is up."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        super().__init__(window)
        self.window, self.random = window, random.Random(seed)
        self.sent: Counter[str] = Counter()
        self._going = False

    def start(self) -> None:
        """Begin."""
        self._going = True
        self.act()

    def stop(self) -> None:
        """Send no more events, and close what is open."""
        self._going = False
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, (QDialog, QMenu)):
                widget.close()

    def act(self) -> None:
        """One event, and another one later: a dialog that it opens keeps this call waiting."""
        if not self._going:
            return
        QTimer.singleShot(GAP_MS, self, self.act)
        target = self._target()
        if target is None:
            return
        kind = self.random.choices(("click", "key", "shortcut", "wheel"), (10, 6, 2, 1))[0]
        self.sent[kind] += 1
        if kind == "click":
            self._click(target)
        elif kind == "key":
            QTest.keyClick(QApplication.focusWidget() or target, self.random.choice(KEYS))
        elif kind == "shortcut" and target is self.window:
            self._shortcut()
        else:
            QTest.keyClick(target, Qt.Key.Key_Escape)

    def _target(self) -> QWidget | None:
        popup, dialog = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        return popup or dialog or (self.window if self.window.isVisible() else None)

    def _click(self, target: QWidget) -> None:
        at = QPoint(self.random.randrange(max(target.width(), 1)), self.random.randrange(max(target.height(), 1)))
        under = target.childAt(at) or target
        if under.isEnabled() and under.isVisible():
            double = self.random.random() < 0.05
            (QTest.mouseDClick if double else QTest.mouseClick)(
                under, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, under.mapFrom(target, at)
            )

    def _shortcut(self) -> None:
        spec = self.random.choice([spec for spec in self.window.session.actions.all() if spec.id not in NEVER])
        self.window.session.actions.trigger(spec.id)


def figures(process: psutil.Process) -> dict[str, float]:
    """What may leak."""
    objects = gc.get_objects()
    return {
        "threads": process.num_threads(),  # Python's own count keeps those of Qt that have ended
        "QThreads": sum(isinstance(thing, QThread) for thing in objects),
        "running timers": sum(isinstance(thing, QTimer) and _alive(thing) for thing in objects),
        "windows": len(QApplication.topLevelWidgets()),
        "widgets": len(QApplication.allWidgets()),
        "files": process.num_fds() if hasattr(process, "num_fds") else 0,
        "MB": round(process.memory_info().rss / 2**20),
        "MB allocated": round(allocated() / 2**20),
    }


class _MallocFigures(ctypes.Structure):
    """`struct mallinfo2` of glibc, bytes over all arenas: in blocks that are mapped, in others."""

    _fields_ = (
        *((f"unused{number}", ctypes.c_size_t) for number in range(4)),
        ("mapped", ctypes.c_size_t),
        *((f"unused{number}", ctypes.c_size_t) for number in (4, 5)),
        ("given", ctypes.c_size_t),
        *((f"unused{number}", ctypes.c_size_t) for number in (6, 7)),
    )


def allocated() -> int:
    """Bytes that malloc has given out and that were not freed, without what it keeps; 0 where it is not glibc's."""
    try:
        mallinfo2 = ctypes.CDLL(None).mallinfo2
    except (OSError, AttributeError):
        return 0
    mallinfo2.restype = _MallocFigures
    found = mallinfo2()
    return int(found.given + found.mapped)


def _alive(timer: QTimer) -> bool:
    try:
        return timer.isActive()
    except RuntimeError:
        return False


def main() -> None:
    """Prepare a workspace, let the monkey loose, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--train", action="store_true")
    arguments = parser.parse_args()
    faults: Counter[str] = Counter()

    def caught(kind: type[BaseException], error: BaseException, trace: object) -> None:
        where = traceback.extract_tb(error.__traceback__)[-1]
        fault = f"{kind.__name__}: {error} ({Path(where.filename).name}:{where.lineno})"
        if not faults[fault]:
            traceback.print_exception(error)
        faults[fault] += 1

    def shown(error: RecdeskError) -> None:
        fault = f"shown: {error.sentence}"
        if not faults[fault] and error.details:
            print(f"{fault}\n{error.details}", flush=True)
        faults[fault] += 1

    sys.excepthook = caught
    with tempfile.TemporaryDirectory() as folder:
        workspace, preferences = Workspace(Path(folder) / "ws"), Preferences(Path(folder) / "settings.ini")
        app = make_application(preferences)
        # no dialogs of the system, no other programs
        QFileDialog.exec = lambda _dialog: 0  # type: ignore[method-assign]
        QFileDialog.getExistingDirectory = lambda *_: ""  # type: ignore[method-assign]
        QFileDialog.getOpenFileName = lambda *_: ("", "")  # type: ignore[method-assign]
        QFileDialog.getOpenFileNames = lambda *_: ([], "")  # type: ignore[method-assign]
        QDesktopServices.openUrl = lambda _url: True  # type: ignore[method-assign]
        name = workspace.add_dataset(ImportResult(make_example(), [], pd.DataFrame()))
        collection, session = GarbageCollection(app), Session(workspace, preferences)
        session.failure.connect(shown)
        window = MainWindow(session)
        app.setQuitOnLastWindowClosed(False)
        window.show()
        window.preload()
        session.choose_dataset(name)
        pause(4000)
        if arguments.train:
            run = workspace.create_run(name, make_config(minutes=arguments.minutes, patience=1000), "leave-one-out")
            session.training.start(run)
        monkey, process = Monkey(window, arguments.seed), psutil.Process()
        begun = time.monotonic()

        def report() -> None:
            seconds = time.monotonic() - begun
            print(f"{seconds:5.0f} s", figures(process), f"{monkey.sent.total():,} events", flush=True)
            if seconds >= 60 * arguments.minutes:
                monkey.stop()
                app.exit()  # not `quit`, which asks the windows
            elif not window.isVisible():  # it was closed by a click on one of its questions
                window.show()

        reports = QTimer(interval=int(1000 * min(REPORT_SECONDS, 60 * arguments.minutes)))
        reports.timeout.connect(report)
        reports.start()
        monkey.start()
        app.exec()
        reports.stop()
        print("events:", dict(monkey.sent))
        for fault, count in faults.most_common():
            print(f"  {count} × {fault}")
        print("exceptions:", sum(count for fault, count in faults.items() if not fault.startswith("shown: ")))
        window.end()
        pause(3000)
        session.shutdown()
        collection.end()
    os._exit(bool([fault for fault in faults if not fault.startswith("shown: ")]))


def pause(milliseconds: float) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(int(milliseconds), loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()
