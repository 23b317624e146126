"""How many requests were answered, how fast: numbers alone, nothing of who asked or for what."""

import threading
import time
from collections import deque
from dataclasses import dataclass

import numpy as np

WINDOW_SECONDS = 10.0
"""Rates and latencies are of the last so many seconds."""
MOST_KEPT = 20_000


@dataclass(frozen=True)
class Statistics:
    """A moment of a server.

    Attributes:
        requests: answered since the start.
        refused: of these with a status from 400.
        per_second: requests a second lately.
        p50_ms, p99_ms: half and 99 % of the latest answers took at most so long, in milliseconds; 0 where none did.
    """

    requests: int = 0
    refused: int = 0
    per_second: float = 0.0
    p50_ms: float = 0.0
    p99_ms: float = 0.0


class Counting:
    """Counts answers. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest: deque[tuple[float, float]] = deque(maxlen=MOST_KEPT)
        self._requests = self._refused = 0
        self._begun = time.monotonic()

    def add(self, seconds: float, status: int) -> None:
        """Count an answer and how long it took."""
        with self._lock:
            self._requests += 1
            self._refused += status >= 400
            self._latest.append((time.monotonic(), seconds))

    def now(self) -> Statistics:
        """What was counted, as of now."""
        at = time.monotonic()
        with self._lock:
            while self._latest and self._latest[0][0] < at - WINDOW_SECONDS:
                self._latest.popleft()
            taken = np.array([seconds for _, seconds in self._latest])
            first = self._latest[0][0] if len(self._latest) == MOST_KEPT else at - WINDOW_SECONDS
            span = max(at - max(first, self._begun), 0.5)
            requests, refused = self._requests, self._refused
        if not len(taken):
            return Statistics(requests, refused)
        p50, p99 = (round(float(value) * 1000, 2) for value in np.percentile(taken, (50, 99)))
        return Statistics(requests, refused, round(len(taken) / span, 1), p50, p99)
