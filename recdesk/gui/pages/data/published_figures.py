"""Figures that others have published for the chosen dataset: noting them with their protocol, and removing them."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session
from recdesk.workspace.published import PublishedFigure, load_published, note_published, remove_published


class PublishedFigures(QObject):
    """Reads what is noted, asks, and stores it, in jobs."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    def possible(self) -> bool:
        """Whether a dataset is chosen that figures can be noted for."""
        return self._session.dataset is not None and not self._session.read_only

    def words(self) -> list[str] | None:
        """Words of the command that lists them; None where no dataset is chosen."""
        name = self._session.dataset_name
        return None if name is None else ["note-figure", name]

    def ask(self) -> None:
        """Show what is noted, and ask for one more."""
        workspace, name = self._session.workspace.folder, self._session.dataset_name
        if name is None or not self.possible():
            return

        def work(_context: JobContext) -> list[PublishedFigure]:
            return load_published(workspace, name)

        title = self.tr("Reading published figures")
        self._session.jobs.run(title, work, lambda known: self._ask(name, known), visible=False, replaces="published")

    def _ask(self, name: str, known: list[PublishedFigure]) -> None:
        from recdesk.gui.pages.data.published_dialog import PublishedDialog

        dataset = self._session.dataset
        dialog = PublishedDialog(name, name if dataset is None else dataset.name, known, self._parent)
        figure = dialog.figure if dialog.exec() else None
        removed = dialog.removed
        dialog.deleteLater()
        if figure is not None or removed:
            self.store(figure, removed)

    def store(self, figure: PublishedFigure | None, removed: Sequence[PublishedFigure] = ()) -> None:
        """Note a figure, if there is one, and remove others."""
        workspace = self._session.workspace.folder

        def work(_context: JobContext) -> None:
            for each in removed:
                remove_published(workspace, each)
            if figure is not None:
                note_published(workspace, figure)

        def done(_nothing: None) -> None:
            if figure is not None:
                self._session.script.add(note_words(figure))
            self._session.runs_changed.emit()

        self._session.jobs.run(self.tr("Noting published figures"), work, done, visible=False)


def note_words(figure: PublishedFigure) -> list[str]:
    """Words of `recdesk note-figure`."""
    found = ["note-figure", figure.dataset, "--metric", figure.metric, "--value", f"{figure.value:g}"]
    found += ["--model", figure.model, "--source", figure.source, "--split", figure.split]
    found += ["--sampled", str(figure.negatives)] if figure.negatives else []
    found += [] if figure.seen_excluded else ["--seen"]
    found += ["--moment"] if figure.knows_moment else []
    counts = (("users", figure.users), ("items", figure.items), ("interactions", figure.interactions))
    return found + [word for name, count in counts if count is not None for word in (f"--{name}", str(count))]
