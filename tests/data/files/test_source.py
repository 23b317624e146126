"""A file whose beginning is read once, whatever is then found out about it."""

import gzip
import zipfile
from pathlib import Path
from typing import Any

import pytest

from recdesk.core.errors import DataError
from recdesk.data.files.dialect import Dialect
from recdesk.data.files.source import Source
from recdesk.data.planning import preview, propose
from tests.data.making import write

ROWS = "user,item,time\n" + "".join(f"u{n % 5},i{n % 3},{1_600_000_000 + n}\n" for n in range(40))


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were opened."""
    names: list[str] = []
    real = Path.open

    def counting(path: Path, *more: Any, **options: Any) -> Any:
        names.append(path.name)
        return real(path, *more, **options)

    monkeypatch.setattr(Path, "open", counting)
    return names


def test_a_preview_opens_a_file_once(tmp_path: Path, opened: list[str]) -> None:
    path = write(tmp_path / "f.csv", ROWS)
    opened.clear()
    assert preview(path).roles == {"user": "user", "item": "item", "time": "time"}
    assert opened == ["f.csv"]


def test_files_among_which_the_roles_are_sought_are_opened_once_each(tmp_path: Path, opened: list[str]) -> None:
    log = write(tmp_path / "log.csv", ROWS)
    goods = write(tmp_path / "goods.csv", "item,title\n" + "".join(f"i{n},Thing no {n}\n" for n in range(3)))
    opened.clear()
    assert propose([goods, log]).items == goods
    assert sorted(opened) == ["goods.csv", "log.csv"]


def test_a_packed_file_tells_its_packing_before_it_is_unpacked(tmp_path: Path, opened: list[str]) -> None:
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(ROWS.encode()))
    opened.clear()
    source = Source(path)
    assert (source.packed, source.members, opened) == ("gzip", [], ["f.csv.gz"])
    assert source.dialect == Dialect(packed="gzip")
    assert source.columns(rows=2).rows == [["u0", "i0", "1600000000"], ["u1", "i1", "1600000001"]]
    assert len(opened) == 2


def test_the_files_in_a_zip_file_are_sources_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "f.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("log.csv", ROWS)
        archive.writestr("goods.csv", "item;title\ni0;Thing\n")
        archive.writestr("README.txt", "about")
    source = Source(path)
    assert source.members == ["log.csv", "goods.csv"]
    assert [source.inside(member).dialect.separator for member in source.members] == [",", ";"]
    with pytest.raises(DataError, match=r"holds several files: log\.csv, goods\.csv"):
        assert source.dialect


def test_what_is_known_is_taken_as_it_is_and_the_rest_found(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "a line above\nu,i\na;b,x\nc,y\n")
    found = Source(path, separator=",", skip=1, header=True).dialect
    assert (found.separator, found.skip, found.header, found.encoding) == (",", 1, True, "utf-8")
    given = Source(path, found)
    assert given.dialect is found
    assert given.columns().rows == [["a;b", "x"], ["c", "y"]]
