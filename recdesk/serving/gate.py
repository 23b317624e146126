"""What stands before the application: who may ask, how much, for how long, and what is counted of it."""

import asyncio
import contextlib
import hashlib
import hmac
import logging
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from recdesk.core.messages import Message
from recdesk.serving.limits import Limits, error_body
from recdesk.serving.statistics import Counting

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = frozenset({"/", "/v1/health", "/v1/ready", "/v1/openapi.json"})
"""Asked without a token: they tell nothing of models and people."""
LINGER_BYTES = 2**24
"""Most of a refused body that is still read."""
log = logging.getLogger("recdesk.serving")


class _Refusal(Exception):  # noqa: N818  (an answer, not an error of ours)
    def __init__(
        self, status: int, sentence: str, suggestion: str, headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        super().__init__(sentence)
        self.status, self.sentence, self.suggestion, self.headers = status, sentence, suggestion, headers


@dataclass
class Gate:
    """An ASGI application around another one.

    Attributes:
        inner: what is asked in the end.
        limits: of a request.
        counting: gets each answer.
        token: that must be given; "" for none.
        hosts: names under which it may be asked, so that no web page reaches it by a name of its own; empty for any.
    """

    inner: Application
    limits: Limits
    counting: Counting
    token: str = ""
    hosts: frozenset[str] = field(default_factory=frozenset)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        begun, answer, body = time.perf_counter(), _Answer(send), _Body(receive)
        try:
            await self._answer(scope, body, answer)
        except _Refusal as refusal:
            await self._refuse(refusal, body, answer)
        except TimeoutError:
            await self._refuse(_Refusal(503, Message("serve.busy"), Message("serve.ask-later")), body, answer)
        except Exception as error:  # unforeseen; the application has answered with a sentence
            log.error("%s\n%s", type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        finally:
            if answer.status and scope["path"] not in OPEN_PATHS:
                self.counting.add(time.perf_counter() - begun, answer.status)

    async def _answer(self, scope: Scope, receive: "_Body", answer: "_Answer") -> None:
        headers = dict(scope["headers"])
        self._check_host(headers)
        if scope["path"] not in OPEN_PATHS:
            self._check_token(headers)
        body = await self._body(headers, receive)
        given = False

        async def again() -> MutableMapping[str, Any]:
            nonlocal given
            if given:
                return await receive()  # who has left is told by this
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        async with asyncio.timeout(self.limits.answer_seconds):
            await self.inner(scope, again, answer)

    async def _refuse(self, refusal: _Refusal, receive: "_Body", answer: "_Answer") -> None:
        """Say why, and read on for a moment before the connection is closed."""
        if answer.status:
            return
        body = error_body(refusal.sentence, refusal.suggestion)
        length = str(len(body)).encode()
        headers = [(b"content-type", b"application/json"), (b"content-length", length), (b"connection", b"close")]
        await answer({"type": "http.response.start", "status": refusal.status, "headers": [*headers, *refusal.headers]})
        await answer({"type": "http.response.body", "body": body, "more_body": True})
        size = 0
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.limits.linger_seconds):
                while not receive.ended and size < LINGER_BYTES:
                    size += len((await receive()).get("body", b""))
        await answer({"type": "http.response.body", "body": b"", "more_body": False})

    def _check_host(self, headers: dict[bytes, bytes]) -> None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        name = host if host.endswith("]") else host.rpartition(":")[0] or host
        if self.hosts and name not in self.hosts:
            raise _Refusal(421, Message("serve.other-host"), Message("serve.ask-address"))

    def _check_token(self, headers: dict[bytes, bytes]) -> None:
        """Compare in constant time, whatever the lengths."""
        if not self.token:
            return
        scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
        same = hmac.compare_digest(_digest(given.strip()), _digest(self.token.encode()))
        if not (same and scheme.lower() == b"bearer"):
            challenge = ((b"www-authenticate", b"Bearer"),)
            raise _Refusal(401, Message("serve.token-wrong"), Message("serve.give-token"), challenge)

    async def _body(self, headers: dict[bytes, bytes], receive: "_Body") -> bytes:
        said = headers.get(b"content-length", b"0")
        if not said.isdigit() or int(said[:19]) > self.limits.body:
            raise self._too_large()
        parts, size = [], 0
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                while True:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Refusal(400, Message("serve.too-slow"), "")
                    parts.append(message.get("body", b""))
                    size += len(parts[-1])
                    if size > self.limits.body:
                        raise self._too_large()
                    if not message.get("more_body"):
                        return b"".join(parts)
        except TimeoutError:
            raise _Refusal(408, Message("serve.too-slow"), Message("serve.send-at-once")) from None

    def _too_large(self) -> _Refusal:
        return _Refusal(413, Message("serve.too-large", most=self.limits.body), Message("serve.send-less"))


class _Body:
    """What is received; knows when nothing more will come."""

    def __init__(self, receive: Receive) -> None:
        self.ended = False
        self._receive = receive

    async def __call__(self) -> MutableMapping[str, Any]:
        message = await self._receive()
        self.ended = not message.get("more_body")
        return message


class _Answer:
    """Hands an answer on, and remembers its status, 0 before it began."""

    def __init__(self, send: Send) -> None:
        self.status = 0
        self._send = send

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self._send(message)


def _digest(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
