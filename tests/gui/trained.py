"""A workspace with a dataset and a trained run, made once, and a hand that answers questions."""

import contextlib
import functools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid

from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.gui.main_window import MainWindow
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.gui.markup import labels
from tests.workspace.conftest import small_config


def trained_workspace(folder: Path) -> Workspace:
    """A workspace of the test's own with the dataset "chain" and a finished run on it."""
    shutil.copytree(Path(_made().name), folder)
    return Workspace(folder)


def add_dataset(workspace: Workspace, dataset: Dataset | None = None) -> str:
    """Put a dataset into a workspace: "chain" where none is given."""
    return workspace.add_dataset(ImportResult(dataset or chain_dataset(), [], pd.DataFrame()))


def train(workspace: Workspace, dataset: str = "chain", split: str = "leave-one-out", **settings) -> Run:
    """Carry out a small run."""
    run = workspace.create_run(dataset, small_config(**settings), split)  # type: ignore[arg-type]
    run = execute(run, Control(), lambda _event: None)
    assert run.state == "finished", run.reason
    return run


def train_until(workspace: Workspace, seen: Callable[[Event], bool], **settings) -> Run:
    """Carry out a run until an event, then stop and keep it."""
    control = Control()
    run = workspace.create_run("chain", small_config(**settings), "leave-one-out")
    run = execute(run, control, lambda event: control.stop() if seen(event) else None)
    assert run.state == "stopped", run.reason
    return run


@contextlib.contextmanager
def unplugged(workspace: Workspace) -> Iterator[None]:
    """The drive that the workspace is on is away inside the block."""
    away = workspace.folder.with_name("unplugged")
    workspace.folder.rename(away)
    try:
        yield
    finally:
        away.rename(workspace.folder)


def answer(text: str) -> list[str]:
    """Click the button with this text in the question that is about to be asked; gives what the question says."""
    said: list[str] = []

    def look() -> None:
        box = QApplication.activeModalWidget()
        if box is None:
            QTimer.singleShot(10, look)
            return
        said.extend(labels(box))
        buttons = [b for b in box.findChildren(QAbstractButton) if b.text().replace("&", "") == text]
        if not buttons:
            box.close()  # or nobody would ever answer
        assert buttons, f"no button “{text}” in {said}"
        buttons[0].click()

    QTimer.singleShot(0, look)
    return said


def leave(window: MainWindow) -> None:
    """End what runs, so that a window closes without a question."""
    if isValid(window.session):
        window.session.training.shutdown()
        window.session.jobs.shutdown()


def button(root: QWidget, text: str) -> QAbstractButton:
    """The one visible button with a text."""
    (found,) = [b for b in root.findChildren(QAbstractButton) if b.text() == text and b.isVisible()]
    return found


@functools.cache
def _made() -> tempfile.TemporaryDirectory:
    folder = tempfile.TemporaryDirectory()
    workspace = Workspace(Path(folder.name))
    add_dataset(workspace)
    train(workspace, epochs=5)
    return folder
