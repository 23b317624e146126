"""Items by meaning, looked for off the GUI thread."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from recdesk.core.errors import RecdeskError
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel, Recommendation

FOUND = 50
_KEY = "recommend.meaning"


class Meaning:
    """Asks a model that reads texts for the items nearest in meaning to some words; a later question replaces one
    that is still open."""

    def __init__(self, session: Session, model: "LiveModel") -> None:
        self._session, self._model = session, model

    @property
    def takes_new_items(self) -> bool:
        """The model scores items by their texts, also new ones."""
        return self._model.takes_new_items

    def ask(
        self,
        words: str,
        done: "Callable[[list[Recommendation]], None]",
        failed: Callable[[RecdeskError], None],
    ) -> None:
        """Look for items; `done` or `failed` follows."""
        model, title = self._model, QCoreApplication.translate("Meaning", "Looking for items by meaning")
        self._session.jobs.run(
            title, lambda _context: model.search(words, FOUND), done, failed, visible=False, replaces=_KEY
        )

    def drop(self) -> None:
        """Nobody waits for an answer any more."""
        self._session.jobs.drop(_KEY)
