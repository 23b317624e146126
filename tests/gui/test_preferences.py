from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from recdesk.gui.preferences import Preferences


@pytest.fixture
def settings_file(tmp_path: Path, qapp) -> Path:
    return tmp_path / "settings.ini"


def again(preferences: Preferences, settings_file: Path) -> Preferences:
    """What the next start finds."""
    preferences.sync()
    return Preferences(settings_file)


def test_a_first_start_finds_the_usual(settings_file: Path):
    fresh = Preferences(settings_file)
    assert (fresh.theme, fresh.language, fresh.workspace, fresh.last_page) == ("system", "system", None, "data")
    assert fresh.recent_imports == []
    assert fresh.state("geometry").isEmpty()
    assert fresh.last_choice("run", Path("anywhere")) == ""


def test_choices_come_back_at_the_next_start(settings_file: Path):
    preferences = Preferences(settings_file)
    preferences.theme, preferences.language, preferences.last_page = "dark", "zh_CN", "runs"
    preferences.set_state("geometry", QByteArray(bytes(range(256))))
    found = again(preferences, settings_file)
    assert (found.theme, found.language, found.last_page) == ("dark", "zh_CN", "runs")
    assert found.state("geometry") == QByteArray(bytes(range(256)))


@pytest.mark.parametrize(
    "name", ["plain", "with, comma", "with 100 % and = and ;", "数据", "a\\b", "'quoted' \"twice\""]
)
def test_a_workspace_of_any_name_comes_back(name: str, settings_file: Path, tmp_path: Path):
    preferences = Preferences(settings_file)
    preferences.workspace = tmp_path / name
    found = again(preferences, settings_file)
    assert found.workspace == tmp_path / name
    found.workspace = None
    assert again(found, settings_file).workspace is None


@pytest.mark.parametrize("shortcut", ["Ctrl+,", "Ctrl+;", "Ctrl+=", "Ctrl+%", "Ctrl+\\", "Ctrl+Shift+F5", "", 'Ctrl+"'])
def test_a_shortcut_of_any_keys_comes_back(shortcut: str, settings_file: Path):
    preferences = Preferences(settings_file)
    preferences.set_shortcut("data.open", shortcut, default="Ctrl+O")
    assert again(preferences, settings_file).shortcut("data.open", "Ctrl+O") == shortcut


def test_what_is_chosen_is_remembered_for_each_workspace(settings_file: Path, tmp_path: Path):
    preferences = Preferences(settings_file)
    preferences.set_last_choice("run", tmp_path / "a", "run-1")
    preferences.set_last_choice("run", tmp_path / "b", "run-2")
    preferences.set_last_choice("dataset", tmp_path / "a", "数据, one")
    found = again(preferences, settings_file)
    assert found.last_choice("run", tmp_path / "a") == "run-1"
    assert found.last_choice("run", tmp_path / "b") == "run-2"
    assert found.last_choice("dataset", tmp_path / "a") == "数据, one"
    assert found.last_choice("dataset", tmp_path / "b") == ""
    found.set_last_choice("run", tmp_path / "a", None)
    assert again(found, settings_file).last_choice("run", tmp_path / "a") == ""


def test_recent_files_are_the_last_eight_newest_first_each_once(settings_file: Path, tmp_path: Path):
    preferences = Preferences(settings_file)
    files = [tmp_path / f"{number}, data.csv" for number in range(10)]
    for file in files:
        file.touch()
        preferences.add_recent_import(file)
    preferences.add_recent_import(files[5])
    found = again(preferences, settings_file).recent_imports
    assert [paths[0].name[0] for paths in found] == list("59876432")
    assert all(len(paths) == 1 for paths in found)


def test_files_imported_together_stay_together(settings_file: Path, tmp_path: Path):
    ratings, items = tmp_path / "ratings.csv", tmp_path / "items.csv"
    ratings.touch()
    items.touch()
    preferences = Preferences(settings_file)
    preferences.add_recent_import(ratings, items)
    assert again(preferences, settings_file).recent_imports == [(ratings, items)]


@pytest.mark.parametrize(
    "line",
    [
        "theme=purple",
        "theme=a, b",
        "language=klingon",
        "last_page=@Invalid()",
        "recent_imports=rubbish",
        "recent_imports=[1, 2]",
        'recent_imports="{\\"a\\": 1}"',
        "workspace=",
        "rubbish",
    ],
)
def test_a_file_that_makes_no_sense_is_as_good_as_none(line: str, settings_file: Path):
    settings_file.write_text(f"[General]\n{line}\n", encoding="utf-8")
    found = Preferences(settings_file)
    assert (found.theme, found.language, found.workspace, found.last_page) == ("system", "system", None, "data")
    assert found.recent_imports == []


def test_a_state_that_is_no_state_is_none(settings_file: Path):
    settings_file.write_text("[state]\ngeometry=hello\n", encoding="utf-8")
    assert Preferences(settings_file).state("geometry").isEmpty()


def test_the_environment_names_the_file(settings_file: Path, monkeypatch):
    monkeypatch.setenv("RECDESK_SETTINGS", str(settings_file))
    preferences = Preferences()
    preferences.theme = "dark"
    preferences.sync()
    assert "dark" in settings_file.read_text(encoding="utf-8")
