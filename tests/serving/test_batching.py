"""What waits is answered together, each with its own answer or error."""

import asyncio
import threading

import numpy as np
import pytest

from recdesk.core.errors import UsageError
from recdesk.data.histories import History
from recdesk.recommend.by_ids import Asked
from recdesk.recommend.query import Found, Query
from recdesk.serving.batching import MOST_TOGETHER, Batcher, BusyError


class Model:
    """Answers with the length that was asked for; fails for 13. Waits until it is let go."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.go = threading.Event()

    def find(self, asked: list[Asked]) -> list[Found]:
        self.go.wait(10)
        self.sizes.append(len(asked))
        if any(each.query.n == 13 for each in asked):
            raise UsageError("thirteen")
        return [Found(np.array([each.query.n]), np.ones(1, np.float32)) for each in asked]


def query(n: int) -> Asked:
    return Asked(Query(History.of([]), n))


def together(model: Model, lengths: list[int], longest: int = 1000, others: Model | None = None) -> list:
    async def run() -> list:
        batcher = Batcher(longest)
        asked = [batcher.find(model, query(n)) for n in lengths]  # type: ignore[arg-type]
        asked += [batcher.find(others, query(1))] if others else []  # type: ignore[arg-type]
        tasks = [asyncio.ensure_future(each) for each in asked]
        await asyncio.sleep(0.05)
        model.go.set()
        found = await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(batcher.close)
        return [int(each.codes[0]) if isinstance(each, Found) else each for each in found]

    return asyncio.run(run())


def test_all_that_waits_is_one_batch_up_to_a_limit():
    model = Model()
    lengths = list(range(100, 100 + 3 * MOST_TOGETHER))
    assert together(model, lengths) == lengths
    assert max(model.sizes) == MOST_TOGETHER and sum(model.sizes) == len(lengths) and len(model.sizes) <= 5


def test_the_error_of_one_is_not_that_of_the_others():
    found = together(Model(), [1, 2, 13, 4])
    assert found[:2] == [1, 2] and found[3] == 4
    assert isinstance(found[2], UsageError) and found[2].sentence == "thirteen"


def test_one_more_than_may_wait_is_told_at_once():
    found = together(Model(), [1, 2, 3, 4], longest=2)
    assert sum(isinstance(each, BusyError) for each in found) in (1, 2) and found[0] == 1


def test_queries_of_two_models_are_not_mixed():
    first, second = Model(), Model()
    second.go.set()
    assert together(first, [1, 2, 3], others=second) == [1, 2, 3, 1]
    assert sum(first.sizes) == 3 and second.sizes == [1]


@pytest.mark.parametrize("count", [1, 5])
def test_what_waits_when_it_is_closed_is_answered(count: int):
    model = Model()
    model.go.set()
    assert together(model, [7] * count) == [7] * count
