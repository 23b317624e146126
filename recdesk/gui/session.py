"""The state that all pages share: workspace, chosen dataset and run, jobs, training, actions, preferences."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.gui.actions import Actions
from recdesk.gui.jobs import JobContext, Jobs
from recdesk.gui.preferences import Preferences
from recdesk.gui.queue_controller import QueueController
from recdesk.gui.run_failures import RunFailures
from recdesk.gui.serving_controller import ServingController
from recdesk.gui.session_script import SessionScript
from recdesk.gui.training_controller import TrainingController
from recdesk.gui.tuning_controller import TuningController
from recdesk.workspace.package_name import is_package
from recdesk.workspace.runs import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recdesk.data.dataset import Dataset
    from recdesk.data.split_kinds import SplitKind
    from recdesk.training.config import RunConfig
    from recdesk.workspace.workspace import Workspace

_RUN = "session.run"


class Session(QObject):
    """The shared state; pages communicate only through it.

    Signals:
        dataset_changed: another dataset was chosen, or the chosen one has been loaded.
        run_changed: another run was chosen.
        datasets_changed: datasets were added to or removed from the workspace.
        runs_changed: runs were added, removed or changed their state.
        run_grew: the log of the chosen run has grown: another process trains it.
        page_requested: show the page with this key.
        settings_offered: the Train page is to show these settings (a RunConfig) and this split (a SplitKind).
        files_dropped: files were dropped on the window (a list of paths), to be imported.
        packages_offered: packed files were dropped or chosen (a list of paths), to be opened.
        item_asked: the Recommend page is to look for this title among what it recommends.
        failure: something failed; show this RecdeskError.
        passed: that failure no longer applies; stop showing it.
        status_changed: one line for the status strip ("" for none).
        copy_requested: the command with these words is to be copied (a list of str).
        workspace_requested: another workspace is to be opened (a Path), in a second window if True.
        language_chosen: the window is to appear in the language of the preferences.

    Attributes:
        workspace: the folder of datasets and runs.
        read_only: another window has the workspace open; nothing may be written.
        jobs: runs work on worker threads.
        training: the run under way.
        tuning: the study under way, whose trials `training` carries out.
        queue: runs that wait, which `training` carries out one after the other.
        serving: the server of this window, which answers requests with a run.
        actions: of menus, shortcuts and the command palette.
        script: what was done in this window, as commands.
        preferences: stored between starts.
        dataset_name: the chosen dataset, or None.
        dataset: the same, loaded; None until it is.
        run_id: the chosen run, or None.
        asked_run: the run that recommendations were asked of by name; None for the best one of the dataset.
        asked_runs: ids of runs that the Runs page is to compare; () for none.
        asked_person: id of the person whom the Recommend page is to show next; "" for none.
    """

    dataset_changed = Signal()
    run_changed = Signal()
    datasets_changed = Signal()
    runs_changed = Signal()
    run_grew = Signal()
    page_requested = Signal(str)
    settings_offered = Signal(object, str)
    files_dropped = Signal(list)
    packages_offered = Signal(list)
    item_asked = Signal(str)
    failure = Signal(object)
    passed = Signal(object)
    status_changed = Signal(str)
    copy_requested = Signal(object)
    language_chosen = Signal()
    workspace_requested = Signal(object, bool)

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
        self.queue = QueueController(workspace, self.training, self.tuning, self.jobs, self)
        self.queue.begun.connect(self.choose_run)
        self.queue.said.connect(self._queue_said)
        self.queue.failure.connect(self.failure)
        self.actions = Actions(self.preferences, self)
        self.script = SessionScript(workspace.folder, self)
        self.serving = ServingController(workspace, self.jobs, self.script, self)
        self.dataset_name: str | None = None
        self.dataset: Dataset | None = None
        self.run_id: str | None = None
        self.asked_run: str | None = None
        self.asked_runs: tuple[str, ...] = ()
        self.asked_person = ""
        self._dataset_of_run: str | None = None  # None too while it is not known yet
        self.jobs.failure.connect(self.failure)
        self.jobs.passed.connect(self.passed)
        self.tuning.failure.connect(self.failure)
        self.training.state_changed.connect(self.runs_changed)
        self._run_failures = RunFailures(self.training, self, self)

    def choose_dataset(self, name: str | None) -> None:
        """Choose a dataset, which a job then loads; None for none.

        A chosen run of another dataset is no longer chosen.
        """
        if name == self.dataset_name:
            return
        self.dataset_name, self.dataset = name, None
        self.preferences.set_last_choice("dataset", self.workspace.folder, name)
        if name is None or self._dataset_of_run not in (None, name):
            self.choose_run(None)
        self.dataset_changed.emit()
        if name is not None:
            self._load(name)

    def choose_run(self, run_id: str | None) -> None:
        """Choose a run and, as soon as a job has read it, its dataset; None for no run.

        A dataset that is chosen meanwhile stays, and a run of another dataset is no longer chosen.
        """
        if run_id == self.run_id:
            return
        self.jobs.drop(_RUN)
        self.run_id, self._dataset_of_run = run_id, None
        self.preferences.set_last_choice("run", self.workspace.folder, run_id)
        self.run_changed.emit()
        if run_id is None or run_id != self.run_id:
            return
        workspace, before = self.workspace, self.dataset_name

        def work(_context: JobContext) -> tuple[str, bool]:
            name = Run.read(workspace.folder / "runs" / run_id).dataset_name
            return name, any(info.name == name for info in workspace.datasets())

        def found(result: tuple[str, bool]) -> None:
            self._dataset_of_run, there = result
            if self.dataset_name not in (before, self._dataset_of_run):
                self.choose_run(None)
            elif there:
                self.choose_dataset(self._dataset_of_run)

        def failed(error: RecdeskError) -> None:
            self.choose_run(None)
            self.fail(error)

        self.jobs.run(self.tr("Reading runs"), work, found, failed, visible=False, replaces=_RUN)

    def restore(self) -> None:
        """Choose the dataset and run chosen last in this workspace, where a job finds them."""
        workspace = self.workspace
        run, dataset = (self.preferences.last_choice(kind, workspace.folder) for kind in ("run", "dataset"))

        def work(_context: JobContext) -> tuple[bool, bool]:
            return workspace.run_store.holds(run), bool(dataset) and any(
                info.name == dataset for info in workspace.datasets()
            )

        def found(there: tuple[bool, bool]) -> None:
            if self.run_id is not None or self.dataset_name is not None:
                return  # the user has chosen another one meanwhile
            if there[1]:
                self.choose_dataset(dataset)
            if there[0]:
                self.choose_run(run)

        if run or dataset:
            self.jobs.run(self.tr("Reading runs"), work, found, visible=False, replaces="session.restore")

    def go(self, page_key: str) -> None:
        """Show a page: "data", "train", "runs", "recommend" or "settings"."""
        self.page_requested.emit(page_key)

    def _queue_said(self, sentence: str) -> None:
        self.runs_changed.emit()
        self.status_changed.emit(sentence)

    def take_files(self, paths: "Sequence[Path]") -> "list[Path]":
        """Have the packed files among these opened; returns the others."""
        packages = [path for path in paths if is_package(path)]
        if packages:
            self.packages_offered.emit(packages)
        return [path for path in paths if path not in packages]

    def recommend_with(self, run_id: str, person: str = "") -> None:
        """Show the recommendations of this run, whichever is best, for a person if one is named."""
        self.asked_run, self.asked_person = run_id, person
        self.choose_run(run_id)
        self.go("recommend")

    def compare_runs(self, run_ids: Sequence[str]) -> None:
        """Show the comparison of these runs on the Runs page."""
        self.asked_runs = tuple(run_ids)
        self.go("runs")

    def offer_settings(self, config: "RunConfig", split: "SplitKind") -> None:
        """Show the Train page with these settings for its next run."""
        self.go("train")
        self.settings_offered.emit(config, split)

    def choose_language(self, language: str) -> None:
        """Use a language of `preferences.LANGUAGES` from now on."""
        if language != self.preferences.language:
            self.preferences.language = language
            self.language_chosen.emit()

    def fail(self, error: RecdeskError) -> None:
        """Show a failure."""
        self.failure.emit(error)

    def pass_over(self, error: RecdeskError) -> None:
        """Stop showing a failure that no longer applies."""
        self.passed.emit(error)

    def shutdown(self) -> None:
        """Stop the run and all jobs, and unlock the workspace."""
        self.training.shutdown()
        self.jobs.shutdown()
        self.preferences.sync()
        self.workspace.unlock()

    def _load(self, name: str) -> None:
        def work(_context: JobContext) -> "Dataset":
            return self.workspace.dataset(name)

        self.jobs.run(
            self.tr("Loading {name}").format(name=name),
            work,
            self._loaded,
            self._not_loaded,
            replaces="session.dataset",
            reads=True,
        )

    def _loaded(self, dataset: "Dataset") -> None:
        self.dataset = dataset
        self.dataset_changed.emit()

    def _not_loaded(self, error: RecdeskError) -> None:
        self.choose_dataset(None)
        self.fail(error)
