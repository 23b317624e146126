"""The Simplified Chinese translation: whole, with its placeholders, compiled, seen in the window, not clipped."""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QTranslator

from tests.needs import missing

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources" / "translations"
Key = tuple[str, str]

# Names, units, keys and formats: the same in every language
NAMES = (
    "recdesk", "bert-causal", "bert4rec", "NDCG@10", "Recall@10", "MRR@10", "Acc@1", "Accuracy@1", "softmax", "k-core",
    "Softmax", "gBCE", "gSASRec", "text-bert", "two-tower", "hybrid", "MiniLM",
    "CPU", "GPU", "dropout",
    "NVIDIA", "CUDA", "Apple", "MPS", "GB", "MB", "ID", "CSV", "TSV", "JSON Lines", "Parquet", ".dat", ".inter",
    ".csv", "utf", "gzip", "Excel", "PNG", "SVG", "user_id", "rank", "item_id", "title", "score", "Ctrl", "Shift",
    "English", "genres", "MovieLens", "BERT", "model.safetensors", "BAAI/bge-small-zh-v1.5", "huggingface.co",
    "JSON", "SQLite", "DuckDB", "Bonferroni", "Holm", "MRR", "reason", "NFC", "ISO", "Unix", "Unicode", "HMAC-SHA-256",
    "MIND", "Python", "libFM", "libSVM", ".NET", "Date", "Alt",
)  # fmt: skip
VERSIONS = re.compile(r"recdesk \d\S* · Python .*", re.DOTALL)
ENCODINGS = re.compile(r"(UTF|GB|BIG|SHIFT|EUC|CP|LATIN)[-_0-9A-Z]*")


