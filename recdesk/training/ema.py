"""A moving average of the weights: what is evaluated and kept, while the noisy weights go on learning."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence

import torch


class WeightAverage:
    """Exponential moving average of a model's parameters (Polyak & Juditsky 1992; Tarvainen & Valpola 2017, 3).

    It does what a decaying learning rate does for quality without having to know when training will end.

    Args:
        weights: the tensors that are averaged.
        decay: share of the past that a step keeps; it grows over the first steps, so that the start is forgotten.
    """

    def __init__(self, weights: Iterable[torch.Tensor], decay: float) -> None:
        self.decay = decay
        self._weights = list(weights)
        self.average = [weight.detach().clone() for weight in self._weights]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after optimiser step `step` (from 1)."""
        torch._foreach_lerp_(self.average, self._weights, 1.0 - keep_share(self.decay, step))

    @contextlib.contextmanager
    @torch.no_grad()
    def in_place(self) -> Iterator[None]:
        """The model works with the average inside the block, with its own weights again after it."""
        own = [weight.detach().clone() for weight in self._weights]
        _copy(self.average, self._weights)
        try:
            yield
        finally:
            _copy(own, self._weights)

    @torch.no_grad()
    def restore(self, average: list[torch.Tensor]) -> None:
        """Go on from an average that was saved."""
        _copy(average, self.average)


def keep_share(decay: float, step: int) -> float:
    """Share of the past that stays in the average in step `step` (from 1)."""
    return min(decay, (1.0 + step) / (10.0 + step))


def _copy(source: Sequence[torch.Tensor], target: Sequence[torch.Tensor]) -> None:
    for new, old in zip(source, target, strict=True):
        old.copy_(new)
