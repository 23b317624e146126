"""Rules by command: stored, listed, measured, and used alike by `recommend` and `export`."""

from pathlib import Path

import pandas as pd
import pytest

from tests.cli.test_commands import recdesk, ring, trained  # noqa: F401


@pytest.fixture(scope="module")
def stored(ring: Path, tmp_path_factory) -> Path:  # noqa: F811
    """A file with three blocked items, and the rules "shop" that name it."""
    path = tmp_path_factory.mktemp("lists") / "never.csv"
    path.write_text("item_id,why\n001,old\n002,old\n'-x,gone\n")
    found = recdesk(
        "rules", "shop", "--block", path, "--at-most", "title=1", "--damping", 0.2, "--workspace", ring / "ws"
    )
    assert found["rules"]["block"] == ["001", "002", "-x"]
    return path


def test_rules_are_listed_shown_and_removed(ring: Path, stored: Path):  # noqa: F811
    listed = recdesk("rules", "--workspace", ring / "ws")["rules"]
    assert [(one["name"], one["cap"], one["damping"]) for one in listed] == [("shop", 1, 0.2)]
    assert recdesk("rules", "shop", "--workspace", ring / "ws")["rules"] == listed[0]
    recdesk("rules", "other", "--where", "title contains 3", "--workspace", ring / "ws")
    recdesk("rules", "other", "--remove", "--workspace", ring / "ws")
    assert "no rules “other”" in recdesk("rules", "other", "--workspace", ring / "ws", code=2)["error"]


@pytest.mark.parametrize(
    "wrong", [["--at-most", "title"], ["--where", "title"], ["--diversity", 2], ["--allow", "gone.csv"]]
)
def test_what_cannot_be_read_is_said(ring: Path, wrong: list):  # noqa: F811
    found = recdesk("rules", "x", *wrong, "--workspace", ring / "ws", code=1 if "--allow" in wrong else 2)
    assert found["error"] and found["suggestion"]


def test_recommend_and_export_hold_the_same_rules(ring: Path, stored: Path, trained: dict, tmp_path: Path):  # noqa: F811
    rules = ["--rules", "shop", "--where", "any contains 3", "--workspace", ring / "ws"]
    one = recdesk("recommend", trained["run"], "--user", "user-003", *rules)
    assert len(one["rules"]) == 4 and "“-x”" in one["rules_notes"][0]
    assert all("3" in item["title"] and item["item_id"] not in ("001", "002") for item in one["items"])
    every = recdesk("export", trained["run"], "--out", tmp_path / "out.csv", *rules)
    assert every["rules"] == one["rules"]
    frame = pd.read_csv(tmp_path / "out.csv", dtype=str, encoding="utf-8-sig")
    assert frame.item_id[frame.user_id == "user-003"].tolist() == [item["item_id"] for item in one["items"]]
    assert every["short"] + every["unserved"] + sum(frame.groupby("user_id").size() == 10) == 60


def test_nothing_that_meets_the_rules_is_an_error_before_a_file_is_written(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    nothing = ["--where", "title contains zzz", "--workspace", ring / "ws"]
    found = recdesk("export", trained["run"], "--out", tmp_path / "out.csv", *nothing, code=2)
    assert found["error"] == "No item meets the rules." and not (tmp_path / "out.csv").exists()


def test_columns_people_and_the_fallback_are_those_that_are_asked_for(ring: Path, trained: dict, tmp_path: Path):  # noqa: F811
    (tmp_path / "who.txt").write_text("user-003\nstranger\n")
    found = recdesk(
        "export", trained["run"], "--out", tmp_path / "out.csv", "--top", 2, "--columns", "user_id, item_id,reason",
        "--separator", ";", "--no-bom", "--users", tmp_path / "who.txt", "--fallback", "--workspace", ring / "ws",
    )  # fmt: skip
    assert found["fallbacks"] == 1 and found["rows"] == 4
    frame = pd.read_csv(tmp_path / "out.csv", sep=";", dtype=str)
    assert list(frame.columns) == ["user_id", "item_id", "reason"]
    assert frame.user_id.tolist() == ["user-003", "user-003", "stranger", "stranger"]
    assert frame.reason.tolist()[2:] == ["most popular: not in the data"] * 2
    nobody = ["--people", "age >= 30", "--workspace", ring / "ws"]
    wrong = recdesk("export", trained["run"], "--out", tmp_path / "x.csv", *nobody, code=2)
    assert "no column “age”" in wrong["error"]


def test_their_cost_is_measured(ring: Path, stored: Path, trained: dict):  # noqa: F811
    found = recdesk("rules", "shop", "--cost", trained["run"], "--workspace", ring / "ws")["cost"]
    assert found["people"] == 60 and found["low"] <= found["within"] - found["without"] <= found["high"]
