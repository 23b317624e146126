"""Does the window stay fluid while it trains: `python -m tests.benchmarks.heartbeat [--seconds 30]`.

The real window on the Train page, a training on all cores in its worker thread, and a timer of 10 ms on the window's
thread. Prints the gaps between its ticks from the first step on, and those before it (torch is loaded, baselines are
scored); a person notices 50 ms. `--where` tells what the other threads did in gaps above 20 ms. `--python-collects`
leaves garbage to Python, instead of to `gui.garbage_collection`.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pandas as pd
from PySide6.QtCore import Qt, QTimer

from recdesk.data.importing import ImportResult
from recdesk.gui.app import make_application
from recdesk.gui.garbage_collection import GarbageCollection
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.training.config import ID_KINDS, make_config
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.benchmarks.shapes import SHAPES, generated

LONG_SECONDS = 0.02


def main() -> None:
    """Train each kind for a while and print the gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--shape", choices=SHAPES, default="ml1m")
    parser.add_argument("--kinds", nargs="+", choices=ID_KINDS, default=ID_KINDS)
    parser.add_argument("--where", action="store_true")
    parser.add_argument("--python-collects", action="store_true")
    arguments = parser.parse_args()
    users, items, mean, _ = SHAPES[arguments.shape]
    with tempfile.TemporaryDirectory() as folder:
        workspace, preferences = Workspace(Path(folder) / "ws"), Preferences(Path(folder) / "settings.ini")
        app = make_application(preferences)
        name = workspace.add_dataset(ImportResult(generated(users, items, mean), [], pd.DataFrame()))
        tidying = None if arguments.python_collects else GarbageCollection(app)
        session = Session(workspace, preferences)
        window = MainWindow(session)
        window.show()
        session.choose_dataset(name)
        window.show_page("train")
        for kind in arguments.kinds:
            run = workspace.create_run(name, make_config(kind, minutes=arguments.seconds / 60), "leave-one-out")
            where = Counter[str]()
            before, during = measure(app, session, run, where)
            say(f"{kind} starts", before)
            say(kind, during)
            for place, count in where.most_common(25) if arguments.where else ():
                print(f"  {count:5,} times in {place}", flush=True)
        window.close()
        if tidying is not None:
            tidying.end()


def measure(app, session: Session, run: Run, where: Counter[str]) -> tuple[np.ndarray, np.ndarray]:
    """Gaps between ticks in milliseconds: before the first step of the run is told, and from there to its end; `where`
    counts what other threads did in long ones."""
    ticks: list[float] = []
    first: list[int] = []
    timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)

    def tick() -> None:
        ticks.append(time.perf_counter())
        if len(ticks) > 1 and ticks[-1] - ticks[-2] > LONG_SECONDS:
            where.update(places())

    timer.timeout.connect(tick)
    session.training.events.connect(
        lambda _events: session.training.curves.step and not first and first.append(len(ticks))
    )
    session.training.state_changed.connect(lambda state: app.quit() if state == "idle" else None)
    timer.start()
    session.training.start(run)
    app.exec()
    timer.stop()
    gaps = 1000 * np.diff(ticks)
    return gaps[: first[0]], gaps[first[0] :]


def places() -> list[str]:
    """Innermost line of recdesk in each other thread: it has just let go of the interpreter."""
    found = []
    for thread, frame in sys._current_frames().items():
        while frame is not None and "/recdesk/" not in frame.f_code.co_filename.replace("\\", "/"):
            frame = frame.f_back
        if frame is not None and thread != threading.get_ident():
            found.append(f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_name}")
    return found


def say(kind: str, gaps: np.ndarray) -> None:
    """One line."""
    p50, p99 = np.percentile(gaps, [50, 99])
    print(
        f"{kind:18} {len(gaps):,} ticks: median {p50:.1f} ms, p99 {p99:.1f} ms, worst {gaps.max():.1f} ms", flush=True
    )


if __name__ == "__main__":
    main()
