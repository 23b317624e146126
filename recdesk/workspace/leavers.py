"""People who left with an update: what is still kept of them, and runs that still know them."""

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from recdesk.data.store import describe
from recdesk.errors import RecdeskError
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
        return (
            f"{gone:,} people who are no longer in the data stay in the trash until it is emptied "
            "(Settings, or “recdesk trash --empty”)."
        )
    named = ", ".join(known[:MOST_NAMED]) + (", …" if len(known) > MOST_NAMED else "")
    return (
        f"{gone:,} people who are no longer in the data stay in the older version, from which these runs recommend: "
        f"{named}. To be rid of them delete the older versions (Settings, or “recdesk kept --remove versions”)."
    )


def left_since(workspace: Path, run: Run, user_ids: Iterable[str]) -> list[str]:
    """Those of the users of a run's dataset who are no longer in it since it was updated."""
    folder = workspace / "datasets" / run.dataset_name
    with contextlib.suppress(RecdeskError, OSError, pa.ArrowException):
        if describe(folder)["hash"] != run.dataset_hash:
            there = set(pq.read_table(folder / "users.parquet").column(0).to_pylist())
            return [user for user in user_ids if user not in there]
    return []


def about_leaver(run: Run, user_id: str) -> str:
    """That a run still knows somebody who left."""
    return (
        f"“{user_id}” is no longer in “{run.dataset_title}”: this run recommends from the older version of it, "
        "which it was trained on."
    )


def about_leavers(run: Run, count: int) -> str:
    """That a run still knows people who left."""
    return (
        f"{count:,} of these people are no longer in “{run.dataset_title}”: this run recommends from the older version "
        "of it, which it was trained on."
    )
