"""Hostile values for the arguments and options of every command: a result, or exit code 1 or 2 with a sentence."""

import contextlib
import json
import os
import random
import shutil
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner

from recdesk.__main__ import app
from recdesk.cli import serve
from recdesk.experiment import pipeline
from recdesk.workspace.runs import Run

WORDS = (
    "", " ", "nan", "inf", "-inf", "1e400", "-1", "0", "1", "7", "1.5", "10**9", "1000000000", "9" * 5000, "true",
    "None", "last", "Shop",
    "u01", "i01", "bert-causal", "text-bert", "leave-one-out", "time", "cpu", "cuda", "user", "item", "rating", "csv",
    "tab", "hex", "rot13",
    "utf-8", "utf-16", "\x1b[31mred", "\u202eevil", ":bomb:", "[bold]x[/bold]", "[/]", "a=b", "=x", "a",
    "kind=two-tower", "seed=nan",
    "hidden=1e400", "epochs=" + "9" * 5000, "template={nothing}", "encoder=/nowhere", "x" * 300, "红楼梦", "\udcff",
    "CON", "..", "../..", "-",
    "2020-01-01", "31.12.1999", "99999-01-01", "{}", "[", "title=A new one", "genre=odd", "title=",
)  # fmt: skip
PATHS = (
    "csv", "csv", "items", "folder", "missing", "deep", "pipe", "link", "loop", "long", "zero", "null", "text", "list",
)  # fmt: skip
COSTLY = ("tune", "encoder")
"""`tune` starts a study of trials; `encoder` asks the hub."""


class Commands:
    """Cases over all commands; training itself is left out, what leads to it is not."""

    def __init__(self, scratch: Path, template: Path) -> None:
        self.scratch, self.template = scratch, template
        os.environ["HF_HUB_OFFLINE"] = "1"
        os.chdir(scratch)
        command = typer.main.get_command(app)
        known: dict[str, Any] = vars(command)["commands"]
        self.commands = {name: command for name, command in known.items() if name not in COSTLY}
        pipeline.execute = _not_executed
        serve.run_server = _not_served

    def case(self, rng: random.Random) -> str:
        """One command line.

        Raises:
            AssertionError: a traceback, an unknown exit code, no sentence, or no object where `--json` was asked for.
        """
        folder = self.scratch / "copy"
        shutil.copytree(self.template.parent, folder)
        try:
            return self._said(self.line(rng, folder))
        finally:
            shutil.rmtree(folder)

    def line(self, rng: random.Random, folder: Path) -> list[str]:
        """Arguments and options of a command: each option now and then, with a value that fits or one that doesn't."""
        name = rng.choice(list(self.commands))
        words = [name]
        for parameter in self.commands[name].params:
            if not parameter.opts[0].startswith("-"):
                words += [self._value(parameter, rng, folder) for _ in range(rng.choice([1, 1, 1, 0, 2]))]
            elif (
                parameter.name != "help"
                and "--workspace" not in parameter.opts
                and rng.random() < (0.95 if parameter.required else 0.2)
            ):
                words += self._option(parameter, rng, folder)
        if rng.random() < 0.9:
            words += ["--workspace", str(folder / "workspace")]
        else:
            words += ["--workspace", self._path(rng, folder)]
        return words

    def _option(self, parameter: Any, rng: random.Random, folder: Path) -> list[str]:
        flag = rng.choice([*parameter.opts, *parameter.secondary_opts])
        return [flag] if parameter.is_flag else [flag, self._value(parameter, rng, folder)]

    def _value(self, parameter: Any, rng: random.Random, folder: Path) -> str:
        if "Path" in str(vars(parameter)["type_descriptor"]) and rng.random() < 0.85:
            return self._path(rng, folder)
        usual = {"run": "last", "dataset": "Shop", "user": "u01"}
        if parameter.name in usual and rng.random() < 0.6:
            return usual[parameter.name]
        return rng.choice(WORDS)

    def _path(self, rng: random.Random, folder: Path) -> str:
        """A file or folder of the case, or what only looks like one; outside of it only /dev/null and /dev/zero."""
        made = folder / "made"
        made.mkdir(exist_ok=True)
        kind = rng.choice(PATHS)
        if kind == "pipe":
            with contextlib.suppress(FileExistsError):
                os.mkfifo(made / "pipe")
        elif kind in ("link", "loop"):
            (made / kind).unlink(missing_ok=True)
            (made / kind).symlink_to(folder / "ratings.csv" if kind == "link" else made / "loop")
        elif kind in ("deep", "text", "list"):
            (made / kind).write_text({"deep": "[" * 50_000, "text": "user\nu01\nnobody\n", "list": "[1, 2]"}[kind])
        paths = {
            "csv": folder / "ratings.csv", "items": folder / "items.csv", "folder": folder,
            "missing": made / "missing" / "x.csv", "long": made / ("x" * 300),
            "zero": Path("/dev/zero"), "null": Path("/dev/null"),
        }  # fmt: skip
        return str(paths.get(kind, made / kind))

    def _said(self, line: list[str]) -> str:
        result = CliRunner().invoke(app, line)
        shown = " ".join(word[:60] for word in line).encode("utf-8", "backslashreplace").decode()
        exception = result.exception
        if exception is not None and not isinstance(exception, SystemExit):
            raise AssertionError(f"{shown}: {type(exception).__name__}: {exception}") from exception
        assert result.exit_code in (0, 1, 2), f"{shown}: exit code {result.exit_code}"
        assert "Traceback" not in result.stderr, f"{shown}: a traceback is printed"
        if result.exit_code:
            assert result.stderr.strip() or "Aborted" in result.output, (
                f"{shown}: exit code {result.exit_code} without a word"
            )
        assert not set(result.stdout + result.stderr) & set("\x1b\u202e"), f"{shown}: control characters are printed"
        if result.exit_code == 0 and "--json" in line and line[0] != "demo":
            assert isinstance(json.loads(result.stdout.strip().splitlines()[-1]), dict), f"{shown}: no object"
        return ("done", "failed", "refused")[result.exit_code]


def _not_executed(run: Run, *_: object, **__: object) -> Run:
    """In place of training."""
    return run


def _not_served(*_: object, **__: object) -> None:
    """In place of answering until one stops it."""
