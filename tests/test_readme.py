"""What README says of the program's surface, compared with the program."""

import importlib.metadata
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from typer.main import get_command

from recdesk.__main__ import main
from recdesk.cli.app import app
from recdesk.gui import preflight
from recdesk.workspace.folders import default_folder
from recdesk.workspace.marker import PARTS
from recdesk.workspace.presence import TEMPORARY

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
ELSEWHERE = {"benchmarks", "deaths", "fuzz", "screenshots"}
"""Folders of tests that mirror no folder of the package."""


def section(title: str) -> str:
    """The text under a heading."""
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


def options_of(command: str) -> set[str]:
    """Every spelling of every option."""
    known: set[str] = set()
    for parameter in COMMANDS[command].params:
        known |= {*parameter.opts, *parameter.secondary_opts} if parameter.param_type_name == "option" else set()
    return known


def named_commands() -> dict[str, set[str]]:
    """Commands of “Without the window” with the options that stand beside them, on their line or in its comment."""
    found: dict[str, set[str]] = {}
    command = ""
    for part in re.split(r"\brecdesk (?=[a-z])", section("Without the window").split("```sh\n")[1].split("```")[0])[1:]:
        command = re.match(r"[a-z-]+", part)[0]  # type: ignore[index]
        found.setdefault(command, set()).update(re.findall(r"--[a-z][a-z-]*", part))
    return found


def test_readme_names_every_command_and_no_option_that_is_not_there():
    named = named_commands()
    assert set(named) == set(COMMANDS)
    assert sum(map(len, named.values())) > 45
    assert {name: options - options_of(name) for name, options in named.items() if options - options_of(name)} == {}


def test_every_command_takes_a_workspace_and_says_an_object():
    assert {name for name in COMMANDS if not {"--workspace", "--json"} <= options_of(name)} == set()


def test_every_file_of_a_workspace_is_named_in_readme(text_workspace: Path):
    tree = section("Where files are kept").split("```")[1]
    assert {part for part in (*PARTS, TEMPORARY, "encoders") if f"{part}/" not in tree} == set()
    known = set(re.findall(r"[\w.-]*\w", tree))
    files = (path for path in text_workspace.rglob("*") if path.suffix != ".lock")
    places = (path.relative_to(text_workspace).parts for path in files)
    free = {"cache", TEMPORARY, "logs", "trash"}  # whose content has names of its own
    named = [parts for parts in places if parts[0] not in free and "encoder" not in parts[2:-1]]
    assert len(named) > 25
    # datasets/NAME and runs/ID are the person's
    assert {parts for parts in named if len(parts) != 2 and parts[-1] not in known} == set()


def test_the_table_of_the_architecture_names_every_module_outside_the_window():
    table = section("Architecture").split("How a run goes")[0]
    named = {Path(name).name for name in re.findall(r"`((?:recdesk/)?\w+\.py)`", table)}
    modules = {path.name: path.relative_to(ROOT) for path in (ROOT / "recdesk").rglob("*.py")}
    assert named - set(modules) == set()
    assert {
        str(path) for name, path in modules.items() if name not in named | {"__init__.py"} and "gui" not in path.parts
    } == set()


def test_packages_for_a_bare_linux_are_those_that_the_program_asks_for():
    said = " ".join(section("Start").split())
    debian = re.search(r"`sudo apt install ([^`]+)`", said)[1].split()  # type: ignore[index]
    fedora = re.search(r"`sudo dnf install ([^`]+)`", said)[1].split()  # type: ignore[index]
    asked = (preflight._ALWAYS | preflight._X11).values()
    assert set(debian) <= {package for package, _ in asked} and len(debian) == 5
    assert set(fedora) <= {package for _, package in asked} and len(fedora) == 5


@pytest.mark.parametrize(
    ("system", "written"),
    [("linux", r"Linux `([^`]+)`"), ("darwin", r"macOS `([^`]+)`"), ("win32", r"Windows\s+`([^`]+)`")],
)
def test_data_lie_where_readme_says_they_do(system: str, written: str, monkeypatch: pytest.MonkeyPatch):
    said = re.search(written, section("Where files are kept"))[1]  # type: ignore[index]
    if not sys.platform.startswith(system):
        pytest.skip(f"needs {system}")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    place = default_folder()
    assert place.name == "recdesk"
    assert said.replace("\\", "/").endswith(place.relative_to(place.parents[1]).as_posix())
    assert Path.home() in place.parents


