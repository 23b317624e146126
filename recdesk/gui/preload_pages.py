"""Getting the pages ready once the window stands: Qt's types, their libraries on a worker thread, then one page after
another, then torch's libraries."""

import importlib
import time
from collections.abc import Callable, Iterator
from types import ModuleType

from PySide6 import QtCore, QtGui, QtWidgets
from PySide6.QtCore import QObject, QTimer

from recdesk.gui.jobs import JobContext
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.session import Session
from recdesk.training.config import make_config

SLICE_SECONDS, SLICE_MS = 0.004, 12
"""How long types are resolved at a time on the window's thread, and how often: .2 s in all."""
PAUSE_MS = 120
"""Between two pages, so that what a person does meanwhile is answered."""
LIBRARIES = (
    "pandas",
    "pyarrow.parquet",
    "duckdb",
    "pyqtgraph",
    "recdesk.data.importing",
    "recdesk.data.planning",
    "recdesk.gui.pages.data.import_view",
    "recdesk.gui.pages.train.page",
    "recdesk.gui.pages.runs.page",
    "recdesk.gui.pages.recommend.page",
    "recdesk.gui.pages.settings.page",
)
"""What pages need and the first sight of the window does not; without this the first visit took up to 0.75 s."""


class PagePreload(QObject):
    """Resolves Qt's types, then imports `LIBRARIES` in a job, then calls `create` with the keys of pages, with a pause
    between two, then loads torch's libraries in a job.

    PySide makes a type when its name is first looked up, and must not do so on two threads at once: while pyqtgraph,
    which looks up all of them, came in on a worker thread, painting on the window's ended in a segmentation fault
    (PySide 6.11.3). So none is left to make by then.

    Args:
        session: whose jobs do the work.
        keys: of the pages to create.
        create: creates a page, unless it has been.
    """

    def __init__(self, session: Session, keys: list[str], create: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._keys, self._create, self._jobs = list(keys), create, session.jobs
        self._timer = QTimer(self, interval=PAUSE_MS)
        self._timer.timeout.connect(self._next)
        self._types = unresolved_types()
        self._resolving = QTimer(self, interval=SLICE_MS)
        self._resolving.timeout.connect(self._resolve)
        self._resolving.start()

    def stop(self) -> None:
        """Create no more pages: the window closes."""
        self._keys.clear()
        self._timer.stop()
        self._resolving.stop()

    def _resolve(self) -> None:
        limit = time.perf_counter() + SLICE_SECONDS
        for module, name in self._types:
            getattr(module, name)
            if time.perf_counter() > limit:
                return
        self._resolving.stop()
        self._jobs.run(
            self.tr("Getting the pages ready"), _import, lambda _done: self._timer.start(), visible=False, reads=True
        )

    def _next(self) -> None:
        if self._keys:
            self._create(self._keys.pop(0))
        if not self._keys:
            self._timer.stop()
            self._jobs.run(self.tr("Getting the pages ready"), _load_torch, visible=False, reads=True)


def unresolved_types() -> Iterator[tuple[ModuleType, str]]:
    """Modules of Qt, and names in them whose types are not made yet."""
    for module in (QtCore, QtGui, QtWidgets):
        for name in dir(module):
            if name not in vars(module):
                yield module, name


def _import(context: JobContext) -> None:
    for name in LIBRARIES:
        context.check()
        importlib.import_module(name)
    make_config()  # the checks of settings are built when they are first used: 40 ms


def _load_torch(_context: JobContext) -> None:
    preload_torch()
