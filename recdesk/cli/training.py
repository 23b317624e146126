"""Training a run, or what is left of a group of seeds, in the terminal."""

from recdesk.cli.cluster import say_left
from recdesk.cli.console import Output
from recdesk.cli.output import run_object, say_damages, say_figures, say_steps
from recdesk.cli.progress import event_progress, stopping
from recdesk.cli.seeds import group_object, say_group
from recdesk.cluster.runner import execute
from recdesk.core.errors import RecdeskError
from recdesk.core.messages import Message
from recdesk.experiment.seed_figures import seed_figures
from recdesk.monitor import events
from recdesk.monitor.control import Control
from recdesk.workspace.run_groups import RunGroup, find_group
from recdesk.workspace.run_log import damages_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace


def carry_out(run: Run, output: Output, resume: bool, final: bool = True) -> Run:
    """Train in this thread, printing events; Ctrl+C stops the run, which can be resumed. Returns its new snapshot."""
    control = Control()
    failures: list[events.Failed] = []
    with stopping(control, output, run.cluster is not None), event_progress(output, failures) as show_event:
        run = execute(run, control, show_event, resume)
    if failures:
        raise RecdeskError(failures[0].sentence, failures[0].suggestion, failures[0].details)
    if control.left and run.cluster is not None:
        say_left(run, output)
        return run
    output.say(f"Run {run.id}: {run.state}. {run.reason}")
    say_figures(output, run, run.metrics)
    say_steps(output, run)
    if final:
        output.result({**run_object(run, run.metrics), **say_damages(output, damages_of(run))})
    return run


def carry_out_group(opened: Workspace, group: RunGroup, output: Output) -> None:
    """Train what is left of a group, run after run; Ctrl+C stops it, and it can be resumed.

    Raises:
        RecdeskError: a run failed; the next one would fail for the same reason.
    """
    stopped = False
    for run in group.left:
        if stopped := not _carried_out(run, output):
            break
    group = find_group(opened, group.id)
    if group.finished:
        say_group(output, seed_figures(group))
    if stopped:
        output.say(Message("seeds.stopped", group=group.id))
    output.result({**group_object(group), "stopped": stopped})


def _carried_out(run: Run, output: Output) -> bool:
    """Train one run; whether that was not stopped."""
    output.say(f"Run {run.id}, {Message('seeds.seed', seed=run.config.seed)}:")
    control, failures = Control(), list[events.Failed]()
    with stopping(control, output, run.cluster is not None), event_progress(output, failures) as show_event:
        ended = execute(run, control, show_event, resume=run.state != "queued")
    if failures:
        raise RecdeskError(failures[0].sentence, failures[0].suggestion, failures[0].details)
    output.say(f"Run {ended.id}: {ended.state}. {ended.reason}")
    return not control.stopped
