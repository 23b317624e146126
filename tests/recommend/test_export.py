import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.recommend.export import EditedPerson, Exported, export_top_n
from recdesk.recommend.export_forms import ENDINGS
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Rules


def test_the_file_holds_everybodys_top_n_with_original_ids(live: LiveModel, tmp_path: Path):
    path = tmp_path / "out.csv"
    assert export_top_n(live, path, 3) == Exported(180)
    frame = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    assert list(frame.columns) == ["user_id", "rank", "item_id", "title", "score"]
    assert list(frame.user_id.unique()) == list(live.dataset.user_ids)
    first = frame[frame.user_id == "user-000"]
    lines = live.top_n(live.dataset.histories().row(0), 3)
    assert first.item_id.tolist() == [line.item_id for line in lines]
    assert first.title.tolist() == [line.title for line in lines]
    assert first.score.astype(float).tolist() == pytest.approx([line.score for line in lines], rel=1e-4)


def test_some_users_in_the_order_wanted(live: LiveModel, tmp_path: Path):
    export_top_n(live, tmp_path / "out.csv", 1, users=[7, 2])
    frame = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    assert frame.user_id.tolist() == ["user-007", "user-002"]


def test_a_cancelled_export_leaves_the_old_file(live: LiveModel, tmp_path: Path):
    path = tmp_path / "out.csv"
    path.write_text("old")
    with pytest.raises(CancelledError):
        export_top_n(live, path, 3, task=Task(cancelled=lambda: True))
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_progress_reaches_the_end(live: LiveModel, tmp_path: Path):
    seen = []
    export_top_n(live, tmp_path / "out.csv", 1, task=Task(lambda share, words: seen.append((share, words))))
    assert seen[-1] == (1.0, "60 of 60 users")


def test_a_folder_that_is_not_there_gets_a_sentence(live: LiveModel, tmp_path: Path):
    with pytest.raises(RecdeskError, match="does not exist"):
        export_top_n(live, tmp_path / "no" / "out.csv", 3)


def read_back(path: Path) -> pd.DataFrame:
    """An export as texts, read as its ending says."""
    name, raw = path.name, path.read_bytes()
    if name.endswith(".gz"):
        name, raw = name.removesuffix(".gz"), gzip.decompress(raw)
    if name.endswith(".parquet"):
        return pd.read_parquet(path)
    if name.endswith(".jsonl"):
        return pd.DataFrame([json.loads(line) for line in raw.decode("utf-8").splitlines()])
    separator = "\t" if name.endswith(".tsv") else ","
    return pd.read_csv(io.BytesIO(raw), dtype=str, encoding="utf-8-sig", sep=separator, keep_default_na=False)


@pytest.fixture(scope="module")
def formulas(live: LiveModel) -> LiveModel:
    """The model with ids and titles of which some begin like formulas."""
    dataset = live.dataset
    users = pd.Index([f"-Wq{u}xZ" if u % 2 else str(u) for u in range(dataset.n_users)], dtype="str")
    items = pd.Index([f"@i{i}" if i == 3 else f"{i:03}" for i in range(dataset.n_items)], dtype="str")
    features = dataset.item_features.assign(title=[f"=1+{i}" for i in range(dataset.n_items)])
    return LiveModel(live.model, replace(dataset, user_ids=users, item_ids=items, item_features=features))


@pytest.mark.parametrize("ending", ["", *ENDINGS])
def test_a_file_is_what_its_name_says_and_all_forms_say_the_same(live: LiveModel, tmp_path: Path, ending: str):
    export_top_n(live, tmp_path / "out.csv", 3)
    assert export_top_n(live, tmp_path / f"other{ending}", 3).rows == 180
    expected, found = read_back(tmp_path / "out.csv"), read_back(tmp_path / f"other{ending}")
    assert list(found.columns) == list(expected.columns)
    for name in ("user_id", "rank", "item_id", "title"):
        assert found[name].astype(str).tolist() == expected[name].tolist()
    assert found.score.astype(float).tolist() == pytest.approx(expected.score.astype(float).tolist(), rel=1e-5)


def test_equal_exports_are_equal_files_packed_too(live: LiveModel, tmp_path: Path):
    for name in ("a.csv.gz", "b.csv.gz"):
        export_top_n(live, tmp_path / name, 3)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()


