"""Output of commands, progress bars, and signals that cancel a command."""

import contextlib
import json
import signal
import sys
from collections.abc import Callable, Iterator
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn
from rich.progress import Task as BarTask
from rich.text import Text

from recdesk.cli.printing import complain, exact_json, printable
from recdesk.core.task import Task
from recdesk.monitor.control import ending_signals


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
