"""What this process may use of the machine."""

import math
import os
from pathlib import Path

import psutil

CGROUPS = Path("/sys/fs/cgroup")
MEMBERSHIP = Path("/proc/self/cgroup")


def usable_cpus() -> int:
    """Logical CPUs: no more than the process is bound to (`taskset`, a batch system) or its container is granted
    (cgroup quotas of version 1 and 2). At least 1."""
    granted = _granted(CGROUPS, MEMBERSHIP)
    return _bound() if granted is None else max(1, min(_bound(), math.ceil(granted)))


def usable_cores() -> int:
    """Threads that compute: as `usable_cpus`, and no more than there are physical cores."""
    usable = usable_cpus()
    return min(psutil.cpu_count(logical=False) or usable, usable)


def _bound() -> int:
    """Logical CPUs that the process may run on."""
    try:
        return len(psutil.Process().cpu_affinity()) or 1
    except (AttributeError, OSError, psutil.Error):  # macOS binds nobody
        return os.cpu_count() or 1


def _granted(root: Path, membership: Path) -> float | None:
    """CPUs' worth of time that control groups grant, the least of the process's own and those above it; None for no
    limit.

    Args:
        root: where cgroups are mounted.
        membership: `/proc/self/cgroup`: lines of id:controllers:path (man 7 cgroups).
    """
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    found: list[float] = []
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "-", "/")
        if controllers and "cpu" not in controllers.split(","):
            continue
        own = Path(path.lstrip("/"))
        bases = [root] if not controllers else [root / controllers, root / "cpu"]
        for group in (own, *own.parents):
            found += [quota for base in bases if (quota := _quota(base / group)) is not None]
    return min(found, default=None)


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
