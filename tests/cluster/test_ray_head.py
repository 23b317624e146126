"""A head that dies with everything on it, and comes back."""

import contextlib
from pathlib import Path

import pandas as pd
import pytest

from recdesk.cluster.place import place_of
from recdesk.cluster.runner import execute
from recdesk.data.importing import ImportResult
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Step, Warned
from recdesk.training.config import RunConfig
from recdesk.workspace.run_log import events_of
from recdesk.workspace.workspace import Workspace
from tests.cluster.ray_here import MISSING, free_port, ray_here
from tests.workspace.conftest import small_config

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(MISSING), reason=MISSING or "there is Ray"),
    pytest.mark.timeout(600),
]


def test_a_head_that_vanishes_is_waited_for_and_its_run_goes_on_under_the_same_id(tmp_path: Path, chain):
    workspace, port = Workspace(tmp_path / "ws"), free_port()
    workspace.add_dataset(ImportResult(chain, [], pd.DataFrame()))
    place = place_of(f"127.0.0.1:{port}", str(tmp_path / "storage"), cpus=1)
    config = small_config(epochs=100_000, patience=1000)  # it ends when it is stopped
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    control, warned = Control(), list[str]()

    with contextlib.ExitStack() as heads:
        first = heads.enter_context(ray_here(port))

        def on_event(event: Event) -> None:
            if isinstance(event, Step) and event.step == 10 and not warned:
                first.vanish()
                heads.close()
            if isinstance(event, Warned) and "does not answer" in event.sentence:
                warned.append("vanished")
                heads.enter_context(ray_here(port))
            if isinstance(event, Warned) and "answers again" in event.sentence:
                warned.append("back")
            if isinstance(event, Step) and ("back" in warned or event.step > 50_000):
                control.stop()

        ended = execute(run, control, on_event)
    assert warned == ["vanished", "back"]
    assert ended.state == "stopped"
    assert ended.cluster is not None and ended.cluster.attempt == 1
    losses = {event.step: event.loss for event in events_of(ended) if isinstance(event, Step)}
    assert list(losses) == list(range(1, len(losses) + 1))
    assert losses == pytest.approx(_losses_here(workspace, config, until=len(losses)), rel=1e-3)


def _losses_here(workspace: Workspace, config: RunConfig, until: int) -> dict[int, float]:
    """Of the first steps of the same run, trained without a cluster."""
    control, losses = Control(), dict[int, float]()

    def on_event(event: Event) -> None:
        if isinstance(event, Step) and event.step <= until:
            losses[event.step] = event.loss
            if event.step == until:
                control.stop()

    execute(workspace.create_run("chain", config, "leave-one-out"), control, on_event)
    return losses
