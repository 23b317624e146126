"""A study whose trials are carried out at the same time, by an execution that trains nothing."""

import threading
from collections.abc import Callable

import pytest

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.experiment.apart import threads_each
from recdesk.experiment.pipeline import locked
from recdesk.experiment.study import PRUNED, RUNGS, Study, create_study
from recdesk.experiment.trials import carry_out
from recdesk.monitor.control import Control, Controls
from recdesk.monitor.events import Emit, Evaluated, Event, Failed, to_line
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import EVENTS, Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config

MINUTES = 1.0


class Seen:
    """What a watch heard: ids of runs."""

    def __init__(self) -> None:
        self.begins: list[str] = []
        self.ends: list[Run] = []
        self.most = 0

    def begun(self, run: Run) -> None:
        self.begins.append(run.id)
        self.most = max(self.most, len(self.begins) - len(self.ends))

    def happened(self, run: Run, event: Event) -> None:
        assert run.id in self.begins

    def ended(self, run: Run) -> None:
        self.ends.append(run)


class Trained:
    """Executes runs: each is evaluated at every rung, as good as `ndcg` says; `hook` is called before each rung."""

    def __init__(
        self,
        ndcg: Callable[[Run], float] = lambda run: 0.1,
        hook: Callable[[Run, int, Control], None] = lambda *_: None,
    ) -> None:
        self._ndcg, self._hook = ndcg, hook

    def __call__(self, run: Run, control: Control, emit: Emit, resume: bool) -> Run:
        with locked(run):
            return self._train(run, control, emit, resume)

    def _train(self, run: Run, control: Control, emit: Emit, resume: bool) -> Run:
        store = RunStore.of(run)
        assert run.state != "finished" and resume == (run.state != "queued")
        store.set_state(run, "running")
        limit = 60 * (run.config.minutes or 0.0)
        rung, begun, seconds = 0, run.seconds, run.seconds
        while rung < RUNGS and not control.stopped:
            self._hook(run, rung, control)
            rung += 1
            seconds = max(limit * rung / RUNGS + 1e-6, begun)
            event = Evaluated(
                epoch=rung, step=rung, loss=1.0,
                metrics={"ndcg@10": self._ndcg(run), "recall@10": 0.2}, best=True, since_best=0,
                seconds=seconds,
            )  # fmt: skip
            with (run.folder / EVENTS).open("a") as log:
                log.write(to_line(event))
            emit(event)
            control.wait_for_stop(0.001)
        state = "stopped" if control.stopped else "finished"
        store.set_state(run, state, seconds=seconds, reason=state)
        return Run.read(run.folder)


@pytest.fixture
def study(workspace: Workspace) -> Study:
    return create_study(workspace, "chain", small_config(), "leave-one-out", MINUTES)


def test_so_many_trials_are_under_way_and_none_is_doubled_or_lost(study: Study):
    together, seen = threading.Barrier(3), Seen()

    def meet(run: Run, rung: int, _control: Control) -> None:
        if rung == 0 and run.trial < 3:
            together.wait(30)  # the first three, or it fails

    carry_out(study, Trained(hook=meet), seen, Controls(), 3)
    assert seen.most == 3 and len(set(seen.begins)) == len(seen.begins) == len(seen.ends) == 10
    assert [run.trial for run in study.runs()] == list(range(10))
    assert {run.state for run in study.runs()} == {"finished"}
    assert study.spent() == pytest.approx(60 * MINUTES) and not study.can_resume


def test_trials_under_way_together_get_no_more_than_the_time_of_the_study(workspace: Workspace):
    study = create_study(workspace, "chain", small_config(), "leave-one-out", MINUTES)
    under_way: list[Run] = []
    while (run := study.next_run([each.id for each in under_way])) is not None:
        RunStore.of(run).set_state(run, "running")
        under_way.append(run)
    assert sum(run.config.minutes or 0.0 for run in under_way) == pytest.approx(MINUTES)
    assert len(under_way) == 10


