import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

import recdesk
from recdesk.gui.core_words import TEMPLATES, core

CORE = Path(recdesk.__file__).parent


TELLING = {
    "RecdeskError",
    "UsageError",
    "DataError",
    "MisfitError",
    "StorageError",
    "Failed",
    "Warned",
    "StageStarted",
    "warn",
}
"""What is made of a sentence, or called with one, so that a person reads it."""
TO_COMMANDS = (
    "There is no form “…”.", "There is no rule “…” for duplicates.", "There is no split “…”.",
    "There is no form of times “…”.", "There is no model “…”.", "There is no preset “…”.",
    "There is no device “…”.", "Choose one of: auto, cpu, cuda, mps.", "The newest are: ….",
    "Start one first.", "No file was given.",
)  # fmt: skip
"""Said only of what somebody typed after a command."""

CORES_OWN = {"baseline", "encoder", "form", "other", "packing", "reason", "role", "sentence", "separator", "so"} | {
    "softmax", "split", "state", "unknown", "what", "where", "why", "encoder_name",
}  # fmt: skip
"""Places that hold words of the core where they stand without quotation marks."""


def core_nodes() -> Iterator[ast.AST]:
    """All of the core's code."""
    folders = ("data", "text", "models", "training", "recommend", "workspace")
    alone = (CORE / "files.py", CORE / "records.py")
    for path in (*alone, *(path for folder in folders for path in (CORE / folder).glob("*.py"))):
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def pattern_of(node: ast.AST) -> str:
    """What a text in the code matches, with anything where a value is put in; "" where it is none."""
    if isinstance(node, ast.JoinedStr):
        return "".join(re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values)  # type: ignore[arg-type]
    return re.escape(node.value) if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def said_by_the_core() -> list[re.Pattern[str]]:
    """Every text of the core."""
    return [re.compile(pattern) for pattern in map(pattern_of, core_nodes()) if pattern.strip()]


def told_by_the_core() -> set[str]:
    """Sentences of the core that a person reads when something fails or begins."""
    found: set[str] = set()
    for node in core_nodes():
        name = getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and name in TELLING:
            given = [*node.args, *(k.value for k in node.keywords if k.arg in ("sentence", "suggestion", "note"))]
            every = [text for x in given for text in ((x.body, x.orelse) if isinstance(x, ast.IfExp) else (x,))]
            found |= {pattern for pattern in map(pattern_of, every) if re.search(r"[a-z]\\?\s\w", pattern)}
    return found - {re.escape(text).replace("…", ".+") for text in TO_COMMANDS}


def test_every_template_is_something_the_core_says():
    patterns = [pattern for pattern in said_by_the_core() if pattern.pattern.replace(".+", "").strip()]
    strays = [template for template in TEMPLATES if not any(p.fullmatch(template) for p in patterns)]
    assert not strays


def test_every_sentence_of_the_core_has_a_template():
    templates = list(map(str, TEMPLATES))
    told = told_by_the_core()
    assert len(told) > 300
    missing = [pattern for pattern in told if not any(re.fullmatch(pattern, template) for template in templates)]
    assert not missing


def test_of_two_templates_that_fit_the_one_that_says_more_is_taken(monkeypatch):
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: text.upper().replace("{PATH}", "{path}"))
    assert core("“a” is damaged: it holds no settings.") == "“a” IS DAMAGED: IT HOLDS NO SETTINGS."


def test_names_of_a_persons_own_stay_as_they_are(monkeypatch):
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: f"<{text}>")
    assert core("There is no dataset “comma”.") == "<There is no dataset “comma”.>"
    assert core("Its tables are: comma.") == "<Its tables are: comma.>"
    assert core("Run 1 is paused.") == "<Run 1 is <paused>.>"


NAMES = ("Reading list", "before sunrise", "Loading “x”.", "untrained", "trained here", "comma", "paused")
"""What people may call their files, datasets and columns: each is something that the core says too."""


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_reads_like_a_template_stays_as_it_is_wherever_it_is_put(name: str, monkeypatch):
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: f"<{text}>")
    tried = 0
    for template in map(str, TEMPLATES):
        places = re.findall(r"(“?){(\w+)}", template)
        data = {place for quote, place in places if quote or place not in CORES_OWN}
        if data:
            values = {place: name if place in data else "7" for _, place in places}
            assert core(template.format(**values)) == f"<{template}>".format(**values), template
            tried += 1
    assert tried > 200


def test_progress_names_a_file_as_it_is_called(monkeypatch):
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: text.upper().replace("NAME", "name"))
    assert core("Reading before sunrise.csv") == "READING before sunrise.csv"
    assert core("Looking into Reading list.csv") == "LOOKING INTO Reading list.csv"
    assert core("Checking untrained") == "CHECKING untrained"


def test_an_encoder_that_is_called_like_a_word_of_the_core_keeps_its_name(monkeypatch):
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: f"<{text}>")
    wide = "(2 layers, 128 wide)"
    assert core(f"Reading 40 items' texts with trained here {wide}.").count("<") == 3
    for name in ("untrained", "before sunrise", "Reading list"):
        said = core(f"Reading 40 items' texts with {name} {wide}.")
        assert f"<{name}" in said and said.count("<") == 2


@pytest.mark.parametrize(
    "sentence",
    ["No improvement in 10 evaluations; epoch 7 was best.", "A sentence nobody foresaw {with} braces.", "", "{}"],
)
def test_without_a_translation_a_sentence_stays_as_it_is(sentence: str):
    assert core(sentence) == sentence


def test_no_failure_is_shown_as_the_core_says_it():
    """`setText(error.sentence)` would be English in every language."""
    raw = re.compile(r"set\w*Text\(\w+\.(sentence|suggestion)\)")
    shown = [path.name for path in (CORE / "gui").rglob("*.py") if raw.search(path.read_text(encoding="utf-8"))]
    assert shown == []
