"""What an export is asked for and what came of it: values, without a model."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.data.histories import AnyHistory, History
from recdesk.recommend.export_forms import REASON, FileForm
from recdesk.recommend.rules import NO_RULES, Rules

WHAT = ("recommendations", "similar", "item-vectors", "user-vectors")
"""What can be exported of a run."""
BLOCK, BLOCK_WITH_REASONS = 4096, 64
"""People whose scores are computed together. The last bits of a person's scores may depend on whom they share a block
with, so an export that is cut into files is cut between blocks."""


_USUAL = FileForm()


@dataclass(frozen=True)
class Exported:
    """Summary of an export.

    Attributes:
        rows: number of recommendations.
        guarded_users, guarded_items: number of ids with an apostrophe put in front, so that no spreadsheet runs them.
        n: recommendations wanted for each person.
        short: people with fewer than that, but some.
        unserved: people without any.
        fallbacks: people who are not in the data and got the most popular items.
        guarded_ids: ids of the items that are guarded.
    """

    rows: int
    guarded_users: int = 0
    guarded_items: int = 0
    n: int = field(default=10, compare=False)
    short: int = 0
    unserved: int = 0
    fallbacks: int = 0
    guarded_ids: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def people_notes(self) -> list[str]:
        """Sentences on people who got fewer recommendations than wanted, none, or the most popular items."""
        notes: list[str] = []
        if self.short:
            notes.append(Message("export.short", count=self.short, n=self.n))
        if self.unserved:
            notes.append(Message("export.unserved", count=self.unserved))
        if self.fallbacks:
            notes.append(Message("export.fallbacks", count=self.fallbacks))
        return notes

    @property
    def note(self) -> str:
        """A sentence where ids were changed, else ""."""
        if not self.guarded_users + self.guarded_items:
            return ""
        return Message("export.formula-ids-guarded", users=self.guarded_users, items=self.guarded_items)


@dataclass(frozen=True)
class EditedPerson:
    """A person whose list is made after another history than the one in the data.

    Attributes:
        user: user code; below 0 for a person who is not in the data.
        user_id: what the file calls them.
        history: of the person, or item codes in time order.
        wish: see `LiveModel.top_n`.
    """

    user: int
    user_id: str
    history: AnyHistory
    wish: str = ""


@dataclass(frozen=True, eq=False)
class ExportOptions:
    """What is written, of any run; the arguments of `export_top_n` without a model, so that they can be sent elsewhere.

    Attributes:
        ending: of the file's name, which tells the form.
        users: int64 [n], codes in the order wanted; None for everybody.
        rules: as declared; each model binds them.
    """

    ending: str = ".csv"
    n: int = 10
    users: NDArray[np.int64] | None = None
    exclude_seen: bool = True
    form: FileForm = _USUAL
    allowed: NDArray[np.bool_] | None = None
    edited: Sequence[EditedPerson] = ()
    rules: Rules = NO_RULES
    strangers: Sequence[str] = ()
    as_of: int | None = None

    def described(self) -> dict[str, Any]:
        """All of it as JSON values by the names of the command's options, long lists by their SHA-256."""
        form = with_fallbacks(self.form, self.strangers)
        return {
            "top": self.n,
            "users": None if self.users is None else _digest(self.users.astype("<i8").tobytes()),
            "exclude_seen": self.exclude_seen,
            "columns": list(form.columns),
            "separator": form.separator,
            "bom": form.mark,
            "raw_ids": form.raw_ids,
            "filter": None if self.allowed is None else _digest(np.packbits(self.allowed).tobytes()),
            "edits": _digest(*map(_of_person, self.edited)) if self.edited else None,
            "rules": None if self.rules.empty else _digest(repr(asdict(replace(self.rules, name=""))).encode()),
            "fallback": _digest(*(user.encode() for user in self.strangers)) if self.strangers else None,
            "as_of": self.as_of,
        }


def _of_person(person: EditedPerson) -> bytes:
    history = History.of(person.history)
    times = b"" if history.times is None else history.times.astype("<i8").tobytes()
    return repr((person.user, person.user_id, person.wish, history.items.tolist(), times, history.asked)).encode()


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little") + part)
    return digest.hexdigest()


def with_fallbacks(form: FileForm, strangers: Sequence[str]) -> FileForm:
    """The form with the column of reasons, where there are people of whom nothing is known, which it says."""
    return form if REASON in form.columns or not strangers else replace(form, columns=(*form.columns, REASON))


def block_of(form: FileForm) -> int:
    """People of a block."""
    return BLOCK_WITH_REASONS if REASON in form.columns else BLOCK
