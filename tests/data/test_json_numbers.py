"""Numbers of JSON files that are ids stay as they are written."""

import json
from pathlib import Path

import pytest

from recdesk.data.planning import preview
from tests.data.conftest import pairs, read
from tests.data.making import write

NUMBERS = [
    "1.10", "1.1", "1.0", "1e5", "1E5", "1.5e+3", "0.1e-7", "-1.50", "123456789012345678.25", "100000",
    "1234567890123456789", "12345678901234567890", "1234567890123456789012345", "-12345678901234567890123", "true",
]  # fmt: skip


@pytest.mark.parametrize("shape", ["lines", "array", "array over lines", "array of arrays"])
def test_every_number_that_is_an_id_stays_as_it_is_written(shape: str, tmp_path: Path) -> None:
    rows = [f'{{"user": {number}, "item":{number} , "rating": 4.50}}' for number in NUMBERS]
    text = {
        "lines": "\n".join(rows),
        "array": f"[{', '.join(rows)}]",
        "array over lines": "[" + ",\n".join(row.replace(", ", ",\n ") for row in rows) + "]",
        "array of arrays": f"[{', '.join(f'[{number}, {number}, 4.50]' for number in NUMBERS)}]",
    }[shape]
    path = write(tmp_path / ("f.jsonl" if shape == "lines" else "f.json"), text)
    assert [row[:2] for row in preview(path).rows] == [[number, number] for number in NUMBERS]
    dataset = read(path).dataset
    assert pairs(dataset) == [(number, number) for number in NUMBERS]
    assert set(dataset.ratings.tolist()) == {4.5}  # type: ignore[union-attr]


LOOKALIKES = {
    "a text that reads like the pair": ('{"note": "\\"user\\": 1.10", "user": 1.1, "item": "a"}', "1.1"),
    "a text, and a number further in": ('{"meta": {"user": 1.10}, "user": "1.1", "item": "a"}', "1.1"),
    "another number further in, before it": ('{"meta": {"user": 2.50}, "user": 1.10, "item": "a"}', "1.10"),
    "blanks around the colon": ('{"user" \t:  1.10, "item": "a"}', "1.10"),
}


@pytest.mark.parametrize("kind", LOOKALIKES)
def test_other_places_do_not_lend_their_spelling(kind: str, tmp_path: Path) -> None:
    line, user = LOOKALIKES[kind]
    path = write(tmp_path / "f.jsonl", line + '\n{"user": "x", "item": "b"}\n')
    assert read(path).dataset.user_ids.tolist() == [user, "x"]


@pytest.mark.parametrize("key", ['the "user"', "用户", "a.b(c)|d*", "x'y", "back\\slash"])
@pytest.mark.parametrize("escaped", [True, False])
def test_keys_of_all_kinds(key: str, escaped: bool, tmp_path: Path) -> None:
    written = json.dumps(key, ensure_ascii=escaped)
    lines = f'{{{written}: 1.10, "item": "a"}}\n{{{written}: 1e5, "item": "b"}}\n'
    path = write(tmp_path / "f.jsonl", lines)
    assert read(path, user=key).dataset.user_ids.tolist() == ["1.10", "1e5"]
