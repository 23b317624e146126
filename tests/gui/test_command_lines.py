import shlex
from pathlib import Path

import pytest

from recdesk.cli.options import settings_of
from recdesk.gui.command_lines import export_words, line, recommend_words, train_words, tune_words
from recdesk.gui.session_script import SessionScript
from recdesk.training.config import KINDS, make_config


@pytest.mark.parametrize("kind", KINDS)
def test_the_settings_of_a_run_come_back_from_its_command(kind):
    config = make_config(kind, preset="Quick look", patience=3, seed=7, dropout=0.25)
    words = train_words("my data", config, "time")
    assert words[:4] == ["train", "my data", "--model", kind]
    pairs = [words[at + 1] for at, word in enumerate(words) if word == "--set"]
    assert make_config(kind, **settings_of(pairs)) == config
    assert words[-2:] == ["--split", "time"]


def test_a_setting_without_a_value_comes_back_too():
    config = make_config("bert4rec").model_copy(update={"dropout": None})
    words = train_words("d", config, "leave-one-out")
    assert words == ["train", "d", "--model", "bert4rec", "--set", "dropout=none"]
    assert make_config("bert4rec", **settings_of(["dropout=none"])) == config


def test_usual_settings_are_not_said():
    assert train_words("d", make_config(), "leave-one-out") == ["train", "d", "--model", "bert-causal"]
    assert tune_words("d", make_config(), "leave-one-out", 30.0)[:4] == ["tune", "d", "--minutes", "30"]


def test_lines_are_for_a_shell():
    words = recommend_words("run-1", "o'neill; rm", "", 10)
    assert shlex.split(line(words, Path("/a b"))) == ["recdesk", *words, "--workspace", "/a b"]


def test_the_script_knows_the_run_that_it_trained_as_the_last_one(qtbot):
    script = SessionScript(Path("/home/ada/my work"))
    with qtbot.waitSignal(script.changed):
        script.add(["train", "d"], run="run-1")
    script.add(export_words("run-1", Path("out.csv"), 10, raw_ids=False))
    script.add(export_words("run-0", Path("old.csv"), 10, raw_ids=False))
    script.add_note("An item was added.")
    lines = script.text().splitlines()
    assert lines[0] == "#!/bin/sh"
    assert "WORKSPACE=${1:-'/home/ada/my work'}" in lines
    commands = [shlex.split(entry)[:3] for entry in lines if entry.startswith("recdesk")]
    assert commands == [["recdesk", "train", "d"], ["recdesk", "export", "last"], ["recdesk", "export", "run-0"]]
    assert lines[-1].endswith("An item was added.")
