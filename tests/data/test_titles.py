"""Titles among the interactions describe items, not rows."""

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.files.encodings import SAMPLE_BYTES
from recdesk.data.importing import import_files, preview
from recdesk.data.plan import ImportPlan
from recdesk.data.titles import titles_of
from tests.data.making import write_jsonl, write_table

HEADLINES = ["Great!!", "No", "Five Stars", "As described"]


def reviews(column: str, texts: list[str]) -> list[dict[str, Any]]:
    return [
        {
            "user_id": f"u{n % 5}",
            "asin": f"B{n % 4}",
            column: texts[(n * n + n // 4) % len(texts)],
            "timestamp": 1577836800 + n,
        }
        for n in range(40)
    ]


@pytest.mark.parametrize("column", ["title", "headline", "name", "商品名称"])
def test_headlines_of_reviews_are_no_titles(tmp_path: Path, column: str) -> None:
    path = write_jsonl(tmp_path / "r.jsonl", reviews(column, HEADLINES))
    dataset = import_files(ImportPlan(path)).dataset
    assert (list(dataset.item_features.columns), dataset.title_column) == ([], None)
    assert "title" not in dataset.rules["roles"]
    assert dataset.report["notes"][0].startswith(f"“{column}” of “r.jsonl” is not taken as the title of the items: ")
    assert "title" not in preview(path).roles


def test_headlines_that_a_person_calls_titles_are_titles(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "r.jsonl", reviews("title", HEADLINES))
    dataset = import_files(ImportPlan(path, title="title")).dataset
    assert dataset.item_features["title"].isin(HEADLINES).all()


def test_titles_that_differ_only_below_the_sample_are_none_either(tmp_path: Path) -> None:
    same = [[f"u{n % 5}", f"i{n % 7}", f"T{n % 7}"] for n in range(SAMPLE_BYTES // 9)]
    other = [[f"u{n % 5}", f"i{n % 7}", HEADLINES[n % 4]] for n in range(SAMPLE_BYTES // 3)]
    rows = [["user", "item", "title"], *same, *other]
    path = tmp_path / "r.csv.gz"  # of a packed file the beginning is looked at alone
    path.write_bytes(gzip.compress(write_table(tmp_path / "r.csv", rows).read_bytes()))
    assert "title" in preview(path).roles
    assert import_files(ImportPlan(path)).dataset.title_column is None


def test_a_few_other_titles_are_said_and_the_first_counts(tmp_path: Path) -> None:
    rows = [[f"u{n % 5}", f"i{n % 7}", f"T{n % 7}" if n != 30 else "typo"] for n in range(50)]
    path = write_table(tmp_path / "r.csv", [["user", "item", "title"], *rows])
    dataset = import_files(ImportPlan(path)).dataset
    assert dataset.item_features["title"].tolist() == [f"T{n}" for n in range(7)]
    assert (
        "1 row of “r.csv” gives its item another title than an earlier row; the first counts."
        in (dataset.report["notes"])
    )


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["A", " a", "B", "", " "]) | st.none())))
def test_the_first_filled_title_of_each_item_counts(rows: list[tuple[int, str | None]]) -> None:
    texts = ["A", " a", "B", "", " "]
    codes = np.array([-1 if text is None else texts.index(text) for _, text in rows], np.int32)
    found = titles_of(np.array([item for item, _ in rows], np.int32), 5, codes, pa.array(texts))
    given_titles = {item: [text for at, text in rows if at == item and text and text.strip()] for item in range(5)}
    assert found.first.to_pylist() == [of_item[0] if of_item else None for of_item in given_titles.values()]
    folded = [[text.strip().lower() for text in of_item] for of_item in given_titles.values()]
    assert found.differing == sum(text != of_item[0] for of_item in folded for text in of_item)
    assert found.further == sum(max(len(of_item) - 1, 0) for of_item in folded)
