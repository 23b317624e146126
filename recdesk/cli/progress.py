"""A run in the terminal: its progress, its events in words, and signals that stop it."""

import contextlib
import signal
from collections.abc import Iterator
from typing import Any

from rich.progress import BarColumn, Progress, TimeElapsedColumn

from recdesk.cli.console import Output, Words, handled
from recdesk.core.messages import Message
from recdesk.monitor import events
from recdesk.monitor.control import Control


@contextlib.contextmanager
def stopping(control: Control, output: Output, elsewhere: bool = False) -> Iterator[None]:
    """Make SIGINT, SIGTERM and SIGHUP (a closed terminal) stop the run instead of the program.

    Args:
        control: of the run.
        output: of the command.
        elsewhere: the run is on a cluster: only SIGINT (Ctrl+C) stops it, at the others it is left to go on there.
    """

    on_terminal = output.console.is_terminal  # one that is gone says that it is none

    def stop(number: int, _frame: object) -> None:
        hung_up = number not in (signal.SIGINT, signal.SIGTERM)
        if hung_up and on_terminal:
            output.hang_up()
        if elsewhere and number != signal.SIGINT:
            control.leave()
            return
        output.say("Stopping; everything up to here is kept.")
        if not (hung_up and control.stopped):  # a session that ends sends both
            control.stop()

    with handled(stop):
        yield


def plan_line(plan: events.Plan) -> str:
    """Everything automatic about a run."""
    interval = "each epoch" if plan.evaluate_every == 1 else f"every {plan.evaluate_every} epochs"
    steps = Message("count.steps", count=plan.steps_per_epoch)
    return (
        f"{steps} an epoch of {plan.step_tokens:,} interactions, vectors of {plan.hidden:,}, "
        f"{plan.parameters:,} weights, dropout {plan.dropout:.2g}, {plan.softmax}, evaluated {interval}; "
        f"{plan.device}, {plan.precision}"
    )


@contextlib.contextmanager
def event_progress(output: Output, failures: list[events.Failed]) -> Iterator[events.Emit]:
    """An event receiver that draws a progress bar and prints the important events."""
    with bars(output) as progress:
        lines = EventLines(progress)

        def show_event(event: events.Event) -> None:
            lines.show(event)
            if isinstance(event, events.Failed):
                failures.append(event)

        yield show_event


def bars(output: Output) -> Progress:
    """Progress bars, one for each `EventLines`."""
    columns = Words("{task.description}"), BarColumn(), Words("{task.fields[facts]}"), TimeElapsedColumn()
    return Progress(*columns, console=output.console, transient=True)


class EventLines:
    """A progress bar of a run, and lines of its important events.

    Args:
        progress: see `bars`.
        name: before each line; "" for nothing.
    """

    def __init__(self, progress: Progress, name: str = "") -> None:
        self._progress, self._name = progress, f"{name}: " if name else ""
        self._bar = progress.add_task(self._name, total=1.0, facts="")
        self._limits: dict[str, float] = {}

    def close(self) -> None:
        """Take the bar away."""
        self._progress.remove_task(self._bar)

    def show(self, event: events.Event) -> None:
        """Show an event, if it is one to show."""
        match event:
            case events.StageStarted():
                self._say(event.note)
                self._move(completed=0.0, description=self._name, facts="")
            case events.StageProgress():
                self._move(completed=event.share)
            case events.Warned():
                self._say(f"Note: {event.sentence}")
            case events.BaselineScored():
                ndcg = event.metrics.get("validation", {}).get("ndcg@10", 0.0)
                self._say(f"{event.name}: NDCG@10 {ndcg:.4f} on validation", "  ")
            case events.Plan():
                self._limits.update(epochs=event.max_epochs, minutes=event.minutes or 0.0)
                self._say(plan_line(event), "  ")
            case events.Step():
                self._show_step(event)
            case events.Evaluated():
                mark = " (best)" if event.best else ""
                ndcg, recall = event.metrics["ndcg@10"], event.metrics["recall@10"]
                figures = f"NDCG@10 {ndcg:.4f}, Recall@10 {recall:.4f} on validation{mark}"
                self._say(f"epoch {event.epoch}: {figures}, {event.seconds:.0f} s", "  ")

    def _show_step(self, event: events.Step) -> None:
        limits = self._limits
        if not limits:  # of a run that others have planned
            return
        done = event.epoch / limits["epochs"]
        if limits["minutes"]:
            done = max(done, event.seconds / 60 / limits["minutes"])
        self._move(completed=done, description=f"{self._name}epoch {event.epoch:.1f}", facts=f"loss {event.loss:.3f}")

    def _move(self, **values: Any) -> None:
        self._progress.update(self._bar, **values)

    def _say(self, text: str, indent: str = "") -> None:
        self._progress.console.print(f"{indent}{self._name}{text}", soft_wrap=True)
