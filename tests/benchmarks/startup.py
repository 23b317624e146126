"""Seconds from starting Python to a window on the screen: `python -m tests.benchmarks.startup [--runs 7]`.

Each start is a process of its own, offscreen unless a display is set; torch must not be loaded by then.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

CODE = """
import sys
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


def main() -> None:
    """Print every start and the median."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(runs + 1):
            begun = time.perf_counter()
            with subprocess.Popen(
                [sys.executable, "-c", CODE, folder], stdout=subprocess.PIPE, text=True, env=environment
            ) as process:
                assert process.stdout is not None
                loaded = process.stdout.readline().strip()
                seconds.append(time.perf_counter() - begun)
            assert loaded == "False", f"torch was loaded: {loaded}"
    print("first (cold)", f"{seconds[0]:.2f} s")
    print("warm", ", ".join(f"{s:.2f}" for s in seconds[1:]), f"median {statistics.median(seconds[1:]):.2f} s")


if __name__ == "__main__":
    main()
