import gc
import threading
import weakref

import pytest
import shiboken6
from PySide6.QtCore import QThread

from recdesk.core.errors import CancelledError, RecdeskError, UsageError
from recdesk.gui.jobs import Job, Jobs, explained


@pytest.fixture
def jobs(qapp):
    made = Jobs()
    yield made
    made.shutdown()
    made.deleteLater()


def test_work_runs_on_a_worker_thread_and_its_result_arrives_on_the_gui_thread(jobs, qtbot):
    seen = []

    def done(name):
        seen.extend([name, QThread.currentThread()])

    here = threading.current_thread().name
    with qtbot.waitSignal(jobs.run("x", lambda _context: threading.current_thread().name, done).ended) as ended:
        assert jobs.active() == ["x"]
    assert ended.args == ["done"]
    assert seen[0] != here
    assert seen[1] is jobs.thread()
    assert jobs.active() == []


def test_a_failure_goes_to_its_handler(jobs, qtbot):
    seen = []

    def work(_context):
        raise UsageError("No such thing.", "Choose another.")

    with qtbot.waitSignal(jobs.run("x", work, None, seen.append).ended) as ended:
        pass
    assert ended.args == ["failed"]
    assert [str(error) for error in seen] == ["No such thing. Choose another."]


def test_a_failure_is_over_when_the_same_succeeds(jobs, qtbot):
    told, over = [], []
    jobs.passed.connect(over.append)

    def fails(_context):
        raise UsageError("The folder is gone.")

    def read(key, work, visible=False):
        job = jobs.run("x", work, None, told.append, visible=visible, replaces=key)
        with qtbot.waitSignal(job.ended):
            pass

    for key, visible in (("list", False), ("list", False), ("asked for", True)):
        read(key, fails, visible)
    read("other list", lambda _context: 1)
    assert over == []
    read("asked for", lambda _context: 1, visible=True)
    assert over == [told[2]]
    read("list", lambda _context: 1)
    assert over == [told[2], told[1]]
    read("list", lambda _context: 1)
    assert len(over) == 2


def test_a_job_that_has_ended_holds_nothing_that_it_worked_on(jobs, qtbot):
    class Large:
        pass

    large = Large()
    gone = weakref.ref(large)
    job = jobs.run("x", lambda _context, held=large: id(held), lambda _id, held=large: None)
    with qtbot.waitSignal(job.ended):
        del large
    gc.disable()  # what only a search would find may stay for long
    try:
        qtbot.waitUntil(lambda: gone() is None)
    finally:
        gc.enable()


def test_a_failure_that_is_kept_holds_nothing_that_was_worked_on(jobs, qtbot):
    kept: list[RecdeskError] = []
    seen: list[weakref.ref] = []

    class Large:
        pass

    def work(_context) -> None:
        large = Large()
        seen.append(weakref.ref(large))
        try:
            raise OSError("gone")
        except OSError as error:
            raise RecdeskError("It broke.") from error

    jobs.run("break", work, failed=kept.append)
    qtbot.waitUntil(lambda: bool(kept))
    gc.collect()
    assert kept[0].sentence == "It broke." and "in work" in kept[0].details
    assert seen[0]() is None


def test_an_unforeseen_failure_becomes_a_sentence_with_the_traceback_as_details(jobs, qtbot):
    def work(_context):
        raise ZeroDivisionError("inner words")

    with qtbot.waitSignal(jobs.failure) as failure:
        jobs.run("x", work)
    (error,) = failure.args
    assert isinstance(error, RecdeskError)
    assert "ZeroDivisionError" in error.sentence
    assert "Traceback" not in str(error)
    assert "inner words" in error.details


def test_memory_errors_say_so(qapp):
    assert "memory" in explained(MemoryError()).sentence


def test_a_cancelled_job_delivers_nothing(jobs, qtbot):
    go_on, seen = threading.Event(), []

    def work(context):
        go_on.wait(5)
        return context.cancelled

    job = jobs.run("x", work, seen.append, seen.append)
    job.cancel()
    assert job.state == "cancelled"
    assert jobs.active() == []
    go_on.set()
    with qtbot.waitSignal(jobs.run("y", lambda _context: None).ended):
        pass
    jobs.shutdown()
    qtbot.wait(0)
    assert seen == []


