"""Gradients to weights: AdamW, clipped, with an average of the weights; row by row for a large item table."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor, nn

from recdesk.training.adamw import AdamW, Group
from recdesk.training.ema import WeightAverage
from recdesk.training.sparse_adamw import SparseAdamW

BETAS = (0.9, 0.98)
_ADAM = "optimiser."
"""How names in a checkpoint begin that are AdamW's."""


class Settings(Protocol):
    """What an optimiser is set up with; `averaging` is the decay of the weight average, None for none."""

    @property
    def learning_rate(self) -> float: ...  # noqa: D102

    @property
    def weight_decay(self) -> float: ...  # noqa: D102

    @property
    def clip_norm(self) -> float: ...  # noqa: D102

    @property
    def averaging(self) -> float | None: ...  # noqa: D102


@dataclass(frozen=True)
class PlainSettings:
    """`Settings` where there is no run's config."""

    learning_rate: float
    weight_decay: float
    clip_norm: float
    averaging: float | None = None


class Optimizer:
    """Optimiser and weight average of a model, with all that a checkpoint must hold of them.

    Args:
        model: on its device; with `by_rows` it has an `item_table`.
        settings: the learning rate apart, which comes with each step.
        by_rows: a step updates and averages only those rows of the item table that it reads.
        slow: parameters of the model that learn at `slow_share` of the learning rate.
        slow_share: see `slow`.
    """

    def __init__(
        self,
        model: nn.Module,
        settings: Settings,
        by_rows: bool,
        slow: Iterable[nn.Parameter] = (),
        slow_share: float = 1.0,
    ) -> None:
        self.clip_norm = settings.clip_norm
        table: nn.Parameter | None = model.item_table if by_rows else None  # type: ignore[assignment]
        dense = [p for p in model.parameters() if p.requires_grad and p is not table]
        self._dense: list[Tensor] = list(dense)
        self._adam = _adamw(dense, settings, {id(p) for p in slow}, slow_share)
        averaging = settings.averaging
        self._average = None if averaging is None else WeightAverage(dense, averaging)
        self.rows: SparseAdamW | None = None
        if table is not None:
            self.rows = SparseAdamW(table, averaging or 0.0, settings.weight_decay, BETAS)

    def clear(self, rows: Tensor | None) -> Tensor | None:
        """Forget the gradients; with `by_rows`, the vectors of the rows (int64, ascending) that the step will read."""
        self._adam.clear()
        return self.rows.pick(rows) if self.rows is not None and rows is not None else None

    @property
    def weights(self) -> list[Tensor]:
        """What has a gradient in this step: the parameters, and of a table by rows those rows that it reads."""
        return [*self._dense, *([self.rows.picked] if self.rows is not None else [])]

    def clip(self) -> Tensor:
        """Scale the gradient down to `clip_norm`; its norm before that."""
        return nn.utils.clip_grad_norm_(self.weights, self.clip_norm)

    def step(self, rate: float, step: int) -> None:
        """Take optimiser step `step` (from 1) at a learning rate."""
        self._adam.step(rate)
        if self.rows is not None:
            self.rows.apply(rate, step)  # keeps the average of its rows too

    def average(self, step: int) -> None:
        """Update the weight average after optimiser step `step` (from 1)."""
        if self._average is not None:
            self._average.update(step)

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """The model has the averaged weights inside the block, its own again after it."""
        with (
            self._average.in_place() if self._average is not None else contextlib.nullcontext(),
            self.rows.averaged() if self.rows is not None else contextlib.nullcontext(),
        ):
            yield

    def state(self) -> dict[str, Tensor]:
        """Everything needed to continue exactly here, besides the weights."""
        tensors = {f"{_ADAM}{name}": value for name, value in self._adam.state().items()}
        if self._average is not None:
            tensors |= {f"average.{index}": value for index, value in enumerate(self._average.average)}
        return tensors | (self.rows.state() if self.rows is not None else {})

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `state`.

        Raises:
            KeyError, RuntimeError, ValueError: they are not of such a model.
        """
        self._adam.restore({name.removeprefix(_ADAM): tensors[name] for name in tensors if name.startswith(_ADAM)})
        if self._average is not None:
            self._average.restore([tensors[f"average.{index}"] for index in range(len(self._average.average))])
        if self.rows is not None:
            self.rows.restore(tensors)


def _adamw(parameters: list[nn.Parameter], settings: Settings, slow: set[int], slow_share: float) -> AdamW:
    """AdamW without decay of biases and norms."""
    groups = []
    for is_slow, share in ((False, 1.0), (True, slow_share)):
        chosen = [p for p in parameters if (id(p) in slow) == is_slow]
        groups.append(Group([p for p in chosen if p.dim() >= 2], settings.weight_decay, share))
        groups.append(Group([p for p in chosen if p.dim() < 2], 0.0, share))
    return AdamW(groups, BETAS)
