"""The Train page with models that read texts: where their encoder comes from."""

import functools
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog

from recdesk.core.errors import CancelledError
from recdesk.gui.jobs import JobContext
from recdesk.gui.pages.train.hub_dialog import HubDialog
from recdesk.gui.session import Session
from recdesk.text import hub
from recdesk.text.sources import packaged_folder
from recdesk.training.config import make_config
from tests.conftest import chain_dataset
from tests.gui.driver import window_on
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset
from tests.text.fake_hub import MODEL, SHA, WEIGHTS, FakeHub, serving, workers
from tests.text.making import small_encoder

# Said by the platform without a screen whenever a window opens
pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder") / "small"
    small_encoder(folder)
    return folder


@pytest.fixture
def fake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The hub that the window asks."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    with serving(files, monkeypatch) as server:
        for name in ("look_up", "download"):
            monkeypatch.setattr(hub, name, functools.partial(getattr(hub, name), endpoint=server.address))
        yield server


@pytest.fixture
def driver(session: Session, qtbot) -> TrainPageDriver:
    """With "chain" chosen, and `text-bert` with an encoder that is trained here."""
    made = TrainPageDriver(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    with qtbot.waitSignal(made.page.settings.encoders.listed):
        made.page.use_settings(make_config("text-bert", encoder="scratch"), "leave-one-out")
    return made


@pytest.fixture
def dialog(driver: TrainPageDriver, fake: FakeHub) -> Iterator[HubDialog]:
    """Open, with the name of a model in it."""
    made = HubDialog(driver.session, MODEL, driver.page)
    driver.qtbot.addWidget(made)
    with driver.qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def box_of(driver: TrainPageDriver) -> QComboBox:
    box = driver.page.settings.form.editor("encoder")
    assert isinstance(box, QComboBox)
    return box


def said(driver: TrainPageDriver) -> str:
    facts = driver.page.settings.encoders.facts
    assert facts is not None
    return facts.text()


def test_what_is_on_this_computer_can_be_chosen_and_more_be_fetched(driver: TrainPageDriver):
    box = box_of(driver)
    texts = [box.itemText(index) for index in range(box.count()) if box.itemText(index)]
    packaged = ["packaged MiniLM"] if packaged_folder() is not None else []
    assert texts == ["Automatic", *packaged, "trained here", "A folder…", "From the hub…"]
    assert driver.page.settings.config().encoder == "scratch"  # type: ignore[attr-defined]


def test_the_chosen_encoder_is_described(driver: TrainPageDriver, folder: Path):
    driver.until(lambda: said(driver) == "A small BERT learns the words of this catalogue here, from nothing.")
    driver.page.settings.form.editor("encoder").setValue(str(folder))
    driver.until(lambda: said(driver).startswith("small: 1 layer, 16 wide, reads up to 512 tokens, 0.1 MB"))


@pytest.mark.skipif(packaged_folder() is None, reason="the packaged encoder is not installed")
def test_automatic_says_what_it_comes_to_for_the_catalogue(driver: TrainPageDriver):
    driver.page.settings.form.editor("encoder").setValue("auto")
    driver.until(lambda: said(driver).startswith("all-MiniLM-L6-v2: 6 layers"))
    titles = [f"沉默的荒野与红楼梦第{n}卷" for n in range(40)]
    chain = chain_dataset()
    table = chain.item_features.assign(title=titles, genre="悬疑小说")
    driver.use(add_dataset(driver.session.workspace, replace(chain, name="chinese", item_features=table)))
    driver.until(lambda: said(driver).startswith("The packaged encoder does not know "))
    assert said(driver).endswith("A small BERT learns the words of this catalogue here, from nothing.")


def test_an_encoder_that_is_not_there_is_said_before_the_start(driver: TrainPageDriver, tmp_path: Path):
    driver.page.settings.form.editor("encoder").setValue(str(tmp_path))
    driver.until(lambda: "is not an encoder: it has no config.json." in said(driver))
    driver.page.settings.form.editor("encoder").setValue("someone/else")
    driver.until(lambda: "There is no text encoder “someone/else” on this computer." in said(driver))


def test_a_folder_is_chosen_in_a_dialog(driver: TrainPageDriver, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    box = box_of(driver)
    box.setCurrentIndex(box.findText("A folder…"))
    assert driver.page.settings.config().encoder == "scratch"  # type: ignore[attr-defined]
    box.activated.emit(box.currentIndex())
    assert driver.page.settings.config().encoder == str(folder)  # type: ignore[attr-defined]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    driver.page.settings.encoders.choose_folder()
    assert driver.page.settings.config().encoder == str(folder)  # type: ignore[attr-defined]


def test_the_encoder_is_served_in_the_form_of_another_model_too(driver: TrainPageDriver):
    with driver.qtbot.waitSignal(driver.page.settings.encoders.listed):
        driver.click(driver.page.model.choices["hybrid"])
    assert box_of(driver).findText("From the hub…") > 0
    driver.click(driver.page.model.choices["bert-causal"])
    assert driver.page.settings.encoders.facts is None


def test_nothing_is_asked_before_a_button_is_pressed(dialog: HubDialog, fake: FakeHub):
    assert dialog.look_button.isEnabled() and not dialog.download_button.isVisible()
    assert fake.requests == []


def test_a_model_is_looked_up_downloaded_and_chosen(driver: TrainPageDriver, dialog: HubDialog, fake: FakeHub):
    driver.click(dialog.look_button)
    driver.until(dialog.download_button.isVisible)
    size = sum(len(data) for name, data in fake.models[MODEL].items() if name != "recdesk.json")
    assert dialog.facts.text() == f"{MODEL} · {max(size / 2**20, 0.1):.1f} MB in 4 files · revision {SHA[:12]}"
    assert [path for path, _ in fake.requests] == [f"/api/models/{MODEL}?blobs=true"]
    driver.click(dialog.download_button)
    driver.until(lambda: dialog.model_id == MODEL)
    assert not dialog.isVisible()
    assert [name for name, _, _ in hub.downloaded(driver.session.workspace.folder / "encoders")] == [MODEL]


def test_what_was_downloaded_is_listed_and_chosen(driver: TrainPageDriver, fake: FakeHub):
    def fetch(dialog) -> None:
        assert isinstance(dialog, HubDialog)
        driver.write(dialog.name, MODEL)
        driver.click(dialog.look_button)
        driver.click(dialog.download_button)
        driver.until(lambda: not dialog.isVisible())

    driver.when_asked(fetch)
    box = box_of(driver)
    box.activated.emit(box.findText("From the hub…"))
    assert driver.page.settings.config().encoder == MODEL  # type: ignore[attr-defined]
    driver.until(lambda: box.findText(MODEL) > 0)
    driver.until(lambda: said(driver).startswith(f"{MODEL}: 1 layer, 16 wide"))


def test_a_download_with_a_damaged_record_is_named_below_the_list(driver: TrainPageDriver):
    record = driver.session.workspace.folder / "encoders" / f"{MODEL.replace('/', '--')}@{SHA[:12]}" / hub.SOURCE
    record.parent.mkdir(parents=True)
    record.write_text("[")
    encoders = driver.page.settings.encoders
    with driver.qtbot.waitSignal(encoders.listed):
        encoders.refresh()
    assert box_of(driver).findText(MODEL) == -1
    assert encoders.damaged.isVisible()
    told = encoders.damaged.text()
    assert told.startswith(f"“{record}” is damaged") and told.endswith("Download the encoder again.")
    record.unlink()
    with driver.qtbot.waitSignal(encoders.listed):
        encoders.refresh()
    assert not encoders.damaged.isVisible()


def test_a_download_is_cancelled_and_goes_on_where_it_stopped(
    driver: TrainPageDriver, dialog: HubDialog, fake: FakeHub
):
    half = len(fake.models[MODEL][WEIGHTS]) // 2
    fake.stall[WEIGHTS] = half
    driver.click(dialog.look_button)
    driver.click(dialog.download_button)
    driver.until(lambda: "Downloading model.safetensors" in dialog.message.text() and dialog.line.value() > 0.4)
    assert not dialog.name.isEnabled()
    driver.click(dialog.cancel_button)
    assert dialog.message.text() == "Cancelled. What came is kept: a later download goes on from there."
    driver.until(lambda: not workers())
    fake.stall.clear()
    fake.go_on.set()
    driver.click(dialog.download_button)
    driver.until(lambda: dialog.model_id == MODEL)
    assert {headers.get("range") for path, headers in fake.requests if WEIGHTS in path} == {None, f"bytes={half}-"}


def test_a_connection_that_breaks_is_a_sentence_and_the_next_try_brings_the_rest(
    driver: TrainPageDriver, dialog: HubDialog, fake: FakeHub
):
    fake.cut[WEIGHTS] = 1000
    driver.click(dialog.look_button)
    driver.click(dialog.download_button)
    driver.until(lambda: "goes on where it stopped" in dialog.message.text())
    assert "The connection broke" in dialog.message.text()
    assert not driver.window.failures.isVisible()
    fake.cut.clear()
    driver.click(dialog.look_button)
    driver.until(lambda: "are here from an earlier download" in dialog.message.text())
    driver.click(dialog.download_button)
    driver.until(lambda: dialog.model_id == MODEL)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("no one/else", "is not the name of a model."), ("someone/none", "There is no public model “someone/none”")],
)
def test_a_model_that_cannot_be_downloaded_is_explained_in_a_sentence(
    name: str, sentence: str, driver: TrainPageDriver, dialog: HubDialog
):
    driver.write(dialog.name, name)
    driver.click(dialog.look_button)
    driver.until(lambda: sentence in dialog.message.text())
    assert not dialog.download_button.isVisible()
    assert dialog.look_button.isEnabled()


def test_another_name_has_to_be_looked_up_anew(driver: TrainPageDriver, dialog: HubDialog):
    driver.click(dialog.look_button)
    driver.until(dialog.download_button.isVisible)
    driver.write(dialog.name, "someone/else")
    assert not dialog.download_button.isVisible()
    assert dialog.facts.text() == ""


def test_closing_cancels_the_download(driver: TrainPageDriver, dialog: HubDialog, fake: FakeHub):
    fake.stall[WEIGHTS] = 100
    driver.click(dialog.look_button)
    driver.click(dialog.download_button)
    driver.until(lambda: dialog.line.value() > 0)
    driver.click(dialog.close_button)
    assert dialog.model_id == ""
    assert driver.session.jobs.active() == []


def test_every_control_of_the_dialog_has_a_name(dialog: HubDialog, check_controls):
    check_controls(dialog)


def test_a_request_that_nobody_wants_any_more_is_left_to_itself():
    context, go_on = JobContext(), threading.Event()
    threading.Timer(0.05, context.cancel).start()
    with pytest.raises(CancelledError):
        context.abandonable(lambda: go_on.wait(30))
    go_on.set()
    assert JobContext().abandonable(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        JobContext().abandonable(lambda: 1 // 0)
