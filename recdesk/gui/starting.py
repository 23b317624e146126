"""Operations that several pages start: a training run, adding the built-in example, the demonstration of both."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QObject

from recdesk.gui.command_lines import train_words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.session import Session
from recdesk.gui.training_controller import STARTING as STARTING
from recdesk.gui.training_controller import Ready, ready
from recdesk.training.config import make_config

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.experiment.study import Study
    from recdesk.workspace.runs import Run

DEMO_MINUTES = 3.0
"""Time limit of the demonstration's training, which usually stops improving before; without one the time left that is
shown would be that of a thousand epochs."""


def begin_run(session: Session, find: Callable[[], Ready]) -> Job[Ready]:
    """Train the run that `find` creates or reads on a worker thread, unless another one started meanwhile."""

    def begin(found: Ready) -> None:
        if session.training.state == "idle" and not session.tuning.active:
            run, earlier = found
            words = (
                train_words(run.dataset_name, run.config, run.split, 1, run.cluster)
                if earlier is None
                else ["resume", run.id]
            )
            session.script.add(words, run=run.id if earlier is None else "")
            session.choose_run(run.id)
            session.training.start(run, earlier)

    title = QCoreApplication.translate("Starting", "Preparing the run")
    return session.jobs.run(title, lambda _context: find(), begin, visible=False, replaces=STARTING)


def resume_run(session: Session, run: "Run", with_study: bool = True) -> None:
    """Resume a run from its last checkpoint; one of a group with all that is left of it, an interrupted trial with the
    study that it belongs to, unless only that trial is meant."""
    if run.group:
        session.script.add(["resume", run.group])
        session.queue.go_on_with_group(run.group)
        return
    if not run.study or not with_study:
        begin_run(session, lambda: ready(run.folder, resume=True))
        return
    workspace = session.workspace

    def find(_context: JobContext) -> "Study":
        from recdesk.experiment.study import find_study

        return find_study(workspace, run.study)

    def begin(study: "Study") -> None:
        if session.training.state == "idle" and not session.tuning.active:
            session.choose_run(run.id)
            preferences = session.preferences
            session.tuning.start(study, preferences.trials_at_once, run.cluster and preferences.cluster)

    title = QCoreApplication.translate("Starting", "Preparing the run")
    session.jobs.run(title, find, begin, visible=False, replaces=STARTING)


def add_example(session: Session, language: Literal["en", "zh"], done: Callable[[str], object]) -> Job[str]:
    """Generate the example in a job and add it, unless it is there already; `done` gets the dataset's name."""

    def work(context: JobContext) -> str:
        from recdesk.data.example import make_example

        context.report(0.1)
        dataset = make_example(language)
        known = {info.facts.get("hash"): info.name for info in session.workspace.datasets()}
        if dataset.content_hash in known:
            return known[dataset.content_hash]
        context.report(0.6)
        return _add(session, dataset)

    def finished(name: str) -> None:
        session.script.add(["example", "--language", language])
        session.datasets_changed.emit()
        done(name)

    return session.jobs.run(
        QCoreApplication.translate("Example", "Making the built-in example"), work, finished, replaces="data.import"
    )


def _add(session: Session, dataset: "Dataset") -> str:
    import pandas as pd

    from recdesk.data.importing import ImportResult

    return session.workspace.add_dataset(ImportResult(dataset, [], pd.DataFrame()))


class Demo(QObject):
    """Adds the built-in example, trains on it and shows the recommendations; dataset and run stay in the workspace."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def start(self) -> None:
        """Start; the window stays usable meanwhile."""
        self._session.go("data")
        add_example(self._session, "en", self._train)

    def _train(self, dataset_name: str) -> None:
        session = self._session
        session.choose_dataset(dataset_name)
        session.go("train")
        session.training.state_changed.connect(self._show)

        def made() -> Ready:
            return ready(
                session.workspace.create_run(dataset_name, make_config(minutes=DEMO_MINUTES), "leave-one-out").folder
            )

        begin_run(session, made)

    def _show(self, state: str) -> None:
        if state != "idle":
            return
        session = self._session
        session.training.state_changed.disconnect(self._show)
        if session.training.run is not None and session.training.run.has_model:
            session.go("recommend")
