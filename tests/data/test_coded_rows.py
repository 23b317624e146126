"""Rows as DuckDB passes them on."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from recdesk.core.task import UNWATCHED
from recdesk.data import coded_rows
from recdesk.data.columns.parse_columns import Parsed


def batch(rows: list[int]) -> pa.RecordBatch:
    columns = {
        "n": pa.array(rows, pa.int64()),
        "problem": pa.array([None] * len(rows), pa.int32()),
        "user": pa.array([f"u{n % 3}" for n in rows]),
        "item": pa.array([f"i{n}" for n in rows]),
        "time": pa.array([10 * n for n in rows], pa.int64()),
    }
    return pa.RecordBatch.from_pydict(columns)


class _Connection:
    """Gives batches in the order in which threads may be done with them."""

    def __init__(self, batches: list[pa.RecordBatch]) -> None:
        self._batches = batches

    def execute(self, _query: str) -> Any:
        return SimpleNamespace(fetchall=lambda: [(10,)])

    def sql(self, _query: str) -> Any:
        return SimpleNamespace(to_arrow_reader=lambda _size: iter(self._batches))


@pytest.mark.parametrize("given", [[[5, 6, 9, 10], [1, 2, 3, 4, 7, 8]], [[9, 10, 1, 2], [3, 4, 5, 6, 7, 8]]])
@pytest.mark.parametrize("most", [1000, 0])
def test_rows_keep_the_order_of_their_file(given: list[list[int]], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coded_rows, "MOST_RUNS", most)
    monkeypatch.setattr(coded_rows, "VECTOR", 1)
    stream = coded_rows.CodedRows(Parsed(["user", "item", "time"], [], []), UNWATCHED, [])
    stream.take(_Connection(list(map(batch, given))), Path())
    rows, _ = stream.coded("f.csv")
    assert rows.times is not None and rows.times.tolist() == list(range(10, 101, 10))
    assert rows.item_ids.to_pylist() == [f"i{n}" for n in range(1, 11)]
    assert rows.user_ids.to_pylist() == ["u1", "u2", "u0"]
    assert rows.users.tolist() == [0, 1, 2, 0, 1, 2, 0, 1, 2, 0]
