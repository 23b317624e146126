"""The main job by itself: the built-in example, a training, the recommendations."""

from PySide6.QtCore import QObject

from recdesk.gui.example_job import add_example
from recdesk.gui.session import Session
from recdesk.gui.starting import begin_run
from recdesk.gui.training_controller import Ready, ready
from recdesk.training.config import make_config


class Demo(QObject):
    """Goes through the pages the way a person would; everything it makes stays in the workspace."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session

    def start(self) -> None:
        """Begin; the window stays usable all along."""
        self._session.go("data")
        add_example(self._session, "en", self._train)

    def _train(self, dataset_name: str) -> None:
        session = self._session
        session.choose_dataset(dataset_name)
        session.go("train")
        session.training.state_changed.connect(self._show)

        def made() -> Ready:
            return ready(session.workspace.create_run(dataset_name, make_config(), "leave-one-out").folder)

        begin_run(session, made)

    def _show(self, state: str) -> None:
        if state != "idle":
            return
        session = self._session
        session.training.state_changed.disconnect(self._show)
        if session.training.run is not None and session.training.run.has_model:
            session.go("recommend")
