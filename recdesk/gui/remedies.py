"""What can be done about a failure at the press of a button, as its suggestion says."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject

from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.gui.session import Session
from recdesk.gui.starting import begin_run, resume_run
from recdesk.gui.training_controller import Ready, ready
from recdesk.workspace.runs import Run

NO_ROOM = {
    "disk.full",
    "disk.quota-used-up",
    "hub.disk-space-short",
    "run.disk-nearly-full",
    "training.waits-for-disk",
}
RESUMABLE = {"run.out-of-memory", "run.system-refused", "run.unexpected-error"}
NO_GPU = {"run.gpu-lost", "device.no-cuda", "device.no-apple-gpu"}
"""Keys of sentences, by what helps."""


@dataclass(frozen=True)
class Remedy:
    """A button for a failure.

    Attributes:
        title: of the button.
        apply: does it.
    """

    title: str
    apply: Callable[[], object]


class Remedies(QObject):
    """Finds what helps: freeing space, resuming the run, training with its settings on the CPU."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    def of(self, error: RecdeskError) -> Remedy | None:
        """What helps against a failure; None where there is nothing that could be done here."""
        key = error.sentence.key if isinstance(error.sentence, Message) else ""
        if key in NO_ROOM:
            return Remedy(self.tr("Free space…"), self._free_space)
        run = self._session.training.run
        if run is None or self._session.read_only:
            return None
        if key in NO_GPU and run.config is not None:
            return Remedy(self.tr("Train on the CPU"), lambda: self._train_on_cpu(run))
        if key in RESUMABLE:
            return Remedy(self.tr("Resume"), lambda: self._resume(run))
        return None

    def _free_space(self) -> None:
        """Show what is kept, where the trash can be emptied and parts be deleted."""
        self._session.go("settings")

    def _resume(self, run: Run) -> None:
        if self._idle():
            self._session.go("train")
            resume_run(self._session, self._latest(run))

    def _train_on_cpu(self, run: Run) -> None:
        """A new run with the settings of one that had a GPU: one device cannot go on where another was."""
        if not self._idle() or run.config is None:
            return
        config = run.config.model_copy(update={"device": "cpu"})
        workspace, name, split = self._session.workspace, run.dataset_name, run.split
        self._session.offer_settings(config, split)

        def made() -> Ready:
            return ready(workspace.create_run(name, config, split).folder)

        begin_run(self._session, made)

    def _latest(self, run: Run) -> Run:
        """The run as it was left, where it is the one that this window trained."""
        latest = self._session.training.run
        return latest if latest is not None and latest.id == run.id else run

    def _idle(self) -> bool:
        return self._session.training.state == "idle" and not self._session.tuning.active
