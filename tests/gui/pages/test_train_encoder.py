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
from tests.gui.pages.test_train_page import Bench, window_on
from tests.gui.trained import add_dataset
from tests.text.fake_hub import MODEL, SHA, WEIGHTS, FakeHub, serving, workers
from tests.text.making import small_encoder

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
def bench(session: Session, qtbot) -> Bench:
    """With "chain" chosen, and `text-bert` with an encoder that is trained here."""
    made = Bench(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    with qtbot.waitSignal(made.page.settings.encoders.listed):
        made.page.use_settings(make_config("text-bert", encoder="scratch"), "leave-one-out")
    return made


@pytest.fixture
def dialog(bench: Bench, fake: FakeHub) -> Iterator[HubDialog]:
    """Open, with the name of a model in it."""
    made = HubDialog(bench.session, MODEL, bench.page)
    bench.qtbot.addWidget(made)
    with bench.qtbot.waitExposed(made):
        made.show()
    yield made
    made.close()


def box_of(bench: Bench) -> QComboBox:
    box = bench.page.settings.form.editor("encoder")
    assert isinstance(box, QComboBox)
    return box


def said(bench: Bench) -> str:
    facts = bench.page.settings.encoders.facts
    assert facts is not None
    return facts.text()


def test_what_is_on_this_computer_can_be_chosen_and_more_be_fetched(bench: Bench):
    box = box_of(bench)
    texts = [box.itemText(place) for place in range(box.count()) if box.itemText(place)]
    packaged = ["packaged MiniLM"] if packaged_folder() is not None else []
    assert texts == ["Automatic", *packaged, "trained here", "A folder…", "From the hub…"]
    assert bench.page.settings.config().encoder == "scratch"  # type: ignore[attr-defined]


def test_the_chosen_encoder_is_described(bench: Bench, folder: Path):
    bench.until(lambda: said(bench) == "A small BERT learns the words of this catalogue here, from nothing.")
    bench.page.settings.form.editor("encoder").setValue(str(folder))
    bench.until(lambda: said(bench).startswith("small: 1 layers, 16 wide, reads up to 512 pieces, 0.1 MB"))


@pytest.mark.skipif(packaged_folder() is None, reason="the packaged encoder is not installed")
def test_automatic_says_what_it_comes_to_for_the_catalogue(bench: Bench):
    bench.page.settings.form.editor("encoder").setValue("auto")
    bench.until(lambda: said(bench).startswith("all-MiniLM-L6-v2: 6 layers"))
    titles = [f"沉默的荒野与红楼梦第{n}卷" for n in range(40)]
    chain = chain_dataset()
    table = chain.item_features.assign(title=titles, genre="悬疑小说")
    bench.use(add_dataset(bench.session.workspace, replace(chain, name="chinese", item_features=table)))
    bench.until(lambda: said(bench).startswith("The packaged encoder does not know "))
    assert said(bench).endswith("A small BERT learns the words of this catalogue here, from nothing.")


def test_an_encoder_that_is_not_there_is_said_before_the_start(bench: Bench, tmp_path: Path):
    bench.page.settings.form.editor("encoder").setValue(str(tmp_path))
    bench.until(lambda: "is not an encoder: it has no config.json." in said(bench))
    bench.page.settings.form.editor("encoder").setValue("someone/else")
    bench.until(lambda: "There is no text encoder “someone/else” on this computer." in said(bench))


def test_a_folder_is_chosen_in_a_dialog(bench: Bench, folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    box = box_of(bench)
    box.setCurrentIndex(box.findText("A folder…"))
    assert bench.page.settings.config().encoder == "scratch"  # type: ignore[attr-defined]
    box.activated.emit(box.currentIndex())
    assert bench.page.settings.config().encoder == str(folder)  # type: ignore[attr-defined]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: "")
    bench.page.settings.encoders.choose_folder()
    assert bench.page.settings.config().encoder == str(folder)  # type: ignore[attr-defined]


def test_the_encoder_is_served_in_the_form_of_another_model_too(bench: Bench):
    with bench.qtbot.waitSignal(bench.page.settings.encoders.listed):
        bench.person.click(bench.page.model.choices["hybrid"])
    assert box_of(bench).findText("From the hub…") > 0
    bench.person.click(bench.page.model.choices["bert-causal"])
    assert bench.page.settings.encoders.facts is None


def test_nothing_is_asked_before_a_button_is_pressed(dialog: HubDialog, fake: FakeHub):
    assert dialog.look_button.isEnabled() and not dialog.download_button.isVisible()
    assert fake.requests == []


def test_a_model_is_looked_up_downloaded_and_chosen(bench: Bench, dialog: HubDialog, fake: FakeHub):
    bench.person.click(dialog.look_button)
    bench.until(dialog.download_button.isVisible)
    size = sum(len(data) for name, data in fake.models[MODEL].items() if name != "recdesk.json")
    assert dialog.facts.text() == f"{MODEL} · {max(size / 2**20, 0.1):.1f} MB in 4 files · revision {SHA[:12]}"
    assert [path for path, _ in fake.requests] == [f"/api/models/{MODEL}?blobs=true"]
    bench.person.click(dialog.download_button)
    bench.until(lambda: dialog.model_id == MODEL)
    assert not dialog.isVisible()
    assert [name for name, _, _ in hub.downloaded(bench.session.workspace.folder / "encoders")] == [MODEL]


def test_what_was_downloaded_is_listed_and_chosen(bench: Bench, fake: FakeHub):
    def fetch(dialog) -> None:
        assert isinstance(dialog, HubDialog)
        bench.person.write(dialog.name, MODEL)
        bench.person.click(dialog.look_button)
        bench.person.click(dialog.download_button)
        bench.until(lambda: not dialog.isVisible())

    bench.person.when_asked(fetch)
    box = box_of(bench)
    box.activated.emit(box.findText("From the hub…"))
    assert bench.page.settings.config().encoder == MODEL  # type: ignore[attr-defined]
    bench.until(lambda: box.findText(MODEL) > 0)
    bench.until(lambda: said(bench).startswith(f"{MODEL}: 1 layers, 16 wide"))


def test_a_download_with_a_damaged_record_is_told_where_the_list_lacks_it(bench: Bench):
    record = bench.session.workspace.folder / "encoders" / f"{MODEL.replace('/', '--')}@{SHA[:12]}" / hub.SOURCE
    record.parent.mkdir(parents=True)
    record.write_text("[")
    encoders = bench.page.settings.encoders
    with bench.qtbot.waitSignal(encoders.listed):
        encoders.refresh()
    assert box_of(bench).findText(MODEL) == -1
    assert encoders.damaged.isVisible()
    told = encoders.damaged.text()
    assert told.startswith(f"“{record}” is damaged") and told.endswith("Download the encoder again.")
    record.unlink()
    with bench.qtbot.waitSignal(encoders.listed):
        encoders.refresh()
    assert not encoders.damaged.isVisible()


def test_a_download_is_cancelled_and_goes_on_where_it_stopped(bench: Bench, dialog: HubDialog, fake: FakeHub):
    half = len(fake.models[MODEL][WEIGHTS]) // 2
    fake.stall[WEIGHTS] = half
    bench.person.click(dialog.look_button)
    bench.person.click(dialog.download_button)
    bench.until(lambda: "Downloading model.safetensors" in dialog.said.text() and dialog.line.value() > 0.4)
    assert not dialog.name.isEnabled()
    bench.person.click(dialog.cancel_button)
    assert dialog.said.text() == "Cancelled. What came is kept: a later download goes on from there."
    bench.until(lambda: not workers())
    fake.stall.clear()
    fake.go_on.set()
    bench.person.click(dialog.download_button)
    bench.until(lambda: dialog.model_id == MODEL)
    assert {headers.get("range") for path, headers in fake.requests if WEIGHTS in path} == {None, f"bytes={half}-"}


def test_a_connection_that_breaks_is_a_sentence_and_the_next_try_brings_the_rest(
    bench: Bench, dialog: HubDialog, fake: FakeHub
):
    fake.cut[WEIGHTS] = 1000
    bench.person.click(dialog.look_button)
    bench.person.click(dialog.download_button)
    bench.until(lambda: "goes on where it stopped" in dialog.said.text())
    assert "The connection broke" in dialog.said.text()
    assert not bench.window.failures.isVisible()
    fake.cut.clear()
    bench.person.click(dialog.look_button)
    bench.until(lambda: "are here from an earlier download" in dialog.said.text())
    bench.person.click(dialog.download_button)
    bench.until(lambda: dialog.model_id == MODEL)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("no one/else", "is not the name of a model."), ("someone/none", "There is no public model “someone/none”")],
)
def test_what_cannot_be_had_is_a_sentence(name: str, sentence: str, bench: Bench, dialog: HubDialog):
    bench.person.write(dialog.name, name)
    bench.person.click(dialog.look_button)
    bench.until(lambda: sentence in dialog.said.text())
    assert not dialog.download_button.isVisible()
    assert dialog.look_button.isEnabled()


def test_another_name_has_to_be_looked_up_anew(bench: Bench, dialog: HubDialog):
    bench.person.click(dialog.look_button)
    bench.until(dialog.download_button.isVisible)
    bench.person.write(dialog.name, "someone/else")
    assert not dialog.download_button.isVisible()
    assert dialog.facts.text() == ""


def test_closing_gives_the_download_up(bench: Bench, dialog: HubDialog, fake: FakeHub):
    fake.stall[WEIGHTS] = 100
    bench.person.click(dialog.look_button)
    bench.person.click(dialog.download_button)
    bench.until(lambda: dialog.line.value() > 0)
    bench.person.click(dialog.close_button)
    assert dialog.model_id == ""
    assert bench.session.jobs.active() == []


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
