"""Pictures of every page and of dialogs, light and dark:
`python -m tests.screenshots.make FOLDER [--size 1280x720] [--language zh] [--data FOLDER]`.

Uses the real window with the built-in example, or with MovieLens where `--data` names its folder.
"""

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.experiment.pipeline import execute
from recdesk.gui import theme
from recdesk.gui.app import make_application
from recdesk.gui.main_window import MainWindow
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.monitor.control import Control
from recdesk.training.config import make_config
from recdesk.workspace.workspace import Workspace

DIALOGS = (
    "recommend.export",
    "recommend.attention",
    "recommend.as-of",
    "recommend.similar",
    "recommend.item",
    "recommend.compare",
    "package.save",
    "runs.serve",
    "data.split",
    "data.published",
)
"""Actions that open a dialog."""


def main() -> None:
    """Prepare a workspace, then take the pictures."""
    arguments = _arguments()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(arguments.workspace or Path(folder) / "workspace")
        name = _dataset(workspace, arguments.data, arguments.language)
        if not workspace.runs():
            for kind, epochs in (("bert4rec", 20), ("bert-causal", arguments.epochs)):
                run = workspace.create_run(name, make_config(kind, epochs=epochs), "leave-one-out")
                run = execute(run, Control(), lambda event: None)
        preferences = Preferences(Path(folder) / "settings.ini")
        preferences.language = "zh_CN" if arguments.language == "zh" else "en"
        app = make_application(preferences)
        session = Session(workspace, preferences)
        window = MainWindow(session)
        window.resize(*(int(part) for part in arguments.size.split("x")))
        window.show()
        _take_all(app, window, session, name, arguments.folder)
        window.close()


def _take_all(app: QApplication, window: MainWindow, session: Session, dataset: str, folder: Path) -> None:
    finished = session.workspace.runs()[0]
    session.choose_dataset(dataset)
    session.choose_run(finished.id)
    _wait(lambda: session.dataset is not None)
    for page in ("data", "train", "runs", "recommend", "settings"):
        window.show_page(page)
        if page == "train":
            window.pages["train"].entered()
        _settle(session)
        _take(app, window, folder / page)
    for view in (_run_views, _several_runs, _map, _dialogs):
        view(app, window, session, folder)


def _take(app: QApplication, widget: QWidget, path: Path) -> None:
    """Pictures of a widget, light and dark; the name begins with `path`."""
    for scheme in ("light", "dark"):
        theme.apply(app, scheme)  # type: ignore[arg-type]
        _pause(150)
        widget.grab().save(f"{path}-{scheme}.png")


def _run_views(app: QApplication, window: MainWindow, session: Session, folder: Path) -> None:
    """What the Runs page shows of a run."""
    window.show_page("runs")
    _settle(session)
    chips = window.pages["runs"].views.chips
    for number, chip in enumerate(chips):
        if chip.isEnabled():
            chip.click()
            _settle(session)
            _take(app, window, folder / f"runs-view-{number}")


def _several_runs(app: QApplication, window: MainWindow, session: Session, folder: Path) -> None:
    """The lists of two runs side by side."""
    window.show_page("recommend")
    _settle(session)
    comparison = window.pages["recommend"].comparison
    others = [run.id for run in session.workspace.runs() if run.id not in comparison.run_ids]
    comparison.compare_with(others[:1])
    _settle(session)
    _take(app, window, folder / "recommend-columns")
    comparison.end()
    _settle(session)


def _map(app: QApplication, window: MainWindow, session: Session, folder: Path) -> None:
    control = window.pages["recommend"].map
    control.open()
    _settle(session)
    _take(app, control.window, folder / "map")
    control.window.close()


def _dialogs(app: QApplication, window: MainWindow, session: Session, folder: Path) -> None:
    """Dialogs of actions, each closed once its pictures are taken."""
    for action in DIALOGS:
        if not session.actions.spec(action).enabled():
            print(f"{action} cannot be done here")
            continue

        def look(action: str = action) -> None:
            dialog = QApplication.activeModalWidget()
            if dialog is None:
                QTimer.singleShot(100, look)
                return
            _settle(session)
            _take(app, dialog, folder / f"dialog-{action}")
            dialog.close()

        QTimer.singleShot(300, look)
        session.actions.trigger(action)
        _settle(session)


def _settle(session: Session) -> None:
    _pause(300)
    _wait(lambda: not session.jobs._jobs)
    _pause(600)
    _wait(lambda: not session.jobs._jobs)


def _wait(ready: Callable[[], bool], most: int = 60_000) -> None:
    for _ in range(most // 50):
        if ready():
            return
        _pause(50)
    raise TimeoutError


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _dataset(workspace: Workspace, data: Path | None, language: str) -> str:
    known = workspace.datasets()
    if known:
        return known[0].name
    if data is not None:
        plan = ImportPlan(data / "ratings.csv", data / "movies.csv", name="MovieLens")
        return workspace.add_dataset(import_files(plan))
    return workspace.add_dataset(ImportResult(make_example(language), []))  # type: ignore[arg-type]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", default="1440x900")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--language", default="en", choices=("en", "zh"))
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--epochs", type=int, default=60)
    return parser.parse_args()


if __name__ == "__main__":
    main()