def test_one_at_a_time_they_train_in_the_calling_thread_with_the_same_settings(workspace: Workspace):
    threads, controls = set[int](), Controls()

    def note(run: Run, rung: int, _control: Control) -> None:
        threads.add(threading.get_ident())
        if run.trial == 6 and rung == RUNGS - 1:
            controls.stop()

    studies = [create_study(workspace, "chain", small_config(), "leave-one-out", MINUTES) for _ in range(2)]
    carry_out(studies[0], Trained(hook=note), Seen(), controls, 1)
    for _ in range(7):
        run = studies[1].next_run()
        assert run is not None
        Trained()(run, Control(), lambda _event: None, False)
    first, second = ([run.config for run in study.runs()] for study in studies)
    assert first == second and len(first) == 7 and threads == {threading.get_ident()}


def test_a_trial_that_falls_behind_is_given_up_beside_the_others(study: Study):
    bad = 4

    def ndcg(run: Run) -> float:
        return 0.01 if run.trial == bad else 0.1 + run.trial / 1000

    def give_time(run: Run, rung: int, control: Control) -> None:
        if run.trial == bad and rung > 3:
            control.wait_for_stop(0.5)

    carry_out(study, Trained(ndcg, give_time), Seen(), Controls(), 2)
    given_up = [run.trial for run in study.runs() if run.reason == PRUNED]
    assert bad in given_up and study.runs()[bad].seconds < 0.9 * 60 * study.trial_minutes
    assert study.best().trial != bad


@pytest.mark.parametrize("count", [1, 3])
def test_stopped_it_goes_on_with_the_trials_that_were_under_way(study: Study, count: int):
    controls = Controls()

    def stop(run: Run, rung: int, _control: Control) -> None:
        if run.trial == 3 and rung == 4:
            controls.stop()

    carry_out(study, Trained(hook=stop), Seen(), controls, count)
    left = {run.id for run in study.runs() if run.state == "stopped"}
    assert 1 <= len(left) <= count and study.can_resume
    seen = Seen()
    carry_out(Study(study.workspace, study.folder), Trained(), seen, Controls(), 3)
    assert set(seen.begins[: len(left)]) == left
    assert [run.trial for run in study.runs()] == list(range(len(study.runs())))
    assert {run.state for run in study.runs()} == {"finished"}


def test_a_trial_that_fails_stops_the_others_which_are_kept(study: Study):
    reached = threading.Event()

    def execute(run: Run, control: Control, emit: Emit, resume: bool) -> Run:
        if run.trial != 1:
            return Trained(hook=lambda *_: reached.wait(30))(run, control, emit, resume)
        RunStore.of(run).set_failed(run, "The GPU caught fire.")
        emit(Failed(sentence="The GPU caught fire.", suggestion="Put it out."))
        reached.set()
        return Run.read(run.folder)

    seen = Seen()
    with pytest.raises(RecdeskError, match="caught fire") as caught:
        carry_out(study, execute, seen, Controls(), 2)
    assert caught.value.suggestion == "Put it out."
    assert [run.state for run in study.runs()][:2] in (["stopped", "failed"], ["finished", "failed"])
    assert len(seen.ends) == len(seen.begins)


def test_whatever_breaks_no_trial_trains_on(study: Study):
    class Broken(Seen):
        def happened(self, run: Run, event: Event) -> None:
            raise ZeroDivisionError

    before = threading.active_count()
    with pytest.raises(ZeroDivisionError):
        carry_out(study, Trained(), Broken(), Controls(), 2)
    assert {run.state for run in study.runs()} <= {"stopped", "finished"}
    assert threading.active_count() <= before + 2


def test_a_study_that_is_under_way_is_not_carried_out_twice(study: Study):
    with study.locked(), pytest.raises(UsageError, match="another window or command"):
        carry_out(Study(study.workspace, study.folder), Trained(), Seen(), Controls(), 2)
    assert study.runs() == []


def test_trials_of_several_workers_do_not_train_at_the_same_time(workspace: Workspace):
    study = create_study(workspace, "chain", small_config(workers=2), "leave-one-out", MINUTES)
    with pytest.raises(UsageError, match="several workers each"):
        carry_out(study, Trained(), Seen(), Controls(), 2)
    assert study.runs() == []


def test_threads_are_shared(monkeypatch):
    monkeypatch.setattr("recdesk.experiment.apart.usable_cores", lambda: 8)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert [threads_each(count) for count in (1, 2, 3, 20)] == [8, 4, 2, 1]
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert [threads_each(count) for count in (1, 2, 4)] == [3, 3, 2]
