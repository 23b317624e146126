"""From files to a dataset: ids, order, what is rejected and where it stood, items, real data."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import UsageError
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.data.files.dialect import Dialect
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import propose
from recdesk.data.splitting import make_split
from tests.data.making import delimited, write, write_jsonl, write_parquet, write_table

HEADER = ["user", "item", "rating", "time"]


def imported(path: Path, rows: list[list[str]], **plan: object) -> Dataset:
    """The dataset of a comma-separated file with header."""
    return import_files(ImportPlan(write_table(path / "f.csv", rows), **plan)).dataset  # type: ignore[arg-type]


def histories(dataset: Dataset) -> dict[str, list[str]]:
    """Item ids by user id."""
    codes = dataset.histories()
    return {user: dataset.item_ids[codes.row(at) - 1].tolist() for at, user in enumerate(dataset.user_ids)}


def balanced(dataset: Dataset) -> bool:
    """Every row that was read is accounted for."""
    report = dataset.report
    gone = sum(report["rejected"].values()) + sum(report["dropped"].values())
    return report["read"] == report["kept"] + gone and report["kept"] == dataset.n_interactions


AWKWARD = """
007 7 1e5 1E5 0x1F 1234567890123456789 1234567890123456788 -0 1.0 1 True NULL NA nan None 2024-01-01 中文 🎬👨‍👩‍👧 é
e\u0301 O'Neil a,b =SUM(A1) <b> C:\\x %s {} ١٢ #1 +1 中文_2 say_"hi" a\u00a0b two|lines
"""
AWKWARD_IDS = [text.replace("_", " ").replace("|", "\n") for text in AWKWARD.strip().replace("\n", " ").split(" ")]


def test_ids_stay_the_text_they_are(tmp_path: Path) -> None:
    rows = [[user, item] for user, item in zip(AWKWARD_IDS, reversed(AWKWARD_IDS), strict=True)]
    dataset = imported(tmp_path, [["user", "item"], *rows])
    assert dataset.user_ids.tolist() == AWKWARD_IDS
    assert dataset.item_ids.tolist() == AWKWARD_IDS[::-1]
    assert dataset.items.tolist() == list(range(1, len(AWKWARD_IDS) + 1))


def test_blanks_around_ids_do_not_count(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", 'user,item\n a ,x\n"a ",\t x\na,y  \n\u3000a\u00a0, y z \n')
    assert histories(import_files(ImportPlan(path)).dataset) == {"a": ["x", "x", "y", "y z"]}


def test_users_and_items_are_numbered_as_they_appear(tmp_path: Path) -> None:
    rows = [HEADER, ["z", "9", "1", "30"], ["a", "1", "1", "10"], ["z", "5", "1", "20"], ["m", "9", "1", "5"]]
    dataset = imported(tmp_path, rows)
    assert dataset.user_ids.tolist() == ["z", "a", "m"]
    assert dataset.item_ids.tolist() == ["9", "1", "5"]
    assert histories(dataset) == {"z": ["5", "9"], "a": ["1"], "m": ["9"]}


def test_ties_keep_the_order_of_the_file(tmp_path: Path) -> None:
    items = [f"i{n}" for n in range(100)]
    rows = [[f"u{n % 2}", item, "1", str(500 + n // 20 * 3 % 5)] for n, item in enumerate(items)]
    found = histories(imported(tmp_path, [HEADER, *rows]))
    for user in ("u0", "u1"):
        own = [row for row in rows if row[0] == user]
        assert found[user] == [row[1] for row in sorted(own, key=lambda row: int(row[3]))]


def test_without_times_the_order_of_the_file_is_the_order(tmp_path: Path) -> None:
    rows = [["user", "item"], ["b", "3"], ["a", "1"], ["b", "1"], ["a", "2"], ["b", "2"]]
    dataset = imported(tmp_path, rows)
    assert histories(dataset) == {"b": ["3", "1", "2"], "a": ["1", "2"]}
    assert "The file has no times: its order is taken as the order of events." in dataset.report["notes"]


def test_a_large_file_keeps_its_order(tmp_path: Path) -> None:
    """Several threads read it; the rows must not change places."""
    rows = [[f"u{n % 3}", f"i{n}"] for n in range(200_000)]
    dataset = imported(tmp_path, [["user", "item"], *rows])
    assert dataset.item_ids.tolist() == [row[1] for row in rows]
    np.testing.assert_array_equal(dataset.histories().row(0), np.arange(1, 200_001, 3))


def test_roles_can_be_said(tmp_path: Path) -> None:
    rows = [["a", "b", "c", "d"], ["1", "x", "u1", "5"], ["2", "y", "u2", "6"]]
    dataset = imported(tmp_path, rows, user="c", item="b", rating="a", time="d")
    assert dataset.rules["roles"] == {"user": "c", "item": "b", "rating": "a", "time": "d"}
    assert histories(dataset) == {"u1": ["x"], "u2": ["y"]}
    assert dataset.ratings is not None
    assert dataset.ratings.tolist() == [1, 2]


def test_a_role_that_is_said_takes_its_column_from_the_guess(tmp_path: Path) -> None:
    rows = [["user", "item", "movie", "time"], ["u", "1", "x", "5"], ["u", "2", "y", "6"]]
    dataset = imported(tmp_path, rows, item="movie", user="item")
    assert histories(dataset) == {"1": ["x"], "2": ["y"]}


# --- what is rejected, and where it stood ---

BROKEN = [
    "user,item,rating,time",  # 1
    "a,x,5,100",  # 2
    "a,x",  # 3: ragged
    "",  # 4
    '"line',  # 5: a field over two lines, and its rating is none
    'break",y,great,100',  # 6
    "",  # 7
    "   ",  # 8: blank too
    "b,x,5,100,7,8",  # 9: ragged
    "b,,5,100",  # 10: no item
    '"two\n\nlines",z,4,50',  # 11 to 13
    ",x,5,100",  # 14: no user
    "c,x,5,tomorrow",  # 15: no time
    "c,y,4,200",  # 16
]
WRONG = [
    (3, "", "", "too few fields (2 instead of 4)", "a,x"),
    (5, "rating", "great", "a rating that is no number", '"line\nbreak",y,great,100'),
    (9, "", "", "too many fields (6 instead of 4)", "b,x,5,100,7,8"),
    (10, "item", "", "no item id", "b,,5,100"),
    (14, "user", "", "no user id", ",x,5,100"),
    (15, "time", "tomorrow", "a time that cannot be read", "c,x,5,tomorrow"),
]
WRITTEN = {
    "as it is": ("f.csv", "utf-8", "\n"),
    "packed": ("f.csv.gz", "utf-8", "\n"),
    "with a mark": ("f.csv", "utf-8-sig", "\n"),
    "with line ends of Windows": ("f.csv", "utf-8", "\r\n"),
    "with line ends of old Macs": ("f.csv", "utf-8", "\r"),
    "in UTF-16": ("f.csv", "utf-16", "\n"),
    "in UTF-16 from Windows, packed": ("f.csv.gz", "utf-16", "\r\n"),
    "in GB18030": ("f.csv", "gb18030", "\n"),
}


def assert_wrong(result: ImportResult, name: str) -> None:
    assert [(r.line, r.column, r.value, r.reason, r.raw) for r in result.rejects] == WRONG
    assert {r.file for r in result.rejects} == {name}
    assert result.dataset.report["read"] == 9
    assert result.dataset.report["rejected"] == {
        "too few fields": 1,
        "too many fields": 1,
        "a rating that is no number": 1,
        "no item id": 1,
        "no user id": 1,
        "a time that cannot be read": 1,
    }
    found = {user.replace("\r", ""): items for user, items in histories(result.dataset).items()}
    assert found == {"a": ["x"], "two\n\nlines": ["z"], "c": ["y"]}
    assert balanced(result.dataset)


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_wrong_is_found_where_an_editor_shows_it(written: str, tmp_path: Path) -> None:
    name, encoding, end = WRITTEN[written]
    content = "".join(f"{line}\n" for line in BROKEN).replace("\n", end)
    assert_wrong(import_files(ImportPlan(write(tmp_path / name, content, encoding))), name)


def test_lines_are_counted_behind_a_title(tmp_path: Path) -> None:
    content = "Report\n\n" + "\n".join(BROKEN)
    result = import_files(ImportPlan(write(tmp_path / "f.csv", content)))
    assert [reject.line for reject in result.rejects] == [wrong[0] + 2 for wrong in WRONG]


def test_lines_are_counted_where_there_is_no_header(tmp_path: Path) -> None:
    path = write(tmp_path / "f.dat", "1::10::5::978300760\n1::11::5\n\n2::::3::978300760\n2::12::3::978300761\n")
    result = import_files(ImportPlan(path))
    assert [(r.line, r.reason) for r in result.rejects] == [(2, "too few fields (3 instead of 4)"), (4, "no item id")]
    assert histories(result.dataset) == {"1": ["10"], "2": ["12"]}


@pytest.mark.slow
def test_lines_are_right_in_a_long_file(tmp_path: Path) -> None:
    """Threads start in the middle of it."""
    lines = ["user,item,rating"] + [f"u{n % 50},i{n % 70},{n % 5}" for n in range(2, 300_001)]
    for line, text in (
        (2, "u1,i1"),
        (150_000, "u1,i1,good"),
        (200_001, ""),
        (299_999, "u1,i1,1,1"),
        (300_000, ",i1,2"),
    ):
        lines[line - 1] = text
    result = import_files(ImportPlan(write(tmp_path / "f.csv", "\n".join(lines))))
    assert [reject.line for reject in result.rejects] == [2, 150_000, 299_999, 300_000]
    assert [reject.raw for reject in result.rejects] == ["u1,i1", "u1,i1,good", "u1,i1,1,1", ",i1,2"]
    assert result.dataset.report["read"] == 299_998
    assert balanced(result.dataset)


def test_bytes_that_do_not_fit_the_encoding_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item,note\nä,x,ö\nb,y,ü\n".encode() + b"c\xff,z,ok\nd,w,\xff\n")
    result = import_files(ImportPlan(path, dialect=Dialect(encoding="utf-8")))
    assert [(r.line, r.column) for r in result.rejects] == [(4, "user")]
    assert "do not fit the encoding" in result.rejects[0].reason
    assert histories(result.dataset) == {"ä": ["x"], "b": ["y"], "d": ["w"]}
    assert any("2 characters" in note and "do not fit" in note for note in result.dataset.report["notes"])


def test_json_lines_that_are_none_are_told_by_line(tmp_path: Path) -> None:
    content = '{"user": "a", "item": "x"}\n\n{"user": "a", "item"\n[1, 2]\n{"user": "b"}\n{"user": "b", "item": "y"}\n'
    result = import_files(ImportPlan(write(tmp_path / "f.jsonl", content)))
    assert [(r.line, r.reason) for r in result.rejects] == [
        (3, "not a JSON object"),
        (4, "not a JSON object"),
        (5, "no item id"),
    ]
    assert histories(result.dataset) == {"a": ["x"], "b": ["y"]}
    assert balanced(result.dataset)


def test_rows_of_parquet_have_no_lines(tmp_path: Path) -> None:
    path = write_parquet(tmp_path / "f.parquet", {"user": ["a", None, "b"], "item": ["x", "y", "z"]})
    result = import_files(ImportPlan(path))
    assert [(r.line, r.column, r.reason) for r in result.rejects] == [(0, "user", "no user id")]
    assert balanced(result.dataset)


def test_the_raw_line_is_cut(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item\na,x\nb,y\n" + "z" * 5000 + "\n")
    assert import_files(ImportPlan(path)).rejects[0].raw == "z" * 1000


# --- cleaning ---


def test_rules_run_one_after_the_other_and_are_counted(tmp_path: Path) -> None:
    rows = [
        ["a", "x", "5", "1"],
        ["a", "x", "5", "1"],  # a copy
        ["a", "x", "4", "2"],
        ["a", "y", "2", "3"],  # a low rating
        ["b", "x", "", "1"],  # unknown stays
        ["b", "y", "5", "2"],
        ["a", "y", "3", "4"],
        ["c", "y", "5", "1"],  # a user with one row: out of the 2-core
    ]
    dataset = imported(tmp_path, [HEADER, *rows], min_rating=3.0, k_core=2)
    assert dataset.report["dropped"] == {"rating below 3": 1, "exact duplicates": 1, "2-core": 1}
    assert dataset.report["kept"] == 5
    assert balanced(dataset)
    assert histories(dataset) == {"a": ["x", "x", "y"], "b": ["x", "y"]}
    assert (dataset.rules["min_rating"], dataset.rules["k_core"], dataset.rules["duplicates"]) == (3.0, 2, "exact")


@pytest.mark.parametrize(
    ("policy", "kept", "label"),
    [
        ("first", {"a": ["y", "x"]}, "repeats, first kept"),
        ("last", {"a": ["y", "x"]}, "repeats, last kept"),
        ("all", {"a": ["y", "x", "x", "x"]}, None),
        ("exact", {"a": ["y", "x", "x"]}, "exact duplicates"),
    ],
)
def test_repeats(policy: str, kept: dict[str, list[str]], label: str | None, tmp_path: Path) -> None:
    rows = [["a", "x", "1", "30"], ["a", "x", "2", "20"], ["a", "x", "2", "20"], ["a", "y", "3", "10"]]
    dataset = imported(tmp_path, [HEADER, *rows], duplicates=policy)
    assert histories(dataset) == kept
    assert list(dataset.report["dropped"]) == ([label] if label else [])
    assert balanced(dataset)
    assert dataset.ratings is not None
    if policy in ("first", "last"):
        assert dataset.ratings.tolist() == [3, 2 if policy == "first" else 1]


def test_ids_of_dropped_rows_are_gone(tmp_path: Path) -> None:
    rows = [["low", "x", "1", "1"], ["a", "only low", "1", "2"], ["a", "y", "5", "3"], ["b", "z", "5", "1"]]
    dataset = imported(tmp_path, [HEADER, *rows], min_rating=2.0)
    assert dataset.user_ids.tolist() == ["a", "b"]
    assert dataset.item_ids.tolist() == ["y", "z"]


def test_a_lowest_rating_without_ratings_is_wrong_use(tmp_path: Path) -> None:
    for rows in ([["user", "item"], ["a", "x"], ["b", "y"]], [HEADER[:3], ["a", "x", ""], ["b", "y", ""]]):
        with pytest.raises(UsageError) as caught:
            imported(tmp_path, rows, min_rating=3.0)
        assert caught.value.sentence == "“f.csv” has no ratings, so there is no lowest rating to keep."
        assert "column holds the rating" in caught.value.suggestion


def test_an_unknown_rule_for_repeats_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match=r"There is no rule “some” for duplicates\. Choose one of: exact, first, last, all"
    ):
        imported(tmp_path, [HEADER], duplicates="some")


# --- items ---


def test_texts_of_items_are_tidied_and_aligned(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["a", "y"], ["b", "z"]])
    items = write_table(
        tmp_path / "i.csv",
        [
            ["kind", "item", "name"],
            ["k1", " z ", " Cafe\u0301 "],
            ["k2", "unused", "n"],
            ["k3", "x", "X"],
            ["k4", "x", "again"],
        ],
    )
    result = import_files(ImportPlan(ratings, items))
    dataset = result.dataset
    assert dataset.item_features.to_dict("list") == {"kind": ["k3", "", "k1"], "name": ["X", "", "Café"]}
    assert dataset.title_column == "name"
    assert dataset.titles.tolist() == ["X", "y", "Café"]
    assert (dataset.report["items_without_features"], dataset.report["features_without_items"]) == (1, 1)
    assert dataset.report["files"] == {"interactions": "r.csv", "items": "i.csv"}
    assert any("1 row of “i.csv” repeats an id" in note for note in dataset.report["notes"])
    assert result.unused_items.to_dict("list") == {"item": ["unused"], "kind": ["k2"], "name": ["n"]}


def test_the_title_can_be_said(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["b", "y"]])
    items = write_table(tmp_path / "i.csv", [["item", "title", "other"], ["x", "T", "O"], ["y", "U", "P"]])
    assert import_files(ImportPlan(ratings, items, title="other")).dataset.titles.tolist() == ["O", "P"]
    assert import_files(ImportPlan(ratings, items, title="")).dataset.titles.tolist() == ["x", "y"]


def test_titles_may_stand_beside_the_interactions(tmp_path: Path) -> None:
    rows = [["user", "item", "title"], ["a", "x", ""], ["a", "x", "The X"], ["b", "y", ""], ["b", "x", "other"]]
    dataset = imported(tmp_path, rows)
    assert dataset.titles.tolist() == ["The X", "y"]
    assert dataset.title_column == "title"


def test_lists_in_json_items_become_texts(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["b", "y"]])
    items = write_jsonl(
        tmp_path / "meta.jsonl",
        [{"item": "x", "title": "X", "categories": ["A", "B, c"]}, {"item": "y", "title": "Y", "categories": []}],
    )
    assert import_files(ImportPlan(ratings, items)).dataset.item_features["categories"].tolist() == ["A, B, c", ""]


def test_items_from_parquet(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "7"], ["b", "8"]])
    items = write_parquet(tmp_path / "i.parquet", {"item": [8, 7], "title": ["eight", "seven"], "year": [1999, None]})
    features = import_files(ImportPlan(ratings, items)).dataset.item_features
    assert features["title"].tolist() == ["seven", "eight"]
    assert features["year"].tolist() == ["", "1999"]


def test_ragged_lines_of_the_items_file_are_rejected_by_line(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["b", "y"]])
    items = write(tmp_path / "i.csv", "item,title\nx,X\n\ny,Y,more,and more\n")
    result = import_files(ImportPlan(ratings, items))
    assert [(r.file, r.line, r.raw) for r in result.rejects] == [("i.csv", 4, "y,Y,more,and more")]
    assert result.dataset.titles.tolist() == ["X", "y"]
    assert "1 line of “i.csv” could not be read." in result.dataset.report["notes"]
    assert balanced(result.dataset)


# --- names, plans, progress ---


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("shop/orders.csv", "orders"),
        ("shop/orders.2024.csv.gz", "orders.2024"),
        ("ml-1m/ratings.dat", "ml-1m"),
        ("ml-1m/Ratings.CSV.gz", "ml-1m"),
        ("数据/行为.parquet", "行为"),
    ],
)
def test_a_dataset_is_called_after_its_file_or_its_folder(file: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / file
    path.parent.mkdir()
    write_table(path, [["user", "item"], ["a", "x"], ["b", "y"]])
    assert import_files(ImportPlan(path)).dataset.name == name
    assert import_files(ImportPlan(path, name=" Mine ")).dataset.name == "Mine"


def test_progress_grows_to_its_end(tmp_path: Path) -> None:
    told: list[tuple[float, str]] = []
    path = write(tmp_path / "f.csv", delimited([["user", "item"], ["a", "x"], ["b", "y"]]))
    import_files(ImportPlan(path), Task(lambda fraction, sentence: told.append((fraction, sentence))))
    fractions = [fraction for fraction, _ in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert all(sentence for _, sentence in told)


# --- real data ---


@pytest.mark.slow
def test_movielens_imports_with_the_published_counts(movielens_folder: Path) -> None:
    plan = propose([movielens_folder])
    assert (plan.interactions.name, plan.items and plan.items.name) == ("ratings.csv", "movies.csv")
    result = import_files(plan)
    dataset = result.dataset
    assert (dataset.n_interactions, dataset.n_users, dataset.n_items) == (100_836, 610, 9_724)
    assert dataset.report["read"] == dataset.report["kept"] == 100_836
    assert dataset.name == "ml-latest-small"
    assert len(result.unused_items) == dataset.report["features_without_items"] == 18
    assert dataset.report["items_without_features"] == 0
    assert dataset.titles[dataset.item_ids.get_loc("1")] == "Toy Story (1995)"
    assert dataset.titles[dataset.item_ids.get_loc("193609")] == "Andrew Dice Clay: Dice Rules (1991)"
    assert dataset.times is not None
    assert (dataset.times.min(), dataset.times.max()) == (828_124_615, 1_537_799_250)
    assert dataset.ratings is not None
    assert dataset.ratings.mean(dtype=np.float64) == pytest.approx(3.501557, abs=1e-6)
    first = dataset.histories().row(dataset.user_code("1"))
    assert len(first) == 232
    assert dataset.item_ids[first[:3] - 1].tolist() == ["804", "1210", "2018"]
    assert (make_split(dataset).test >= 0).sum() == 610


def test_beauty_imports_with_the_published_counts(beauty_file: Path) -> None:
    result = import_files(ImportPlan(beauty_file))
    dataset = result.dataset
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (40_226, 54_542, 353_962)
    assert (dataset.times, dataset.ratings, result.rejects) == (None, None, [])
    assert balanced(dataset)


def test_so_many_rejected_rows_are_listed_and_that_there_are_more_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("interactions", "coded_rows"):
        monkeypatch.setattr(f"recdesk.data.{module}.MOST_REJECTS", 3)
    wrong = "".join(f"u{n},i{n},good,1\n" for n in range(5))
    path = write(tmp_path / "f.csv", "user,item,rating,time\n" + "a,x,1,1\nb,y,2,2\n" * 20 + wrong)
    result = import_files(ImportPlan(path))
    assert result.dataset.report["rejected"] == {"a rating that is no number": 5}
    assert [reject.line for reject in result.rejects] == [42, 43, 44]
    assert "Only the first 3 rejected rows are kept one by one." in result.dataset.report["notes"]
