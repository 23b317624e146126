"""Random initial weights that depend on a seed alone, whatever else in the process draws at the same time."""

from functools import lru_cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


def generator_on(device: torch.device) -> torch.Generator:
    """A random generator for tensors on a device; for those of torch's “meta” device, which have no values, any."""
    return torch.Generator("cpu" if device.type == "meta" else device)


class Seeded(TorchDispatchMode):
    """Inside the block, in this thread, all that torch draws comes from generators that begin at `seed`, one a device.

    The numbers are those that `torch.manual_seed(seed)` would give; torch's global generators, which serve every thread
    of the process, are neither read nor changed. Costs Python code for each operation: meant for making models, not for
    training steps.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """See `TorchDispatchMode`."""
        kwargs = kwargs or {}
        drawing = _drawing(func)
        if drawing is not None and kwargs.get("generator") is None:
            changed = isinstance(args[0], torch.Tensor)
            device = args[0].device if changed else torch.device(kwargs.get("device") or "cpu")
            return drawing(*args, **{**kwargs, "generator": self._generator(device)})
        return func(*args, **kwargs)

    def _generator(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            self._generators[device] = generator_on(device).manual_seed(self._seed)
        return self._generators[device]


@lru_cache
def _drawing(func: Any) -> Any:
    """The form of an operation that takes a generator; None for one that draws nothing."""
    for form in (func, *(getattr(func.overloadpacket, name) for name in _twins(func))):
        if any(argument.name == "generator" for argument in form._schema.arguments):
            return form
    return None


def _twins(func: Any) -> list[str]:
    """Overloads that differ from an operation by a generator: `rand.generator` of `rand.default`."""
    own = func._overloadname
    wanted = "generator" if own == "default" else f"{own}_generator"
    return [name for name in func.overloadpacket.overloads() if name == wanted]
