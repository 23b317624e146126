"""One run trained by several processes: each computes gradients for its share of every step, and their sum is the
gradient of the step in all of them, which therefore keep the same weights (synchronous data parallelism).

The process that executes the run leads. It says which step is next, evaluates and saves; the others follow. What they
exchange in a step are counts, and gradients: of a large item table only those of the rows that the step reads.
"""

import json
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

import torch
import torch.distributed as dist
from safetensors.torch import load, save
from torch import Tensor, nn

from recdesk.core.errors import LostWorkerError
from recdesk.core.messages import Message
from recdesk.training.checkpoints import Progress
from recdesk.training.optimizer import Optimizer

LEADER = 0
JOINING_SECONDS = 120.0
"""In which a worker must reach the leader's store."""
FOR_EVER = timedelta(days=30)
"""A worker waits while the leader evaluates or is paused; one that dies is noticed by its connection."""
_STEP, _END = 1, 0

_c10d: Any = dist
"""Of torch's groups and stores its own stubs know little. Objects of them are used here, not the one group of the
whole process: a window trains one run after another, and tests several workers in threads."""


@dataclass(frozen=True)
class Rendezvous:
    """Where the workers of a run find each other.

    Attributes:
        host: the leader's machine.
        count: of the workers, the leader included.
        port: of the leader's store.
        file: that holds the store of workers on one machine, where then nothing can be reached from outside.
    """

    host: str
    count: int
    port: int = 0
    file: str = ""


class WorkerGroup(Protocol):
    """What a step needs to know of the workers that compute it together.

    Attributes:
        rank: of this one, from 0, which leads.
        count: of all.
        threads: to compute steps with; 0 for as many as a process takes that works alone.
    """

    rank: int
    count: int
    threads: int

    def broadcast_state(self, model: nn.Module, optimizer: Optimizer) -> None:
        """Take over the leader's weights and the state of its optimiser; before the first step."""

    def begin(self, progress: Progress) -> None:
        """Say, as the leader, which step is next."""

    def all_targets(self, own: int) -> int:
        """Targets of the step, of all workers."""

    def all_rows(self, own: Tensor) -> Tensor:
        """Rows of the item table that any worker reads, int64 [n], ascending; `own` are those of this one."""

    def all_reduce(self, optimizer: Optimizer, outcome: Tensor, tokens: int) -> tuple[Tensor, int]:
        """Replace the gradients, `outcome` and `tokens` of this worker by the sums over all.

        Raises:
            MemoryError: a worker had too little memory for its share.
        """

    def give_up(self, optimizer: Optimizer) -> None:
        """Say that memory did not suffice for this worker's share, in place of `all_reduce`."""

    def end(self) -> None:
        """Say, as the leader, that no step follows."""


class Alone:
    """The `WorkerGroup` of a run in one process."""

    rank, count, threads = LEADER, 1, 0

    def broadcast_state(self, model: nn.Module, optimizer: Optimizer) -> None:
        """See `WorkerGroup`."""

    def begin(self, progress: Progress) -> None:
        """See `WorkerGroup`."""

    def all_targets(self, own: int) -> int:
        """See `WorkerGroup`."""
        return own

    def all_rows(self, own: Tensor) -> Tensor:
        """See `WorkerGroup`."""
        return own

    def all_reduce(self, optimizer: Optimizer, outcome: Tensor, tokens: int) -> tuple[Tensor, int]:
        """See `WorkerGroup`."""
        return outcome, tokens

    def give_up(self, optimizer: Optimizer) -> None:
        """See `WorkerGroup`."""

    def end(self) -> None:
        """See `WorkerGroup`."""


ALONE = Alone()


def listen(host: str, count: int) -> tuple[Any, Rendezvous]:
    """A store on a free port of this machine, which listens on that address alone, and the rendezvous there."""
    with socket.create_server((host, 0)) as free:
        port = free.getsockname()[1]
        store = _c10d.TCPStore(
            host, port, None, True, timedelta(seconds=JOINING_SECONDS), wait_for_workers=False,
            master_listen_fd=free.detach(),
        )  # fmt: skip
    return store, Rendezvous(host, count, port)


def connect(rendezvous: Rendezvous, patience: float = JOINING_SECONDS) -> Any:
    """The store of a rendezvous, waited for so many seconds.

    Raises:
        LostWorkerError: it is not there.
    """
    with _Connected():
        if rendezvous.file:
            return _c10d.FileStore(rendezvous.file, rendezvous.count)
        waits = timedelta(seconds=patience)
        return _c10d.TCPStore(rendezvous.host, rendezvous.port, None, False, waits, wait_for_workers=False)


