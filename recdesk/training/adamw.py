"""AdamW over groups of parameters."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.optim.adamw import adamw

EPSILON = 1e-8
_FUSED = ("cpu", "cuda")
"""Devices on which one kernel updates all parameters."""


@dataclass(frozen=True)
class Group:
    """Parameters with a weight decay and a share of the learning rate in common."""

    parameters: Sequence[Tensor]
    decay: float
    share: float = 1.0


class AdamW:
    """AdamW (Loshchilov & Hutter 2019) by torch's own kernels.

    Steps, and names what it keeps, as `torch.optim.AdamW` does, whose first instance in a process imports
    `torch._dynamo`: as long as torch itself takes, and 70 MB.

    Args:
        groups: all on one device; a parameter without a gradient stays as it is in that step.
        betas: of the moments.
    """

    def __init__(self, groups: Sequence[Group], betas: tuple[float, float]) -> None:
        self._groups, self._betas = groups, betas
        self._moments: dict[int, dict[str, Tensor]] = {}
        """Steps so far and both moments, by the parameter's place in all groups."""

    def clear(self) -> None:
        """Forget the gradients."""
        for _, parameter in self._numbered():
            parameter.grad = None

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Update the parameters by their gradients at a learning rate."""
        numbered = self._numbered()
        for group in self._groups:
            changed = [(next(numbered)[0], each) for each in group.parameters]
            self._update([(number, each) for number, each in changed if each.grad is not None], group, rate)

    def _update(self, changed: list[tuple[int, Tensor]], group: Group, rate: float) -> None:
        if not changed:
            return
        moments = [self._moments_of(number, parameter) for number, parameter in changed]
        adamw(
            [parameter for _, parameter in changed],
            [parameter.grad for _, parameter in changed if parameter.grad is not None],
            [each["exp_avg"] for each in moments],
            [each["exp_avg_sq"] for each in moments],
            [],
            [each["step"] for each in moments],
            fused=changed[0][1].device.type in _FUSED,
            amsgrad=False,
            beta1=self._betas[0],
            beta2=self._betas[1],
            lr=rate * group.share,
            weight_decay=group.decay,
            eps=EPSILON,
            maximize=False,
        )

    def _moments_of(self, number: int, parameter: Tensor) -> dict[str, Tensor]:
        if number not in self._moments:
            fused = parameter.device.type in _FUSED
            self._moments[number] = {
                "step": torch.zeros((), device=parameter.device if fused else "cpu"),
                "exp_avg": torch.zeros_like(parameter),
                "exp_avg_sq": torch.zeros_like(parameter),
            }
        return self._moments[number]

    def _numbered(self) -> Iterator[tuple[int, Tensor]]:
        return enumerate(parameter for group in self._groups for parameter in group.parameters)

    def state(self) -> dict[str, Tensor]:
        """What it keeps of each parameter, by its number and name: "3.exp_avg"."""
        return {f"{number}.{name}": value for number, kept in self._moments.items() for name, value in kept.items()}

    def restore(self, tensors: Mapping[str, Tensor]) -> None:
        """The inverse of `state`.

        Raises:
            KeyError, RuntimeError, ValueError: they are not of such parameters.
        """
        parameters = dict(self._numbered())
        self._moments = {}
        for key, value in tensors.items():
            number, name = key.split(".", 1)
            own = self._moments_of(int(number), parameters[int(number)])[name]
            if own.shape != value.shape:
                raise ValueError(f"{key} has the shape {tuple(value.shape)} instead of {tuple(own.shape)}")
            own.copy_(value)
        if len(tensors) != sum(map(len, self._moments.values())):
            raise ValueError("some of what is kept of a parameter is missing")
