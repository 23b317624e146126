"""The process that serves: its socket, its start and its end."""

import asyncio
import contextlib
import errno
import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message

THIS_MACHINE = "127.0.0.1"
SHORTEST_TOKEN = 8


@dataclass(frozen=True)
class Address:
    """Where a server is asked.

    Attributes:
        host: name or number to listen at.
        port: 0 for any free one.
        token: that clients must give; "" for none.
    """

    host: str = THIS_MACHINE
    port: int = 8000
    token: str = field(default="", repr=False)

    @property
    def local(self) -> bool:
        """Whether only this machine can ask."""
        if self.host == "localhost":
            return True
        with contextlib.suppress(ValueError):
            return ipaddress.ip_address(self.host).is_loopback
        return False

    def check(self) -> None:
        """Raise where everybody could ask.

        Raises:
            UsageError: other machines can ask, and there is no token or a short one.
        """
        if not self.local and len(self.token) < SHORTEST_TOKEN:
            raise UsageError(
                Message("serve.token-needed", host=self.host), Message("serve.choose-token", least=SHORTEST_TOKEN)
            )
        if not self.token.isascii() or any(letter.isspace() for letter in self.token):
            raise UsageError(Message("serve.token-letters"), Message("serve.choose-token", least=SHORTEST_TOKEN))

    def url(self, port: int) -> str:
        """As a client writes it."""
        if self.host in ("0.0.0.0", "::"):
            return f"http://{socket.gethostname()}:{port}"
        return f"http://[{self.host}]:{port}" if ":" in self.host else f"http://{self.host}:{port}"

    @property
    def hosts(self) -> frozenset[str]:
        """Names under which the server may be asked; empty for any."""
        if not self.local:
            return frozenset()
        return frozenset({"127.0.0.1", "localhost", "[::1]", self.host.lower(), f"[{self.host.lower()}]"})


def require_extra() -> None:
    """Raise unless the libraries of the server are installed.

    Raises:
        UsageError: one is missing.
    """
    try:
        import fastapi  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError as error:
        raise UsageError(Message("serve.no-extra", name=error.name or str(error)), Message("serve.install")) from error


@contextlib.contextmanager
def listening(address: Address) -> Iterator[socket.socket]:
    """A socket at an address.

    Raises:
        UsageError: the port is in use, or the host is not one of this machine.
    """
    try:
        family, kind, _, _, place = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind)
    except (OSError, UnicodeError, OverflowError) as error:
        raise _refused(address, error) from error
    with made:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            made.bind(place)
            made.listen(1024)
        except OSError as error:
            raise _refused(address, error) from error
        yield made


def _refused(address: Address, error: Exception) -> UsageError:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return UsageError(Message("serve.port-in-use", port=address.port), Message("serve.other-port"))
    if number == errno.EACCES:
        return UsageError(Message("serve.port-denied", port=address.port), Message("serve.other-port"))
    return UsageError(Message("serve.no-such-host", host=address.host), Message("serve.this-host"))


def run_server(
    application: Any,
    listener: socket.socket,
    connection: Any,
    limits: Any,
    stopped: Callable[[], bool],
    tick: Callable[[], None] = lambda: None,
) -> None:
    """Serve until it is to stop; requests under way are answered first.

    Args:
        application: ASGI.
        listener: a socket that listens.
        connection: class of a connection, see `limits.limited`.
        limits: a `Limits`.
        stopped: asked ten times a second.
        tick: called each second.
    """
    import uvicorn

    class Server(uvicorn.Server):
        """Ends when told so; signals are the command's."""

        @contextlib.contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

        async def on_tick(self, counter: int) -> bool:
            if counter % 10 == 0:
                tick()
            return stopped() or await super().on_tick(counter)

    config = uvicorn.Config(
        application,
        http=connection,
        loop="asyncio",
        ws="none",
        lifespan="on",
        log_config=None,
        log_level="critical",  # uvicorn's own lines name clients and what they ask
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=limits.idle_seconds,
        timeout_graceful_shutdown=limits.closing_seconds,
        h11_max_incomplete_event_size=limits.head,
    )
    asyncio.run(Server(config).serve([listener]))
