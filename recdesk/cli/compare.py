"""Commands on several runs: compare, report."""

from pathlib import Path
from typing import Annotated

import typer

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import watched
from recdesk.cli.figures import comparison_object, say_comparison
from recdesk.experiment.comparison import check_comparable, compare_runs
from recdesk.experiment.report.content import report_of
from recdesk.experiment.report.write import check_form, write_report, write_tables
from recdesk.workspace.run_groups import find_run_or_group


@app.command()
def compare(
    runs: Annotated[
        list[str],
        typer.Argument(help="Two to eight runs or groups of seeds; the others are compared with the first."),
    ],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Runs beside each other: figures, what differs more than by chance, settings, whose lists changed."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        chosen = [find_run_or_group(opened, run) for run in runs]
        check_comparable(chosen)
        with watched(output) as task:
            found = compare_runs(chosen, task)
        say_comparison(output, found)
        output.result(comparison_object(found))


@app.command()
def report(
    runs: Annotated[
        list[str], typer.Argument(help="One run or group of seeds, or two to eight that are compared with the first.")
    ],
    out: Annotated[Path, typer.Option(help="The file to write: .html (one file, nothing is loaded) or .md.")],
    tables: Annotated[
        Path | None, typer.Option(help="A folder that gets every table and plot as CSV too.", metavar="FOLDER")
    ] = None,
    people: Annotated[bool, typer.Option(help="Whether examples of people, with their ids, stand in it.")] = True,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """A report to read and hand on: data, protocol, figures, plots, settings, methods, how to make it again."""
    with speaking(as_json, out) as output:
        check_form(out)
        opened = open_workspace(workspace)
        chosen = [find_run_or_group(opened, run) for run in runs]
        with watched(output) as task:
            made = report_of(chosen, people, task)
        written = write_report(made, out)
        if tables is not None:
            written += write_tables(made, tables)
        for path in written:
            output.say(f"Wrote {path}.")
        output.result({"runs": [run.id for run in chosen], "files": [str(path) for path in written]})
