"""Ids that stand for nobody are nobody's."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.columns.left_out import SPELLINGS, suspects_in, verdict
from tests.data.conftest import read
from tests.data.making import write, write_jsonl, write_parquet

PEOPLE = [(f"{7000 + n % 4}", f"i{n % 5}", 1_577_836_800 + 3600 * n) for n in range(20)]


def table(nobody: str, rows: int, column: int = 0, header: str = "user_id,item_id,timestamp") -> str:
    anonymous = [[nobody if at == column else f"{8 + at}{n % 5}" for at in range(2)] for n in range(rows)]
    lines = [",".join(map(str, row)) for row in PEOPLE]
    lines += [f"{user},{item},{1_577_900_000 + n}" for n, (user, item) in enumerate(anonymous)]
    return f"{header}\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "word", ["NA", "NULL", "null", "nan", "NaN", "None", "\\N", "-", "undefined", "(not set)", " NA"]
)
@pytest.mark.parametrize("rows", [2, 30])
def test_a_word_for_nobody_is_no_person(word: str, rows: int, tmp_path: Path) -> None:
    result = read(write(tmp_path / "f.csv", table(word, rows)), duplicates="all")
    assert result.dataset.report["rejected"] == {"no user id": rows}
    assert sorted(result.dataset.user_ids) == ["7000", "7001", "7002", "7003"]
    first = result.rejects[0]
    assert (first.line, first.column, first.value.strip()) == (22, "user_id", word.strip())


def test_a_word_for_nothing_is_no_item(tmp_path: Path) -> None:
    result = read(write(tmp_path / "f.csv", table("undefined", 9, column=1)), duplicates="all")
    assert result.dataset.report["rejected"] == {"no item id": 9}
    assert sorted(result.dataset.item_ids) == ["i0", "i1", "i2", "i3", "i4"]


def test_a_word_among_words_that_stands_once_is_an_id_and_that_is_said(tmp_path: Path) -> None:
    rows = "".join(
        f"{name},{thing}\n"
        for name in ("Ann", "Bob", "None")
        for thing in ("tea", "ale", "milk")[: 1 + (name != "None")]
    )
    result = read(write(tmp_path / "f.csv", "user,item\n" + rows))
    assert result.dataset.user_ids.tolist() == ["Ann", "Bob", "None"]
    assert "In “user” these words stand in one row each and are taken as ids: None." in result.dataset.report["notes"]


@pytest.mark.parametrize("value", ["0", "-1", "unknown", "00000000-0000-0000-0000-000000000000"])
def test_an_id_with_most_of_the_rows_stands_for_nobody(value: str, tmp_path: Path) -> None:
    result = read(write(tmp_path / "f.csv", table(value, 60)), duplicates="all")
    assert result.dataset.report["rejected"] == {"no user id": 60}
    assert result.dataset.n_users == 4
    note = f"“{value}” stands for nobody: 75% of the rows have it in “user_id”; 60 rows are left out."
    assert note in result.dataset.report["notes"]


def test_an_id_with_a_few_more_rows_than_others_stays_and_is_said(tmp_path: Path) -> None:
    result = read(write(tmp_path / "f.csv", table("0", 17)), duplicates="all")
    assert result.dataset.n_users == 5 and result.dataset.report["rejected"] == {}
    assert any(note.startswith("46% of the rows have “0” in “user_id”") for note in result.dataset.report["notes"])
    plain = read(write(tmp_path / "g.csv", table("0", 5)), duplicates="all")
    assert plain.dataset.n_users == 5 and plain.dataset.report["notes"] == []


def test_other_forms_have_words_for_nobody_too(tmp_path: Path) -> None:
    columns: dict[str, list[object]] = {
        "user_id": [*(row[0] for row in PEOPLE), *["None"] * 9],
        "item_id": [f"i{n % 5}" for n in range(29)],
    }
    objects = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    for path in (write_parquet(tmp_path / "f.parquet", columns), write_jsonl(tmp_path / "f.jsonl", objects)):
        assert read(path, duplicates="all").dataset.report["rejected"] == {"no user id": 9}


@given(st.dictionaries(st.sampled_from(["0", "-1", "u1", "u2", "u3", "NA"]), st.integers(1, 1000), min_size=1))
def test_only_suspects_are_suspected_and_only_for_a_large_share(counts: dict[str, int]) -> None:
    found = suspects_in(counts.items())
    assert found.keys() <= {"0", "-1"}
    rows = sum(count for value, count in counts.items() if value not in SPELLINGS)
    for value, said in found.items():
        assert counts[value] >= (0.3 if said == "nobody" else 0.2) * rows
        assert said == verdict(counts[value], rows, len(counts.keys() - SPELLINGS))


def test_an_id_of_its_own_is_never_nobody() -> None:
    assert verdict(100, 100, 1) == ""
    assert verdict(12, 100, 8) == ""
    assert verdict(61, 100, 40) == "nobody"