@pytest.mark.parametrize("name", ["out.xlsx", "out.json", "out.csv.zip", "out.parquet.gz", "out.txt"])
def test_a_name_of_what_is_not_written_is_refused(live: LiveModel, tmp_path: Path, name: str):
    with pytest.raises(UsageError, match="cannot be written as") as caught:
        export_top_n(live, tmp_path / name, 3)
    assert ".csv" in caught.value.suggestion
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.csv.gz"])
def test_ids_that_a_spreadsheet_would_run_are_guarded_and_counted_or_left_raw(formulas, tmp_path: Path, name: str):
    guarded = export_top_n(formulas, tmp_path / name, 40, exclude_seen=False)
    assert (guarded.guarded_users, guarded.guarded_items) == (30, 1)
    assert "30 ids of users and 1 of items" in guarded.note
    found = read_back(tmp_path / name)
    assert set(found.user_id) == {f"'-Wq{u}xZ" if u % 2 else str(u) for u in range(60)}
    assert set(found.item_id[found.item_id.str.contains("@")]) == {"'@i3"}
    raw = export_top_n(formulas, tmp_path / name, 40, exclude_seen=False, raw_ids=True)
    assert (raw, raw.note) == (Exported(2400), "")
    found = read_back(tmp_path / name)
    assert set(found.user_id) == set(formulas.dataset.user_ids)
    assert set(found.item_id) == set(formulas.dataset.item_ids)
    assert found.title.str.startswith("'=").all()  # a title is text of the data: it is guarded in any case


@pytest.mark.parametrize("name", ["out.jsonl", "out.parquet"])
def test_forms_for_programs_hold_ids_and_titles_as_they_are(formulas, tmp_path: Path, name: str):
    assert export_top_n(formulas, tmp_path / name, 2) == Exported(120)
    found = read_back(tmp_path / name)
    assert list(found.user_id.unique()) == list(formulas.dataset.user_ids)
    assert found.title.str.startswith("=1+").all()


def test_edited_people_have_the_list_of_their_edited_history_and_new_ones_follow(live: LiveModel, tmp_path: Path):
    allowed = np.arange(live.dataset.n_items) % 2 == 0
    edited = [EditedPerson(7, "user-007", [5, 9]), EditedPerson(-1, "=new", [20]), EditedPerson(-2, "new 2", [])]
    for ending in (".csv", ".parquet"):
        path = tmp_path / f"out{ending}"
        written = export_top_n(live, path, 3, [3, 7], allowed=allowed, edited=edited)
        frame = read_back(path)
        histories = {"user-003": live.dataset.histories().row(3), "user-007": [5, 9], "=new": [20], "new 2": []}
        guard = "'" if ending == ".csv" else ""
        assert frame.user_id.drop_duplicates().tolist() == [
            f"{guard}{user}" if user.startswith("=") else user for user in histories
        ]
        assert frame.item_id.tolist() == [
            item.item_id for history in histories.values() for item in live.top_n(history, 3, allowed=allowed)
        ]
        assert written == Exported(12, guarded_users=len(guard))
    everybody = export_top_n(live, path, 1, edited=edited)
    assert everybody.rows == live.dataset.n_users + 2
    assert read_back(path).item_id.tolist()[7] == live.top_n([5, 9], 1)[0].item_id


def test_rules_hold_in_the_file_and_people_with_short_lists_are_counted(live: LiveModel, tmp_path: Path):
    seen = {str(live.dataset.item_ids[code - 1]) for code in live.dataset.histories().row(3)}
    allow = (*(live.dataset.item_ids[code - 1] for code in live.dataset.histories().row(3)), "0040")
    bound = live.bind(Rules(allow=allow, block=("0040",), cap_feature="genre", cap=2))
    written = export_top_n(live, tmp_path / "out.csv", 5, rules=bound)
    frame = read_back(tmp_path / "out.csv")
    assert set(frame.item_id) <= seen and "user-003" not in set(frame.user_id)
    genres = dict(zip(live.dataset.item_ids, live.dataset.item_features["genre"], strict=True))
    assert frame.assign(genre=frame.item_id.map(genres)).groupby(["user_id", "genre"]).size().max() == 2
    assert written.unserved == 60 - frame.user_id.nunique() >= 1
    assert written.short == frame.user_id.nunique()  # two genres hold at most four
    assert written.people_notes[0].startswith(f"{written.short} people get fewer than 5 items")
    for user in ("user-000", "user-017"):
        history = live.dataset.histories().row(live.dataset.user_code(user))
        lines = live.top_n(history, 5, rules=bound)
        assert frame.item_id[frame.user_id == user].tolist() == [line.item_id for line in lines]
