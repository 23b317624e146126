"""Measuring the time of a few training steps, asked for or by itself once the settings have come to rest."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.split_kinds import SplitKind
from recdesk.gui.jobs import JobContext
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.session import Session
from recdesk.training.config import RunConfig

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.training.calibration import Calibration

REST_MS = 1500
"""How long settings stay as they are before they are measured."""
_JOB = "train.pace"


class Pace(QObject):
    """Measures settings in a job, one at a time, and remembers what it has measured.

    Signals:
        begun: steps are being measured.
        measured: a `Calibration`, or None where it was cancelled or failed.

    Attributes:
        measurements: by dataset and settings.
    """

    begun = Signal()
    measured = Signal(object)

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self.measurements: dict[str, Calibration] = {}
        self._wanted: tuple[Dataset, SplitKind, RunConfig] | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(lambda: self.measure(asked=False))

    def known(self, dataset: "Dataset", config: RunConfig) -> "Calibration | None":
        """What was measured for these settings."""
        return self.measurements.get(_key(dataset, config))

    def measure_later(self, dataset: "Dataset", split: SplitKind, config: RunConfig) -> None:
        """Measure these settings once they have come to rest."""
        self._wanted = dataset, split, config
        self._rest.start()

    def drop(self) -> None:
        """Measure nothing: it would slow a run down and be wrong."""
        self._rest.stop()
        self._session.jobs.drop(_JOB)

    def measure(self, asked: bool = True, wanted: "tuple[Dataset, SplitKind, RunConfig] | None" = None) -> None:
        """Measure now. Unless it was `asked` for, only while the page is in sight and nothing else is at work, and a
        failure is not reported: the run itself would say it."""
        wanted = wanted or self._wanted
        busy = self._session.training.state != "idle" or (not asked and bool(self._session.jobs.working()))
        hidden = not asked and not self._page.isVisible()
        if wanted is None or busy or hidden:
            return
        dataset, split, config = wanted

        def failed(error: RecdeskError) -> None:
            self.measured.emit(None)
            if asked:
                self._session.fail(error)

        def found(pace: "Calibration | None") -> None:
            if pace is not None:
                self.measurements[_key(dataset, config)] = pace
            self.measured.emit(pace)

        self.begun.emit()
        work, title = partial(measured_pace, dataset, split, config), self.tr("Measuring a few training steps")
        self._session.jobs.run(title, work, found, failed, visible=asked, replaces=_JOB, reads=True)


def measured_pace(dataset: "Dataset", split: SplitKind, config: RunConfig, context: JobContext) -> "Calibration | None":
    """Time a few training steps, in a job; None when it is cancelled."""
    preload_torch()
    from recdesk.data.splitting import make_split
    from recdesk.training.calibration import calibrate

    return calibrate(make_split(dataset.checked(), split), config, context)


def _key(dataset: "Dataset", config: RunConfig) -> str:
    return f"{dataset.name} {dataset.n_interactions} {config.model_dump_json()}"
