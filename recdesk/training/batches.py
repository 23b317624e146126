"""Training batches: windows of histories in length buckets, a function of (seed, epoch)."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from recdesk.data.histories import Histories
from recdesk.data.splitting import Split
from recdesk.models.bert import Batch, Times

BUCKET_BATCHES = 32
"""Batches per length bucket: enough windows to pad little, few enough to stay random."""


class BatchMaker:
    """Windows over every user's training part, so that all of a long history is used.

    A window holds up to `max_length` predictions; neighbouring windows overlap by one item, the last target of the
    first and the first input of the second. Where a longer history is cut is drawn anew each epoch, so that no item is
    always at the edge without context.

    Args:
        split: only its training part is read.
        max_length: predictions per window.
        tokens: padded positions per batch.
        seed: of the random generator.
        times: what batches hold of time, see `Shape`.
    """

    def __init__(self, split: Split, max_length: int, tokens: int, seed: int, times: Times = "ignored") -> None:
        self.max_length, self.seed, self.times = max_length, seed, times
        self._split = split
        self._items, self._moments = split.dataset.items, split.dataset.times
        self._starts, self._ends = split.dataset.offsets[:-1], split.train_ends
        self._predictions = np.maximum(self._ends - self._starts - 1, 0)
        self.predictions = int(self._predictions.sum())
        self.tokens = max(tokens, max_length)

    def of_size(self, tokens: int) -> "BatchMaker":
        """The same data with another number of positions per batch."""
        return BatchMaker(self._split, self.max_length, tokens, self.seed, self.times)

    def popularity(self, n_items: int) -> NDArray[np.int64]:
        """How often each item is a target in an epoch, int64 [n_items]."""
        starts, ends = np.minimum(self._starts + 1, self._ends), self._ends
        counts = np.zeros(n_items + 1, np.int64)
        for begin in range(0, len(starts), 100_000):  # in blocks of users, which bounds the memory
            part = slice(begin, begin + 100_000)
            counts += np.bincount(Histories(self._items, starts[part], ends[part]).flat()[1], minlength=n_items + 1)
        return counts[1:]

    def windows(self, epoch: int) -> Histories:
        """The windows of an epoch, each with at least one prediction; every prediction is in exactly one."""
        longest, total = self.max_length, self._predictions
        rng = np.random.default_rng((self.seed, epoch, 2))
        latest = np.where(total > longest, rng.integers(0, longest, len(total)), 0)  # in a shorter window of its own
        extra = (latest > 0).astype(np.int64)
        pieces = -(-(total - latest) // longest) + extra
        user = np.repeat(np.arange(len(total)), pieces)
        piece = np.arange(len(user)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        is_latest = (piece == 0) & (extra[user] == 1)
        behind = np.where(is_latest, 0, latest[user] + (piece - extra[user]) * longest)
        ends = self._ends[user] - behind
        starts = np.maximum(ends - np.where(is_latest, latest[user], longest) - 1, self._starts[user])
        return Histories(self._items, starts, ends, self._moments)

    def plan(self, epoch: int) -> list[Histories]:
        """The windows of each batch of an epoch, at most `tokens` padded positions a batch."""
        rng = np.random.default_rng((self.seed, epoch))
        windows = self.windows(epoch)
        order = rng.permutation(len(windows))
        lengths = windows.lengths - 1
        mean = max(float(lengths.mean()), 1.0) if len(lengths) else 1.0
        bucket = max(1, int(BUCKET_BATCHES * self.tokens / mean))
        batches = [
            batch
            for begin in range(0, len(order), bucket)
            for batch in self._cut(order[begin : begin + bucket], lengths)
        ]
        return [windows[batches[i]] for i in rng.permutation(len(batches))]

    def _cut(self, rows: NDArray[np.int64], lengths: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
        rows = rows[np.argsort(-lengths[rows], kind="stable")]
        begin = 0
        while begin < len(rows):
            count = max(1, self.tokens // self.width(int(lengths[rows[begin]])))
            yield rows[begin : begin + count]
            begin += count

    def width(self, longest: int) -> int:
        """Round the padded length up so that few distinct shapes occur: the first matmul of a shape compiles a kernel,
        which costs as much as many matmuls."""
        step = 1 << max(longest.bit_length() - 5, 0)
        return min(-(-longest // step) * step, self.max_length)

    def causal(self, windows: Histories) -> Batch:
        """Each position predicts the next item of its window."""
        longest = min(int(windows.lengths.max(initial=2)) - 1, self.max_length)
        width = self.width(longest) + 1
        codes, kept = windows.padded(self.max_length + 1, width)
        inputs, targets = np.ascontiguousarray(codes[:, :-1]), codes[:, 1:]
        positions = np.flatnonzero(targets)
        batch = Batch.of(inputs, kept - 1, self.max_length, positions, targets.ravel()[positions], both_sides=False)
        if self.times == "ignored":
            return batch
        gaps = windows.gaps(self.max_length + 1, width)
        return batch.timed(gaps[:, :-1], gaps[:, 1:] if self.times == "asked" else None)

    def masked(self, windows: Histories, epoch: int, index: int, mask_code: int, share: float, last: float) -> Batch:
        """Masked items are predicted from both sides.

        With probability `last` a window is cut after a random item and only that item is masked, which is the task of
        recommending; else each item is masked with probability `share`.

        Args:
            windows: of the batch.
            epoch, index: of the batch; with the seed they decide what is drawn.
            mask_code: id of the mask.
            share, last: see above.
        """
        rng = np.random.default_rng((self.seed, epoch, index, 1))
        lengths = np.minimum(windows.lengths, self.max_length)
        cut = rng.random(len(windows)) < last
        ends = np.where(cut, windows.ends - lengths + rng.integers(2, lengths + 1), windows.ends)
        starts = np.where(cut, np.maximum(windows.starts, ends - self.max_length), windows.starts)
        shown = replace(windows, starts=starts, ends=ends)
        longest = min(int(shown.lengths.max(initial=1)), self.max_length)
        width = self.width(longest)
        codes, kept = shown.padded(self.max_length, width)
        masked = (rng.random(codes.shape) < share) & ~cut[:, None]
        masked &= codes != 0
        without = ~masked.any(1)
        masked[without, kept[without] - 1] = True
        positions = np.flatnonzero(masked)
        inputs = np.where(masked, mask_code, codes)
        batch = Batch.of(inputs, kept, self.max_length, positions, codes.ravel()[positions], both_sides=True)
        if self.times == "ignored":
            return batch
        gaps = shown.gaps(self.max_length, width)
        return batch.timed(gaps if self.times == "asked" else np.where(masked, 0, gaps))
