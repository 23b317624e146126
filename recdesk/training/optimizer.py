"""How gradients become weights: AdamW, clipped, averaged; row by row where the table of items is large."""

import contextlib
from collections.abc import Iterable, Iterator

import torch
from torch import Tensor, nn

from recdesk.models.persistence import SavedModel
from recdesk.training.config import RunConfig
from recdesk.training.ema import WeightAverage
from recdesk.training.sparse_adamw import SparseAdamW

BETAS = (0.9, 0.98)


class Optimizer:
    """Optimiser and weight average of a model, with all that a checkpoint must hold of them.

    Args:
        model: on its device.
        config: learning rate aside, which comes with each step.
        by_rows: only the rows of the item table that a step reads are learned, averaged and touched in it.
        slow: parameters of the model that learn at `slow_share` of the learning rate.
        slow_share: see `slow`.
    """

    def __init__(
        self,
        model: SavedModel,
        config: RunConfig,
        by_rows: bool,
        slow: Iterable[nn.Parameter] = (),
        slow_share: float = 1.0,
    ) -> None:
        self.config = config
        table = model.item_table if by_rows else None
        rest = [p for p in model.parameters() if p.requires_grad and p is not table]
        self._rest: list[Tensor] = list(rest)
        self._adam = _adamw(rest, config, model.device, {id(p) for p in slow}, slow_share)
        self._average = WeightAverage(rest, config.averaging)
        self.rows = SparseAdamW(table, config.averaging, config.weight_decay, BETAS) if table is not None else None

    def clear(self, rows: Tensor | None) -> Tensor | None:
        """Forget the gradients; with `by_rows`, the vectors of the rows (int64, ascending) that the step will read."""
        self._adam.zero_grad(set_to_none=True)
        return self.rows.pick(rows) if self.rows is not None and rows is not None else None

    def apply(self, rate: float, step: int) -> Tensor:
        """Take step `step` (from 1) with a learning rate; the length of the gradient before clipping."""
        for group in self._adam.param_groups:
            group["lr"] = rate * group["share"]
        picked = [self.rows.picked] if self.rows is not None else []
        length = nn.utils.clip_grad_norm_([*self._rest, *picked], self.config.clip_norm)
        self._adam.step()
        self._average.update(step)
        if self.rows is not None:
            self.rows.apply(rate, step)
        return length

    @contextlib.contextmanager
    def averaged(self) -> Iterator[None]:
        """The model works with the averaged weights inside the block, with its own again after it."""
        with self._average.in_place(), self.rows.averaged() if self.rows is not None else contextlib.nullcontext():
            yield

    def state(self) -> dict[str, Tensor]:
        """Everything that going on exactly here needs, besides the weights."""
        tensors = {
            f"optimiser.{index}.{name}": torch.as_tensor(value)
            for index, entry in self._adam.state_dict()["state"].items()
            for name, value in entry.items()
        }
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
        self._average.restore([tensors[f"average.{index}"] for index in range(len(self._average.average))])
        if self.rows is not None:
            self.rows.restore(tensors)


def _adamw(
    parameters: list[nn.Parameter], config: RunConfig, device: torch.device, slow: set[int], slow_share: float
) -> torch.optim.Optimizer:
    """Biases and norms are not decayed; a group's "share" is that of the learning rate."""
    groups = []
    for is_slow, share in ((False, 1.0), (True, slow_share)):
        chosen = [p for p in parameters if (id(p) in slow) == is_slow]
        decayed, others = [p for p in chosen if p.dim() >= 2], [p for p in chosen if p.dim() < 2]
        if decayed or not is_slow:
            groups.append({"params": decayed, "weight_decay": config.weight_decay, "share": share})
            groups.append({"params": others, "weight_decay": 0.0, "share": share})
    return torch.optim.AdamW(groups, lr=config.learning_rate, betas=BETAS, fused=device.type in ("cpu", "cuda"))
