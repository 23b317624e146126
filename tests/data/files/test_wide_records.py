"""Records of far too many fields: they cost themselves, or a sentence, never the time that DuckDB would take."""

import random
from pathlib import Path

import pytest

from recdesk.core.errors import CancelledError, DataError
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.files import wide_records as module
from recdesk.data.files.wide_records import WideRecord, wide_records
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write

GOOD = "".join(f"u{n % 90},i{n % 70}\n" for n in range(3000))
MANY = 100_000


def found(path: Path, columns: int = 2, quote: str = '"', escape: str = "") -> list[WideRecord]:
    return wide_records(path, ",", quote, escape, columns, UNWATCHED)


def test_a_line_of_a_great_many_fields_costs_itself_only(tmp_path: Path) -> None:
    result = import_files(ImportPlan(write(tmp_path / "f.csv", "user,item\n" + GOOD + "x," * MANY + "\n" + "v,w\n")))
    assert result.dataset.n_interactions == 3001
    assert [(r.line, r.reason) for r in result.rejects] == [(3002, f"too many fields ({MANY + 1} instead of 2)")]
    assert result.dataset.report["rejected"] == {"too many fields": 1}


@pytest.mark.slow
def test_a_record_of_a_great_many_quoted_lines_costs_itself_only(tmp_path: Path) -> None:
    record = '"q,r\n' + 'x","\n' * MANY + 'y"\n'
    result = import_files(ImportPlan(write(tmp_path / "f.csv", "user,item\n" + GOOD + record + "v,w\n,x\n")))
    assert result.dataset.n_interactions == 3001
    assert [(r.line, r.reason) for r in result.rejects] == [
        (3002, f"too many fields ({MANY + 1} instead of 2)"),
        (3002 + MANY + 3, "no user id"),
    ]
    assert result.rejects[0].raw == '"q,r'


def test_a_quote_that_is_never_closed_before_a_great_many_fields_is_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item\n" + GOOD + '"q,r\n' + 'x","\n' * MANY)
    with pytest.raises(DataError) as caught:
        import_files(ImportPlan(path))
    assert caught.value.sentence == (
        f"“f.csv” has a quote in line 3002 that is never closed: {MANY + 1:,} fields would stand in one row."
    )
    assert caught.value.suggestion == "Mend that line, or choose that the file has no quotes."


def test_a_line_of_a_great_many_separators_of_whole_lines(tmp_path: Path) -> None:
    lines = "".join(f'{{"user": "u{n}", "item": "i{n % 7}"}}\n' for n in range(50))
    result = import_files(ImportPlan(write(tmp_path / "f.jsonl", lines + "\x01" * MANY + "\n" + lines)))
    assert (result.dataset.n_interactions, len(result.rejects), result.rejects[0].line) == (100, 1, 51)


def test_looking_for_them_is_cancelled(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", GOOD)
    with pytest.raises(CancelledError):
        wide_records(path, ",", '"', "", 2, Task(cancelled=lambda: True))


def test_lines_above_the_table_are_none(tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "made by," + "," * 999 + "\n\nuser,item\n" + GOOD)
    result = import_files(ImportPlan(path))
    assert (result.dataset.n_interactions, result.rejects) == (3000, [])


@pytest.mark.parametrize("quoted", ['"a, b"', '"a ""b"", c"', '"two\nlines, here"', '""', '"a"'])
def test_regular_quotes_need_no_look_at_each_record(
    quoted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module._Cut, "records", None)
    monkeypatch.setattr(module, "BLOCK", 64)
    line = f"u1,{quoted},i{'1' * 17}\n"
    assert found(write(tmp_path / "f.csv", line * 500), columns=3) == []
    assert found(write(tmp_path / "g.csv", "\ufeff" + f"{quoted},{quoted}\r\n" * 500), columns=2) == []


@pytest.mark.parametrize("seed", range(30))
def test_the_quick_look_never_misses_one(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(seed)
    monkeypatch.setattr(module, "MOST_EXCESS", 3)
    monkeypatch.setattr(module, "BLOCK", rng.choice([1, 2, 7, 1000]))
    missed = []
    for case in range(60):
        text = "".join(rng.choice(['"', ",", "\n", "a", '""', ',"', '",', '"\n']) for _ in range(rng.randint(1, 60)))
        path = write(tmp_path / f"{case}.csv", text)
        cut = module._Cut(b",", b'"', b"", 4)
        whole = path.read_bytes()
        with path.open("rb") as stream, module.mmap.mmap(stream.fileno(), 0, access=module.mmap.ACCESS_READ) as data:
            records = list(cut.records(data))
        assert b"\n".join(whole[r.start : r.end] for r in records) == whole.removesuffix(b"\n")
        wide = [record for record in records if record.fields > cut.most]
        if wide and not cut.may_be_wide(path, UNWATCHED):
            missed.append(text)
    assert missed == []
