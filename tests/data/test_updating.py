"""A newer file in the place of an older one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.data.cleaning.rules import Rules
from recdesk.data.files.dialect import Dialect
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.updating import Changes, changes, plan_of, with_old_texts
from tests.conftest import chain_dataset
from tests.data.making import write, write_parquet, write_table

OLD = "who;what;stars;day\nann;a;5,0;1\nann;b;1,0;2\nbob;a;4,0;3\nbob;c;4,5;4\n"
NEW = "who;day;what;stars\nann;1;a;5,0\ncy;9;d;4,0\nbob;3;a;4,0\nbob;8;a;5,0\ncy;9;e;1,5\n"
ROLES = {"user": "who", "item": "what", "rating": "stars", "time": "day"}
RULES = Rules(min_rating=2.0, duplicates="all")


def test_a_newer_file_is_read_as_the_older_one(tmp_path: Path) -> None:
    plan = ImportPlan(write(tmp_path / "old.csv", OLD), name="Shop", **ROLES, **RULES.__dict__)  # type: ignore[arg-type]
    old = import_files(plan).dataset
    again = plan_of(old, write(tmp_path / "new.csv", NEW))
    assert again.rules == RULES
    assert (again.name, again.user, again.item, again.rating, again.time, again.event) == (
        "Shop", *ROLES.values(), "",
    )  # fmt: skip
    assert again.dialect is not None and again.dialect.separator == ";"
    new = import_files(again).dataset
    assert new.report["dropped"] == {"rating below 2": 1}
    found = changes(old, new)
    # ann a 1 and bob a 3 stay, bob c 4 goes; cy d 9 and bob a 8 are new
    assert found == Changes(1, 1, 2, 0, 1, 1)
    assert found.sentences == [
        "New: 1 user, 1 item, 2 interactions.",
        "Gone: 0 users, 1 item, 1 interaction.",
    ]


def test_a_newer_file_may_be_packed_or_of_another_form(tmp_path: Path) -> None:
    old = import_files(ImportPlan(write(tmp_path / "old.csv", OLD), **ROLES)).dataset  # type: ignore[arg-type]
    packed = write(tmp_path / "new.csv.gz", NEW)
    assert import_files(plan_of(old, packed)).dataset.n_interactions == 5
    columns: dict[str, list[object]] = {"who": ["x", "y"], "what": ["a", "b"], "stars": [1.5, 2.0], "day": [1, 2]}
    assert import_files(plan_of(old, write_parquet(tmp_path / "new.parquet", columns))).dataset.n_users == 2


def test_a_newer_file_without_a_column_gets_a_sentence(tmp_path: Path) -> None:
    old = import_files(ImportPlan(write(tmp_path / "old.csv", OLD), **ROLES)).dataset  # type: ignore[arg-type]
    with pytest.raises(DataError, match=r"“new\.csv” has no column “stars”"):
        import_files(plan_of(old, write(tmp_path / "new.csv", "who;what;day\nann;a;1\n")))


def test_what_did_not_come_from_a_file_cannot_be_updated(chain) -> None:
    with pytest.raises(UsageError, match=r"“chain” was not imported from a file"):
        plan_of(chain, Path("f.csv"))


def test_changes_of_nothing_are_none_and_repeats_count(chain) -> None:
    assert changes(chain, chain) == Changes()
    assert Changes().sentences == ["Nothing changed: the same interactions as before."]
    # every interaction of user 0 twice: the second ones are new
    doubled = replace(
        chain,
        offsets=chain.offsets + np.where(np.arange(61) > 0, 12, 0),
        items=np.concatenate((np.repeat(chain.items[:12], 2), chain.items[12:])),
        times=np.concatenate((np.repeat(chain.times[:12], 2), chain.times[12:])),
    )
    assert changes(chain, doubled) == Changes(new_interactions=12)
    assert changes(doubled, chain) == Changes(gone_interactions=12)


def test_changes_agree_with_sets_of_rows() -> None:
    one, two = chain_dataset(n_users=40), chain_dataset(n_users=60, certainty=0.9, seed=1)

    def rows(dataset) -> set[tuple[str, str, int]]:
        users = np.repeat(dataset.user_ids, np.diff(dataset.offsets))
        return set(zip(users, dataset.item_ids[dataset.items - 1], dataset.times.tolist(), strict=True))

    found = changes(one, two)
    assert found.new_interactions == len(rows(two) - rows(one))
    assert found.gone_interactions == len(rows(one) - rows(two))
    assert (found.new_users, found.gone_users, found.new_items) == (20, 0, 0)


def test_without_an_items_file_items_keep_their_texts(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["a", "y"], ["b", "x"]])
    rows = [["item", "title", "price"], ["x", "X", "1"], ["y", "Y", "2"], ["z", "Z", "3"], ["w", "W", "4"]]
    first = import_files(ImportPlan(ratings, write_table(tmp_path / "i.csv", rows), levels=("price",)))
    newer = write_table(tmp_path / "r2.csv", [["user", "item"], ["a", "z"], ["a", "x"], ["b", "new"]])
    result = with_old_texts(import_files(plan_of(first.dataset, newer)), first.dataset, first.unused_items)
    dataset = result.dataset
    assert dataset.item_ids.tolist() == ["z", "x", "new"]
    assert dataset.item_features.to_dict("list") == {
        "title": ["Z", "X", ""],
        "price": ["3", "1", ""],
        "price level": ["", "low", ""],
    }
    assert dataset.titles.tolist() == ["Z", "X", "new"]
    assert dataset.report["items_without_features"] == 1
    assert sorted(result.unused_items.iloc[:, 0]) == ["w", "y"]
    assert isinstance(result.unused_items, pd.DataFrame)


def test_the_packing_alone_follows_the_file(tmp_path: Path) -> None:
    content = "a|1|5\nb|2|3\n"
    dialect = Dialect(separator="|", header=False, quote="")
    old = import_files(ImportPlan(write(tmp_path / "f.csv", content), dialect=dialect)).dataset
    again = plan_of(old, write(tmp_path / "g.gz", "x,y|1|5\nx,z|2|3\n"))
    assert again.dialect == replace(dialect, packed="gzip")


def test_the_order_of_day_and_month_stays_where_a_newer_file_does_not_tell_it(tmp_path: Path) -> None:
    old = import_files(
        ImportPlan(write(tmp_path / "f.csv", "user,item,time\na,x,01/02/2024\na,y,13/02/2024\n"))
    ).dataset
    plan = plan_of(old, write(tmp_path / "g.csv", "user,item,time\na,x,01/02/2024\na,y,03/02/2024\n"))
    assert plan.time_form == "day-first"
    times = import_files(plan).dataset.times
    assert times is not None
    assert times.tolist() == [1_706_745_600, 1_706_918_400]
