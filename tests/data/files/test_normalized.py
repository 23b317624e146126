"""Copies of packed files and of foreign encodings: they tell how far they are, and can be given up."""

import bz2
import io
import itertools
import lzma
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.files import compression, limits, normalized
from recdesk.data.files.normalized import normalized_file
from recdesk.data.files.source import Source
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write, write_parquet

BLOCK, BLOCKS = 4096, 8
"""Bytes of a block, and so many blocks at least has each of these files."""
TEXT = "user,item,rating,time\n" + "".join(f"用户{n % 97},i{n * n % 1009},{n % 5},{n}\n" for n in range(4000))
ALIGNED = "".join(line.replace(",", " " * (1 + n % 3)) for n, line in enumerate(TEXT.splitlines(keepends=True)))


def zipped(content: bytes) -> bytes:
    """As the only file of a zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("f.csv", content)
    return made.getvalue()


MAKERS: dict[str, Callable[[Path], Path]] = {
    "gzip": lambda folder: write(folder / "f.csv.gz", TEXT),
    "bzip2": lambda folder: write(folder / "f.csv.bz2", bz2.compress(TEXT.encode())),
    "xz": lambda folder: write(folder / "f.csv.xz", lzma.compress(TEXT.encode())),
    "zip": lambda folder: write(folder / "f.zip", zipped(TEXT.encode())),
    "another encoding": lambda folder: write(folder / "f.csv", TEXT, "gb18030"),
    "UTF-16": lambda folder: write(folder / "f.csv", TEXT, "utf-16"),
    "blanks between columns": lambda folder: write(folder / "f.txt", ALIGNED),
    "packed in another encoding": lambda folder: write(folder / "f.csv.gz", TEXT, "gb18030"),
    "packed Parquet": lambda folder: write_parquet(
        folder / "f.parquet.gz", {"user": [f"u{n * n % 1009}" for n in range(4000)], "item": list(range(4000))}
    ),
}
"""Files that cannot be read as they lie."""


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small files have many."""
    monkeypatch.setattr(normalized, "BLOCK", BLOCK)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all temporary files."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.mark.parametrize("kind", MAKERS)
def test_a_copy_tells_block_by_block_how_far_it_is(kind: str, tmp_path: Path) -> None:
    path = MAKERS[kind](tmp_path)
    told: list[float] = []
    with normalized_file(path, Source(path).dialect, Task(lambda share, _text: told.append(share))) as made:
        assert made.path != path
    assert told == sorted(told)
    assert (told[0] > 0, told[-1]) == (True, 1.0)
    assert len(told) > BLOCKS


@pytest.mark.parametrize("kind", MAKERS)
def test_a_copy_is_given_up_at_any_block_and_leaves_nothing(kind: str, tmp_path: Path, temporary: Path) -> None:
    path = MAKERS[kind](tmp_path)
    dialect = Source(path).dialect
    asked = itertools.count()
    with normalized_file(path, dialect, Task(cancelled=lambda: next(asked) < 0)):
        pass
    times = next(asked)
    assert times >= BLOCKS
    for moment in (0, 1, times // 2, times - 1):
        count = itertools.count()
        task = Task(cancelled=lambda moment=moment, count=count: next(count) >= moment)  # type: ignore[misc]
        with pytest.raises(CancelledError), normalized_file(path, dialect, task):
            pass
        assert not list(temporary.iterdir())


@pytest.mark.parametrize("kind", MAKERS)
def test_an_import_says_how_much_is_prepared(kind: str, tmp_path: Path) -> None:
    path = MAKERS[kind](tmp_path)
    told: list[tuple[float, str]] = []
    import_files(ImportPlan(path), Task(lambda share, sentence: told.append((share, sentence))))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    prepared = [share for share, sentence in told if sentence.startswith(f"Preparing {path.name}: ")]
    assert len(prepared) > 1
    assert prepared[-1] == pytest.approx(0.2)
    assert told[len(prepared) + 1][1].startswith("Reading")


def test_a_packed_table_is_given_up_while_its_columns_are_looked_for(tmp_path: Path, temporary: Path) -> None:
    path = MAKERS["packed Parquet"](tmp_path)
    told: list[str] = []
    with pytest.raises(CancelledError):
        import_files(ImportPlan(path), Task(lambda _share, sentence: told.append(sentence), lambda: len(told) >= 3))
    assert told[1:] == [told[1]] * 2 and told[1].startswith("Preparing")
    assert not list(temporary.iterdir())


def test_a_bomb_is_still_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, temporary: Path) -> None:
    monkeypatch.setattr(limits, "HARMLESS", 10_000)
    monkeypatch.setattr(limits, "MOST_TIMES", 2)
    path = MAKERS["gzip"](tmp_path)
    with (
        pytest.raises(compression.DataError, match="unpacks to more than 2 times its size"),
        normalized_file(path, Source(path).dialect),
    ):
        pass
    assert not list(temporary.iterdir())


@pytest.mark.parametrize(
    ("blocks", "clean", "encoding"),
    [
        ([b"a,b\n", b"c,d\n"], True, "utf-8"),
        ([b"a,b\r\n", b"c,d\r\n"], True, "utf-8"),
        ([b"a,b\r", b"\nc,d\r\n"], True, "utf-8"),
        ([b"a,b\r", b"c,d\r\n"], False, "utf-8"),
        ([b"a,b\r\n", b"c,d\n"], False, "utf-8"),
        ([b"a,b\n", b"c,d\r"], False, "utf-8"),
        ([b"a,\xe7\x94", b"\xa8\n"], True, "utf-8"),
        (["用户,b\n".encode("gb18030"), b"c,d\n"], False, "utf-8"),
    ],
)
def test_line_ends_and_characters_are_whole_across_blocks(blocks: list[bytes], clean: bool, encoding: str):
    assert normalized._look_through(iter(blocks)) == (clean, encoding)


def test_a_character_that_another_block_does_not_end_is_no_utf_8():
    assert normalized._look_through(iter([b"a,\xe7\x94", b"plain\n"]))[0] is False
