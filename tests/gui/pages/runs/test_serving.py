"""Serving a run from the Runs page."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.gui.pages.runs.serve_dialog import ServeDialog
from recdesk.gui.serving_controller import ServeChoice
from recdesk.gui.session import Session
from recdesk.recommend.rules import Rules
from recdesk.workspace.promotion import promoted
from recdesk.workspace.workspace import Workspace
from tests.gui.pages.runs.driver import RunsPageDriver
from tests.gui.trained import answer
from tests.serving.making import drawn_run, workspace_with

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
ADDRESS = "http://127.0.0.1:8123"


class FakeServer:
    """In the place of the child: says what it is told to, and ends when it is cancelled."""

    def __init__(self) -> None:
        self.words: list[list[str]] = []
        self.tokens: list[str] = []
        self.to_say: list[Mapping] = [{"address": ADDRESS, "run": "x"}]
        self.ended = threading.Event()
        self.error: UsageError | None = None

    def __call__(
        self, words: Sequence[str], said: Callable[[Mapping], object], cancelled: Callable[[], bool], token: str = ""
    ) -> None:
        self.words.append(list(words))
        self.tokens.append(token)
        self.ended.clear()
        if self.error is not None:
            raise self.error
        while not cancelled():
            while self.to_say:
                said(self.to_say.pop(0))
            time.sleep(0.005)
        self.ended.set()


@pytest.fixture
def server(monkeypatch) -> FakeServer:
    made = FakeServer()
    monkeypatch.setattr("recdesk.serving.child.serve_in_child", made)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = workspace_with(tmp_path / "ws")
    made.save_rules(Rules(name="shop", block=("001",)))
    for seed in range(2):
        drawn_run(made, seed)
    return made


@pytest.fixture
def driver(session: Session, qtbot, server: FakeServer) -> RunsPageDriver:
    return RunsPageDriver(session, qtbot)


def serve(driver: RunsPageDriver, button: str = "Serve") -> None:
    """Serve the chosen run, and answer the dialog."""
    answer(button)
    driver.session.actions.trigger("runs.serve")
    driver.until(lambda: driver.session.serving.active)


def test_a_run_is_served_shown_exchanged_and_stopped(driver: RunsPageDriver, server: FakeServer, workspace: Workspace):
    page, session, (newer, older) = driver.page, driver.session, workspace.runs()
    possible = {spec.id: spec.enabled for spec in session.actions.all()}
    assert page.serving.notice.isHidden() and not possible["runs.serve-stop"]()
    driver.choose_runs(older)
    serve(driver)
    driver.until(lambda: session.serving.address == ADDRESS)
    assert server.words[0][:3] == ["promoted", "--port", "8000"] and server.tokens == [""]
    assert promoted(workspace.folder) == older.id
    assert page.serving.notice.text().endswith(f"answers at {ADDRESS}")
    assert not possible["runs.serve"]() and possible["runs.serve-stop"]()

    server.to_say.append({"statistics": {"requests": 1234, "per_second": 12.34, "p50_ms": 2.06, "p99_ms": 151.2}})
    driver.until(lambda: bool(session.serving.statistics))
    said = page.serving.notice.accessibleDescription()
    assert "12.3 requests a second; half of the answers took at most 2.1 ms, 99 % at most 151 ms" in said
    page.serving.copy_button.click()
    assert QApplication.clipboard().text() == ADDRESS

    at = [row.run.id for row in page.table.rows].index(newer.id)
    page.table.choose_several([at], at)  # the driver would wait until nothing runs
    assert possible["runs.serve"]()
    session.actions.trigger("runs.serve")
    driver.until(lambda: session.serving.run is not None and session.serving.run.id == newer.id)
    assert promoted(workspace.folder) == newer.id and len(server.words) == 1

    page.serving.stop_button.click()
    driver.until(server.ended.is_set)
    assert not session.serving.active and page.serving.notice.isHidden()
    words = [list(entry.words) for entry in session.script.entries if entry.words]
    assert words[0][0] == words[1][0] == "promote"


def test_a_server_that_cannot_start_is_told(driver: RunsPageDriver, server: FakeServer):
    server.error = UsageError(Message("serve.port-in-use", port=8000), Message("serve.other-port"))
    driver.choose_runs(driver.session.workspace.runs()[0])
    serve(driver)
    driver.until(lambda: not driver.session.serving.active)
    assert driver.window.failures.errors[0].sentence == "Port 8000 is in use."
    assert driver.page.serving.notice.isHidden()


def test_it_ends_with_the_session(driver: RunsPageDriver, server: FakeServer):
    driver.choose_runs(driver.session.workspace.runs()[0])
    serve(driver)
    driver.until(lambda: bool(driver.session.serving.address))
    assert any("Serving" in title for title in driver.session.jobs.working())
    driver.session.jobs.shutdown()
    assert server.ended.is_set()


def test_the_dialog_says_who_may_ask(workspace: Workspace, qtbot):
    dialog = ServeDialog(workspace.runs()[0], ["shop"], 8000)
    qtbot.addWidget(dialog)
    assert dialog.choice == ServeChoice(8000) and not dialog.token.isEnabled()
    assert dialog.choice.words == ["promoted", "--port", "8000"]
    assert dialog.consequence.text() == "Only programs on this machine can ask."
    dialog.others.setChecked(True)
    dialog.rules.setCurrentIndex(1)
    dialog.port.setValue(0)
    assert dialog.choice == ServeChoice(0, "shop", dialog.token.text()) and len(dialog.token.text()) >= 20
    assert dialog.choice.words == ["promoted", "--port", "0", "--rules", "shop", "--host", "0.0.0.0"]
    assert "not encrypted" in dialog.consequence.text() and dialog.token.text() not in repr(dialog.choice)
