"""`recdesk tune`, and what `recdesk train --estimate` says."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from recdesk.cli.app import JsonOption, SplitOption, WorkspaceOption, app, open_workspace, speaking
from recdesk.cli.cluster import CpusOption, OnOption, StorageOption, cluster_of
from recdesk.cli.console import Output
from recdesk.cli.options import settings_of, split_kind
from recdesk.cli.output import say_damages
from recdesk.cli.progress import EventLines, bars, stopping
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.data.split_kinds import SplitKind
from recdesk.monitor import events
from recdesk.monitor.control import Controls
from recdesk.training.config import DEFAULT_KIND, DEFAULT_PRESET, RunConfig, make_config
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import ACTIVE, Run
from recdesk.workspace.workspace import Workspace

if TYPE_CHECKING:
    from rich.progress import Progress

    from recdesk.experiment.study import Study


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
    at_once: Annotated[
        int,
        typer.Option(
            "--at-once",
            min=1,
            help="Trials that train at the same time: on this computer each in a process of its own with its share of "
            "the cores, with --on each a job of the cluster.",
            metavar="TRIALS",
        ),
    ] = 1,
    on: OnOption = "",
    storage: StorageOption = "",
    cpus: CpusOption = 0,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a study that was stopped or killed.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find good settings: train many short trials and give up early on those that fall behind."""
    with speaking(as_json) as output:
        opened = open_workspace(workspace)
        from recdesk.experiment.study import create_study, find_study

        cluster = cluster_of(on, storage, cpus)
        if resume:
            study = find_study(opened, dataset)
            damaged: list[RecdeskError] = []
            opened.runs(damaged)  # a trial among them would be missed
            say_damages(output, map(str, damaged))
        else:
            base = make_config(model, preset, **settings_of(settings))
            study = create_study(opened, dataset, base, split_kind(split), minutes)
            output.say(f"Study {study.id}: trials of at most {study.trial_minutes:.2g} minutes.")
        carry_out_study(study, output, at_once, cluster)


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


def carry_out_study(study: "Study", output: Output, at_once: int = 1, cluster: ClusterRecord | None = None) -> None:
    """Train trials until the time is used up; Ctrl+C stops the study, which can be resumed.

    Args:
        study: the study.
        output: of the command.
        at_once: trials at the same time.
        cluster: where new trials are trained; None for this computer.

    Raises:
        RecdeskError: a trial failed; the next one would fail for the same reason.
    """
    from recdesk.cluster import runner

    controls = Controls()
    with stopping(controls, output, cluster is not None), bars(output) as progress:
        watch = _Lines(study, output, progress, named=at_once > 1)
        runner.carry_out_study(study, watch, controls, at_once, cluster)
    _say_study(study, output, controls.stopped, _options(at_once, cluster))


class _Lines:
    """Shows the trials of a study, each with a bar.

    Args:
        study: the study.
        output: of the command.
        progress: see `bars`.
        named: lines say which trial.
    """

    def __init__(self, study: "Study", output: Output, progress: "Progress", named: bool) -> None:
        self._study, self._output, self._progress, self._named = study, output, progress, named
        self._lines: dict[str, EventLines] = {}

    def begun(self, run: Run) -> None:
        """See `Watch`."""
        self._lines[run.id] = EventLines(self._progress, f"Trial {run.trial + 1}" if self._named else "")

    def happened(self, run: Run, event: events.Event) -> None:
        """See `Watch`; what all trials say is shown of the first one."""
        if not isinstance(event, events.StageStarted | events.BaselineScored) or run.trial == 0:
            self._lines[run.id].show(event)

    def ended(self, run: Run) -> None:
        """See `Watch`."""
        self._lines.pop(run.id).close()
        if run.state in ACTIVE:
            self._output.say(f"Trial {run.trial + 1} goes on at {run.cluster.host if run.cluster else ''}.")
            return
        row = next(row for row in self._study.rows() if row.number == run.trial)
        reached = "–" if row.ndcg is None else f"{row.ndcg:.4f}"
        settings = ", ".join(f"{name} {value}" for name, value in row.differing.items()) or "the settings given"
        self._output.say(f"Trial {run.trial + 1}: validation NDCG@10 {reached} · {run.reason} · {settings}")


def _options(at_once: int, cluster: ClusterRecord | None) -> str:
    """The options of the command that say where and how many trials train."""
    words = [] if at_once == 1 else ["--at-once", str(at_once)]
    if cluster is not None:
        words += ["--on", cluster.address, "--storage", cluster.storage]
        words += ["--cpus", str(cluster.cpus)] if cluster.cpus else []
    return "".join(f" {word}" for word in map(shlex.quote, words))


def _say_study(study: "Study", output: Output, stopped: bool, options: str) -> None:
    best, rows = study.best(), {row.number: row for row in study.rows()}
    if best is not None:
        reached = rows[best.trial].ndcg
        output.say(f"Best: trial {best.trial + 1} with validation NDCG@10 {reached:.4f}, run {best.id}.")
        output.say(f"Train longer with it: recdesk train {study.dataset_name} --config “{study.write_best()}”")
    if stopped:
        output.say(f"Stopped; “recdesk tune {study.id} --resume{options}” goes on.")
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
