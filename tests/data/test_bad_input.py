"""What cannot be imported is said in a sentence: what is wrong, where, and what to do."""

import gzip
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recdesk.core.errors import CancelledError, DataError, RecdeskError, UsageError
from recdesk.core.task import Task
from recdesk.data.files.dialect import Dialect
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from recdesk.data.splitting import make_split
from tests.data.making import write, write_parquet, write_table

GOOD = [["user", "item", "rating", "time"], ["a", "x", "5", "100"], ["a", "y", "4", "200"], ["b", "x", "3", "300"]]


def refused(plan: ImportPlan | Path, kind: type[RecdeskError] = DataError) -> tuple[str, str]:
    """The sentence and the suggestion that an import ends with."""
    with pytest.raises(kind) as caught:
        import_files(plan if isinstance(plan, ImportPlan) else ImportPlan(plan))
    assert isinstance(caught.value, kind)
    return caught.value.sentence, caught.value.suggestion


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "gone.csv"
    assert refused(path) == (f"There is no file “{path}”.", "Check its name and folder.")


def test_a_folder(tmp_path: Path) -> None:
    assert refused(tmp_path) == (f"“{tmp_path}” is a folder.", "Choose the file with the interactions in it.")


def test_a_folder_without_data(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("nothing here")
    with pytest.raises(DataError) as caught:
        propose([tmp_path])
    assert caught.value.sentence == f"There is no file with data in “{tmp_path}”."


@pytest.mark.parametrize("content", ["", "\n", "\n\n  \n\t\n", "\ufeff", "\ufeff\n\n"])
@pytest.mark.parametrize("name", ["f.csv", "f.csv.gz"])
def test_an_empty_file(content: str, name: str, tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / name, content))
    assert sentence in (f"“{name}” is empty.", f"“{name}” has no lines.")
    assert suggestion == "Choose a file with one interaction a line."


def test_a_header_and_nothing_else(tmp_path: Path) -> None:
    sentence, suggestion = refused(write_table(tmp_path / "f.csv", GOOD[:1]))
    assert sentence == "“f.csv” has a header but no rows."
    assert suggestion == "Choose a file with one interaction a line."


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    sentence, _ = refused(write_parquet(tmp_path / "f.parquet", {"user": [], "item": []}))
    assert sentence == "“f.parquet” has a header but no rows."


def test_a_single_column(tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / "f.csv", "user\na\nb\n"))
    assert sentence == "“f.csv” has a single column (“user”)."
    assert "one for users and one for items" in suggestion
    assert "separator" in suggestion


@pytest.mark.parametrize("role", ["user", "item", "rating", "time", "title"])
def test_a_named_column_that_is_not_there(role: str, tmp_path: Path) -> None:
    plan = ImportPlan(write_table(tmp_path / "f.csv", GOOD), **{role: "customer"})
    assert refused(plan) == ("“f.csv” has no column “customer”.", "Its columns are: user, item, rating, time.")


def test_a_named_title_that_the_items_file_has_not(tmp_path: Path) -> None:
    items = write_table(tmp_path / "i.csv", [["item", "name"], ["x", "X"], ["y", "Y"]])
    plan = ImportPlan(write_table(tmp_path / "f.csv", GOOD), items, title="titel")
    assert refused(plan) == ("“i.csv” has no column “titel”.", "Its columns are: item, name.")


def test_columns_that_could_be_anything(tmp_path: Path) -> None:
    sentence, suggestion = refused(write_table(tmp_path / "f.csv", [["alpha", "beta"], ["a1", "x1"], ["b2", "y2"]]))
    assert sentence == "It is not clear which column of “f.csv” holds the users."
    assert suggestion == "Say which. Its columns are: alpha, beta."
    sentence, _ = refused(write_table(tmp_path / "f.csv", [["user", "beta"], ["a1", "x1"], ["b2", "y2"]]))
    assert sentence == "It is not clear which column of “f.csv” holds the items."


