"""`recdesk serve` and `recdesk promote`."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from recdesk.cli.app import app
from recdesk.serving.server import Address, listening
from recdesk.workspace.workspace import Workspace
from tests.serving.making import drawn_run, workspace_with
from tests.serving.running import Client

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory) -> Workspace:
    made = workspace_with(tmp_path_factory.mktemp("serve") / "ws")
    for seed in range(2):
        drawn_run(made, seed)
    return made


def call(workspace: Workspace, *words: str) -> tuple[int, dict]:
    """Exit code and the object on the last line."""
    done = CliRunner().invoke(app, [*words, "--workspace", str(workspace.folder), "--json"])
    return done.exit_code, json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal of POSIX")
def test_it_says_where_it_answers_follows_the_promoted_run_and_ends_when_told(workspace: Workspace):
    newer, older = workspace.runs()
    assert call(workspace, "promote", older.id) == (0, {"run": older.id})
    assert call(workspace, "promote") == (0, {"run": older.id})
    words = ["serve", "promoted", "--port", "0", "--workspace", str(workspace.folder), "--json"]
    environment = {**os.environ, "RECDESK_TOKEN": "token-of-a-test"}
    with subprocess.Popen(
        [sys.executable, "-m", "recdesk", *words], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        said = json.loads(server.stdout.readline())
        assert said["run"] == older.id
        client = Client(int(said["address"].rpartition(":")[2]), "token-of-a-test")
        assert client.recommend(user="user-001", n=3)["run"] == older.id
        assert Client(client.port).ask("/v1/model")[0] == 401
        call(workspace, "promote", newer.id)
        lines = map(json.loads, server.stdout)
        before = [line := next(lines)]
        while "run" not in line:
            before.append(line := next(lines))
        assert line["run"] == newer.id
        assert client.recommend(user="user-001", n=3)["run"] == newer.id
        server.send_signal(signal.SIGTERM)
        rest = list(lines)
        assert server.wait(20) == 0
    assert rest[-1] == {"run": newer.id, "address": said["address"], "requests": 3}
    assert any(line["statistics"]["requests"] >= 2 for line in before + rest if "statistics" in line)


def test_what_cannot_be_served_is_told_before_anything_is_opened(workspace: Workspace, monkeypatch):
    assert call(workspace, "serve", "never")[1]["error"] == "There is no run “never”."
    code, said = call(workspace, "serve", "last", "--host", "0.0.0.0")
    assert (code, said["error"]) == (2, "At “0.0.0.0” other machines can ask, so that a token is needed.")
    with listening(Address(port=0)) as taken:
        port = taken.getsockname()[1]
        assert call(workspace, "serve", "last", "--port", str(port))[1]["error"] == f"Port {port} is in use."
    assert (
        call(workspace, "serve", "last", "--port", "0", "--rules", "gone")[1]["error"] == "There are no rules “gone”."
    )
    monkeypatch.setitem(sys.modules, "fastapi", None)
    code, said = call(workspace, "serve", "last")
    assert (
        code == 2 and "fastapi" in said["error"] and said["suggestion"] == 'Install it: pip install "recdesk[serve]".'
    )


def test_only_a_run_with_a_model_is_promoted(workspace: Workspace):
    assert call(workspace, "promote", "never")[0] == 2
    assert call(workspace, "promote", "last")[0] == 0
    empty = workspace.create_run("chain", workspace.runs()[0].config, "leave-one-out")
    code, said = call(workspace, "promote", empty.id)
    assert code == 2 and "has no model yet" in said["error"]
    assert call(workspace, "promote")[1]["run"] != empty.id
