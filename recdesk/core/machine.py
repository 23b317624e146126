"""CPUs and memory that this process may use, and how urgently."""

import contextlib
import ctypes
import math
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
MEMORY_FILES = (("memory.max", "memory.current", "inactive_file"),
                ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))  # fmt: skip
"""For cgroups of version 2 and 1: files with limit and usage in bytes, and the field of memory.stat with what of the
usage can be reclaimed."""

HEAPS_BESIDE = 2
"""Heaps beyond one for each CPU: one for the main thread, one so that two threads seldom wait for each other."""
_M_ARENA_MAX = -8
"""Of glibc's `malloc.h`."""
LOWER = 10
"""Nice values by which `lower_priority` goes down: a tenth of the share of a thread beside it."""


def usable_cpus() -> int:
    """Number of logical CPUs within the affinity of the process (`taskset`, a batch system) and the quota of its
    container (cgroups of version 1 and 2); at least 1."""
    quota = _cpu_quota()
    return _affinity() if quota is None else max(1, min(_affinity(), math.ceil(quota)))


def usable_cores() -> int:
    """Number of threads to compute with: `usable_cpus`, at most the number of physical cores."""
    usable = usable_cpus()
    return min(psutil.cpu_count(logical=False) or usable, usable)


def available_memory() -> int:
    """Bytes available without swapping, in the machine or in the container, whichever has less."""
    left = [left for folder in _groups("memory") if (left := _left(folder)) is not None]
    return min([psutil.virtual_memory().available, *left])


def resident_memory() -> int:
    """Bytes of memory that this process holds."""
    return int(psutil.Process().memory_info().rss)


def lower_priority() -> None:
    """Let the calling thread, and the threads that it starts from now on, wait where others want a core: a window stays
    fluid while all cores train. On Linux alone, where each thread has a nice value of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):  # such as a sandbox that does not allow it
            thread = threading.get_native_id()
            os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + LOWER)


def share_heaps() -> None:
    """Have glibc use one heap for several threads instead of eight for each CPU; to be called before there are threads.
    Each keeps the most that it ever held, once `devices` has told glibc to keep freed memory: 16 of them kept .3 GB in
    ten minutes of random clicks, with .26 GB in use. What the person has set for the process holds."""
    chosen = "MALLOC_ARENA_MAX" in os.environ or "arena_max" in os.environ.get("GLIBC_TUNABLES", "")
    if sys.platform == "linux" and not chosen:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, usable_cpus() + HEAPS_BESIDE)


def _affinity() -> int:
    """Number of logical CPUs in the affinity of the process."""
    try:
        return len(psutil.Process().cpu_affinity()) or 1
    except (AttributeError, OSError, psutil.Error):  # macOS has no affinity
        return os.cpu_count() or 1


def _cpu_quota() -> float | None:
    """The smallest CPU quota of the control groups, in CPUs; None for no limit."""
    return min((quota for folder in _groups("cpu") if (quota := _quota(folder)) is not None), default=None)


def _groups(controller: str) -> Iterator[Path]:
    """Folders of the control groups of this process and their parents for a controller, whether or not they exist. The
    mounted root is among them: in a container it is often the process's own group, whatever path /proc/self/cgroup
    gives (man 7 cgroups)."""
    yield CGROUPS
    yield CGROUPS / controller
    try:
        lines = MEMBERSHIP.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "-", "/")
        if controllers and controller not in controllers.split(","):
            continue
        own = Path(path.lstrip("/"))
        for base in [CGROUPS] if not controllers else [CGROUPS / controllers, CGROUPS / controller]:
            yield from (base / group for group in (own, *own.parents))


def _left(folder: Path) -> int | None:
    """Bytes that a control group may still allocate; None for no limit."""
    for limit, used, reclaimable in MEMORY_FILES:
        try:
            most = int((folder / limit).read_text(encoding="utf-8"))
            taken = int((folder / used).read_text(encoding="utf-8"))
            lines = (folder / "memory.stat").read_text(encoding="utf-8").splitlines()
            facts = dict(line.split(maxsplit=1) for line in lines)
            return max(most - taken + int(facts.get(reclaimable, 0)), 0)
        except (OSError, ValueError):  # files of the other version, or “max”
            continue
    return None


def _quota(folder: Path) -> float | None:
    """CPU quota of one control group, in CPUs: `cpu.max` (version 2) or `cpu.cfs_quota_us` (version 1); None for no
    limit."""
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text(encoding="utf-8")
            period = (folder / "cpu.cfs_period_us").read_text(encoding="utf-8")
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):  # "max" among others
        return None