def test_the_line_of_the_start_begins_the_program_that_is_installed():
    for line in re.findall(r"^(?:python3|py) -m venv .*$", section("Start"), re.MULTILINE):
        assert line.split("&& ")[-1].replace("\\", "/").split("/")[-1] == "recdesk demo"
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="recdesk")
    assert script.load() is main
    built = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert built["targets"]["wheel"] == {"packages": ["recdesk"], "force-include": {"resources": "recdesk/resources"}}


def test_tests_run_side_by_side_as_readme_says():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["pytest"]["ini_options"]
    said = " ".join(settings["addopts"])
    assert "-m not slow" in said and "-n logical --maxprocesses 4 --dist loadfile" in said
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for step in (
        "constraints.txt",
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "-m slow",
        "tests.fuzz",
    ):
        assert step in ci, step
    assert len(re.findall(r"<!-- test command -->\n```sh\npython3 .*-m pytest\n```", README)) == 1
    elsewhere = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "os: [windows-latest, macos-latest, ubuntu-latest]" in elsewhere and "demo --headless" in elsewhere


def test_what_readme_says_to_run_or_shows_is_there():
    said = section("Develop")
    listed = said.split("Measurements:")[1].split("\n* ")[0]
    names = {name.split(".")[-1] for name in re.findall(r"`(?:python -m tests\.benchmarks)?\.(\w+)", listed)}
    runnable = {
        path.stem
        for path in (ROOT / "tests" / "benchmarks").glob("*.py")
        if 'if __name__ == "__main__"' in path.read_text()
    }
    assert names == runnable and len(names) == 12
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert len(pictures) == 3 and all((ROOT / picture).is_file() for picture in pictures)
    made = subprocess.run(
        [sys.executable, "-m", "tests.screenshots.make", "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    command = said.split("python -m tests.screenshots.make")[1].split("`")[0]
    assert {option for option in re.findall(r"--[a-z]+", command) if option not in made} == set()


def test_tests_mirror_the_package():
    folders = {path.relative_to(ROOT / "tests").parent for path in (ROOT / "tests").rglob("test_*.py")}
    mirrored = {path for path in folders if path.parts and path.parts[0] not in ELSEWHERE}
    assert {path for path in mirrored if not (ROOT / "recdesk" / path).is_dir()} == set()
    row = section("Architecture").split("| `tests/` |")[1].split("\n")[0]
    assert set(re.findall(r"`(\w+)/`", row)) >= ELSEWHERE


OFFLINE = """
import sys
asked = []
def hook(event, arguments):
    if event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        asked.append((event, arguments[1]))
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        asked.append((event, arguments[0]))
sys.addaudithook(hook)
from pathlib import Path
from typer.testing import CliRunner
from recdesk.__main__ import app
events, to = Path(sys.argv[1]) / "events.csv", ["--workspace", str(Path(sys.argv[1]) / "ws")]
events.write_text("user,item,title\\n" + "".join(f"u{n % 9},i{n % 7},Book no {n % 7}\\n" for n in range(90)))
small = "hidden=8 layers=1 heads=1 max_length=10 encoder=scratch encoder_steps=2 text_tokens=8".split()
for line in (
    ["import", str(events), "--name", "b"],
    ["train", "b", "--model", "hybrid", "--epochs", "1", *(word for pair in small for word in ("--set", pair))],
    ["recommend", "last", "--user", "u1"],
    ["search", "last", "a book"],
    ["export", "last", "--out", str(events.with_name("out.csv"))],
    ["encoder"],
    ["kept"],
):
    done = CliRunner().invoke(app, [*line, *to])
    assert done.exit_code == 0, (line, done.output, done.exception)
print(asked)
"""


def test_nothing_leaves_the_machine(tmp_path: Path):
    """From a file to an export, texts read and an encoder trained: no address is asked for."""
    done = subprocess.run([sys.executable, "-c", OFFLINE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
