import re

import pytest
from PySide6.QtCore import QCoreApplication

from recdesk.core.messages import Message, catalogue, filled, source
from recdesk.gui.messages import translated


@pytest.fixture
def shouting(monkeypatch):
    """Stands for another language: every template in angle brackets."""
    monkeypatch.setattr(QCoreApplication, "translate", lambda context, text: f"<{text}>")


def test_keys_are_translated_and_values_are_not(shouting):
    message = Message("dataset.not-found", name="comma")
    assert translated(message) == f"<{source(message.key)}>".format(name="comma")


def test_a_message_inside_is_translated_too(shouting):
    message = Message("import.text-with-header", encoding="utf-8", separator=Message("word.comma"))
    assert "<comma>" in translated(message)


@pytest.mark.parametrize("name", ["Reading list", "before sunrise", "Loading “x”.", "untrained", "comma", "paused"])
def test_a_text_of_a_persons_own_stays_as_it_is_however_it_reads(name: str, shouting):
    assert translated(name) == name
    for key in catalogue():
        if "{name}" in source(key):
            assert name in translated(Message(key, **dict.fromkeys(_places(key), 7) | {"name": name}))


def test_numbers_have_the_form_that_english_gives_them(shouting):
    for key, entry in catalogue().items():
        if isinstance(entry, str) and "{count:,}" in entry:
            values = dict.fromkeys(_places(key), 1234)
            assert "1,234" in translated(Message(key, **values))


def test_without_a_translation_it_is_english_with_its_singular():
    for key, entry in catalogue().items():
        if not isinstance(entry, str):
            values = dict.fromkeys({*_places(key), "count"}, 1)
            assert translated(Message(key, **values)) == filled(entry["one"], key, values)


def _places(key: str) -> set[str]:
    entry = catalogue()[key]
    return set(re.findall(r"{(\w+)", entry if isinstance(entry, str) else entry["one"] + entry["many"]))
