import ast
import re
from pathlib import Path

import pytest

import recdesk
from recdesk.gui.core_words import TEMPLATES, core

CORE = Path(recdesk.__file__).parent


def said_by_the_core() -> list[re.Pattern[str]]:
    """Every text of the core as a pattern, with anything where a value is put in."""
    found = []
    for folder in ("data", "text", "models", "training", "recommend", "workspace"):
        for path in (CORE / folder).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.JoinedStr):
                    parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values]
                    found.append(re.compile("".join(parts)))
                elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.strip():
                    found.append(re.compile(re.escape(node.value)))
    return found


def test_every_template_is_something_the_core_says():
    patterns = [pattern for pattern in said_by_the_core() if pattern.pattern.replace(".+", "").strip()]
    strays = [template for template in TEMPLATES if not any(p.fullmatch(template) for p in patterns)]
    assert not strays


@pytest.mark.parametrize(
    "sentence",
    ["No improvement in 10 evaluations; epoch 7 was best.", "A sentence nobody foresaw {with} braces.", "", "{}"],
)
def test_without_a_translation_a_sentence_stays_as_it_is(sentence: str):
    assert core(sentence) == sentence
