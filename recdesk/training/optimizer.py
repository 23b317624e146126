"""Gradients to weights: AdamW, clipped, with an average of the weights; row by row for a large item table."""

import contextlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from recdesk.training.ema import WeightAverage
from recdesk.training.sparse_adamw import SparseAdamW

BETAS = (0.9, 0.98)


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
        self._adam.zero_grad(set_to_none=True)
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
        for group in self._adam.param_groups:
            group["lr"] = rate * group["share"]
        self._adam.step()
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
        tensors = {
            f"optimiser.{index}.{name}": torch.as_tensor(value)
            for index, entry in self._adam.state_dict()["state"].items()
            for name, value in entry.items()
        }
        if self._average is not None:
            tensors |= {f"average.{index}": value for index, value in enumerate(self._average.average)}
        return tensors | (self.rows.state() if self.rows is not None else {})

    def restore(self, tensors: dict[str, Tensor]) -> None:
        """The inverse of `state`.

        Raises:
            KeyError, RuntimeError, ValueError: they are not of such a model.
        """
        states: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimiser."):
                _, index, key = name.split(".", 2)
                states.setdefault(int(index), {})[key] = value
        self._adam.load_state_dict({"state": states, "param_groups": self._adam.state_dict()["param_groups"]})
        if self._average is not None:
            self._average.restore([tensors[f"average.{index}"] for index in range(len(self._average.average))])
        if self.rows is not None:
            self.rows.restore(tensors)


def _adamw(
    parameters: list[nn.Parameter], settings: Settings, slow: set[int], slow_share: float
) -> torch.optim.Optimizer:
    """AdamW without decay of biases and norms; a group's "share" is that of the learning rate."""
    groups = []
    for is_slow, share in ((False, 1.0), (True, slow_share)):
        chosen = [p for p in parameters if (id(p) in slow) == is_slow]
        decayed, others = [p for p in chosen if p.dim() >= 2], [p for p in chosen if p.dim() < 2]
        if decayed or not is_slow:
            groups.append({"params": decayed, "weight_decay": settings.weight_decay, "share": share})
            groups.append({"params": others, "weight_decay": 0.0, "share": share})
    fused = parameters[0].device.type in ("cpu", "cuda")
    return torch.optim.AdamW(groups, lr=settings.learning_rate, betas=BETAS, fused=fused)
