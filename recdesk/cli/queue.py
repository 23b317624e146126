"""`recdesk queue`: several runs, one after the other."""

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from recdesk.cli.app import JsonOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output
from recdesk.cli.options import values_of_file
from recdesk.cli.progress import event_progress, stopping
from recdesk.cluster.runner import execute
from recdesk.core.messages import Message
from recdesk.experiment.queue_file import create_runs, wanted_runs
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace


@app.command()
def queue(
    file: Annotated[
        Path | None,
        typer.Argument(help="A list of settings as YAML, TOML or JSON; without one, the queue goes on."),
    ] = None,
    dataset: Annotated[str, typer.Option(help="The dataset of entries that name none.")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train several configurations one after the other, and compare them in a table at the end."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        if file is not None:
            _add(opened, file, dataset, output)
        opened.queue.set_paused(False)
        stopped = _work(opened, output)
        _say_table(opened, output, stopped)


def _add(opened: Workspace, file: Path, dataset: str, output: Output) -> None:
    """Add the runs of a file; nothing where some of them still wait, as after a kill."""
    wanted = wanted_runs(values_of_file(file), dataset)
    source = hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    waiting = {run.id for run in opened.queue.waiting()}
    left = [entry for entry in opened.queue.entries() if entry.source == source and entry.run in waiting]
    if left:
        output.say(f"The queue goes on: {len(left)} of the {len(wanted)} runs of {file.name} wait.")
        return
    runs = create_runs(opened, wanted)
    opened.queue.add([run.id for run in runs], source)
    output.say(Message("queue.waiting", count=len(opened.queue.waiting())))


def _work(opened: Workspace, output: Output) -> bool:
    """Train what waits; whether that was stopped by a signal. A run that fails does not stop the others."""
    while (run := opened.queue.next()) is not None:
        output.say(f"Run {run.id}{f' “{run.labels.name}”' if run.labels.name else ''}:")
        control, failures = Control(), list[events.Failed]()
        with stopping(control, output, run.cluster is not None), event_progress(output, failures) as show_event:
            ended = execute(run, control, show_event, resume=run.state != "queued")
        if control.stopped:
            return True
        opened.queue.end(run.id)
        output.say(f"Run {ended.id}: {ended.state}. {failures[0].sentence if failures else ended.reason}")
    return False


def _say_table(opened: Workspace, output: Output, stopped: bool) -> None:
    ended, waiting = opened.queue.ended(), opened.queue.waiting()
    table = Table("run", "name", "dataset", "state", "NDCG@10", "Recall@10", "minutes", box=None)
    for run in (*ended, *waiting):
        figures = _figures(run)
        shown = (f"{figures[key]:.4f}" if key in figures else "–" for key in ("ndcg@10", "recall@10"))
        minutes = f"{run.seconds / 60:.1f}" if run.seconds else "–"
        table.add_row(run.id, run.labels.name, run.dataset_title, run.state, *shown, minutes)
    output.console.print(table if ended or waiting else "Nothing waits in the queue.")
    for run in ended:
        if run.state == "failed":
            output.note(f"Run {run.id}: {run.reason}")
    if stopped:
        output.say("Stopped; “recdesk queue” goes on.")
    output.result(
        {
            "runs": [_object(run) for run in ended],
            "waiting": [run.id for run in waiting],
            "stopped": stopped,
        }
    )


def _figures(run: Run) -> dict[str, float]:
    return run.metrics.get("test") or run.metrics.get("validation") or {}


def _object(run: Run) -> dict[str, Any]:
    return {
        "run": run.id,
        "name": run.labels.name,
        "state": run.state,
        "reason": run.reason,
        "seconds": run.seconds,
        "metrics": run.metrics,
    }
