import gzip
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.models.baselines.popular import MostPopular
from recdesk.recommend.export import export_top_n
from recdesk.recommend.export_forms import ENDINGS, FileForm
from recdesk.recommend.export_options import EditedPerson, Exported
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Rules
from tests.conftest import chain_dataset


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
    if name.endswith(".xlsx"):
        return sheets(path)
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


@pytest.mark.parametrize("name", ["out.ods", "out.json", "out.csv.zip", "out.parquet.gz", "out.txt"])
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
    raw = export_top_n(formulas, tmp_path / name, 40, exclude_seen=False, form=FileForm(raw_ids=True))
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


def sheets(path: Path) -> pd.DataFrame:
    """All sheets of a workbook after each other, as another library reads them."""
    found = pd.read_excel(path, sheet_name=None, dtype=str, engine="calamine", keep_default_na=False)
    return pd.concat(found.values(), ignore_index=True)


def test_a_workbook_holds_what_the_csv_holds_and_a_full_sheet_is_followed_by_another(
    formulas: LiveModel, tmp_path: Path, monkeypatch
):
    columns = ("score", "genre", "user_id", "title", "rank", "item_id")
    for ending in (".csv", ".xlsx"):
        export_top_n(formulas, tmp_path / f"out{ending}", 3, form=FileForm(columns, raw_ids=True))
    csv, book = read_back(tmp_path / "out.csv"), sheets(tmp_path / "out.xlsx")
    assert list(book.columns) == list(csv.columns) == list(columns)
    assert book.title.str.startswith("=1+").all() and csv.title.str.startswith("'=1+").all()
    for name in ("genre", "user_id", "rank", "item_id"):
        assert book[name].tolist() == csv[name].tolist()
    assert book.score.astype(float).tolist() == pytest.approx(csv.score.astype(float).tolist())
    monkeypatch.setattr("recdesk.recommend.excel_rows.ROWS_OF_A_SHEET", 101)
    export_top_n(formulas, tmp_path / "two.xlsx", 3, form=FileForm(columns))
    assert sheets(tmp_path / "two.xlsx").equals(book)
    assert [len(s) for s in pd.read_excel(tmp_path / "two.xlsx", sheet_name=None, engine="calamine").values()] == [
        100,
        80,
    ]


def test_a_workbook_opens_as_it_is_written_whatever_the_texts_are(live: LiveModel, tmp_path: Path):
    from openpyxl import load_workbook

    nasty = ["=1+1", '<a> & "b"', "two\nlines", " blanks ", "_x0041_", "bell\x07", "中文，逗号", "x" * 40_000]
    titles = [*nasty, *[f"t{i}" for i in range(live.dataset.n_items - len(nasty))]]
    features = live.dataset.item_features.assign(title=pd.Series(titles, dtype="str"))
    model = LiveModel(live.model, replace(live.dataset, item_features=features))
    export_top_n(
        model, tmp_path / "out.xlsx", 40, [0], exclude_seen=False, form=FileForm(("item_id", "title", "score"))
    )
    rows = list(load_workbook(tmp_path / "out.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == ("item_id", "title", "score") and len(rows) == 41
    found = {item: title for item, title, _ in rows[1:]}
    shown = [found[item] for item in model.dataset.item_ids[: len(nasty)]]
    assert shown[:4] == nasty[:4] and shown[6] == nasty[6] and shown[7] == "x" * 32_767
    assert {type(score) for *_, score in rows[1:]} == {float}


@pytest.mark.parametrize(("separator", "mark"), [(";", False), ("\t", True), ("|", False)])
def test_separator_and_mark_are_those_that_are_chosen(live: LiveModel, tmp_path: Path, separator: str, mark: bool):
    export_top_n(live, tmp_path / "out.csv", 2, form=FileForm(separator=separator, mark=mark))
    raw = (tmp_path / "out.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf") == mark
    frame = pd.read_csv(tmp_path / "out.csv", sep=separator, dtype=str, encoding="utf-8-sig")
    assert frame.shape == (120, 5) and set(frame["rank"]) == {"1", "2"}


@pytest.mark.parametrize("columns", [("user_id", "colour"), (), ("rank", "rank")])
def test_columns_that_are_not_there_or_repeat_are_refused_before_a_file_is(live: LiveModel, tmp_path: Path, columns):
    with pytest.raises(UsageError) as caught:
        export_top_n(live, tmp_path / "out.csv", 2, form=FileForm(columns))
    assert "genre" in caught.value.suggestion and not list(tmp_path.iterdir())


def test_the_reason_is_the_item_of_the_history_that_carries_it_most(live: LiveModel, tmp_path: Path):
    edited = [EditedPerson(-1, "new", [])]
    form = FileForm(("user_id", "item_id", "reason"))
    export_top_n(live, tmp_path / "out.jsonl", 3, [5], form=form, edited=edited)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text("utf-8").splitlines()]
    history = live.dataset.histories().row(5)
    for row in rows[:3]:
        best = live.explain(history, list(live.dataset.item_ids).index(row["item_id"]) + 1).main
        assert row["reason"] == ("" if best is None else best.title)
    assert [row["reason"] for row in rows[3:]] == ["", "", ""]


def test_people_who_are_not_in_the_data_get_labelled_popular_items_under_the_rules(live: LiveModel, tmp_path: Path):
    rules = live.bind(Rules(cap_feature="genre", cap=2))
    written = export_top_n(live, tmp_path / "out.csv", 6, [1], rules=rules, strangers=["=x", "y"])
    frame = read_back(tmp_path / "out.csv")
    assert (written.fallbacks, written.rows, written.short) == (2, 12, 3)
    own = frame[frame.user_id == "y"]
    assert set(own.reason) == {"most popular: not in the data"}
    assert set(frame.reason[frame.user_id == "user-001"]) != {"most popular: not in the data"}
    taken = dict(zip(live.dataset.item_ids, live.dataset.popularity, strict=True))
    assert (np.diff([taken[item] for item in own.item_id]) <= 0).all()
    assert "2 people are not in the data" in written.people_notes[-1] and "'=x" in set(frame.user_id)


def test_freed_memory_goes_back_to_the_system_while_many_people_are_written(tmp_path: Path, monkeypatch):
    given_back = []
    monkeypatch.setattr("recdesk.recommend.export_options.BLOCK", 5)
    monkeypatch.setattr("recdesk.core.devices.release_memory", given_back.append)
    data = chain_dataset()  # of 60 people
    live = LiveModel(MostPopular(torch.from_numpy(data.popularity).float()), data)
    assert export_top_n(live, tmp_path / "top.csv", 3).rows == 180
    assert len(given_back) == 3
