"""Files become datasets, and every row is accounted for."""

import gzip
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.importing import Dialect, ImportPlan, import_files, preview, propose
from recdesk.errors import CancelledError, DataError, UsageError
from tests.data.conftest import pairs, read

Write = Callable[..., Path]


def test_movielens_comes_in_with_the_published_counts(movielens_folder: Path) -> None:
    plan = propose([movielens_folder])
    assert (plan.interactions.name, plan.items and plan.items.name) == ("ratings.csv", "movies.csv")
    result = import_files(plan)
    dataset = result.dataset
    assert dataset.name == "ml-latest-small"
    assert (dataset.n_interactions, dataset.n_users, dataset.n_items) == (100_836, 610, 9_724)
    assert dataset.times is not None
    assert dataset.ratings is not None
    assert not result.rejects
    assert dataset.title_column == "title"
    assert dataset.titles[dataset.item_code("1") - 1] == "Toy Story (1995)"
    assert dataset.item_features["genres"][dataset.item_code("2") - 1] == "Adventure|Children|Fantasy"
    assert len(result.unused_items) == 18
    assert dataset.report["features_without_items"] == 18
    assert dataset.report["items_without_features"] == 0


def test_movielens_histories_are_in_time_order_with_ties_as_in_the_file(movielens_folder: Path) -> None:
    dataset = import_files(ImportPlan(movielens_folder / "ratings.csv")).dataset
    frame = pd.read_csv(movielens_folder / "ratings.csv", dtype={"userId": str, "movieId": str})
    assert list(dataset.user_ids) == list(frame["userId"].unique())
    assert list(dataset.item_ids) == list(frame["movieId"].unique())
    expected = frame.sort_values("timestamp", kind="stable")
    for user in ("1", "42", "610"):
        row = dataset.histories().row(dataset.user_code(user))
        assert list(dataset.item_ids[row - 1]) == list(expected["movieId"][expected["userId"] == user])