def test_work_that_notices_the_cancelling_is_no_failure(jobs, qtbot):
    def work(_context):
        raise CancelledError("The import")

    with (
        qtbot.assertNotEmitted(jobs.failure),
        qtbot.waitSignal(jobs.run("x", work).ended, check_params_cb=lambda s: s == "cancelled"),
    ):
        pass


def test_a_job_replaces_the_one_with_the_same_key(jobs, qtbot):
    go_on, seen = threading.Event(), []

    def slow(_context):
        go_on.wait(5)
        return "old"

    old = jobs.run("old", slow, seen.append, replaces="search")
    other = jobs.run("other", slow, seen.append, replaces="else")
    new = jobs.run("new", lambda _context: "new", seen.append, replaces="search")
    assert old.state == "cancelled"
    with qtbot.waitSignal(new.ended):
        pass
    with qtbot.waitSignal(other.ended):
        go_on.set()
    assert sorted(seen) == ["new", "old"]  # "old" is the other job's result; the replaced one never arrived
    assert jobs.active() == []


def test_the_last_progress_arrives_before_the_result(jobs, qtbot):
    seen = []

    def work(context):
        for step in range(10_000):
            context.report(step / 9_999, f"step {step}")
        return "result"

    job = jobs.run("x", work, seen.append)
    job.progressed.connect(lambda fraction, sentence: seen.append((fraction, sentence)))
    with qtbot.waitSignal(job.ended):
        pass
    assert seen[-2:] == [(1.0, "step 9999"), "result"]
    assert len(seen) < 100


def test_invisible_jobs_are_not_named(jobs, qtbot):
    job = jobs.run("x", lambda _context: None, visible=False)
    assert jobs.active() == []
    with qtbot.waitSignal(job.ended):
        pass


def test_shutdown_waits_for_the_work(jobs):
    reached, begun = [], threading.Event()

    def work(context):
        begun.set()
        while not context.cancelled:
            pass
        reached.append("end")

    jobs.run("x", work)
    assert begun.wait(60)
    jobs.shutdown()
    assert reached == ["end"]


def test_a_job_that_is_replaced_before_its_turn_does_nothing(jobs, qtbot):
    done, seen, go = [], [], threading.Event()
    for _ in range(jobs._pool.maxThreadCount()):
        jobs.run("x", lambda _context: go.wait(60), visible=False)
    for number in range(100):
        jobs.run("x", lambda _context, number=number: done.append(number), seen.append, replaces="key", visible=False)
    go.set()
    qtbot.waitUntil(lambda: not jobs._jobs, timeout=20_000)
    assert (done, seen) == ([99], [None])


def test_a_thousand_jobs_arrive_once_each(jobs, qtbot):
    seen = []
    for number in range(1000):
        jobs.run("x", lambda _context, number=number: number, seen.append, visible=False)
    qtbot.waitUntil(lambda: len(seen) == 1000, timeout=20_000)
    assert sorted(seen) == list(range(1000))


def test_a_path_that_cannot_be_gets_the_sentence_of_that(tmp_path):
    with pytest.raises(OSError) as raised:
        (tmp_path / ("x" * 300)).exists()
    assert "too long" in explained(raised.value).sentence and "OSError" in explained(raised.value).details


def test_a_worker_thread_uses_nothing_of_qt_that_a_job_has(qapp):
    """The window deletes a job as soon as it has its result, when a worker thread that emitted a signal of the job may
    not have returned from that: Qt then ended with a segmentation fault (once in a quarter of an hour of clicks)."""
    job = Job("x", lambda _context: 7, None, print, True, "")
    shiboken6.delete(job)
    seen: list[object] = []
    thread = threading.Thread(target=job.perform, args=(lambda *settled: seen.extend(settled),))
    thread.start()
    thread.join()
    assert seen == [job, 7, None]
