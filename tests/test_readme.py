"""What README and the pages of docs/ say of the program's surface, compared with the program."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
from typer.main import get_command

from recdesk.__main__ import app, main
from recdesk.gui import preflight
from recdesk.workspace.folders import default_folder
from recdesk.workspace.marker import PARTS
from recdesk.workspace.processes import TEMPORARY

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(DOCS.glob("*.md"))}
ALONE = {name: (ROOT / f"{name}.md").read_text(encoding="utf-8") for name in ("README", "CONTRIBUTING", "CHANGELOG")}
README = ALONE["README"]
REPOSITORY = "https://github.com/recdesk/recdesk"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
COMMANDS = {name: command for name, command in get_command(app).commands.items() if not command.hidden}  # type: ignore[attr-defined]
ELSEWHERE = {"benchmarks", "deaths", "fuzz", "screenshots", "formats"}
"""Folders of tests that mirror no folder of the package."""


@pytest.fixture(scope="module")
def generate() -> ModuleType:
    """The script that makes pages from the code."""
    spec = importlib.util.spec_from_file_location("generate_docs", DOCS / "generate.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", list(sys.path))
        patch.setattr(sys, "dont_write_bytecode", True)
        spec.loader.exec_module(module)
    return module


def section(title: str, page: str = README) -> str:
    """The text under a heading."""
    return page.split(f"\n## {title}\n")[1].split("\n## ")[0]


def options_of(command: str) -> set[str]:
    """Every spelling of every option."""
    known: set[str] = set()
    for parameter in COMMANDS[command].params:
        known |= {*parameter.opts, *parameter.secondary_opts} if parameter.param_type_name == "option" else set()
    return known


def named_commands() -> dict[str, set[str]]:
    """Commands of the page of examples with the options that stand beside them, on their line or in its comment."""
    found: dict[str, set[str]] = {}
    command = ""
    for part in re.split(r"\brecdesk (?=[a-z])", PAGES["terminal"].split("```sh\n")[1].split("```")[0])[1:]:
        command = re.match(r"[a-z-]+", part)[0]  # type: ignore[index]
        found.setdefault(command, set()).update(re.findall(r"--[a-z][a-z0-9-]*", part))
    return found


# README


def test_readme_is_short_and_has_what_a_visitor_looks_for():
    assert len(README) <= 7000
    assert len(re.findall(r"^\| ", section("How good it is"), re.MULTILINE)) == 7  # a head and six rows
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)
    assert 1 <= len(pictures) <= 2 and all((ROOT / picture).is_file() for picture in pictures)
    assert {f"docs/{name}.md" for name in PAGES} - set(re.findall(r"\(([\w/.]+)", README)) == {"docs/index.md"}


def test_figures_of_readme_stand_in_the_benchmarks_with_how_they_are_made():
    figures = re.findall(r"(?<![\w.,-])(?:\d[\d,]*)?\.\d+|\d+,\d{3}", section("How good it is"))
    assert len(figures) > 15
    assert {figure for figure in figures if figure not in PAGES["benchmarks"]} == set()


def test_the_line_of_the_start_begins_the_program_that_is_installed():
    lines = re.findall(r"^(?:python3|py) -m venv .*$", section("Start"), re.MULTILINE)
    assert len(lines) == 2
    for line in lines:
        assert line.split("&& ")[-1].replace("\\", "/").split("/")[-1] == "recdesk demo"
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="recdesk")
    assert script.load() is main
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {"packages": ["recdesk"], "force-include": {"resources": "recdesk/resources"}}


# The pages


def test_pages_that_follow_from_the_code_are_what_the_code_makes(generate: ModuleType):
    made = generate.pages()
    assert set(made) == {"commands.md", "formats.md", "modules.md", "settings.md"}
    old = [name for name, text in made.items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert old == [], "run docs/generate.py"
    assert all(f"\n## {name}\n" in made["commands.md"] for name in COMMANDS)


def test_each_package_says_in_a_sentence_what_lives_there():
    for path in sorted((ROOT / "recdesk").rglob("__init__.py")):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        assert len(said.split()) > 4 and said.endswith("."), f"{path.relative_to(ROOT)}: {said!r}"


def anchors(page: str) -> set[str]:
    """Anchors of a page's headings."""
    titles = re.findall(r"^#+ (.+)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in titles}


@pytest.mark.parametrize("name", [*ALONE, *PAGES])
def test_every_link_leads_somewhere(name: str):
    folder, text = (ROOT, ALONE[name]) if name in ALONE else (DOCS, PAGES[name])
    links = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    for link in links:
        target, _, anchor = link.partition("#")
        if target.startswith(REPOSITORY):
            inside = re.fullmatch(r"(?:blob|tree)/main/(.+)", target.removeprefix(f"{REPOSITORY}/"))
            file = ROOT / inside[1] if inside else ROOT
        elif target.startswith("https://"):
            continue
        else:
            file = folder / target if target else folder / f"{name}.md"
            # a page of the site reaches nothing outside of it by a relative link
            assert folder == ROOT or DOCS in file.resolve().parents, link
        assert file.exists(), link
        assert not anchor or anchor in anchors(file.read_text(encoding="utf-8")), link


def test_every_path_that_the_pages_name_is_there():
    written = {name: text for name, text in {**PAGES, **ALONE}.items() if name != "modules"}
    named = {
        (name, path)
        for name, text in written.items()
        for path in re.findall(r"`((?:recdesk|tests|resources|docs|\.ci|\.github)/[\w./-]*)`", text)
    }
    assert len(named) > 40
    assert {(name, path) for name, path in named if not (ROOT / path).exists()} == set()
    files = {
        path.name for folder in ("recdesk", "resources", "tests", "docs") for path in (ROOT / folder).rglob("*.py")
    }
    bare = {(name, file) for name, text in written.items() for file in re.findall(r"`(\w+\.py)`", text)}
    assert {(name, file) for name, file in bare if file not in files} == set()


def test_examples_name_every_command_and_no_option_that_is_not_there():
    named = named_commands()
    assert set(named) == set(COMMANDS)
    assert sum(map(len, named.values())) > 45
    assert {name: options - options_of(name) for name, options in named.items() if options - options_of(name)} == {}


def test_every_command_takes_a_workspace_and_says_an_object():
    assert {name for name in COMMANDS if not {"--workspace", "--json"} <= options_of(name)} == set()


@pytest.mark.slow
def test_every_file_of_a_workspace_is_named(text_workspace: Path):
    tree = PAGES["workspace"].split("```")[1]
    assert {part for part in (*PARTS, TEMPORARY, "encoders") if f"{part}/" not in tree} == set()
    known = set(re.findall(r"[\w.-]*\w", tree))
    files = (path for path in text_workspace.rglob("*") if path.suffix != ".lock")
    paths = (path.relative_to(text_workspace).parts for path in files)
    free = {"cache", TEMPORARY, "logs", "trash"}  # whose content has names of its own
    named = [parts for parts in paths if parts[0] not in free and "encoder" not in parts[2:-1]]
    assert len(named) > 25
    # datasets/NAME and runs/ID are the person's
    assert {parts for parts in named if len(parts) != 2 and parts[-1] not in known} == set()


@pytest.mark.parametrize(
    ("system", "written"),
    [("linux", r"Linux `([^`]+)`"), ("darwin", r"macOS `([^`]+)`"), ("win32", r"Windows\s+`([^`]+)`")],
)
def test_data_lie_where_the_page_says_they_do(system: str, written: str, monkeypatch: pytest.MonkeyPatch):
    said = re.search(written, PAGES["workspace"])[1]  # type: ignore[index]
    if not sys.platform.startswith(system):
        pytest.skip(f"needs {system}")
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    folder = default_folder()
    assert folder.name == "recdesk"
    assert said.replace("\\", "/").endswith(folder.relative_to(folder.parents[1]).as_posix())
    assert Path.home() in folder.parents


def test_packages_for_a_bare_linux_are_those_that_the_program_asks_for():
    said = " ".join(PAGES["install"].split())
    debian = re.search(r"`sudo apt install ([^`]+)`", said)[1].split()  # type: ignore[index]
    fedora = re.search(r"`sudo dnf install ([^`]+)`", said)[1].split()  # type: ignore[index]
    asked = (preflight._ALWAYS | preflight._X11).values()
    assert set(debian) <= {package for package, _ in asked} and len(debian) == 5
    assert set(fedora) <= {package for _, package in asked} and len(fedora) == 5


def test_the_drawing_of_the_architecture_has_the_layers_and_only_their_arrows():
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    height = {name: level for level, layer in enumerate(layers) for name in layer.split(" | ")}
    drawing = PAGES["architecture"].split("```mermaid\n")[1].split("```")[0]
    plain = re.sub(r'\["[^"]*"\]', "", drawing).replace("main", "__main__")
    arrows = re.findall(r"(\w+) --> (\w+)", plain)
    assert {name for arrow in arrows for name in arrow} == set(height)
    assert [arrow for arrow in arrows if height[arrow[1]] != height[arrow[0]] + 1] == []
    packages = {path.parent.name for path in (ROOT / "recdesk").glob("*/__init__.py")}
    told = set(re.findall(r"\| `recdesk/(\w+)/` \|", PAGES["architecture"]))
    assert told == packages and packages < set(height)


def test_tests_mirror_the_package():
    folders = {path.relative_to(ROOT / "tests").parent for path in (ROOT / "tests").rglob("test_*.py")}
    mirrored = {path for path in folders if path.parts and path.parts[0] not in ELSEWHERE}
    assert {path for path in mirrored if not (ROOT / "recdesk" / path).is_dir()} == set()
    told = section("Rules", PAGES["architecture"]).split("* **Tests**")[1]
    assert set(re.findall(r"`(\w+)/`", told)) >= ELSEWHERE


# To develop


def test_tests_run_side_by_side_as_the_page_says():
    said = " ".join(PROJECT["tool"]["pytest"]["ini_options"]["addopts"])
    assert "-m not slow" in said and "-n 4 --dist loadfile" in said
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for step in (
        "constraints.txt",
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "mkdocs build --strict",
        "-m slow",
        "tests.fuzz",
    ):
        assert step in ci, step
    command = re.findall(r"<!-- test command -->\n```sh\n(python3 .*-m pytest)\n```", README)
    assert len(command) == 1 and command[0] in PAGES["develop"]
    elsewhere = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert "os: [windows-latest, macos-latest, ubuntu-latest]" in elsewhere and "demo --headless" in elsewhere


def test_what_the_page_says_to_run_is_there():
    said = PAGES["develop"]
    listed = said.split("Measurements, each with its own help:")[1].split("What they gave")[0]
    names = {name.split(".")[-1] for name in re.findall(r"`(?:python -m tests\.benchmarks)?\.(\w+)", listed)}
    names |= set(re.findall(r"`python tests/benchmarks/(\w+)\.py", said))  # called by its path
    runnable = {
        path.stem
        for path in (ROOT / "tests" / "benchmarks").glob("*.py")
        if 'if __name__ == "__main__"' in path.read_text()
    }
    assert names == runnable and len(names) == 27
    made = subprocess.run(
        [sys.executable, "-m", "tests.screenshots.make", "--help"], cwd=ROOT, capture_output=True, text=True
    ).stdout
    command = said.split("python -m tests.screenshots.make")[1].split("`")[0]
    assert {option for option in re.findall(r"--[a-z0-9]+", command) if option not in made} == set()


def test_the_package_has_a_licence_and_says_where_it_comes_from():
    about = PROJECT["project"]
    assert about["license"] == "Apache-2.0" and about["license-files"] == ["LICENSE"]
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "9. Accepting Warranty" in text and "END OF TERMS AND CONDITIONS" in text
    assert {"Homepage", "Documentation", "Source", "Issues", "Changelog"} <= set(about["urls"])
    assert all(url.startswith(REPOSITORY) for url in about["urls"].values())
    assert any(line.startswith("Programming Language :: Python") for line in about["classifiers"])
    assert not any(line.startswith("License ::") for line in about["classifiers"])  # the expression says it


def test_the_licence_of_everything_that_is_depended_on_is_named():
    about = PROJECT["project"]
    extras = [package for packages in about["optional-dependencies"].values() for package in packages]
    needed = {re.match(r"[\w.-]+", package)[0] for package in (*about["dependencies"], *extras)}  # type: ignore[index]
    listed = {
        name.strip() for row in re.findall(r"^\| ([^|]+) \|", PAGES["licences"], re.MULTILINE)
        for name in re.sub(r"\(.*?\)", "", row).split(",")
    }  # fmt: skip
    assert needed - {"recdesk"} - listed == set()
    assert "LGPL" in PAGES["licences"] and "LGPL" in README


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


@pytest.mark.slow
def test_nothing_leaves_the_machine(tmp_path: Path):
    """From a file to an export, texts read and an encoder trained: no address is asked for."""
    done = subprocess.run([sys.executable, "-c", OFFLINE, str(tmp_path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "[]"
