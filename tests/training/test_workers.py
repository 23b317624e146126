import threading
import time
from collections.abc import Callable

import pytest
import torch

from recdesk.core.errors import LostWorkerError
from recdesk.data.splitting import make_split
from recdesk.training.checkpoints import Progress
from recdesk.training.config import BertConfig, make_config
from recdesk.training.loop import follow, take_step
from recdesk.training.train_step import DecoderStep
from recdesk.training.workers import LEADER, Workers, connect, listen
from tests.conftest import chain_dataset

HERE = "127.0.0.1"
STEPS = 4
Outcomes = list[tuple[float, int]]


@pytest.fixture(scope="module", autouse=True)
def _kernels_are_chosen() -> None:
    """By the first products of a process, which are not made by two threads at once here."""
    steps(decoder("bert-causal"))


def decoder(kind: str, **values) -> DecoderStep:
    config = make_config(kind, hidden=16, **values)
    assert isinstance(config, BertConfig)
    return DecoderStep(make_split(chain_dataset()), config)


def steps(step: DecoderStep, pieces: int = 1) -> Outcomes:
    """The first steps: loss and interactions of each."""
    step.model.train()
    plan, done = step.plan(0), []
    for number in range(STEPS):
        progress = Progress(step=number, batch=number % len(plan), pieces=pieces)
        step.workers.begin(progress)
        outcome, _, tokens = take_step(step, plan[progress.batch], progress, lambda _event: None)
        done.append((float(outcome[0]), tokens))
    return done


def together(count: int, make: Callable[[int], DecoderStep]) -> tuple[list[DecoderStep], Outcomes]:
    """The same steps by several workers, each in a thread: their train steps, and what the leader saw."""
    store, rendezvous = listen(HERE, count)
    made = {rank: make(rank) for rank in range(count)}

    def work(rank: int) -> None:
        follow(made[rank], Workers(rendezvous, rank, connect(rendezvous)))

    threads = [threading.Thread(target=work, args=(rank,)) for rank in range(1, count)]
    for thread in threads:
        thread.start()
    while not Workers.joined(store, count):
        time.sleep(0.01)
    leader = made[LEADER]
    leader.workers = workers = Workers(rendezvous, LEADER, store)
    workers.broadcast_state(leader.model, leader.optimizer)
    outcomes = steps(leader)
    workers.end()
    for thread in threads:
        thread.join()
    return [made[rank] for rank in range(count)], outcomes


def weights(step: DecoderStep) -> dict[str, torch.Tensor]:
    return {**step.model.state_dict(), **step.optimizer.state()}


def assert_equal(ours: DecoderStep, theirs: DecoderStep) -> None:
    mine, others = weights(ours), weights(theirs)
    assert mine.keys() == others.keys()
    assert [name for name, value in mine.items() if not torch.equal(value, others[name])] == []


@pytest.mark.parametrize(("kind", "negatives"), [("bert-causal", 0), ("bert4rec", 0), ("bert-causal", 15)])
def test_two_workers_learn_bit_for_bit_what_one_learns_in_two_parts(kind: str, negatives: int):
    one = decoder(kind, negatives=negatives)
    (leader, other), outcomes = together(2, lambda _rank: decoder(kind, negatives=negatives))
    assert outcomes == steps(one, pieces=2)
    assert_equal(leader, one)
    assert_equal(other, one)


def test_three_workers_keep_the_same_weights_whatever_they_began_with():
    def make(rank: int) -> DecoderStep:
        step = decoder("bert-causal", negatives=15)
        with torch.no_grad():
            step.model.bias += rank
        return step

    (leader, *others), outcomes = together(3, make)
    for other in others:
        assert_equal(other, leader)
    expected = steps(decoder("bert-causal", negatives=15), pieces=3)
    assert [tokens for _, tokens in outcomes] == [tokens for _, tokens in expected]
    assert [loss for loss, _ in outcomes] == pytest.approx([loss for loss, _ in expected], rel=1e-6)


@pytest.mark.parametrize("short", [0, 1])
def test_when_one_worker_is_short_of_memory_all_divide_the_step_again(short: int):
    def make(rank: int) -> DecoderStep:
        step, left = decoder("bert-causal"), [rank == short]
        forward = step.forward

        def once_too_much(batch, number, total):
            if left[0]:
                left[0] = False
                raise MemoryError
            return forward(batch, number, total)

        step.forward = once_too_much  # type: ignore[method-assign]
        return step

    (leader, other), outcomes = together(2, make)
    assert outcomes[0][0] == pytest.approx(steps(decoder("bert-causal"), pieces=4)[0][0], rel=1e-6)
    assert_equal(leader, other)


def test_a_worker_whose_leader_is_not_there_says_so():
    store, rendezvous = listen(HERE, 2)
    del store
    with pytest.raises(LostWorkerError, match="A worker of this run ended"):
        connect(rendezvous, patience=0.2)
