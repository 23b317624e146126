"""The items or users file is told by its ids, whatever its names."""

from pathlib import Path

import pytest

from recdesk.data.importing import import_files
from recdesk.data.planning import propose
from tests.data.making import delimited, write

LOG = [[str(user), str(50 + (user * 7 + at) % 12), str(at)] for user in range(1, 9) for at in range(6)]
"""User, item and a count."""


def items(first: str, names: list[str]) -> str:
    return delimited([[first, *names], *([str(50 + n), f"Band {n}", f"http://x/{n}"] for n in range(12))], "\t")


@pytest.mark.parametrize(
    ("column", "file", "text"),
    [
        ("artistID", "artists.dat", items("id", ["name", "url"])),
        ("artistID", "facts.dat", items("artist", ["label", "url"])),
        ("item", "movies.csv", items("key", ["called", "url"])),
        ("song", "meta.csv", items("song_code", ["what", "url"]).replace("\t5", "\tS5")),
    ],
)
def test_a_column_that_never_repeats_and_has_the_ids_of_the_log(
    column: str, file: str, text: str, tmp_path: Path
) -> None:
    write(tmp_path / "plays.dat", delimited([["userID", column, "weight"], *LOG], "\t"))
    path = write(tmp_path / file, text)
    plan = propose([tmp_path])
    assert (plan.interactions.name, plan.items, plan.users) == ("plays.dat", path, None)
    dataset = import_files(plan).dataset
    assert dict(zip(dataset.item_ids, dataset.titles, strict=True))["57"] == "Band 7"


def test_users_too(tmp_path: Path) -> None:
    write(tmp_path / "log.csv", delimited([["client", "sku", "rating"], *([f"k-{a}", f"s{b}", c] for a, b, c in LOG)]))
    people = delimited([["number", "age"], *([f"k-{n}", str(20 + n)] for n in range(1, 9))])
    path = write(tmp_path / "who.csv", people)
    plan = propose([tmp_path])
    assert (plan.users, plan.items) == (path, None)
    assert plan.notes == ("“who.csv” is taken for the users file: its column “number” has the ids of “client”.",)


def test_numbers_of_something_else_are_no_ids(tmp_path: Path) -> None:
    write(tmp_path / "plays.dat", delimited([["userID", "artistID", "weight"], *LOG], "\t"))
    write(tmp_path / "tags.dat", items("tagID", ["name", "url"]))
    write(tmp_path / "towns.dat", items("id", ["name", "url"]))
    plan = propose([tmp_path])
    assert (plan.items, plan.users) == (None, None)
    assert plan.notes == ("Left out, as their columns are others than those of “plays.dat”: tags.dat, towns.dat.",)
