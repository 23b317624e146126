"""Carries out cases whose numbers come in on standard input; an object a case goes out."""

import contextlib
import json
import os
import random
import resource
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any, Protocol

FORMS = ("csv", "json", "jsonl", "xlsx", "parquet", "sqlite", "duckdb", "zip", "gzip")
OF_WORKSPACES = ("commands", "own-files")
KINDS = (*FORMS, *OF_WORKSPACES)


class Kind(Protocol):
    """What can be tried in many cases."""

    def case(self, rng: random.Random) -> str:
        """What became of it; raises where it went wrong."""


def kind_of(name: str, scratch: Path, template: Path) -> Kind:
    """Set up one kind of case."""
    if name == "commands":
        from tests.fuzz.commands import Commands

        return Commands(scratch, template)
    if name == "own-files":
        from tests.fuzz.own_files import OwnFiles

        return OwnFiles(scratch, template)
    from tests.fuzz.tables import Tables

    return Tables(name, scratch)


def carried_out(kind: Kind, name: str, seed: int, number: int) -> dict[str, Any]:
    """A case: what became of it, its time in seconds and its peak of memory in bytes."""
    _forget_peak()
    begun, verdict = time.perf_counter(), {"number": number, "outcome": "fault", "fault": ""}
    try:
        verdict["outcome"] = kind.case(random.Random(f"{seed} {name} {number}"))
    except Exception as error:
        verdict["fault"] = f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-6)}"
    return verdict | {"seconds": time.perf_counter() - begun, "bytes": _peak()}


def _forget_peak() -> None:
    with contextlib.suppress(OSError):  # elsewhere the peak is of all cases so far
        Path("/proc/self/clear_refs").write_text("5")


def _peak() -> int:
    """Of this process, or of the largest child so far."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    try:
        status = Path("/proc/self/status").read_text()
        own = int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError):
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return max(own, children)


def main() -> None:
    """Until standard input ends."""
    name, seed, template = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the program prints is not an answer
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        kind = kind_of(name, Path(scratch), template)
        print(json.dumps({"ready": True}), file=answers, flush=True)
        for line in sys.stdin:
            print(json.dumps(carried_out(kind, name, seed, int(line))), file=answers, flush=True)


if __name__ == "__main__":
    main()
