"""How many threads compute."""

from recdesk.serving.process import TRIALS, TRY_EVERY, Threads


def alone(threads: Threads, seconds: dict[int, float], count: int) -> list[int]:
    """Threads that were taken for single queries, one after the other."""
    taken = []
    for _ in range(count):
        taken.append(threads.for_batch(1))
        threads.took(1, taken[-1], seconds[taken[-1]])
    return taken


def test_a_query_that_is_alone_gets_the_threads_that_were_faster():
    for seconds, best in (({1: 0.004, 2: 0.002}, 2), ({1: 0.004, 2: 0.020}, 1)):
        threads = Threads(2)
        taken = alone(threads, seconds, TRY_EVERY - 1)
        assert sorted(taken[: 2 * TRIALS]) == [1] * TRIALS + [2] * TRIALS
        assert set(taken[2 * TRIALS :]) == {best}


def test_the_other_number_is_tried_again_now_and_then_and_taken_when_the_machine_has_changed():
    threads = Threads(4)
    assert set(alone(threads, {3: 0.004, 4: 0.1}, TRY_EVERY - 1)[2 * TRIALS :]) == {3}
    quiet = {3: 0.004, 4: 0.001}
    taken = alone(threads, quiet, 40 * TRY_EVERY)
    assert taken.count(4) >= 10 and taken[-2] == 4


def test_a_batch_leaves_a_processor_for_requests():
    assert [Threads(cores).for_batch(8) for cores in (1, 2, 8)] == [1, 1, 7]
    assert [Threads(1).for_batch(1) for _ in range(10)] == [1] * 10
