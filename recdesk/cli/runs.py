"""The list of what was trained, and how good one of them is."""

from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, watched
from recdesk.cli.output import people_of, run_object, say_damages
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.workspace.run_groups import RunGroup, find_run_or_group, folded
from recdesk.workspace.run_labels import Labels, save_labels
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.run_trash import find_removed, restore_run
from recdesk.workspace.runs import ACTIVE, Run
from recdesk.workspace.workspace import Workspace


@app.command()
def runs(
    run: Annotated[
        str,
        typer.Argument(help="A run's id, the beginning of it, “last”, or a group of seeds: how good it is, for whom."),
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
            found = find_run_or_group(opened, remove)
            for gone in (each.id for each in (found.runs if isinstance(found, RunGroup) else (found,))):
                opened.remove_run(gone)
                output.say(f"Run {gone} is in the trash; “recdesk runs --restore {gone}” brings it back.")
            output.result({"run": found.id})
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
    named = find_run_or_group(opened, run_id)
    found = named.first if isinstance(named, RunGroup) else named  # whose labels are those of the group
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
    known = [_refreshed(run) for run in opened.runs(damaged)]
    whole = Column("run", no_wrap=True)  # ids are copied from here
    people = Column("people", no_wrap=True)
    table = Table("", whole, "dataset", "state", "NDCG@10", "Recall@10", people, box=None, padding=(0, 1, 0, 0))
    versions = {info.name: info.facts["hash"] for info in opened.datasets()}
    for entry in folded(known):
        run = entry.first if isinstance(entry, RunGroup) else entry
        older = versions.get(run.dataset_name, run.dataset_hash) != run.dataset_hash
        named = " ".join(filter(None, (entry.id, f"“{run.labels.name}”" if run.labels.name else "")))
        table.add_row(
            "★" if run.labels.star else "",
            named,
            run.dataset_title + (" (older version)" if older else ""),
            *_state_and_figures(entry),
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
                | ({"group": run.group, "seed": run.config.seed} if run.group else {})
                for run in known
            ],
            "groups": [
                {"group": group.id, "size": group.size, "finished": len(group.finished), "state": group.state}
                for group in folded(known)
                if isinstance(group, RunGroup)
            ],
            **damages,
        }
    )


def _refreshed(run: Run) -> Run:
    """A run, looked after if it is on a cluster."""
    if run.cluster is None or run.state not in ACTIVE:
        return run
    from recdesk.cluster.fetching import refresh

    return refresh(run)


def _state_and_figures(entry: Run | RunGroup) -> list[str]:
    """State, NDCG@10 and Recall@10 of a run; of a group, how many of its runs have finished, and means."""
    names = ("ndcg@10", "recall@10")
    if isinstance(entry, RunGroup):
        from recdesk.cli.seeds import group_cells

        done = len(entry.finished)
        state = f"{entry.size} seeds" if done == entry.size else f"{done} of {entry.size} seeds, {entry.state}"
        return [state, *group_cells(entry, names)]
    figures = entry.metrics.get("test") or entry.metrics.get("validation") or {}
    state = f"{entry.state} on {entry.cluster.host}" if entry.cluster and entry.state in ACTIVE else entry.state
    return [state, *(f"{figures[key]:.4f}" if key in figures else "–" for key in names)]


def _one(opened: Workspace, run_id: str, output: Output) -> None:
    from recdesk.cli.figures import how_good_object, say_how_good
    from recdesk.cli.seeds import group_object, say_group
    from recdesk.experiment.run_figures import how_good
    from recdesk.experiment.seed_figures import seed_figures

    run = find_run_or_group(opened, run_id)
    run = _refreshed(run) if isinstance(run, Run) else run
    if isinstance(run, RunGroup):
        say_group(output, seed_figures(run))
        output.result(group_object(run))
        return
    with watched(output) as task:
        found = how_good(run, task)
    say_how_good(output, found)
    damages: dict[str, Any] = dict(say_damages(output, damages_of(run)))
    output.result({**run_object(run, run.metrics), **how_good_object(found), **damages})
