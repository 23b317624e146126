from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from recdesk.cli.option_groups import with_group


@dataclass(frozen=True)
class Size:
    width: Annotated[int, typer.Option("--width", help="In metres.", min=1)] = 3
    name: Annotated[str | None, typer.Option("--name", help="Of the field.")] = None


def test_a_command_has_the_options_of_its_group_and_gets_them_as_one_value():
    app, seen = typer.Typer(), []

    @app.command()
    @with_group("size", Size)
    def plough(depth: Annotated[int, typer.Option("--depth")] = 1, size: Size = Size(), twice: bool = False) -> None:
        seen.append((depth, size, twice))

    run = CliRunner()
    assert run.invoke(app, []).exit_code == 0
    assert run.invoke(app, ["--name", "south", "--twice", "--depth", "2", "--width", "4"]).exit_code == 0
    assert seen == [(1, Size(), False), (2, Size(4, "south"), True)]
    assert run.invoke(app, ["--width", "0"]).exit_code == 2
    said = run.invoke(app, ["--help"]).stdout
    assert "In metres." in said and "--size" not in said
