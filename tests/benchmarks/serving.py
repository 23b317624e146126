"""A model that answers over HTTP: `python -m tests.benchmarks.serving [--items 54542] [--seconds 20]`.

`recdesk serve` runs in a process of its own, with a `bert-causal` of drawn weights that reads the last 200 items; the
clients are in this process, on the same machine. Said are the latency of one request after the other (p50, p99, in
milliseconds), requests a second with so many under way at once, answers other than 200, the server's memory, and how
often a promotion in the middle lost a request.
"""

import argparse
import json
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import psutil

from recdesk.data.dataset import Dataset
from recdesk.workspace.promotion import promote
from tests.serving.making import drawn_run, workspace_with

ROOT = Path(__file__).resolve().parents[2]
LENGTH, USERS = 200, 2000
HEAD = b"POST /v1/recommend HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "


def catalogue(n_items: int) -> Dataset:
    """People with histories of 200 items."""
    rng = np.random.default_rng(0)
    return Dataset(
        name="drawn",
        user_ids=pd.Index([f"user-{user}" for user in range(USERS)], dtype="str"),
        item_ids=pd.Index([f"item-{item}" for item in range(n_items)], dtype="str"),
        offsets=np.arange(USERS + 1, dtype=np.int64) * LENGTH,
        items=rng.integers(1, n_items + 1, USERS * LENGTH).astype(np.int32),
        item_features=pd.DataFrame({"title": [f"The item no. {item}" for item in range(n_items)]}, dtype="str"),
        title_column="title",
    )


def requests(n_items: int, count: int) -> list[bytes]:
    """Requests for ten items after a history of 200."""
    rng = np.random.default_rng(1)
    made = []
    for _ in range(count):
        history = [f"item-{item}" for item in rng.integers(0, n_items, LENGTH)]
        body = json.dumps({"history": history, "n": 10}).encode()
        made.append(HEAD + f"{len(body)}\r\n\r\n".encode() + body)
    return made


