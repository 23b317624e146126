"""Exports of the Recommend page: asking what and where, and writing the file in a job."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from recdesk.core.messages import Message
from recdesk.gui.command_lines import export_words, moment_words
from recdesk.gui.jobs import Job, JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.export_dialog import Export, ExportDialog, OnPage
from recdesk.gui.pages.recommend.live import write_export, write_files
from recdesk.gui.session import Session
from recdesk.gui.widgets.files import ask_for_file

if TYPE_CHECKING:
    from recdesk.experiment.sharded_export import ShardedExport
    from recdesk.recommend.export_options import Exported
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
        self._job: Job[Any] | None = None
        self._several = False
        self.run_id = ""

    def ask(self, model: "LiveModel", page: OnPage, window: QWidget) -> None:
        """Ask what to export and where, then write it."""
        cluster = self._session.preferences.cluster
        if cluster is not None:  # its CPUs are those of a run that is trained; a file is computed by one
            cluster = cluster.model_copy(update={"cpus": 0})
        dialog = ExportDialog(page, window, cluster)
        chosen = dialog.chosen() if dialog.exec() else None
        dialog.deleteLater()
        if chosen is None:
            return
        if chosen.files > 1:
            folder = QFileDialog.getExistingDirectory(window, self.tr("Folder of the files"))
            if folder:
                self.write_files(model, Path(folder), chosen)
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
            self._say(self.tr("{rows} written to {file}").format(rows=rows, file=path), _notes(written))

        self._start(self._session.jobs.run(self.tr("Writing {file}").format(file=path.name), work, done), export)

    def write_files(self, model: "LiveModel", folder: Path, export: Export) -> None:
        """Write several files into a folder in a job, with progress; cancelling leaves those that are finished."""
        run_id, workspace = self.run_id, self._session.workspace

        def work(context: JobContext) -> "ShardedExport":
            return write_files(workspace.run(run_id), model, folder, export, context)

        def done(made: "ShardedExport") -> None:
            self._note(folder, export)
            rows = translated(Message("count.rows", count=made.exported.rows))
            text = self.tr("{rows} written to {n} files in {folder}").format(
                rows=rows, n=f"{made.shards:,}", folder=folder
            )
            few: list[str] = []
            if made.shards < export.files:
                few = [Message("shards.fewer", count=made.shards, wanted=export.files, block=made.block)]
            self._say(text, [*few, *made.notes, *_notes(made.exported)])

        title = self.tr("Writing files into {folder}").format(folder=folder.name)
        self._start(self._session.jobs.run(title, work, done), export)

    def _start(self, job: "Job[Any]", export: Export) -> None:
        self._job, self._several = job, export.files > 1
        self.busy.emit(True)
        job.progressed.connect(lambda _share, text: self._session.status_changed.emit(translated(text)))
        job.ended.connect(lambda _state: self.busy.emit(False))

    def _say(self, text: str, notes: Sequence[str]) -> None:
        said = [translated(note) for note in notes]
        self._session.status_changed.emit(". ".join([text, " ".join(said)]) if said else text)

    def _note(self, path: Path, export: Export) -> None:
        """Note the command of an export of everybody, edited or not, of saved people, or of what was learned; of a
        selection, that there is none."""
        script = self._session.script
        saved = export.users == () and bool(export.people) and all(person.saved for person in export.people)
        plain = not export.filter and export.exclude_seen and export.rules.empty
        whole = plain and (saved or export.users is None)
        if self.run_id and (whole or export.what != "recommendations"):
            as_of = "" if export.moment is None else moment_words(export.moment)
            words = (self.run_id, path, export.n, export.raw_ids, export.what, export.condition, saved, as_of)
            edits = export.users is None and bool(export.people)
            script.add(export_words(*words, edits, export.files, export.ending, export.cluster))
        else:
            script.add_note(f"Exported what was on the page to {path}; no command does that.")

    def cancel(self) -> None:
        """Cancel the export."""
        if self._job is not None:
            self._job.cancel()
            nothing = self.tr("Export cancelled; nothing was written")
            some = self.tr("Export cancelled; the files that were finished stay, and the same export goes on with them")
            self._session.status_changed.emit(some if self._several else nothing)


def _notes(written: "Exported") -> list[str]:
    return [note for note in (written.note, *written.people_notes) if note]


def _proposed(what: str) -> tuple[str, Sequence[str]]:
    """A name for the file, and the endings that it can have."""
    from recdesk.recommend.export_forms import ENDINGS
    from recdesk.recommend.vectors_export import VECTOR_ENDINGS

    if what == "recommendations":
        return "recommendations.csv", ENDINGS
    return ("similar-items.csv", ENDINGS) if what == "similar" else (f"{what}.parquet", VECTOR_ENDINGS)
