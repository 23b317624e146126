"""What the commands print, whatever stands in the data."""

import io
import json
import sys
from pathlib import Path

import pytest
from rich.progress import Progress
from rich.table import Table
from typer.testing import CliRunner

from recdesk.cli.app import app, speaking
from recdesk.cli.console import Output, Words, bar
from recdesk.cli.printing import UNPRINTABLE, exact_json, printable, use_any_console
from recdesk.cli.progress import event_progress
from recdesk.core.errors import RecdeskError
from recdesk.monitor.events import StageStarted, Warned

ATTACKS = {
    "colour": "\x1b[31mred\x1b[0m",
    "clear": "\x1b[2J\x1b[H",
    "link": "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07",
    "title": "\x1b]0;owned\x07",
    "answer": "\x05\x1b[c\x1b[6n",
    "eight bits": "\x9b31mred\x9d0;owned\x9c\x85",
    "direction": "a\u202egnp.exe\u202c \u2066x\u2069",
    "lines": "a\r\nWrote 1,000 rows\tb\x0b\x0c\u2028c",
    "markup": "[bold red]x[/bold red] [link=http://evil.example]y[/link]",
    "emoji": ":bomb: :smile:",
    "surrogate": "half \udcff \ud83d",
    "delete": "a\x08\x7fb\x00",
}
every = pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS.keys())


@pytest.fixture(params=[False, True], ids=["file", "terminal"])
def output(request, monkeypatch) -> Output:
    """An output whose standard output is a text or says that it is a terminal."""
    if request.param:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
    return Output(as_json=False)


def harmless(printed: str) -> str:
    """What was printed, if there is nothing in it that steers a terminal."""
    assert not UNPRINTABLE.search(printed.replace("\n", "")), repr(printed)
    return printed


@every
def test_a_line_is_one_line_that_steers_nothing(text: str, output: Output, capsys):
    output.say(f"“{text}” is here.")
    printed = harmless(capsys.readouterr().out)
    assert printed == f"“{printable(text)}” is here.\n"


@every
def test_cells_and_headers_of_a_table_are_shown_as_they_are(text: str, capsys):
    output = Output(as_json=False)
    output.console.width = 500
    table = Table("item", text, box=None)
    table.add_row("1", f"{text}2")
    output.console.print(table)
    lines = harmless(capsys.readouterr().out).splitlines()
    assert len(lines) == 2 and printable(text) in lines[0] and f"{printable(text)}2" in lines[1]


@every
def test_errors_and_notes_steer_nothing(text: str, capsys):
    with pytest.raises(Exception), speaking(as_json=False) as output:  # noqa: B017  typer's way to end
        output.note(f"of {text}")
        raise RecdeskError(f"No “{text}”.", f"Try {text}.")
    shown = printable(text)
    assert harmless(capsys.readouterr().err).splitlines() == [
        f"Note: of {shown}",
        f"recdesk: No “{shown}”. Try {shown}.",
    ]


@every
def test_what_a_run_says_steers_nothing_either(text: str, capsys):
    output = Output(as_json=False)
    with event_progress(output, []) as show_event, bar(output) as advance:
        show_event(StageStarted(stage="data", note=f"Loading “{text}”."))
        show_event(Warned(sentence=text))
        advance(0.5, text)
    printed = harmless(capsys.readouterr().out)
    assert f"Loading “{printable(text)}”." in printed and f"Note: {printable(text)}" in printed


@every
def test_a_progress_bar_shows_text_as_it_is(text: str, capsys):
    console = Output(as_json=False).console
    console.width = 300
    progress = Progress(Words("{task.description}"), console=console)
    progress.add_task(text)
    console.print(progress.get_renderable())
    assert harmless(capsys.readouterr().out).rstrip() == printable(text)


@every
def test_json_says_exactly_what_is_in_the_data_and_steers_nothing(text: str):
    made = exact_json({"title": text, text: ["é", "名"]})
    assert json.loads(made) == {"title": text, text: ["é", "名"]}
    assert not UNPRINTABLE.search(made) and "é" in made


def test_scripts_of_all_kinds_are_left_alone():
    for text in ("名前", "naïve", "עברית", "العربية", "👩‍👩‍👧", "ไทย", "Ωmega – “quoted” …"):
        assert printable(text) == text


def test_commands_show_hostile_data_as_text(tmp_path: Path):
    """A name, ids that are not there, a rejected value, a file's name."""
    events, options = tmp_path / "[bold]\x1b[31m.csv", ["--workspace", str(tmp_path / "ws")]
    texts = [
        "".join(letter for letter in text if (letter.isprintable() and letter != ",") or letter in "\x1b\x9b\u202e\x07")
        for text in ATTACKS.values()
    ]
    rows = [f"{text}{user},{text}{item},{10 * user + item}" for text in texts for user in range(2) for item in range(3)]
    events.write_text("user,item,time\n" + "\n".join(rows) + "\nu,i,\x1b[31m:bomb:\u202e\n", encoding="utf-8")
    for command in (
        ["import", str(events), "--dry-run"],
        ["import", str(events), "--name", "\x1b[2Jshop"],
        ["datasets"],
        ["health", "\x1b[2Jshop"],
        ["train", "\x9b2Jno"],
        ["recommend", "\x1b[2J", "--user", "\u202e"],
    ):
        result = CliRunner().invoke(app, [*command, *options])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        printed = harmless(result.stdout + result.stderr)
        if "--dry-run" in command:
            assert "␛[31m:bomb:‹U+202E›" in printed


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_console_that_lacks_a_character_shows_its_number(encoding: str, monkeypatch):
    console = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", console)
    use_any_console()
    Output(as_json=False).say("“naïve” 👩 – \udcff")
    Output(as_json=True).result({"title": "“👩”"})
    console.flush()
    raw = console.buffer.getvalue().decode(encoding)
    assert "\\U0001f469" in raw and "\\xff" in raw


@every
@pytest.mark.parametrize("line", [["transfer", "a", "b"], ["runs", "--"], ["recommend", "a", "--top"], []])
def test_what_was_written_wrongly_is_named_without_its_control_characters(line: list[str], text: str):
    result = CliRunner().invoke(app, [*line, text])
    assert result.exit_code == 2
    shown = (result.stdout + result.stderr).replace("\n", "")
    assert not set(shown) & set("\x1b\x07\x9b\x9d\u202e\u202c\u2066\u2028\r\x08\x7f")
