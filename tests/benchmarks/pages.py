"""How long a page takes to show: `python -m tests.benchmarks.pages [--train] [--rounds 5]`.

The real window on the built-in example, as it is after its start. Milliseconds from the request to a painted page: the
first visit, and the median and worst of later ones; with `--train` while a run trains on all cores. The time that the
window's thread itself computed stands in brackets: the rest it waited for a core or for the GIL.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pandas as pd
from PySide6.QtCore import QEventLoop, QTimer

from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.gui.app import make_application
from recdesk.gui.garbage_collection import GarbageCollection
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.training.config import make_config
from recdesk.workspace.workspace import Workspace

PAGES = ("data", "train", "runs", "recommend", "settings")


def main() -> None:
    """Print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", action="store_true")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace, preferences = Workspace(Path(folder) / "ws"), Preferences(Path(folder) / "settings.ini")
        app = make_application(preferences)
        name = workspace.add_dataset(ImportResult(make_example(), [], pd.DataFrame()))
        collection, session = GarbageCollection(app), Session(workspace, preferences)
        window = MainWindow(session)
        window.show()
        window.preload()
        session.choose_dataset(name)
        wait(lambda: len(window.pages) == len(PAGES) and session.dataset is not None)
        if arguments.train:
            run = workspace.create_run(name, make_config("bert-causal", minutes=10, patience=1000), "leave-one-out")
            session.training.start(run)
            wait(lambda: session.training.curves.step > 0)
        measure(window, arguments.rounds)
        window.end()
        wait(lambda: session.training.state == "idle")
        collection.end()


def measure(window: MainWindow, rounds: int) -> None:
    """Show every page, `rounds` times after the first."""
    taken: dict[str, list[tuple[float, float]]] = {key: [] for key in PAGES}
    for _ in range(rounds + 1):
        for key in (*PAGES[1:], PAGES[0]):
            begun, computed = time.perf_counter(), time.thread_time()
            window.show_page(key)
            window.repaint()
            taken[key].append((1000 * (time.perf_counter() - begun), 1000 * (time.thread_time() - computed)))
            pause(400)
    for key, times in taken.items():
        parts = []
        for first, *later in zip(*times, strict=True):
            parts.append(f"first {first:4.0f} ms, then median {statistics.median(later):4.0f}, worst {max(later):4.0f}")
        print(f"{key:10} {parts[0]}   ({parts[1]})")


def pause(milliseconds: int) -> None:
    """Let the window work."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def wait(ready: Callable[[], bool]) -> None:
    """Let the window work until something is so."""
    while not ready():
        pause(50)


if __name__ == "__main__":
    main()
