"""Errors of the hub and of the connection to it, as sentences."""

import contextlib
from collections.abc import Iterator
from typing import Any

from recdesk.core.errors import DataError, RecdeskError, UsageError
from recdesk.core.messages import Message

GO_ON = Message("hub.check-network")


@contextlib.contextmanager
def asking(model_id: str, failure: str) -> Iterator[None]:
    """Say in a sentence what goes wrong between here and the hub; `failure` where the connection itself does."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except RecdeskError:
        raise
    except OfflineModeIsEnabled as error:
        raise UsageError(Message("hub.offline-set"), Message("hub.start-without-offline")) from error
    except HfHubHTTPError as error:
        raise _refusal(model_id, error) from error
    except Exception as error:  # the libraries below have many names for a broken connection
        raise DataError(failure, Message("hub.check-network-or-mirror"), repr(error)) from error


def _refusal(model_id: str, error: Any) -> RecdeskError:
    from huggingface_hub.errors import GatedRepoError, RevisionNotFoundError

    status = error.response.status_code
    if isinstance(error, GatedRepoError):
        return gated(model_id)
    if isinstance(error, RevisionNotFoundError):
        return UsageError(Message("hub.no-revision", name=model_id), Message("hub.leave-out-revision"), str(error))
    if status in (401, 404):
        suggestion = Message("hub.check-name-or-private")
        return UsageError(Message("hub.no-public-model", name=model_id), suggestion, str(error))
    if status == 429:
        return DataError(Message("hub.too-many-requests"), Message("hub.wait-minutes"), str(error))
    return DataError(Message("hub.error-status", status=status), Message("hub.try-later"), str(error))


def gated(model_id: str) -> UsageError:
    """The error for a gated model."""
    suggestion = Message("hub.download-in-browser")
    return UsageError(Message("hub.terms-required", name=model_id), suggestion)


def silence() -> None:
    """No report of what this machine runs, and no warnings on the terminal (such as to log in)."""
    from huggingface_hub import constants
    from huggingface_hub.utils import logging

    constants.HF_HUB_DISABLE_TELEMETRY = True  # the environment variable is read only at the library's first import
    logging.set_verbosity_error()
