"""People who left with an update: what is still kept of them."""

from collections.abc import Iterable
from typing import Any

from recdesk.core.messages import Message
from recdesk.workspace.runs import Run

MOST_NAMED = 5
"""Runs that a sentence names."""


def what_stays(report: dict[str, Any], runs: Iterable[Run]) -> str:
    """What an update does not delete of people who left, and how that is deleted; "" where nobody left.

    Args:
        report: of the newer dataset, as it was read.
        runs: of the workspace.
    """
    gone = int(report.get("changes", {}).get("gone_users", 0))
    if not gone:
        return ""
    known = [run.id for run in runs if run.dataset_hash == report.get("updates")]
    if not known:
        return Message("people.leavers-in-trash", count=gone)
    named = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return Message("people.leavers-in-version", count=gone, runs=named)
