"""A command imports its own module alone, and the list of commands none."""

import subprocess
import sys

import pytest
from typer.main import get_command

from recdesk.cli.app import app
from recdesk.cli.registry import COMMANDS

SHORT = {"--help", "--version"}


def imported(*arguments: str) -> set[str]:
    """Modules that a command has imported at its end."""
    code = (
        "import sys\nfrom recdesk.__main__ import main\nsys.argv = ['recdesk', *sys.argv[1:]]\n"
        "try:\n    main()\nfinally:\n    sys.stderr.write('\\n' + ' '.join(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    return set(run.stderr.rsplit("\n", 1)[1].split())


def test_every_command_stands_in_the_list_with_a_line_that_fits():
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert command.name == name and command.help
        assert command.hidden == (not COMMANDS[name].summary)
    assert set(map(str, commands)) == set(COMMANDS)
    widest = max(len(name) for name in COMMANDS)
    assert max(len(entry.summary) for entry in COMMANDS.values()) <= 80 - widest - 4


def test_every_command_of_a_module_is_in_the_list():
    get_command(app).commands.items()  # type: ignore[attr-defined]
    for entry in COMMANDS.values():
        __import__(entry.module)
    made = {info.name or info.callback.__name__.replace("_", "-") for info in app.registered_commands}
    assert made == set(COMMANDS)


@pytest.mark.parametrize("option", sorted(SHORT))
def test_the_list_of_commands_waits_for_no_library(option: str):
    assert not imported(option) & {"numpy", "pandas", "duckdb", "pyarrow", "torch", "recdesk.workspace.workspace"}


@pytest.mark.parametrize("command", ["datasets", "runs"])
def test_what_is_there_is_listed_without_reading_data(command: str, tmp_path):
    assert not imported(command, "--workspace", str(tmp_path / "ws")) & {"pandas", "duckdb", "pyarrow", "torch"}


def test_a_command_that_is_written_wrongly_is_answered_with_the_one_that_is_near():
    run = subprocess.run([sys.executable, "-m", "recdesk", "dataset"], capture_output=True, text=True)
    assert run.returncode == 2 and "Did you mean 'datasets'" in run.stderr
