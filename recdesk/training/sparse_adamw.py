"""AdamW for a large table: a step costs as much as the rows it reads, not the whole table."""

import contextlib
import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from recdesk.training.adamw import EPSILON
from recdesk.training.ema import keep_share


class SparseAdamW:
    """AdamW (Loshchilov & Hutter 2019) and the weight average, over the rows of a table that a step reads.

    Moments of a row change only in steps that read it (as in `torch.optim.SparseAdam`). The average is exact: while a
    row is not read, its distance to the average shrinks by a known factor, applied when the average is needed.

    Args:
        table: float [rows, width] on the CPU.
        averaging: see `WeightAverage`.
        decay: weight decay, in steps that read the row.
        betas: of the moments.
    """

    def __init__(self, table: nn.Parameter, averaging: float, decay: float, betas: tuple[float, float]) -> None:
        self.table, self.averaging, self.decay, self.betas = table.detach(), averaging, decay, betas
        self.moment, self.square = torch.zeros_like(self.table), torch.zeros_like(self.table)
        self.average = self.table.clone()
        self.shrunk = torch.zeros(1, dtype=torch.float64)
        """Sum of log(decay of the average) over all steps."""
        self.shrunk_at = torch.zeros(len(self.table), dtype=torch.float64)
        """`shrunk` when a row's average was last exact."""
        self.rows = torch.empty(0, dtype=torch.int64)
        self.picked = torch.empty(0, self.table.shape[1])

    def pick(self, rows: Tensor) -> Tensor:
        """Copies of rows (int64 [n], distinct) for a step to read: a leaf [n, width] that collects their gradient."""
        self.rows = rows
        self.picked = self.table.index_select(0, rows).requires_grad_()
        return self.picked

    @torch.no_grad()
    def apply(self, rate: float, step: int) -> None:
        """Update the picked rows by their gradient; `step` counts from 1."""
        rows, old, gradient = self.rows, self.picked.detach(), self.picked.grad
        keep = keep_share(self.averaging, step)
        average = self._caught_up(rows, old)
        new = old
        if gradient is not None:
            first, second = self.betas
            moment = self.moment.index_select(0, rows).lerp_(gradient, 1 - first)
            square = self.square.index_select(0, rows).mul_(second).addcmul_(gradient, gradient, value=1 - second)
            self.moment.index_copy_(0, rows, moment)
            self.square.index_copy_(0, rows, square)
            size = square.sqrt_().div_(math.sqrt(1 - second**step)).add_(EPSILON)
            new = (old * (1 - rate * self.decay)).addcdiv_(moment, size, value=-rate / (1 - first**step))
            self.table.index_copy_(0, rows, new)
        self.average.index_copy_(0, rows, average.lerp_(new, 1 - keep))
        self.shrunk += math.log(max(keep, 1e-300))
        self.shrunk_at[rows] = self.shrunk
        self.picked.grad = None

    @contextlib.contextmanager
    @torch.no_grad()
    def averaged(self) -> Iterator[None]:
        """The table has its averaged rows inside the block, its own again after it."""
        own = self.table.clone()
        self.table.copy_(self._caught_up(slice(None), own))
        try:
            yield
        finally:
            self.table.copy_(own)

    def _caught_up(self, rows: Tensor | slice, weights: Tensor) -> Tensor:
        """The average of rows as if every step had updated it."""
        factor = torch.exp(self.shrunk - self.shrunk_at[rows]).to(weights.dtype)[:, None]
        return torch.lerp(weights, self.average[rows], factor)

    def state(self) -> dict[str, Tensor]:
        """For a checkpoint; the table itself is the model's."""
        return {f"rows.{name}": getattr(self, name) for name in _STATE}

    @torch.no_grad()
    def restore(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `state`."""
        for name in _STATE:
            getattr(self, name).copy_(tensors[f"rows.{name}"])


_STATE = ("moment", "square", "average", "shrunk", "shrunk_at")
