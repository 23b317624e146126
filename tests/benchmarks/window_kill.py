"""The window's process killed while it trains: `python -m tests.benchmarks.window_kill [--kills 10] [--epochs 12]`.

A window trains a run and is killed for good at a random moment. The next one must say that a run was interrupted; its
*Resume* is clicked, and it is killed once more or goes on to the end. Weights, losses, evaluations and metrics must
equal those of a window that was never killed, bit for bit.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd

from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.training.config import make_config
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.benchmarks.kill import record

_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from recdesk.gui.app import make_application
from recdesk.gui.garbage_collection import GarbageCollection
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.training import loop
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

loop.CHECKPOINT_SECONDS = 0.2
folder, run_id, settings = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
preferences = Preferences(settings)
app = make_application(preferences)
collection = GarbageCollection(app)
session = Session(Workspace(folder), preferences)
window = MainWindow(session)
window.show()
session.training.state_changed.connect(lambda state: QTimer.singleShot(0, window.end) if state == "idle" else None)

def begin():
    if Run.read(folder / "runs" / run_id).state == "queued":
        session.training.start(Run.read(folder / "runs" / run_id))
    elif window.interrupted.notice.text():
        print(window.interrupted.notice.text(), flush=True)
        window.interrupted.resume_button.click()
    else:
        QTimer.singleShot(50, begin)

QTimer.singleShot(0, begin)
app.exec()
"""


def main() -> None:
    """Kill, resume, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=12)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, settings = Path(place) / "workspace", Path(place) / "settings.ini"
        workspace = Workspace(folder)
        name = workspace.add_dataset(ImportResult(make_example(), [], pd.DataFrame()))
        config = make_config(epochs=arguments.epochs, hidden=32, max_length=20, negatives=256)
        whole = workspace.create_run(name, config, "leave-one-out")
        begun = time.monotonic()
        show(folder, whole, settings, None)
        lasted = time.monotonic() - begun
        expected, chance, same = record(whole), random.Random(0), 0
        for _ in range(arguments.kills):
            run = workspace.create_run(name, config, "leave-one-out")
            moment = chance.uniform(0.3, 0.95) * lasted
            show(folder, run, settings, moment)
            said = show(folder, run, settings, None) if Run.read(run.folder).state != "finished" else "had finished"
            equal = record(run) == expected
            same += equal
            print(
                f"killed after {moment:4.1f} of {lasted:.1f} s: {said.strip()}: {'equal' if equal else 'DIFFERS'}",
                flush=True,
            )
        print(f"{same} of {arguments.kills} runs equal the one never killed")
    sys.exit(same != arguments.kills)


def show(folder: Path, run: Run, settings: Path, seconds: float | None) -> str:
    """A window of its own process, until it closes or is killed after so many seconds; gives what it said."""
    environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    command = [sys.executable, "-c", _WINDOW, str(folder), run.id, str(settings)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            return process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            process.kill()
            return ""


if __name__ == "__main__":
    main()
