"""The history being worked with: a user's own, or one put together by hand; every edit can be undone."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal


class History(QObject):
    """Item codes in time order, oldest first.

    Signals:
        changed: another user, or an edit.

    Attributes:
        user: user code, -1 for a person who is not in the data.
        codes: the history as edited.
        original: the history as it is in the data.
        times: epoch seconds of `original`, or None.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.user = -1
        self.codes: list[int] = []
        self.original: list[int] = []
        self.times: list[int] | None = None
        self._when: list[int | None] = []
        self._undo: list[tuple[list[int], list[int | None]]] = []

    def show_user(self, user: int, codes: Sequence[int], times: Sequence[int] | None) -> None:
        """Work with a user's own history (-1 and nothing for a new person)."""
        self.user = user
        self.original = [int(code) for code in codes]
        self.times = None if times is None else [int(time) for time in times]
        self.codes = list(self.original)
        self._when = [None] * len(self.codes) if self.times is None else list(self.times)
        self._undo.clear()
        self.changed.emit()

    def clear(self) -> None:
        """Work with nobody's history, without a word: what it was made of is gone."""
        self.user, self.times = -1, None
        self.codes, self.original, self._when = [], [], []
        self._undo.clear()

    def remove(self, position: int) -> None:
        """Take an item out."""
        self._remember()
        del self.codes[position], self._when[position]
        self.changed.emit()

    def add(self, code: int) -> None:
        """Put an item at the end, as if it was taken now."""
        self._remember()
        self.codes.append(code)
        self._when.append(None)
        self.changed.emit()

    def undo(self) -> None:
        """Take the last edit back."""
        if self._undo:
            self.codes, self._when = self._undo.pop()
            self.changed.emit()

    def when(self, position: int) -> int | None:
        """Epoch seconds of an entry; None for one that was added by hand or has no time."""
        return self._when[position]

    @property
    def can_undo(self) -> bool:
        """There is an edit to take back."""
        return bool(self._undo)

    @property
    def edited(self) -> bool:
        """It differs from the data."""
        return self.codes != self.original

    def _remember(self) -> None:
        self._undo.append((list(self.codes), list(self._when)))
