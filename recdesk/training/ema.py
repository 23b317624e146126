"""Exponential moving average of the weights, which is what is evaluated and saved."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import torch


class WeightAverage:
    """Exponential moving average of a model's parameters (Polyak & Juditsky 1992; Tarvainen & Valpola 2017, 3).

    For quality it replaces a decaying learning rate, without having to know when training will end.

    Args:
        weights: the tensors to average.
        decay: of the average; smaller in the first steps, so that the initial weights are forgotten.
    """

    def __init__(self, weights: Iterable[torch.Tensor], decay: float) -> None:
        self.decay = decay
        self._weights = list(weights)
        self.average = [weight.detach().clone() for weight in self._weights]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Update the average after optimiser step `step` (from 1)."""
        torch._foreach_lerp_(self.average, self._weights, 1.0 - keep_share(self.decay, step))

    @contextlib.contextmanager
    @torch.no_grad()
    def in_place(self) -> Iterator[None]:
        """The model has the averaged weights inside the block, its own again after it."""
        own = [weight.detach().clone() for weight in self._weights]
        _copy(self.average, self._weights)
        try:
            yield
        finally:
            _copy(own, self._weights)

    @torch.no_grad()
    def restore(self, average: list[torch.Tensor]) -> None:
        """Continue from a saved average."""
        _copy(average, self.average)


def keep_share(decay: float, step: int) -> float:
    """Decay of the average in step `step` (from 1): `decay`, or (1 + step) / (10 + step) while that is smaller."""
    return min(decay, (1.0 + step) / (10.0 + step))


def _copy(source: Sequence[torch.Tensor], target: Sequence[torch.Tensor]) -> None:
    for new, old in zip(source, target, strict=True):
        old.copy_(new)
