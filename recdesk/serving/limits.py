"""What a client may take of a server, and the connections held to it."""

import asyncio
import json
from dataclasses import dataclass
from itertools import chain
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from recdesk.core.messages import Message

SILENT_SECONDS = 1.0
"""A connection on which nothing was asked for so long makes room first."""


@dataclass(frozen=True)
class Limits:
    """Limits of a server.

    Attributes:
        body: bytes of a request's body.
        head: bytes of a request's head.
        connections: open at the same time; for one more the longest idle one is closed.
        waiting: queries that may wait.
        head_seconds: until the head of a request is there.
        body_seconds: until its body is there.
        answer_seconds: until it is answered.
        write_seconds: until a client reads what it was sent.
        linger_seconds: that is still read of a body that was refused: a client that is cut off while it sends would not
            read why.
        idle_seconds: between two requests of a connection.
        closing_seconds: that requests under way get when the server stops.
    """

    body: int = 2**20
    head: int = 2**14
    connections: int = 512
    waiting: int = 1024
    head_seconds: float = 10.0
    body_seconds: float = 10.0
    answer_seconds: float = 30.0
    write_seconds: float = 20.0
    linger_seconds: float = 2.0
    idle_seconds: int = 30
    closing_seconds: int = 5


def error_body(sentence: str, suggestion: str = "") -> bytes:
    """The JSON of every error: "error", "suggestion" and "code", the key of the sentence."""
    code = sentence.key if isinstance(sentence, Message) else ""
    return json.dumps({"error": sentence, "suggestion": suggestion, "code": code}).encode()


class JoinedWrites:
    """A transport that sends at once what is written in one turn of the event loop: head and body of an answer are one
    packet, and one call of the system."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Send it at the end of this turn."""
        if not data:
            return
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        """Send what was written, then close."""
        self._flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._parts:
            data = b"".join(self._parts)
            self._parts.clear()
            if not self._transport.is_closing():
                self._transport.write(data)


class LimitedProtocol(H11Protocol):
    """uvicorn's connection, with a limit on the time of the head, on unread answers, and on their number. Subclasses
    made by `limited` have the limits."""

    limits: ClassVar[Limits]
    open: ClassVar[dict["LimitedProtocol", None]]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, or refuse where all connections are at work."""
        super().connection_made(JoinedWrites(transport, self.loop))  # type: ignore[arg-type]
        self.since = self.loop.time()
        self._late: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None
        if len(self.open) >= self.limits.connections and not self._close_an_idle_one():
            self._refuse(503, Message("serve.busy"), Message("serve.ask-later"))
            return
        self.open[self] = None
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.open.pop(self, None)
        _stop(self._late)
        _stop(self._stuck)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on; a head must be complete in time, also that of a second request."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if not self.idle:
            _stop(self._late)
            self._late = None
        elif self._late is None and not self.transport.is_closing():
            self._expect_head()

    def on_response_complete(self) -> None:
        """After an answer the time between two requests counts."""
        _stop(self._late)
        self._late = None
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The client does not read."""
        super().pause_writing()
        self._stuck = self.loop.call_later(self.limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """It reads on."""
        _stop(self._stuck)
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP gets the JSON of an error."""
        self._refuse(400, Message("serve.no-http"), Message("serve.see-page"))

    @property
    def idle(self) -> bool:
        """Whether no request of it is under way."""
        return self.cycle is None or self.cycle.response_complete

    def _expect_head(self) -> None:
        self._late = self.loop.call_later(self.limits.head_seconds, self._too_late)

    def _too_late(self) -> None:
        if self.idle and not self.transport.is_closing():
            self._refuse(408, Message("serve.too-slow"), Message("serve.send-at-once"))

    def _close_an_idle_one(self) -> bool:
        """Make room: the oldest that has not asked for a second, or that was answered, or any that is idle."""
        idle, now = [each for each in self.open if each.idle], self.loop.time()
        silent = (each for each in idle if each.cycle is None and now - each.since > SILENT_SECONDS)
        answered = (each for each in idle if each.cycle is not None)
        chosen = next(chain(silent, answered, idle), None)
        if chosen is None:
            return False
        self.open.pop(chosen, None)
        if chosen.cycle is None:
            chosen._refuse(503, Message("serve.busy"), Message("serve.ask-later"))
        else:
            chosen.transport.close()
        return True

    def _refuse(self, status: int, sentence: str, suggestion: str) -> None:
        body = error_body(sentence, suggestion)
        headers = [("content-type", "application/json"), ("content-length", str(len(body))), ("connection", "close")]
        try:
            for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:  # an answer is on its way already
            self.transport.abort()
        else:
            self.transport.close()


def limited(limits: Limits) -> type[LimitedProtocol]:
    """The class of a server's connections."""
    members: dict[str, Any] = {"limits": limits, "open": {}}
    return type("Connection", (LimitedProtocol,), members)


def _stop(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
