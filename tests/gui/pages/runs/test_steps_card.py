"""The Runs page with a run over texts: what each step took and brought."""

import shutil
from pathlib import Path

import pytest

from recdesk.gui.pages.runs.cards import StepsCard
from recdesk.gui.session import Session
from recdesk.monitor.events import StageScored
from recdesk.monitor.five_steps import MethodStep
from recdesk.training import masked_language, text_stages
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.workspace import Workspace
from tests.gui.driver import cells
from tests.gui.markup import labels
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.trained import train, trained_workspace

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over ids and, after it, one over texts."""
    workspace = trained_workspace(tmp_path_factory.mktemp("steps") / "workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text_stages, "SCRATCH_WIDTH", 32)
        patch.setattr(text_stages, "SCRATCH_LAYERS", 1)
        patch.setattr(masked_language, "STEP_TOKENS", 256)
        patch.setattr(masked_language, "MEASURED", 16)
        train(workspace, kind="text-bert", encoder="scratch", encoder_steps=5, epochs=2, text_width=16)
    return workspace.folder


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(made, tmp_path / "workspace")
    return Workspace(tmp_path / "workspace")


@pytest.fixture
def driver(session: Session, qtbot) -> RunsPageDriver:
    return RunsPageDriver(session, qtbot)


def test_the_steps_of_a_run_over_texts_are_one_click_away(driver: RunsPageDriver, workspace: Workspace):
    run = workspace.runs()[0]
    driver.choose_runs(run)
    assert driver.page.parts.currentWidget() is driver.page.figures
    driver.click(driver.page.figures.steps)
    rows = cells(driver.page.steps.table)
    assert [row[0] for row in rows] == ["1 Texts", "2 Encoder", "3 Decoder", "4 Fine-tuning", "5 Recommending"]
    assert (rows[3][1:], rows[0][2:]) == (["skipped", "–", "–"], ["–", "–"])
    validation = run.baselines["similar texts"]["validation"]
    best = max(curves_of(run).metrics["ndcg@10"].y)
    (begun,) = [event for event in events_of(run) if isinstance(event, StageScored)]
    assert rows[1][2] == f"{begun.metrics['ndcg@10']:.4f} → {validation['ndcg@10']:.4f}"
    assert rows[2][2] == f"{validation['ndcg@10']:.4f} → {best:.4f}"
    notes = "\n".join(labels(driver.page.steps))
    assert "of hidden words guessed right" in notes
    assert "Step 4: Skipped, the encoder stays as step 2 left it" in notes
    driver.click(driver.page.steps.back)
    assert driver.page.figures.isVisible()


def test_a_run_over_ids_has_no_steps_to_show(driver: RunsPageDriver, workspace: Workspace):
    texts, ids = workspace.runs()
    driver.choose_runs(texts)
    driver.click(driver.page.figures.steps)
    driver.choose_runs(ids)
    assert driver.page.figures.isVisible()
    assert not driver.page.figures.steps.isVisible()


def test_figures_are_shown_before_and_after_or_alone_or_not_at_all(qapp, qtbot):
    card = StepsCard()
    qtbot.addWidget(card)
    card.show_steps(
        [
            MethodStep("texts", "done", 0.25),
            MethodStep("encoder", "done", 75.0, {}, {"ndcg@10": 0.02}, (0.01, 0.3)),
            MethodStep("decoder", "done", 20.0, {"ndcg@10": 0.02}, {"ndcg@10": 0.0628}),
            MethodStep("fine-tuning", "waiting"),
            MethodStep("recommending", "waiting"),
        ]
    )
    assert [row[1:] for row in cells(card.table)] == [
        ["0.2 s", "–", "–"],
        ["1 min", "0.0200", "–"],
        ["20 s", "0.0200 → 0.0628", "–"],
        ["–", "–", "–"],
        ["–", "–", "–"],
    ]
    assert "Step 2: 1 % → 30 % of hidden words guessed right." in card.notes.text()


def test_every_control_has_a_name(driver: RunsPageDriver, workspace: Workspace, check_controls):
    driver.choose_runs(workspace.runs()[0])
    check_controls(driver.page)
