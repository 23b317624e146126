"""The application as replicas under a real Ray Serve on this machine."""

import contextlib
import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from recdesk.core.errors import UsageError
from recdesk.experiment.open_model import open_model
from recdesk.recommend.by_ids import ModelByIds
from recdesk.serving.replicas import TOKEN, Asked, build
from recdesk.workspace.promotion import promote
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.serving.making import drawn_run, workspace_with

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-of-the-test"
HISTORY = ["001", "002", "003"]
needs_serve = pytest.mark.skipif(
    sys.platform == "win32" or any(importlib.util.find_spec(name) is None for name in ("ray", "fastapi", "websockets")),
    reason="needs Ray Serve: pip install “recdesk[replicas]”",
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_with(tmp_path / "ws")


def ask(url: str, body: dict[str, Any], token: str = SECRET) -> tuple[int, dict[str, Any]]:
    """Status and answer of a request."""
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{url}/v1/recommend", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@contextlib.contextmanager
def served(workspace: Workspace, tmp_path: Path, replicas: int) -> Iterator[tuple[str, psutil.Process]]:
    """`serve run` with a file as the page on serving describes it; address and process."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    arguments = {"run": "promoted", "workspace": str(workspace.folder), "replicas": replicas, "cpus": 0.5}
    application = {"name": "recdesk", "import_path": "recdesk.serving.replicas:build", "args": arguments}
    config = {"http_options": {"host": "127.0.0.1", "port": port}, "applications": [application]}
    (tmp_path / "serve.yaml").write_text(json.dumps(config))  # JSON is YAML
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "OMP_"))}
    there = {TOKEN: SECRET, "PYTHONPATH": str(ROOT), "RAY_USAGE_STATS_ENABLED": "0", "RAY_AUTH_MODE": "disabled"}
    words = [sys.executable, "-m", "ray.serve.scripts", "run", str(tmp_path / "serve.yaml")]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(words, env=kept | there, stdout=said, stderr=said, cwd=tmp_path)
    whole = psutil.Process(process.pid)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and process.poll() is None:
            with contextlib.suppress(OSError, ValueError):
                if ask(f"http://127.0.0.1:{port}", {"history": HISTORY})[0] == 200:
                    break
            time.sleep(0.3)
        else:
            pytest.fail((tmp_path / "said").read_text(errors="replace")[-3000:])
        yield f"http://127.0.0.1:{port}", whole
    finally:
        below = whole.children(recursive=True) if whole.is_running() else []
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(30)
        for each in [whole, *below]:
            with contextlib.suppress(psutil.Error):
                each.kill()
        psutil.wait_procs([whole, *below], timeout=10)


def replica_processes(whole: psutil.Process) -> list[psutil.Process]:
    found = []
    for each in whole.children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "ServeReplica" in " ".join(each.cmdline()):
                found.append(each)
    return found


def best_of(run: Run) -> list[str]:
    """The list that the run itself gives."""
    model = ModelByIds(open_model(run))
    found = next(iter(model.find([model.asked(history=HISTORY, n=5)])))
    return [model.ids[code - 1] for code in found.codes.tolist()]


def listed(answer: dict[str, Any]) -> list[str]:
    return [item["item_id"] for item in answer["items"]]


@pytest.mark.slow  # as Ray comes with the extras of the slow tests
@needs_serve
def test_there_is_no_application_without_a_token(workspace: Workspace, monkeypatch):
    monkeypatch.delenv(TOKEN, raising=False)
    promote(drawn_run(workspace))
    for token in ("", "short"):
        with pytest.raises(UsageError, match="a token is needed"):
            build(Asked(workspace=str(workspace.folder), token=token))


@pytest.mark.slow  # as Ray comes with the extras of the slow tests
@needs_serve
def test_what_is_not_there_is_said_before_replicas_start(workspace: Workspace):
    with pytest.raises(UsageError, match="nothing"):
        build(Asked(run="nothing", workspace=str(workspace.folder), token=SECRET))


def test_without_ray_serve_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(UsageError, match="Ray Serve is not installed") as caught:
        build(Asked(token=SECRET))
    assert "recdesk[replicas]" in caught.value.suggestion


@pytest.mark.slow
@needs_serve
def test_replicas_answer_as_the_run_does_follow_a_promotion_and_one_that_is_killed_is_replaced(
    workspace: Workspace, tmp_path: Path
):
    first, second = drawn_run(workspace, seed=1), drawn_run(workspace, seed=2)
    assert best_of(first) != best_of(second)
    promote(first)
    body = {"history": HISTORY, "n": 5}
    with served(workspace, tmp_path, replicas=2) as (url, whole):
        assert [listed(ask(url, body)[1]) for _ in range(10)] == [best_of(first)] * 10
        assert ask(url, body, token="another-token")[0] == 401
        assert ask(url, {"n": 5})[0] == 422
        assert ask(url, {"history": ["001"] * 300_000})[0] in (413, 422)

        promote(second)
        deadline, better, answers = time.monotonic() + 60, best_of(second), [[""]]
        while time.monotonic() < deadline and answers != [better] * 20:  # each replica looks once a second
            answers = [listed(ask(url, body)[1]) for _ in range(20)]
        assert answers == [better] * 20

        before = replica_processes(whole)
        assert len(before) == 2
        before[0].kill()
        statuses = [ask(url, body)[0] for _ in range(20)]
        assert statuses.count(200) >= 19  # the one that it was answering is lost with it
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(replica_processes(whole)) < 2:
            time.sleep(0.3)
        assert len(replica_processes(whole)) == 2
        assert listed(ask(url, body)[1]) == better
