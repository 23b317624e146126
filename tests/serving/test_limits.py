"""Hostile clients: each gets a clear status, and the others are still answered."""

import json
import socket
import time

import pytest

from recdesk.serving.limits import Limits
from recdesk.workspace.workspace import Workspace
from tests.serving.running import Client, everything, serving

TIGHT = Limits(
    body=20_000,
    head=2000,
    connections=20,
    head_seconds=0.3,
    body_seconds=0.3,
    write_seconds=0.3,
    idle_seconds=1,
    linger_seconds=0.2,
)
HEAD = b"POST /v1/recommend HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
FINE = b'{"history": ["001"], "n": 3}'


@pytest.fixture(scope="module")
def tight(workspace: Workspace):
    """A server with small limits."""
    with serving(workspace, limits=TIGHT) as made:
        yield made


@pytest.fixture(autouse=True)
def _others_are_still_answered(tight: Client):
    yield
    begun = time.monotonic()
    assert len(tight.recommend(history=["001"], n=3)["items"]) == 3
    assert time.monotonic() - begun < 5


def whole(body: bytes) -> bytes:
    return HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


def status_and_code(said: bytes) -> tuple[int, str]:
    head, _, body = said.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)["code"]


def test_a_huge_body_is_refused_by_its_length_before_it_is_sent(tight: Client):
    with tight.connected(HEAD + b"Content-Length: 99999999999\r\n\r\n") as connection:
        assert status_and_code(everything(connection)) == (413, "serve.too-large")


def test_a_huge_body_without_a_length_is_refused_as_it_comes(tight: Client):
    chunk = b"4000\r\n" + b" " * 0x4000 + b"\r\n"
    with tight.connected(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 4) as connection:
        assert status_and_code(everything(connection)) == (413, "serve.too-large")


def test_a_client_that_sends_on_reads_why_it_was_refused(tight: Client):
    status, answer = tight.ask("/v1/recommend", b" " * 3_000_000)
    assert (status, answer["code"]) == (413, "serve.too-large")


def test_a_slow_body_is_told_and_cut(tight: Client):
    begun = time.monotonic()
    with tight.connected(HEAD + b"Content-Length: 40\r\n\r\n{") as connection:
        assert status_and_code(everything(connection)) == (408, "serve.too-slow")
    assert time.monotonic() - begun < 5


def test_a_slow_head_is_told_and_cut_also_after_an_answer(tight: Client):
    with tight.connected(b"POST /v1/rec") as connection:
        assert status_and_code(everything(connection)) == (408, "serve.too-slow")
    with tight.connected(whole(FINE)) as connection:
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /v1/hea")
        assert status_and_code(everything(connection)) == (408, "serve.too-slow")


def test_a_head_that_dribbles_is_cut_all_the_same(tight: Client):
    with tight.connected() as connection:
        begun = time.monotonic()
        try:
            while time.monotonic() - begun < 3:
                connection.sendall(b"G")
                time.sleep(0.05)
            raise AssertionError("it was not cut")
        except OSError:
            assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    "said", [b"\x16\x03\x01\x02\x00", b"HELO\r\n\r\n", b"GET / HTTP/1.1\r\nno colon\r\n", b"GET /" + b"x" * 9999]
)
def test_what_is_no_http_is_told(tight: Client, said: bytes):
    with tight.connected(said + b"\r\n\r\n") as connection:
        assert status_and_code(everything(connection)) == (400, "serve.no-http")


def test_a_client_that_does_not_read_is_cut(tight: Client):
    """Its answers fill the buffers of both sides; then the server stops waiting for it."""
    large = b"GET /v1/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", tight.port))
        begun = time.monotonic()
        with pytest.raises(ConnectionError):
            while time.monotonic() - begun < 15:
                connection.sendall(large * 20)
                time.sleep(0.01)


def test_idle_connections_make_room_for_those_who_ask(tight: Client):
    idle = [socket.create_connection(("127.0.0.1", tight.port), timeout=20) for _ in range(60)]
    try:
        assert [len(tight.recommend(history=["001"], n=2)["items"]) for _ in range(5)] == [2] * 5
        assert status_and_code(everything(idle[0])) in ((503, "serve.busy"), (408, "serve.too-slow"))
    finally:
        for each in idle:
            each.close()


def test_a_client_that_leaves_before_its_answer_disturbs_nobody(tight: Client):
    for _ in range(10):
        with tight.connected(whole(FINE)) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def test_several_requests_on_one_connection_are_answered_in_order(tight: Client):
    with tight.connected(
        whole(FINE) * 3 + whole(b"{").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    ) as connection:
        said = everything(connection)
    assert [int(line.split()[0]) for line in said.split(b"HTTP/1.1 ")[1:]] == [200, 200, 200, 400]


def test_only_this_machines_names_are_answered(tight: Client):
    """A page of the web that reaches this machine by a name of its own is not."""
    status, answer = tight.ask("/v1/recommend", {"history": []}, Host="evil.example:80")
    assert (status, answer["code"]) == (421, "serve.other-host")
    assert tight.ask("/v1/recommend", {"history": []}, Host=f"localhost:{tight.port}")[0] == 200
    headers = {"Content-Type": "text/plain"}  # what a page may send without asking first
    assert tight.ask("/v1/recommend", {"history": []}, **headers)[0] in (400, 422)


def test_a_token_is_needed_where_one_is_set(workspace: Workspace, tight: Client):
    with serving(workspace, token="right-token-1") as client:
        assert len(client.recommend(history=[], n=2)["items"]) == 2
        for wrong in ("", "right-token-", "right-token-12", "RIGHT-TOKEN-1", "é"):
            status, answer = Client(client.port).ask("/v1/recommend", {"history": []}, Authorization=f"Bearer {wrong}")
            assert (status, answer["code"]) == (401, "serve.token-wrong")
        assert Client(client.port).ask("/v1/model")[0] == Client(client.port).ask("/v1/statistics")[0] == 401
        assert Client(client.port).ask("/v1/recommend", {"history": []}, Authorization="Basic right-token-1")[0] == 401
        assert Client(client.port).ask("/v1/health")[0] == 200


def test_more_than_may_wait_are_told_at_once(workspace: Workspace, tight: Client):
    with serving(workspace, limits=Limits(waiting=0)) as client:
        status, answer = client.ask("/v1/recommend", {"history": []})
        assert (status, answer["code"]) == (503, "serve.busy")


def test_nothing_of_who_asks_is_said_when_something_unforeseen_happens(
    workspace: Workspace, tight: Client, caplog, capfd
):
    with serving(workspace) as client:

        def fail(asked: object) -> None:
            raise KeyError("user-007")

        client.exchange.served.model.find = fail  # type: ignore[method-assign, assignment]
        status, answer = client.ask("/v1/recommend", {"user": "user-007"})
    assert (status, answer["code"]) == (500, "serve.unforeseen")
    said = caplog.text + "".join(capfd.readouterr())
    assert "KeyError" in said and "in fail" in said and "user-007" not in said.replace('KeyError("user-007")', "")
