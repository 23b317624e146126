"""The Recommend page in tests: what a user does on it, and what they see."""

from recdesk.gui.pages.recommend.page import RecommendPage
from recdesk.gui.session import Session
from recdesk.recommend.recommender import LiveModel
from tests.gui.driver import WindowDriver, cells, window_on
from tests.gui.trained import button


class RecommendPageDriver(WindowDriver):
    """Uses the Recommend page by mouse and keyboard, and reads what it shows."""

    def __init__(self, session: Session, qtbot) -> None:
        super().__init__(window_on(session, qtbot), qtbot)
        self.session = session
        self.window.show_page("recommend")
        with qtbot.waitActive(self.window):
            self.window.activateWindow()
        page = self.window.pages["recommend"]
        assert isinstance(page, RecommendPage)
        self.page = page
        self.settle()

    @property
    def model(self) -> LiveModel:
        assert self.page.model is not None
        return self.page.model

    def choose_user(self, user: int) -> None:
        self.page.users.choose(user)
        self.settle()

    def history(self) -> list[str]:
        """Titles as they stand, newest first."""
        return [row[0] for row in cells(self.page.history_card.table)]

    def top(self) -> list[int]:
        """Codes as they stand."""
        assert len(self.page.top.codes) == self.page.top.table.table_model.rowCount()
        return self.page.top.codes

    def expected(self, history: list[int], n: int = 10, **rules) -> list[int]:
        return [item.code for item in self.model.top_n(history, n, **rules)]

    def take_out(self, row: int) -> None:
        """Click the × of an entry of the history."""
        table = self.page.history_card.table
        self.click_cell(table, row, table.table_model.columnCount() - 1)
        self.settle()

    def add(self, text: str) -> None:
        """Add the first item that has this text, by the dialog."""

        def fill(dialog) -> None:
            self.qtbot.keyClicks(dialog.search, text)
            dialog.accept_button.click()

        self.when_asked(fill)
        self.click(button(self.page.history_card, "+ add"))
        self.settle()
