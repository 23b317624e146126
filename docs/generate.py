"""Write the pages that follow from the code: `python docs/generate.py`.

`formats.md` is made from the samples of `tests/formats`; `commands.md` from the commands' own declarations,
`settings.md` from those of a run's settings, `modules.md` from the first paragraph of each module's docstring. A test
compares the pages with what this makes.
"""

import ast
import inspect
import re
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import annotated_types
from pydantic.fields import FieldInfo
from typer.main import get_command

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
sys.path.insert(0, str(ROOT))

from recdesk.__main__ import app  # noqa: E402
from recdesk.training.config import KINDS, PRESETS  # noqa: E402
from tests.formats.log import make_log  # noqa: E402
from tests.formats.samples import FORMATS, Format  # noqa: E402

NOTE = "<!-- Made by docs/generate.py; change the declarations instead. -->"
COMMANDS = f"""# Commands

{NOTE}

`recdesk` alone opens the window. Every command takes `--workspace DIR` (the folder with datasets and runs; default: the
[per-user data folder](workspace.md)) and `--json` (one object on the last line, for scripts; all else goes to the
standard error). The exit code is 0 on success, 2 for wrong use, 1 for every other failure.
[By example](terminal.md) shows what they are for.
"""
FORMATS_PAGE = f"""# Formats that import unaided

{NOTE}

Drop the folder, or run `recdesk import FOLDER`: no column has to be named. For each of these `tests/formats/` writes a
small log in the format's published files and checks that people, items, their order, ratings and titles come out
right. `python -m tests.formats` shows the same.
"""
SETTINGS = f"""# Settings of a run

{NOTE}

Each is a row of the form on the Train page, a key of `--set key=value` and of a run's `config.json`. *Automatic* values
are chosen from data and machine when training starts.
"""
MODULES = f"""# Modules

{NOTE}

What stands where; [architecture](architecture.md) says how it fits together.
"""
IN_ALL = ("--workspace", "--json")
"""Options of every command, told once."""


def pages() -> dict[str, str]:
    """Text of every page that is made, by its file's name."""
    return {
        "commands.md": commands(),
        "settings.md": settings(),
        "modules.md": modules(),
        "formats.md": formats(),
    }


def commands() -> str:
    """Every command with its arguments and options."""
    lines = [COMMANDS]
    group: Any = get_command(app)
    for name in sorted(group.commands):
        lines += ["", f"## {name}", "", *_command(name, group.commands[name])]
    return _page(lines)


def settings() -> str:
    """Every setting of a run, with the models that have it."""
    lines = [SETTINGS]
    for preset, values in PRESETS.items():
        said = ", ".join(f"`{key}={value}`" for key, value in values.items()) or "the defaults below"
        lines.append(f"* Preset *{preset}*: {said}.")
    lines += ["", "| key | default | allowed | models | what it does |", "|---|---|---|---|---|"]
    for name, (field, kinds) in _fields():
        models = "all" if len(kinds) == len(KINDS) else ", ".join(f"`{kind}`" for kind in kinds)
        cells = (f"`{name}`", _default(field), _allowed(field), models, f"**{field.title}**. {field.description}")
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return _page(lines)


def modules() -> str:
    """Every module with what its docstring says first."""
    lines = [MODULES]
    for package in _packages():
        lines += ["", f"## {package.relative_to(ROOT).as_posix()}", "", _said(package / "__init__.py"), ""]
        files = sorted(path for path in package.glob("*.py") if path.name != "__init__.py")
        if files:
            lines += ["| module | |", "|---|---|", *(f"| `{path.name}` | {_cell(_said(path))} |" for path in files)]
    return _page(lines)


def formats() -> str:
    """Published formats, with what is read of each."""
    page = [FORMATS_PAGE]
    for field in dict.fromkeys(of.field for of in FORMATS):
        page += [
            "",
            f"## {field.capitalize()}",
            "",
            "| format | files and columns | besides people and items |",
            "|---|---|---|",
        ]
        page += [f"| {_cell(of.name)} | {_cell(of.holds)} | {_read_of(of)} |" for of in FORMATS if of.field == field]
    return _page(page)


