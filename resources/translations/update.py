"""Bring the translations up to date with the program: `python resources/translations/update.py [--clean]`.

lupdate gathers what the window says into the .ts files, lrelease compiles them to .qm; both come with PySide6. What
is translated stays, what is new is unfinished until Qt Linguist (or an editor) fills it, and what has only moved to
another class takes its translation along. What the program no longer says is kept as vanished; `--clean` drops it.

Four kinds of text stand where lupdate does not look, and are handed to it: the messages of the core (context
"Core"), titles and descriptions of the settings (context "Config") and of the rules of cleaning (context "RulesForm"),
and what goes through a function that calls
`translate` with its own argument (`_tr` in `words`).

English has a file too, of plural forms only: without one, Qt would speak Chinese to a person whose system lists English
first and Chinese second.
"""

import argparse
import ast
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
LANGUAGES = {"zh_CN": [], "en": ["-pluralonly"]}
"""Languages, and what lupdate is told for each."""


def main() -> int:
    """Gather, compile, and say what is left to do."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clean", action="store_true", help="drop what the program no longer says")
    clean = parser.parse_args().clean
    if not sources():
        print("This works in a checkout of recdesk only.", file=sys.stderr)
        return 2
    left = 0
    for language in LANGUAGES:
        ts = FOLDER / f"recdesk_{language}.ts"
        gather(ts, language, clean)
        release(ts, ts.with_suffix(".qm"))
        unfinished = [m for _, m in active(ts) if not is_finished(m)]
        left += len(unfinished)
        print(f"{ts.name}: {len(active(ts))} texts, {len(unfinished)} unfinished")
        for message in unfinished:
            print(f"  {message.findtext('source')}")
    for fault in faults():
        print(f"Cannot be translated: {fault}", file=sys.stderr)
    return 1 if left else 0


def sources() -> list[Path]:
    """The modules that speak to the person."""
    return sorted((ROOT / "recdesk" / "gui").rglob("*.py"))


def gather(ts: Path, language: str, clean: bool = False) -> None:
    """Put every text of the program into a .ts file, made if need be."""
    with tempfile.TemporaryDirectory() as place:
        handed = Path(place) / "handed.py"
        handed.write_text(_handed(), encoding="utf-8")
        files = [*(str(path.relative_to(ROOT)) for path in sources()), str(handed)]
        options = ["-locations", "none", "-source-language", "en", "-target-language", language, *LANGUAGES[language]]
        options += ["-disable-heuristic", "similartext"]
        update = [tool("lupdate"), "-silent", *files, *options, "-ts", str(ts)]
        _run(update)
        if _keep_moved(ts) or clean:
            _run(update + (["-no-obsolete"] if clean else []))


def release(ts: Path, qm: Path) -> None:
    """Compile a .ts file; what is unfinished stays English."""
    _run([tool("lrelease"), "-silent", "-nounfinished", str(ts), "-qm", str(qm)])


def tool(name: str) -> str:
    """The path of lupdate or lrelease as PySide6 installs it.

    Raises:
        FileNotFoundError: it is not installed.
    """
    for place in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent), None):
        found = shutil.which(f"pyside6-{name}", path=place)
        if found:
            return found
    raise FileNotFoundError(f"pyside6-{name} is not installed; it comes with PySide6-Essentials.")


def active(ts: Path) -> list[tuple[str, ET.Element]]:
    """The messages of a .ts file that the program still says, each with its context."""
    contexts = ET.parse(ts).getroot().iter("context")
    return [(str(c.findtext("name")), m) for c in contexts for m in c.iter("message") if not _is_gone(m)]


def is_finished(message: ET.Element) -> bool:
    """There is a translation (of every plural form), and nobody doubts it."""
    translation = message.find("translation")
    return translation is not None and translation.get("type") is None and all(texts(message))


def texts(message: ET.Element) -> list[str]:
    """The translation of a message: one text, or one for each plural form."""
    translation = message.find("translation")
    if translation is None:
        return [""]
    return [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]


def config_texts() -> list[str]:
    """Titles, descriptions and groups of every setting of every kind of model."""
    sys.path.insert(0, str(ROOT))
    from recdesk.training.config import KINDS

    found: dict[str, None] = {}
    for kind in KINDS.values():
        for name, field in kind.model_fields.items():
            extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
            if name != "kind":
                found |= dict.fromkeys((field.title or name, field.description, extra.get("group")))
    return [text for text in found if text]


def rule_texts() -> list[str]:
    """Titles, tips, captions and choices of every rule of cleaning, and of the parts of a dialect that have a row."""
    sys.path.insert(0, str(ROOT))
    from recdesk.data.cleaning.rules import Rules
    from recdesk.data.declaration import declarations
    from recdesk.data.files.dialect import Dialect

    rows = [field for field in declarations(Dialect).values() if field.title]
    found: dict[str, None] = dict.fromkeys(text for field in rows for text in (field.title, field.tip or field.help))
    for rule in Rules.declared().values():
        found |= dict.fromkeys((rule.title, rule.tip, rule.caption, *rule.choices.values()))
    return [text for text in found if text]


def core_texts() -> list[str]:
    """What translators see of the messages of the core."""
    sys.path.insert(0, str(ROOT))
    from recdesk.core.messages import catalogue, source

    return list(dict.fromkeys(map(source, catalogue())))


def handed_texts(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Calls of the module's own functions that pass their first argument on to `translate`, with the context."""
    for name, (context, _) in _wrappers(tree).items():
        for call in _calls(tree, name):
            if call.args and _literal(call.args[0]) is not None:
                yield context, call


