"""Cutting people into shards, and the manifest of a folder of them."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError, UsageError
from recdesk.core.records import read_object
from recdesk.recommend.shards import MANIFEST, Manifest, Shard, cuts, ending_for_shards, sha256_of


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 500), st.sampled_from([64, 4096]))
def test_every_person_is_in_one_shard_and_no_block_is_cut(people: int, shards: int, block: int):
    made = cuts(people, shards, block)
    assert [begin for begin, _ in made] == [0, *(end for _, end in made[:-1])] and made[-1][1] == people
    assert all(begin % block == 0 for begin, _ in made)
    assert len(made) == min(shards, max(1, -(-people // block)))
    sizes = [end - begin for begin, end in made]
    assert people == 0 or (min(sizes) > 0 and max(sizes) - min(sizes) <= 2 * block)


def manifest(folder: Path, **other: object) -> Manifest:
    values = {"run": "run-1", "ending": ".csv", "shards": 3, "people": 9, "options": {"top": 10}, "asked": 5, **other}
    return Manifest(folder, **values)  # type: ignore[arg-type]


def shard(folder: Path, number: int, text: bytes = b"a,b\r\n") -> Shard:
    path = folder / f"part-{number:05}.csv"
    path.write_bytes(text)
    return Shard(number, path.name, 3, "a", "b", 1, len(text), sha256_of(path), guarded_items=["=x"])


def test_what_is_finished_is_there_again_with_the_moment_of_the_first_call(tmp_path: Path):
    first = manifest(tmp_path)
    for number in (2, 0):
        first.add(shard(tmp_path, number))
    first.write()
    again = manifest(tmp_path, asked=99)
    again.read()
    assert (list(again.finished), again.asked) == ([0, 2], 5) and again.verify() == []
    summary = again.summary(10)
    assert (summary.rows, summary.guarded_items, summary.n) == (2, 1, 10)
    kept = read_object(tmp_path / MANIFEST)
    assert [one["file"] for one in kept["finished"]] == ["part-00000.csv", "part-00002.csv"]
    assert kept["finished"][0]["first"] == "a" and kept["options"] == {"top": 10}


def test_shards_that_are_gone_or_differ_are_forgotten(tmp_path: Path):
    first = manifest(tmp_path)
    for number in range(3):
        first.add(shard(tmp_path, number))
    (tmp_path / "part-00000.csv").unlink()
    (tmp_path / "part-00001.csv").write_bytes(b"a,c\r\n")
    assert [one.file for one in first.verify()] == ["part-00001.csv"] and list(first.finished) == [2]


def test_other_options_in_the_same_folder_are_refused_by_name(tmp_path: Path):
    manifest(tmp_path).write()
    for other, name in (({"options": {"top": 9}}, "top"), ({"run": "run-2"}, "run"), ({"shards": 4}, "shards")):
        with pytest.raises(UsageError, match=f"other values of: {name}") as caught:
            manifest(tmp_path, **other).read()
        assert "another folder" in caught.value.suggestion


def test_a_folder_with_something_else_and_a_damaged_manifest_are_refused(tmp_path: Path):
    (tmp_path / "mine.csv").touch()
    with pytest.raises(UsageError, match=r"“mine.csv”"):
        manifest(tmp_path).read()
    (tmp_path / "mine.csv").unlink()
    (tmp_path / ".hidden").touch()
    manifest(tmp_path).read()
    (tmp_path / MANIFEST).write_text('{"format": 1, "run":')
    with pytest.raises(DataError, match="damaged") as caught:
        manifest(tmp_path).read()
    assert "export again" in caught.value.suggestion


def test_forms_are_known_with_and_without_the_dot():
    assert [ending_for_shards(form) for form in ("csv", ".Parquet", "tsv.gz")] == [".csv", ".parquet", ".tsv.gz"]
    with pytest.raises(UsageError, match="xlsx"):
        ending_for_shards("xlsx")
