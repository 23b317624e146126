"""Statistics and likely problems of the chosen dataset, and the key of its pseudonyms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from recdesk.core.errors import RecdeskError
from recdesk.data.cleaning.rules import instant
from recdesk.gui import words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.questions import is_sure
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset
    from recdesk.data.health import Health

_KEY = "data.key"
_COLUMNS = 4


@dataclass(frozen=True)
class Summary:
    """Statistics of a dataset.

    Attributes:
        health: its shape and likely problems.
        first, last: earliest and latest time (UTC), None without times.
        least_liked: the lowest rating that says somebody liked it, where many lower ones count too; None otherwise.
    """

    health: "Health"
    first: datetime | None
    last: datetime | None
    least_liked: float | None = None


def summarise(dataset: "Dataset", health: "Health") -> Summary:
    """Summary of a dataset; one pass over the times, and over the ratings."""
    from recdesk.data.health import low_ratings

    first = last = None
    if dataset.times is not None and len(dataset.times):
        first, last = (_moment(int(value)) for value in (dataset.times.min(), dataset.times.max()))
    low = low_ratings(dataset)
    return Summary(health, first, last, None if low is None else low[0])


def _moment(seconds: int) -> datetime | None:
    try:
        return instant(seconds)
    except OverflowError:
        return None


class KeyLine(QWidget):
    """A sentence on the pseudonyms, with a button that deletes their key; not shown for datasets without pseudonyms."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._name = ""
        self.sentence = Text("", "small", "secondary", wrap=True)
        self.delete = Chip(self.tr("Delete the key…"))
        self.delete.clicked.connect(self._ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.delete)
        self.hide()

    def show_dataset(self, dataset: "Dataset | None", name: str | None) -> None:
        """Show the sentence for this dataset as soon as a job has looked for the key."""
        key = str(dataset.rules.get("pseudonyms") or "") if dataset is not None else ""
        self._name, workspace = name or "", self._session.workspace
        self._session.jobs.drop(_KEY)
        self.hide()
        if key:
            self._run(lambda: workspace.has_key(name or ""))

    def _run(self, work: Callable[[], bool]) -> None:
        title = self.tr("Looking for the key")
        self._session.jobs.run(title, lambda _context: work(), self._show_key, visible=False, replaces=_KEY)

    def _show_key(self, exists: bool) -> None:
        self.show()
        self.sentence.setText(
            self.tr("User ids are pseudonyms; the key to them lies in the workspace.")
            if exists
            else self.tr("User ids are pseudonyms; their key was deleted, and ids lead nobody back.")
        )
        self.delete.setVisible(exists and not self._session.read_only)

    def _ask(self) -> None:
        if not ask_to_delete(self, self._name):
            return
        self.forget(self._name)

    def forget(self, name: str) -> None:
        """Delete the key of a dataset in a job, and show other re-identification risks, which are searched before."""
        workspace = self._session.workspace
        self.delete.setEnabled(False)

        def work(context: JobContext) -> list[str]:
            ways = workspace.reidentification_risks(name, context)
            workspace.delete_key(name)
            return ways

        # confirmed by the user: without `replaces`, so that no later job cancels it
        job = self._session.jobs.run(self.tr("Deleting a key"), work, lambda ways: self._key_deleted(name, ways))
        job.ended.connect(lambda _state: self.delete.setEnabled(True))

    def _key_deleted(self, name: str, ways: list[str]) -> None:
        if name == self._name:
            self.show_dataset(self._session.dataset, name)
        if ways:
            self._session.fail(
                RecdeskError(
                    self.tr("The key is deleted, but other things in the workspace still tell who is who."),
                    "\n".join(map(translated, ways)) + "\n" + self.tr("Settings show what is kept, and delete it."),
                )
            )


def ask_to_delete(parent: QWidget, title: str) -> bool:
    """Ask before a key is deleted for good."""
    translate = QCoreApplication.translate
    question = translate("KeyLine", "Delete the key of “{title}”?").format(title=title)
    consequences = translate(
        "KeyLine",
        "After that no list of ids tells who is behind a pseudonym, and the dataset cannot be updated from a newer "
        "file. Who knows what somebody took, and when, may still know them by it. This cannot be undone. Copies of "
        "the workspace still hold the key.",
    )
    delete, keep = translate("KeyLine", "Delete for good"), translate("KeyLine", "Keep the key")
    return is_sure(parent, question, consequences, delete, keep)


class SummaryCard(Card):
    """Users, items, interactions, density, histories, time range, ties; likely problems in words.

    Signals:
        summarised: the figures are there (a Summary).
        higher_wanted: import the same files again without ratings below this one.
    """

    summarised = Signal(object)
    higher_wanted = Signal(float)

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
        self._least: float = 0.0
        self.higher = Chip("")
        self.higher.setToolTip(
            self.tr("Goes back to the import, where you see what that leaves out; this dataset stays as it is")
        )
        self.higher.clicked.connect(lambda: self.higher_wanted.emit(self._least))
        self.key = KeyLine(session)
        self.body.addWidget(self.problems)
        self.body.addWidget(self.higher, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self.key)
        self.show_dataset(None)

    def show_dataset(self, dataset: "Dataset | None", name: str | None = None) -> None:
        """Compute the figures in a job and show them; None empties the card."""
        for value in self._values.values():
            value.setText("–")
        self._chip.setVisible(dataset is not None and bool(dataset.synthetic))
        self._note.setText(self._about_synthetic(dataset) if dataset is not None else "")
        self._note.setVisible(bool(self._note.text()))
        self.problems.hide()
        self.offer_higher(None)
        if dataset is None:
            self.key.hide()
            return
        self.set_title(dataset.name)
        self.key.show_dataset(dataset, name)

        def work(_context: JobContext) -> Summary:
            return summarise(dataset, self._session.workspace.health(name or dataset.name))

        self._session.jobs.run(self.tr("Summary"), work, self._show, visible=False, replaces="data.summary")

    def offer_higher(self, least: float | None) -> None:
        """Offer to import again without ratings below this one; None: not."""
        self._least = least or 0.0
        self.higher.setText(self.tr("Import again without ratings below {least}…").format(least=f"{self._least:g}"))
        self.higher.setVisible(least is not None)

    def value(self, key: str) -> str:
        """The text of a figure: users, items, interactions, density, mean, median, range or ties."""
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
        self._show_problems([translated(problem) for problem in health.problems])
        self.summarised.emit(summary)

    def _show_problems(self, problems: list[str]) -> None:
        if problems:
            lines = [self.tr("Likely problems:"), *(f"• {problem}" for problem in problems)]
            self.problems.setText("\n".join(lines))
        else:
            self.problems.setText(self.tr("Nothing looks wrong."))
        self.problems.set_tone("warning" if problems else "secondary")
        self.problems.show()

    def _about_synthetic(self, dataset: "Dataset") -> str:
        if dataset.ceiling is None:
            return translated(dataset.synthetic)
        ceiling = QLocale().toString(dataset.ceiling, "f", 2)
        best = self.tr("The best possible accuracy@1 is {ceiling}.").format(ceiling=ceiling)
        return words.together(translated(dataset.synthetic), best)


def _percent(share: float) -> str:
    return QCoreApplication.translate("Words", "{n} %").format(n=QLocale().toString(100 * share, "g", 3))


def _range(summary: Summary) -> str:
    assert summary.first is not None and summary.last is not None
    return f"{summary.first:%Y-%m-%d} – {summary.last:%Y-%m-%d}"
