"""Datasets on disk: the same to the bit, mapped, and refused with a sentence when something is wrong."""

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import DataError
from recdesk.data.dataset import Dataset
from recdesk.data.manifest import describe
from recdesk.data.report import Reject
from recdesk.data.store import load_dataset, load_unused, save_dataset


@pytest.fixture
def full() -> Dataset:
    """Everything that can be set, with awkward texts."""
    return Dataset(
        name="整 “full” set",
        user_ids=pd.Index(["007", "1e5", "9007199254740993", "用户", "NA"], dtype="str"),
        item_ids=pd.Index(["b", "🎬", "null", 'a,b\n"c"'], dtype="str"),
        offsets=np.array([0, 2, 3, 4, 5, 6], np.int64),
        items=np.array([1, 2, 2, 3, 4, 1], np.int32),
        times=np.array([-1, 2**40, 5, 5, 0, 7], np.int64),
        ratings=np.array([0.1, np.nan, -np.float32(1e-30), 3, 4.5, 5], np.float32),
        events=np.array([0, 1, 1, 0, 0, 1], np.int16),
        event_names=("view", "购买"),
        item_features=pd.DataFrame(
            {"title": ["一百", "", "=SUM(A1)", "NaN"], "item_id": ["x", "y", "", "z"]}, dtype="str"
        ),
        title_column="title",
        report={"read": 6, "kept": 6, "rejected": {}, "dropped": {}, "notes": ["说明"]},
        rules={"k_core": 0, "duplicates": "exact", "roles": {"user": "用户"}},
        synthetic="made up",
        ceiling=0.9,
        user_features=pd.DataFrame(
            {"user_id": ["", "<b>x</b>", "名", "NaN", "=1"], "age": ["7", "", "9", "8", "7"]}, dtype="str"
        ),
        user_numbers=pd.DataFrame({"age": [-1.0, np.nan, 1.5, 0.5, -1.0]}),
    )


@pytest.fixture
def saved(full: Dataset, tmp_path: Path) -> Path:
    """A folder with it."""
    return save(full, tmp_path / "full")


def save(dataset: Dataset, folder: Path) -> Path:
    folder.mkdir()
    save_dataset(dataset, folder, [], pd.DataFrame())
    return folder


def assert_same(one: Dataset, other: Dataset) -> None:
    assert one.event_names == other.event_names
    for name in ("offsets", "items", "times", "ratings", "events"):
        before, after = getattr(one, name), getattr(other, name)
        assert (before is None) == (after is None)
        if before is not None:
            assert before.dtype == after.dtype
            assert before.tobytes() == after.tobytes()
    pd.testing.assert_index_equal(one.user_ids, other.user_ids)
    pd.testing.assert_index_equal(one.item_ids, other.item_ids)
    pd.testing.assert_frame_equal(
        one.item_features, other.item_features, check_column_type=len(one.item_features.columns) > 0
    )
    pd.testing.assert_frame_equal(
        one.user_features, other.user_features, check_column_type=len(one.user_features.columns) > 0
    )
    if len(one.user_numbers.columns):
        pd.testing.assert_frame_equal(one.user_numbers, other.user_numbers)
    for name in ("name", "title_column", "report", "rules", "synthetic", "ceiling"):
        assert getattr(one, name) == getattr(other, name)


def test_a_dataset_comes_back_equal_to_the_bit(full: Dataset, saved: Path) -> None:
    assert_same(full, load_dataset(saved))


def test_a_dataset_of_ids_alone_comes_back(full: Dataset, tmp_path: Path) -> None:
    bare = replace(
        full,
        times=None,
        ratings=None,
        item_features=pd.DataFrame(index=range(4)),
        title_column=None,
        ceiling=None,
        user_features=pd.DataFrame(index=range(5)),
        user_numbers=pd.DataFrame(),
    )
    loaded = load_dataset(save(bare, tmp_path / "bare"))
    assert_same(bare, loaded)
    assert loaded.titles.tolist() == bare.item_ids.tolist()


def test_a_dataset_from_before_there_were_features_of_users_opens(full: Dataset, tmp_path: Path) -> None:
    old = replace(full, user_features=pd.DataFrame(index=range(5)), user_numbers=pd.DataFrame())
    folder = save(old, tmp_path / "old")
    edit_manifest(folder, user_features=...)
    assert pd.read_parquet(folder / "users.parquet").columns.tolist() == ["user_id"]
    assert_same(old, load_dataset(folder))
    # the hash that it was given then; what no model sees leaves it as it is
    assert old.content_hash == "1f5ca6638631d21b44d93cabb971b882e2ccbfe2928e60c2763d24f3ba1aea7c"
    assert full.content_hash == old.content_hash


