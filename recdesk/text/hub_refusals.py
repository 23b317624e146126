"""Errors of the hub and of the connection to it, as sentences."""

import contextlib
from collections.abc import Iterator
from typing import Any

from recdesk.core.errors import DataError, RecdeskError, UsageError

GO_ON = "Check the network, then try again: a download goes on where it stopped."


@contextlib.contextmanager
def asking(model_id: str, failure: str) -> Iterator[None]:
    """Say in a sentence what goes wrong between here and the hub; `failure` where the connection itself does."""
    from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

    try:
        yield
    except RecdeskError:
        raise
    except OfflineModeIsEnabled as error:
        raise UsageError("HF_HUB_OFFLINE forbids to ask the hub.", "Start without it to download.") from error
    except HfHubHTTPError as error:
        raise _refusal(model_id, error) from error
    except Exception as error:  # the libraries below have many names for a broken connection
        raise DataError(failure, f"{GO_ON} HF_ENDPOINT can name a mirror.", repr(error)) from error


def _refusal(model_id: str, error: Any) -> RecdeskError:
    from huggingface_hub.errors import GatedRepoError, RevisionNotFoundError

    status = error.response.status_code
    if isinstance(error, GatedRepoError):
        return gated(model_id)
    if isinstance(error, RevisionNotFoundError):
        return UsageError(f"“{model_id}” has no such revision.", "Leave it out to take the newest.", str(error))
    if status in (401, 404):
        suggestion = "Check how it is written; a private one must be downloaded elsewhere, and its folder chosen."
        return UsageError(f"There is no public model “{model_id}” on the hub.", suggestion, str(error))
    if status == 429:
        return DataError("The hub answers no more requests for now.", "Wait some minutes, then try again.", str(error))
    return DataError(f"The hub answered with the error {status}.", "Try again later.", str(error))


def gated(model_id: str) -> UsageError:
    """The error for a gated model."""
    suggestion = "Download it in a browser and choose its folder, or take another model."
    return UsageError(f"“{model_id}” is given only to people who agreed to its terms.", suggestion)
