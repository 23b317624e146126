"""The corpus of sick files: each is read by itself, without a hint, to exactly the rows that it holds."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.data.importing import ImportResult, import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview
from tests.data.conftest import pairs
from tests.data.making import write
from tests.data.nasty import CASES, Nasty


def assert_holds(result: ImportResult, case: Nasty) -> None:
    """Every row of the case is there, in the order of time, and nothing else."""
    dataset = result.dataset
    users = list(dict.fromkeys(row[0] for row in case.rows))
    ordered = [row for user in users for row in case.rows if row[0] == user]  # times only rise in the corpus
    assert pairs(dataset) == [row[:2] for row in ordered]
    if len(ordered[0]) > 2:
        assert dataset.ratings is not None
        np.testing.assert_allclose(dataset.ratings, [float(row[2]) for row in ordered], rtol=1e-6)
    if len(ordered[0]) > 3:
        assert dataset.times is not None
        assert dataset.times.tolist() == [int(row[3]) for row in ordered]
    assert [reject.line for reject in result.rejects] == case.lines
    report = dataset.report
    assert report["read"] == len(case.rows) + len(case.lines)
    assert report["kept"] == len(case.rows)


@pytest.mark.parametrize("disease", CASES)
def test_a_file_with(disease: str, tmp_path: Path) -> None:
    case = CASES[disease]
    path = write(tmp_path / "f.csv", case.content)
    found = preview(path)
    for name, value in case.dialect.items():
        assert getattr(found.dialect, name) == value
    assert_holds(import_files(ImportPlan(path, duplicates="all")), case)
