import socket
import time

import pytest

from recdesk.cluster.head import Head, SilentError
from recdesk.core.errors import UsageError
from tests.cluster.fake_head import FakeHead


def test_a_head_says_its_version_and_session(head: FakeHead):
    assert Head(head.address).version() == ("2.60.0", "session_1")


def test_a_job_is_taken_once_however_often_it_is_sent(head: FakeHead, tmp_path):
    asked = Head(head.address)
    assert asked.state("one") == "absent"
    head.ending = ["PENDING"]
    for _ in range(3):
        asked.submit("one", ["python", "-m", "recdesk", "cluster-work", "/a folder/x"])
    assert asked.state("one") == "pending" and head.jobs == {"one": "PENDING"}
    head.jobs["one"] = "RUNNING"
    assert asked.state("one") == "running"
    for status in ("SUCCEEDED", "FAILED", "STOPPED"):
        head.jobs["one"] = status
        assert asked.state("one") == "ended"
    assert asked.log("one") == "what it printed" and asked.log("two") == ""


def test_a_head_that_is_gone_or_cut_off_is_silent_and_no_answer_is_taken_for_absent(head: FakeHead):
    head.silent = True
    for ask in (Head(head.address).version, lambda: Head(head.address).state("one")):
        with pytest.raises(SilentError, match="does not answer"):
            ask()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(SilentError):
        Head(address).state("one")


def test_a_head_that_says_nothing_is_waited_for_for_a_while_only():
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        begun = time.monotonic()
        with pytest.raises(SilentError):
            Head(f"http://127.0.0.1:{deaf.getsockname()[1]}", seconds=0.2).version()
        assert time.monotonic() - begun < 2


def test_what_answers_and_is_no_ray_is_told(head: FakeHead):
    with pytest.raises(UsageError, match="no Ray head"):
        Head(f"{head.address}/another").version()


def test_a_token_is_taken_from_where_ray_looks_for_it(head: FakeHead, tmp_path, monkeypatch):
    for name in ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    head.token = "the-token"
    with pytest.raises(UsageError, match="asks for a token") as caught:
        Head(head.address).version()
    assert "RAY_AUTH_TOKEN" in caught.value.suggestion
    (tmp_path / ".ray").mkdir()
    (tmp_path / ".ray" / "auth_token").write_text("the-token\n")
    assert Head(head.address).version()[0] == "2.60.0"
    (tmp_path / "other").write_text("another")
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", str(tmp_path / "other"))
    with pytest.raises(UsageError, match="asks for a token"):
        Head(head.address).version()
    monkeypatch.setenv("RAY_AUTH_TOKEN", "the-token")
    assert Head(head.address).version()[0] == "2.60.0"
