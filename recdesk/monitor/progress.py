"""Throttled progress reporting of a stage."""

import time

from recdesk.core.task import Report
from recdesk.monitor.events import Emit, StageProgress

REPORT_SECONDS = 0.2


def throttled(stage: str, emit: Emit) -> Report:
    """Emit the share as `StageProgress`, at most every `REPORT_SECONDS`."""
    last = time.monotonic()

    def report(share: float, _text: str) -> None:
        nonlocal last
        if time.monotonic() - last > REPORT_SECONDS:
            last = time.monotonic()
            emit(StageProgress(stage=stage, share=share))

    return report
