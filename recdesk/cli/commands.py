"""Headless commands: parse, call the core, print."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from recdesk.cli.app import (
    JsonOption,
    RunArgument,
    SplitOption,
    WorkspaceOption,
    app,
    open_workspace,
    speaking,
)
from recdesk.cli.console import Output, bar, event_progress, stopping
from recdesk.cli.figures import say_sampled
from recdesk.cli.options import given_settings, settings_of, split_kind
from recdesk.cli.output import run_object, say_damages, say_figures, say_steps
from recdesk.cli.recommend import write_recommendations
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.evaluation.measured import Measured
from recdesk.evaluation.sampled import sampled
from recdesk.experiment.open_model import open_model, outdated_note
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_figures import measure_again, parts_of
from recdesk.experiment.warm_start import settings_from
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, KINDS, config_from_dict, make_config
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import ACTIVE, Run
from recdesk.workspace.workspace import Workspace


@app.command()
def train(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset of the workspace.")],
    model: Annotated[str, typer.Option(help=f"{', '.join(KINDS)}.")] = DEFAULT_KIND,
    preset: Annotated[str, typer.Option(help="Quick look, Balanced or Best quality.")] = DEFAULT_PRESET,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A setting, as key=value; may be repeated.")
    ] = None,
    config: Annotated[Path | None, typer.Option(help="Settings as JSON, such as a run's config.json.")] = None,
    start_from: Annotated[
        str, typer.Option(help="A run over texts whose model is the start; its settings are the defaults.")
    ] = "",
    split: SplitOption = "leave-one-out",
    minutes: Annotated[float | None, typer.Option(help="Training time at most.")] = None,
    epochs: Annotated[int | None, typer.Option(help="Epochs at most.")] = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda or mps.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the random generator.")] = None,
    queue: Annotated[
        bool, typer.Option("--queue", help="Only add it to the queue, which “recdesk queue” trains.")
    ] = False,
    estimate: Annotated[bool, typer.Option("--estimate", help="Only measure how long an epoch takes here.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Train a model on a dataset."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        given = {"minutes": minutes, "epochs": epochs, "device": device, "seed": seed}
        values = settings_of(settings) | {key: value for key, value in given.items() if value is not None}
        if start_from:
            wanted = settings_from(opened.run(start_from), **values)
        else:
            wanted = (
                config_from_dict({**given_settings(config), **values})
                if config
                else make_config(model, preset, **values)
            )
        if estimate:
            from recdesk.cli.tune import say_pace

            say_pace(opened, dataset, wanted, split_kind(split), output)
            return
        run = opened.create_run(dataset, wanted, split_kind(split))
        if queue:
            opened.queue.add([run.id])
            output.say(f"Run {run.id}. {Message('queue.waiting', count=len(opened.queue.waiting()))}")
            output.result({"run": run.id, "waiting": [each.id for each in opened.queue.waiting()]})
            return
        carry_out(run, output, resume=False)


@app.command()
def resume(
    run: RunArgument,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a stopped, failed or interrupted run from its last checkpoint."""
    with speaking(as_json) as output:
        carry_out(open_workspace(workspace).run(run), output, resume=True)


@app.command()
def evaluate(
    run: RunArgument,
    among: Annotated[
        int | None, typer.Option("--sampled", min=1, help="Also as older papers report it: among so many random items.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank everything for everybody's held-out items, again from the saved model."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        output.note(outdated_note(found))
        with bar(output) as report:
            metrics, results, split = measure_again(found, Task(report).part(0, 1, "Ranking"))
        part = parts_of(results)
        counted = Measured.of(split, part)
        say_figures(output, found, metrics, counted)
        drawn = sampled(results[part].ranks, split, part, among) if among and results else None
        say_sampled(output, drawn)
        others = {"sampled": {"negatives": drawn.negatives, **drawn.figures}} if drawn else {}
        output.result({**run_object(found, metrics, counted), **others, **say_damages(output, damages_of(found))})


@app.command()
def datasets(
    remove: Annotated[str, typer.Option(help="Move a dataset to the trash.", metavar="DATASET")] = "",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """What there is to train on."""
    with speaking(as_json) as output:
        if remove:
            opened = open_workspace(workspace)
            if any(run.dataset_name == remove and run.state in ACTIVE for run in opened.runs()):
                raise UsageError(f"A run is being trained on “{remove}”.", "Stop it first.")
            opened.remove_dataset(remove)
            output.say(f"“{remove}” is in the trash of the workspace.")
            output.result({"dataset": remove})
            return
        damaged: list[RecdeskError] = []
        known = open_workspace(workspace).datasets(damaged)
        table = Table("dataset", "users", "items", "interactions", "imported", box=None)
        for info in known:
            counts = (f"{info.facts[key]:,}" for key in ("users", "items", "interactions"))
            table.add_row(info.name, *counts, str(info.facts.get("created", ""))[:16])
        output.console.print(table if known else "No dataset yet; “recdesk import FILE” makes one.")
        damages = say_damages(output, map(str, damaged))
        output.result({"datasets": [{"dataset": info.name, **info.facts} for info in known], **damages})


@app.command()
def example(
    language: Annotated[str, typer.Option(help="en or zh: the language of its texts.")] = "en",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add the built-in example, unless it is there."""
    with speaking(as_json) as output:
        if language not in ("en", "zh"):
            raise UsageError(f"There is no example in “{language}”.", "Choose one of: en, zh.")
        name = example_dataset(open_workspace(workspace), "zh" if language == "zh" else "en")
        output.say(name)
        output.result({"dataset": name})


def run_demo(workspace: Path | None, out: Path, as_json: bool) -> None:
    """The main job headless: the built-in example, a trained model, everybody's recommendations in a file."""
    with speaking(as_json, out) as output:
        from recdesk.recommend.export_forms import check_export

        check_export(out)
        opened = open_workspace(workspace)
        name = example_dataset(opened)
        found = opened.create_run(name, make_config(), "leave-one-out")
        found = carry_out(found, output, resume=False, final=False)
        written = write_recommendations(open_model(found), out, 10, None, output)
        output.result({**run_object(found, found.metrics), "file": str(out), "rows": written.rows})


def example_dataset(opened: Workspace, language: Literal["en", "zh"] = "en") -> str:
    """Name of the built-in example in the workspace; made if it is not there."""
    example = make_example(language)
    for info in opened.datasets():
        if info.facts["hash"] == example.content_hash:
            return info.name
    import pandas as pd

    return opened.add_dataset(ImportResult(example, [], pd.DataFrame()))


def carry_out(run: Run, output: Output, resume: bool, final: bool = True) -> Run:
    """Train in this thread, printing events; Ctrl+C stops the run, which can be resumed. Returns its new snapshot."""
    control = Control()
    failures: list[events.Failed] = []
    with stopping(control, output), event_progress(output, failures) as show_event:
        run = execute(run, control, show_event, resume)
    if failures:
        raise RecdeskError(failures[0].sentence, failures[0].suggestion, failures[0].details)
    output.say(f"Run {run.id}: {run.state}. {run.reason}")
    say_figures(output, run, run.metrics)
    say_steps(output, run)
    if final:
        output.result({**run_object(run, run.metrics), **say_damages(output, damages_of(run))})
    return run
