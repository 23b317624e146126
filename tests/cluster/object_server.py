"""An object store on this machine that speaks Amazon's protocol: moto's, in a thread of this process."""

import itertools
import logging
import threading
import urllib.request
from collections.abc import Callable, Iterable
from typing import Any

KEYS = {"AWS_ACCESS_KEY_ID": "tests", "AWS_SECRET_ACCESS_KEY": "tests", "AWS_EC2_METADATA_DISABLED": "true"}
"""Environment that its clients need."""


class ObjectServer:
    """Serves until `close`.

    Attributes:
        silent: every request is refused.
        requests: method and path of those that were not.
    """

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.silent, self.requests = False, list[tuple[str, str]]()
        self._application = DomainDispatcherApplication(create_backend_app)
        self._server = make_server("127.0.0.1", 0, self._answer, True, request_handler=MotoRequestHandler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self._numbers = itertools.count()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self.silent:
            start_response("403 Forbidden", [("Content-Length", "0")])
            return [b""]
        self.requests.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return self._application(environ, start_response)

    def new_bucket(self) -> str:
        """Address of a storage in a bucket that nobody has."""
        name = f"bucket-{next(self._numbers)}"
        urllib.request.urlopen(urllib.request.Request(f"http://{self.host}/{name}", method="PUT")).close()
        return self.address(f"{name}/shared")

    def address(self, path: str) -> str:
        """Of a storage."""
        return f"s3://{path}?endpoint_override={self.host}&scheme=http&region=us-east-1"

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
