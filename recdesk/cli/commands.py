"""Headless commands: parse, call the core, print."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from recdesk.cli.app import (
    JsonOption,
    RunArgument,
    SplitOption,
    WorkspaceOption,
    app,
    open_workspace,
    speaking,
)
from recdesk.cli.cluster import CpusOption, HereOption, OnOption, StorageOption, WaitOption, cluster_of, send_only
from recdesk.cli.console import Output, bar, cancelling
from recdesk.cli.data_signals import say_resolution
from recdesk.cli.datasets import example_dataset
from recdesk.cli.figures import say_sampled
from recdesk.cli.options import given_settings, settings_of, split_kind
from recdesk.cli.output import run_object, say_damages, say_figures
from recdesk.cli.recommend import write_recommendations
from recdesk.cli.training import carry_out, carry_out_group
from recdesk.cluster.fetching import bring_home
from recdesk.core.errors import CancelledError
from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.evaluation.measured import Measured
from recdesk.evaluation.sampled import sampled
from recdesk.experiment.open_model import open_model, outdated_note
from recdesk.experiment.run_figures import measure_again, parts_of
from recdesk.experiment.warm_start import settings_from
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, KINDS, config_from_dict, make_config
from recdesk.workspace.run_groups import RunGroup, create_group, find_run_or_group, group_that_goes_on
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import Run
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
    repeat: Annotated[
        int, typer.Option(min=1, help="Train with so many seeds, one after the other: one result with its interval.")
    ] = 1,
    queue: Annotated[
        bool, typer.Option("--queue", help="Only add it to the queue, which “recdesk queue” trains.")
    ] = False,
    on: OnOption = "",
    storage: StorageOption = "",
    cpus: CpusOption = 0,
    wait: WaitOption = True,
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
        cluster = cluster_of(on, storage, cpus)
        if repeat > 1:
            group = create_group(opened, dataset, wanted, split_kind(split), repeat, cluster)
            _repeat(opened, group, queue, output)
            return
        run = opened.create_run(dataset, wanted, split_kind(split), cluster=cluster)
        if queue:
            opened.queue.add([run.id])
            output.say(f"Run {run.id}. {Message('queue.waiting', count=len(opened.queue.waiting()))}")
            output.result({"run": run.id, "waiting": [each.id for each in opened.queue.waiting()]})
            return
        _say_resolution(opened, run, output)
        if not wait and cluster is not None:
            send_only(run, output)
            return
        carry_out(run, output, resume=False)


def _say_resolution(opened: Workspace, run: Run, output: Output) -> None:
    """Say the smallest difference that the data of a run can show, before it is trained."""
    with contextlib.suppress(CancelledError), cancelling() as task:
        say_resolution(run, opened, output, task)


def _repeat(opened: Workspace, group: RunGroup, queue: bool, output: Output) -> None:
    """Train the runs of a new group, or only add them to the queue."""
    seeds = [run.config.seed for run in group.runs]
    output.say(Message("seeds.made", group=group.id, count=group.size, first=seeds[0], last=seeds[-1]))
    if not queue:
        _say_resolution(opened, group.first, output)
        carry_out_group(opened, group, output)
        return
    opened.queue.add([run.id for run in group.runs])
    waiting = opened.queue.waiting()
    output.say(Message("queue.waiting", count=len(waiting)))
    output.result({"group": group.id, "waiting": [each.id for each in waiting]})


@app.command()
def resume(
    run: RunArgument,
    here: HereOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Go on with a stopped, failed or interrupted run from its last checkpoint; with its group, if it is of one."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        found = find_run_or_group(opened, run)
        if here and isinstance(found, Run):
            with cancelling() as task:
                found = bring_home(found, task)
        if isinstance(found, Run) and (group := group_that_goes_on(opened, found)) is None:
            carry_out(found, output, resume=True)
            return
        group = found if isinstance(found, RunGroup) else group
        assert group is not None
        count = len(group.left)
        goes_on = Message("seeds.goes-on", group=group.id, count=count)
        output.say(goes_on if count else Message("seeds.nothing-left", group=group.id))
        carry_out_group(opened, group, output)


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
