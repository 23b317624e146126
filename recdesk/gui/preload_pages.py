"""Getting the pages ready once the window stands: their libraries on a worker thread, then one page after another, then
torch's libraries."""

import importlib
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from recdesk.gui.jobs import JobContext
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.session import Session

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
    """Imports `LIBRARIES` in a job, then calls `create` with the keys of pages, with a pause between two, then loads
    torch's libraries in a job.

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
        session.jobs.run(
            self.tr("Getting the pages ready"), _import, lambda _done: self._timer.start(), visible=False, reads=True
        )

    def stop(self) -> None:
        """Create no more pages: the window closes."""
        self._keys.clear()
        self._timer.stop()

    def _next(self) -> None:
        if self._keys:
            self._create(self._keys.pop(0))
        if not self._keys:
            self._timer.stop()
            self._jobs.run(self.tr("Getting the pages ready"), _load_torch, visible=False, reads=True)


def _import(context: JobContext) -> None:
    for name in LIBRARIES:
        context.check()
        importlib.import_module(name)


def _load_torch(_context: JobContext) -> None:
    preload_torch()
