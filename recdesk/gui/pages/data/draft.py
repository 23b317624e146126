"""An import that is being prepared: the plan, and what its files look like under it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.data.columns.roles import ROLES, Guess, user_columns_of
from recdesk.data.plan import PARTS, Part, dialect_field, fields_of
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.files.dialect import Dialect
    from recdesk.data.plan import ImportPlan
    from recdesk.data.planning import Preview

__all__ = ["PARTS", "ImportDraft", "Part", "Place"]

Place = tuple[Path, str]
"""A file, and which one inside where that is a zip file."""
_CHOOSING = {"form", "member", "table"}
"""What of a dialect says which table of a file is read."""
_OF_FILES = (*PARTS, "name", *(name for part in PARTS for name in fields_of(part)))


@dataclass(frozen=True)
class _Look:
    """Files as they were seen.

    Attributes:
        plan: with the dialects that were found where a person said something about them.
        previews: of its files.
        files: that may be exchanged for each other.
    """

    plan: "ImportPlan"
    previews: "dict[Part, Preview]"
    files: list[Place]


class ImportDraft(QObject):
    """The plan of an import and previews of its files. All reading is done in jobs.

    Signals:
        changed: the plan or a preview changed.
        ready: files were chosen and all previews are there.

    Attributes:
        plan: what is to be done; None before files were chosen.
        previews: of the plan's files.
        files: what was dropped together; each part is one of them, or another one that was chosen.
    """

    changed = Signal()
    ready = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.plan: ImportPlan | None = None
        self.previews: dict[Part, Preview] = {}
        self.files: list[Place] = []
        self._clock: tuple[tuple[Preview, str, list[str]] | None, str] = (None, "")  # what was asked, and the answer
        self._known: dict[Part, dict[str, Any]] = {}
        self._sound: tuple[Any, dict[Part, dict[str, Any]]] = (None, {})  # plan and what was said, as last seen

    def open(self, paths: Sequence[Path]) -> None:
        """Propose a plan for these files and look into them."""

        def work(_context: JobContext) -> _Look:
            from recdesk.data.planning import files_in, propose

            plan = propose(list(paths))
            return _looked(plan, {}, {}, files_in(list(paths)))

        self._session.jobs.run(self.tr("Looking into the file"), work, self._opened, replaces="data.preview")

    def change(self, **values: Any) -> None:
        """Change values of the plan that need no new look at the files."""
        assert self.plan is not None
        self.plan = replace(self.plan, **values)
        self.changed.emit()

    def place(self, part: Part) -> Place | None:
        """The file of a part, and which one inside where that is a zip file; None where there is none."""
        path = getattr(self.plan, part, None)
        look = self.previews.get(part)
        return None if path is None else (path, look.dialect.member if look is not None else "")

    def set_file(self, part: Part, place: Place | None) -> None:
        """Use a file as interactions, items or users (None: none). What used it before gets the other's place."""
        from recdesk.data.planning import default_name

        assert self.plan is not None
        before, plan, known = self.place(part), self.plan, dict(self._known)
        given = {part: place}
        for other in PARTS:
            if other != part and place is not None and self.place(other) == place and (before or other != PARTS[0]):
                given[other] = before
        for one, where in given.items():
            anew: dict[str, Any] = {**fields_of(one), one: where[0] if where else None}
            plan = replace(plan, **anew)
            known[one] = {"member": where[1]} if where and where[1] else {}
        if plan.name == default_name(self.plan.interactions):
            plan = replace(plan, name=default_name(plan.interactions))
        new = [place] if place is not None and place not in self.files else []
        self._look_again(plan, known, [*self.files, *new])

    def set_dialect(self, part: Part, **given: Any) -> None:
        """Say something of how a file is written; the rest, and the roles, are guessed with this in mind."""
        assert self.plan is not None
        known = {key: value for key, value in self._known.get(part, {}).items() if key not in _overruled(given)}
        kept, which = ({}, {}) if given.keys() & _CHOOSING else self._several(part)
        plan = replace(self.plan, **{**fields_of(part), **kept})
        self._look_again(plan, {**self._known, part: {**which, **known, **given}}, self.files)

    def guess_again(self, part: Part) -> None:
        """Forget what a person said of how a file is written."""
        assert self.plan is not None
        member = self.previews[part].dialect.member
        kept, which = self._several(part)
        known = {**self._known, part: which | ({"member": member} if member else {})}
        self._look_again(replace(self.plan, **{**fields_of(part), **kept}), known, self.files)

    def _several(self, part: Part) -> tuple[dict[str, Any], dict[str, Any]]:
        """Where several files, sheets or tables are the log: what of the plan stays when they are read otherwise, and
        which of them is the first."""
        assert self.plan is not None
        if part != "interactions" or not self.plan.more:
            return {}, {}
        dialect = self.previews[part].dialect
        which = {name: value for name in ("member", "table") if (value := getattr(dialect, name))}
        return {"more": self.plan.more, "notes": self.plan.notes}, which

    def given(self, part: Part) -> bool:
        """A person said something of how this file is written."""
        return bool(self._known.get(part, {}).keys() - {"member"})

    def role_column(self, role: str) -> str:
        """The column that has a role; "" for none."""
        chosen = getattr(self.plan, role, None)
        if chosen is not None:
            return str(chosen)
        preview = self.previews.get("items" if role == "title" and self.has_items else "interactions")
        if preview is not None and role == "clock":
            return self._clock_of(preview)
        return preview.roles.get(role, "") if preview is not None else ""

    def _clock_of(self, preview: "Preview") -> str:
        """The times of day that go with whatever column is the time now; looked for once, as heads ask often."""
        others = [self.role_column(role) for role in self.single_roles("interactions") if role != "clock"]
        asked = (preview, self.role_column("time"), others)
        if self._clock[0] is None or self._clock[0][0] is not preview or self._clock[0][1:] != asked[1:]:
            self._clock = (asked, preview.time_columns(asked[1], None, others)[1])
        return self._clock[1]

    def set_role(self, role: str, column: str, **more: Any) -> None:
        """Give a role to a column ("" for none); a column has one role at most. `more` changes with it."""
        values: dict[str, Any] = {role: column, **more}
        part: Part = "items" if role == "title" and self.has_items else "interactions"
        for other in self.single_roles(part):
            if other != role and column and self.role_column(other) == column:
                values[other] = ""
        if role == "time" and column:
            values["clock"] = None  # others may belong to the new days
        self.change(**values)

    def user_columns(self) -> tuple[str, ...]:
        """Columns of the interactions that describe the user."""
        plan, look = self.plan, self.previews.get("interactions")
        if plan is None or look is None:
            return ()
        roles = {role: self.role_column(role) for role in self.single_roles("interactions")}
        if plan.user_columns is None:
            return user_columns_of(look.guesses, roles)
        return tuple(name for name in plan.user_columns if name not in roles.values())

    def users_features(self) -> tuple[str, ...]:
        """Columns of the users file that are kept."""
        plan, look = self.plan, self.previews.get("users")
        if plan is None or look is None:
            return ()
        return tuple(g.column for g in look.guesses if g.column != look.roles.get("user") and plan.keeps(g))

    def single_roles(self, part: Part) -> tuple[str, ...]:
        """Roles that one column of a file may have; without an items file the interactions may carry titles."""
        if part == "interactions":
            return tuple(role for role in ROLES if role != "title" or not self.has_items)
        return ("title",) if part == "items" else ()

    def guess(self, part: Part, column: str) -> Guess:
        """What a column was taken for."""
        return next((guess for guess in self.previews[part].guesses if guess.column == column), Guess(column))

    @property
    def has_items(self) -> bool:
        """There is an items file."""
        return self.plan is not None and self.plan.items is not None

    def missing(self) -> list[str]:
        """Roles that must be given before the import can start."""
        needed = ("user", "item", *(("time",) if self.role_column("clock") else ()))
        return [role for role in needed if not self.role_column(role)]

    def _opened(self, look: _Look) -> None:
        self._known, self._sound = {}, (look.plan, {})
        self.plan, self.previews, self.files = look.plan, look.previews, look.files
        self.changed.emit()
        self.ready.emit()

    def _look_again(self, plan: "ImportPlan", known: dict[Part, dict[str, Any]], files: list[Place]) -> None:
        """See the files as this plan reads them; what cannot be read leaves everything as it was."""
        old, previews, asked = self._sound, dict(self.previews), self._sound[1]
        self.plan, self._known = plan, known

        def work(_context: JobContext) -> _Look:
            same = {part: look for part, look in previews.items() if known.get(part, {}) == asked.get(part, {})}
            return _looked(plan, known, same, files)

        def seen(look: _Look) -> None:
            self._take(look.plan, ["more", *(dialect_field(part) for part in PARTS)])
            self._sound = (look.plan, known)
            self.previews, self.files = look.previews, look.files
            self.changed.emit()

        def failed(error: RecdeskError) -> None:
            self._take(old[0], _OF_FILES)
            self._known = old[1]
            self.changed.emit()
            self._session.fail(error)

        self._session.jobs.run(self.tr("Looking into the file"), work, seen, failed, replaces="data.preview")

    def _take(self, plan: "ImportPlan", names: Sequence[str]) -> None:
        """Take values from another plan; all others stay as they are now."""
        assert self.plan is not None
        self.plan = replace(self.plan, **{name: getattr(plan, name) for name in names})


def _overruled(given: dict[str, Any]) -> set[str]:
    """What was said of a dialect that has no meaning after this."""
    if given.keys() & {"form", "member"}:
        return {"separator", "quote", "escape", "header", "skip", "table"}
    return {"header", "skip"} if "table" in given else set()


def _looked(
    plan: "ImportPlan", known: dict[Part, dict[str, Any]], same: "dict[Part, Preview]", files: list[Place]
) -> _Look:
    """See every file of a plan; those in `same` that are still the plan's were seen already."""
    from recdesk.data.planning import preview, written_as

    previews: dict[Part, Preview] = {}
    for part in PARTS:
        path, said = getattr(plan, part), known.get(part, {})
        if path is None:
            continue
        dialect: Dialect | None = None if said else getattr(plan, dialect_field(part))
        look = same.get(part)
        if look is None or look.path != path:
            look = preview(path, dialect, **said)
        previews[part] = look
        if said:
            found: dict[str, Any] = {dialect_field(part): look.dialect}
            plan = replace(plan, **found)
            if part == "interactions" and plan.more:
                alike = {name: value for name, value in said.items() if name not in _CHOOSING}
                plan = replace(plan, more=written_as(plan, alike).more)
    return _Look(plan, previews, files)
