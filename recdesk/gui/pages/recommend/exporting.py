"""Exports of the Recommend page: asking what and where, and writing the file in a job."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from recdesk.core.messages import Message
from recdesk.gui.command_lines import export_words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.export_dialog import Export, ExportDialog, OnPage
from recdesk.gui.pages.recommend.live import write_export
from recdesk.gui.session import Session
from recdesk.gui.widgets.files import ask_for_file

if TYPE_CHECKING:
    from recdesk.recommend.export import Exported
    from recdesk.recommend.recommender import LiveModel


class Exporter(QObject):
    """Writes recommendations to files, one at a time.

    Signals:
        busy: whether a file is being written.

    Attributes:
        run_id: of the model that recommends.
    """

    busy = Signal(bool)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job: Job[Exported] | None = None
        self.run_id = ""

    def ask(self, model: "LiveModel", page: OnPage, window: QWidget) -> None:
        """Ask what to export and where, then write it."""
        dialog = ExportDialog(page, window)
        chosen = dialog.chosen() if dialog.exec() else None
        dialog.deleteLater()
        if chosen is None:
            return
        path = ask_for_file(window, self.tr("Export"), *_proposed(chosen.what))
        if path is not None:
            self.write(model, path, chosen)

    def write(self, model: "LiveModel", path: Path, export: Export) -> None:
        """Write a file in a job, with progress; cancelling leaves an existing file as it was."""

        def work(context: JobContext) -> "Exported":
            return write_export(model, path, export, context)

        def done(written: "Exported") -> None:
            self._note(path, export)
            rows = translated(Message("count.rows", count=written.rows))
            text = self.tr("{rows} written to {file}").format(rows=rows, file=path)
            notes = [translated(note) for note in (written.note, *written.people_notes) if note]
            self._session.status_changed.emit(". ".join([text, " ".join(notes)]) if notes else text)

        job = self._job = self._session.jobs.run(self.tr("Writing {file}").format(file=path.name), work, done)
        self.busy.emit(True)
        job.progressed.connect(lambda _share, text: self._session.status_changed.emit(text))
        job.ended.connect(lambda _state: self.busy.emit(False))

    def _note(self, path: Path, export: Export) -> None:
        """Note the command of an export of everybody, of saved people, or of what was learned; of a selection, that
        there is none."""
        script = self._session.script
        saved = export.users == () and bool(export.people) and all(person.saved for person in export.people)
        plain = not export.filter and export.exclude_seen and export.rules.empty
        whole = plain and (saved or (export.users is None and not export.people))
        if self.run_id and (whole or export.what != "recommendations"):
            words = (self.run_id, path, export.n, export.raw_ids, export.what, export.condition, saved)
            script.add(export_words(*words))
        else:
            script.add_note(f"Exported what was on the page to {path}; no command does that.")

    def cancel(self) -> None:
        """Cancel the export."""
        if self._job is not None:
            self._job.cancel()
            self._session.status_changed.emit(self.tr("Export cancelled; nothing was written"))


def _proposed(what: str) -> tuple[str, Sequence[str]]:
    """A name for the file, and the endings that it can have."""
    from recdesk.recommend.export_forms import ENDINGS
    from recdesk.recommend.vectors_export import VECTOR_ENDINGS

    if what == "recommendations":
        return "recommendations.csv", ENDINGS
    return ("similar-items.csv", ENDINGS) if what == "similar" else (f"{what}.parquet", VECTOR_ENDINGS)
