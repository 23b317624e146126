"""The window and the commands are two ways to the same numbers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from PySide6.QtWidgets import QDialogButtonBox, QWidget
from safetensors.numpy import load_file

import recdesk.gui.main_window
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.data.page import DataPage
from recdesk.gui.pages.recommend.page import RecommendPage
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.session import Session
from tests.gui.driver import WindowDriver

# Said by the platform without a screen whenever a menu or a dialog opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

EPOCHS, SEED = 3, 7


@pytest.fixture(scope="module")
def files(chain, tmp_path_factory) -> Path:
    """A folder with interactions and items as a person has them."""
    folder = tmp_path_factory.mktemp("files")
    users = chain.user_ids.repeat(chain.offsets[1:] - chain.offsets[:-1])
    frame = pd.DataFrame({"user": users, "item": chain.item_ids[chain.items - 1], "time": chain.times})
    frame.to_csv(folder / "ring.csv", index=False)
    pd.DataFrame({"item": chain.item_ids, "title": chain.titles}).to_csv(folder / "items.csv", index=False)
    return folder


@pytest.fixture
def driver(session: Session, qtbot, monkeypatch) -> Iterator[WindowDriver]:
    """A person before the window on an empty workspace."""
    monkeypatch.setattr(recdesk.gui.main_window, "ask_to_close", lambda *_: "stop")
    window = MainWindow(session)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    yield WindowDriver(window, qtbot)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec"])
def test_a_run_of_the_window_equals_the_same_run_of_the_commands(
    driver: WindowDriver, files: Path, tmp_path: Path, monkeypatch, kind: str
):
    driver.will_save_as(monkeypatch, tmp_path / "window.csv")
    by_window = through_the_window(driver, files, kind, tmp_path / "window.csv")
    by_command = through_the_commands(files, kind, tmp_path / "other", tmp_path / "command.csv")

    def of_both(name: str) -> list:
        return [json.loads((run / name).read_text()) for run in (by_window, by_command)]

    ours, theirs = of_both("run.json")
    assert ours["dataset_hash"] == theirs["dataset_hash"]
    assert (ours["state"], ours["reason"]) == (theirs["state"], theirs["reason"])
    for name in ("config.json", "protocol.json", "metrics.json"):
        ours, theirs = of_both(name)
        assert ours == theirs, name
    assert {"validation", "test", "train"} == set(ours["metrics"])
    for name in ("checkpoints/best/model.safetensors", "checkpoints/last/training.safetensors"):
        ours, theirs = load_file(by_window / name), load_file(by_command / name)
        assert {key: value.tobytes() for key, value in ours.items()} == {
            key: value.tobytes() for key, value in theirs.items()
        }, name
    assert (by_window / "checkpoints/best/config.json").read_text() == (
        by_command / "checkpoints/best/config.json"
    ).read_text()
    ours, theirs = curves(by_window), curves(by_command)
    assert ours == theirs
    assert [entry["kind"] for entry in ours].count("epoch") == EPOCHS
    assert (tmp_path / "window.csv").read_bytes() == (tmp_path / "command.csv").read_bytes()


def through_the_window(driver: WindowDriver, files: Path, kind: str, out: Path) -> Path:
    """Import, train and export by mouse and keyboard; the run's folder."""
    session, data = driver.window.session, driver.go("data")
    assert isinstance(data, DataPage)
    driver.drop(data.add_card.zone, [files / "ring.csv", files / "items.csv"])
    driver.wait(data.import_button.isVisible)
    driver.click(data.import_button)
    driver.wait(lambda: session.dataset is not None)
    page = driver.go("train")
    assert isinstance(page, TrainPage)
    driver.click(page.model.choices[kind])
    driver.choose(page.settings.preset, "Quick look")
    driver.click(page.settings.form.more)
    for name, value in (("epochs", EPOCHS), ("seed", SEED)):
        driver.write(page.settings.form.editor(name), str(value))
    driver.click(page.start_button)
    driver.wait(lambda: session.training.run is not None and session.training.state == "idle", seconds=200)
    assert session.training.run is not None

    def answer(dialog: QWidget) -> None:
        buttons = dialog.findChild(QDialogButtonBox)
        driver.click(next(button for button in buttons.buttons() if button.text() == "Choose file…"))

    recommend = driver.go("recommend")
    assert isinstance(recommend, RecommendPage)
    driver.wait(lambda: recommend.model is not None)
    driver.when_asked(answer)
    driver.click(recommend.export_button)
    driver.wait(out.exists)
    return session.training.run.folder


def through_the_commands(files: Path, kind: str, workspace: Path, out: Path) -> Path:
    """The same by three commands; the run's folder."""
    command("import", files / "ring.csv", "--items", files / "items.csv", "--workspace", workspace)
    options = ["--model", kind, "--preset", "Quick look", "--epochs", EPOCHS, "--seed", SEED]
    trained = command("train", "ring", *options, "--workspace", workspace)
    command("export", "last", "--out", out, "--workspace", workspace)
    return workspace / "runs" / trained["run"]


def command(*arguments: object) -> dict:
    """Run a command as a person's shell would and read the object on its last line."""
    line = [sys.executable, "-m", "recdesk", *map(str, arguments), "--json"]
    result = subprocess.run(line, capture_output=True, text=True, timeout=200)
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout.strip().splitlines()[-1])


def curves(run: Path) -> list[dict]:
    """What a run said of its steps, epochs, evaluations and baselines, without the times it took."""
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    return [
        {key: value for key, value in event.items() if key not in ("time", "seconds", "checksum")}
        for event in events
        if event["kind"] in ("plan", "baseline", "step", "epoch", "evaluated")
    ]
