"""Queries that wait are answered together: while a batch is computed the next one gathers. Nobody waits for company."""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from recdesk.core.errors import RecdeskError, is_out_of_memory
from recdesk.core.messages import Message
from recdesk.recommend.by_ids import Asked, ModelByIds
from recdesk.recommend.query import Found
from recdesk.serving.process import Threads, use

MOST_TOGETHER = 32
"""Queries of a batch: more of them are hardly faster each, and the first would wait for the last."""


class BusyError(RecdeskError):
    """More queries wait than may; asking again later may succeed."""

    def __init__(self) -> None:
        super().__init__(Message("serve.busy"), Message("serve.ask-later"))


@dataclass(eq=False)
class _Waiting:
    model: ModelByIds
    asked: Asked
    answer: "asyncio.Future[Found]"


class Batcher:
    """Answers queries in a thread of its own. To be made and asked within one event loop.

    Args:
        longest: queries that may wait.
        threads: how many compute; None for as many as torch takes.
    """

    def __init__(self, longest: int, threads: Threads | None = None) -> None:
        self._longest, self._threads = longest, threads
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="batches", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Queries that wait."""
        return self._queue.qsize()

    async def find(self, model: ModelByIds, asked: Asked) -> Found:
        """The answer to a query.

        Raises:
            BusyError: too many wait.
            RecdeskError: as `ModelByIds.find`.
        """
        if self.waiting >= self._longest:
            raise BusyError
        answer: asyncio.Future[Found] = self._loop.create_future()
        self._queue.put(_Waiting(model, asked, answer))
        return await answer

    def close(self) -> None:
        """End the thread once all that waits is answered."""
        self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        last: _Waiting | None = None  # of another model, taken already
        while True:
            first = last or self._queue.get()
            if first is None:
                return
            batch, last, ended = self._with(first)
            answers = self._timed(batch) if self._threads is not None else _answers(batch)
            self._loop.call_soon_threadsafe(_deliver, batch, answers)
            if ended:
                return

    def _timed(self, batch: list[_Waiting]) -> list[Found | BaseException]:
        """The answers, with the threads that are fastest."""
        assert self._threads is not None
        threads, begun = self._threads.for_batch(len(batch)), time.perf_counter()
        use(threads)
        answers = _answers(batch)
        self._threads.took(len(batch), threads, time.perf_counter() - begun)
        return answers

    def _with(self, first: _Waiting) -> tuple[list[_Waiting], _Waiting | None, bool]:
        """What waits with the first one for the same model; one for another model that was met; whether the end was."""
        batch = [first]
        while len(batch) < MOST_TOGETHER:
            try:
                other = self._queue.get_nowait()
            except queue.Empty:
                break
            if other is None:
                return batch, None, True
            if other.model is not first.model:
                return batch, other, False
            if not other.answer.cancelled():
                batch.append(other)
        return batch, None, False


def _answers(batch: list[_Waiting]) -> list[Found | BaseException]:
    """An answer or an error for each; where a batch fails each one is tried alone."""
    try:
        return list(batch[0].model.find([each.asked for each in batch]))
    except Exception as error:
        if len(batch) == 1:
            return [_explained(error)]
    return [answer for each in batch for answer in _answers([each])]


def _explained(error: Exception) -> Exception:
    if is_out_of_memory(error):
        return RecdeskError(Message("run.out-of-memory"), Message("serve.ask-later"))
    return error


def _deliver(batch: list[_Waiting], answers: list[Any]) -> None:
    for each, answer in zip(batch, answers, strict=True):
        settle: Callable[[Any], None] = each.answer.set_result
        if isinstance(answer, BaseException):
            settle = each.answer.set_exception
        if not each.answer.done():  # who asked may be gone
            settle(answer)
