"""Roles of columns from the column's side: what each has, may have, and how sure that is."""

import re
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from recdesk.data.numbers import DIGITS
from recdesk.data.roles import TAKEN_FOR_GRANTED
from recdesk.gui.pages.data.draft import ImportDraft, Part

KEPT, LEVEL = "feature", "level"
"""Roles of columns of the items that many may have: kept; kept, and written as words too."""


class ColumnRoles(QObject):
    """What the heads of the preview show and change.

    Args:
        draft: the import.
    """

    def __init__(self, draft: ImportDraft) -> None:
        super().__init__(draft)
        self._draft = draft

    def role(self, part: Part, column: str) -> str:
        """The role of a column; "" for none."""
        draft, plan = self._draft, self._draft.plan
        for role in draft.single_roles(part):
            if draft.role_column(role) == column:
                return role
        guessed = draft.previews[part].roles
        if part == "interactions" or plan is None:
            return ""
        if guessed.get("item" if part == "items" else "user") == column:
            return "item" if part == "items" else "user"
        if part == "users" or (plan.features is not None and column not in plan.features):
            return ""
        return LEVEL if column in plan.levels else KEPT

    def choices(self, part: Part, column: str) -> tuple[str, ...]:
        """Roles that can be given to a column; () where there is nothing to choose."""
        if part == "interactions":
            return (*self._draft.single_roles(part), "")
        if part == "users" or self.role(part, column) == "item":
            return ()
        return ("title", KEPT, *([LEVEL] if self._numeric(part, column) else []), "")

    def set_role(self, part: Part, column: str, role: str) -> None:
        """Give a column a role; "" takes it away."""
        draft = self._draft
        if part == "items":
            self._set_of_items(column, role)
        elif role:
            draft.set_role(role, column)
        elif had := self.role(part, column):
            draft.set_role(had, "")

    def hint(self, part: Part, column: str) -> str:
        """How sure a guessed role is, or what a column without one may be; "" where a person said it."""
        guess, role = self._draft.guess(part, column), self.role(part, column)
        if not guess.role or self._said(part, column, role):
            return ""
        if guess.role == role:
            return QCoreApplication.translate("Words", "{n} %").format(n=_percent(guess.confidence))
        if role or part != "interactions":
            return ""
        return self.tr("{role}?").format(role=role_titles()[guess.role])

    def explanation(self, part: Part, column: str) -> str:
        """The same as a sentence, with what a click does."""
        guess, role = self._draft.guess(part, column), self.role(part, column)
        told = [column]
        if guess.role and not self._said(part, column, role):
            reasons = {
                "name": self.tr("Guessed from the name: {role}, {n} % sure."),
                "values": self.tr("Guessed from the values: {role}, {n} % sure."),
                "place": self.tr("Guessed from the place: {role}, {n} % sure."),
            }
            if guess.role == role or (part == "interactions" and not role):
                words = reasons[guess.reason]
                told.append(words.format(role=role_titles()[guess.role], n=_percent(guess.confidence)))
        if part == "users":
            told.append(self.tr("Models do not learn from features of users yet; the file is left out."))
        elif self.choices(part, column):
            told.append(self.tr("Click to say what the column holds"))
        return "\n".join(told)

    def _said(self, part: Part, column: str, role: str) -> bool:
        """A person gave this role."""
        plan = self._draft.plan
        if role in (KEPT, LEVEL) or part == "users" or plan is None:
            return role == LEVEL
        if role:
            return getattr(plan, role, None) is not None
        guess = self._draft.guess(part, column)
        return guess.confidence >= TAKEN_FOR_GRANTED and getattr(plan, guess.role, None) is not None

    def _set_of_items(self, column: str, role: str) -> None:
        draft, plan = self._draft, self._draft.plan
        assert plan is not None
        every = [name for name in draft.previews["items"].columns if self.role("items", name) != "item"]
        kept = [name for name in every if plan.features is None or name in plan.features]
        kept = [name for name in every if (name in kept and name != column) or (name == column and role)]
        levels = [name for name in plan.levels if name != column] + ([column] if role == LEVEL else [])
        title = draft.role_column("title")
        if role == "title":
            title = column
        elif title == column:
            title = ""
        values: dict[str, Any] = {"features": None if kept == every else tuple(kept), "levels": tuple(levels)}
        if title != draft.role_column("title"):
            values["title"] = title
        draft.change(**values)

    def _numeric(self, part: Part, column: str) -> bool:
        look = self._draft.previews[part]
        at = look.columns.index(column)
        return _all_numbers([row[at] for row in look.rows if row[at].strip()])


def role_titles() -> dict[str, str]:
    """What the person calls the roles; "" is no role."""
    translate = QCoreApplication.translate
    return {
        "user": translate("Roles", "User"),
        "item": translate("Roles", "Item"),
        "rating": translate("Roles", "Rating"),
        "time": translate("Roles", "Time"),
        "clock": translate("Roles", "Time of day"),
        "event": translate("Roles", "Event type"),
        "title": translate("Roles", "Title"),
        "user_feature": translate("Roles", "User feature"),
        "item_feature": translate("Roles", "Item feature"),
        KEPT: translate("Roles", "Feature"),
        LEVEL: translate("Roles", "Feature, also in words"),
        "": "–",
    }


def _percent(share: float) -> str:
    return QLocale().toString(round(100 * share))


def _all_numbers(texts: Sequence[str]) -> bool:
    return len(set(texts)) > 2 and all(re.fullmatch(DIGITS, text.strip()) for text in texts)
