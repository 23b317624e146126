"""Edits of people's histories: at hand for the page, and stored with their dataset by jobs."""

import threading
from typing import Any

from PySide6.QtCore import QObject

from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session


class EditStore(QObject):
    """The edits of each dataset, as plain values (see `History.records`)."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._edits: dict[str, list[dict[str, Any]]] = {}
        self._storing = threading.Lock()
        session.datasets_changed.connect(self._forget)

    def of(self, dataset: str, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The edits of a dataset: those made since, else those that were read with it."""
        return self._edits.setdefault(dataset, stored)

    def store(self, dataset: str, edits: list[dict[str, Any]]) -> None:
        """Take the edits of a dataset, and write them; whatever order two writes end in, the last edits are stored."""
        self._edits[dataset] = edits
        workspace = self._session.workspace

        def work(_context: JobContext) -> None:
            with self._storing:
                workspace.save_edits(dataset, self._edits.get(dataset, []))

        if not self._session.read_only:
            self._session.jobs.run(self.tr("Storing edits"), work, visible=False)

    def _forget(self) -> None:
        """Read the edits again from the datasets that there are now."""
        if not self._session.read_only:
            self._edits.clear()
