"""Users that an update removed from a dataset: what is still stored about them."""

from collections.abc import Iterable
from typing import Any

from recdesk.core.messages import Message
from recdesk.workspace.runs import Run

MOST_NAMED = 5
"""Runs named in the sentence at most."""


def remaining_data(report: dict[str, Any], runs: Iterable[Run]) -> str:
    """A sentence on where users removed by an update are still stored and how to delete that; "" if none were removed.

    Args:
        report: import report of the newer dataset, with its "changes".
        runs: all runs of the workspace.
    """
    gone = int(report.get("changes", {}).get("gone_users", 0))
    if not gone:
        return ""
    known = [run.id for run in runs if run.dataset_hash == report.get("updates")]
    if not known:
        return Message("people.leavers-in-trash", count=gone)
    named = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return Message("people.leavers-in-version", count=gone, runs=named)
