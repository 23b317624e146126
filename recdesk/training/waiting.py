"""Writing that waits while the disk is full."""

from collections.abc import Callable
from typing import TypeVar

from recdesk.core.errors import StorageError
from recdesk.core.messages import Message
from recdesk.monitor.control import Control
from recdesk.monitor.events import Emit, StateChanged, Warned

RETRY_SECONDS = 2.0
"""Between attempts to write to a disk that is full or gone."""
Result = TypeVar("Result")


def written(write: Callable[[], Result], emit: Emit, control: Control) -> Result:
    """Call `write`; while the disk is full or gone, say so, wait and call it again.

    Args:
        write: may be called many times; raises StorageError when the disk refuses.
        emit: hears of the waiting.
        control: asked between attempts.

    Raises:
        StorageError: a stop was asked for meanwhile.
    """
    waiting = False
    while True:
        try:
            result = write()
            break
        except StorageError as error:
            if not waiting:
                words = Message("training.waits-for-disk", error=error.sentence)
                emit(Warned(sentence=words, urgent=True))
                emit(StateChanged(state="paused"))
            waiting = True
            if control.wait_for_stop(RETRY_SECONDS):
                raise
    if waiting:
        emit(StateChanged(state="running"))
    return result
