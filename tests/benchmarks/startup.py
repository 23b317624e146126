"""Seconds from starting Python to a window on the screen: `python -m tests.benchmarks.startup [--runs 7]`.

Each start is a process of its own, offscreen unless a display is set; torch must not be loaded by then. Beside it, in
turn, Python with Qt's libraries and an empty window.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

CODE = """
import gc
import sys
gc.disable()  # as `recdesk` does
from pathlib import Path
from PySide6.QtCore import QTimer
from recdesk.gui.app import make_application
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.workspace.workspace import Workspace

preferences = Preferences(Path(sys.argv[1]) / "settings.ini")
app = make_application(preferences)
window = MainWindow(Session(Workspace(Path(sys.argv[1]) / "ws"), preferences))
window.show()
QTimer.singleShot(0, lambda: (print("torch" in sys.modules, flush=True), window.close(), app.quit()))
app.exec()
"""

BARE = """
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

app = QApplication([])
window = QWidget()
window.show()
QTimer.singleShot(0, lambda: (print(False, flush=True), app.quit()))
app.exec()
"""


def main() -> None:
    """Print every start and the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody starts an installed program without bytecode
    seconds, bare = list[float](), list[float]()
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs + 1):
            bare.append(started(BARE, folder, environment))
            seconds.append(started(CODE, folder, environment))
    print("first (cold)", f"{seconds[0]:.2f} s")
    print("warm", ", ".join(f"{s:.2f}" for s in seconds[1:]), f"median {statistics.median(seconds[1:]):.2f} s")
    print("Python and Qt alone", f"{statistics.median(bare[1:]):.2f} s")


def started(code: str, folder: str, environment: dict[str, str]) -> float:
    """Seconds until a new process that executes `code` has its window."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", code, folder], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        loaded = process.stdout.readline().strip()
        seconds = time.perf_counter() - begun
    assert loaded == "False", f"torch was loaded: {loaded}"
    return seconds


if __name__ == "__main__":
    main()
