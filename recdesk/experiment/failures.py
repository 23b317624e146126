"""What an exception that ends a run means, as the event that tells it."""

import logging
import traceback

from recdesk.core.errors import RecdeskError, is_gpu_lost, is_out_of_memory
from recdesk.core.messages import Message
from recdesk.monitor.events import Failed


def as_event(error: Exception) -> Failed:
    """The event of a failure; one of an unknown kind keeps its traceback as details."""
    if isinstance(error, RecdeskError):
        return Failed(sentence=error.sentence, suggestion=error.suggestion, details=error.details)
    logging.getLogger(__name__).debug("unexpected", exc_info=error)
    details = "".join(traceback.format_exception(error))
    if is_out_of_memory(error):
        return Failed(
            sentence=Message("run.out-of-memory"),
            suggestion=Message("run.free-memory-resume"),
            details=details,
        )
    if is_gpu_lost(error):
        return Failed(
            sentence=Message("run.gpu-lost", reason=str(error).partition("\n")[0]),
            suggestion=Message("run.gpu-lost-advice"),
            details=details,
        )
    if isinstance(error, OSError):
        return Failed(
            sentence=Message("run.system-refused", reason=error.strerror or error),
            suggestion=Message("run.check-disk-resume"),
            details=details,
        )
    return Failed(
        sentence=Message("run.unexpected-error", error=error),
        suggestion=Message("run.resume-with-details"),
        details=details,
    )
