"""Our own files: a checksum that tells a turned bit, a schema, sentences that name the file."""

import json
from pathlib import Path

import pytest
from pydantic import Field

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.records import (
    IsoTime,
    NewerError,
    Record,
    check_files,
    checksums,
    file_checksum,
    read_object,
    read_record,
    validated,
    write_record,
)


class Kept(Record):
    name: str
    count: int = Field(ge=0)
    share: float
    when: IsoTime
    more: list[str] = Field(default_factory=list)


VALUES = {"name": "größe 标题", "count": 3, "share": 0.1, "when": "2026-11-29T12:00:00", "more": ["a"]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_record(tmp_path / "kept.json", VALUES)
    return tmp_path / "kept.json"


def test_what_was_written_comes_back_without_its_checksum(path: Path):
    assert read_record(path, Kept) == read_object(path) == VALUES
    assert list(json.loads(path.read_text("utf-8"))) == [*VALUES, "checksum"]


def test_the_checksum_is_of_what_is_said_not_of_how_it_is_laid_out(path: Path):
    values = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(dict(reversed(values.items())), indent=4))
    assert read_object(path) == VALUES


def test_every_turned_bit_is_told_or_changes_nothing(path: Path):
    data = path.read_bytes()
    told = 0
    for index in range(len(data)):
        for bit in range(8):
            path.write_bytes(data[:index] + bytes([data[index] ^ (1 << bit)]) + data[index + 1 :])
            try:
                values = read_object(path)
            except DataError as error:
                assert str(path) in error.sentence
                told += 1
            else:
                # blanks between values say nothing; with its key turned, the checksum counts as another entry
                assert {key: values.get(key) for key in VALUES} == VALUES
    assert told > 7 * len(data) * 0.7


def test_files_of_an_older_recdesk_have_no_checksum_but_a_schema(path: Path):
    path.write_text(json.dumps({**VALUES, "name": "edited"}))
    assert read_record(path, Kept)["name"] == "edited"
    path.write_text(json.dumps({**VALUES, "unknown": [1]}))
    assert read_record(path, Kept)["unknown"] == [1]


WRONG: dict[str, tuple[object, str]] = {
    "a number in quotes": ({**VALUES, "count": "3"}, "“count”: input should be a valid integer"),
    "a number out of range": ({**VALUES, "count": -1}, "“count”: input should be greater than or equal to 0"),
    "yes in place of a number": ({**VALUES, "share": True}, "“share”: input should be a valid number"),
    "a date that is none": ({**VALUES, "when": "2026-13-41"}, "“when”: "),
    "an entry missing": ({"name": "x"}, "“count”: field required"),
    "a text within a list of numbers": ({**VALUES, "more": ["a", 1]}, "“more.1”: input should be a valid string"),
    "a list": ([1, 2], "it holds something else"),
    "a text": ("x", "it holds something else"),
    "nothing": (None, "it holds something else"),
}


@pytest.mark.parametrize("what", WRONG)
def test_it_is_refused_with_a_sentence_when_there_is(what: str, path: Path):
    values, why = WRONG[what]
    path.write_text(json.dumps(values))
    with pytest.raises(DataError) as caught:
        read_record(path, Kept, "Do this.")
    assert caught.value.sentence.startswith(f"“{path}” is damaged: {why}")
    assert caught.value.suggestion == "Do this."


TEXTS: dict[str, bytes] = {
    "too deep": b"[" * 100_000,
    "too deep within": b'{"a": ' * 100_000,
    "just deep enough to be read": b'{"a": ' + b"[" * 900 + b"]" * 900 + b"}",
    "a number of 5,000 digits": b'{"count": ' + b"9" * 5000 + b"}",
    "a number without bounds": b'{"share": 1e999, "checksum": "0"}',
    "NaN": b'{"share": NaN}',
    "bad UTF-8": b'{"name": "\xff"}',
    "nothing at all": b"",
    "half of it": b'{"name": "x',
}


@pytest.mark.parametrize("what", TEXTS)
def test_no_text_brings_anything_but_a_sentence(what: str, path: Path):
    path.write_bytes(TEXTS[what])
    with pytest.raises(RecdeskError) as caught:
        read_record(path, Kept)
    assert str(path) in caught.value.sentence


def test_a_folder_in_its_place_and_nothing_in_its_place_are_told(tmp_path: Path):
    for path in (tmp_path, tmp_path / "gone.json"):
        with pytest.raises(DataError) as caught:
            read_record(path, Kept)
        assert str(path) in caught.value.sentence


def test_a_newer_file_is_refused_before_its_checksum_is_looked_at(path: Path):
    path.write_text(json.dumps({"format": 2, "checksum": "of another kind"}))
    with pytest.raises(NewerError, match="The thing was written by a newer recdesk"):
        read_object(path, newest=1, newer="The thing was written by a newer recdesk.")


def test_a_value_that_was_changed_is_told_by_the_checksum(path: Path):
    path.write_text(path.read_text("utf-8").replace("0.1", "0.2"))
    with pytest.raises(DataError, match="its checksum is another"):
        read_object(path)


def test_plain_values_become_a_dataclass_only_when_they_fit(tmp_path: Path):
    from recdesk.training.checkpoints import Progress

    assert validated({"step": 3, "best": 0.5}, Progress, tmp_path) == Progress(step=3, best=0.5)
    for wrong in ({"step": "3"}, None, [], {"best": [1.0]}):
        with pytest.raises(DataError):
            validated(wrong, Progress, tmp_path)


def test_files_are_told_from_others_by_their_checksums(tmp_path: Path):
    (tmp_path / "in").mkdir()
    for name, text in (("a", "1"), ("in/b", "2"), (".hidden", "3"), ("left", "4")):
        (tmp_path / name).write_text(text)
    sums = checksums(tmp_path, without=["left"])
    assert list(sums) == ["a", "in/b"]
    assert sums["a"] == file_checksum(tmp_path / "a") == "83dcefb7"
    check_files(tmp_path, sums)
    (tmp_path / "in/b").write_text("5")
    with pytest.raises(DataError) as caught:
        check_files(tmp_path, sums, "Do this.")
    assert caught.value.sentence == f"“{tmp_path / 'in/b'}” is damaged: its checksum is another."
    (tmp_path / "in/b").unlink()
    with pytest.raises(DataError, match="is missing"):
        check_files(tmp_path, sums)


def test_a_process_reads_a_sound_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from recdesk.core import records

    (tmp_path / "a").write_text("1")
    sums = checksums(tmp_path)
    check_files(tmp_path, sums)
    monkeypatch.setattr(records, "file_checksum", lambda path: pytest.fail("read again"))
    check_files(tmp_path, sums)
