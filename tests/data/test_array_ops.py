import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from recdesk.data import array_ops
from recdesk.data.array_ops import counts, distinct, order_of


@pytest.mark.parametrize("kind", [np.int32, np.int64])
@pytest.mark.parametrize("number", [0, 1, 7, 14, 15])
def test_codes_are_counted_piece_by_piece(kind: type, number: int, monkeypatch):
    monkeypatch.setattr(array_ops, "PIECE", 7)
    codes = np.random.default_rng(0).integers(0, 5, number).astype(kind)
    found = counts(codes, 6)
    assert found.dtype == np.int64
    assert found.tolist() == [int((codes == code).sum()) for code in range(6)]


@given(arrays.arrays(np.int64, st.integers(0, 40), elements=st.integers(-5, 5)))
def test_distinct_values_are_those_of_numpy(values: np.ndarray):
    before = values.copy()
    assert distinct(values).tolist() == np.unique(values).tolist()
    assert (values == before).all()


@given(arrays.arrays(np.int64, st.integers(0, 40), elements=st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)))
def test_values_are_put_in_order_and_equal_ones_stay_as_they_came(values: np.ndarray):
    assert order_of(values).tolist() == np.argsort(values, kind="stable").tolist()


@pytest.mark.parametrize("span", [2**58 - 1, 2**58])
def test_values_that_fit_beside_their_places_and_those_that_do_not_are_ordered_alike(span: int):
    values = np.array([span, 0, 5, 5, span, *range(25)], np.int64) - 7  # 30 places: 5 bits
    assert order_of(values).tolist() == np.argsort(values, kind="stable").tolist()
