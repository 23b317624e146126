"""Several files, a folder or a zip file: which are the interactions, which the items, which the users."""

import shutil
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recdesk.core.errors import DataError, MisfitError
from recdesk.data.importing import import_files
from recdesk.data.planning import preview, propose
from tests.data.conftest import pairs
from tests.data.making import delimited, write

RATINGS = [
    [str(user), str(item), str((user + item) % 5 + 1), str(978300000 + 60 * user + item)]
    for user in range(1, 9)
    for item in range(user, user + 5)
]
FILMS = [
    [str(item), f"Film, the {item} (19{50 + item})", "Comedy|Drama" if item % 2 else "Action"] for item in range(1, 14)
]
PEOPLE = [[str(user), "MF"[user % 2], str(20 + user), str(user % 7), f"4806{user}"] for user in range(1, 9)]
GENRES = [["0", "1"][n % 2] for n in range(19)]


def french(text: str) -> bytes:
    """With an accent, in Latin-1."""
    return text.replace("the 7", "Misérables").encode("latin-1")


LATEST = {
    "ratings.csv": delimited([["userId", "movieId", "rating", "timestamp"], *RATINGS]),
    "movies.csv": delimited([["movieId", "title", "genres"], *FILMS]),
    "tags.csv": delimited([["userId", "movieId", "tag", "timestamp"], ["1", "2", "funny", "978300000"]]),
    "links.csv": delimited([["movieId", "imdbId", "tmdbId"], *([str(n), f"011{n}", str(n)] for n in range(1, 14))]),
    "README.txt": "Summary\n=======\n\nThis dataset describes 5-star rating, and free-text tagging.\n",
}
SHAPES: dict[str, tuple[dict[str, str | bytes], tuple[str, str, str | None]]] = {
    "100K": (
        {
            "u.data": delimited(RATINGS, "\t"),
            "u.item": french("".join(
                "|".join([id_, title, "01-Jan-1995", "", f"http://us.imdb.com/M/title-exact?{id_}", *GENRES]) + "\n"
                for id_, title, _ in FILMS
            )),
            "u.user": "".join("|".join([id_, age, sex, "writer", zip_]) + "\n" for id_, sex, age, _, zip_ in PEOPLE),
            "README": "SUMMARY & USAGE LICENSE",
        },
        ("u.data", "u.item", "u.user"),
    ),
    "1M": (
        {
            "ratings.dat": "".join("::".join(row) + "\n" for row in RATINGS),
            "movies.dat": french("".join("::".join(row) + "\n" for row in FILMS)),
            "users.dat": "".join("::".join(row) + "\n" for row in PEOPLE),
        },
        ("ratings.dat", "movies.dat", "users.dat"),
    ),
    "latest": (dict(LATEST), ("ratings.csv", "movies.csv", None)),
    "RecBole": (
        {
            "ml.inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float\n" + delimited(RATINGS, "\t"),
            "ml.item": "item_id:token\tmovie_title:token_seq\tclass:token_seq\n" + delimited(FILMS, "\t", quote=""),
            "ml.user": "user_id:token\tgender:token\tage:token\tjob:token\tzip_code:token\n" + delimited(PEOPLE, "\t"),
        },
        ("ml.inter", "ml.item", "ml.user"),
    ),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("way", ["folder", "folder in a folder", "files", "zip"])
@pytest.mark.parametrize("shape", SHAPES)
def test_movielens_in_all_its_shapes_needs_no_word(shape: str, way: str, tmp_path: Path) -> None:
    files, (interactions, items, users) = SHAPES[shape]
    folder = tmp_path / "ml" / "ml"
    folder.mkdir(parents=True)
    paths = [write(folder / name, content) for name, content in files.items()]
    given = {
        "folder": [folder],
        "folder in a folder": [tmp_path / "ml"],
        "files": paths[::-1],
        "zip": [tmp_path / "ml.zip"],
    }
    if way == "zip":
        with zipfile.ZipFile(tmp_path / "ml.zip", "w") as archive:
            for path in paths:
                archive.write(path, f"ml/{path.name}")
    plan = propose([path for path in given[way] if not path.name.startswith("README")])
    if way == "zip":
        assert plan.dialect is not None and plan.items_dialect is not None
        found = (
            plan.dialect.member,
            plan.items_dialect.member,
            plan.users_dialect.member if plan.users_dialect else None,
        )
        assert found == tuple(name and f"ml/{name}" for name in (interactions, items, users))
    else:
        assert plan.items is not None
        assert (plan.interactions.name, plan.items.name, plan.users and plan.users.name) == (interactions, items, users)
    dataset = import_files(plan).dataset
    assert pairs(dataset) == [(row[0], row[1]) for row in RATINGS]
    assert dataset.times is not None
    assert dataset.times.tolist() == [int(row[3]) for row in RATINGS]
    titles = dict(zip(dataset.item_ids, dataset.item_features[dataset.title_column], strict=True))
    assert titles["3"] == "Film, the 3 (1953)"
    if shape in ("100K", "1M"):
        assert titles["7"] == "Film, Misérables (1957)"


def test_the_real_latest_small_in_a_zip_file(movielens_folder: Path, tmp_path: Path) -> None:
    archive = shutil.make_archive(str(tmp_path / "ml-latest-small"), "zip", movielens_folder.parent, "ml-latest-small")
    plan = propose([Path(archive)])
    assert plan.name == "ml-latest-small"
    dataset = import_files(plan).dataset
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (610, 9724, 100_836)
    assert dataset.item_features["title"][0] == "Toy Story (1995)"


def test_users_are_told_from_interactions_by_their_names(tmp_path: Path) -> None:
    log = write(tmp_path / "a.csv", "customer,product\n" + "".join(f"c{n % 4},p{n % 3}\n" for n in range(20)))
    people = write(tmp_path / "b.csv", "customer,age,city\n" + "".join(f"c{n},4{n},Ulm\n" for n in range(4)))
    goods = write(tmp_path / "c.csv", "product,name\n" + "".join(f"p{n},Thing no {n}\n" for n in range(3)))
    plan = propose([goods, people, log])
    assert (plan.interactions, plan.items, plan.users) == (log, goods, people)


def test_the_preview_says_what_else_there_is_to_read(tmp_path: Path) -> None:
    path = tmp_path / "ml.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in LATEST.items():
            archive.writestr(name, content)
    look = preview(path, member="movies.csv")
    assert look.tables == ["ratings.csv", "movies.csv", "tags.csv", "links.csv"]
    assert look.roles == {"item": "movieId", "title": "title"}
    assert [guess.role for guess in look.guesses] == ["item", "title", "item_feature"]


def log_in_parts(folder: Path, lines: dict[int, str]) -> None:
    """Three files of a log, some of them with other lines."""
    usual = "user_id,item_id,timestamp\n"
    for number in range(3):
        rows = "".join(f"u{n},i{n % 4},{1_600_000_000 + 100 * number + n}\n" for n in range(9))
        write(folder / f"part-{number}.csv", lines.get(number, usual + rows))


def test_a_pattern_names_the_files_that_fit_it_in_their_order(tmp_path: Path) -> None:
    for day in (2, 10):
        (tmp_path / "log" / f"day={day}").mkdir(parents=True)
        log_in_parts(tmp_path / "log" / f"day={day}", {})
    plan = propose([tmp_path / "**" / "part-[01].csv"])
    names = [piece.name for piece in plan.pieces]
    assert names == ["day=2/part-0.csv", "day=2/part-1.csv", "day=10/part-0.csv", "day=10/part-1.csv"]
    assert plan.name == "log"
    write(tmp_path / "[a].csv", "user,item\nx,y\nz,y\n")  # no pattern: there is such a file
    assert propose([tmp_path / "[a].csv"]).interactions.name == "[a].csv"
    with pytest.raises(DataError, match=r"No file fits “.*none-\*.csv”. Write it in quotation marks"):
        propose([tmp_path / "none-*.csv"])


def test_a_part_of_a_log_with_other_columns_is_named_and_refused(tmp_path: Path) -> None:
    log_in_parts(tmp_path, {1: "user_id,timestamp\nu1,1600000000\nu2,1600000001\n"})
    with pytest.raises(MisfitError, match=r"“part-1.csv” lacks what “part-0.csv” and the other .* have: item_id"):
        propose([tmp_path])
    log_in_parts(tmp_path, {2: "user_id,item_id,timestamp,device\nu1,i1,1600000000,a\nu2,i2,1600000001,b\n"})
    with pytest.raises(MisfitError, match=r"“part-2.csv” has what “part-0.csv” and the other .* have not: device"):
        propose([tmp_path])
    log_in_parts(tmp_path, {1: "timestamp,item_id,user_id\n1600000000,i1,u1\n1600000001,i2,u2\n"})
    assert len(propose([tmp_path]).pieces) == 3
    assert [piece.name for piece in propose([tmp_path], only=["part-[02].csv"]).pieces] == ["part-0.csv", "part-2.csv"]


def test_a_parquet_file_with_moments_where_others_have_numbers_is_named_and_refused(tmp_path: Path) -> None:
    def part(number: int, times: pa.Array, items: pa.Array) -> None:
        table = pa.table({"user_id": ["a", "b", "c"], "item_id": items, "timestamp": times})
        pq.write_table(table, tmp_path / f"part-{number}.parquet")

    seconds = pa.array([1_600_000_000, 1_600_000_100, 1_600_000_200])
    part(0, seconds, pa.array([1, 2, 3]))
    part(1, seconds, pa.array(["3", "2", "1"]))
    part(2, seconds.cast(pa.timestamp("s")), pa.array([1, 2, 3]))
    with pytest.raises(MisfitError, match=r"“timestamp” of “part-2.parquet” holds TIMESTAMP, in .* BIGINT"):
        import_files(propose([tmp_path]))
    part(2, seconds.cast(pa.timestamp("s")).cast(pa.timestamp("ns", tz="UTC")), pa.array([1, 2, 3]))
    with pytest.raises(MisfitError, match=r"“timestamp” of “part-2.parquet” holds TIMESTAMP.*, in .* BIGINT"):
        import_files(propose([tmp_path]))
    (tmp_path / "part-2.parquet").unlink()
    assert pairs(import_files(propose([tmp_path])).dataset)[:2] == [("a", "1"), ("a", "3")]
