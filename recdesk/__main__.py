"""`recdesk`: the window, or a headless command."""

import gc
import sys
from pathlib import Path
from typing import Annotated

import typer

from recdesk import __version__
from recdesk.cli.app import JsonOption, WorkspaceOption, app
from recdesk.cli.printing import complain, use_any_console
from recdesk.cli.registry import COMMANDS
from recdesk.workspace.package_name import is_package

SELDOM = (50_000, 20, 100)
"""How often commands look for garbage: hardly ever while torch comes in, of which nothing is garbage. Looking took a
quarter of the time from start to the first step. For the window see `gui.tidying`."""


@app.callback(invoke_without_command=True)
def _start(
    context: typer.Context,
    workspace: WorkspaceOption = None,
    version: Annotated[bool, typer.Option("--version", help="Say the version and end.")] = False,
) -> None:
    """From a file of user behaviour to recommendations you can trust. Without a command, the window opens."""
    if version:
        print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise typer.Exit(_open_window(workspace, demo=False))
    if workspace is not None:  # said before the command; one said after it wins
        context.default_map = {name: {"workspace": str(workspace)} for name in COMMANDS}
    gc.set_threshold(*SELDOM)
    gc.enable()


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where the recommendations go when there is no display.")] = Path(
        "recommendations.csv"
    ),
    headless: Annotated[
        bool, typer.Option("--headless", help="Do without the window even where there is a display.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """The built-in example from data to recommendations: in the window, or headless where there is no display."""
    from recdesk.cli.commands import run_demo
    from recdesk.core.files import is_standard_output
    from recdesk.gui.preflight import has_display, missing_libraries

    why = "asked to" if headless or as_json else "there is no display" if not has_display() else missing_libraries()
    if why is None:
        raise typer.Exit(_open_window(workspace, demo=True))
    print(f"Running without the window: {why}", file=sys.stderr if as_json or is_standard_output(out) else sys.stdout)
    run_demo(workspace, out, as_json)


@app.command("window", hidden=True)
def window_command(
    file: Annotated[Path, typer.Argument(help="A packed file to open.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Open a packed file in the window: what `recdesk FILE.recdesk` does."""
    raise typer.Exit(_open_window(workspace, demo=False, package=file))


def _open_window(workspace: Path | None, demo: bool, package: Path | None = None) -> int:
    from recdesk.gui.preflight import has_display, missing_libraries

    problem = (
        missing_libraries() if has_display() else "There is no display. Commands work without one: recdesk --help."
    )
    if problem:
        complain(f"recdesk: {problem}")
        return 1
    from recdesk.gui.app import start

    return start(workspace, demo=demo, package=package)


def main() -> None:
    """Entry point of `recdesk`."""
    gc.disable()
    use_any_console()
    app(with_window(sys.argv[1:]), prog_name="recdesk")


def with_window(arguments: list[str]) -> list[str]:
    """The arguments of a command; a packed file in the place of a command opens in the window, as after a double click
    in a file manager."""
    for index, argument in enumerate(arguments):
        if is_package(Path(argument)) and arguments[:index] in ([], ["--workspace", *arguments[1:2]]):
            return [*arguments[:index], "window", *arguments[index:]]
    return arguments


def window() -> None:
    """Entry point without a console, for desktop shortcuts."""
    gc.disable()
    given = [Path(argument) for argument in sys.argv[1:] if is_package(Path(argument))]
    sys.exit(_open_window(None, demo=False, package=given[0] if given else None))


if __name__ == "__main__":
    main()
