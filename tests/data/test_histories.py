"""Batches of histories, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.dataset import Dataset
from recdesk.data.histories import Histories

THREE = Histories.of([[5, 6, 7], [], [8]])


def test_sequences_are_packed_one_behind_the_other() -> None:
    assert THREE.items.tolist() == [5, 6, 7, 8]
    assert THREE.items.dtype == np.int32
    assert THREE.starts.tolist() == [0, 3, 3]
    assert THREE.ends.tolist() == [3, 3, 4]
    assert THREE.lengths.tolist() == [3, 0, 1]
    assert [THREE.row(at).tolist() for at in range(3)] == [[5, 6, 7], [], [8]]
    assert len(THREE) == 3


def test_a_choice_of_histories_shares_the_items() -> None:
    chosen = THREE[np.array([2, 0])]
    assert [chosen.row(at).tolist() for at in range(2)] == [[8], [5, 6, 7]]
    assert chosen.items is THREE.items
    assert [THREE[1:].row(at).tolist() for at in range(2)] == [[], [8]]


@pytest.mark.parametrize(
    ("length", "codes", "kept"),
    [
        (2, [[6, 7], [0, 0], [8, 0]], [2, 0, 1]),
        (3, [[5, 6, 7], [0, 0, 0], [8, 0, 0]], [3, 0, 1]),
        (50, [[5, 6, 7], [0, 0, 0], [8, 0, 0]], [3, 0, 1]),
    ],
)
def test_padding_keeps_the_last_items_and_stands_on_the_right(
    length: int, codes: list[list[int]], kept: list[int]
) -> None:
    padded, real = THREE.padded(length)
    assert padded.tolist() == codes
    assert real.tolist() == kept
    assert padded.dtype == real.dtype == np.int64


def test_histories_without_anything_pad_to_one_column() -> None:
    padded, real = Histories.of([[], []]).padded(10)
    assert padded.tolist() == [[0], [0]]
    assert real.tolist() == [0, 0]
    padded, real = Histories.of([]).padded(10)
    assert padded.shape == (0, 1)
    assert real.shape == (0,)


def test_flat_gives_each_item_with_its_history() -> None:
    rows, items = THREE[np.array([2, 1, 0])].flat()
    assert list(zip(rows.tolist(), items.tolist(), strict=True)) == [(0, 8), (2, 5), (2, 6), (2, 7)]
    rows, items = Histories.of([]).flat()
    assert len(rows) == len(items) == 0


@given(
    st.lists(st.lists(st.integers(1, 2**31 - 1), max_size=12), max_size=12),
    st.integers(1, 15),
    st.randoms(use_true_random=False),
)
def test_padded_and_flat_against_plain_lists(sequences: list[list[int]], length: int, random) -> None:  # type: ignore[no-untyped-def]
    order = random.sample(range(len(sequences)), len(sequences))
    chosen = Histories.of(sequences)[np.array(order, np.int64)]
    padded, real = chosen.padded(length)
    rows, items = chosen.flat()
    for row, at in enumerate(order):
        tail = sequences[at][-length:]
        assert padded[row].tolist() == tail + [0] * (padded.shape[1] - len(tail))
        assert real[row] == len(tail)
        assert items[rows == row].tolist() == sequences[at]
    assert padded.shape[1] == max([len(s[-length:]) for s in sequences] + [1])


def test_a_dataset_gives_histories_whole_or_up_to_a_row(chain: Dataset) -> None:
    assert chain.histories().lengths.tolist() == [12] * 60
    ends = chain.offsets[:-1] + 5
    cut = chain.histories(ends)
    assert cut.lengths.tolist() == [5] * 60
    np.testing.assert_array_equal(cut.row(59), chain.items[59 * 12 : 59 * 12 + 5])
