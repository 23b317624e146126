"""Newer rows added to a dataset, beside a newer file in its place."""

from pathlib import Path
from typing import Any

import pytest

from recdesk.core.errors import RecdeskError
from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.splitting import make_split
from recdesk.data.updating import newer_files
from recdesk.workspace.workspace import Workspace
from tests.data.conftest import pairs
from tests.data.making import write, write_table

HEADER = ["user", "item", "rating", "time", "event", "city"]
OLD = [
    [f"u{n % 5}", f"i{n % 7}", str(n // 5 % 5), str(100 + n), "buy" if n % 4 else "view", f"c{n % 5}"]
    for n in range(40)
]
NEW = [
    ["u9", "i1", "5", "90", "buy", "Ulm"],
    ["u1", "new", "4", "500", "buy", ""],
    ["u1", "i3", "1", "501", "view", ""],
]


def imported(folder: Path, rows: list[list[str]], **values: Any) -> Workspace:
    workspace = Workspace(folder / "workspace")
    plan = ImportPlan(write_table(folder / "shop.csv", [HEADER, *rows]), name="shop", **values)
    workspace.add_dataset(import_files(plan))
    return workspace


def added(workspace: Workspace, path: Path, **files: Any) -> Dataset:
    workspace.update_dataset("shop", path, add=True, **files)
    return workspace.dataset("shop")


@pytest.mark.slow
@pytest.mark.parametrize(
    "values", [{}, {"min_rating": 2.0}, {"events": ("buy",)}, {"keep_columns": True}, {"pseudonyms": True}]
)
def test_rows_added_give_what_an_import_of_all_rows_gives(values: dict[str, Any], tmp_path: Path) -> None:
    """The content hash is over ids, order, times, ratings and features."""
    workspace = imported(tmp_path, OLD, **values)
    newer = write_table(tmp_path / "newer.csv", [HEADER, *NEW, *OLD[8:10]])
    now = added(workspace, newer)
    whole = write_table(tmp_path / "whole.csv", [HEADER, *OLD, *NEW])
    other = Workspace(tmp_path / "other")
    other.add_dataset(import_files(ImportPlan(whole, name="whole", **values)))
    result = workspace.read_update("shop", whole)
    assert now.content_hash == result.dataset.content_hash
    assert result.dataset.report["notes"][-1] == "Nothing changed: the same interactions as before."
    if not values.get("pseudonyms"):
        assert now.content_hash == other.dataset("whole").content_hash
        assert now.user_features.to_dict() == other.dataset("whole").user_features.to_dict()


def test_repeats_are_counted_and_what_was_there_stays(tmp_path: Path) -> None:
    workspace = imported(tmp_path, OLD)
    before = workspace.dataset("shop")
    now = added(
        workspace, write_table(tmp_path / "newer.csv", [HEADER, *NEW, *OLD[:10], ["", "i1", "1", "1", "buy", ""]])
    )
    assert (before.n_interactions, now.n_interactions) == (40, 43)
    report = now.report
    assert (report["read"], report["kept"]) == (40 + 14, 43)
    assert report["dropped"] == {"exact duplicates": 10}
    assert report["rejected"] == {"no user id": 1}
    assert "13 rows are added to 40 interactions; 10 of these rows were there already." in report["notes"]
    assert report["changes"] == {
        "new_users": 1, "new_items": 1, "new_interactions": 3, "gone_users": 0, "gone_items": 0, "gone_interactions": 0,
    }  # fmt: skip
    assert pairs(now)[-1] == ("u9", "i1")
    assert now.times is not None and now.times.tolist()[-1] == 90
    assert report["updates"] == before.content_hash


def test_rows_go_to_their_place_in_time_and_equal_times_stay_behind_the_old_ones(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    old = write(tmp_path / "shop.csv", "user,item,time\na,x,10\na,y,20\nb,x,5\n")
    workspace.add_dataset(import_files(ImportPlan(old)))
    now = added(workspace, write(tmp_path / "n.csv", "time,user,item\n15,a,z\n10,a,w\n1,b,z\n"))
    assert pairs(now) == [("a", "x"), ("a", "w"), ("a", "z"), ("a", "y"), ("b", "z"), ("b", "x")]


def test_titles_and_features_of_old_items_stay(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "workspace")
    log = write(tmp_path / "shop.csv", "user,item,title,time\na,x,The X,1\nb,y,The Y,2\n")
    workspace.add_dataset(import_files(ImportPlan(log)))
    now = added(workspace, write(tmp_path / "n.csv", "user,item,title,time\na,x,X anew,3\na,z,The Z,4\nb,y,,5\n"))
    assert dict(zip(now.item_ids, now.titles, strict=True)) == {"x": "The X", "y": "The Y", "z": "The Z"}
    goods = write(tmp_path / "items.csv", "item,title,kind\nx,X,old\ny,Y,old\nz,Z,old\nv,V,new\n")
    now = added(workspace, write(tmp_path / "m.csv", "user,item,title,time\nb,v,,9\n"), items=goods)
    assert now.item_features.to_dict("list") == {"title": ["X", "Y", "Z", "V"], "kind": ["old", "old", "old", "new"]}


def test_rules_that_count_say_what_they_do_not_see(tmp_path: Path) -> None:
    workspace = imported(tmp_path, [*OLD, ["u7", "i1", "3", "7", "buy", ""]], min_user=2)
    now = added(workspace, write_table(tmp_path / "newer.csv", [HEADER, ["u7", "i2", "3", "8", "buy", ""]]))
    assert "u7" not in now.user_ids
    assert "Rows that the rules left out earlier are not in the dataset, and do not count now." in now.report["notes"]


def test_several_newer_files_are_one_log_too(tmp_path: Path) -> None:
    workspace = imported(tmp_path, OLD[:20])
    for name, part in (("2020-02", OLD[30:]), ("2020-01", OLD[20:30])):
        write_table(tmp_path / f"{name}.csv", [HEADER, *part])
    newer = newer_files(workspace.dataset("shop"), [tmp_path / "2020-02.csv", tmp_path / "2020-01.csv"])
    assert [piece.name for piece in newer.pieces] == ["2020-01.csv", "2020-02.csv"]
    workspace.update_dataset("shop", newer, add=True)
    assert sorted(pairs(workspace.dataset("shop"))) == sorted((row[0], row[1]) for row in OLD)
    workspace.update_dataset("shop", newer)
    assert workspace.dataset("shop").n_interactions == 20
    assert workspace.dataset("shop").rules["pieces"] == ["2020-01.csv", "2020-02.csv"]


def test_a_failed_addition_leaves_everything_as_it_was(tmp_path: Path) -> None:
    workspace = imported(tmp_path, OLD)
    before = workspace.dataset("shop").content_hash
    with pytest.raises(RecdeskError, match="has no column"):
        workspace.update_dataset("shop", write(tmp_path / "wrong.csv", "a,b\n1,2\n"), add=True)
    assert workspace.dataset("shop").content_hash == before


def events_of(dataset: Dataset) -> list[tuple[str, str, str]]:
    """(user, item, type of event) of every row; "–" where none is kept."""
    types = ["–"] * dataset.n_interactions
    if dataset.events is not None:
        types = [dataset.event_names[code] for code in dataset.events]
    return [(user, item, event) for (user, item), event in zip(pairs(dataset), types, strict=True)]


def test_types_of_events_are_kept_and_added_to(tmp_path: Path) -> None:
    workspace = imported(tmp_path, OLD)
    before = events_of(workspace.dataset("shop"))
    assert sorted(before) == sorted((row[0], row[1], row[4]) for row in OLD)
    now = added(workspace, write_table(tmp_path / "newer.csv", [HEADER, *NEW, ["u9", "i2", "5", "91", "cart", "Ulm"]]))
    added_rows = [(row[0], row[1], row[4]) for row in NEW]
    assert sorted(events_of(now)) == sorted([*before, *added_rows, ("u9", "i2", "cart")])


def test_what_has_one_type_only_keeps_none(tmp_path: Path) -> None:
    workspace = imported(tmp_path, OLD, events=("buy",))
    assert workspace.dataset("shop").events is None
    now = added(workspace, write_table(tmp_path / "newer.csv", [HEADER, *NEW]))
    assert now.events is None and now.n_interactions == sum(row[4] == "buy" for row in [*OLD, *NEW])


def test_types_of_events_follow_pseudonyms_and_hidden_items(tmp_path: Path) -> None:
    plain = workspace_of(tmp_path / "plain")
    hidden = workspace_of(tmp_path / "hidden", pseudonyms=True)
    assert sorted(event for *_, event in events_of(hidden)) == sorted(event for *_, event in events_of(plain))
    split = make_split(plain, "new-items", seed=3)
    known = set(events_of(plain))
    assert split.dataset.n_interactions < plain.n_interactions and set(events_of(split.dataset)) <= known


def workspace_of(folder: Path, **values: Any) -> Dataset:
    folder.mkdir()
    return imported(folder, OLD, **values).dataset("shop")
