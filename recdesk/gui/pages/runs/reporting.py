"""Writing a report of runs from the window."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QWidget

from recdesk.core.files import check_target
from recdesk.experiment.comparison import Entry
from recdesk.experiment.report.content import report_of
from recdesk.experiment.report.write import write_report
from recdesk.gui import words
from recdesk.gui.command_lines import report_words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.runs.report_pdf import write_pdf
from recdesk.gui.session import Session
from recdesk.gui.widgets.files import ask_for_file

ENDINGS = (".html", ".pdf", ".md")


class Reporter(QObject):
    """Asks for a file, then writes a report in a job: HTML, PDF or Markdown, in the language of the window."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._session, self._parent = session, parent

    def write(self, runs: Sequence[Entry], path: Path | None = None) -> None:
        """Write a report of one run, or of several that are compared with the first; asks for the file if None."""
        if not runs:
            return
        if path is None:
            name = f"{runs[0].id}.html" if len(runs) == 1 else "comparison.html"
            path = ask_for_file(self._parent, self.tr("Write a report"), name, ENDINGS)
            if path is None:
                return
        target, language = path, QLocale().bcp47Name() or "en"

        def work(context: JobContext) -> Path:
            check_target(target)
            report = report_of(runs, task=context.part(0.0, 0.9))
            context.check()
            if target.suffix.lower() == ".pdf":
                write_pdf(report, target, _say)
            else:
                write_report(report, target, _say, language)
            return target

        self._session.jobs.run(
            self.tr("Writing {file}").format(file=target.name),
            work,
            lambda written: self._written(written, runs),
            replaces="runs.report",
        )

    def _written(self, file: Path, runs: Sequence[Entry]) -> None:
        if file.suffix.lower() != ".pdf":
            self._session.script.add(report_words([run.id for run in runs], file))
        else:
            self._session.script.add_note(f"A report was written to {file}; commands write .html and .md.")
        self._session.status_changed.emit(self.tr("Report written to {file}").format(file=file))


def _say(text: str) -> str:
    """A message, or the title of a setting, in the language of the window."""
    said = translated(text)
    return said if said != text else words.config_words(text)
