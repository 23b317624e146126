"""A head that dies with everything on it, and comes back."""

from pathlib import Path

import pandas as pd
import pytest

from recdesk.cluster.place import place_of
from recdesk.cluster.runner import execute
from recdesk.data.importing import ImportResult
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event, Finished, Step, Warned
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
    config = small_config(epochs=1000, patience=1000)  # longer than a head takes to end
    run = workspace.create_run("chain", config, "leave-one-out", cluster=place)
    reference = execute(workspace.create_run("chain", config, "leave-one-out"), Control(), lambda event: None)
    seen: list[Event] = []
    first = ray_here(port)
    second = ray_here(port)
    first.__enter__()
    alive = [first]

    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == 10:
            alive.pop().__exit__(None, None, None)
        if isinstance(event, Warned) and "does not answer" in event.sentence:
            second.__enter__()
            alive.append(second)

    try:
        ended = execute(run, Control(), on_event)
    finally:
        for each in alive:
            each.__exit__(None, None, None)
    assert isinstance(seen[-1], Finished) and ended.state == "finished"
    assert ended.cluster is not None and ended.cluster.attempt == 1
    # none where the run had ended before the new head was asked
    assert sum(isinstance(event, Warned) and "answers again" in event.sentence for event in seen) <= 1
    assert any(isinstance(event, Warned) and "does not answer" in event.sentence for event in seen)
    steps = [event.step for event in events_of(ended) if isinstance(event, Step)]
    assert steps == [event.step for event in events_of(reference) if isinstance(event, Step)]
