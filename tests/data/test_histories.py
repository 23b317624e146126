"""Batches of histories, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.data.dataset import Dataset
from recdesk.data.histories import GAP_BINS, NO_TIME, Histories, History, gap_bins

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


DAY = 86_400
TIMED = Histories.of(
    [
        History(np.array([5, 6, 7], np.int32), np.array([0, 0, DAY]), asked=DAY + 2),
        History(np.array([8, 9], np.int32), np.array([50, NO_TIME])),
        History(np.array([], np.int32)),
    ]
)


def test_spans_of_time_are_binned_by_factors_of_four():
    spans = np.array([0, 1, 3, 4, 15, 16, 60, 3600, DAY, 365 * DAY, 9 * 365 * DAY, 99 * 365 * DAY])
    bins = gap_bins(np.zeros_like(spans), spans)
    assert bins.tolist() == [1, 2, 2, 3, 3, 4, 4, 7, 10, 14, 16, GAP_BINS]
    assert gap_bins(np.array([7, NO_TIME, 7]), np.array([3, 5, NO_TIME])).tolist() == [
        1,
        0,
        0,
    ]  # a clock goes back


def test_gaps_stand_beside_the_items_that_they_lead_to():
    assert TIMED.padded(3)[0].tolist() == [[5, 6, 7], [8, 9, 0], [0, 0, 0]]
    assert TIMED.gaps(3).tolist() == [[0, 1, 10], [0, 0, 0], [0, 0, 0]]
    assert TIMED.gaps(2).tolist() == [[0, 10], [0, 0], [0, 0]]  # what is not read has no time either


def test_waits_end_with_the_moment_that_is_asked_about():
    assert TIMED.waits(3).tolist() == [[1, 10, 2], [0, 0, 0], [0, 0, 0]]
    later = TIMED.asked_by(110).waits(3)
    assert later.tolist() == [[1, 10, 2], [0, 0, 0], [0, 0, 0]]  # it was known; the time of the last event is not
    assert TIMED[1:2].asked.tolist() == [NO_TIME] and TIMED.history(0).asked == DAY + 2
    assert Histories.of([[1, 2]]).gaps(5).tolist() == [[0, 0]]


def test_a_history_as_of_a_moment_lacks_what_came_later():
    then = TIMED.history(0).until(10)
    assert (then.items.tolist(), then.times.tolist(), then.asked) == ([5, 6], [0, 0], 10)
    assert TIMED.history(0).until(None).items.tolist() == [5, 6, 7]
    assert TIMED.history(0).without([1]).items.tolist() == [5, 7]
    longer = TIMED.history(0).followed_by(np.array([3]))
    assert longer.items.tolist() == [5, 6, 7, 3] and longer.times.tolist() == [0, 0, DAY, NO_TIME]
