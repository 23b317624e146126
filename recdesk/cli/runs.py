"""Commands on what was trained: runs, compare, report."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.figures import comparison_object, how_good_object, say_comparison, say_how_good
from recdesk.cli.output import people_of, run_object, say_damages
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.experiment.comparison import check_comparable, compare_runs
from recdesk.experiment.report.content import report_of
from recdesk.experiment.report.write import check_form, write_report, write_tables
from recdesk.experiment.run_figures import how_good
from recdesk.workspace.run_labels import Labels, save_labels
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.run_trash import find_removed, restore_run
from recdesk.workspace.workspace import Workspace


@app.command()
def runs(
    run: Annotated[
        str, typer.Argument(help="A run's id, the beginning of it, or “last”: how good it is, and for whom.")
    ] = "",
    name: Annotated[str | None, typer.Option(help="Name the run; an empty text for none.")] = None,
    star: Annotated[bool | None, typer.Option("--star/--no-star", help="Mark the run.")] = None,
    tags: Annotated[str | None, typer.Option(help="Tags of the run, separated by commas.")] = None,
    note: Annotated[str | None, typer.Option(help="A note on the run.")] = None,
    restore: Annotated[str, typer.Option(help="Move a removed run back from the trash.", metavar="RUN")] = "",
    remove: Annotated[str, typer.Option(help="Move a run to the trash.", metavar="RUN")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What was trained, and how good it is; with RUN, all about that one."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if restore:
            back = restore_run(opened.folder, find_removed(opened.folder, restore))
            output.say(f"Run {back.id} is back.")
            output.result({"run": back.id})
        elif remove:
            gone = opened.run(remove).id
            opened.remove_run(gone)
            output.say(f"Run {gone} is in the trash; “recdesk runs --restore {gone}” brings it back.")
            output.result({"run": gone})
        elif any(value is not None for value in (name, star, tags, note)):
            _label(opened, run, name, star, tags, note, output)
        elif run:
            _one(opened, run, output)
        else:
            _all(opened, output)


def _label(
    opened: Workspace,
    run_id: str,
    name: str | None,
    star: bool | None,
    tags: str | None,
    note: str | None,
    output: Output,
) -> None:
    """Change what is said of a run; what is not given stays."""
    if not run_id:
        raise UsageError("No run is named.", "Give its id, or “last”.")
    found = opened.run(run_id)
    old = found.labels
    labels = Labels.of(
        old.name if name is None else name,
        old.star if star is None else star,
        old.tags if tags is None else tags.split(","),
        old.note if note is None else note,
    )
    save_labels(found.folder, labels)
    marks = " ".join(filter(None, ("★" if labels.star else "", labels.name, *(f"#{tag}" for tag in labels.tags))))
    output.say(f"Run {found.id}: {marks or 'no name, star or tags'}.")
    output.result({"run": found.id, "labels": asdict(labels)})


def _all(opened: Workspace, output: Output) -> None:
    damaged: list[RecdeskError] = []
    known = opened.runs(damaged)
    table = Table("", "run", "dataset", "state", "NDCG@10", "Recall@10", "people", box=None)
    versions = {info.name: info.facts["hash"] for info in opened.datasets()}
    for run in known:
        older = versions.get(run.dataset_name, run.dataset_hash) != run.dataset_hash
        figures = run.metrics.get("test") or run.metrics.get("validation") or {}
        shown = (f"{figures[key]:.4f}" if key in figures else "–" for key in ("ndcg@10", "recall@10"))
        named = " ".join(filter(None, (run.id, f"“{run.labels.name}”" if run.labels.name else "")))
        table.add_row(
            "★" if run.labels.star else "",
            named,
            run.dataset_title + (" (older version)" if older else ""),
            run.state,
            *shown,
            people_of(run),
        )
    output.console.print(table if known else "No run yet; “recdesk train DATASET” makes one.")
    for run in known:
        for sentence in run.measured.limits if run.measured else ():
            output.say(f"! {run.id}: {sentence}")
    damages = say_damages(output, map(str, damaged))
    output.result(
        {
            "runs": [
                {**run_object(run, run.metrics), "dataset": run.dataset_name, "labels": asdict(run.labels)}
                for run in known
            ],
            **damages,
        }
    )


def _one(opened: Workspace, run_id: str, output: Output) -> None:
    run = opened.run(run_id)
    with watched(output) as task:
        found = how_good(run, task)
    say_how_good(output, found)
    damages: dict[str, Any] = dict(say_damages(output, damages_of(run)))
    output.result({**run_object(run, run.metrics), **how_good_object(found), **damages})


@app.command()
def compare(
    runs: Annotated[list[str], typer.Argument(help="Two to eight runs; the others are compared with the first.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Runs beside each other: figures, what differs more than by chance, settings, whose lists changed."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        chosen = [opened.run(run) for run in runs]
        check_comparable(chosen)
        with watched(output) as task:
            found = compare_runs(chosen, task)
        say_comparison(output, found)
        output.result(comparison_object(found))


@app.command()
def report(
    runs: Annotated[list[str], typer.Argument(help="One run, or two to eight that are compared with the first.")],
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
        chosen = [opened.run(run) for run in runs]
        with watched(output) as task:
            made = report_of(chosen, people, task)
        written = write_report(made, out)
        if tables is not None:
            written += write_tables(made, tables)
        for path in written:
            output.say(f"Wrote {path}.")
        output.result({"runs": [run.id for run in chosen], "files": [str(path) for path in written]})
