"""Runs a training run on a worker thread of this process."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QThread, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui.jobs import explained
from recdesk.gui.preloading import preload_torch
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, Failed

if TYPE_CHECKING:
    from recdesk.workspace.snapshot import RunSnapshot

_STACK_BYTES = 16 << 20  # macOS gives secondary threads 512 KiB, too little for deep graphs


class ThreadRunner(QObject):
    """The Runner of the window: `workspace.runner.execute` in a QThread, one run at a time.

    Signals:
        ended: the run is over and its thread is gone (on the GUI thread, after the last event was emitted); a
            RunSnapshot of what it left, None where that cannot be read.
    """

    ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: QThread | None = None
        self._worker: _Worker | None = None
        self._control: Control | None = None

    @property
    def busy(self) -> bool:
        """A run is under way."""
        return self._thread is not None

    def start(self, run: "RunSnapshot", resume: bool, emit: Emit) -> Control:
        """Start a run and return at once; `emit` is called on the worker thread."""
        assert self._thread is None, "one run at a time"
        self._control = Control()
        self._thread = QThread(self)
        self._thread.setStackSize(_STACK_BYTES)
        self._worker = _Worker(run.folder, self._control, emit, resume)
        self._worker.moveToThread(self._thread)
        self._thread.started.connect(self._worker.work)
        self._worker.over.connect(self._thread.quit)
        self._thread.finished.connect(self._clear)
        self._thread.start()
        return self._control

    def shutdown(self) -> None:
        """Stop the run, keeping it, and wait for its thread."""
        if self._thread is not None and self._control is not None:
            self._control.stop()
            self._thread.quit()
            self._thread.wait()
            self._clear()

    def _clear(self) -> None:
        if self._thread is None or self._worker is None:
            return
        left = self._worker.left
        self._thread.deleteLater()
        self._thread = self._worker = self._control = None
        self.ended.emit(left)


class _Worker(QObject):
    over = Signal()

    def __init__(self, folder: Path, control: Control, emit: Emit, resume: bool) -> None:
        super().__init__()
        self._folder, self._control, self._emit, self._resume = folder, control, emit, resume
        self.left: RunSnapshot | None = None

    def work(self) -> None:
        """Carry out the run; whatever happens, say that it is over."""
        try:
            preload_torch()
            from recdesk.experiment.pipeline import execute
            from recdesk.workspace.runs import Run

            execute(Run.read(self._folder), self._control, self._emit, self._resume)
        except BaseException as error:
            told = explained(error)
            self._emit(Failed(sentence=told.sentence, suggestion=told.suggestion, details=told.details))
        finally:
            self._look()
            self.over.emit()

    def _look(self) -> None:
        from recdesk.workspace.snapshot import RunSnapshot

        with contextlib.suppress(RecdeskError):
            self.left = RunSnapshot.read(self._folder)