def test_text_where_every_rating_should_be(tmp_path: Path) -> None:
    rows = [GOOD[0], ["a", "x", "good", "1"], ["b", "y", "bad", "2"]]
    sentence, suggestion = refused(write_table(tmp_path / "f.csv", rows))
    assert sentence == (
        "No row of “f.csv” can be used; the first, line 2, column “rating”, has a rating that is no number: “good”."
    )
    assert suggestion == "Check the separator and which column is which."


def test_text_where_every_time_should_be(tmp_path: Path) -> None:
    rows = [GOOD[0], ["a", "x", "1", "soon"], ["b", "y", "2", "later"]]
    sentence, _ = refused(write_table(tmp_path / "f.csv", rows))
    assert sentence == (
        "No row of “f.csv” can be used; the first, line 2, column “time”, has a time that cannot be read: “soon”."
    )


def test_rows_that_are_all_ragged(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "a,x\nb,y\n")
    plan = ImportPlan(path, dialect=Dialect(separator="\t", quote="", header=False))
    sentence, suggestion = refused(plan)
    assert sentence == "“f.csv” has a single column (“column 1”)."
    assert "separator" in suggestion


BINARY = {
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8,
    "noise": np.random.default_rng(1).bytes(100_000),
    "zeros": bytes(5000),
}


@pytest.mark.parametrize("kind", BINARY)
def test_a_file_that_is_no_text(kind: str, tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / "f.csv", BINARY[kind]))
    assert sentence == "“f.csv” is not a text file."
    assert suggestion == "Export the data as CSV, Parquet or JSON lines."


PAGES = (
    "<!DOCTYPE html>\n",
    "<html lang='en'>",
    "\n\n  <HTML>",
    '<?xml version="1.0"?>',
    "\ufeff<!doctype html>",
)


@pytest.mark.parametrize("start", PAGES)
def test_a_web_page(start: str, tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / "ratings.csv", f"{start}<body>user,item\n1,2\n</body></html>"))
    assert sentence == "“ratings.csv” is a web page, not a table."
    assert "Download the data itself" in suggestion


def long_table(rows: int = 60_000) -> bytes:
    """Larger than the sample, and hardly packable."""
    numbers = np.random.default_rng(0).integers(0, 10**9, (rows, 2))
    return b"user,item\n" + b"".join(b"%d,%d\n" % (a, b) for a, b in numbers)


@pytest.mark.parametrize("kept", [12, 1000, 0.9])
def test_a_gzip_file_cut_short(kept: float, tmp_path: Path) -> None:
    packed = gzip.compress(long_table())
    path = tmp_path / "f.csv.gz"
    path.write_bytes(packed[: kept if isinstance(kept, int) else int(len(packed) * kept)])
    sentence, suggestion = refused(path)
    assert sentence == "“f.csv.gz” is packed but damaged or cut short."
    assert suggestion


