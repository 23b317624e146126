"""How much memory there is, of the machine and of the container that the program runs in."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import psutil

_ROOT = Path("/sys/fs/cgroup")
_SECOND = ("memory.max", "memory.current", "inactive_file")
_FIRST = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")


def available_memory() -> int:
    """Bytes that can still be had without swapping: what the machine has, or the container where that has less."""
    return min([psutil.virtual_memory().available, *_left_in_groups()])


def _left_in_groups() -> Iterator[int]:
    """Bytes left of each limit of a control group (Linux, version 2 or 1) that this process stands under."""
    for folder, (limit, usage, reclaimable) in _groups():
        try:
            most = (folder / limit).read_text().strip()
            if most == "max":
                continue
            used = int((folder / usage).read_text())
            facts = dict(line.split(maxsplit=1) for line in (folder / "memory.stat").read_text().splitlines())
            yield max(int(most) - used + int(facts.get(reclaimable, 0)), 0)
        except (OSError, ValueError):
            continue


def _groups() -> Iterator[tuple[Path, tuple[str, str, str]]]:
    yield _ROOT, _SECOND
    yield _ROOT / "memory", _FIRST
    try:
        lines = Path("/proc/self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers not in ("", "memory"):
            continue
        root, names = (_ROOT, _SECOND) if not controllers else (_ROOT / "memory", _FIRST)
        inside = PurePosixPath(path.lstrip("/"))
        for part in (inside, *inside.parents)[:-1]:  # the roots have been looked at
            yield root / part, names
