"""`recdesk tune`, and what `recdesk train --estimate` says."""

from typing import Annotated, Any

import typer

from recdesk.cli.app import JsonOption, SplitOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.console import Output, event_progress, stopping
from recdesk.cli.options import settings_of, split_kind
from recdesk.cli.output import say_damages
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.split_kinds import SplitKind
from recdesk.experiment.pipeline import execute
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, RunConfig, make_config
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace


@app.command()
def tune(
    dataset: Annotated[str, typer.Argument(help="Name of a dataset; with --resume, a study's id or “last”.")],
    minutes: Annotated[float, typer.Option(help="Training time over all trials.")] = 30.0,
    model: Annotated[str, typer.Option(help="bert-causal, bert4rec, hybrid or text-bert.")] = DEFAULT_KIND,
    preset: Annotated[str, typer.Option(help="Where the search starts.")] = DEFAULT_PRESET,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="A setting of the first trial, as key=value; may be repeated.")
    ] = None,
    split: SplitOption = "leave-one-out",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a study that was stopped or killed.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find good settings: train many short trials and give up early on those that fall behind."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        from recdesk.experiment.study import create_study, find_study

        if resume:
            study = find_study(opened, dataset)
            damaged: list[RecdeskError] = []
            opened.runs(damaged)  # a trial among them would be missed
            say_damages(output, map(str, damaged))
        else:
            base = make_config(model, preset, **settings_of(settings))
            study = create_study(opened, dataset, base, split_kind(split), minutes)
            output.say(f"Study {study.id}: trials of at most {study.trial_minutes:.2g} minutes.")
        carry_out_study(study, output)


def say_pace(opened: Workspace, dataset: str, config: RunConfig, split: SplitKind, output: Output) -> None:
    """Measure some training steps and print the time of an epoch."""
    from recdesk.data.splitting import make_split
    from recdesk.training.calibration import calibrate

    measured = calibrate(make_split(opened.dataset(dataset).checked(), split), config)
    assert measured is not None
    output.say(
        f"About {measured.epoch_seconds:.1f} s an epoch of {Message('count.steps', count=measured.steps_per_epoch)}, "
        f"{measured.tokens_per_second:,.0f} interactions a second on this computer."
    )
    sizes = {size.tokens: size.tokens_per_second for size in measured.sizes}
    if sizes:
        paces = "; ".join(f"{tokens:,}: {pace:,.0f} a second" for tokens, pace in sizes.items())
        output.say(f"By interactions a step (batch_tokens): {paces}.")
    output.result(
        {
            "epoch_seconds": measured.epoch_seconds,
            "tokens_per_second": measured.tokens_per_second,
            "tokens_per_second_by_batch_tokens": {str(tokens): pace for tokens, pace in sizes.items()},
        }
    )


def carry_out_study(study: Any, output: Output) -> None:
    """Train trial after trial until the time is used up; Ctrl+C stops the study, which can be resumed.

    Raises:
        RecdeskError: a trial failed; the next one would fail for the same reason.
    """
    stopped = False
    while not stopped and (run := study.next_run()) is not None:
        control, given_up = Control(), False
        failures: list[events.Failed] = []
        with stopping(control, output), event_progress(output, failures) as show_event:

            def on_event(
                event: events.Event,
                show_event: events.Emit = show_event,
                control: Control = control,
                trial: int = run.trial,
            ) -> None:
                nonlocal given_up
                if not isinstance(event, events.StageStarted | events.BaselineScored) or trial == 0:
                    show_event(event)
                if not control.stopped and study.should_prune(event):
                    given_up = True
                    control.stop()
                    control.stop()

            run = execute(run, control, on_event, resume=run.state != "queued")
        if failures:
            raise RecdeskError(failures[0].sentence, failures[0].suggestion, failures[0].details)
        if given_up:
            run = study.mark_pruned(run)
        stopped = control.stopped and not given_up
        _say_trial(study, run, output)
    _say_study(study, output, stopped)


def _say_trial(study: Any, run: Run, output: Output) -> None:
    row = next(row for row in study.rows() if row.number == run.trial)
    reached = "–" if row.ndcg is None else f"{row.ndcg:.4f}"
    settings = ", ".join(f"{name} {value}" for name, value in row.differing.items()) or "the settings given"
    output.say(f"Trial {run.trial + 1}: validation NDCG@10 {reached} · {run.reason} · {settings}")


def _say_study(study: Any, output: Output, stopped: bool) -> None:
    best, rows = study.best(), {row.number: row for row in study.rows()}
    if best is not None:
        reached = rows[best.trial].ndcg
        output.say(f"Best: trial {best.trial + 1} with validation NDCG@10 {reached:.4f}, run {best.id}.")
        output.say(f"Train longer with it: recdesk train {study.dataset_name} --config “{study.write_best()}”")
    if stopped:
        output.say(f"Stopped; “recdesk tune {study.id} --resume” goes on.")
    trials = [{"run": run.id, "ndcg@10": rows[run.trial].ndcg, "state": run.state} for run in study.runs()]
    damages = say_damages(output, [sentence for run in study.runs() for sentence in damages_of(run)])
    output.result(
        {
            **damages,
            "study": study.id,
            "state": "stopped" if stopped else "finished",
            "seconds": study.spent(),
            "best": best.id if best else None,
            "settings": study.best_settings(),
            "trials": trials,
        }
    )
