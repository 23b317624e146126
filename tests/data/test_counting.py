import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recdesk.data import counting
from recdesk.data.counting import counts, distinct


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("number", [0, 1, 7, 14, 15])
def test_codes_are_counted_piece_by_piece(kind: type, number: int, monkeypatch):
    monkeypatch.setattr(counting, "PIECE", 7)
    codes = np.random.default_rng(0).integers(0, 5, number).astype(kind)
    found = counts(codes, 6)
    assert found.dtype == np.int64
    assert found.tolist() == [int((codes == code).sum()) for code in range(6)]


@given(arrays.arrays(np.int64, st.integers(0, 40), elements=st.integers(-5, 5)))
def test_distinct_values_are_those_of_numpy(values: np.ndarray):
    before = values.copy()
    assert distinct(values).tolist() == np.unique(values).tolist()
    assert (values == before).all()
