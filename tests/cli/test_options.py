"""Every command and every option with values that cannot be: a sentence and an exit code, never a traceback."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from recdesk.cli.app import app
from recdesk.cli.options import given_settings, pairs_of, settings_of
from recdesk.core.errors import UsageError
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.workspace.workspace import Workspace
from tests.data.making import write

NUMBERS = ("nan", "inf", "-inf", "1e400", "-1", "0", "9" * 5000, "1" + "0" * 30, "", "x", "0x10", "-0.0")
TEXTS = ("", "\0", "\udcff", "\ud800", "x" * 300, "é" * 300, "../../etc", "\x1b[31m", "CON", "a\nb", "={}", "{", "%s")
SETTINGS = ("kind=x", "kind=bert4rec", "=x", "a", "a=b", "", "hidden=", "hidden=\udcff", "start_from=../..")
NUMERIC = ("epochs", "minutes", "learning_rate", "hidden", "dropout", "seed", "max_length", "batch_tokens")
LEFT_OUT = {"demo", "encoder", "window"}
"""One has no arguments that can be wrong but a workspace, one asks the hub, one opens the window."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Path:
    """A workspace with the dataset “b”."""
    folder = tmp_path_factory.mktemp("options")
    events = write(folder / "b.csv", "user,item,time\n" + "".join(f"u{n % 4},i{n % 3},{n}\n" for n in range(24)))
    workspace = Workspace(folder / "ws")
    workspace.add_dataset(import_files(ImportPlan(events, name="b")))
    return workspace.folder


@pytest.fixture(scope="module")
def paths(tmp_path_factory) -> list[str]:
    """Paths at which nothing can be read or written as it should be."""
    folder = tmp_path_factory.mktemp("paths")
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "bytes").write_bytes(bytes(range(256)) * 20)
    (folder / "deep.json").write_text("[" * 100_000)
    (folder / "digits.json").write_text('{"epochs": ' + "9" * 5000 + "}")
    (folder / "list.json").write_text("[1]")
    (folder / "kinds.json").write_text('{"kind": ["a"], "epochs": {"a": NaN}}')
    (folder / "large.json").write_text("{" + " " * 2**21 + "}")
    named = [str(folder / name) for name in ("", "loop", "bytes", "none", "none/none", "x" * 300, "\udcff", "z\0")]
    named += sorted(map(str, folder.glob("*.json")))
    if os.name == "posix":
        os.mkfifo(folder / "pipe")
        named += [str(folder / "pipe"), "/dev/zero", "/dev/null", "~nosuchperson/x"]
    return ["", *named]


