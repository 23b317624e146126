import csv
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.workspace.workspace import Workspace
from tests.cli.test_commands import recdesk, ring, trained  # noqa: F401


def test_similar_explain_and_fidelity_speak_of_original_ids(ring: Path, trained: dict):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    near = recdesk("similar", trained["run"], "007", "--top", 4, *where)["items"]
    assert len(near) == 4 and "007" not in {item["item_id"] for item in near}
    assert near[0]["score"] >= near[-1]["score"] and near[0]["title"].startswith("标题")
    best = recdesk("recommend", trained["run"], "--user", "user-003", "--top", 3, *where)["items"][0]
    told = recdesk("explain", trained["run"], "user-003", best["item_id"], "--top", 3, *where)
    assert told["rank"] == 1 and len(told["reasons"]) == 12
    weights = [(reason["rank_without"], reason["effect"]) for reason in told["reasons"]]
    assert weights == sorted(weights, reverse=True)  # it is number 1: nothing can move it up
    smallest = told["smallest_set"]
    assert smallest is None or (1 <= len(smallest["item_ids"]) <= 5 and smallest["rank_without"] > 3)
    measured = recdesk("fidelity", trained["run"], "--people", 10, *where)
    assert measured["people"] == 10 and len(measured["deletion"]) == 11
    assert measured["deletion_gain"][0] > 0