def test_a_gzip_file_with_a_wrong_byte(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(long_table()))
    packed[len(packed) * 2 // 3] ^= 0xFF
    path = tmp_path / "f.csv.gz"
    path.write_bytes(packed)
    assert refused(path)[0] == "“f.csv.gz” is packed but damaged or cut short."


@pytest.mark.parametrize("keep", [4, 100, -20])
def test_a_damaged_parquet_file(keep: int, tmp_path: Path) -> None:
    whole = write_parquet(tmp_path / "whole", {"user": [str(n) for n in range(999)], "item": list(range(999))})
    path = write(tmp_path / "f.parquet", whole.read_bytes()[:keep])
    sentence, suggestion = refused(path)
    assert sentence == "“f.parquet” is a damaged Parquet file."
    assert suggestion == "Export it again."


def test_a_parquet_file_damaged_in_its_middle(tmp_path: Path) -> None:
    whole = write_parquet(tmp_path / "whole", {"user": [str(n) for n in range(99_999)], "item": list(range(99_999))})
    data = bytearray(whole.read_bytes())
    data[4:3000] = bytes(2996)
    sentence, suggestion = refused(write(tmp_path / "f.parquet", bytes(data)))
    assert "f.parquet" in sentence
    assert suggestion


def test_json_lines_without_an_object(tmp_path: Path) -> None:
    sentence, suggestion = refused(write(tmp_path / "f.jsonl", '{"user": "a"\n{"item": "x"\n'))
    assert sentence == "“f.jsonl” has no JSON object in its first lines."
    assert suggestion == "Write one object a line."


def test_an_items_file_of_other_items(tmp_path: Path) -> None:
    items = write_table(tmp_path / "i.csv", [["item", "title"], ["p", "P"], ["q", "Q"]])
    sentence, suggestion = refused(ImportPlan(write_table(tmp_path / "f.csv", GOOD), items))
    assert sentence == "No column of “i.csv” holds ids of items of “f.csv”."
    assert suggestion == "Check that the two files belong together. Its columns are: item, title."


def test_an_items_file_that_is_missing_or_none(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "f.csv", GOOD)
    assert refused(ImportPlan(ratings, tmp_path / "gone.csv"))[0] == f"There is no file “{tmp_path / 'gone.csv'}”."
    assert refused(ImportPlan(ratings, write(tmp_path / "i.csv", "")))[0] == "“i.csv” is empty."
    assert refused(ImportPlan(ratings, write(tmp_path / "i.csv", b"\0\1\2" * 99)))[0] == "“i.csv” is not a text file."


def test_rules_that_leave_nothing(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", GOOD)
    for rules, named in (({"min_rating": 6.0}, "rating below 6"), ({"k_core": 5}, "5-core")):
        sentence, suggestion = refused(ImportPlan(path, **rules))  # type: ignore[arg-type]
        assert sentence == f"Nothing of “f.csv” is left after cleaning ({named})."
        assert suggestion == "Loosen the rules, then import again."
    for policy in ("exact", "first", "last"):
        assert "rating below 6" in refused(ImportPlan(path, min_rating=6, duplicates=policy, k_core=2))[0]  # type: ignore[arg-type]


def test_a_single_item(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", [["user", "item"], ["a", "x"], ["b", "x"]])
    sentence, suggestion = refused(path)
    assert sentence == "“f” has a single item (“x”): there is nothing to choose from."
    assert suggestion == "Check that the item column is the right one."


def test_users_with_one_interaction_can_be_read_but_not_split(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", [["user", "item"], ["a", "x"], ["b", "y"], ["c", "x"]])
    dataset = import_files(ImportPlan(path)).dataset
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (3, 2, 3)
    with pytest.raises(UsageError, match="nobody has 3 or more interactions"):
        make_split(dataset)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", GOOD)
    path.chmod(0)
    assert refused(path) == (f"“{path}” may not be read.", "Change its permissions, or copy it elsewhere.")


def test_a_refusal_to_open_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for root, with the refusal made up."""
    path = write_table(tmp_path / "f.csv", GOOD)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert refused(path) == (f"“{path}” may not be read.", "Change its permissions, or copy it elsewhere.")


def test_links_that_lead_nowhere_or_round(tmp_path: Path) -> None:
    (tmp_path / "nowhere.csv").symlink_to(tmp_path / "gone")
    (tmp_path / "round.csv").symlink_to(tmp_path / "round.csv")
    for name in ("nowhere.csv", "round.csv"):
        sentence, _ = refused(tmp_path / name)
        assert name in sentence


def test_an_encoding_that_does_not_exist(tmp_path: Path) -> None:
    path = write_table(tmp_path / "f.csv", GOOD)
    sentence, suggestion = refused(ImportPlan(path, dialect=Dialect(encoding="klingon")))
    assert sentence == "There is no encoding “klingon”."
    assert suggestion


def test_a_very_wide_table(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item," + ",".join(f"c{n}" for n in range(5000)) + "\n" + "1," * 5001 + "1\n")
    sentence, suggestion = refused(path)
    assert sentence == "“f.csv” has 5,002 columns."
    assert suggestion == "Check the separator."


def test_a_file_that_is_one_endless_line(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", b"1," * (20 * 2**20))
    began = time.monotonic()
    sentence, _ = refused(path)
    assert "f.csv" in sentence
    assert time.monotonic() - began < 10


def test_a_line_that_is_too_long_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    content = b"user,item\na,x\nb,y\n" + b"z" * (17 * 2**20) + b",q\nc,z\n"
    result = import_files(ImportPlan(write(tmp_path / "f.csv", content)))
    assert result.dataset.user_ids.tolist() == ["a", "b", "c"]
    assert [(r.line, r.reason) for r in result.rejects] == [(4, "a line that is too long")]


def test_a_quote_that_is_never_closed_does_not_swallow_the_file_silently(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 9},i{n % 7}\n" for n in range(1000))
    path = write(tmp_path / "f.csv", f'user,item\n{rows}"u1,i2\n{rows}')
    result = import_files(ImportPlan(path))
    report = result.dataset.report
    assert report["read"] == report["kept"] + sum(report["rejected"].values())
    assert result.rejects
    assert result.rejects[0].line == 1002


BAD_FILES: dict[str, Callable[[Path], Path]] = {
    "noise": lambda folder: write(folder / "f", np.random.default_rng(2).bytes(5000)),
    "one column": lambda folder: write(folder / "f", "a\nb\n"),
    "empty": lambda folder: write(folder / "f", ""),
    "a damaged gzip": lambda folder: write(folder / "f", b"\x1f\x8b" + bytes(50)),
    "a damaged parquet": lambda folder: write(folder / "f", b"PAR1" + bytes(50)),
}


@pytest.mark.parametrize("kind", BAD_FILES)
def test_the_preview_refuses_like_the_import_or_shows_what_there_is(kind: str, tmp_path: Path) -> None:
    path = BAD_FILES[kind](tmp_path)
    if kind == "one column":
        assert preview(path).rows == [["a"], ["b"]]
        return
    with pytest.raises(DataError):
        preview(path)


# --- cancelling ---


@pytest.fixture
def only_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, empty."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that takes some seconds: 2,000,000 rows, packed."""
    rng = np.random.default_rng(0)
    users, items = rng.integers(0, 100_000, 200_000), rng.integers(0, 50_000, 200_000)
    part = b"".join(b"u%d,i%d,4,2024-02-29T12:00:00Z\n" % row for row in zip(users, items, strict=True))
    path = tmp_path_factory.mktemp("large") / "f.csv.gz"
    path.write_bytes(gzip.compress(b"user,item,rating,time\n", 1) + gzip.compress(part, 1) * 10)
    return path


@pytest.mark.parametrize("after", [0.0, 0.3, 1.0])
def test_cancelling_ends_within_a_second_and_leaves_nothing(after: float, large: Path, only_here: Path) -> None:
    asked = threading.Event()
    timer = threading.Timer(after, asked.set)
    timer.start()
    began = time.monotonic()
    with pytest.raises(CancelledError, match="The import was cancelled; nothing was changed"):
        import_files(ImportPlan(large), Task(cancelled=asked.is_set))
    assert time.monotonic() - began < after + 1
    assert list(only_here.iterdir()) == []


def test_cancelling_while_items_are_read(large: Path, only_here: Path, tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "u1"], ["b", "u2"]])
    reading = threading.Event()
    with pytest.raises(CancelledError):
        import_files(
            ImportPlan(ratings, large),
            Task(lambda _, text: reading.set() if text == f"Reading {large.name}" else None, reading.is_set),
        )
    assert list(only_here.iterdir()) == []


def test_an_import_that_fails_or_ends_well_leaves_nothing(only_here: Path, tmp_path: Path) -> None:
    import_files(ImportPlan(write_table(tmp_path / "f.csv", GOOD, encoding="utf-16")))
    refused(write_table(tmp_path / "g.csv.gz", GOOD[:1]))
    assert list(only_here.iterdir()) == []
