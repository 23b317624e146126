"""The chosen dataset in figures."""

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from recdesk.data.dataset import Dataset
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.data.summary import Summary, summarise
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text

_COLUMNS = 4


class SummaryCard(Card):
    """Users, items, interactions, density, histories, time range, ties."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Summary"))
        self._session = session
        self._chip = Chip(self.tr("synthetic"), tone="warning", fact=True)
        self.head.addWidget(self._chip)
        self._note = Text("", "small", "warning", wrap=True)
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(14)
        self._values: dict[str, Text] = {}
        for position, (key, title) in enumerate(self._titles().items()):
            self._values[key] = Text("–", "card", tabular=True)
            self._values[key].setAccessibleName(title)
            cell = QVBoxLayout()
            cell.setSpacing(2)
            cell.addWidget(Text(title, "small", "secondary"))
            cell.addWidget(self._values[key])
            grid.addLayout(cell, *divmod(position, _COLUMNS))
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 3 if column == 2 else 2)
        self.body.addLayout(grid)
        self.body.addWidget(self._note)
        self.show_dataset(None)

    def show_dataset(self, dataset: Dataset | None) -> None:
        """Compute the figures in a job and show them; None empties the card."""
        for value in self._values.values():
            value.setText("–")
        self._chip.setVisible(dataset is not None and bool(dataset.synthetic))
        self._note.setText(self._about_synthetic(dataset) if dataset is not None else "")
        self._note.setVisible(bool(self._note.text()))
        if dataset is None:
            return
        self.set_title(dataset.name)

        def work(_context: JobContext) -> Summary:
            return summarise(dataset)

        self._session.jobs.run(self.tr("Summary"), work, self._show, visible=False, replaces="data.summary")

    def value(self, key: str) -> str:
        """What stands under a figure's name: users, items, interactions, density, mean, median, range, ties."""
        return self._values[key].text()

    def _titles(self) -> dict[str, str]:
        return {
            "users": self.tr("Users"),
            "items": self.tr("Items"),
            "interactions": self.tr("Interactions"),
            "density": self.tr("Density"),
            "mean": self.tr("Mean history"),
            "median": self.tr("Median history"),
            "range": self.tr("From – to"),
            "ties": self.tr("Tied times"),
        }

    def _show(self, summary: Summary) -> None:
        locale = QLocale()
        texts = {
            "users": locale.toString(summary.users),
            "items": locale.toString(summary.items),
            "interactions": locale.toString(summary.interactions),
            "density": _percent(summary.density),
            "mean": locale.toString(summary.mean_history, "f", 1),
            "median": locale.toString(summary.median_history, "g", 6),
            "range": self.tr("no times") if summary.first is None or summary.last is None else _range(summary),
            "ties": "–" if summary.tied is None else _percent(summary.tied),
        }
        for key, text in texts.items():
            self._values[key].setText(text)

    def _about_synthetic(self, dataset: Dataset) -> str:
        if dataset.ceiling is None:
            return core(dataset.synthetic)
        ceiling = QLocale().toString(dataset.ceiling, "f", 2)
        best = self.tr("The best possible accuracy@1 is {ceiling}.").format(ceiling=ceiling)
        return words.together(core(dataset.synthetic), best)


def _percent(share: float) -> str:
    return QCoreApplication.translate("Words", "{n} %").format(n=QLocale().toString(100 * share, "g", 3))


def _range(summary: Summary) -> str:
    assert summary.first is not None and summary.last is not None
    return f"{summary.first:%Y-%m-%d} – {summary.last:%Y-%m-%d}"
