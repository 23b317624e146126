from pathlib import Path

from tests.cli.test_commands import recdesk, ring, trained  # noqa: F401


def test_similar_explain_and_fidelity_speak_of_original_ids(ring: Path, trained: dict):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    near = recdesk("similar", trained["run"], "007", "--top", 4, *where)["items"]
    assert len(near) == 4 and "007" not in {item["item_id"] for item in near}
    assert near[0]["score"] >= near[-1]["score"] and near[0]["title"].startswith("标题")
    best = recdesk("recommend", trained["run"], "--user", "user-003", "--top", 3, *where)["items"][0]
    told = recdesk("explain", trained["run"], "user-003", best["item_id"], "--top", 3, *where)
    assert told["rank"] == 1 and len(told["reasons"]) == 12
    assert told["reasons"][0]["effect"] == max(reason["effect"] for reason in told["reasons"])
    smallest = told["smallest_set"]
    assert smallest is None or (1 <= len(smallest["item_ids"]) <= 5 and smallest["rank_without"] > 3)
    measured = recdesk("fidelity", trained["run"], "--people", 10, *where)
    assert measured["people"] == 10 and len(measured["deletion"]) == 11
    assert measured["deletion_gain"][0] > 0


def test_what_is_not_there_gets_a_sentence(ring: Path, trained: dict):  # noqa: F811
    where = ["--workspace", ring / "ws"]
    assert "no item “x”" in recdesk("similar", trained["run"], "x", *where, code=2)["error"]
    assert recdesk("explain", trained["run"], "nobody", "007", *where, code=2)["error"]
