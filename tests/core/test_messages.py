import ast
import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import recdesk
from recdesk.core import messages
from recdesk.core.messages import Message, catalogue, found_in, known, restored, source

CORE = Path(recdesk.__file__).parent


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every message that the program makes, and where."""
    for path in sorted(CORE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.name != "messages.py" else ():
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Message":
                yield f"{path.relative_to(CORE)}:{node.lineno}", node


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)", text))


def templates(key: str) -> list[str]:
    entry = catalogue()[key]
    return [entry] if isinstance(entry, str) else [entry["one"], entry["many"]]


def test_a_message_is_its_english_and_remembers_key_and_values():
    message = Message("word.comma")
    assert message == "comma" and hash(message) == hash("comma")
    assert (message.key, message.values) == ("word.comma", {})


def test_numbers_stay_numbers_and_are_written_as_english_writes_them():
    message = Message("file.no-line-end", name="a.csv", size=1234)
    assert message == "“a.csv” has no line end in its first 1234 MB; it is no table."
    assert message.values == {"name": "a.csv", "size": 1234}


def test_values_are_such_that_json_holds_them():
    message = Message("file.no-line-end", name=Path("a.csv"), size=np.int64(3))
    assert json.loads(json.dumps(message.values)) == {"name": "a.csv", "size": 3}
    assert message == "“a.csv” has no line end in its first 3 MB; it is no table."


def test_one_is_singular(monkeypatch):
    monkeypatch.setattr(messages, "catalogue", lambda: {"x.y": {"one": "{count:,} user", "many": "{count:,} users"}})
    messages._formats.cache_clear()
    assert [Message("x.y", count=count) for count in (0, 1, 1234)] == ["0 users", "1 user", "1,234 users"]
    assert source("x.y") == "{count} users"
    messages._formats.cache_clear()


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy])
def test_copies_are_messages(copied):
    message = Message("file.no-line-end", name="a.csv", size=9)
    made = copied(message)
    assert (made, made.key, made.values) == (message, message.key, message.values)


def test_a_value_that_reads_like_a_message_is_data():
    message = Message("file.no-line-end", name="comma {size}", size=1)
    assert message == "“comma {size}” has no line end in its first 1 MB; it is no table."
    assert not isinstance(message.values["name"], Message)


def test_messages_inside_of_values_come_back_from_json():
    inner = Message("word.comma")
    values = {
        "reason": Message("file.no-line-end", name=inner, size=3),
        "notes": ["plain", Message("word.tab")],
        "rejected": {Message("word.pipe"): 3, "comma": 4},
        "name": "comma",
    }
    read = json.loads(json.dumps({**values, "said": found_in(values)}))
    said = read.pop("said")
    back = restored(read, said)
    assert back == values
    assert back["reason"].values["name"].key == "word.comma"
    assert [type(note) for note in back["notes"]] == [str, Message]
    assert {type(name) for name in back["rejected"]} == {str, Message}
    assert type(back["name"]) is str
    assert list(back["rejected"].items()) == [("pipe", 3), ("comma", 4)]


@pytest.mark.parametrize(
    "said",
    [
        [{"at": ["a"], "key": "word.gone", "values": {}}],
        [{"at": ["b", 0], "key": "word.comma", "values": {}}],
        [{"at": ["a"], "key": "word.tab", "values": {}}],
        [{"at": ["a"], "key": "file.no-line-end", "values": {}}],
        ["nonsense"],
        [{"at": "a"}],
    ],
)
def test_what_does_not_fit_stays_english(said):
    back = restored({"a": "comma"}, said)
    assert back == {"a": "comma"} and type(back["a"]) is str


def test_english_of_one_area_is_known_again():
    found = known("too few fields", "reason")
    assert isinstance(found, Message) and found.key == "reason.too-few-fields"
    assert type(known("comma", "reason")) is str
    assert [type(known(text, "reason")) for text in ("rating below 2.5", "rating below much", "2-core")] == [
        Message,
        str,
        Message,
    ]
    assert known(found, "reason") is found


def test_a_value_of_english_known_again_is_data_however_it_reads():
    found = known("events other than too few fields", "reason")
    assert isinstance(found, Message) and type(found.values["types"]) is str
    counted = known("too many fields (6 instead of 4)", "reason")
    assert isinstance(counted, Message) and counted.values["reason"].key == "reason.too-many-fields"


def test_every_key_that_is_used_exists_and_every_placeholder_is_filled():
    wrong = []
    for where, call in calls():
        key = call.args[0]
        if not (isinstance(key, ast.Constant) and key.value in catalogue()):
            wrong.append(f"{where}: {ast.unparse(key)}")
            continue
        given = {keyword.arg for keyword in call.keywords}
        needed = {name for text in templates(key.value) for name in placeholders(text)}
        needed |= set() if isinstance(catalogue()[key.value], str) else {"count"}
        if None in given:  # values by name in a dictionary
            continue
        if given != needed:
            wrong.append(f"{where}: {key.value} has {sorted(needed)}, given are {sorted(map(str, given))}")
    assert wrong == []
    assert sum(1 for _ in calls()) > 500


def test_every_entry_of_the_catalogue_is_used():
    used = {call.args[0].value for _, call in calls() if isinstance(call.args[0], ast.Constant)}
    assert [key for key in catalogue() if key not in used and not key.startswith("word.")] == []


def test_failures_are_messages_wherever_a_person_may_read_them():
    """Only commands, which speak English, may raise plain text."""
    telling = {"RecdeskError", "UsageError", "DataError", "MisfitError", "StorageError", "Failed", "Warned"}
    telling |= {"StageStarted", "CancelledError"}
    plain = []
    for path in sorted(CORE.rglob("*.py")):
        if path.relative_to(CORE).parts[0] in ("cli", "gui", "__main__.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in telling:
                continue
            given = [*node.args[:2], *(k.value for k in node.keywords if k.arg in ("sentence", "suggestion", "note"))]
            every = [text for x in given for text in ((x.body, x.orelse) if isinstance(x, ast.IfExp) else (x,))]
            for text in every:
                if isinstance(text, ast.JoinedStr) or (isinstance(text, ast.Constant) and text.value not in ("", None)):
                    plain.append(f"{path.relative_to(CORE)}:{node.lineno}: {ast.unparse(text)[:60]}")
    assert plain == []
