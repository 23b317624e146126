"""An import that is being prepared: the plan, and what its files look like under it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal

from recdesk.data.roles import ROLES
from recdesk.errors import RecdeskError
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.importing import Dialect, ImportPlan, Preview

Part = Literal["interactions", "items"]


class ImportDraft(QObject):
    """The plan of an import and previews of its files. All reading is done in jobs.

    Signals:
        changed: the plan or a preview changed.
        ready: files were chosen and both previews are there.
    """

    changed = Signal()
    ready = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.plan: ImportPlan | None = None
        self.previews: dict[Part, Preview] = {}

    def open(self, paths: Sequence[Path]) -> None:
        """Propose a plan for these files and look into them."""

        def work(_context: JobContext) -> "tuple[ImportPlan, dict[Part, Preview]]":
            from recdesk.data.importing import propose

            plan = propose(list(paths))
            return plan, _previews(plan)

        self._session.jobs.run(self.tr("Looking into the file"), work, self._opened, replaces="data.preview")

    def change(self, **values: Any) -> None:
        """Change values of the plan; a change of file or dialect looks into the files again."""
        assert self.plan is not None
        before, self.plan = self.plan, replace(self.plan, **values)
        if values.keys() & {"items", "dialect", "items_dialect"}:
            self._look_again(before)
        else:
            self.changed.emit()

    def set_dialect(self, part: Part, dialect: "Dialect | None") -> None:
        """Read a file another way (None guesses again); roles go back to what is guessed then."""
        if part == "items":
            self.change(items_dialect=dialect, title=None)
        else:
            self.change(dialect=dialect, user=None, item=None, rating=None, time=None, event=None)

    def role_column(self, role: str) -> str:
        """The column that has a role; "" for none."""
        chosen = getattr(self.plan, role, None)
        if chosen is not None:
            return str(chosen)
        preview = self.previews.get("items" if role == "title" and self.has_items else "interactions")
        return preview.roles.get(role, "") if preview is not None else ""

    def set_role(self, role: str, column: str) -> None:
        """Give a role to a column ("" for none); a column has one role at most."""
        values = {role: column}
        part: Part = "items" if role == "title" and self.has_items else "interactions"
        for other in self.roles_of(part):
            if other != role and column and self.role_column(other) == column:
                values[other] = ""
        self.change(**values)

    def set_column_role(self, part: Part, column: str, role: str) -> None:
        """The same from the column's side; "" takes its role away."""
        if role:
            self.set_role(role, column)
            return
        for known in self.roles_of(part):
            if self.role_column(known) == column:
                self.set_role(known, "")

    def column_role(self, part: Part, column: str) -> str:
        """The role of a column; "" for none."""
        if part == "items":
            if self.role_column("title") == column:
                return "title"
            return "item" if self.previews["items"].roles.get("item") == column else ""
        return next((role for role in self.roles_of(part) if self.role_column(role) == column), "")

    def roles_of(self, part: Part) -> tuple[str, ...]:
        """Roles that columns of a file may have; without an items file the interactions may carry titles."""
        if part == "items":
            return ("title",)
        return tuple(role for role in ROLES if role != "title" or not self.has_items)

    @property
    def has_items(self) -> bool:
        """There is an items file."""
        return self.plan is not None and self.plan.items is not None

    def missing(self) -> list[str]:
        """Roles that must be given before the import can start."""
        return [role for role in ("user", "item") if not self.role_column(role)]

    def _opened(self, opened: "tuple[ImportPlan, dict[Part, Preview]]") -> None:
        self.plan, self.previews = opened
        self.changed.emit()
        self.ready.emit()

    def _look_again(self, before: "ImportPlan") -> None:
        """See the files as they are read now; what cannot be read leaves everything as it was before."""
        plan = self.plan
        assert plan is not None

        def failed(error: RecdeskError) -> None:
            self.plan = before
            self.changed.emit()
            self._session.fail(error)

        self._session.jobs.run(
            self.tr("Looking into the file"),
            lambda _context: _previews(plan),
            self._looked,
            failed,
            replaces="data.preview",
        )

    def _looked(self, previews: "dict[Part, Preview]") -> None:
        self.previews = previews
        self.changed.emit()


def role_titles() -> dict[str, str]:
    """What the person calls the roles; "" is no role."""
    translate = QCoreApplication.translate
    return {
        "user": translate("Roles", "User"),
        "item": translate("Roles", "Item"),
        "rating": translate("Roles", "Rating"),
        "time": translate("Roles", "Time"),
        "event": translate("Roles", "Event type"),
        "title": translate("Roles", "Title"),
        "": "–",
    }


def _previews(plan: "ImportPlan") -> "dict[Part, Preview]":
    from recdesk.data.importing import preview

    previews: dict[Part, Preview] = {"interactions": preview(plan.interactions, plan.dialect)}
    if plan.items is not None:
        previews["items"] = preview(plan.items, plan.items_dialect)
    return previews