def faults() -> list[str]:
    """Calls that lupdate cannot read or whose translation Qt would not find, by file and line."""
    found = []
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        passing_on = [call for _, calls in _wrappers(tree).values() for call in calls]
        for call in sorted([*_calls(tree, "tr"), *_calls(tree, "translate")], key=lambda call: call.lineno):
            where = f"{path.relative_to(ROOT).as_posix()}:{call.lineno}"
            is_tr = _name(call.func) == "tr"
            if call in passing_on or path == ROOT / "recdesk" / "gui" / "messages.py":  # its texts are handed over
                continue
            if any(_literal(part) is None for part in call.args[: 1 if is_tr else 2]):
                found.append(f"{where}: a text that is no literal")
            elif is_tr and not (isinstance(call.func, ast.Attribute) and _is_name(call.func.value, "self")):
                found.append(f"{where}: tr() of something else than self looks in that object's class: use translate()")
    return found


def _handed() -> str:
    """A module in a form that lupdate reads, with the texts that it would not find."""
    lines = [f'translate("Config", {text!r})' for text in config_texts()]
    lines += [f'translate("Core", {text!r})' for text in core_texts()]
    lines += [f'translate("RulesForm", {text!r})' for text in rule_texts()]
    for path in sources():
        for context, call in handed_texts(ast.parse(path.read_text(encoding="utf-8"))):
            plural = ', "", 1' if len(call.args) > 1 else ""
            lines.append(f"translate({context!r}, {_literal(call.args[0])!r}{plural})")
    return "\n".join(lines) + "\n"


def _keep_moved(ts: Path) -> bool:
    """Give new messages the translation of a vanished one with the same text; True if there was one."""
    document = ET.parse(ts)
    messages = list(document.getroot().iter("message"))
    memory: dict[str | None, set[str]] = {}
    for message in messages:
        if _is_gone(message) and message.get("numerus") is None and all(texts(message)):
            memory.setdefault(message.findtext("source"), set()).add(texts(message)[0])
    moved = False
    for message in messages:
        known, translation = memory.get(message.findtext("source"), set()), message.find("translation")
        if len(known) == 1 and translation is not None and translation.get("type") == "unfinished":
            translation.text, moved = next(iter(known)), True
            del translation.attrib["type"]
    if moved:
        text = ET.tostring(document.getroot(), encoding="unicode")
        ts.write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{text}\n', encoding="utf-8")
    return moved


def _is_gone(message: ET.Element) -> bool:
    translation = message.find("translation")
    return translation is not None and translation.get("type") in ("vanished", "obsolete")


def _wrappers(tree: ast.AST) -> dict[str, tuple[str, list[ast.Call]]]:
    """Functions that pass their first argument on to `translate`: the context and those calls, by name."""
    found: dict[str, tuple[str, list[ast.Call]]] = {}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.args.args:
            first = function.args.args[0].arg
            calls = [c for c in _calls(function, "translate") if len(c.args) > 1 and _is_name(c.args[1], first)]
            context = _literal(calls[0].args[0]) if calls else None
            if context is not None:
                found[function.name] = context, calls
    return found


def _calls(tree: ast.AST, name: str) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node.func) == name]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _run(command: list[str]) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


if __name__ == "__main__":
    sys.exit(main())