def test_the_arrays_are_mapped_and_cannot_be_changed(saved: Path) -> None:
    loaded = load_dataset(saved)
    for array in (loaded.offsets, loaded.items, loaded.times, loaded.ratings):
        assert isinstance(array, np.memmap)
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_the_hash_is_kept_and_is_that_of_the_content(full: Dataset, saved: Path, tmp_path: Path) -> None:
    loaded = load_dataset(saved)
    assert loaded.content_hash == full.content_hash
    assert replace(loaded).content_hash == full.content_hash  # a copy has to work it out again
    assert load_dataset(save(loaded, tmp_path / "again")).content_hash == full.content_hash


def test_the_manifest_alone_says_what_the_dataset_is(full: Dataset, saved: Path) -> None:
    facts = describe(saved)
    assert (facts["name"], facts["users"], facts["items"], facts["interactions"]) == ("整 “full” set", 5, 4, 6)
    assert facts["has_times"] and facts["has_ratings"]
    assert facts["features"] == ["title", "item_id"]
    assert facts["user_features"] == ["user_id", "age"]
    assert facts["hash"] == full.content_hash
    assert (facts["synthetic"], facts["ceiling"]) == ("made up", 0.9)


def test_rejects_and_unused_items_stand_beside_it(full: Dataset, tmp_path: Path) -> None:
    folder = tmp_path / "full"
    folder.mkdir()
    rejects = [Reject("数据.csv", 7, "rating", 'x,"y"', "a rating that is no number", 'a,b,"x\ny"')]
    unused = pd.DataFrame({"item": ["z"], "title": ["nobody’s"]}, dtype="str")
    save_dataset(full, folder, rejects, unused)
    with (folder / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [
        ["file", "line", "column", "value", "reason", "raw"],
        ["数据.csv", "7", "rating", 'x,"y"', "a rating that is no number", 'a,b,"x\ny"'],
    ]
    pd.testing.assert_frame_equal(pd.read_parquet(folder / "unused_items.parquet"), unused)
    assert_same(full, load_dataset(folder))


def test_rejected_rows_cannot_run_as_formulas(full: Dataset, tmp_path: Path) -> None:
    raw = '=HYPERLINK("http://evil"),x,+1'
    rejects = [
        Reject("-f.csv", 2, "@c", "+cmd|x", "a time that cannot be read", raw),
        Reject("f", 3, "c", "-5", "r", "\tx"),
    ]
    save_dataset(full, tmp_path, rejects, pd.DataFrame())
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1:] == [
            ["'-f.csv", "2", "'@c", "'+cmd|x", "a time that cannot be read", f"'{raw}"],
            ["f", "3", "c", "-5", "r", "'\tx"],
        ]


def edit_manifest(folder: Path, **changes: object) -> None:
    """As an older recdesk wrote it, which kept no checksums."""
    path = folder / "manifest.json"
    facts = json.loads(path.read_text(encoding="utf-8")) | {"checksum": ..., "files": ...} | changes
    path.write_text(json.dumps({k: v for k, v in facts.items() if v is not ...}), encoding="utf-8")


def overwrite(name: str, array: np.ndarray) -> Callable[[Path], None]:
    return lambda folder: np.save(folder / name, array)


