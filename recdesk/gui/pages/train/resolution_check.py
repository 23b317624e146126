"""The smallest difference that the chosen data can show, said before a start."""

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.split_kinds import SplitKind
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.train import pace
from recdesk.gui.preload_torch import preload_torch
from recdesk.gui.session import Session
from recdesk.training.checks import Check

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.evaluation.signals import Resolution

_JOB = "train.resolution"


class ResolutionCheck(QObject):
    """Finds it out in a job once a choice has come to rest, and remembers it.

    Signals:
        found: it is known for another dataset or split.
    """

    found = Signal()

    def __init__(self, session: Session, page: QWidget) -> None:
        super().__init__(page)
        self._session, self._page = session, page
        self._known: WeakKeyDictionary[Dataset, dict[SplitKind, str]] = WeakKeyDictionary()
        self._wanted: tuple[Dataset, SplitKind] | None = None
        self._rest = QTimer(self, singleShot=True, interval=pace.REST_MS)
        self._rest.timeout.connect(self._find)

    def checks(self, dataset: "Dataset", split: SplitKind) -> list[Check]:
        """What is known of it; nothing yet for a new choice, which is looked at a little later."""
        sentence = self._known.get(dataset, {}).get(split)
        if sentence is None:
            self._wanted = dataset, split
            self._rest.start()
        return [Check("good", sentence)] if isinstance(sentence, Message) else []

    def _find(self) -> None:
        session, wanted, self._wanted = self._session, self._wanted, None
        if wanted is None or session.training.state != "idle" or not self._page.isVisible():
            return
        dataset, split = wanted

        def work(context: JobContext) -> "Resolution":
            preload_torch()
            from recdesk.experiment.data_signals import resolution_of

            return resolution_of(session.workspace, dataset, split, context)

        def done(resolution: "Resolution") -> None:
            say(resolution.sentence)

        def failed(_error: RecdeskError) -> None:  # which the start of a run would say too
            say("")

        def say(sentence: str) -> None:
            self._known.setdefault(dataset, {})[split] = sentence
            self.found.emit()

        title = self.tr("Looking at what the data can show")
        session.jobs.run(title, work, done, failed, visible=False, replaces=_JOB, reads=True)
