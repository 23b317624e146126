"""Does the window stay fluid while it trains: `python -m tests.benchmarks.heartbeat [--seconds 30]`.

The real window on the Train page, a training on all cores in its worker thread, and a timer of 10 ms on the window's
thread. Prints the gaps between its ticks while the window gets its pages and torch's libraries ready, then from *Start*
to the first step (baselines are scored), then from there on; a person notices 50 ms. `--at-once` presses *Start* before
the window is ready. `--where` tells what the other threads did in gaps above 20 ms, and in the longest.
`--python-collects` leaves garbage to Python, instead of to `gui.garbage_collection`.
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
PAINTED_MS, READY_MS = 2_000, 12_000


def main() -> None:
    """Train each kind for a while and print the gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--shape", choices=SHAPES, default="ml1m")
    parser.add_argument("--kinds", nargs="+", choices=ID_KINDS, default=ID_KINDS)
    parser.add_argument("--where", action="store_true")
    parser.add_argument("--at-once", action="store_true")
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
        if not arguments.at_once:
            beats = get_ready(app, window)
            say("getting ready", beats.gaps())
            if arguments.where:
                beats.say_where()
        for kind in arguments.kinds:
            run = workspace.create_run(name, make_config(kind, minutes=arguments.seconds / 60), "leave-one-out")
            beats = Beats()
            first = measure(app, session, run, beats)
            say(f"{kind} starts", beats.gaps()[:first])
            say(kind, beats.gaps()[first:])
            if arguments.where:
                beats.say_where()
        window.close()
        if tidying is not None:
            tidying.end()


class Beats:
    """Ticks of a timer of 10 ms on the window's thread until `end`, and what other threads did in long gaps."""

    def __init__(self) -> None:
        self._ticks: list[float] = []
        self._long: list[tuple[float, list[str]]] = []
        self._timer = QTimer(interval=10, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def __len__(self) -> int:
        return len(self._ticks)

    def end(self) -> None:
        """Tick no more."""
        self._timer.stop()

    def gaps(self) -> np.ndarray:
        """Milliseconds between ticks."""
        return 1000 * np.diff(self._ticks)

    def say_where(self) -> None:
        """Lines on the gaps above 20 ms."""
        for place, count in Counter(place for _, places in self._long for place in places).most_common(25):
            print(f"  {count:5,} times in {place}", flush=True)
        for gap, places in sorted(self._long, reverse=True)[:5]:
            print(f"  {1000 * gap:5.1f} ms in {', '.join(places)}", flush=True)

    def _tick(self) -> None:
        self._ticks.append(time.perf_counter())
        if len(self._ticks) > 1 and (gap := self._ticks[-1] - self._ticks[-2]) > LONG_SECONDS:
            self._long.append((gap, places()))


def get_ready(app, window: MainWindow) -> Beats:
    """Ticks while the window creates its pages and loads torch's libraries, as it does once it is open."""
    QTimer.singleShot(PAINTED_MS, app.quit)
    app.exec()
    beats, jobs = Beats(), window.session.jobs
    window.preload()
    QTimer.singleShot(READY_MS, app.quit)
    app.exec()
    beats.end()
    assert jobs.quiet(), "it takes longer to get ready"
    return beats


def measure(app, session: Session, run: Run, beats: Beats) -> int:
    """Train a run to its end; returns how many gaps came before its first step was told."""
    first: list[int] = []
    session.training.events.connect(
        lambda _events: session.training.curves.step and not first and first.append(len(beats))
    )
    session.training.state_changed.connect(lambda state: app.quit() if state == "idle" else None)
    session.training.start(run)
    app.exec()
    beats.end()
    return first[0]


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
