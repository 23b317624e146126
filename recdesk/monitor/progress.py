"""How much of something long is done, said now and then."""

import time
from collections.abc import Callable

from recdesk.monitor.events import Emit, StageProgress

Told = Callable[[float], None]
"""Hears the share that is done, 0..1, as often as somebody likes to say it."""
TELL_SECONDS = 0.2


def nobody(_share: float) -> None:
    """Hears it and does nothing."""


def teller(stage: str, emit: Emit) -> Told:
    """Passes the share of a stage on as an event, not too often."""
    told = time.monotonic()

    def progress(share: float) -> None:
        nonlocal told
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            emit(StageProgress(stage=stage, share=share))

    return progress


def portion(told: Told, begin: float, end: float) -> Told:
    """For a part of the work that goes from one share of all of it to another."""
    return lambda share: told(begin + share * (end - begin))
