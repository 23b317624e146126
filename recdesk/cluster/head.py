"""The job server of a Ray head, by its REST interface.

This side needs no Ray: its client takes its address from the environment before what it is given, and waits for ever.
https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
"""

import json
import os
import shlex
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message

SECONDS = 10.0
"""Until a request counts as unanswered."""
MOST_BYTES = 1 << 24
JobState = Literal["absent", "pending", "running", "ended"]
_STATES: dict[str, JobState] = {"PENDING": "pending", "RUNNING": "running"}
TOKEN, TOKEN_FILE = "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
"""Environment variables with the token of clusters that ask for one, or with the file that holds it; without them Ray's
own client, as this one, reads `~/.ray/auth_token`, which Ray writes when it first starts a cluster with a token."""


class SilentError(RecdeskError):
    """The head cannot be reached now; what it does meanwhile is not known."""


class Head:
    """The head of a cluster.

    Args:
        address: of its job server, with scheme and port.
        seconds: until a request counts as unanswered.
    """

    def __init__(self, address: str, seconds: float = SECONDS) -> None:
        self.address, self._seconds = address.rstrip("/"), seconds

    def version(self) -> tuple[str, str]:
        """Version of Ray, and the name of this session of the cluster, which another one gets when it starts anew.

        Raises:
            SilentError: it does not answer.
            UsageError: what answers is no Ray head, or wants another token.
        """
        status, body = self._ask("GET", "/api/version")
        if status in (401, 403):
            raise UsageError(Message("cluster.token-wrong", address=self.address), Message("cluster.give-token"))
        about = _object(body) if status == 200 else None
        if about is None or not isinstance(about.get("ray_version"), str):
            raise UsageError(Message("cluster.no-ray", address=self.address), Message("cluster.address-form"))
        return about["ray_version"], str(about.get("session_name", ""))

    def submit(self, submission: str, words: Sequence[str]) -> None:
        """Send a job. Sent again under the same id it changes nothing.

        Args:
            submission: its id.
            words: of its command.

        Raises:
            SilentError: no answer; the job may have arrived.
            RecdeskError: it was refused.
        """
        asked = {"entrypoint": shlex.join(words), "submission_id": submission}
        status, body = self._ask("POST", "/api/jobs/", asked)
        if status != 200 and self.state(submission) == "absent":
            raise RecdeskError(
                Message("cluster.job-refused", address=self.address, status=status),
                "",
                body[-2000:].decode(errors="replace"),
            )

    def state(self, submission: str) -> JobState:
        """Where a job stands; "absent" for one that the head does not know.

        Raises:
            SilentError: no answer.
        """
        status, body = self._ask("GET", f"/api/jobs/{submission}")
        if status == 404:
            return "absent"
        about = _object(body)
        if status != 200 or about is None:
            raise SilentError(Message("cluster.strange-answer", address=self.address, status=status))
        return _STATES.get(str(about.get("status")), "ended")

    def log(self, submission: str) -> str:
        """The end of what a job printed; "" where the head cannot tell."""
        try:
            status, body = self._ask("GET", f"/api/jobs/{submission}/logs")
        except SilentError:
            return ""
        about = _object(body) if status == 200 else None
        return str((about or {}).get("logs", ""))[-4000:]

    def stop(self, submission: str) -> None:
        """End a job, whatever it does.

        Raises:
            SilentError: no answer.
        """
        self._ask("POST", f"/api/jobs/{submission}/stop")

    def _ask(self, method: str, path: str, values: dict[str, Any] | None = None) -> tuple[int, bytes]:
        """Status and body of an answer."""
        headers = {"Content-Type": "application/json"}
        if token := _token():
            headers["Authorization"] = f"Bearer {token}"
        data = None if values is None else json.dumps(values).encode()
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=self._seconds) as answer:
                return answer.status, answer.read(MOST_BYTES)
        except urllib.error.HTTPError as error:
            with error:
                if error.code in (502, 503, 504):  # of a proxy before it
                    raise self._silent(error) from error
                return error.code, error.read(MOST_BYTES)
        except (OSError, ValueError) as error:  # refused, cut off, no such host, too late; no HTTP
            raise self._silent(error) from error
        except Exception as error:
            if type(error).__module__ == "http.client":  # cut off in the middle
                raise self._silent(error) from error
            raise

    def _silent(self, error: Exception) -> SilentError:
        reason = getattr(error, "reason", None) or error
        said = Message("cluster.head-silent", address=self.address)
        return SilentError(said, Message("cluster.check-address"), str(reason))


def _token() -> str:
    """The token to give; "" where there is none."""
    if token := os.environ.get(TOKEN, "").strip():
        return token
    try:
        path = Path(os.environ.get(TOKEN_FILE) or Path.home() / ".ray" / "auth_token")
        return path.read_text(encoding="ascii").strip()
    except (OSError, ValueError, RuntimeError):  # no such file, no text, no home
        return ""


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
