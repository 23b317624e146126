"""Writes a report to a file, and its tables and plots as CSV."""

from pathlib import Path

from recdesk.core.errors import UsageError
from recdesk.core.files import check_target, make_folder, writing_to
from recdesk.core.messages import Message
from recdesk.experiment.report.blocks import IntervalPlot, LinePlot, Report, Say
from recdesk.experiment.report.html import as_html, csv_text
from recdesk.experiment.report.markdown import as_markdown
from recdesk.experiment.report.svg import PLAIN, svg

HTML, MARKDOWN = (".html", ".htm"), (".md", ".markdown")


def check_form(path: Path) -> None:
    """Whether a report can be written in the form of a file's name.

    Raises:
        UsageError: it cannot.
    """
    if path.suffix.lower() not in (*HTML, *MARKDOWN):
        raise UsageError(Message("run-report.wrong-form", name=path.name), Message("run-report.forms"))


def write_report(report: Report, path: Path, say: Say = str, language: str = "en") -> list[Path]:
    """Write a report as HTML or Markdown, by the end of its name; the plots of Markdown are SVG files beside it.

    Returns:
        The files written, the report first.

    Raises:
        UsageError: see `check_form`.
        StorageError: a file cannot be written; the report is written last, so that an older one stays.
    """
    check_form(path)
    check_target(path)
    if path.suffix.lower() in HTML:
        _write(path, as_html(report, say, language))
        return [path]
    folder = path.with_name(f"{path.stem}-files")
    plots = [block for block in report.blocks if isinstance(block, LinePlot | IntervalPlot)]
    if plots:
        make_folder(folder)
    written = [folder / f"{plot.name}.svg" for plot in plots]
    for target, plot in zip(written, plots, strict=True):
        _write(target, svg(plot, say, PLAIN))
    _write(path, as_markdown(report, say, folder.name))
    return [path, *written]


def write_tables(report: Report, folder: Path, say: Say = str) -> list[Path]:
    """Write every table and plot of a report as CSV into a folder, which is made where it is missing.

    Raises:
        StorageError: a file cannot be written.
    """
    make_folder(folder)
    written = []
    for block in report.files:
        target = folder / f"{block.name}.csv"
        _write(target, "\ufeff" + csv_text(block, say))
        written.append(target)
    return written


def _write(path: Path, text: str) -> None:
    with writing_to(path, encoding="utf-8", newline="") as stream:
        stream.write(text)
