"""Files: an area to drop them on, the dialog that asks where to write one, and a chip that saves a plot."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMimeData, QRectF, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from recdesk.core.files import writing_to
from recdesk.gui import theme
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.gui.widgets.buttons import Chip


class DropZone(QWidget):
    """An outlined area that takes files and folders.

    Signals:
        dropped: the list of paths.

    Attributes:
        body: layout for the content.
    """

    dropped = Signal(list)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setAcceptDrops(True)
        self._over = False
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 24, 24, 24)
        self.body.setSpacing(12)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files, nothing else."""
        if local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._set_over(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Remove the highlight."""
        super().dragLeaveEvent(event)
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Emit the dropped files."""
        self._set_over(False)
        event.acceptProposedAction()
        self.dropped.emit(local_paths(event.mimeData()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dashed outline."""
        roles = theme.roles()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(roles.accent if self._over else roles.edge, 1.5 if self._over else 1)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(roles.raised if self._over else roles.card)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.drawRoundedRect(area, theme.CARD_RADIUS, theme.CARD_RADIUS)

    def _set_over(self, over: bool) -> None:
        self._over = over
        self.update()


def local_paths(data: QMimeData) -> list[Path]:
    """The local files and folders of a drag."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def ask_for_file(parent: QWidget, title: str, proposed: str, endings: Sequence[str] = ()) -> Path | None:
    """Ask for a file to write; the dialog adds an ending and asks before a file is replaced. None: cancelled.

    Args:
        parent: the window.
        title: of the dialog.
        proposed: a name; its ending is the first choice.
        endings: all that can be chosen, such as ".csv.gz"; only that of `proposed` if there are none.
    """
    every = list(endings) or [Path(proposed).suffix]
    dialog = QFileDialog(parent, title, proposed)
    dialog.setNameFilters([f"*{ending}" for ending in every])
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(every[0])
    dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(chosen.removeprefix("*")))
    try:
        return Path(dialog.selectedFiles()[0]) if dialog.exec() else None
    finally:
        dialog.deleteLater()  # else it stays, with what it watches of the file system, as long as its parent


class Savable(Protocol):
    """A plot that can be saved."""

    def image(self, kind: str) -> bytes:
        """A picture: ".svg" or ".png"."""

    def table(self) -> tuple[list[str], list[list[object]]]:
        """What is drawn, as header and rows."""


class SaveMenu(Chip):
    """Asks for the format and the file: PNG, SVG or CSV.

    Args:
        file_name: proposed, without ending.
        save: writes to a path, by its ending.
    """

    def __init__(self, file_name: str, save: Callable[[Path], None]) -> None:
        super().__init__(self.tr("save…"))
        self._file_name, self._save = file_name, save
        self.clicked.connect(self._open)

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
            self._save(path)


class SaveChip(SaveMenu):
    """Saves a plot in a job.

    Args:
        session: whose jobs do the work.
        plot: what is saved.
        file_name: proposed, without ending.
    """

    def __init__(self, session: Session, plot: Savable, file_name: str) -> None:
        super().__init__(file_name, self.save_to)
        self._session, self._plot = session, plot
        self.setToolTip(self.tr("Save this plot as a picture or as a table"))

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


def _write_rows(path: Path, header: list[str], rows: list[list[object]], _context: JobContext) -> None:
    from recdesk.data.safe_csv import write_table

    write_table(path, header, rows)


def _write_bytes(path: Path, content: bytes, _context: JobContext) -> None:
    with writing_to(path, "wb") as stream:
        stream.write(content)
