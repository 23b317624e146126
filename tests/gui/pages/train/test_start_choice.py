"""The Train page with a run over texts that another one starts from."""

from pathlib import Path

import pytest

from recdesk.gui.session import Session
from recdesk.gui.widgets.inputs import SuggestBox
from recdesk.training.config import make_config
from recdesk.workspace.runs import Run
from tests.gui.driver import window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset, train
from tests.text.making import small_encoder

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def trained(session: Session, tmp_path: Path) -> Run:
    """A `text-bert` run on "chain"; beside it one over ids."""
    add_dataset(session.workspace)
    train(session.workspace, epochs=1)
    small_encoder(tmp_path / "encoder")
    settings = {
        "encoder": str(tmp_path / "encoder"),
        "hidden": 24,
        "layers": 1,
        "text_width": 12,
        "text_tokens": 20,
    }
    return train(session.workspace, kind="text-bert", epochs=1, max_length=9, **settings)


@pytest.fixture
def driver(session: Session, trained: Run, qtbot) -> TrainPageDriver:
    made = TrainPageDriver(window_on(session, qtbot), qtbot)
    made.use("chain")
    with qtbot.waitSignal(made.page.settings.starts.listed):
        made.page.use_settings(make_config("text-bert", encoder="scratch"), "leave-one-out")
    return made


def box_of(driver: TrainPageDriver) -> SuggestBox:
    box = driver.page.settings.form.editor("start_from")
    assert isinstance(box, SuggestBox)
    return box


@pytest.mark.slow
def test_the_box_offers_nothing_and_the_trained_runs_over_texts(driver: TrainPageDriver, trained: Run):
    box = box_of(driver)
    assert box.currentText() == "nothing"
    assert [box.itemData(row) for row in range(box.count())] == ["", trained.id]
    assert box.itemText(1).startswith("text-bert · ") and box.itemText(1).endswith(" · chain")


@pytest.mark.slow
def test_a_chosen_run_gives_its_sizes_and_says_so(driver: TrainPageDriver, trained: Run):
    starts = driver.page.settings.starts
    with driver.qtbot.waitSignal(starts.shown):
        box_of(driver).setCurrentIndex(1)
    config = driver.page.settings.config()
    assert config.start_from == trained.id
    taken = (config.hidden, config.layers, config.max_length, config.text_width, config.text_tokens)
    assert taken == (24, 1, 9, 12, 20)
    assert starts.facts is not None and starts.facts.text().startswith("Its sizes and its encoder are taken over")
    with driver.qtbot.waitSignal(starts.shown):
        box_of(driver).setCurrentIndex(0)
    assert driver.page.settings.config().start_from == ""
    assert starts.facts.isHidden()


@pytest.mark.slow
def test_a_missing_run_to_start_from_is_explained_in_a_sentence(driver: TrainPageDriver):
    starts = driver.page.settings.starts
    with driver.qtbot.waitSignal(starts.shown):
        box_of(driver).setEditText("20200101-nothing")
    assert starts.facts is not None and "There is no run “20200101-nothing”." in starts.facts.text()


def test_models_over_ids_and_the_two_tower_start_from_nothing(driver: TrainPageDriver):
    for kind in ("bert-causal", "two-tower"):
        driver.page.model.choices[kind].click()
        assert driver.page.settings.starts.facts is None
