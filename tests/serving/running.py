"""A server in a thread of the test, and a client."""

import contextlib
import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from recdesk.serving.application import Answering, application
from recdesk.serving.gate import Gate
from recdesk.serving.limits import Limits, limited
from recdesk.serving.served import Exchange, RunSource
from recdesk.serving.server import Address, listening, run_server
from recdesk.serving.statistics import Counting
from recdesk.workspace.workspace import Workspace


@dataclass
class Client:
    """Asks a server; each request has a connection of its own."""

    port: int
    token: str = ""
    parts: dict[str, Any] = field(default_factory=dict)

    @property
    def exchange(self) -> Exchange:
        return self.parts["exchange"]

    def ask(self, path: str, body: Any = None, method: str = "", **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        given = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {self.token}"} if self.token else {}),
        }
        try:
            connection.request(method or ("GET" if data is None else "POST"), path, data, {**given, **headers})
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        return answer.status, json.loads(text) if answer.headers["content-type"] == "application/json" else text

    def recommend(self, **body: Any) -> dict[str, Any]:
        """The answer to a request that can be met."""
        status, answer = self.ask("/v1/recommend", body)
        assert status == 200, answer
        return answer

    @contextlib.contextmanager
    def connected(self, first: bytes = b"") -> Iterator[socket.socket]:
        """A bare connection, with these bytes sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as made:
            made.sendall(first)
            yield made


def everything(connection: socket.socket) -> bytes:
    """All that a server says until it closes."""
    said = b""
    with contextlib.suppress(ConnectionResetError):
        while part := connection.recv(65536):
            said += part
    return said


@contextlib.contextmanager
def serving(
    workspace: Workspace, run: str = "last", limits: Limits | None = None, token: str = "", rules: str = ""
) -> Iterator[Client]:
    """A server on a free port, which is gone afterwards."""
    limits, counting, ended = limits or Limits(), Counting(), threading.Event()
    address = Address(port=0, token=token)
    exchange = Exchange(RunSource(workspace, run, rules))
    answering = Answering(exchange, counting, limits)
    gate = Gate(application(answering), limits, counting, token, address.hosts)
    with listening(address) as listener:
        port = listener.getsockname()[1]
        arguments = (gate, listener, limited(limits), limits, ended.is_set)
        thread = threading.Thread(target=run_server, args=arguments)
        thread.start()
        try:
            yield Client(port, token, {"exchange": exchange, "answering": answering, "counting": counting})
        finally:
            ended.set()
            thread.join(20)
    assert not thread.is_alive()