def invoke(*arguments: object) -> tuple[int, str]:
    """Exit code and everything printed; a traceback fails."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), (arguments, result.exception)
    assert result.exit_code in (0, 1, 2), arguments
    assert result.exit_code == 0 or (result.stderr or result.stdout).strip(), arguments
    return result.exit_code, result.stdout + result.stderr


def arguments_of(command: str, events: Path, out: Path) -> list[str]:
    """Arguments with which a command works, or fails only because there is no such dataset or run."""
    return {
        "import": [str(events), "--dry-run"],
        "update": ["no", str(events)],
        "pseudonyms": ["b", "--of", "u1"],
        "health": ["b"],
        "texts": ["b"],
        "recommend": ["no", "--user", "u1"],
        "export": ["no", "--out", str(out)],
        "search": ["no", "words"],
        "add-item": ["no", "--id", "a", "--text", "a=b"],
        "transfer": ["no", "b"],
        "datasets": [],
        "runs": [],
    }.get(command, ["no"])


COMMANDS = {name: command for name, command in get_command(app).commands.items() if name not in LEFT_OUT}  # type: ignore[attr-defined]


@pytest.mark.timeout(600)
@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_no_value_of_any_option_ends_in_a_traceback(name: str, workspace: Path, paths: list[str], tmp_path: Path):
    events = tmp_path / "events.csv"
    events.write_text("user,item,time\n" + "".join(f"u{n % 4},i{n % 3},{n}\n" for n in range(24)))
    usual = arguments_of(name, events, tmp_path / "out.csv")
    at = 0
    for parameter in COMMANDS[name].params:
        kind = str(parameter.type_descriptor.annotation)
        values: tuple[str, ...] | list[str] = NUMBERS if "int" in kind or "float" in kind else TEXTS
        if "Path" in kind:
            values = paths
        if name == "import":  # reads its file for every value
            values = values[::3]
        if parameter.param_type_name == "argument":
            for value in values:
                invoke(name, *usual[:at], value, *usual[at + 1 :], "--workspace", workspace)
            at += 1
        elif parameter.name == "workspace":
            for value in values:
                if value:  # the person's own
                    invoke(name, *usual, "--workspace", value)
        elif not getattr(parameter, "is_flag", False) and parameter.name != "settings":
            for value in values:
                invoke(name, *usual, f"{max(parameter.opts, key=len)}={value}", "--workspace", workspace)


@pytest.mark.parametrize("command", ["train", pytest.param("tune", marks=pytest.mark.slow)])
def test_no_setting_ends_in_a_traceback(command: str, workspace: Path):
    for setting in (*SETTINGS, *(f"{name}={value}" for name in NUMERIC for value in NUMBERS)):
        code, said = invoke(command, "no", "--set", setting, "--workspace", workspace)
        assert code == 2 and said


@pytest.mark.parametrize(
    "arguments, words",
    [
        (["train", "b", "--set", "kind=bert4rec"], "“kind” is no setting. Choose the model with --model."),
        (["train", "b", "--set", "=x"], "“=x” is no setting."),
        (["train", "b", "--set", "epochs=nan"], "“epochs” is 'nan'"),
        (["train", "b", "--minutes", "nan"], "“minutes” is nan"),
        (["train", "b", "--minutes", "0"], "“minutes” is 0.0"),
        (["train", "b", "--seed", "-1"], "“seed” is -1"),
        (["train", "b", "--seed", "1" + "0" * 30], "“seed” is 1000"),
        (["train", "x" * 300], "There is no dataset “xxx"),
        (["tune", "b", "--minutes", "nan"], "nan minutes are no time"),
        (["import", "EVENTS", "--min-rating", "nan", "--dry-run"], "“nan” is no rating. Give a number."),
        (["import", "EVENTS", "--encoding", "hex"], "There is no encoding “hex”."),
        (["import", "EVENTS", "--encoding", "rot13", "--dry-run"], "There is no encoding “rot13”."),
        (
            ["import", "EVENTS", "--time", "when", "--dry-run"],
            "has no column “when”. Its columns are: user, item, time.",
        ),
        (["import", "LINES", "--time", "timestamp", "--dry-run"], "has no column “timestamp”."),
        (["import", "SESSIONS", "--time", "timestamp", "--dry-run"], "has no column “timestamp”."),
        (["import", "SESSIONS", "--rating", "stars"], "has no column “stars”."),
        (["import", "EVENTS", "--separator", "12345"], "cannot separate columns"),
        (["import", "EVENTS", "--name", "half \udcff"], "is not UTF-8"),
        (["export", "last", "--out", "out.pdf"], "An export cannot be written as “.pdf”."),
    ],
)
def test_wrong_use_is_told_in_a_sentence_with_exit_code_2(arguments, words: str, workspace: Path, tmp_path: Path):
    files = {name: tmp_path / f"{name.lower()}.txt" for name in ("EVENTS", "LINES", "SESSIONS")}
    files["EVENTS"].write_text("user,item,time\n" + "".join(f"u{n % 4},i{n % 3},{n}\n" for n in range(24)))
    files["LINES"].write_text("".join(f'{{"user": "u{n % 4}", "item": "i{n % 3}"}}\n' for n in range(24)))
    files["SESSIONS"].write_text("".join(f"u{n} a b c d\n" for n in range(9)))
    code, said = invoke(*(files.get(argument, argument) for argument in arguments), "--workspace", workspace)
    assert code == 2 and words in said.replace("\n", " "), said


def test_a_place_that_cannot_be_written_is_told_before_the_work(workspace: Path, tmp_path: Path):
    for out, words in ((tmp_path, "is a folder"), (tmp_path / "no" / "x.csv", "does not exist")):
        code, said = invoke("demo", "--headless", "--out", out, "--workspace", workspace)
        assert code == 1 and words in said and "Loading" not in said


def test_a_file_of_settings_is_read_if_it_is_one(paths: list[str], tmp_path: Path):
    for path in (path for path in paths[1:] if not path.endswith("kinds.json")):
        with pytest.raises(UsageError, match=r"settings|is no ordinary file|There is no file|could not be read"):
            given_settings(Path(path))
    good = tmp_path / "good.json"
    good.write_text('\ufeff{"hidden": 64}', encoding="utf-8")
    assert given_settings(good) == {"hidden": 64}


def test_pairs_are_taken_apart_at_the_first_sign():
    assert pairs_of(["kind=a=b", " title = x "]) == {"kind": "a=b", "title": "x"}
    assert settings_of(None) == {}


@pytest.mark.skipif(os.name != "posix", reason="names of files are bytes there")
def test_a_file_whose_name_is_not_utf8_gets_a_sentence(tmp_path: Path):
    path = tmp_path / os.fsdecode(b"b\xff.csv")
    path.write_text("user,item\na,b\n")
    code, said = invoke("import", path, "--workspace", tmp_path / "ws")
    assert code == 1 and "is not UTF-8. Rename it first." in said and r"b\xff.csv" in said


@pytest.mark.slow
@pytest.mark.parametrize("setting", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}])
def test_a_console_that_knows_few_letters_is_enough(setting: dict[str, str], workspace: Path):
    command = [sys.executable, "-m", "recdesk", "train", "naïve", "--json", "--workspace", str(workspace)]
    done = subprocess.run(command, capture_output=True, env={**os.environ, **setting})
    assert done.returncode == 2 and b"Traceback" not in done.stderr, done.stderr
    assert json.loads(done.stdout.decode())["error"] == "There is no dataset “naïve”."


def test_none_is_no_value_where_a_setting_can_have_none():
    assert settings_of(["dropout=none", "encoder=none", "minutes=none"]) == {
        "dropout": None,
        "encoder": "none",
        "minutes": None,
    }


def test_the_built_in_example_is_added_once(workspace: Path):
    given = ["example", "--language", "zh", "--workspace", str(workspace), "--json"]
    answers = [CliRunner().invoke(app, given) for _ in range(2)]
    names = [json.loads(answer.stdout)["dataset"] for answer in answers]
    assert names[0] == names[1]
    refused = CliRunner().invoke(app, ["example", "--language", "fr", "--workspace", str(workspace)])
    assert refused.exit_code == 2


def test_a_folder_whose_name_cannot_be_is_refused_with_a_sentence(workspace: Path, tmp_path: Path):
    line = ["split", "b", "--out", str(tmp_path / ("x" * 300)), "--workspace", str(workspace), "--json"]
    result = CliRunner().invoke(app, line)
    assert result.exit_code == 1 and "too long a path" in json.loads(result.stdout.splitlines()[-1])["error"]


def test_a_path_that_nobody_foresaw_gets_a_sentence_too(workspace: Path, monkeypatch):
    def fail(*_arguments: object) -> None:
        Path("y" * 300).exists()

    monkeypatch.setattr(Workspace, "run", fail)
    result = CliRunner().invoke(app, ["similar", "last", "i0", "--workspace", str(workspace), "--json"])
    assert result.exit_code == 1 and "too long a path" in json.loads(result.stdout.splitlines()[-1])["error"]
