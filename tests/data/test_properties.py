"""What must hold for any table, written in any way."""

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError
from recdesk.data.cleaning.rules import Duplicates
from recdesk.data.columns.left_out import SPELLINGS, SUSPECTS
from recdesk.data.files.dialect import Dialect
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.making import delimited

Row = tuple[str, str, str, int]
"""User, item, rating and time."""
Read = dict[str, list[tuple[str, float, int]]]
"""Each user's items, ratings and times, by time."""
HEADER = ["user", "item", "rating", "time"]
BLANKS = " \t\u00a0\u3000"

plain = st.text("abcxyzABC0123456789-_.@", min_size=1, max_size=8)
wild = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co"), exclude_characters="\ufeff\ufffd"), max_size=12
)
chinese = st.text("用户物品电影甲乙丙丁戊己庚辛", min_size=1, max_size=5)
western = st.text("äöüÄÖÜßéèêàç abc123,;|\"'", max_size=8)


def ids(*kinds: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Texts that are ids: something is left when they are trimmed, which does not stand for nobody and is no whole
    number written as a decimal."""
    nobody = {"", *SPELLINGS, *SUSPECTS}
    texts = st.one_of(*kinds).map(lambda text: text.strip(BLANKS))
    return texts.filter(lambda text: text not in nobody and not text.endswith(".0"))


def tables(*kinds: st.SearchStrategy[str], least: int = 1) -> st.SearchStrategy[list[Row]]:
    """Rows of user, item, rating and time."""
    ratings = st.one_of(st.just(""), st.integers(-5, 10).map(str), st.floats(0, 5, width=16).map(repr))
    times = st.integers(0, 99_999_999) | st.integers(631_152_000, 1_790_000_000)  # others are asked about
    row = st.tuples(ids(*kinds), ids(*kinds), ratings, times)
    return st.lists(row, min_size=least, max_size=30)


def expected(rows: list[Row]) -> Read:
    """Each user's (item, rating, time) by time, ties in file order, by plain Python."""
    users: Read = {}
    for user, item, rating, time in rows:
        users.setdefault(user, []).append((item, np.float32(rating or "nan").item(), time))
    return {user: sorted(own, key=lambda row: row[2]) for user, own in users.items()}


def read(content: bytes, name: str, dialect: Dialect | None) -> tuple[Read, list[str]]:
    """Each user's (item, rating, time) as imported, and the items in the order of their codes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        roles = dict(zip(HEADER, HEADER, strict=True))
        if dialect is not None and not dialect.header:
            roles = dict(zip(HEADER, preview(path, dialect).columns, strict=True))
        plan = ImportPlan(path, dialect=dialect, duplicates="all", **roles)  # type: ignore[arg-type]
        dataset = import_files(plan).dataset
    found = {}
    for at, user in enumerate(dataset.user_ids):
        rows = slice(*dataset.offsets[at : at + 2].tolist())
        items = dataset.item_ids[dataset.items[rows] - 1]
        ratings = dataset.ratings if dataset.ratings is not None else np.full(dataset.n_interactions, np.nan)
        assert dataset.times is not None
        found[user] = list(zip(items, ratings[rows].tolist(), dataset.times[rows].tolist(), strict=True))
    return found, dataset.item_ids.tolist()


def assert_same(rows: list[Row], content: bytes, name: str, dialect: Dialect | None = None) -> None:
    try:
        found, items = read(content, name, dialect)
    except DataError as error:
        assert "single item" in error.sentence
        assert len({item for _, item, *_ in rows}) == 1
        return
    wanted = expected(rows)
    assert list(found) == list(wanted)
    for user, own in wanted.items():
        np.testing.assert_equal(found[user], own)
    assert items == list(dict.fromkeys(item for _, item, *_ in rows))


def content_of(rows: list[Row], named: bool, separator: str, end: str, quote: str = '"') -> str:
    texts = [list(map(str, row)) for row in rows]
    return delimited(([HEADER] if named else []) + texts, separator, quote, end)


SAID = [
    ("utf-8", (plain, wild)),
    ("utf-8-sig", (plain, wild)),
    ("utf-16", (plain, wild)),
    ("utf-16-le", (plain, chinese)),
    ("utf-16-be", (plain, western)),
    ("gb18030", (plain, wild)),
    ("big5", (plain,)),
    ("shift_jis", (plain,)),
    ("cp1252", (plain, western)),
    ("latin-1", (plain, western)),
]


@pytest.mark.slow
@settings(max_examples=30)
@given(
    st.sampled_from(SAID).flatmap(lambda said: st.tuples(st.just(said[0]), tables(*said[1]))),
    st.sampled_from([",", "\t", ";", "|", " "]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.booleans(),
)
def test_any_table_in_any_dialect_that_is_said_reads_back(
    written: tuple[str, list[Row]], separator: str, end: str, named: bool, packed: bool
) -> None:
    encoding, rows = written
    content = content_of(rows, named, separator, end).encode(encoding)
    dialect = Dialect(encoding=encoding, separator=separator, header=named, packed="gzip" if packed else "")
    assert_same(rows, gzip.compress(content, 1) if packed else content, "f", dialect)


bare = ids(plain, chinese)


@pytest.mark.slow
@settings(max_examples=20)
@given(tables(bare), st.sampled_from(["::", "\t", "||", "~#~"]), st.booleans())
def test_any_table_without_quotes_reads_back(rows: list[Row], separator: str, named: bool) -> None:
    content = content_of(rows, named, separator, "\n", quote="").encode()
    assert_same(rows, content, "f.dat", Dialect(separator=separator, quote="", header=named))


@pytest.mark.slow
@settings(max_examples=25)
@given(
    tables(plain, chinese, least=3),
    st.sampled_from([",", "\t", ";", "|", " ", "::"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
)
def test_any_table_with_a_header_is_found_out_and_reads_back(
    rows: list[Row], separator: str, encoding: str, end: str, packed: bool
) -> None:
    filled = [(user, item, rating or "3", time) for user, item, rating, time in rows]
    content = content_of(filled, True, separator, end).encode(encoding)
    assert_same(filled, gzip.compress(content, 1) if packed else content, "f.csv")


# --- damaged tables ---

cell = st.one_of(
    plain, st.just(""), st.just(" "), chinese, st.sampled_from(['"', 'a"b', '"a', "3", "-1", "2024-01-01", "nan"])
)
line = st.one_of(
    st.tuples(plain, plain, st.sampled_from(["1", "4.5", ""]), st.integers(1, 10**9).map(str)).map(",".join),
    st.lists(cell, max_size=6).map(",".join),
)


@pytest.mark.slow
@example(lines=['",a"b,",a"b,'], end="\n", duplicates="exact")
@settings(max_examples=30)
@given(
    st.lists(line, max_size=25),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["exact", "first", "last", "all"]),
)
def test_every_row_of_any_text_is_accounted_for(lines: list[str], end: str, duplicates: Duplicates) -> None:
    body = ["u1,i1,5,100", "u2,i2,4,200", *lines]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.csv"
        path.write_bytes(end.join([",".join(HEADER), *body]).encode())
        plan = ImportPlan(path, dialect=Dialect(), min_rating=1.0, duplicates=duplicates)
        result = import_files(plan)
    report = result.dataset.report
    assert report["read"] == report["kept"] + sum(report["rejected"].values()) + sum(report["dropped"].values())
    assert report["kept"] == result.dataset.n_interactions
    assert len(result.rejects) == sum(report["rejected"].values())
    shown = ["", ",".join(HEADER), *body]
    for reject in result.rejects:
        assert 2 <= reject.line < len(shown)
        assert reject.raw.splitlines()[:1] == [shown[reject.line]][: len(reject.raw.splitlines())]
    if '"' not in "".join(lines):
        assert report["read"] == sum(text.strip() != "" for text in body)
