"""Roles of columns from the column's side: what each has, may have, and how sure that is."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QLocale, QObject

from recdesk.data.columns.numbers import DIGITS
from recdesk.data.columns.roles import TAKEN_FOR_GRANTED
from recdesk.gui.pages.data.draft import ImportDraft, Part

if TYPE_CHECKING:
    from recdesk.data.planning import ImportPlan

KEPT, LEVEL, ABOUT_USER = "feature", "level", "user_feature"
"""Roles that many columns may have: of items and users kept; kept, and written as words too; of the interactions one
that describes the user."""
_OF_FILE: dict[Part, tuple[str, str, str]] = {
    "items": ("item", "features", "levels"),
    "users": ("user", "user_features", "user_levels"),
}
"""The role of the ids of a file, and where the plan has its columns that are kept and those written as words."""


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
        if plan is None:
            return ""
        if part == "interactions":
            return ABOUT_USER if column in draft.user_columns() else ""
        key, _, levels = _OF_FILE[part]
        if draft.previews[part].roles.get(key) == column:
            return key
        return "" if not self._kept(part, column) else LEVEL if column in getattr(plan, levels) else KEPT

    def choices(self, part: Part, column: str) -> tuple[str, ...]:
        """Roles that can be given to a column; () where there is nothing to choose."""
        if part == "interactions":
            return (*self._draft.single_roles(part), ABOUT_USER, "")
        if self.role(part, column) == _OF_FILE[part][0]:
            return ()
        return (*self._draft.single_roles(part), KEPT, *([LEVEL] if self._numeric(part, column) else []), "")

    def set_role(self, part: Part, column: str, role: str) -> None:
        """Give a column a role; "" takes it away."""
        draft = self._draft
        if part != "interactions":
            self._set_of_file(part, column, role)
            return
        had, single = self.role(part, column), draft.single_roles(part)
        more: dict[str, Any] = {}
        if ABOUT_USER in (had, role, draft.guess(part, column).role):
            rest = tuple(name for name in draft.user_columns() if name != column)
            more["user_columns"] = (*rest, column) if role == ABOUT_USER else rest
        if role in single:
            draft.set_role(role, column, **more)
        elif had in single:
            draft.set_role(had, "", **more)
        else:
            draft.change(**more)

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
        if role == ABOUT_USER or (part == "users" and role in (KEPT, LEVEL)):
            told.append(self.tr("Shown beside recommendations; models do not learn from features of users."))
        if self.choices(part, column):
            told.append(self.tr("Click to say what the column holds"))
        return "\n".join(told)

    def _said(self, part: Part, column: str, role: str) -> bool:
        """A person gave this role."""
        plan = self._draft.plan
        if role in (KEPT, LEVEL) or part == "users" or plan is None:
            return role == LEVEL
        if role:
            return _told(plan, role)
        guess = self._draft.guess(part, column)
        return guess.confidence >= TAKEN_FOR_GRANTED and _told(plan, guess.role)

    def _set_of_file(self, part: Part, column: str, role: str) -> None:
        draft, plan = self._draft, self._draft.plan
        assert plan is not None
        key, features, levels = _OF_FILE[part]
        every = [name for name in draft.previews[part].columns if self.role(part, name) != key]
        kept = [name for name in every if (self._kept(part, name) and name != column) or (name == column and role)]
        words = [name for name in getattr(plan, levels) if name != column] + ([column] if role == LEVEL else [])
        usual = kept == every and not (part == "users" and plan.pseudonyms)
        values: dict[str, Any] = {features: None if usual else tuple(kept), levels: tuple(words)}
        draft.change(**values, **(self._title_now(column, role) if part == "items" else {}))

    def _title_now(self, column: str, role: str) -> dict[str, str]:
        """What changes of the title when a column of the items gets this role."""
        title = was = self._draft.role_column("title")
        if role == "title":
            title = column
        elif title == column:
            title = ""
        return {"title": title} if title != was else {}

    def _kept(self, part: Part, column: str) -> bool:
        """A column of the items or users is kept, whatever else it is."""
        plan = self._draft.plan
        if part == "users":
            return column in self._draft.users_features()
        return plan is None or plan.features is None or column in plan.features

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


def _told(plan: "ImportPlan", role: str) -> bool:
    """The plan says which columns of the interactions have a role."""
    return getattr(plan, "user_columns" if role == ABOUT_USER else role, None) is not None


def _percent(share: float) -> str:
    return QLocale().toString(round(100 * share))


def _all_numbers(texts: Sequence[str]) -> bool:
    return len(set(texts)) > 2 and all(re.fullmatch(DIGITS, text.strip()) for text in texts)
