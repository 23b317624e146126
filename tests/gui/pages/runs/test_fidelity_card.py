"""The card that says how far a run's explanations can be trusted."""

from pathlib import Path

import numpy as np
import pytest

from recdesk.core.messages import Message
from recdesk.experiment.report.content import report_of
from recdesk.gui.session import Session
from recdesk.workspace.run_fidelity import load_fidelity
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import WindowDriver, window_on
from tests.gui.trained import trained_workspace

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """With "chain" and a trained run on it."""
    return trained_workspace(tmp_path / "trained")


@pytest.mark.slow
def test_it_is_measured_by_a_button_kept_and_shown_again(session: Session, workspace: Workspace, qtbot, check_controls):
    driver = WindowDriver(window_on(session, qtbot), qtbot)
    (run,) = workspace.runs()
    page = driver.go("runs")
    driver.settle()
    driver.click(page.views.chips[5])
    driver.settle()
    card = page.views.fidelity
    check_controls(card)
    assert card.sentence.text().startswith("Not measured yet") and load_fidelity(run) is None
    driver.click(card.measure)
    assert not card.measure.isEnabled()
    driver.settle()
    found = load_fidelity(run)
    assert found is not None and found.people == 60
    assert card.sentence.text() == found.sentence and card.measure.text() == "Measure again"
    x, y = card.deletion.lines[0].getData()
    assert np.allclose(x, 100 * found.shares) and np.allclose(y, found.deletion)
    assert np.allclose(card.insertion.lines[1].getData()[1], found.insertion_random)
    assert card.deletion.readout_at(101).startswith("100 %") and card.deletion.image(".svg")
    assert f"fidelity {run.id}" in session.script.text()
    page.views.choose(0)
    page.views.choose(5)
    driver.settle()
    assert card.sentence.text() == found.sentence
    titles = [getattr(block, "title", "") for block in report_of([run]).blocks]
    assert Message("fidelity.deletion") in titles and Message("fidelity.insertion") in titles


def test_a_report_of_a_run_that_was_not_measured_says_what_measures_it(workspace: Workspace):
    (run,) = workspace.runs()
    said = [sentence for block in report_of([run]).blocks for sentence in getattr(block, "sentences", ())]
    assert Message("fidelity.not-measured", run=run.id) in said
