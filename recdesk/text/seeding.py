"""Random initial weights that are a function of a seed, whatever other threads draw at the same time."""

from functools import lru_cache
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode


def generator_on(device: torch.device) -> torch.Generator:
    """A random generator for a device; for the “meta” device, whose tensors have no values, one of the CPU."""
    return torch.Generator("cpu" if device.type == "meta" else device)


class Seeded(TorchDispatchMode):
    """Context manager: random operations of this thread draw from generators seeded with `seed`, one per device.

    The numbers are those after `torch.manual_seed(seed)`, but torch's global generators, which all threads share, are
    neither read nor changed. Dispatches each operation through Python: for initialising models, not for training.
    """

    @classmethod
    def _should_skip_dynamo(cls) -> bool:
        """Spares the import of `torch._dynamo`, longer than that of torch itself, for a model that is only opened: the
        base would wrap `__torch_dispatch__` to hide it from `torch.compile`, which nothing here uses."""
        return False

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed
        self._generators: dict[torch.device, torch.Generator] = {}

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        """See `TorchDispatchMode`."""
        kwargs = kwargs or {}
        random_form = _random_form(func)
        if random_form is not None and kwargs.get("generator") is None:
            changed = isinstance(args[0], torch.Tensor)
            device = args[0].device if changed else torch.device(kwargs.get("device") or "cpu")
            return random_form(*args, **{**kwargs, "generator": self._generator(device)})
        return func(*args, **kwargs)

    def _generator(self, device: torch.device) -> torch.Generator:
        if device not in self._generators:
            self._generators[device] = generator_on(device).manual_seed(self._seed)
        return self._generators[device]


@lru_cache
def _random_form(func: Any) -> Any:
    """The overload of an operation that takes a generator; None for one that is not random."""
    for form in (func, *(getattr(func.overloadpacket, name) for name in _twins(func))):
        if any(argument.name == "generator" for argument in form._schema.arguments):
            return form
    return None


def _twins(func: Any) -> list[str]:
    """Names of the overloads with a generator argument: `rand.generator` for `rand.default`."""
    own = func._overloadname
    wanted = "generator" if own == "default" else f"{own}_generator"
    return [name for name in func.overloadpacket.overloads() if name == wanted]
