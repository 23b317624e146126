"""A Ray cluster on this machine, small, and ended whatever happens."""

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from filelock import FileLock

ROOT = Path(__file__).resolve().parents[2]
CPUS = 2
STORE = 100_000_000
"""Bytes of Ray's object store, which runs do not use."""
MISSING = (
    "the tests start a head by POSIX's means" if sys.platform == "win32"
    else "" if importlib.util.find_spec("ray") else "needs Ray: pip install “recdesk[cluster]”"
)  # fmt: skip
"""Why there is no Ray here; "" if there is."""


@dataclass
class RayHere:
    """A cluster that runs.

    Attributes:
        address: of its job server.
        port: of that.
        folder: of its own files.
        process: that keeps it.
    """

    address: str
    port: int
    folder: Path
    process: subprocess.Popen[bytes]
    seen: dict[int, psutil.Process] = field(default_factory=dict)

    def processes(self) -> list[psutil.Process]:
        """Everything that belongs to it."""
        with contextlib.suppress(psutil.Error):
            for each in psutil.Process(self.process.pid).children(recursive=True):
                self.seen[each.pid] = each
        return [each for each in self.seen.values() if each.is_running()]

    def workers(self) -> list[psutil.Process]:
        """Processes that train a run."""
        return [each for each in self.processes() if _line(each).startswith("ray::train")]

    def drivers(self) -> list[psutil.Process]:
        """Processes of jobs that have workers train runs."""
        return [each for each in self.processes() if "cluster-work" in _line(each) and "-m recdesk" in _line(each)]

    def vanish(self) -> None:
        """Lose everything of it at once, as in a power cut: nothing there ends in an orderly way, or trains on."""
        found = [*self.processes(), psutil.Process(self.process.pid)]
        for end in (psutil.Process.suspend, psutil.Process.kill):
            for each in found:
                with contextlib.suppress(psutil.Error):
                    end(each)


def _line(process: psutil.Process) -> str:
    with contextlib.suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


@contextlib.contextmanager
def ray_here(port: int = 0) -> Iterator[RayHere]:
    """Start a head with `CPUS` CPUs, and end everything of it. Only one at a time, over all processes of the tests."""
    with FileLock(Path(tempfile.gettempdir()) / "recdesk-tests-ray.lock"):
        folder = Path(tempfile.mkdtemp(prefix="r", dir="/tmp"))  # the names of its sockets must be short
        found = _start(folder, port or free_port())
        try:
            _wait(found)
            yield found
        finally:
            _end(found)
            shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, port: int) -> RayHere:
    options = {
        "--port": 0, "--dashboard-host": "127.0.0.1", "--dashboard-port": port, "--node-ip-address": "127.0.0.1",
        "--num-cpus": CPUS, "--object-store-memory": STORE, "--temp-dir": folder, "--include-dashboard": "true",
    }  # fmt: skip
    words = [str(part) for pair in options.items() for part in pair]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAY_", "OMP_"))}
    there = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT),
        "RAY_USAGE_STATS_ENABLED": "0", "RAY_memory_monitor_refresh_ms": "0",
        "RAY_worker_niceness": "0", "RAY_AUTH_MODE": "disabled",
    }  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", "--block", "--disable-usage-stats", *words],
        env=kept | there, stdout=(folder / "said").open("wb"), stderr=subprocess.STDOUT, preexec_fn=_die_with_parent,
    )  # fmt: skip
    return RayHere(f"http://127.0.0.1:{port}", port, folder, process)


def _die_with_parent() -> None:
    """Have the system end a process when the tests are killed."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _wait(found: RayHere, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found.process.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{found.address}/api/jobs/", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.3)
    raise RuntimeError(f"Ray does not start: {(found.folder / 'said').read_text(errors='replace')[-3000:]}")


def _end(found: RayHere) -> None:
    found.processes()
    found.process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        found.process.wait(20)
    for each in found.processes():
        with contextlib.suppress(psutil.Error):
            each.kill()
    found.process.kill()
    found.process.wait()
    psutil.wait_procs(list(found.seen.values()), timeout=10)


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
