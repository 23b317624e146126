"""Texts that are no plain tables: ids above their rows, blocks, sizes first, libSVM, MIND, numbered users, Python."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.json_array import array_in_object
from recdesk.data.files.source import Source
from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.conftest import pairs
from tests.data.making import write

Log = list[tuple[str, str, int, int]]
"""User, item, rating, seconds."""
LOG: Log = [(f"u{n % 4}", f"i{n * 7 % 9}", 1 + n % 5, 1_577_836_800 + 3600 * n) for n in range(40)]
LOGS = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 9), st.integers(1, 5), st.integers(1_500_000_000, 1_600_000_000)),
    min_size=12,
    max_size=40,
    unique_by=lambda row: row[3],
).map(lambda rows: [(f"u{u}", f"i{i}", rating, second) for u, i, rating, second in rows])
FEW = settings(max_examples=6, deadline=None)


def read(path: Path, **known: Any) -> ImportResult:
    return import_files(ImportPlan(path, dialect=Source(path, **known).dialect if known else None))


def taken(result: ImportResult) -> list[tuple[str, str, int, int]]:
    """Rows of the dataset, sorted."""
    data = result.dataset
    assert data.times is not None and data.ratings is not None
    rows = zip(pairs(data), data.ratings.tolist(), data.times.tolist(), strict=True)
    return sorted((user, item, int(rating), time) for (user, item), rating, time in rows)


def refused(path: Path) -> str:
    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path))
    return str(caught.value.sentence)


# --- an id above its rows ---


def grouped(log: Log, by: int, separator: str = ",", head: str = "{}:") -> str:
    sections: dict[str, list[str]] = {}
    for row in log:
        rest = separator.join(map(str, (row[1 - by], *row[2:])))
        sections.setdefault(str(row[by]), []).append(rest)
    return "".join(f"{head.format(name)}\n" + "\n".join(rows) + "\n" for name, rows in sections.items())


def test_netflix_has_an_item_above_users_ratings_and_days(tmp_path: Path) -> None:
    path = write(tmp_path / "combined_data_1.txt", "1:\n148,5,2005-09-06\n822,3,2005-05-13\n2:\n148,4,2005-09-05\n")
    result = read(path)
    assert taken(result) == [("148", "1", 5, 1125964800), ("148", "2", 4, 1125878400), ("822", "1", 3, 1115942400)]
    assert result.dataset.report["read"] == 3
    assert result.dataset.report["notes"][0].startswith("An id stands above the rows that belong to it, as in “1:”")


@pytest.mark.parametrize(("head", "by"), [("user {}:", 0), ("Customer #{} :", 0), ("movie {}:", 1), ("{}:", 1)])
@pytest.mark.parametrize("separator", [",", "\t", ";", "::"])
def test_the_id_above_says_what_it_is(head: str, by: int, separator: str, tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", grouped(LOG, by, separator, head))
    assert preview(path).dialect.form == "grouped"
    assert taken(read(path)) == sorted(LOG)


def test_a_user_with_the_number_of_their_rows_above_them(tmp_path: Path) -> None:
    users = sorted({row[0] for row in LOG})
    lines = [
        line
        for user in users
        for own in [[f"{i}\t{r}\t{t}" for u, i, r, t in LOG if u == user]]
        for line in (f"{user}|{len(own)}", *own)
    ]
    path = write(tmp_path / "train.txt", "\n".join(lines))
    assert taken(read(path)) == sorted(LOG)


def test_a_bad_row_below_an_id_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path / "f.txt", "1:\n148,5,2005-09-06\n\n822,3\n2:\n7,x,2005-09-05\n" + "148,4,2005-09-05\n" * 30)
    rejects = read(path, form="grouped").rejects
    assert [(r.line, r.column) for r in rejects] == [(4, ""), (6, "column 3")]


@FEW
@given(log=LOGS, by=st.sampled_from([0, 1]), end=st.sampled_from(["\n", "\r\n"]))
def test_any_log_below_ids_is_read_back(log: Log, by: int, end: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = grouped(log, by, head="user {}:" if by == 0 else "{}:").replace("\n", end)
    path = write(tmp_path_factory.mktemp("g") / "f.txt", text)
    assert taken(read(path)) == sorted(log)


# --- blocks ---

KEYS = ("review/userId", "product/productId", "review/score", "review/time")


def blocks(log: Log, keys: Sequence[str] = KEYS, mark: str = ": ") -> str:
    return "\n".join("".join(f"{key}{mark}{value}\n" for key, value in zip(keys, row, strict=True)) for row in log)


@pytest.mark.parametrize(
    "keys",
    [
        KEYS,
        ("review/profileName", "beer/beerId", "review/overall", "review/time"),
        ("User", "Item", "Rating", "Timestamp"),
        ("user_id", "movie", "stars", "date"),
    ],
)
def test_blocks_of_keys_and_values_are_rows(keys: Sequence[str], tmp_path: Path) -> None:
    path = write(tmp_path / "reviews.txt", blocks(LOG, keys))
    assert preview(path).dialect.form == "blocks"
    result = read(path)
    assert taken(result) == sorted(LOG)
    assert result.dataset.report["notes"][0] == "Each block of “key: value” lines is read as one row."


def test_lines_of_a_block_without_a_key_and_missing_keys_are_told(tmp_path: Path) -> None:
    text = blocks(LOG[:3]) + "and a text goes on here\n\n\n" + blocks(LOG[3:]).replace("review/userId: u0\n", "", 1)
    result = read(write(tmp_path / "f.txt", text))
    assert next((r.line, r.raw) for r in result.rejects) == (15, "and a text goes on here")
    assert result.dataset.report["rejected"]["no “key: value”, or a key that the first blocks have not"] == 1
    assert sum(result.dataset.report["rejected"].values()) == 2


@FEW
@given(log=LOGS, gap=st.sampled_from(["\n", "\n\n", " \n"]))
def test_any_log_in_blocks_is_read_back(log: Log, gap: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    text = gap.join(blocks([row]) for row in log)
    assert taken(read(write(tmp_path_factory.mktemp("b") / "f.txt", text))) == sorted(log)


# --- a size above the table ---


@pytest.mark.parametrize(
    "head",
    [
        "%%MatrixMarket matrix coordinate integer general\n% made up\n4 9 40\n",
        "%%MatrixMarket matrix coordinate real general\n4 9 40\n",
        "4 9 40\n",
        "40\n",
    ],
)
def test_a_line_with_the_size_is_no_interaction(head: str, tmp_path: Path) -> None:
    rows = [(n % 4 + 1, n * 7 % 9 + 1, n % 5 + 1) for n in range(40)]
    path = write(tmp_path / "m.mtx", head + "".join(f"{u} {i} {r}\n" for u, i, r in rows))
    result = read(path)
    assert (result.dataset.report["read"], result.dataset.n_users, result.dataset.n_items) == (40, 4, 9)


def test_a_first_row_that_could_be_no_size_stays(tmp_path: Path) -> None:
    rows = "".join(f"{n % 4 + 1} {n * 7 % 9 + 1} {n % 5 + 1}\n" for n in range(40))
    assert read(write(tmp_path / "m.txt", "4 9 5\n" + rows)).dataset.report["read"] == 41


@pytest.mark.parametrize("kind", ["array real general", "coordinate real symmetric", "coordinate complex general"])
def test_other_kinds_of_matrix_market_are_refused(kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / "m.mtx", f"%%MatrixMarket matrix {kind}\n2 2 3\n1 1 3\n2 1 4\n2 2 5\n")
    assert refused(path) == (
        "“m.mtx” is a Matrix Market file, but not one with a line for each user and item (coordinate, general)."
    )


# --- libSVM and libFM ---


def test_a_line_of_libsvm_is_a_user(tmp_path: Path) -> None:
    path = write(
        tmp_path / "f.svm", "1 3:5 7:2.5\n-1 2:1\n\n1 3:4 9:1 11:2 # a comment\n0 oops\n+1 7:3\n" + "1 3:5\n" * 8
    )
    result = read(path)
    assert sorted(row for row in pairs(result.dataset) if row[0] in {"1", "2", "4", "6"}) == [
        ("1", "3"), ("1", "7"), ("2", "2"), ("4", "11"), ("4", "3"), ("4", "9"), ("6", "7"),
    ]  # fmt: skip
    assert result.dataset.ratings is not None and result.dataset.ratings.tolist()[:2] == [5.0, 2.5]
    assert [(r.line, r.raw) for r in result.rejects] == [(5, "0 oops")]


@FEW
@given(log=LOGS)
def test_libfm_has_a_users_and_an_items_index(log: Log, tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [(int(user[1:]), 100 + int(item[1:]), rating) for user, item, rating, _ in log]
    path = write(tmp_path_factory.mktemp("l") / "f.libfm", "".join(f"{r} {u}:1 {i}:1\n" for u, i, r in rows))
    data = read(path, form="libfm").dataset
    assert preview(path).dialect.form == "libfm"
    assert data.ratings is not None
    assert sorted((int(u), int(i)) for u, i in pairs(data)) == sorted((u, i) for u, i, _ in rows)
    assert sum(data.ratings.tolist()) == sum(r for _, _, r in rows)


def test_labels_that_never_repeat_are_the_users(tmp_path: Path) -> None:
    text = "".join(f"{7 * n + 3} {n % 4 + 1}:5 9:2\n" for n in range(20))
    assert pairs(read(write(tmp_path / "f.libsvm", text)).dataset)[:3] == [("3", "1"), ("3", "9"), ("10", "2")]


# --- MIND ---

MIND = """1\tU1\t11/13/2019 8:36:57 AM\tN5 N6\tN1-0 N2-1
2\tU2\t11/11/2019 9:05:58 AM\t\tN1-1 N3-0 N4-1
3\tU1\t11/12/2019 6:11:30 PM\tN5 N6\tN3-1
"""


def test_mind_has_a_history_once_and_clicks(tmp_path: Path) -> None:
    result = read(write(tmp_path / "behaviors.tsv", MIND))
    data = result.dataset
    assert [item for user, item in pairs(data) if user == "U1"] == ["N5", "N6", "N3", "N2"]
    assert data.n_interactions == 6
    assert "2 items that were shown and not clicked are left out." in result.dataset.report["notes"]


def test_a_line_of_mind_with_other_columns_is_told(tmp_path: Path) -> None:
    result = read(write(tmp_path / "behaviors.tsv", MIND * 4 + "9\tU9\tN1-1\n"))
    assert [(r.line, r.reason, r.raw) for r in result.rejects] == [(13, "not five columns", "9\tU9\tN1-1")]


# --- users that are numbers, as the items are ---


@pytest.mark.parametrize(
    ("lines", "form"),
    [
        (["0 3 6 9 3", "1 5 8 2 5 8", "2 7 1 4", "3 9 3 6 9", "4 2 5 8 2 5"], "sessions"),  # LightGCN
        (["1 1 2 3", "2 4 5 1 2", "5 3 2 1 4 5", "9 9 1", "12 5 1 2 9"], "sessions"),  # with gaps
        (["1 2 3", "2 3", "3 1 1 2 1"], "sessions"),
        ([f"{u} " + " ".join(str((u * k) % 40) for k in range(1, 3 + u % 5)) for u in range(150)], "sessions"),
        (
            [f"{u * 67 % 150} " + " ".join(str((u * k) % 40) for k in range(1, 3 + u % 5)) for u in range(150)],
            "sessions",
        ),
        (["3 6 9 3", "1 5 8 2 5 8", "2 7 1 4", "3 9 3 6 9", "2 5 8 2 5"], "baskets"),
        (
            ["0 1 2 3 4 5", "6 7 8", "9 10 11", "12 13 14 15", "13 14 16 17", "13 14 18 19 20", "9 21"],
            "baskets",
        ),  # FIMI
        (["b a c", "a b", "c a b a", "a d", "d d c"], "baskets"),
    ],
)
def test_first_numbers_that_count_the_lines_are_users(lines: list[str], form: str, tmp_path: Path) -> None:
    path = write(tmp_path / "train.txt", "\n".join(lines))
    assert preview(path).dialect.form == form
    read_back = pairs(read(path).dataset)
    expected = [(line.split()[0], item) for line in lines for item in line.split()[1:]]
    assert form == "baskets" or sorted(read_back) == sorted(expected)


def test_first_numbers_that_count_the_items_of_their_line(tmp_path: Path) -> None:
    path = write(tmp_path / "users.dat", "3 7 8 9\n1 8\n2 9 7\n0\n4 8 7 9 6\n")  # CiteULike
    result = read(path)
    assert pairs(result.dataset)[:5] == [("1", "7"), ("1", "8"), ("1", "9"), ("2", "8"), ("3", "9")]
    assert [(r.line, r.reason) for r in result.rejects] == [(4, "a user without items")]


def test_first_numbers_that_could_be_items_are_noted(tmp_path: Path) -> None:
    path = write(tmp_path / "train.txt", "0 3 2 1 3\n1 0 3\n2 1 0 3\n3 1 3\n")
    note = "The first number of each line is read as the user, because these count the lines. "
    assert any(note in sentence for sentence in read(path).dataset.report["notes"])
    assert pairs(read(path, form="baskets").dataset)[:2] == [("1", "0"), ("1", "3")]


@FEW
@given(
    histories=st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=9), min_size=4, max_size=30),
    start=st.integers(0, 5),
)
def test_any_histories_of_numbers_have_their_users(
    histories: list[list[int]], start: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    lines = [f"{user} {' '.join(map(str, items))}" for user, items in enumerate(histories, start)]
    path = write(tmp_path_factory.mktemp("s") / "train.txt", "\n".join(lines))
    if preview(path).dialect.form == "delimited":  # as many items each: a table
        return
    dataset = read(path).dataset
    assert sorted(map(int, dataset.user_ids)) == list(range(start, start + len(histories)))
    assert dataset.n_interactions == sum(map(len, histories))


# --- Python's literals ---


def python(log: Log) -> str:
    keys = ("user_id", "item_id", "rating", "timestamp")
    return "".join(f"{dict(zip(keys, row, strict=True))!r}\n" for row in log)


def test_dictionaries_one_a_line(tmp_path: Path) -> None:
    path = write(tmp_path / "reviews.json", python(LOG))
    assert preview(path).dialect == Dialect("python")
    assert taken(read(path)) == sorted(LOG)


def test_texts_of_all_kinds_in_dictionaries(tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"user": "it's", "item": 'a "b"', "n": None, "ok": True},
        {"user": "tab\tnew\nline", "item": "back\\slash", "n": (1, 2), "ok": False},
        {"user": "红楼梦", "item": "True, None", "n": [1.5, {"x": "it's (so)"}], "ok": None},
    ]
    text = "".join(f"{row!r}\n" for row in rows) + "{u'user': u'p', u'item': u'q',}\n{'user': 'open\n"
    path = write(tmp_path / "f.json", text)
    result = read(path)
    assert sorted(pairs(result.dataset)) == sorted(
        [*((r["user"].replace("\t", "\t"), r["item"]) for r in rows), ("p", "q")]
    )
    assert [(r.line, r.reason) for r in result.rejects] == [(5, "not a JSON object")]


def test_nothing_of_a_dictionary_is_run(tmp_path: Path) -> None:
    evil = "{'user': __import__('os').mkdir('" + str(tmp_path / "made") + "'), 'item': 'x'}\n"
    result = read(write(tmp_path / "f.json", python(LOG) + evil))
    assert [r.line for r in result.rejects] == [41]
    assert not (tmp_path / "made").exists()


@FEW
@given(texts=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc"))), min_size=3, max_size=6))
def test_any_text_of_a_dictionary_comes_back(texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    rows = [{"user": f"u{n}", "item": f"i{n}", "note": text} for n, text in enumerate(texts)]
    path = write(tmp_path_factory.mktemp("p") / "f.json", "".join(f"{row!r}\n" for row in rows))
    assert [row[2] for row in preview(path).rows] == texts


# --- what is no log ---


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ('10.0.0.{n} - - [16/Jan/2020:09:10:0{n} +0000] "GET /p/{n} HTTP/1.1" 200 12', "the log of a web server"),
        ('h{n} - ann [1/Jan/2020:09:10:03 -0500] "GET / HTTP/2" 304 - "-" "Mozilla/5.0"', "the log of a web server"),
        ("0\t" + "\t".join("{n}" for _ in range(13)) + "\t68fd1e6{n}" * 26, "Criteo's clicks"),
        ("{n} qid:1 1:0.5 2:0.{n}", "features for learning to rank"),
        ("1 0:{n}:1 1:3:0.{n}", "features of a model (libFFM)"),
        ("0.{n},1.5,-2.25,0.125", "nothing but decimals"),
    ],
)
def test_files_that_are_no_log_are_called_what_they_are(line: str, kind: str, tmp_path: Path) -> None:
    path = write(tmp_path / "f.log", "\n".join(line.format(n=n) for n in range(9)))
    assert kind in refused(path)


def test_avazus_clicks_are_refused(tmp_path: Path) -> None:
    head = "id,click,hour,C1,banner_pos,site_id,device_id,device_ip\n"
    path = write(
        tmp_path / "train.csv", head + "1,0,14102100,1005,0,1fbe,a99f,ddd2\n2,0,14102100,1005,0,1fbe,a99f,ddd3\n"
    )
    assert refused(path) == "“train.csv” holds Avazu's clicks on advertisements: nobody's id is in it."


def test_internet_information_services(tmp_path: Path) -> None:
    text = "#Software: Microsoft Internet Information Services 8.5\n#Fields: date cs-uri-stem\n2020-01-01 /\n"
    assert refused(write(tmp_path / "u_ex.log", text)) == "“u_ex.log” is the log of a web server."


def test_blanks_inside_of_an_object_cost_no_more_than_their_number() -> None:
    began = time.monotonic()
    assert array_in_object("{" + " " * 2**18 + "}") is None
    assert array_in_object('{"a": 1' + " " * 2**18 + ", ") is None
    assert time.monotonic() - began < 5
