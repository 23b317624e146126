"""The server as a child: what it says is handed on, and it ends with whoever started it."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message
from recdesk.serving import child
from recdesk.serving.child import PARENT, left_alone, serve_in_child
from recdesk.workspace.promotion import promote
from tests.serving.making import drawn_run, workspace_with
from tests.serving.running import Client


def says(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a script in the place of the command."""
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-u", "-c", f"import os, sys, time\n{script}"))


def test_what_it_says_is_handed_on_until_it_is_cancelled(monkeypatch):
    says(
        monkeypatch,
        "print('{\"a\": %d}' % len(sys.argv)); print('{\"t\": \"%s\"}' % os.environ['RECDESK_TOKEN'])\ntime.sleep(60)",
    )
    said: list[dict] = []
    begun = time.monotonic()
    serve_in_child(["one", "two"], said.append, lambda: len(said) == 2, "secret")
    assert said == [{"a": 4}, {"t": "secret"}] and time.monotonic() - begun < 30


def test_an_error_is_a_sentence_that_can_be_translated(monkeypatch):
    says(monkeypatch, 'print(\'{"error": "Port 80 is in use.", "suggestion": ""}\'); sys.exit(2)')
    with pytest.raises(UsageError) as caught:
        serve_in_child([], lambda said: None, lambda: False)
    assert isinstance(caught.value.sentence, Message) and caught.value.sentence.key == "serve.port-in-use"
    assert caught.value.sentence.values == {"port": 80}


def test_an_end_without_a_word_is_told(monkeypatch):
    says(monkeypatch, "os._exit(3)")
    with pytest.raises(RecdeskError, match="The server ended by itself"):
        serve_in_child([], lambda said: None, lambda: False)


@pytest.mark.skipif(os.name != "posix", reason="asks for the parent as POSIX tells it")
def test_a_child_knows_when_it_is_left_alone(monkeypatch):
    assert not left_alone()
    monkeypatch.setenv(PARENT, str(os.getppid()))
    assert not left_alone()
    monkeypatch.setenv(PARENT, "1" if os.getppid() != 1 else "2")
    assert left_alone()


@pytest.mark.slow
def test_the_real_one_answers_and_ends_when_its_parent_is_killed(tmp_path: Path):
    workspace = workspace_with(tmp_path / "ws")
    promote(drawn_run(workspace))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    code = (
        "from recdesk.serving.child import serve_in_child\n"
        f"serve_in_child(['promoted', '--port', '{port}', '--workspace', {str(workspace.folder)!r}], "
        "lambda said: print(said, flush=True), lambda: False)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None and "address" in parent.stdout.readline()
        assert Client(port).recommend(history=["001"])["items"]
        parent.kill()
    begun = time.monotonic()
    while time.monotonic() - begun < 20:
        try:
            Client(port).ask("/v1/health")
        except OSError:
            return
        time.sleep(0.2)
    raise AssertionError("it goes on without its parent")