class Connection:
    """One that is kept open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._said = b""

    def answered(self) -> int:
        """Read once; the status when an answer is whole, else 0."""
        self._said += self.socket.recv(65536)
        head, found, body = self._said.partition(b"\r\n\r\n")
        if not found:
            return 0
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])
        if len(body) < length:
            return 0
        self._said = b""
        return int(head.split()[1])


def one_by_one(port: int, asked: list[bytes], count: int) -> tuple[np.ndarray, int]:
    """Milliseconds of each answer, and how many were no 200."""
    connection, taken, failed = Connection(port), [], 0
    for number in range(count):
        begun = time.perf_counter()
        connection.socket.sendall(asked[number % len(asked)])
        while not (status := connection.answered()):
            pass
        taken.append(1000 * (time.perf_counter() - begun))
        failed += status != 200
    return np.array(taken), failed


def at_once(port: int, asked: list[bytes], clients: int, seconds: float) -> tuple[float, np.ndarray, int]:
    """Requests a second with so many clients, milliseconds of each, and how many were no 200."""
    selector, begun, number, failed = selectors.DefaultSelector(), time.perf_counter(), 0, 0
    taken, sent = [], {}

    def send(connection: Connection) -> None:
        nonlocal number
        number += 1
        sent[connection] = time.perf_counter()
        connection.socket.sendall(asked[number % len(asked)])

    for connection in [Connection(port) for _ in range(clients)]:
        selector.register(connection.socket, selectors.EVENT_READ, connection)
        send(connection)
    while time.perf_counter() - begun < seconds:
        for key, _ in selector.select(1):
            if status := key.data.answered():
                taken.append(1000 * (time.perf_counter() - sent[key.data]))
                failed += status != 200
                send(key.data)
    return len(taken) / (time.perf_counter() - begun), np.array(taken), failed


HOSTILE = {
    "idle": b"",
    "slow head": b"POST /v1/rec",
    "slow body": HEAD + b"1000\r\n\r\n{",
    "huge body": HEAD + b"99999999999\r\n\r\n",
    "no JSON": HEAD + b"3\r\n\r\n{{{",
    "wrong types": HEAD + b"17\r\n\r\n" + b'{"history": true}',
    "no HTTP": b"\x16\x03\x01\x02\x00\r\n\r\n",
}


def hostile(port: int, asked: list[bytes], process: psutil.Process, connections: int = 1000) -> None:
    """What hostile clients get, with so many connections at once, while others ask."""
    kinds = [list(HOSTILE)[number % len(HOSTILE)] for number in range(connections)]
    before, open_ = process.memory_info().rss, []
    for kind in kinds:
        open_.append(socket.create_connection(("127.0.0.1", port), timeout=30))
        open_[-1].sendall(HOSTILE[kind])
    taken, failed = one_by_one(port, asked, 200)
    print(said(f"beside {connections:,} hostile connections", taken), f"failed {failed}", flush=True)
    statuses: dict[str, Counter[str]] = {kind: Counter() for kind in HOSTILE}
    for kind, connection in zip(kinds, open_, strict=True):
        with connection:
            statuses[kind][_status(connection)] += 1
    for kind, counts in statuses.items():
        print(f"  {kind}: {', '.join(f'{status} × {count}' for status, count in counts.most_common())}", flush=True)
    print(f"  memory grown by {(process.memory_info().rss - before) / 2**20:.1f} MB", flush=True)


def _status(connection: socket.socket) -> str:
    try:
        said = connection.recv(4096)
    except OSError:
        return "closed"
    return said.split()[1].decode() if said else "closed"


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    """`recdesk serve promoted`, its port and its process."""
    words = ["serve", "promoted", "--port", "0", "--json", "--workspace", str(folder)]
    with subprocess.Popen(
        [sys.executable, "-m", "recdesk", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as made:
        assert made.stdout is not None
        address = json.loads(made.stdout.readline())["address"]
        try:
            yield int(address.rpartition(":")[2]), psutil.Process(made.pid)
        finally:
            made.terminate()
            made.stdout.read()


def said(name: str, taken: np.ndarray) -> str:
    """Percentiles of latencies."""
    p50, p99 = np.percentile(taken, (50, 99))
    return f"{name}: p50 {p50:.2f} ms, p99 {p99:.2f} ms, least {taken.min():.2f} ms ({len(taken):,} requests)"


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=54_542)
    parser.add_argument("--hidden", type=int, default=128)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--alone", type=int, default=1000, help="requests one after the other")
    parser.add_argument("--clients", type=int, default=32, help="under way at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="with all clients")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        workspace = workspace_with(Path(folder) / "ws", catalogue(given.items))
        sizes = {"hidden": given.hidden, "layers": given.layers, "max_length": LENGTH}
        runs = [drawn_run(workspace, seed, "drawn", **sizes) for seed in range(2)]
        promote(runs[0])
        asked = requests(given.items, 200)
        with server(workspace.folder) as (port, process):
            print(f"{given.items:,} items, {given.hidden} wide, {given.layers} layers, history {LENGTH}", flush=True)
            one_by_one(port, asked, 50)
            taken, failed = one_by_one(port, asked, given.alone)
            print(said("one at a time", taken), f"failed {failed}", flush=True)
            at_once(port, asked, given.clients, 2)
            before, used = process.memory_info().rss, sum(process.cpu_times()[:2])
            rate, taken, failed = at_once(port, asked, given.clients, given.seconds)
            spent = 1000 * (sum(process.cpu_times()[:2]) - used) / len(taken)
            grown = (process.memory_info().rss - before) / 2**20
            print(
                f"{given.clients} at once: {rate:,.0f} requests/s;", said("", taken)[2:], f"failed {failed}", flush=True
            )
            print(f"processor time of the server: {spent:.2f} ms a request", flush=True)
            print(f"memory {before / 2**20:,.0f} MB, grown by {grown:.1f} MB", flush=True)
            hostile(port, asked, process)
            promote(runs[1])
            rate, taken, failed = at_once(port, asked, given.clients, 6)
            print(f"while another run is promoted: {rate:,.0f} requests/s, failed {failed}", flush=True)


if __name__ == "__main__":
    main()
