"""Published figures, noted with their protocol."""

from dataclasses import replace
from pathlib import Path

import pytest

from recdesk.core.errors import DataError, UsageError
from recdesk.workspace.published import FILE, PublishedFigure, load_published, note_published, remove_published

FIGURE = PublishedFigure("ml", "SASRec", "ndcg@10", 0.1784, "a paper, table 2", users=6040, items=3416)


def test_what_is_noted_is_there_again_once(tmp_path: Path):
    other = replace(FIGURE, dataset="other", candidates="sampled", negatives=100, seen_excluded=False)
    for figure in (FIGURE, other, FIGURE):
        note_published(tmp_path, figure)
    assert load_published(tmp_path) == [FIGURE, other]
    assert load_published(tmp_path, "ml") == [FIGURE]
    remove_published(tmp_path, FIGURE)
    remove_published(tmp_path, FIGURE)
    assert load_published(tmp_path) == [other]


@pytest.mark.parametrize("values, said", [
    ({"metric": "auc"}, "no metric"), ({"metric": "ndcg@0"}, "no metric"), ({"metric": "ndcg@٣"}, "no metric"),
    ({"value": 17.84}, "cannot be 17.84"), ({"value": float("nan")}, "cannot be nan"),
    ({"split": "half"}, "no split “half”"), ({"negatives": 100}, "drawn at random"),
    ({"candidates": "sampled"}, "drawn at random"), ({"model": " "}, "of which model"),
    ({"source": "x" * 501}, "of which model"), ({"users": 0}, "whole numbers"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused_and_nothing_is_written(tmp_path: Path, values: dict, said: str):
    with pytest.raises(UsageError, match=said):
        note_published(tmp_path, replace(FIGURE, **values))
    assert not (tmp_path / FILE).exists()


def test_a_damaged_file_stays_as_it_is(tmp_path: Path):
    (tmp_path / FILE).write_text("{")
    with pytest.raises(DataError):
        note_published(tmp_path, FIGURE)
    assert (tmp_path / FILE).read_text() == "{"
