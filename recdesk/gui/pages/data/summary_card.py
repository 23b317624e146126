"""The chosen dataset in figures, with what is likely wrong with it."""

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout

from recdesk.data.dataset import Dataset
from recdesk.gui import words
from recdesk.gui.core_words import core
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.data.key_line import KeyLine
from recdesk.gui.pages.data.summary import Summary, summarise
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.chip import Chip
from recdesk.gui.widgets.text import Text

_COLUMNS = 4


class SummaryCard(Card):
    """Users, items, interactions, density, histories, time range, ties; likely problems in words.

    Signals:
        summarised: the figures are there (a Summary).
    """

    summarised = Signal(object)

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
        self.problems = Text("", "body", "warning", wrap=True)
        self.key = KeyLine(session)
        for part in (self.problems, self.key):
            self.body.addWidget(part)
        self.show_dataset(None)

    def show_dataset(self, dataset: Dataset | None, name: str | None = None) -> None:
        """Gather the figures in a job and show them; None empties the card."""
        for value in self._values.values():
            value.setText("–")
        self._chip.setVisible(dataset is not None and bool(dataset.synthetic))
        self._note.setText(self._about_synthetic(dataset) if dataset is not None else "")
        self._note.setVisible(bool(self._note.text()))
        self.problems.hide()
        if dataset is None:
            self.key.hide()
            return
        self.set_title(dataset.name)
        self.key.show_dataset(dataset, name)

        def work(_context: JobContext) -> Summary:
            return summarise(dataset, self._session.workspace.health(name or dataset.name))

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
        locale, health = QLocale(), summary.health
        texts = {
            "users": locale.toString(health.users),
            "items": locale.toString(health.items),
            "interactions": locale.toString(health.interactions),
            "density": _percent(health.density),
            "mean": locale.toString(health.interactions / max(health.users, 1), "f", 1),
            "median": locale.toString(health.median_length, "g", 6),
            "range": self.tr("no times") if summary.first is None or summary.last is None else _range(summary),
            "ties": "–" if health.tied is None else _percent(health.tied),
        }
        for key, text in texts.items():
            self._values[key].setText(text)
        self._show_problems([core(problem) for problem in health.problems])
        self.summarised.emit(summary)

    def _show_problems(self, problems: list[str]) -> None:
        if problems:
            told = [self.tr("Likely problems:"), *(f"• {problem}" for problem in problems)]
            self.problems.setText("\n".join(told))
        else:
            self.problems.setText(self.tr("Nothing looks wrong."))
        self.problems.set_tone("warning" if problems else "secondary")
        self.problems.show()

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
