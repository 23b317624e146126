"""A chip that saves a plot as a picture, a drawing or a table."""

from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtWidgets import QMenu

from recdesk.core.files import writing_to
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.ask_for_file import ask_for_file
from recdesk.gui.widgets.chip import Chip


class Savable(Protocol):
    """What can be saved."""

    def image(self, kind: str) -> bytes:
        """A picture: ".svg" or ".png"."""

    def table(self) -> tuple[list[str], list[list[object]]]:
        """What is drawn, as header and rows."""


class SaveChip(Chip):
    """Asks for the form and the place, then saves in a job.

    Args:
        session: whose jobs do the work.
        plot: what is saved.
        file_name: proposed, without ending.
    """

    def __init__(self, session: Session, plot: Savable, file_name: str) -> None:
        super().__init__(self.tr("save…"))
        self._session, self._plot, self._file_name = session, plot, file_name
        self.setToolTip(self.tr("Save this plot as a picture or as a table"))
        self.clicked.connect(self._open)

    def save_to(self, path: Path) -> None:
        """Save by the ending of the path: PNG, SVG or CSV."""
        kind = path.suffix.lower()
        work = (
            partial(_write_rows, path, *self._plot.table())
            if kind == ".csv"
            else partial(_write_bytes, path, self._plot.image(kind))
        )
        self._session.jobs.run(
            self.tr("Saving {file}").format(file=path.name),
            work,
            lambda _: self._session.status_changed.emit(self.tr("Saved to {file}").format(file=path)),
        )

    def _open(self) -> None:
        menu = QMenu(self)
        for ending, words in (
            ("png", self.tr("Picture (PNG)…")),
            ("svg", self.tr("Drawing (SVG)…")),
            ("csv", self.tr("Table (CSV)…")),
        ):
            menu.addAction(words, partial(self._ask, ending))
        menu.exec(self.mapToGlobal(self.rect().bottomLeft()))
        menu.deleteLater()

    def _ask(self, ending: str) -> None:
        path = ask_for_file(self, self.tr("Save"), f"{self._file_name}.{ending}")
        if path is not None:
            self.save_to(path)


def _write_rows(path: Path, header: list[str], rows: list[list[object]], _context: JobContext) -> None:
    from recdesk.data.safe_csv import write_table

    write_table(path, header, rows)


def _write_bytes(path: Path, content: bytes, _context: JobContext) -> None:
    with writing_to(path, "wb") as stream:
        stream.write(content)
