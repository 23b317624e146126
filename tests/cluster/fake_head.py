"""A job server as that of a Ray head, which carries jobs out in threads of this process: quick, and without Ray."""

import json
import shlex
import threading
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from recdesk.cluster import connection, export_engine, head_watch, watching
from recdesk.cluster.connection import versions
from recdesk.cluster.export_files import ExportJob
from recdesk.cluster.export_work import write_export
from recdesk.cluster.look import examine
from recdesk.cluster.storage import Storage
from recdesk.cluster.work import train
from tests.engines import Here


class FakeHead:
    """Serves until `close`.

    Attributes:
        session: name of the session; a head that starts anew has another one.
        silent: requests are cut off.
        token: that must be given; "" for none.
        jobs: status by submission.
        taken: submissions of runs and exports in the order in which they came, each time.
        ending: statuses that jobs of these get at once instead of being carried out.
        engine: makes what computes the shards of an export.
        node: what a test of the connection tells of the only machine, beside what `examine` does.
    """

    def __init__(self) -> None:
        self.session, self.silent, self.token = "session_1", False, ""
        self.jobs: dict[str, str] = {}
        self.taken: list[str] = []
        self.ending: list[str] = []
        self.node: dict[str, Any] = {}
        self.engine: Callable[[], Any] = Here
        self.lost_answers = 0
        self._threads: list[threading.Thread] = []
        head = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                head.answer(self, "GET")

            def do_POST(self) -> None:
                head.answer(self, "POST")

            def log_message(self, *_arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Wait for what is carried out, and end."""
        for thread in self._threads:
            thread.join(30)
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler, method: str) -> None:
        """Answer a request as Ray's job server does."""
        body = request.rfile.read(int(request.headers.get("Content-Length") or 0))
        if self.silent:
            request.close_connection = True
            return None
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return self._say(request, 401, {})
        path = request.path
        if path == "/api/version":
            return self._say(request, 200, {"ray_version": "2.60.0", "session_name": self.session})
        if method == "POST" and path == "/api/jobs/":
            return self._take(request, json.loads(body))
        submission = path.split("/")[3]
        if submission not in self.jobs:
            return self._say(request, 404, {})
        if path.endswith("/logs"):
            return self._say(request, 200, {"logs": "what it printed"})
        return self._say(request, 200, {"status": self.jobs[submission]})

    def _take(self, request: BaseHTTPRequestHandler, asked: dict[str, Any]) -> None:
        submission, words = asked["submission_id"], shlex.split(asked["entrypoint"])
        of_run = words[3] in ("cluster-work", "cluster-export")
        if of_run:
            self.taken.append(submission)
        if submission in self.jobs:
            return self._say(request, 500, {"error": f"Job with submission_id {submission} already exists."})
        if of_run and self.ending:
            self.jobs[submission] = self.ending.pop(0)
        else:
            self.jobs[submission] = "RUNNING"
            thread = threading.Thread(target=self._carry_out, args=(words[3], words[4], words[5]))
            self._threads.append(thread)
            thread.start()
        if self.lost_answers:
            self.lost_answers -= 1
            request.close_connection = True
            return None
        return self._say(request, 200, {"submission_id": submission})

    def _carry_out(self, command: str, storage: str, submission: str) -> None:
        try:
            if command == "cluster-look":
                about = {"name": "127.0.0.1", "cpus": 2.0, "gpus": 0.0, "memory": 8 * 2**30}
                node = {**about, **examine(storage, submission, "node"), **self.node}
                Storage(storage).job(submission).write(connection.ANSWER, {"ray": "2.60.0", "nodes": [node]})
            elif command == "cluster-export":
                write_export(ExportJob(Storage(storage), submission), self.engine())
            else:
                train(storage, submission, "")
            self.jobs[submission] = "SUCCEEDED"
        except BaseException:
            traceback.print_exc()
            self.jobs[submission] = "FAILED"

    def _say(self, request: BaseHTTPRequestHandler, status: int, values: dict[str, Any]) -> None:
        body = json.dumps(values).encode()
        request.send_response(status)
        request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def here(**more: str) -> dict[str, str]:
    """Versions of this process, some of them others."""
    return {**versions(), **more}


def asked_often(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHead]:
    """A head that answers at once; whoever follows a run looks many times a second."""
    monkeypatch.setattr(head_watch, "SECONDS", 0.05)
    monkeypatch.setattr(watching, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(export_engine, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(connection, "POLL_SECONDS", 0.02)
    made = FakeHead()
    yield made
    made.silent = False
    made.close()
