"""Integrated gradients: how much each input contributes to a score (Sundararajan, Taly and Yan 2017)."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recdesk.core.task import UNWATCHED, Task

FEWEST_STEPS, MOST_STEPS = 8, 128
ERROR = 0.005
"""Relative error of completeness below which no more steps are taken."""


@dataclass(frozen=True)
class Attribution:
    """Contributions of the inputs.

    Attributes:
        parts: float, of the inputs' shape; their sum is `total` but for the error.
        total: score of the inputs less that of the baseline.
        error: |sum of the parts - total| / |total| (axiom of completeness); 0 where both are 0.
        steps: points of the path at which gradients were taken.
    """

    parts: Tensor
    total: float
    error: float
    steps: int


def integrated_gradients(
    score: Callable[[Tensor], Tensor], inputs: Tensor, baseline: Tensor, task: Task = UNWATCHED
) -> Attribution:
    """Integrate the gradient of a score along the straight line from a baseline to the inputs, by Gauss-Legendre
    quadrature with twice as many points each time until the parts add up.

    Args:
        score: of inputs of one shape, a scalar, differentiable.
        inputs, baseline: float, of equal shape.
        task: checked before each point.

    Raises:
        CancelledError: it was cancelled.
    """
    with torch.no_grad():
        total = float(score(inputs)) - float(score(baseline))
    steps = FEWEST_STEPS
    while True:
        parts = (inputs - baseline) * _mean_gradient(score, inputs, baseline, steps, task)
        gap = abs(float(parts.double().sum()) - total)
        error = gap / abs(total) if total else float(gap > 0)
        if error <= ERROR or steps >= MOST_STEPS:
            return Attribution(parts, total, error, steps)
        steps *= 2


def _mean_gradient(
    score: Callable[[Tensor], Tensor], inputs: Tensor, baseline: Tensor, steps: int, task: Task
) -> Tensor:
    nodes, weights = np.polynomial.legendre.leggauss(steps)
    mean = torch.zeros_like(inputs)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        task.check()
        point = (baseline + float(node) * (inputs - baseline)).detach().requires_grad_(True)
        with torch.enable_grad():
            (gradient,) = torch.autograd.grad(score(point), point)
        mean += float(weight) * gradient
    return mean
