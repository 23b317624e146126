"""A study whose trials train on a cluster, with a head that carries jobs out in this process."""

from pathlib import Path

import pytest

from recdesk.cluster.runner import carry_out_study
from recdesk.experiment.study import PRUNED, Study, create_study
from recdesk.monitor.control import Controls
from recdesk.monitor.events import Event, Step
from recdesk.workspace.run_cluster import ClusterRecord
from recdesk.workspace.run_log import events_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.cluster.fake_head import FakeHead
from tests.experiment.test_trials import Seen
from tests.workspace.conftest import small_config


def study_of(workspace: Workspace, minutes: float) -> Study:
    return create_study(workspace, "chain", small_config(epochs=100_000, patience=1000), "leave-one-out", minutes)


class Stopping(Seen):
    """Stops, or leaves, the study once two trials have trained so many steps."""

    def __init__(self, end, steps: int = 5) -> None:
        super().__init__()
        self._end, self._steps = end, steps
        self._reached: set[str] = set()

    def happened(self, run: Run, event: Event) -> None:
        super().happened(run, event)
        if isinstance(event, Step) and event.step >= self._steps:
            self._reached.add(run.id)
            if len(self._reached) == 2:
                self._end()


@pytest.mark.slow
def test_trials_are_sent_followed_given_up_and_fetched(
    workspace: Workspace, place: ClusterRecord, head: FakeHead, monkeypatch
):
    monkeypatch.setattr("recdesk.experiment.study.TRIAL_SHARE", 0.25)
    study, seen = study_of(workspace, 0.1), Seen()
    shared = Path(place.storage) / "studies" / study.id / "encoders"
    shared.mkdir(parents=True)
    carry_out_study(study, seen, Controls(), 2, place)
    assert not shared.exists()
    runs = study.runs()
    assert seen.most == 2 and len(runs) >= 4 and len(set(seen.begins)) == len(seen.begins) == len(runs)
    assert len(set(head.taken)) == len(head.taken) == len(runs)  # each was sent once
    assert [run.trial for run in runs] == list(range(len(runs)))
    for run in runs:
        assert run.cluster is not None and run.cluster.address == place.address
        assert run.state == "finished" or (run.state == "stopped" and run.reason == PRUNED), run.reason
    assert study.best().has_model and study.spent() <= 60 * study.minutes * 1.2


@pytest.mark.slow
def test_a_study_that_is_left_follows_its_trials_again_and_sends_none_twice(
    workspace: Workspace, place: ClusterRecord, head: FakeHead
):
    study, controls = study_of(workspace, 60), Controls()
    shared = Path(place.storage) / "studies" / study.id / "encoders"
    shared.mkdir(parents=True)
    carry_out_study(study, Stopping(controls.leave), controls, 2, place)
    assert shared.is_dir()  # trials are under way there
    left = {run.id for run in study.runs()}
    assert len(left) == 2 and {run.state for run in study.runs()} == {"running"} and len(head.taken) == 2
    controls = Controls()
    seen = Stopping(controls.stop, 20)
    carry_out_study(study, seen, controls, 2, place)
    assert shared.is_dir()  # it was stopped, and may go on
    assert set(seen.begins[:2]) == left and len(head.taken) == len(study.runs())
    assert {run.state for run in study.runs()} <= {"stopped", "finished"}
    for run in study.runs():
        steps = [event.step for event in events_of(run) if isinstance(event, Step)]
        assert steps == list(range(1, len(steps) + 1))
