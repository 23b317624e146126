"""The Runs page in tests: what a user does on it, and what they see."""

from PySide6.QtCore import Qt

from recdesk.gui.pages.runs.page import RunsPage
from recdesk.gui.session import Session
from recdesk.workspace.runs import Run
from tests.gui.driver import WindowDriver, cells, window_on

COLUMNS = ("★", "Run", "Dataset", "State", "Training", "NDCG@10", "Recall@10", "On")


class RunsPageDriver(WindowDriver):
    """Uses the Runs page by mouse and keyboard, and reads what it shows."""

    def __init__(self, session: Session, qtbot) -> None:
        super().__init__(window_on(session, qtbot), qtbot)
        self.session = session
        self.window.show_page("runs")
        page = self.window.pages["runs"]
        assert isinstance(page, RunsPage)
        self.page = page
        self.settle()

    def trained(self) -> None:
        """Wait until a run has begun and ended."""
        training = self.session.training
        self.until(lambda: training.run is not None and training.state == "idle")

    def rows(self) -> list[dict[str, str]]:
        return [dict(zip(COLUMNS, row, strict=True)) for row in cells(self.page.table)]

    def ids(self) -> list[str]:
        """Runs from top to bottom."""
        table = self.page.table
        return [table.rows[table.table_model.source_row(row)].run.id for row in range(len(table.rows))]

    def chosen(self) -> set[str]:
        """Runs that are chosen to be compared."""
        return {self.page.table.rows[index].run.id for index in self.page.table.selected()}

    def choose_runs(self, *runs: Run) -> None:
        """Choose runs as a person does: the first, then others with Ctrl."""
        for number, run in enumerate(runs):
            source = [row.run.id for row in self.page.table.rows].index(run.id)
            shown = self.page.table.table_model.shown_row(source)
            cell = self.page.table.visualRect(self.page.table.model().index(shown, 1))
            key = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            self.qtbot.mouseClick(self.page.table.viewport(), Qt.MouseButton.LeftButton, key, cell.center())
        self.settle()

    def drawn(self) -> list[str]:
        """Names of the curves compared."""
        return [curve.name for curve in self.page.compare.plot.curves if len(curve.series)]
