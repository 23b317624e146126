from pathlib import Path

import pytest

from recdesk.core.errors import UsageError
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.experiment.search import search_space
from recdesk.experiment.study import PRUNED, Study, create_study, find_study, studies
from recdesk.monitor.control import Control
from recdesk.monitor.events import Evaluated, Event
from recdesk.training.config import make_config
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset

SMALL = {"hidden": 8, "layers": 1, "heads": 1, "max_length": 10, "epochs": 4, "batch_tokens": 256}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    import pandas as pd

    workspace = Workspace(tmp_path / "workspace")
    workspace.add_dataset(ImportResult(chain_dataset(), [], pd.DataFrame()))
    return workspace


def begin(workspace: Workspace, minutes: float = 0.5) -> Study:
    return create_study(workspace, workspace.datasets()[0].name, make_config(**SMALL), "leave-one-out", minutes)


def evaluated(ndcg: float, seconds: float) -> Evaluated:
    return Evaluated(epoch=1, step=1, loss=1.0, metrics={"ndcg@10": ndcg}, best=True, since_best=0, seconds=seconds)


def train(study: Study, told: list[Event] | None = None):
    run = study.next_run()
    assert run is not None
    return execute(run, Control(), (told if told is not None else []).append, resume=run.state != "queued")


@pytest.mark.slow
def test_the_first_trial_is_what_was_given_and_later_ones_vary_it_within_the_space(workspace):
    study = begin(workspace)
    first, second = train(study), train(study)
    assert study.differing(first) == {}
    assert first.config.minutes == pytest.approx(study.trial_minutes)
    space = search_space(study.base, longest=20)
    assert study.differing(second)
    assert set(study.differing(second)) <= set(space)
    for name, within in space.items():
        value = second.config.model_dump()[name]
        assert value in within.choices if hasattr(within, "choices") else within.low <= value <= within.high, name
    assert [run.trial for run in study.runs()] == [0, 1]
    assert second.metrics["test"]["ndcg@10"] > 0  # a run like any other


def test_a_trial_with_what_automatic_stands_for_does_not_differ_in_it(workspace):
    base = make_config(**{**SMALL, "hidden": None})
    study = create_study(workspace, workspace.datasets()[0].name, base, "leave-one-out", 0.5)
    assert 64 in study.space["hidden"].choices
    for hidden, differing in ((64, {}), (32, {"hidden": 32})):
        assert (
            study.differing(workspace.create_run("chain", make_config(**{**SMALL, "hidden": hidden}), "leave-one-out"))
            == differing
        )


@pytest.mark.slow
def test_it_ends_when_the_time_is_used_up_and_the_best_is_the_best_on_validation(workspace):
    study = begin(workspace, minutes=0.05)
    runs = []
    while (run := study.next_run()) is not None:
        run = execute(run, Control(), lambda event: None)
        runs.append(run)
    assert len(runs) > 1
    assert study.spent() >= 60 * study.minutes * 0.8
    reached = [row.ndcg if row.ndcg is not None else -1.0 for row in study.rows()]
    assert max(reached) > 0
    assert study.best().id == runs[reached.index(max(reached))].id
    assert study.best_settings()["minutes"] is None
    assert study.best_settings()["learning_rate"] == study.best().config.learning_rate


@pytest.mark.slow
def test_a_trial_that_falls_behind_is_given_up_and_counts_as_such(workspace):
    study = begin(workspace)
    for _ in range(3):
        train(study)
    run = study.next_run()
    late = 60 * study.trial_minutes * 0.95
    assert not study.should_prune(run, evaluated(0.0, seconds=60 * study.trial_minutes * 0.15))  # too early to tell
    for other in study.runs()[:3]:  # the others were good from the first moment on
        with (other.folder / "events.jsonl").open("a") as log:
            from recdesk.monitor.events import to_line

            log.write(to_line(evaluated(0.9, seconds=late)))
    again = Study(workspace, study.folder)
    assert again.next_run().id == run.id
    assert again.should_prune(run, evaluated(0.0, seconds=late))
    assert again.mark_pruned(run).reason == PRUNED
    assert again.next_run().id != run.id


def test_killed_it_goes_on_with_the_trial_that_was_under_way(workspace):
    study = begin(workspace)
    train(study)
    run = study.next_run()
    RunStore.of(run).set_state(run, "running")  # and the process is gone
    again = find_study(workspace, "last")
    assert again.id == study.id
    resumed = again.next_run()
    assert (resumed.id, resumed.state) == (run.id, "interrupted")
    assert len(again.runs()) == 2


def test_the_same_trials_suggest_the_same_next_one(workspace):
    study = begin(workspace)
    train(study)
    first = study.next_run()
    config = first.config
    workspace.remove_run(first.id)
    assert Study(workspace, study.folder).next_run().config == config


def test_a_failed_trial_is_not_tried_again(workspace):
    study = begin(workspace)
    run = study.next_run()
    RunStore.of(run).set_state(run, "failed", reason="The GPU caught fire.")
    assert study.next_run().id != run.id


def test_trials_on_a_dataset_that_was_updated_are_not_mixed_with_older_ones(workspace):
    from recdesk.workspace.dataset_versions import pending_folder, swap_in

    study = begin(workspace)
    first = study.next_run()
    assert first is not None
    RunStore.of(first).set_state(first, "finished")
    name = workspace.add_dataset(ImportResult(chain_dataset(seed=3), []))
    datasets = workspace.folder / "datasets"
    (datasets / name).rename(pending_folder(datasets, "chain"))
    swap_in(workspace.folder, "chain", keep_old=True)
    with pytest.raises(UsageError, match="was updated since study"):
        study.next_run()
    assert begin(workspace).next_run() is not None


def test_only_settings_that_a_kind_has_are_varied():
    causal, masked = (search_space(make_config(kind), 100) for kind in ("bert-causal", "bert4rec"))
    assert set(masked) - set(causal) == {"mask_probability", "mask_last_probability"}
    assert 200 not in search_space(make_config("bert4rec"), longest=30)["max_length"].choices


@pytest.mark.parametrize("minutes", [0.0, -1.0, float("nan"), float("inf")])
def test_no_time_is_refused(workspace, minutes: float):
    with pytest.raises(UsageError, match="no time"):
        begin(workspace, minutes)


def test_an_unknown_study_is_refused_with_those_there_are(workspace):
    study = begin(workspace)
    with pytest.raises(UsageError, match="no study “x”") as caught:
        find_study(workspace, "x")
    assert study.id in caught.value.suggestion
    assert [known.id for known in studies(workspace)] == [study.id]
