"""Throttled progress reporting of a stage."""

import time
from collections.abc import Callable

from recdesk.monitor.events import Emit, StageProgress

ReportShare = Callable[[float], None]
"""Called with the share done, 0..1, as often as the work likes."""
REPORT_SECONDS = 0.2


def ignore(_share: float) -> None:
    """Report nothing."""


def throttled(stage: str, emit: Emit) -> ReportShare:
    """Emit the share as `StageProgress`, at most every `REPORT_SECONDS`."""
    last = time.monotonic()

    def report(share: float) -> None:
        nonlocal last
        if time.monotonic() - last > REPORT_SECONDS:
            last = time.monotonic()
            emit(StageProgress(stage=stage, share=share))

    return report


def subrange(report: ReportShare, begin: float, end: float) -> ReportShare:
    """Map a part's share 0..1 to `begin`..`end` of the whole."""
    return lambda share: report(begin + share * (end - begin))
