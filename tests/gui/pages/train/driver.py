"""The Train page in tests: what a user does on it, and what they see."""

from collections.abc import Callable

from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.starting import STARTING
from recdesk.monitor.events import Event, Step
from tests.gui.driver import WindowDriver
from tests.workspace.conftest import small_config


class TrainPageDriver(WindowDriver):
    """Uses the Train page by mouse and keyboard, and reads what it shows."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        super().__init__(window, qtbot)
        self.session = window.session
        window.show_page("train")
        with qtbot.waitActive(window):
            window.activateWindow()
        page = window.pages["train"]
        assert isinstance(page, TrainPage)
        self.page = page

    def use(self, name: str) -> None:
        """Choose a dataset and wait for it."""
        self.session.choose_dataset(name)
        self.until(lambda: self.session.dataset is not None)

    def start(self, seen: Callable[[Event], bool] = lambda event: isinstance(event, Step), **settings) -> None:
        """Press Start with small settings and wait for an event."""
        self.page.use_settings(small_config(**settings), "leave-one-out")
        with self.qtbot.waitSignal(
            self.session.training.events, timeout=60_000, check_params_cb=lambda events: any(map(seen, events))
        ):
            self.click(self.page.start_button)

    def finish(self) -> None:
        session = self.session
        self.until(lambda: session.training.state == "idle" and not session.jobs.at_work(STARTING))

    def stop(self) -> None:
        if self.session.training.state != "idle":
            self.click(self.page.stop_button)
        self.finish()

    def buttons(self) -> list[str]:
        """The words on the buttons of the head that can be seen."""
        page = self.page
        every = (page.pause_button, page.resume_button, page.stop_button, page.start_button, page.recommend_button)
        return [button.text() for button in every if button.isVisible()]
