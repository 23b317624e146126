import itertools

import numpy as np
import pytest

from recdesk.data.histories import Histories
from recdesk.data.splitting import make_split
from recdesk.training.batches import BatchMaker
from tests.conftest import chain_dataset


@pytest.fixture
def split():
    return make_split(chain_dataset(n_users=40, length=25))


def pairs(batches: BatchMaker, epoch: int = 0) -> list[tuple[int, int]]:
    """Every (input item, target) that an epoch of causal batches predicts."""
    found = []
    for rows in batches.plan(epoch):
        batch = batches.causal(rows)
        found += zip(batch.inputs.flatten()[batch.positions].tolist(), batch.targets.tolist(), strict=True)
    return found


@pytest.mark.parametrize("epoch", [0, 1, 2])
@pytest.mark.parametrize("max_length", [3, 7, 22, 100])
def test_every_training_step_of_every_history_is_predicted_once(split, max_length: int, epoch: int):
    expected = []
    for user in range(split.dataset.n_users):
        row = split.dataset.items[split.dataset.offsets[user] : split.train_ends[user]].tolist()
        expected += itertools.pairwise(row)
    assert sorted(pairs(BatchMaker(split, max_length, 64, 0), epoch)) == sorted(expected)


def test_long_histories_are_cut_in_other_places_each_epoch(split):
    batches = BatchMaker(split, 5, 64, 0)
    assert set(batches.windows(0).starts.tolist()) != set(batches.windows(1).starts.tolist())
    assert int(batches.windows(0).lengths.max()) <= 6
    whole = BatchMaker(split, 100, 64, 0)
    assert whole.windows(0).starts.tolist() == whole.windows(1).starts.tolist()


def test_no_held_out_item_is_ever_read(split):
    held = np.concatenate([split.validation, split.test])
    windows = BatchMaker(split, 5, 64, 0).windows(epoch=1)
    reach = np.zeros(split.dataset.n_interactions, bool)
    for start, end in zip(windows.starts, windows.ends, strict=True):
        reach[start:end] = True
    assert not reach[held].any()


def test_the_plan_is_a_function_of_seed_and_epoch(split):
    def plan(seed: int, epoch: int) -> list[list[int]]:
        return [windows.starts.tolist() for windows in BatchMaker(split, 5, 64, seed).plan(epoch)]

    assert plan(1, 3) == plan(1, 3)
    assert plan(1, 3) != plan(1, 4)
    assert plan(1, 3) != plan(2, 3)


def test_batches_stay_within_their_tokens(split):
    batches = BatchMaker(split, 10, 64, 0)
    for rows in batches.plan(0):
        assert batches.causal(rows).inputs.numel() <= 64


def test_masks_hide_real_items_and_their_targets_are_what_was_hidden(split):
    batches = BatchMaker(split, 10, 64, 0)
    rows = batches.plan(0)[0]
    batch = batches.masked(rows, 0, 0, mask_code=41, share=0.3, last=0.0)
    flat = batch.inputs.flatten()
    assert (flat[batch.positions] == 41).all()
    assert (flat == 41).sum() == len(batch.positions)
    restored = flat.clone()
    restored[batch.positions] = batch.targets
    codes, _ = rows.padded(10)
    assert restored.reshape(batch.inputs.shape).tolist() == codes.tolist()


def test_masks_are_drawn_anew_each_epoch_and_the_same_for_the_same(split):
    batches = BatchMaker(split, 10, 64, 0)
    rows = batches.plan(0)[0]

    def places(epoch: int) -> list[int]:
        return batches.masked(rows, epoch, 0, 41, 0.3, 0.0).positions.tolist()

    assert places(0) == places(0)
    assert places(0) != places(1)


def test_a_cut_window_hides_exactly_its_last_item(split):
    batches = BatchMaker(split, 10, 64, 0)
    rows = batches.plan(0)[0]
    batch = batches.masked(rows, 0, 0, 41, 0.2, last=1.0)
    lengths = (batch.inputs != 0).sum(1)
    assert len(batch.positions) == len(rows)
    assert (batch.inputs[range(len(rows)), lengths - 1] == 41).all()
    assert int(lengths.min()) >= 2


def test_rows_end_at_the_last_position_whatever_their_length():
    codes, kept = Histories.of([[1, 2, 3], [4]]).padded(5)
    from recdesk.models.bert import Batch

    batch = Batch.of(codes, kept, 5, np.array([2, 3]), np.array([1, 1]), both_sides=True)
    assert batch.position_ids[0].tolist() == [2, 3, 4]
    assert batch.position_ids[1, 0].item() == 4
    assert batch.attention.tolist() == [[True] * 3, [True, False, False]]


def test_rows_have_few_widths_and_little_padding(split):
    batches = BatchMaker(split, 200, 3200, 0)
    widths = [batches.width(longest) for longest in range(1, 201)]
    assert all(longest <= width <= 17 / 16 * longest for longest, width in enumerate(widths, 1))
    assert len(set(widths)) < 75
    assert BatchMaker(split, 51, 3200, 0).width(51) == 51  # no more than there are positions
    for windows in batches.plan(0):
        for batch in (batches.causal(windows), batches.masked(windows, 0, 0, 26, 0.2, 0.0)):
            assert batch.inputs.shape[1] in widths
