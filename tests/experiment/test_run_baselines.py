import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recdesk.data.splitting import make_split
from recdesk.evaluation import baselines as module
from recdesk.evaluation.baselines import costly
from recdesk.experiment.pipeline import execute
from recdesk.monitor.control import Control
from recdesk.monitor.events import BaselineScored, Evaluated, Event, Finished, StageStarted, Step
from recdesk.workspace.run_log import curves_of
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.workspace.conftest import small_config


def run_whole(
    workspace: Workspace, react: Callable[[Event, Control], None] = lambda event, control: None
) -> tuple[Run, list[Event]]:
    """A run without cached baselines, and its events."""
    for path in workspace.cache.glob("baseline-*"):
        path.unlink()
    events, control = list[Event](), Control()

    def hear(event: Event) -> None:
        events.append(event)
        react(event, control)

    run = execute(workspace.create_run("chain", small_config(), "leave-one-out"), control, hear)
    return run, events


@pytest.fixture
def all_costly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every baseline but popularity takes too long to be scored before the first step."""
    monkeypatch.setattr(module, "LATER_SECONDS", 0.0)


def names(events: list[Event]) -> list[str]:
    return [event.name for event in events if isinstance(event, BaselineScored)]


@pytest.mark.slow
def test_costly_baselines_come_after_the_first_evaluation_and_change_no_result(workspace: Workspace, monkeypatch):
    whole, at_once = run_whole(workspace)
    monkeypatch.setattr(module, "LATER_SECONDS", 0.0)
    run, later = run_whole(workspace)
    assert (run.baselines, run.comparisons, run.metrics) == (whole.baselines, whole.comparisons, whole.metrics)
    assert list(run.baselines) == list(whole.baselines)
    losses = [[event.loss for event in events if isinstance(event, Step)] for events in (at_once, later)]
    assert losses[0] == losses[1]
    first_step = next(at for at, event in enumerate(later) if isinstance(event, Step))
    evaluated = next(at for at, event in enumerate(later) if isinstance(event, Evaluated))
    assert names(later[:first_step]) == ["most popular", "popular lately"]
    assert sorted(names(later[evaluated:])) == ["EASE", "item-kNN", "last item"]
    stages = [event.stage for event in later if isinstance(event, StageStarted)]
    assert stages == [
        "preparing",
        "baselines",
        "training",
        "baselines",
        "baselines",
        "baselines",
        "training",
        "testing",
    ]
    assert len(curves_of(run).baselines) == 5


def test_the_time_of_scoring_is_no_training_time(workspace: Workspace, all_costly, monkeypatch):
    def slow(split, task):
        time.sleep(0.7)
        return module.fit_popular(split)

    monkeypatch.setattr(module, "BASELINES", (*module.BASELINES[:2], ("item-kNN", slow)))
    run, events = run_whole(workspace)
    assert run.state == "finished"
    assert "item-kNN" in run.baselines
    (end,) = [event for event in events if isinstance(event, Finished)]
    begun = next(event.time for event in events if isinstance(event, Step))
    assert end.seconds < end.time - begun - 0.6


def test_a_run_that_is_stopped_early_gets_them_before_its_final_figures(workspace: Workspace, all_costly):
    def stop(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.stop()

    run, events = run_whole(workspace, stop)
    assert run.state == "stopped"
    assert not any(isinstance(event, Evaluated) for event in events)
    assert sorted(run.baselines) == ["EASE", "item-kNN", "last item", "most popular", "popular lately"]
    assert sorted(run.comparisons) == sorted(run.baselines)


def test_who_skips_the_final_figures_does_not_wait_for_them(workspace: Workspace, all_costly):
    def hurry(event: Event, control: Control) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.stop()
            control.stop()

    _, events = run_whole(workspace, hurry)
    assert names(events) == ["most popular", "popular lately"]


def test_small_data_has_none_that_are_costly_and_large_data_has_those_that_grow(chain):
    split = make_split(chain)
    assert costly(split) == []
    n_users, n_items = 200_000, 30_000
    rng = np.random.default_rng(0)
    items = rng.integers(1, n_items + 1, 5 * n_users).astype(np.int32)
    large = replace(
        chain,
        user_ids=pd.Index(np.arange(n_users).astype(str)),
        item_ids=pd.Index(np.arange(n_items).astype(str)),
        offsets=np.arange(n_users + 1, dtype=np.int64) * 5,
        items=items,
        times=np.sort(rng.integers(0, 10**9, (n_users, 5)), axis=1).ravel(),
    )
    assert costly(make_split(large)) == ["item-kNN", "last item", "EASE", "implicit ALS"]
