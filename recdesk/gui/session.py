"""What the window works on: the workspace, the chosen dataset and run, and the services around them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.errors import RecdeskError, UsageError
from recdesk.gui.actions import Actions
from recdesk.gui.jobs import JobContext, Jobs
from recdesk.gui.preferences import Preferences
from recdesk.gui.training_controller import TrainingController
from recdesk.gui.tuning_controller import TuningController

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.workspace.workspace import Workspace


class Session(QObject):
    """Shared by all pages; pages speak to each other only through it.

    Signals:
        dataset_changed: another dataset was chosen, or the chosen one has been loaded.
        run_changed: another run was chosen.
        datasets_changed: datasets were added to or removed from the workspace.
        runs_changed: runs were added, removed or changed their state.
        page_requested: show the page with this key.
        failure: something failed; show this RecdeskError.
        passed: that failure is over by itself; show it no more.
        status_changed: one line about what the person is doing, for the status strip ("" for none).

    Attributes:
        workspace: where everything is kept.
        read_only: another window has the workspace; nothing may be written.
        jobs: work off the GUI thread.
        training: the run under way.
        tuning: the study under way, whose trials `training` carries out.
        actions: what the person can do.
        preferences: what is remembered.
        dataset_name: the chosen dataset, or None.
        dataset: the same, loaded; None until it is.
        run_id: the chosen run, or None.
    """

    dataset_changed = Signal()
    run_changed = Signal()
    datasets_changed = Signal()
    runs_changed = Signal()
    page_requested = Signal(str)
    failure = Signal(object)
    passed = Signal(object)
    status_changed = Signal(str)

    def __init__(
        self,
        workspace: "Workspace",
        preferences: Preferences | None = None,
        read_only: bool = False,
        training: TrainingController | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.read_only = read_only
        self.preferences = preferences or Preferences()
        self.jobs = Jobs(self)
        self.training = training or TrainingController(parent=self)
        self.tuning = TuningController(self.training, self.jobs, self)
        self.actions = Actions(self.preferences, self)
        self.dataset_name: str | None = None
        self.dataset: Dataset | None = None
        self.run_id: str | None = None
        self.jobs.failure.connect(self.failure)
        self.jobs.passed.connect(self.passed)
        self.tuning.failure.connect(self.failure)
        self.training.state_changed.connect(self.runs_changed)

    def choose_dataset(self, name: str | None) -> None:
        """Work on this dataset; it is loaded in a job. None lets go of it.

        A chosen run of another dataset is let go of.
        """
        if name == self.dataset_name:
            return
        self.dataset_name, self.dataset = name, None
        self.preferences.set_last_choice("dataset", self.workspace.folder, name)
        if self.run_id is not None and (name is None or not self._run_is_of(name)):
            self._set_run(None)
        self.dataset_changed.emit()
        if name is not None:
            self._load(name)

    def choose_run(self, run_id: str | None) -> None:
        """Work on this run, and on its dataset. None lets go of it."""
        if run_id == self.run_id:
            return
        self._set_run(run_id)
        if run_id is not None:
            dataset = self.workspace.run(run_id).dataset_name
            if any(info.name == dataset for info in self.workspace.datasets()):
                self.choose_dataset(dataset)

    def restore(self) -> None:
        """Choose what was chosen when this workspace was last left, if it is still there."""
        folder = self.workspace.folder
        run, dataset = (self.preferences.last_choice(kind, folder) for kind in ("run", "dataset"))
        if dataset and any(info.name == dataset for info in self.workspace.datasets()):
            self.choose_dataset(dataset)
        if run and any(known.id == run for known in self.workspace.runs()):
            self.choose_run(run)

    def go(self, page_key: str) -> None:
        """Show a page: "data", "train", "runs", "recommend" or "settings"."""
        self.page_requested.emit(page_key)

    def fail(self, error: RecdeskError) -> None:
        """Show a failure."""
        self.failure.emit(error)

    def pass_over(self, error: RecdeskError) -> None:
        """Show no more a failure that has passed by itself."""
        self.passed.emit(error)

    def shutdown(self) -> None:
        """Stop everything at work and let go of the workspace."""
        self.training.shutdown()
        self.jobs.shutdown()
        self.preferences.sync()
        self.workspace.unlock()

    def _set_run(self, run_id: str | None) -> None:
        self.run_id = run_id
        self.preferences.set_last_choice("run", self.workspace.folder, run_id)
        self.run_changed.emit()

    def _run_is_of(self, dataset_name: str) -> bool:
        try:
            return self.run_id is not None and self.workspace.run(self.run_id).dataset_name == dataset_name
        except UsageError:
            return False

    def _load(self, name: str) -> None:
        def work(_context: JobContext) -> "Dataset":
            return self.workspace.dataset(name)

        self.jobs.run(
            self.tr("Loading {name}").format(name=name),
            work,
            self._loaded,
            self._not_loaded,
            replaces="session.dataset",
        )

    def _loaded(self, dataset: "Dataset") -> None:
        self.dataset = dataset
        self.dataset_changed.emit()

    def _not_loaded(self, error: RecdeskError) -> None:
        self.choose_dataset(None)
        self.fail(error)
