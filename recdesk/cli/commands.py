"""Headless commands: parse, call the core, print."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from recdesk.cli.app import (
    JsonOption,
    RunArgument,
    SplitOption,
    TopOption,
    WorkspaceOption,
    app,
    open_workspace,
    speaking,
)
from recdesk.cli.console import Output, bar, event_progress, stopping, watched
from recdesk.cli.options import given_settings, settings_of, split_kind
from recdesk.cli.output import people_of, rows, run_object, say_damages, say_figures, say_steps
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.data.example import make_example
from recdesk.data.importing import ImportResult
from recdesk.evaluation.measured import Measured
from recdesk.experiment.open_model import open_model, outdated_note, with_newest_histories
from recdesk.experiment.pipeline import dataset_of, execute, measure
from recdesk.experiment.warm_start import settings_from
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, KINDS, config_from_dict, make_config
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from recdesk.recommend.export import Exported
    from recdesk.recommend.recommender import LiveModel

NOTHING_LEFT = "Every item has been taken already, and what was taken is not recommended."


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
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Rank everything for everybody's held-out items, again from the saved model."""
    with speaking(as_json) as output:
        from recdesk.data.splitting import make_split

        found = open_workspace(workspace).run(run)
        found.require_model()
        data = dataset_of(found)
        from recdesk.recommend.recommender import LiveModel  # takes seconds: what is wrong was said before

        output.note(outdated_note(found))
        model = LiveModel.open(found.best_folder, data, found.config.device).model
        split = make_split(data, found.split)
        with bar(output) as report:
            _, metrics = measure(split, model, Task(report).part(0, 1, "Ranking"))
        counted = Measured.of(split, "test" if "test" in metrics else "validation")
        say_figures(output, found, metrics, counted)
        output.result({**run_object(found, metrics, counted), **say_damages(output, damages_of(found))})


@app.command()
def recommend(
    run: RunArgument,
    user: Annotated[str, typer.Option(help="A user id, as in the file.")] = "",
    wish: Annotated[str, typer.Option(help="What is looked for, in words (models that read texts).")] = "",
    top: TopOption = 10,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Top-N of one user after everything known of them, of a wish in words, or of both together."""
    with speaking(as_json) as output:
        found = open_workspace(workspace).run(run)
        if not user and not wish:
            raise UsageError("Nobody to recommend to.", "Give --user, or say what is looked for with --wish.")
        found.require_model()
        if user:  # before the model is opened, which takes seconds
            with_newest_histories(found, dataset_of(found))[0].user_code(user)
        model = open_model(found)
        output.note(model.note)
        people = model.dataset
        history = people.histories().row(people.user_code(user)).tolist() if user else []
        lines = model.top_n(history, top, wish=wish)
        table = Table("#", "item", "title", "score", box=None)
        for line in lines:
            table.add_row(str(line.rank), line.item_id, line.title, f"{line.score:.3f}")
        output.console.print(table if lines else NOTHING_LEFT)
        keys = ("rank", "item_id", "title", "score")
        output.result(
            {
                "run": found.id,
                "user_id": user,
                "wish": wish,
                "note": model.note,
                "items": [{key: getattr(line, key) for key in keys} for line in lines],
            }
        )


@app.command()
def export(
    run: RunArgument,
    out: Annotated[Path, typer.Option(help="The file to write: .csv, .tsv, .jsonl (with .gz packed) or .parquet.")],
    top: TopOption = 10,
    users: Annotated[
        Path | None,
        typer.Option(
            help="File with one user id a line, or with a column of them such as user_id; default: everybody."
        ),
    ] = None,
    raw_ids: Annotated[
        bool,
        typer.Option(
            "--raw-ids/--spreadsheet-safe",
            help="Whether ids that begin with =, +, - or @ stay as they are in .csv and .tsv, or get an apostrophe in "
            "front, so that no spreadsheet runs them (other forms have ids as they are).",
        ),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write top-N for everybody to a file: user_id, rank, item_id, title, score."""
    with speaking(as_json, out) as output:
        from recdesk.recommend.export_forms import check_export
        from recdesk.recommend.user_list import read_user_list

        check_export(out)
        found = open_workspace(workspace).run(run)
        model = open_model(found)
        output.note(model.note)
        chosen = None if users is None else read_user_list(users, model.dataset)
        codes = None if chosen is None else chosen.codes
        written = write_recommendations(model, out, top, codes, output, raw_ids)
        if chosen is not None:
            output.note(chosen.note)
        output.result(
            {
                "run": found.id,
                "file": str(out),
                "rows": written.rows,
                "unknown": [] if chosen is None else [user for _, user in chosen.unknown],
                "guarded_ids": {"users": written.guarded_users, "items": written.guarded_items},
                "note": model.note,
            }
        )


@app.command()
def datasets(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """What there is to train on."""
    with speaking(as_json) as output:
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
def runs(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """What was trained, and how good it is."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        damaged: list[RecdeskError] = []
        known = opened.runs(damaged)
        table = Table("run", "dataset", "state", "NDCG@10", "Recall@10", "people", box=None)
        versions = {info.name: info.facts["hash"] for info in opened.datasets()}
        for run in known:
            older = versions.get(run.dataset_name, run.dataset_hash) != run.dataset_hash
            figures = run.metrics.get("test") or run.metrics.get("validation") or {}
            shown = (f"{figures[key]:.4f}" if key in figures else "–" for key in ("ndcg@10", "recall@10"))
            table.add_row(
                run.id, run.dataset_title + (" (older version)" if older else ""), run.state, *shown, people_of(run)
            )
        output.console.print(table if known else "No run yet; “recdesk train DATASET” makes one.")
        for run in known:
            for sentence in run.measured.limits if run.measured else ():
                output.say(f"! {run.id}: {sentence}")
        damages = say_damages(output, map(str, damaged))
        output.result(
            {"runs": [{**run_object(run, run.metrics), "dataset": run.dataset_name} for run in known], **damages}
        )


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


def write_recommendations(
    model: "LiveModel", out: Path, top: int, users: list[int] | None, output: Output, raw_ids: bool = False
) -> "Exported":
    """Export with a progress bar, and print what was written."""
    from recdesk.recommend.export import export_top_n

    with watched(output) as task:
        written = export_top_n(model, out, top, users, task=task, raw_ids=raw_ids)
    output.say(f"Wrote {rows(written.rows)} to {out}.{'' if written.rows else ' ' + NOTHING_LEFT}")
    if written.note:
        output.note(f"{written.note} With --raw-ids they stay as they are.")
    return written


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
