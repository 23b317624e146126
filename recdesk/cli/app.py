"""The Typer application: its commands, shared options, error handling, opening the workspace. What only some commands
need is imported when it is needed."""

import contextlib
import importlib
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException
from typer.main import get_command_from_info, get_command_name

from recdesk.cli.printing import complain, printable
from recdesk.cli.registry import COMMANDS
from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.files import is_standard_output
from recdesk.core.refusals import unforeseen

if TYPE_CHECKING:
    from recdesk.cli.console import Output
    from recdesk.workspace.workspace import Workspace


class _Commands(MutableMapping[str, Any]):
    """Commands by name. The module of a command is imported when the command is looked up."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self._made = dict(made)

    def __getitem__(self, name: str) -> Any:
        if name not in self._made and name in COMMANDS:
            importlib.import_module(COMMANDS[name].module)
            (info,) = [info for info in app.registered_commands if _name(info) == name]
            self._made[name] = get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._made or name in COMMANDS

    def __iter__(self) -> Iterator[str]:
        return iter({**COMMANDS, **self._made})

    def __len__(self) -> int:
        return len({**COMMANDS, **self._made})

    def __setitem__(self, name: str, command: Any) -> None:
        self._made[name] = command

    def __delitem__(self, name: str) -> None:
        del self._made[name]


def _name(info: Any) -> str:
    return info.name or get_command_name(info.callback.__name__)


class Commands(TyperGroup):
    """The commands of `registry`, each imported when it is called; names what was written wrongly without its control
    characters."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.commands = _Commands(self.commands)

    def format_commands(self, _context: Any, formatter: Any) -> None:
        """As the base does, from `registry`, without importing a command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items() if entry.summary])

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
    cls=Commands,
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
AsOfOption = Annotated[
    str,
    typer.Option(
        "--as-of",
        help="Recommend as at that moment, from what was known then: 2024-05-31 (its end), or with a time; UTC.",
        metavar="MOMENT",
    ),
]
TopOption = Annotated[int, typer.Option("--top", min=1, help="How many recommendations a user.")]


@contextlib.contextmanager
def speaking(as_json: bool, out: Path | None = None) -> "Iterator[Output]":
    """Print an error as a sentence, and exit with code 2 for an invalid request, 1 for any other error.

    Args:
        as_json: see `Output`.
        out: the file that the command writes; if it is the standard output, text is printed to stderr.
    """
    from recdesk.cli.console import Output

    output = Output(as_json, out is not None and is_standard_output(out))
    try:
        yield output
    except RecdeskError as error:
        _end(error, output)
    except OSError as error:
        found = unforeseen(error)
        if found is None:
            raise
        _end(found, output)
    except UnicodeEncodeError as error:  # caused by arguments only, which may contain undecodable bytes
        sentence = f"“{str(error.object)[:200]}” is not UTF-8."
        if as_json:
            output.result({"error": sentence, "suggestion": "Write it differently."})
        complain(f"recdesk: {sentence} Write it differently.")
        raise typer.Exit(2) from error


def _end(error: RecdeskError, output: "Output") -> NoReturn:
    if output.as_json:
        output.result({"error": error.sentence, "suggestion": error.suggestion})
    complain(f"recdesk: {error}")
    raise typer.Exit(2 if isinstance(error, UsageError) else 1) from error


def open_workspace(folder: Path | None) -> "Workspace":
    """Open the given workspace, or the default one.

    Raises:
        RecdeskError: see `Workspace`.
    """
    from recdesk.workspace.folders import default_folder
    from recdesk.workspace.workspace import Workspace

    try:
        opened = Workspace(folder or default_folder())
    except RuntimeError as error:  # of “~name”
        raise UsageError(f"Nobody with the home folder of “{folder}” is known here.", "Name a folder.") from error
    opened.keep_temporary_files()
    return opened


def workspace_for_import(folder: Path | None, dry_run: bool) -> "Workspace | None":
    """As `open_workspace`; None for a dry run in a folder that does not exist, which it must not create."""
    from recdesk.core import temporary
    from recdesk.data.planning import is_folder
    from recdesk.workspace.folders import default_folder

    if dry_run and not is_folder(folder or default_folder()):
        temporary.use_folder(None)
        return None
    return open_workspace(folder)
