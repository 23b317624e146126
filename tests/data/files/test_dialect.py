"""How a file is written, found from its beginning."""

from pathlib import Path

import pytest

from recdesk.data.files.dialect import Dialect
from recdesk.data.files.encodings import SAMPLE_BYTES, find_encoding
from recdesk.data.files.source import Source
from tests.data.making import TEXTS, delimited, write, write_jsonl, write_parquet, write_table

NAMED = [["user", "item", "rating", "time"]]
ROWS = [[f"u{n % 7}", f"i{n % 11}", str(n % 5 + 1), str(1_700_000_000 + n)] for n in range(30)]
SEPARATORS = [",", "\t", ";", "|", " ", "::"]


@pytest.mark.parametrize("packed", ["", ".gz"])
@pytest.mark.parametrize("separator", SEPARATORS)
def test_the_separator_the_header_and_the_packing_are_found(separator: str, packed: str, tmp_path: Path) -> None:
    named = Source(write_table(tmp_path / f"named{packed}", NAMED + ROWS, separator)).sniffed
    bare = Source(write_table(tmp_path / f"bare{packed}", ROWS, separator)).sniffed
    for found, header in ((named, True), (bare, False)):
        assert found.form == "delimited"
        assert found.separator == separator
        assert found.header is header
        assert found.packed == ("gzip" if packed else "")
        assert found.skip == 0
        assert found.encoding == "utf-8"


@pytest.mark.parametrize("separator", SEPARATORS)
def test_two_columns_are_enough(separator: str, tmp_path: Path) -> None:
    path = write_table(tmp_path / "two", [row[:2] for row in ROWS], separator)
    assert (Source(path).sniffed.separator, Source(path).sniffed.header) == (separator, False)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems(end: str, tmp_path: Path) -> None:
    found = Source(write(tmp_path / "f.csv", delimited(NAMED + ROWS, end=end))).sniffed
    assert found == Dialect(separator=",", header=True)


def test_a_last_line_without_an_end_counts(tmp_path: Path) -> None:
    assert Source(write(tmp_path / "f.csv", "user,item\na,b")).sniffed == Dialect(separator=",", header=True)


def test_commas_inside_quotes_separate_nothing(tmp_path: Path) -> None:
    rows = [["1", "Godfather, The (1972)", "5"], ["2", "Good, the Bad, the Ugly", "4"], ["3", "Heat", "4"]]
    assert Source(write_table(tmp_path / "f.csv", rows, ";")).sniffed.separator == ";"
    found = Source(write_table(tmp_path / "f.csv", rows)).sniffed
    assert (found.separator, found.quote, found.header) == (",", '"', False)


@pytest.mark.parametrize("separator", ["\t", "::"])
def test_quotes_in_the_middle_of_texts_do_not_quote(separator: str, tmp_path: Path) -> None:
    rows = [[str(n), f'Size {n}" (1999)', "5"] for n in range(1, 10)]
    content = "\n".join(separator.join(row) for row in rows)
    assert Source(write(tmp_path / "f", content)).sniffed.quote == ""


def test_tabs_with_quoted_texts_are_read_with_quotes(tmp_path: Path) -> None:
    rows = [[str(n), f"a\t{n}", "5"] for n in range(1, 10)]
    assert Source(write_table(tmp_path / "f.tsv", rows, "\t")).sniffed.quote == '"'


@pytest.mark.parametrize(
    ("above", "skip"),
    [("", 0), ("\n\n", 2), ("# made by a shop\n", 1), ("Sales of 2024\n\n", 2), ("sep=;\n", 1)],
)
def test_lines_above_the_table_are_left_out(above: str, skip: int, tmp_path: Path) -> None:
    found = Source(write(tmp_path / "f.csv", above + delimited(NAMED + ROWS, ";"))).sniffed
    assert (found.skip, found.header, found.separator) == (skip, True, ";")


@pytest.mark.parametrize(
    ("first", "header"),
    [
        (["user_id", "item_id", "rating", "timestamp"], True),
        (["user_id:token", "item_id:token", "rating:float", "timestamp:float"], True),
        (["用户", "商品", "评分", "时间"], True),
        (["who", "what", "how much", "moment"], True),  # texts above values with digits
        (["u0", "i3", "4", "1700000099"], False),
    ],
)
def test_a_header_is_told_from_a_row(first: list[str], header: bool, tmp_path: Path) -> None:
    assert Source(write_table(tmp_path / "f.csv", [first, *ROWS])).sniffed.header is header


def test_text_ids_without_header_are_rows(tmp_path: Path) -> None:
    rows = [["anna", "apple"], ["bob", "pear"], ["anna", "plum"], ["carl", "apple"]]
    assert Source(write_table(tmp_path / "f.csv", rows)).sniffed.header is False


def test_parquet_and_json_lines_are_told_by_what_is_in_them(tmp_path: Path) -> None:
    for packed in ("", ".gz"):
        found = Source(write_parquet(tmp_path / f"data.csv{packed}", {"user": ["a"], "item": ["b"]})).sniffed
        assert (found.form, found.packed) == ("parquet", "gzip" if packed else "")
        found = Source(write_jsonl(tmp_path / f"data.txt{packed}", [{"user": "a", "item": "b"}])).sniffed
        assert (found.form, found.packed, found.encoding) == ("jsonl", "gzip" if packed else "", "utf-8")


ENCODED = [
    ("utf-8", "utf-8", "chinese"),
    ("utf-8-sig", "utf-8-sig", "chinese"),
    ("utf-16", "utf-16", "chinese"),
    ("utf-16-le", "utf-16-le", "german"),
    ("utf-16-be", "utf-16-be", "german"),
    ("utf-16-le", "utf-16-le", "chinese"),
    ("utf-16-be", "utf-16-be", "japanese"),
    ("gb18030", "gb18030", "chinese"),
    ("gbk", "gb18030", "chinese"),
    ("big5", "big5", "traditional"),
    ("shift_jis", "shift_jis", "japanese"),
    ("cp1252", "cp1252", "french"),
]


@pytest.mark.parametrize(("written", "found", "language"), ENCODED)
def test_the_encoding_is_found(written: str, found: str, language: str) -> None:
    rows = [[str(n), title, "5"] for n, title in enumerate(TEXTS[language])]
    assert find_encoding(delimited([["id", "title", "rating"], *rows]).encode(written)) == found


def test_latin_1_is_read_as_what_it_says() -> None:
    rows = [[str(n), title, "5"] for n, title in enumerate(TEXTS["german"])]
    raw = delimited(rows).encode("latin-1")
    assert raw.decode(find_encoding(raw)) == raw.decode("latin-1")  # cp1252 has the same letters


def test_a_character_cut_by_the_end_of_the_sample_does_not_mislead(tmp_path: Path) -> None:
    line = "用户,物品\n".encode()
    for more in range(3):
        content = b"u" * more + b",i\n" + line * (SAMPLE_BYTES // len(line) + 10)
        assert Source(write(tmp_path / "f.csv", content)).sniffed.encoding == "utf-8"


def test_a_dialect_comes_back_from_its_plain_values() -> None:
    dialect = Dialect("delimited", "big5", "::", "", "", False, "gzip", 3)
    assert Dialect.from_dict(dialect.to_dict()) == dialect


def test_a_letter_at_the_very_end_counts() -> None:
    assert find_encoding(b"id,name\n1,caf\xe9") == "latin-1"
