"""Terminal output made safe, progress bars, and signals that stop or cancel a command."""

import contextlib
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TimeElapsedColumn
from rich.progress import Task as BarTask
from rich.text import Text

from recdesk.core.messages import Message
from recdesk.core.task import Task
from recdesk.monitor import events
from recdesk.monitor.control import Control, ending_signals

_LETTERS = r"\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"
UNPRINTABLE = re.compile(f"[{_LETTERS}]")
"""Control characters, bidirectional controls, and surrogates that cannot be encoded."""


def printable(text: str) -> str:
    """Text with each control character replaced by a visible symbol."""
    return UNPRINTABLE.sub(_symbol, text)


def _symbol(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file's name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"‹U+{code:04X}›"


class PlainConsole(Console):
    """Prints text literally: no markup, no emoji, no highlighting, no control sequences."""

    def __init__(self, stderr: bool) -> None:
        super().__init__(stderr=stderr, highlight=False, markup=False, emoji=False)

    def render_str(self, text: str, **options: Any) -> Text:
        """Make the string printable; Rich passes all strings through here, those of tables too."""
        return super().render_str(printable(text), **options)


class Words(ProgressColumn):
    """A text beside a progress bar.

    Args:
        template: as of `str.format`, with `task`.
    """

    def __init__(self, template: str) -> None:
        super().__init__()
        self._template = template

    def render(self, task: BarTask) -> Text:
        """The text as it stands now."""
        return Text(printable(self._template.format(task=task)))


class Output:
    """Output of a command: text for people, or one JSON object for programs."""

    def __init__(self, as_json: bool, to_stderr: bool = False) -> None:
        """`to_stderr` leaves the standard output to something else, as --json does."""
        self.as_json = as_json
        self.console: Console = PlainConsole(stderr=as_json or to_stderr)

    def hang_up(self) -> None:
        """Stop printing, because the terminal was closed."""
        self.console.quiet, self.as_json = True, False

    def say(self, text: str) -> None:
        """A line for people."""
        self.console.print(text, soft_wrap=True)

    def note(self, text: str) -> None:
        """Print a note on stderr; nothing for ""."""
        if text:
            complain(f"Note: {text}")

    def warn(self, text: str) -> None:
        """Print a warning on stderr, on data that is damaged and left out."""
        if not self.console.quiet:
            complain(text)

    def result(self, values: dict[str, Any]) -> None:
        """Print the JSON object if --json was given."""
        if not self.as_json:
            return
        line = exact_json(values)
        try:
            line.encode(sys.stdout.encoding or "utf-8")
        except UnicodeEncodeError:  # an escape that the console prints instead of a character would be no JSON
            line = json.dumps(values)
        print(line, flush=True)


def complain(text: str) -> None:
    """A line on the standard error."""
    print(printable(text), file=sys.stderr)


def exact_json(values: Any) -> str:
    """JSON in one line; characters that `printable` would replace are escaped, so that parsing restores them."""
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(values, ensure_ascii=False))


def use_any_console() -> None:
    """Print characters that the console's encoding lacks as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # it is None without a console, and another object in tests
            stream.reconfigure(errors="backslashreplace")


@contextlib.contextmanager
def stopping(control: Control, output: Output) -> Iterator[None]:
    """Make SIGINT, SIGTERM and SIGHUP (a closed terminal) stop the run instead of the program."""

    on_terminal = output.console.is_terminal  # one that is gone says that it is none

    def stop(number: int, _frame: object) -> None:
        hung_up = number not in (signal.SIGINT, signal.SIGTERM)
        if hung_up and on_terminal:
            output.hang_up()
        output.say("Stopping; everything up to here is kept.")
        if not (hung_up and control.stopped):  # a session that ends sends both
            control.stop()

    with handled(stop):
        yield


@contextlib.contextmanager
def handled(handle: Callable[[int, object], object]) -> Iterator[None]:
    """Handle the signals that ask a program to end with `handle`."""
    before = {number: signal.signal(number, handle) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def cancelling() -> Iterator[Task]:
    """A task that is cancelled by the signals that end a program."""
    wished: list[int] = []
    with handled(lambda number, _frame: wished.append(number)):
        yield Task(cancelled=lambda: bool(wished))


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
    columns = Words("{task.description}"), BarColumn(), Words("{task.fields[facts]}"), TimeElapsedColumn()
    with Progress(*columns, console=output.console, transient=True) as progress:
        bar = progress.add_task("", total=1.0, facts="")
        limits: dict[str, float] = {}

        def show_event(event: events.Event) -> None:
            match event:
                case events.StageStarted():
                    progress.console.print(event.note, soft_wrap=True)
                    progress.update(bar, completed=0.0, description="", facts="")
                case events.StageProgress():
                    progress.update(bar, completed=event.share)
                case events.Warned():
                    progress.console.print(f"Note: {event.sentence}", soft_wrap=True)
                case events.BaselineScored():
                    ndcg = event.metrics.get("validation", {}).get("ndcg@10", 0.0)
                    progress.console.print(f"  {event.name}: NDCG@10 {ndcg:.4f} on validation")
                case events.Plan():
                    limits.update(epochs=event.max_epochs, minutes=event.minutes or 0.0)
                    progress.console.print(f"  {plan_line(event)}", soft_wrap=True)
                case events.Step():
                    done = event.epoch / limits["epochs"]
                    if limits["minutes"]:
                        done = max(done, event.seconds / 60 / limits["minutes"])
                    progress.update(
                        bar, completed=done, description=f"epoch {event.epoch:.1f}", facts=f"loss {event.loss:.3f}"
                    )
                case events.Evaluated():
                    mark = " (best)" if event.best else ""
                    ndcg, recall = event.metrics["ndcg@10"], event.metrics["recall@10"]
                    figures = f"NDCG@10 {ndcg:.4f}, Recall@10 {recall:.4f} on validation{mark}"
                    progress.console.print(f"  epoch {event.epoch}: {figures}, {event.seconds:.0f} s")
                case events.Failed():
                    failures.append(event)

        yield show_event


@contextlib.contextmanager
def watched(output: Output) -> Iterator[Task]:
    """The same with its progress drawn as a bar."""
    with cancelling() as task, bar(output) as report:
        yield task.reporting(report)


@contextlib.contextmanager
def bar(output: Output) -> Iterator[Callable[[float, str], None]]:
    """A progress bar; call the result with the share done (0..1) and a sentence."""
    with Progress(Words("{task.description}"), BarColumn(), console=output.console, transient=True) as progress:
        bar = progress.add_task("", total=1.0)
        yield lambda fraction, sentence: progress.update(bar, completed=fraction, description=sentence)