def cut(name: str) -> Callable[[Path], None]:
    def do(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) - max(4, len(data) // 8)])

    return do


def garble(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"\x00\xffgarbage" * 20) and None


def empty(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(b"") and None


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def manifest(**changes: object) -> Callable[[Path], None]:
    return lambda folder: edit_manifest(folder, **changes)


ARRAYS = ("offsets.npy", "items.npy", "times.npy", "ratings.npy", "events.npy")
FILES = (*ARRAYS, "users.parquet", "items.parquet", "report.json")
DISEASES: dict[str, Callable[[Path], None]] = {
    **{f"{name} is cut short": cut(name) for name in (*FILES, "manifest.json")},
    **{f"{name} holds garbage": garble(name) for name in (*FILES, "manifest.json")},
    **{f"{name} is empty": empty(name) for name in (*FILES, "manifest.json")},
    **{f"{name} is missing": remove(name) for name in (*FILES, "manifest.json")},
    "an item code is 0": overwrite("items.npy", np.array([0, 2, 2, 3, 4, 1], np.int32)),
    "an item code is above the catalogue": overwrite("items.npy", np.array([1, 2, 2, 3, 5, 1], np.int32)),
    "the codes are of another kind": overwrite("items.npy", np.array([1, 2, 2, 3, 4, 1], np.int64)),
    "the codes are a table": overwrite("items.npy", np.ones((2, 3), np.int32)),
    "a row is missing": overwrite("items.npy", np.array([1, 2, 2, 3, 4], np.int32)),
    "a time is missing": overwrite("times.npy", np.zeros(5, np.int64)),
    "an event is of no type": overwrite("events.npy", np.array([0, 1, 1, 0, 0, 2], np.int16)),
    "the manifest names no types of events": manifest(event_names=...),
    "the offsets go back": overwrite("offsets.npy", np.array([0, 3, 2, 4, 5, 6], np.int64)),
    "the offsets begin late": overwrite("offsets.npy", np.array([1, 2, 3, 4, 5, 6], np.int64)),
    "a user too many": overwrite("offsets.npy", np.array([0, 2, 3, 4, 5, 6, 6], np.int64)),
    "the manifest is a list": lambda folder: (folder / "manifest.json").write_text("[1, 2]") and None,
    "the manifest has no format": manifest(format=...),
    "the manifest's format is a text": manifest(format="1"),
    "the manifest has no hash": manifest(hash=...),
    "the manifest has no name": manifest(name=...),
    "the manifest has no users": manifest(users=...),
    "the manifest counts another number of users": manifest(users=6),
    "the manifest names a title that is no column": manifest(title_column="gone"),
    "the manifest names other features of users": manifest(user_features=["age"]),
    "there are numbers of fewer users": lambda folder: pd.DataFrame({"age": [1.0]}).to_parquet(
        folder / "user_numbers.parquet"
    ),
    "the numbers of users are texts": lambda folder: pd.DataFrame({"age": ["1"] * 5}).to_parquet(
        folder / "user_numbers.parquet"
    ),
    "the ids of users are numbers": lambda folder: pd.DataFrame({"user_id": range(5)}).to_parquet(
        folder / "users.parquet"
    ),
    "there are no columns of items": lambda folder: pd.DataFrame(index=range(4)).to_parquet(folder / "items.parquet"),
    "there are no columns of users": lambda folder: pd.DataFrame(index=range(5)).to_parquet(folder / "users.parquet"),
    "the arrays are pickled": lambda folder: np.save(
        folder / "items.npy", np.array([{"a": 1}] * 6, object), allow_pickle=True
    ),
}


@pytest.mark.parametrize("disease", DISEASES)
def test_it_is_refused_with_a_sentence_when(disease: str, saved: Path) -> None:
    DISEASES[disease](saved)
    with pytest.raises(DataError) as caught:
        load_dataset(saved)
    assert caught.value.sentence.startswith("The dataset “full” is damaged: ")
    assert caught.value.suggestion == "Import the original file again."


def test_a_newer_format_is_refused(saved: Path) -> None:
    edit_manifest(saved, format=2)
    for read in (load_dataset, describe):
        with pytest.raises(DataError) as caught:
            read(saved)
        assert caught.value.sentence == "The dataset “full” was written by a newer recdesk."
        assert caught.value.suggestion == "Update recdesk, then try again."


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="The dataset “nowhere” is damaged"):
        load_dataset(tmp_path / "nowhere")


@pytest.mark.parametrize("name", [*FILES, "user_numbers.parquet", "manifest.json"])
def test_a_turned_bit_is_told(name: str, saved: Path) -> None:
    data = bytearray((saved / name).read_bytes())
    place = data.index(b'"hash"') + 10 if name == "manifest.json" else len(data) * 2 // 3
    data[place] ^= 4
    (saved / name).write_bytes(data)
    with pytest.raises(DataError) as caught:
        load_dataset(saved)
    assert str(saved / name) in caught.value.sentence
    assert caught.value.suggestion == "Import the original file again."


def test_a_file_that_the_manifest_names_is_missed(saved: Path) -> None:
    (saved / "user_numbers.parquet").unlink()
    with pytest.raises(DataError, match="is missing"):
        load_dataset(saved)


def test_without_checksums_the_content_hash_is_worked_out_again(full: Dataset, saved: Path) -> None:
    edit_manifest(saved)
    assert load_dataset(saved).content_hash == full.content_hash
    assert full.times is not None
    np.save(saved / "times.npy", full.times + 1)
    with pytest.raises(DataError, match="its content is not the one that its manifest names"):
        load_dataset(saved)


def test_unused_items_that_are_damaged_are_told(full: Dataset, tmp_path: Path) -> None:
    save_dataset(full, tmp_path, [], pd.DataFrame({"item": ["z"], "title": ["x"]}, dtype="str"))
    assert load_unused(tmp_path).item.tolist() == ["z"]
    path = tmp_path / "unused_items.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match="unused_items"):
        load_unused(tmp_path)
    path.unlink()
    with pytest.raises(DataError, match="is missing"):
        load_unused(tmp_path)
