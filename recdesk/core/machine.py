"""What this process may use of the machine."""

import math
import os
from collections.abc import Iterator
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")
MEMORY_FILES = (("memory.max", "memory.current", "inactive_file"),
                ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))  # fmt: skip
"""Of a control group of version 2 and 1: its limit, what is used, and in memory.stat what of that can be given back."""


def usable_cpus() -> int:
    """Logical CPUs: no more than the process is bound to (`taskset`, a batch system) or its container is granted
    (cgroup quotas of version 1 and 2). At least 1."""
    granted = _granted()
    return _bound() if granted is None else max(1, min(_bound(), math.ceil(granted)))


def usable_cores() -> int:
    """Threads that compute: as `usable_cpus`, and no more than there are physical cores."""
    usable = usable_cpus()
    return min(psutil.cpu_count(logical=False) or usable, usable)


def available_memory() -> int:
    """Bytes that can still be had without swapping: what the machine has, or the container where that has less."""
    left = [left for folder in _groups("memory") if (left := _left(folder)) is not None]
    return min([psutil.virtual_memory().available, *left])


def _bound() -> int:
    """Logical CPUs that the process may run on."""
    try:
        return len(psutil.Process().cpu_affinity()) or 1
    except (AttributeError, OSError, psutil.Error):  # macOS binds nobody
        return os.cpu_count() or 1


def _granted() -> float | None:
    """CPUs' worth of time that control groups grant, the least of all; None for no limit."""
    return min((quota for folder in _groups("cpu") if (quota := _quota(folder)) is not None), default=None)


def _groups(controller: str) -> Iterator[Path]:
    """Folders of the control groups that this process is in and of those above them, where they limit this. In a
    container the mounted root is often its own group, whatever the process is told of its place (man 7 cgroups)."""
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
    """Bytes that a control group may still take; None for no limit."""
    for limit, used, reclaimable in MEMORY_FILES:
        try:
            most = int((folder / limit).read_text(encoding="utf-8"))
            taken = int((folder / used).read_text(encoding="utf-8"))
            lines = (folder / "memory.stat").read_text(encoding="utf-8").splitlines()
            facts = dict(line.split(maxsplit=1) for line in lines)
            return max(most - taken + int(facts.get(reclaimable, 0)), 0)
        except (OSError, ValueError):  # of the other version, or “max”
            continue
    return None


def _quota(folder: Path) -> float | None:
    """Of one control group: `cpu.max` (version 2) or `cpu.cfs_quota_us` (version 1); None for no limit."""
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text(encoding="utf-8").split()
        else:
            quota = (folder / "cpu.cfs_quota_us").read_text(encoding="utf-8")
            period = (folder / "cpu.cfs_period_us").read_text(encoding="utf-8")
        return int(quota) / int(period) if int(quota) > 0 else None
    except (OSError, ValueError, ZeroDivisionError):  # "max" among others
        return None