def test_what_is_not_there_gets_a_sentence(ring: Path, trained: dict):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    assert "no item “x”" in recdesk("similar", trained["run"], "x", *where, code=2)["error"]
    assert recdesk("explain", trained["run"], "nobody", "007", *where, code=2)["error"]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_map_is_a_table_of_original_ids_with_the_marks_of_a_person(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    out, where = tmp_path / "map.csv", ["--workspace", ring / "ws"]
    told = recdesk("map", trained["run"], "--user", "user-003", "--top", 4, "--out", out, *where)
    assert (told["items"], told["method"], told["colour"], told["recommended"]) == (40, "t-sne", "popularity", 4)
    rows = table(out)
    assert list(rows[0]) == ["item_id", "title", "x", "y", "interactions", "mark"]
    assert len({row["item_id"] for row in rows}) == 40 and "007" in {row["item_id"] for row in rows}
    assert sum(int(row["interactions"]) for row in rows) == 720
    best = recdesk("recommend", trained["run"], "--user", "user-003", "--top", 4, *where)["items"]
    marked = {row["mark"]: row["item_id"] for row in rows}
    assert [marked[f"recommended {rank}"] for rank in (1, 2, 3, 4)] == [item["item_id"] for item in best]
    assert sum(row["mark"] == "history" for row in rows) == told["history"] == 12
    xy = np.array([[float(row["x"]), float(row["y"])] for row in rows])
    assert np.abs(xy.mean(axis=0)).max() < 0.01
    before = out.read_bytes()
    recdesk("map", trained["run"], "--user", "user-003", "--top", 4, "--out", out, *where)  # from the cache
    assert out.read_bytes() == before


def test_a_map_is_a_drawing_with_a_point_for_each_item(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    out = tmp_path / "map.svg"
    recdesk("map", trained["run"], "--user", "user-003", "--out", out, "--workspace", ring / "ws")
    drawing = out.read_text(encoding="utf-8")
    assert len(re.findall(r"M[\d.]+ [\d.]+h.1", drawing)) == 40
    assert "40 items of Ring" in drawing and "12 items of the history of user-003" in drawing
    assert drawing.count("<rect") == 12 + 1 and drawing.count('r="8"') == 10 + 1  # and one each in the legend


def test_what_cannot_be_is_said_and_nothing_is_written(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    for name, option, said in (
        ("map.png", [], "by the window alone"),
        ("map.xyz", [], "cannot be written as “map.xyz”"),
        ("map.csv", ["--colour", "mood"], "no feature “mood”"),
        ("map.csv", ["--user", "nobody"], "nobody"),
    ):
        told = recdesk("map", trained["run"], *option, "--out", tmp_path / name, *where, code=2)
        assert said in told["error"]
    assert list(tmp_path.iterdir()) == []


def test_lists_of_two_runs_stand_side_by_side_and_go_to_a_csv(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    other = recdesk("train", "Ring", "--set", "hidden=16", "--set", "layers=1", "--set", "epochs=1", *where)["run"]
    out = tmp_path / "lists.csv"
    found = recdesk("recommend", trained["run"], other, "--user", "user-004", "--top", 3, "--out", out, *where)
    assert found["runs"] == [trained["run"], other] and len(found["lists"]) == 2
    single = recdesk("recommend", trained["run"], "--user", "user-004", "--top", 3, *where)
    assert [line["item_id"] for line in found["lists"][0]["items"]] == [line["item_id"] for line in single["items"]]
    frame = pd.read_csv(out, dtype=str, encoding="utf-8-sig")
    assert frame["run"].tolist() == [trained["run"]] * 3 + [other] * 3
    assert frame.item_id.tolist() == [line["item_id"] for one in found["lists"] for line in one["items"]]
    assert {one["held_out"]["hit"] for one in found["lists"]} <= {True, False}
    assert recdesk("recommend", other, "--user", "user-004", "--as-measured", *where, code=2)["error"]
    assert recdesk("recommend", other, other, "--user", "user-004", *where, code=2)["error"]


def test_people_who_were_saved_in_the_window_are_exported(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    where, out = ["--workspace", ring / "ws"], tmp_path / "out.csv"
    assert "saved under a name" in recdesk("export", trained["run"], "--out", out, "--saved", *where, code=2)["error"]
    workspace = Workspace(ring / "ws")
    workspace.save_edits("Ring", [{"name": "Anna", "saved": True, "removed": [], "added": ["0033"], "wish": ""}])
    try:
        recdesk("export", trained["run"], "--out", out, "--top", 2, "--saved", *where)
        assert pd.read_csv(out, dtype=str, encoding="utf-8-sig").user_id.tolist() == ["Anna", "Anna"]
        (tmp_path / "users.txt").write_text("user-009\n")
        recdesk(
            "export", trained["run"], "--out", out, "--top", 1, "--users", tmp_path / "users.txt", "--saved", *where
        )
        assert pd.read_csv(out, dtype=str, encoding="utf-8-sig").user_id.tolist() == ["user-009", "Anna"]
    finally:
        workspace.save_edits("Ring", [])


@pytest.mark.slow
def test_the_words_that_carry_a_recommendation_are_told(text_workspace: Path):
    where = ["--workspace", text_workspace]
    best = recdesk("recommend", "last", "--user", "u0004", "--top", 1, *where)["items"][0]
    told = recdesk("explain", "last", "u0004", best["item_id"], "--words", *where)["words"]
    assert told["error"] < 0.01
    assert sum(word["effect"] for text in told["texts"] for word in text["words"]) == pytest.approx(
        told["total"], rel=0.02, abs=1e-4
    )
    assert told["texts"][-1]["own"] and told["texts"][-1]["item_id"] == best["item_id"]


def test_lists_and_reasons_as_of_a_moment_know_what_was_taken_by_then(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    where, run = ["--workspace", ring / "ws"], trained["run"]
    ws = Workspace(ring / "ws")
    data = ws.dataset(ws.run(run).dataset_name)
    user = data.user_code("user-003")
    rows = slice(int(data.offsets[user]), int(data.offsets[user + 1]))
    moment = np.datetime64(int(data.times[rows][5]), "s")
    early = recdesk("explain", run, "user-003", "007", "--as-of", str(moment), *where)
    assert len(early["reasons"]) == 6 and len(recdesk("explain", run, "user-003", "007", *where)["reasons"]) == 12
    out = tmp_path / "then.csv"
    recdesk("export", run, "--out", out, "--top", 40, "--as-of", str(moment), *where)
    seen = set(data.item_ids[data.items[rows][:6] - 1])
    listed = [row["item_id"] for row in table(out) if row["user_id"] == "user-003"]
    assert len(listed) == 40 - len(seen) and not seen & set(listed)
    asked = recdesk("recommend", run, "--user", "user-003", "--top", 40, "--as-of", str(moment), *where)
    assert [item["item_id"] for item in asked["items"]] == listed
    nothing = recdesk("recommend", run, "--user", "user-003", "--as-of", "1960", *where)
    assert len(nothing["items"]) == 10
    wrong = recdesk("recommend", run, "--user", "user-003", "--as-of", "yesterday", *where, code=2)
    assert "yesterday" in wrong["error"] and "2019-03-31" in wrong["suggestion"]


def test_attention_is_told_with_its_caveat(ring: Path, trained: dict):  # noqa: F811
    told = recdesk("explain", trained["run"], "user-003", "007", "--attention", "--workspace", ring / "ws")["attention"]
    assert sum(told["shares"]) == pytest.approx(1.0) and len(told["item_ids"]) == len(told["shares"])


def test_histories_edited_in_the_window_are_exported(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    where, out = ["--workspace", ring / "ws"], tmp_path / "out.csv"
    workspace = Workspace(ring / "ws")
    data = workspace.dataset("Ring")
    last = str(data.item_ids[data.history(3).items[-1] - 1])
    edits = [
        {"user": data.user_ids[3], "removed": [[11, last]], "added": [], "wish": ""},
        {"name": "Anna", "removed": [], "added": ["0033"], "wish": ""},
        {"user": "nobody", "removed": [], "added": [], "wish": ""},
    ]
    workspace.save_edits("Ring", edits)
    try:
        recdesk("export", trained["run"], "--out", out, "--top", 40, "--edits", *where)
    finally:
        workspace.save_edits("Ring", [])
    lists = pd.read_csv(out, dtype=str, encoding="utf-8-sig").groupby("user_id").item_id.agg(list)
    assert len(lists) == 61 and last in lists[data.user_ids[3]] and "0033" not in lists["Anna"]
    recdesk("export", trained["run"], "--out", out, "--top", 40, *where)
    plain = pd.read_csv(out, dtype=str, encoding="utf-8-sig").groupby("user_id").item_id.agg(list)
    assert len(plain) == 60 and last not in plain[data.user_ids[3]]
    assert lists[data.user_ids[4]] == plain[data.user_ids[4]]
