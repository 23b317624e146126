"""A server of this computer that speaks as the hub does."""

import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from huggingface_hub import close_session, constants

MODEL, SHA = "someone/small-bert", "0123456789abcdef" * 2 + "01234567"
WEIGHTS = "model.safetensors"


class FakeHub(ThreadingHTTPServer):
    """Speaks as huggingface.co does, about what is in `models`; large files come from another address, as there."""

    daemon_threads = False  # so that closing waits for them

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.models: dict[str, dict[str, bytes]] = {}
        self.info: dict[str, Any] = {}  # instead of what a model's description would say
        self.sha = SHA
        self.cut: dict[str, int] = {}  # file: bytes after which the connection breaks
        self.stall: dict[str, int] = {}  # file: bytes after which nothing more comes until `go_on`
        self.go_on = threading.Event()
        self.ranges = True
        self.answer: tuple[int, dict[str, str], bytes] | None = None  # to everything
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.sent: dict[str, int] = {}

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is what these tests are about."""


class Handler(BaseHTTPRequestHandler):
    server: FakeHub

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.server.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.server.answer:
            self.reply(*self.server.answer)
        elif found := re.fullmatch(r"/api/models/(.+?)(?:/revision/(.+))?", path):
            self.describe(*found.groups())
        elif found := re.fullmatch(r"/(.+)/resolve/(\w+)/(.+)", path):
            self.resolve(*found.groups())
        elif found := re.fullmatch(r"/storage/([^/]+/[^/]+)/(.+)", path):
            self.send_file(*found.groups())

    def reply(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def describe(self, model: str, revision: str | None) -> None:
        if model not in self.server.models:
            return self.reply(401, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"}, b"")
        if revision not in (None, "main", self.server.sha):
            return self.reply(404, {"X-Error-Code": "RevisionNotFound"}, b"")
        siblings = [sibling(name, data) for name, data in self.server.models[model].items()]
        config = json.loads(self.server.models[model].get("config.json", b"{}"))
        description = {
            "id": model, "sha": self.server.sha, "siblings": siblings, "gated": False,
            "config": {"model_type": config.get("model_type")}, **self.server.info,
        }  # fmt: skip
        return self.reply(200, {"Content-Type": "application/json"}, json.dumps(description).encode())

    def resolve(self, model: str, revision: str, name: str) -> None:
        assert revision == self.server.sha
        if name.endswith(".safetensors"):
            return self.reply(302, {"Location": f"{self.server.address}/storage/{model}/{name}"}, b"")
        return self.send_file(model, name)

    def send_file(self, model: str, name: str) -> None:
        data = self.server.models[model][name]
        begin = 0
        if self.server.ranges and "range" in self.headers:
            begin = int(self.headers["range"].removeprefix("bytes=").removesuffix("-"))
        if self.server.stall.get(name) == -1:
            self.server.go_on.wait(30)
        self.send_response(206 if begin else 200)
        if begin:
            self.send_header("Content-Range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - begin))
        self.end_headers()
        end = min(self.server.cut.get(name, len(data)), self.server.stall.get(name, len(data)))
        self.send(name, data[begin:end])
        if name in self.server.stall:
            self.server.go_on.wait(30)
            self.send(name, data[end:])

    def send(self, name: str, data: bytes) -> None:
        self.wfile.write(data)
        self.server.sent[name] = self.server.sent.get(name, 0) + len(data)


def sibling(name: str, data: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {"rfilename": name, "size": len(data), "blobId": hashlib.sha1(data).hexdigest()}
    if name.endswith((".safetensors", ".bin")):
        found["lfs"] = {"size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "pointerSize": 134}
    return found


@contextlib.contextmanager
def serving(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """The server with `files` as `MODEL`; at the end every thread of a download has to be gone."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    close_session()
    server = FakeHub()
    server.models[MODEL] = files
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.go_on.set()
    close_session()
    server.shutdown()
    server.server_close()
    thread.join()
    for worker in workers():
        worker.join(5)
    assert workers() == []


def workers() -> list[threading.Thread]:
    """Threads of downloads under way."""
    return [thread for thread in threading.enumerate() if thread.name.startswith("download of")]
