"""Failures a person can act on."""


class RecdeskError(Exception):
    """A failure said in plain words.

    Attributes:
        sentence: what went wrong, naming file, line, column and value where there are any.
        suggestion: what to do about it; may be empty.
        details: text for a report (a traceback, a library's own message); may be empty.
    """

    def __init__(self, sentence: str, suggestion: str = "", details: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.suggestion = suggestion
        self.details = details

    def __str__(self) -> str:
        return f"{self.sentence} {self.suggestion}".strip()


class UsageError(RecdeskError):
    """The request itself cannot be carried out as given (the command line exits with 2)."""


class DataError(RecdeskError):
    """A file or dataset cannot be used as it is."""


class StorageError(RecdeskError):
    """A disk or folder cannot be written just now; it may be again."""


class CancelledError(RecdeskError):
    """The person cancelled; nothing was changed."""

    def __init__(self, what: str = "The operation") -> None:
        super().__init__(f"{what} was cancelled; nothing was changed.")