def _read_of(of: Format) -> str:
    """What is read of a format's sample besides people and items."""
    with tempfile.TemporaryDirectory() as folder:
        right = of.write(Path(folder), make_log())
    if right.refused:
        return "refused, with the reason"
    read = {"times": right.times, "ratings": right.ratings, "titles": right.titles}
    return ", ".join(name for name, there in read.items() if there) or "the order of the file"


def _command(name: str, command: Any) -> Iterator[str]:
    yield inspect.cleandoc(command.help or "")
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option" and each.opts[0] not in IN_ALL]
    usage = " ".join(f"{each.name.upper()}{'…' if each.nargs == -1 else ''}" for each in arguments)
    yield from ("", "```text", " ".join(f"recdesk {name} {usage} [options]".split()), "```", "")
    if arguments:
        yield from ("| argument | |", "|---|---|")
        yield from (f"| `{each.name.upper()}` | {_cell(each.help or '')} |" for each in arguments)
        yield ""
    if options:
        yield from ("| option | default | |", "|---|---|---|")
    for option in options:
        spelt = ", ".join(f"`{text}`" for text in (*option.opts, *option.secondary_opts))
        cells = (spelt, _shown(option), option.help or "")
        yield f"| {' | '.join(map(_cell, cells))} |"
    yield ""


def _shown(option: Any) -> str:
    if option.is_flag or option.default in (None, "", []) or callable(option.default):
        return ""
    return f"`{option.default}`"


def _fields() -> Iterable[tuple[str, tuple[FieldInfo, list[str]]]]:
    """Settings by name, each way of declaring one with the models that have it."""
    found: dict[tuple[str, str], tuple[FieldInfo, list[str]]] = {}
    for kind, config in KINDS.items():
        for name, field in config.model_fields.items():
            if name != "kind":
                found.setdefault((name, repr(field)), (field, []))[1].append(kind)
    names = list(dict.fromkeys(name for name, _ in found))
    return sorted(((name, each) for (name, _), each in found.items()), key=lambda entry: names.index(entry[0]))


def _default(field: FieldInfo) -> str:
    extra = field.json_schema_extra
    if isinstance(extra, dict) and extra.get("automatic") and field.default in (None, ""):
        return "automatic"
    return "none" if field.default is None else f"`{field.default}`" if field.default != "" else "empty"


def _allowed(field: FieldInfo) -> str:
    choices = getattr(field.annotation, "__args__", ())
    if choices and all(isinstance(choice, str) for choice in choices):
        return ", ".join(f"`{choice}`" for choice in choices)
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    bounds = []
    for limit in field.metadata:
        for key, sign in signs.items():
            if hasattr(limit, key):
                bounds.append(f"{sign} {getattr(limit, key):,}")
        if isinstance(limit, annotated_types.MultipleOf):
            bounds.append(f"a multiple of {limit.multiple_of}")
    return ", ".join(bounds)


def _packages() -> list[Path]:
    """Folders of the packages, the layers from the lowest up, a package before those in it."""
    package = ROOT / "recdesk"
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(contract["layers"] for contract in contracts["contracts"] if contract["type"] == "layers")
    order = ["", *(name for layer in reversed(layers) for name in re.findall(r"\w+", layer))]
    found = [path.parent.relative_to(package).parts for path in package.rglob("__init__.py")]
    return [package.joinpath(*parts) for parts in sorted(found, key=lambda p: (order.index("".join(p[:1])), p))]


def _said(path: Path) -> str:
    """The first paragraph of a module's docstring, in one line."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(said.split("\n\n")[0].split())


def _page(lines: Iterable[str]) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    for file_name, page in pages().items():
        (FOLDER / file_name).write_text(page, encoding="utf-8")
