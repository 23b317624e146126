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
from typing import Any, Literal

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.core.messages import Message

SECONDS = 10.0
"""Until a request counts as unanswered."""
MOST_BYTES = 1 << 24
JobState = Literal["absent", "pending", "running", "ended"]
_STATES: dict[str, JobState] = {"PENDING": "pending", "RUNNING": "running"}
TOKEN = "RAY_AUTH_TOKEN"
"""Environment variable with the token of clusters that ask for one, as Ray's own client reads it."""


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
            UsageError: what answers is no Ray head.
        """
        status, body = self._ask("GET", "/api/version")
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
        if token := os.environ.get(TOKEN):
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


def _object(body: bytes) -> dict[str, Any] | None:
    try:
        values = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None