@pytest.fixture(scope="module")
def update() -> ModuleType:
    """The script that brings the translations up to date."""
    spec = importlib.util.spec_from_file_location("update_translations", FOLDER / "update.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "dont_write_bytecode", True)  # the folder is package data
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def tools(update: ModuleType) -> None:
    """Skips where lupdate is not installed or does not start."""
    try:
        subprocess.run([update.tool("lupdate"), "-version"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        missing(f"lupdate, which comes with PySide6-Essentials: {error}")


@pytest.fixture(scope="module")
def tracked(update: ModuleType) -> dict[Key, ET.Element]:
    """The messages of the tracked Chinese file."""
    return {_key(c, m): m for c, m in update.active(FOLDER / "recdesk_zh_CN.ts")}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the window shows in Chinese, read in a process of its own."""
    folder = tmp_path_factory.mktemp("chinese")
    command = [sys.executable, "-m", "tests.gui.chinese", str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    result: dict[str, Any] = json.loads((folder / "said.json").read_text(encoding="utf-8"))
    result["folder"] = str(folder)
    return result


def test_lupdate_can_read_every_text_and_qt_finds_its_translation(update):
    assert update.faults() == []


def test_every_text_of_the_program_is_translated(update, tools, tracked, tmp_path: Path):
    update.gather(tmp_path / "now.ts", "zh_CN")
    now = {_key(c, m) for c, m in update.active(tmp_path / "now.ts")}
    finished = {key for key, message in tracked.items() if update.is_finished(message)}
    assert len(now) > 400
    assert now - finished == set(), "run resources/translations/update.py, then translate what it names"


def test_every_setting_is_among_them(update, tracked):
    from recdesk.training.config import KINDS

    for kind in KINDS.values():
        for name, field in kind.model_fields.items():
            if name != "kind":
                assert ("Config", field.title) in tracked
                assert ("Config", field.description) in tracked


def test_placeholders_are_the_same_in_both_languages(update, tracked):
    for (_, source), message in tracked.items():
        for text in update.texts(message):
            assert _placeholders(text) == _placeholders(source), source


def test_marks_are_those_of_chinese(update, tracked):
    for (context, source), message in tracked.items():
        for text in update.texts(message):
            assert " …" not in text and "..." not in text, text
            assert text.endswith("…") == source.endswith("…"), text
            assert re.findall("[‹›]", text) == re.findall("[‹›]", source), text
            assert re.findall("&([A-Z])", text) == re.findall("&([A-Z])", source), text
            if source != ", ":  # 、needs no space
                assert (text[:1] == " ", text[-1:] == " ") == (source[:1] == " ", source[-1:] == " "), text
            assert source[-1] != "." or text[-1] == "。", text
            assert not re.search("[\u4e00-\u9fff][,;:!?]", text), f"{context}: {text}"


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_the_compiled_file_says_what_the_translators_file_says(update, language: str):
    translator = QTranslator()
    assert translator.load(QLocale(language), "recdesk", "_", str(FOLDER))
    for context, message in update.active(FOLDER / f"recdesk_{language}.ts"):
        source, said = str(message.findtext("source")), update.texts(message)
        numbers = [-1] if message.get("numerus") is None else [1, 2][: len(said)]
        assert [translator.translate(context, source, "", n) for n in numbers] == said, "run update.py"


@pytest.mark.slow
def test_new_texts_wait_for_a_translator_and_moved_ones_keep_theirs(update, tools, tracked, tmp_path: Path):
    ts = tmp_path / "recdesk_zh_CN.ts"
    document = ET.parse(FOLDER / "recdesk_zh_CN.ts")
    contexts = {c.findtext("name"): c for c in document.getroot().iter("context")}
    rail, strip = contexts["Rail"], contexts["ReportCard"]
    document.getroot().remove(rail)  # as if the program had not said it before
    name = strip.find("name")
    assert name is not None
    name.text = "OldReportCard"  # as if the class had been renamed since
    document.write(ts, encoding="utf-8", xml_declaration=True)
    update.gather(ts, "zh_CN")
    gathered = {_key(c, m): m for c, m in update.active(ts)}
    assert not update.is_finished(gathered["Rail", "Places"])
    assert update.texts(gathered["ReportCard", "Show all rejects"]) == update.texts(
        tracked["ReportCard", "Show all rejects"]
    )
    kept = gathered.keys() & tracked.keys() - {("Rail", "Places")}
    assert all(update.is_finished(gathered[key]) == update.is_finished(tracked[key]) for key in kept)
    update.gather(ts, "zh_CN", clean=True)
    assert "OldReportCard" not in ts.read_text(encoding="utf-8")
    shutil.copy(ts, tmp_path / "before.ts")
    update.gather(ts, "zh_CN")
    assert ts.read_bytes() == (tmp_path / "before.ts").read_bytes()


@pytest.mark.slow
def test_the_rail_reads_chinese(seen):
    assert seen["rail"] == ["数据", "训练", "训练记录", "推荐", "设置"]


@pytest.mark.slow
def test_nothing_in_sight_is_still_english(seen):
    known = sorted([*NAMES, *seen["core"], seen["folder"]], key=len, reverse=True)
    english = {}
    for entry in seen["said"]:
        left = ENCODINGS.sub("", VERSIONS.sub("", entry["text"]))
        for name in known:
            left = left.replace(name, "")
        if words := re.findall("[A-Za-z]{2,}", left):
            english[f"{entry['view']}, {entry['what']}: {entry['text']}"] = words
    assert english == {}


@pytest.mark.slow
def test_nothing_is_clipped_at_1280_by_720(seen, update, tracked):
    if not seen["has_chinese_font"]:
        missing("a font with Chinese characters, such as Noto Sans CJK")
    ours = {text for message in tracked.values() for text in update.texts(message)}
    clipped = {
        f"{entry['view']}, {entry['what']}: {entry['text']}": entry["clipped"]
        for entry in seen["said"]
        if entry.get("clipped") and (entry["clipped"] != "elided" or entry["text"] in ours)
    }
    assert clipped == {}


def _key(context: str, message: ET.Element) -> Key:
    return context, str(message.findtext("source"))


def _placeholders(text: str) -> list[str]:
    return sorted(re.findall(r"\{\w*\}|%n|%L?\d", text))
