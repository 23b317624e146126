"""The report of an import: rows read, kept, rejected and dropped, in sentences."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale, Signal
from PySide6.QtWidgets import QVBoxLayout

from recdesk.core.messages import Message, known
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.data.rejects import Rejects, RejectsDialog, read_rejects
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.files import ask_for_file
from recdesk.gui.widgets.text import Text

if TYPE_CHECKING:
    from recdesk.data.dataset import Dataset

_SHOWN = 3


class ReportCard(Card):
    """Rows read, kept, rejected and dropped, with reasons; notes; the first rejected rows.

    Signals:
        changed: `filled` may have changed.

    Attributes:
        filled: whether there is something to show.
    """

    changed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("What the import did"))
        self._session = session
        self.filled = False
        self._rejects: Rejects | None = None
        self._all = Chip(self.tr("Show all rejects"))
        self._all.clicked.connect(self.open_rejects)
        self._save = Chip(self.tr("Save rejects…"))
        self._save.clicked.connect(self._ask_where)
        for chip in (self._all, self._save):
            self.head.addWidget(chip)
        self._shown: list[Text] = []
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.body.addLayout(self._lines)
        self.body.addStretch(1)

    def show_dataset(self, dataset: "Dataset | None", name: str | None) -> None:
        """Show the report of this dataset; None (or none there) empties the card."""
        self._clear()
        self._rejects = None
        self._all.hide()
        self._save.hide()
        sentences = report_sentences(dataset.report) if dataset is not None else []
        for tone, sentence in sentences:
            self._add(sentence, tone)
        self.filled = bool(sentences)
        self.changed.emit()
        if dataset is None or name is None or not sum(dataset.report.get("rejected", {}).values()):
            return
        workspace = self._session.workspace
        self._session.jobs.run(
            self.tr("Reading the rejected rows"),
            lambda _context: read_rejects(workspace.dataset_folder(name)),
            self._show_rejects,
            visible=False,
            replaces="data.rejects",
        )

    def sentences(self) -> list[str]:
        """The sentences that are shown."""
        return [line.text() for line in self._shown]

    def open_rejects(self) -> None:
        """Show every rejected row in a table."""
        if self._rejects is not None:
            RejectsDialog(self._rejects, self).open()

    def save_rejects(self, path: Path) -> None:
        """Write the rejected rows as a CSV file."""
        rejects = self._rejects
        if rejects is None:
            return

        def work(_context: JobContext) -> int:
            from recdesk.data.safe_csv import write_table

            return write_table(path, rejects.columns, rejects.rows)

        self._session.jobs.run(
            self.tr("Saving {file}").format(file=path.name),
            work,
            lambda _: self._session.status_changed.emit(self.tr("Saved to {file}").format(file=path)),
        )

    def _ask_where(self) -> None:
        path = ask_for_file(self, self._save.text(), "rejects.csv")
        if path is not None:
            self.save_rejects(path)

    def _show_rejects(self, rejects: Rejects) -> None:
        self._rejects = rejects
        for chip in (self._all, self._save):
            chip.setVisible(bool(rejects.rows))
        for row in rejects.rows[:_SHOWN]:
            self._add(rejects.sentence(row), "secondary")

    def _add(self, sentence: str, tone: str) -> None:
        line = Text(sentence, "small" if tone == "secondary" else "body", tone, wrap=True)
        self._shown.append(line)
        self._lines.addWidget(line)

    def _clear(self) -> None:
        for line in self._shown:
            line.hide()
            line.deleteLater()
        self._shown.clear()


def report_sentences(report: dict[str, Any]) -> list[tuple[str, str]]:
    """A report as pairs of tone and sentence; [] if there is none."""
    if not report.get("read"):
        return []
    translate = QCoreApplication.translate
    sentences = [
        (
            "text",
            translate("Report", "{rows} read, {kept} kept.").format(
                rows=translated(Message("count.rows", count=report["read"])), kept=_figure(report["kept"])
            ),
        )
    ]
    for reason, count in report.get("rejected", {}).items():
        words = translate("Report", "{count} could not be used: {reason}")
        sentences.append(("warning", words.format(count=_figure(count), reason=translated(known(reason, "reason")))))
    for rule, count in report.get("dropped", {}).items():
        if count:
            sentences.append(
                (
                    "text",
                    translate("Report", "{count} dropped: {rule}").format(
                        count=_figure(count), rule=translated(known(rule, "reason"))
                    ),
                )
            )
    if count := report.get("items_without_features"):
        sentences.append(("text", translated(Message("report.items-without-features", count=count))))
    if count := report.get("features_without_items"):
        sentences.append(("secondary", translated(Message("report.features-without-items", count=count))))
    if count := report.get("users_without_features"):
        sentences.append(("text", translated(Message("report.users-without-features", count=count))))
    if count := report.get("features_without_users"):
        sentences.append(("secondary", translated(Message("report.features-without-users", count=count))))
    return sentences + [("secondary", translated(note)) for note in report.get("notes", [])]


def _figure(value: int) -> str:
    return QLocale().toString(int(value))