def test_beauty_comes_in_with_the_published_counts(beauty_file: Path) -> None:
    dataset = read(beauty_file).dataset
    assert dataset.name == "beauty"
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (40_226, 54_542, 353_962)
    assert dataset.times is None
    assert dataset.ratings is None
    assert list(dataset.item_ids[dataset.histories().row(0)[:5] - 1]) == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize("separator", [",", "\t", ";", "|", " ", "::"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("packed", [True, False])
def test_every_separator_is_found(write: Write, separator: str, header: bool, packed: bool) -> None:
    rows = [("u1", "007", "4.5", "964982703"), ("u2", "1e5", "3", "964982704"), ("u1", "1e5", "0.5", "964982705")]
    lines = [separator.join(row) for row in ([("user_id", "item_id", "rating", "timestamp")] if header else []) + rows]
    content = ("\n".join(lines) + "\n").encode()
    path = write("data.txt.gz" if packed else "data.txt", gzip.compress(content) if packed else content)
    found = preview(path).dialect
    assert (found.separator, found.header, found.gzipped) == (separator, header, packed)
    dataset = read(path).dataset
    assert pairs(dataset) == [("u1", "007"), ("u1", "1e5"), ("u2", "1e5")]
    assert dataset.times is not None
    assert list(dataset.times) == [964982703, 964982705, 964982704]
    assert dataset.ratings is not None
    assert list(dataset.ratings) == [4.5, 0.5, 3.0]


CHINESE = "用户,商品,评分,时间\n" + "".join(
    f"会员{i},《三国演义》第{i}册,{i % 5 + 1},2024-01-{i:02}\n" for i in range(1, 29)
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_every_chinese_encoding_is_found(write: Write, encoding: str) -> None:
    dataset = read(write("订单.csv", CHINESE, encoding)).dataset
    assert dataset.user_ids[0] == "会员1"
    assert dataset.item_ids[2] == "《三国演义》第3册"
    assert dataset.times is not None
    assert dataset.times[0] == 1704067200


def test_big5_is_found(write: Write) -> None:
    lines = "".join(f"會員{i},三國演義第{i}冊與紅樓夢的閱讀筆記,{i % 5 + 1}\n" for i in range(1, 29))
    dataset = read(write("orders.csv", "會員編號,商品,評分\n" + lines, "big5"), user="會員編號").dataset
    assert dataset.item_ids[0] == "三國演義第1冊與紅樓夢的閱讀筆記"


def test_latin_1_is_found_even_where_the_sample_is_plain_ascii(write: Write) -> None:
    lines = [f"u{i},item {i}\n" for i in range(60_000)] + ["Amélie,Les Misérables\n"] * 2
    dataset = read(write("latin.csv", "user,item\n" + "".join(lines), "latin-1")).dataset
    assert preview(write("latin.csv", "user,item\n" + "".join(lines), "latin-1")).dialect.encoding == "utf-8"
    assert dataset.item_ids[-1] == "Les Misérables"
    assert not dataset.report["rejected"]


def test_ids_stay_as_they_stand(write: Write) -> None:
    ids = ["007", "7", "1e5", "1234567890123456789", "NULL", "nan", "1.0", "-0", "a'b", 'say "hi"', "é", "０"]
    lines = "".join('u1,"' + name.replace('"', '""') + '"\n' for name in ids)
    assert list(read(write("ids.csv", "user,item\n" + lines)).dataset.item_ids) == ids


def test_blanks_around_ids_go_and_nothing_else_does(write: Write) -> None:
    dataset = read(write("a.csv", "user,item\n u 1\t,0a3u\n\u3000u 1\u00a0, \\t0\n")).dataset
    assert list(dataset.user_ids) == ["u 1"]
    assert list(dataset.item_ids) == ["0a3u", "\\t0"]


def test_parquet_and_packed_parquet(tmp_path: Path, write: Write) -> None:
    frame = pd.DataFrame(
        {
            "user": [10**18 + 1, 10**18 + 2, 10**18 + 1],
            "item": ["007", "8", "9"],
            "rating": [1.5, np.nan, 3.0],
            "timestamp": pd.to_datetime(["2024-01-02 00:00:00", "2024-01-01 00:00:00", "2024-01-01 00:00:01"]),
        }
    )
    path = tmp_path / "a.parquet"
    frame.to_parquet(path)
    for file in (path, write("b.parquet.gz", gzip.compress(path.read_bytes()))):
        assert preview(file).columns == ["user", "item", "rating", "timestamp"]
        dataset = read(file).dataset
        assert pairs(dataset) == [(str(10**18 + 1), "9"), (str(10**18 + 1), "007"), (str(10**18 + 2), "8")]
        assert dataset.times is not None
        assert list(dataset.times) == [1704067201, 1704153600, 1704067200]


def test_json_lines(write: Write) -> None:
    rows = [
        {"reviewerID": "A1", "asin": "0007", "overall": 5.0, "unixReviewTime": 1252800000, "style": {"a": 1}},
        {"reviewerID": "A2", "asin": "8", "overall": 3, "unixReviewTime": 1252800001},
    ]
    text = json.dumps(rows[0]) + "\n\n" + json.dumps(rows[1]) + "\n{broken\n[1]\n" + json.dumps({"asin": "9"}) + "\n"
    for path in (write("r.jsonl", text), write("r.jsonl.gz", gzip.compress(text.encode()))):
        result = read(path)
        assert pairs(result.dataset) == [("A1", "0007"), ("A2", "8")]
        assert [(reject.line, reject.reason, reject.raw) for reject in result.rejects] == [
            (4, "not a JSON object", "{broken"),
            (5, "not a JSON object", "[1]"),
            (6, "no user id", '{"asin": "9"}'),
        ]


def test_movielens_dat_files_in_latin_1(write: Write) -> None:
    ratings = write("ratings.dat", "1::1193::5::978300760\n1::661::3::978302109\n2::1193::4::978298413\n")
    movies = "661::Misérables, Les (1995)::Drama|Musical\n1193::One Flew: Over (1975)::Drama\n5::Léon (1994)::Crime\n"
    path = write("movies.dat", movies, "latin-1")
    plan = propose([path, ratings])
    assert (plan.interactions, plan.items) == (ratings, path)
    result = import_files(plan)
    assert list(result.dataset.item_features.columns) == ["title", "genres"]
    assert list(result.dataset.titles) == ["One Flew: Over (1975)", "Misérables, Les (1995)"]
    assert result.unused_items.to_dict("records") == [{"item": "5", "title": "Léon (1994)", "genres": "Crime"}]


def test_recbole_files(write: Write) -> None:
    inter = write(
        "ml.inter", "user_id:token\titem_id:token\trating:float\ttimestamp:float\n1\t10\t4\t5.0\n2\t20\t3\t6\n"
    )
    item = write("ml.item", "item_id:token\tmovie_title:token_seq\tclass:token_seq\n10\tToy Story\tAnimation\n")
    write("ml.user", "user_id:token\tage:token\n1\t24\n")
    plan = propose([inter.parent])
    assert (plan.interactions, plan.items, plan.name) == (inter, item, "ml")
    dataset = import_files(plan).dataset
    assert list(dataset.item_features.columns) == ["movie_title", "class"]
    assert list(dataset.titles) == ["Toy Story", "20"]
    assert dataset.report["items_without_features"] == 1
    assert read(inter, user="user_id:token").dataset.n_users == 2


def test_every_bad_value_is_told_with_line_column_and_value(write: Write) -> None:
    text = (
        "user,item,rating,time\n"
        'u1,"two\nlines",4,100000001\n'  # lines 2 and 3
        "\n"
        'u1,5" disc,good,100000002\n'  # 5
        ",i1,3,100000003\n"
        "u2, ,3,100000004\n"
        "u2,i2,3,soon\n"  # 8
        "u2,i2,3\n"
        "\n"
        "\n"
        "u2,i2,3,4,5\n"  # 12
        "u3,i3,,100000005\n"
        "u3,i3,inf,100000006\n"  # 14
        "u3,i4,5,"
    )
    result = read(write("bad.csv", text))
    told = [(reject.line, reject.column, reject.value, reject.reason) for reject in result.rejects]
    assert told == [
        (5, "rating", "good", "a rating that is no number"),
        (6, "user", "", "no user id"),
        (7, "item", " ", "no item id"),
        (8, "time", "soon", "a time that cannot be read"),
        (9, "", "", "too few fields (3 instead of 4)"),
        (12, "", "", "too many fields (5 instead of 4)"),
        (14, "rating", "inf", "a rating that is no number"),
        (15, "time", "", "a time that cannot be read"),
    ]
    assert all(reject.file == "bad.csv" for reject in result.rejects)
    assert result.rejects[0].raw == 'u1,5" disc,good,100000002'
    assert result.rejects[4].raw == "u2,i2,3"
    assert pairs(result.dataset) == [("u1", "two\nlines"), ("u3", "i3")]
    assert result.dataset.report["read"] == 10
    assert result.dataset.ratings is not None
    assert np.isnan(result.dataset.ratings[1])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_hold_with_all_line_ends_and_lines_above_the_table(write: Write, end: str) -> None:
    lines = ["", "Export of the shop", "", "user;item;rating", "a;b;1", "", "a;c;x", "a;d", "b;c;2", "b;c;y"]
    path = write("a.csv", end.join(lines))
    assert preview(path).dialect.skip == 3
    assert "The table begins in line 4" in preview(path).notes[1]
    result = read(path)
    assert [(reject.line, reject.value) for reject in result.rejects] == [(7, "x"), (8, ""), (10, "y")]


def test_mixed_line_ends_are_read(write: Write) -> None:
    assert pairs(read(write("m.csv", "user,item\r\na,1\nb,2\r\nc,3\n")).dataset) == [("a", "1"), ("b", "2"), ("c", "3")]


def test_line_numbers_in_a_large_file(write: Write) -> None:
    lines = [f"u{i % 997},i{i % 1009},{i % 5},{10**9 + i}" for i in range(300_000)]
    lines[123_456] = "u1,i1,bad,1"
    lines[222_222] = "u1"
    lines[299_999] = "u1,i1,3,never"
    result = read(write("large.csv", "user,item,rating,time\n" + "\n".join(lines) + "\n"))
    assert [reject.line for reject in result.rejects] == [123_458, 222_224, 300_001]
    assert result.dataset.n_interactions == 299_997


def test_undecodable_ids_are_rejected_and_told(write: Write) -> None:
    text = (
        "用户,商品\n".encode() + "".join(f"会员{i},书{i}\n" for i in range(50)).encode() + b"x\xff\xfe,\xe4\xb9\xa6\n"
    )
    result = read(write("a.csv", text))
    assert result.dataset.n_interactions == 50
    assert [(r.line, r.reason) for r in result.rejects] == [(52, "an id with characters that do not fit the encoding")]
    assert "2 characters of “a.csv” do not fit its encoding (utf-8)." in result.dataset.report["notes"]


TIMES = {
    "964982703": 964982703,
    "964982703123": 964982703,
    "2024-01-31": 1706659200,
    "2024-01-31T10:00:00Z": 1706695200,
    "2024-01-31 10:00:00.75": 1706695200,
    "2024-01-31T10:00:00+08:00": 1706666400,
    "2024-01-31 10:00:00+08": 1706666400,
    "2024/1/31 10:00": 1706695200,
    "2024年1月31日": 1706659200,
    "2024.01.31": 1706659200,
    "31.01.2024 10:00": 1706695200,
    "31/01/2024": 1706659200,
    "01/31/2024 10:00:00 PM": 1706738400,
    "01/31/24": 1706659200,
    "20240131": 1706659200,
    "20240131100000": 1706695200,
    "Jan 31, 2024": 1706659200,
    "31 January 2024": 1706659200,
    "01 31, 2024": 1706659200,
    "Wed Jan 31 10:00:00 2024": 1706695200,
}


@pytest.mark.parametrize("text", TIMES)
def test_times_of_every_common_form(write: Write, text: str) -> None:
    dataset = read(write("t.tsv", f"user\titem\ttime\na\tb\t{text}\na\tc\t{text}\n")).dataset
    assert dataset.times is not None
    assert list(dataset.times) == [TIMES[text]] * 2


def test_one_day_above_twelve_decides_all_dates(write: Write) -> None:
    lines = [f"u,i{i},0{i % 9 + 1}/02/2024" for i in range(5000)] + ["u,z,13/02/2024"]
    dataset = read(write("t.csv", "user,item,date\n" + "\n".join(lines))).dataset
    assert dataset.times is not None
    assert dataset.times[-1] == 1707782400
    assert not dataset.report["rejected"]
    assert not dataset.report["notes"]


def test_dates_that_could_be_either_are_told(write: Write) -> None:
    notes = read(write("t.csv", "user,item,date\na,b,01/02/2024\na,c,03/04/2024\n")).dataset.report["notes"]
    assert notes == ["The dates could be read with the day or the month first; the month was taken."]


def test_decimal_commas(write: Write) -> None:
    dataset = read(write("r.csv", "user;item;rating\na;b;4,5\na;c;3\n")).dataset
    assert dataset.ratings is not None
    assert list(dataset.ratings) == [4.5, 3.0]


REPEATS = "user,item,rating,time\na,x,3,10\na,x,3,10\na,x,3,20\na,x,4,10\nb,x,3,10\nb,y,1,10\n"


@pytest.mark.parametrize(
    ("policy", "dropped", "ratings"),
    [
        ("exact", {"exact duplicates": 1}, [3, 4, 3, 3, 1]),
        ("first", {"repeats, first kept": 3}, [3, 3, 1]),
        ("last", {"repeats, last kept": 3}, [3, 3, 1]),
        ("all", {}, [3, 3, 4, 3, 3, 1]),
    ],
)
def test_duplicates(write: Write, policy: str, dropped: dict[str, int], ratings: list[float]) -> None:
    dataset = read(write("d.csv", REPEATS), duplicates=policy).dataset
    assert dataset.report["dropped"] == dropped
    assert dataset.ratings is not None
    assert list(dataset.ratings) == ratings
    if policy == "last":
        assert dataset.times is not None
        assert dataset.times[0] == 20


def test_without_times_repeats_are_kept_and_told(write: Write) -> None:
    dataset = read(write("d.csv", "user,item\na,x\na,x\nb,y\n")).dataset
    assert dataset.n_interactions == 3
    assert any(note.startswith("1 rows repeat") for note in dataset.report["notes"])


def test_minimum_rating_and_core_are_counted(write: Write) -> None:
    text = "user,item,rating\n" + "".join(
        f"{u},{i},{r}\n"
        for u, i, r in [("a", 1, 5), ("a", 2, 5), ("b", 1, 4), ("b", 2, 5), ("c", 1, 5), ("c", 3, 5), ("d", 2, 1)]
    )
    dataset = read(write("k.csv", text), min_rating=3, k_core=2).dataset
    assert dataset.report["dropped"] == {"rating below 3": 1, "2-core": 2}
    assert pairs(dataset) == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]


def test_a_rule_that_leaves_nothing_says_so(write: Write) -> None:
    with pytest.raises(DataError, match=r"Nothing of “d\.csv” is left after cleaning \(exact duplicates, 9-core\)"):
        read(write("d.csv", REPEATS), k_core=9)


def test_minimum_rating_without_ratings_is_refused(write: Write) -> None:
    with pytest.raises(UsageError, match="has no ratings"):
        read(write("d.csv", "user,item\na,b\na,c\n"), min_rating=3)


def test_items_file_is_joined_on_ids_as_text(write: Write) -> None:
    ratings = write("r.csv", "user,item\na,007\na,8\nb,9\n")
    items = write("i.csv", 'id,name,tags\n007,  Cafe\u0301 ,"a, b"\n7,Wrong,\n8,"Two\nlines",x\n8,Again,y\n,nobody,\n')
    result = read(ratings, items=items)
    dataset = result.dataset
    assert list(dataset.titles) == ["Café", "Two\nlines", "9"]
    assert list(dataset.item_features["tags"]) == ["a, b", "x", ""]
    assert list(result.unused_items["id"]) == ["7"]
    assert dataset.report["items_without_features"] == 1
    assert "2 rows of “i.csv” repeat an id or have none; the first of each id counts." in dataset.report["notes"]


def test_lines_of_the_items_file_that_cannot_be_read_are_rejects_too(write: Write) -> None:
    items = write("i.csv", "item,title,kind\nx,Ex,1\ny,Why\nz,Zed,2\n")
    result = read(write("r.csv", "user,item\na,x\na,y\na,z\n"), items=items)
    assert [(r.file, r.line, r.raw) for r in result.rejects] == [("i.csv", 3, "y,Why")]
    assert "1 lines of “i.csv” could not be read." in result.dataset.report["notes"]


def test_lists_in_item_features_become_words(write: Write) -> None:
    lines = [{"asin": "x", "title": "Ex", "categories": [["Beauty", "Hair"], ["Gift"]]}, {"asin": "y", "title": "Why"}]
    items = write("meta.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
    dataset = read(write("r.csv", "user,asin\na,x\na,y\n"), items=items).dataset
    assert list(dataset.item_features["categories"]) == ["Beauty, Hair, Gift", ""]


def test_an_items_file_of_something_else_is_refused(write: Write) -> None:
    items = write("i.csv", "item,title\nq,Cue\n")
    with pytest.raises(DataError, match=r"No column of “i\.csv” holds ids of items of “r\.csv”"):
        read(write("r.csv", "user,item\na,x\na,y\n"), items=items)


def test_titles_may_stand_in_the_interactions(write: Write) -> None:
    dataset = read(write("r.csv", "用户ID,商品编号,商品名称\na,1,\na,1,红楼梦\nb,2,三体\n")).dataset
    assert list(dataset.titles) == ["红楼梦", "三体"]


def test_roles_can_be_corrected(write: Write) -> None:
    path = write("r.csv", "user_id,movie_id,shop,rating\na,x,s1,good\na,y,s2,bad\n")
    dataset = read(path, item="shop", rating="").dataset
    assert list(dataset.item_ids) == ["s1", "s2"]
    assert dataset.ratings is None


def test_the_dialect_can_be_corrected(write: Write) -> None:
    path = write("r.txt", "a|b c|d\n")
    dialect = Dialect(separator=" ", header=False, quote="")
    assert preview(path, dialect).rows == [["a|b", "c|d"]]


BAD_FILES: dict[str, tuple[str | bytes, str]] = {
    "empty.csv": ("", "is empty"),
    "blank.csv": ("\n \n\n", "is empty"),
    "header.csv": ("user,item\n", "has a header but no rows"),
    "one.csv": ("user\na\nb\n", "single column"),
    "words.csv": (
        "user,item,rating\na,x,good\nb,y,bad\n",
        r"line 2, column “rating”, has a rating that is no number: “good”",
    ),
    "binary.csv": (bytes(range(256)) * 20, "is not a text file"),
    "page.csv": ("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", "is a web page"),
    "cut.csv.gz": (gzip.compress(b"user,item\n" + os.urandom(5000).hex().encode())[:3000], "damaged or cut short"),
    "cut.parquet": (b"PAR1" + b"\0" * 100, "damaged Parquet"),
    "single.csv": ("user,item\na,x\nb,x\n", "has a single item"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_get_a_sentence(write: Write, name: str) -> None:
    content, sentence = BAD_FILES[name]
    with pytest.raises(DataError, match=sentence) as caught:
        read(write(name, content))
    assert name.split(".")[0] in caught.value.sentence
    assert caught.value.suggestion


def test_missing_files_and_columns_get_a_sentence(write: Write, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no file"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(DataError, match="is a folder"):
        read(tmp_path)
    path = write("r.csv", "client_name,thing,stars\na,x,1\nb,y,2\n")
    with pytest.raises(
        DataError, match=r"“r\.csv” has no column “userId”\. Its columns are: client_name, thing, stars"
    ):
        read(path, user="userId")
    with pytest.raises(DataError, match=r"which column of “r\.csv” holds the items\. Say which\. Its columns are"):
        read(path)
    assert read(path, item="thing").dataset.n_items == 2


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom the system can refuse")
def test_a_file_that_may_not_be_read(write: Write) -> None:
    path = write("r.csv", "user,item\na,x\n")
    path.chmod(0)
    with pytest.raises(DataError, match="may not be read"):
        read(path)


def test_one_interaction_a_user_can_be_imported(write: Write) -> None:
    assert read(write("r.csv", "user,item\na,x\nb,y\n")).dataset.n_users == 2


@pytest.mark.parametrize("name", ["a[1].csv", "b*.csv", "c?.csv", "d=1", "e 'f' “g”.csv", "ünï 书.csv"])
def test_odd_file_names_are_taken_literally(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "user=wrong"
    folder.mkdir(parents=True)
    (folder / "a1.csv").write_text("user,item\nWRONG,1\nWRONG,2\n")
    (folder / name).write_text("user,item\nright,1\nright,2\n")
    assert list(read(folder / name).dataset.user_ids) == ["right"]


def test_propose_leaves_the_decision_to_the_person_where_names_say_nothing(write: Write) -> None:
    path = write("visits.csv", "who,what,n\nann1,tea1,1\nann1,ham1,2\nbob2,tea1,3\n")
    plan = propose([path])
    assert plan == ImportPlan(path, name="visits")
    assert preview(path).roles == {}


def test_cancelling_answers_within_a_second_and_leaves_nothing(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("big.csv", "user,item,time\r\n" + "".join(f"u{i},i{i % 1000},{i}\n" for i in range(1_500_000)))
    folder = path.parent / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    for delay in (0.0, 0.3, 0.8):
        stop = threading.Event()
        threading.Timer(delay, lambda stop=stop: (setattr(stop, "at", time.monotonic()), stop.set())).start()
        with pytest.raises(CancelledError):
            import_files(ImportPlan(path), cancelled=stop.is_set)
        assert time.monotonic() - stop.at < 2  # type: ignore[attr-defined]
        assert not list(folder.iterdir())


def test_progress_rises_to_one_in_sentences(write: Write) -> None:
    told: list[tuple[float, str]] = []
    import_files(ImportPlan(write("r.csv", "user,item\na,x\nb,y\n")), lambda *step: told.append(step))
    assert [fraction for fraction, _ in told] == sorted(fraction for fraction, _ in told)
    assert told[-1][0] == 1.0
    assert all(sentence for _, sentence in told)


def test_plans_survive_json(write: Write) -> None:
    plan = ImportPlan(Path("a.csv"), Path("b.csv"), "n", Dialect(separator="::"), None, "u", min_rating=2.5)
    assert ImportPlan.from_dict(json.loads(json.dumps(plan.to_dict()))) == plan


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=6)


@given(
    rows=st.lists(st.tuples(TEXT, TEXT, st.integers(0, 10**9)), min_size=2, max_size=20),
    separator=st.sampled_from([",", "\t", ";", "|"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "gb18030"]),
)
def test_any_table_reads_back_identical(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]], separator: str, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("any") / "data.csv"
    quoted = [
        [f'"{user.replace(chr(34), chr(34) * 2)}"', f'"{item.replace(chr(34), chr(34) * 2)}"', str(t)]
        for user, item, t in rows
    ]
    lines = [separator.join(row) for row in [["user", "item", "time"], *quoted]]
    path.write_bytes("\n".join(lines).encode(encoding))
    plan = ImportPlan(path, dialect=Dialect(separator=separator, encoding=encoding), duplicates="all")
    if len({item for _, item, _ in rows}) < 2:
        with pytest.raises(DataError, match="single item"):
            import_files(plan)
        return
    result = import_files(plan)
    assert not result.rejects
    users = list(dict.fromkeys(user for user, _, _ in rows))
    expected = sorted(rows, key=lambda row: (users.index(row[0]), row[2]))
    assert pairs(result.dataset) == [(user, item) for user, item, _ in expected]
    assert result.dataset.times is not None
    assert list(result.dataset.times) == [time for _, _, time in expected]