class Workers:
    """The `WorkerGroup` of a run in several processes. Each method is called by all of them, in the same order.

    Args:
        rendezvous: where they find each other.
        rank: of this one.
        store: of the rendezvous.
        address: of this machine, by which the others reach it; "" for the leader's.
        threads: see `WorkerGroup`.

    Raises:
        LostWorkerError: from any method, see there.
    """

    def __init__(
        self,
        rendezvous: Rendezvous,
        rank: int,
        store: Any,
        address: str = "",
        threads: int = 0,
    ) -> None:
        self.rank, self.count, self.threads = rank, rendezvous.count, threads
        options = _c10d.ProcessGroupGloo._Options()
        options._devices = [_c10d.ProcessGroupGloo.create_device(hostname=address or rendezvous.host)]
        options._timeout = FOR_EVER
        with _Connected():
            self._store = store
            store.set(_joined(rank), b"1")
            self._group = _c10d.ProcessGroupGloo(_c10d.PrefixStore("cpu", store), rank, self.count, options)
        self._on_gpu: Any = None

    @staticmethod
    def joined(store: Any, count: int) -> bool:
        """Whether all the others have come to the store."""
        return store.check([_joined(rank) for rank in range(1, count)])

    def begin(self, progress: Progress) -> None:
        """See `WorkerGroup`."""
        if self.rank == LEADER:
            self._say(_STEP, progress)

    def end(self) -> None:
        """See `WorkerGroup`."""
        self._say(_END, Progress())

    def next_step(self) -> Progress | None:
        """Wait for the leader: where the next step stands, or None for the end."""
        said = torch.zeros(7, dtype=torch.float64)
        self._wait(self._group.broadcast, said, LEADER)
        what, epoch, batch, step, begin, pieces, scale = said.tolist()
        if what == _END:
            return None
        return Progress(
            epoch=int(epoch), batch=int(batch), step=int(step), begin=int(begin), pieces=int(pieces), rate_scale=scale
        )

    def all_targets(self, own: int) -> int:
        """See `WorkerGroup`."""
        return self._sum([own])[0]

    def all_rows(self, own: Tensor) -> Tensor:
        """See `WorkerGroup`."""
        counts = [torch.zeros(1, dtype=torch.int64) for _ in range(self.count)]
        self._wait(self._group.allgather, [counts], [torch.tensor([len(own)])])
        longest = int(max(counts))
        padded = nn.functional.pad(own, (0, longest - len(own)), value=int(own[0]) if len(own) else 0)
        all_of_them = [torch.empty(longest, dtype=torch.int64) for _ in range(self.count)]
        self._wait(self._group.allgather, [all_of_them], [padded])
        parts = [rows[: int(count)] for rows, count in zip(all_of_them, counts, strict=True)]
        return torch.unique(torch.cat(parts))

    def all_reduce(self, optimizer: Optimizer, outcome: Tensor, tokens: int) -> tuple[Tensor, int]:
        """See `WorkerGroup`."""
        weights = optimizer.weights
        has = [weight.grad is not None for weight in weights]
        failed, all_tokens, *counts = self._sum([0, tokens, *has])
        if failed:
            raise MemoryError(Message("training.worker-no-memory"))
        read = [weight for weight, count in zip(weights, counts, strict=True) if count]
        gradients = [torch.zeros_like(w) if w.grad is None else w.grad for w in read]
        flat = torch.cat([outcome.to(torch.float32), *(gradient.flatten() for gradient in gradients)])
        self._sum_in_place(flat)
        begin = len(outcome)
        for weight, gradient in zip(read, gradients, strict=True):
            weight.grad = flat[begin : begin + gradient.numel()].view_as(gradient)
            begin += gradient.numel()
        return flat[: len(outcome)].clone(), all_tokens

    def give_up(self, optimizer: Optimizer) -> None:
        """See `WorkerGroup`."""
        self._sum([1, 0, *(0 for _ in optimizer.weights)])

    def broadcast(self, facts: dict[str, Any], tensors: dict[str, Tensor]) -> tuple[dict[str, Any], dict[str, Tensor]]:
        """What the leader gives: its plain values and its tensors, in every worker; those of the others are ignored."""
        text = self._send(json.dumps(facts).encode())
        return json.loads(text), load(self._send(save({name: value.contiguous() for name, value in tensors.items()})))

    def broadcast_state(self, model: nn.Module, optimizer: Optimizer) -> None:
        """See `WorkerGroup`."""
        own = {f"model.{name}": value for name, value in model.state_dict().items()} | optimizer.state()
        tensors = self.broadcast({}, own if self.rank == LEADER else {})[1]
        if self.rank != LEADER:
            weights = {name.removeprefix("model."): t for name, t in tensors.items() if name.startswith("model.")}
            model.load_state_dict(weights)
            optimizer.restore(tensors)

    def _say(self, what: int, at: Progress) -> None:
        numbers = [what, at.epoch, at.batch, at.step, at.begin, at.pieces, at.rate_scale]
        self._wait(self._group.broadcast, torch.tensor(numbers, dtype=torch.float64), LEADER)

    def _send(self, content: bytes) -> bytes:
        """The leader's bytes, in every worker."""
        (size,) = self._sum([len(content) if self.rank == LEADER else 0])
        held = torch.zeros(max(size, 1), dtype=torch.uint8)
        if self.rank == LEADER and content:
            held = torch.frombuffer(bytearray(content), dtype=torch.uint8)
        self._wait(self._group.broadcast, held, LEADER)
        return held.numpy().tobytes()[:size]

    def _sum(self, own: Sequence[int]) -> list[int]:
        numbers = torch.tensor(own, dtype=torch.int64)
        self._wait(self._group.allreduce, [numbers])
        return list(map(int, numbers.tolist()))

    def _sum_in_place(self, values: Tensor) -> None:
        """Sum over all workers; on a GPU by NCCL, which is not waited for."""
        if values.device.type != "cuda":
            self._wait(self._group.allreduce, [values])
            return
        if self._on_gpu is None:
            self._on_gpu = _c10d.ProcessGroupNCCL(_c10d.PrefixStore("cuda", self._store), self.rank, self.count)
        self._wait(self._on_gpu.allreduce, [values])

    def _wait(self, operation: Callable[..., Any], *arguments: object) -> None:
        with _Connected():
            operation(*arguments).wait()


class _Connected:
    """Turns torch's error for a connection that ended into a `LostWorkerError`."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, RuntimeError):
            raise LostWorkerError(
                Message("training.worker-lost"),
                Message("training.resume-from-checkpoint"),
                f"{type(error).__name__}: {error}",
            ) from error


def _joined(rank: int) -> str:
    return f"joined.{rank}"
