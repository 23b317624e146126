"""The Typer application: shared options, error handling, opening the workspace."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from recdesk.cli.console import Output, complain, printable
from recdesk.core import temporary
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import is_standard_output
from recdesk.data.planning import is_folder
from recdesk.workspace.folders import default_folder
from recdesk.workspace.workspace import Workspace


class PrintableErrors(TyperGroup):
    """Names what was written wrongly without its control characters."""

    def make_context(self, *arguments: Any, **options: Any) -> Any:
        """As the base does."""
        with _printable():
            return super().make_context(*arguments, **options)

    def invoke(self, *arguments: Any, **options: Any) -> Any:
        """As the base does."""
        with _printable():
            return super().invoke(*arguments, **options)


@contextlib.contextmanager
def _printable() -> Iterator[None]:
    try:
        yield
    except TyperException as error:
        error.message = printable(error.message)
        raise


app = typer.Typer(
    cls=PrintableErrors,
    help="From a file of user behaviour to recommendations you can trust.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)

WorkspaceOption = Annotated[
    Path | None, typer.Option("--workspace", help="Folder with datasets and runs (default: the per-user data folder).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on the last line instead of words.")]
RunArgument = Annotated[str, typer.Argument(help="A run's id, the beginning of it, or “last”.")]
SplitOption = Annotated[
    str, typer.Option(help="How to cut the data: leave-one-out, time, validation-only or new-items.")
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many recommendations a user.")]


@contextlib.contextmanager
def speaking(as_json: bool, out: Path | None = None) -> Iterator[Output]:
    """Print an error as a sentence, and exit with code 2 for an invalid request, 1 for any other error.

    Args:
        as_json: see `Output`.
        out: the file that the command writes; if it is the standard output, text is printed to stderr.
    """
    output = Output(as_json, out is not None and is_standard_output(out))
    try:
        yield output
    except RecdeskError as error:
        if as_json:
            output.result({"error": error.sentence, "suggestion": error.suggestion})
        complain(f"recdesk: {error}")
        raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error
    except UnicodeEncodeError as error:  # caused by arguments only, which may contain undecodable bytes
        sentence = f"“{str(error.object)[:200]}” is not UTF-8."
        if as_json:
            output.result({"error": sentence, "suggestion": "Write it differently."})
        complain(f"recdesk: {sentence} Write it differently.")
        raise typer.Exit(2) from error


def open_workspace(folder: Path | None) -> Workspace:
    """Open the given workspace, or the default one.

    Raises:
        RecdeskError: see `Workspace`.
    """
    try:
        opened = Workspace(folder or default_folder())
    except RuntimeError as error:  # of “~name”
        raise UsageError(f"Nobody with the home folder of “{folder}” is known here.", "Name a folder.") from error
    opened.keep_temporary_files()
    return opened


def workspace_for_import(folder: Path | None, dry_run: bool) -> Workspace | None:
    """As `open_workspace`; None for a dry run in a folder that does not exist, which it must not create."""
    if dry_run and not is_folder(folder or default_folder()):
        temporary.use_folder(None)
        return None
    return open_workspace(folder)
