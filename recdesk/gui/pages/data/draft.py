"""An import under preparation: the plan, and previews of its files as the plan reads them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from recdesk.core.errors import RecdeskError
from recdesk.data.columns.roles import ROLES, Guess, user_columns_of
from recdesk.data.files.dialect import JOINED
from recdesk.data.plan import PARTS, Part, dialect_field, fields_of
from recdesk.gui.jobs import JobContext
from recdesk.gui.session import Session

if TYPE_CHECKING:
    from recdesk.data.columns.guess import Doubt
    from recdesk.data.files.dialect import Dialect
    from recdesk.data.plan import ImportPlan
    from recdesk.data.planning import Preview

__all__ = ["PARTS", "ImportDraft", "Part", "SourceFile"]

SourceFile = tuple[Path, str]
"""A path, and the member of a zip file or ""."""
_CHOOSING = {"form", "member", "table"}
"""Values of a dialect that say which table of a file is read."""
_OF_FILES = (*PARTS, "name", *(name for part in PARTS for name in fields_of(part)))


@dataclass(frozen=True)
class _Previews:
    """Result of a job that reads the first rows of a plan's files.

    Attributes:
        plan: the plan; where the user set a part of a dialect, with the dialect found.
        previews: of its files.
        files: the choices of file for each part.
    """

    plan: "ImportPlan"
    previews: "dict[Part, Preview]"
    files: list[SourceFile]


class ImportDraft(QObject):
    """The plan of an import and previews of its files. All reading is done in jobs.

    Signals:
        changed: the plan or a preview changed.
        ready: files were chosen and all previews are there.

    Attributes:
        plan: the import plan; None before files were chosen.
        previews: of the plan's files.
        files: the choices of file for each part: those opened together, and those chosen later.
    """

    changed = Signal()
    ready = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.plan: ImportPlan | None = None
        self.previews: dict[Part, Preview] = {}
        self.files: list[SourceFile] = []
        self._clock: tuple[tuple[Preview, str, list[str]] | None, str] = (None, "")  # cache of `_clock_of`
        self._known: dict[Part, dict[str, Any]] = {}
        self._last_read: tuple[Any, dict[Part, dict[str, Any]]] = (None, {})  # plan and `_known` of the previews

    def open(self, paths: Sequence[Path]) -> None:
        """Propose a plan for these files and preview them."""

        def work(_context: JobContext) -> _Previews:
            from recdesk.data.planning import files_in, propose

            plan = propose(list(paths))
            return _read_previews(plan, {}, {}, files_in(list(paths)))

        self._session.jobs.run(
            self.tr("Looking into the file"), work, self._opened, replaces="data.preview", reads=True
        )

    def change(self, **values: Any) -> None:
        """Change values of the plan that do not change the previews."""
        assert self.plan is not None
        self.plan = replace(self.plan, **values)
        self.changed.emit()

    def file(self, part: Part) -> SourceFile | None:
        """The file of a part; None for none."""
        path = getattr(self.plan, part, None)
        preview = self.previews.get(part)
        return None if path is None else (path, preview.dialect.member if preview is not None else "")

    def set_file(self, part: Part, file: SourceFile | None) -> None:
        """Use a file as interactions, items or users; None for none. A part that used the file so far gets the one that
        `part` had."""
        from recdesk.data.planning import default_name

        assert self.plan is not None
        before, plan, known = self.file(part), self.plan, dict(self._known)
        changed = {part: file}
        for other in PARTS:
            if other != part and file is not None and self.file(other) == file and (before or other != PARTS[0]):
                changed[other] = before
        for one, new in changed.items():
            fields: dict[str, Any] = {**fields_of(one), one: new[0] if new else None}
            plan = replace(plan, **fields)
            known[one] = {"member": new[1]} if new and new[1] else {}
        if plan.name == default_name(self.plan.interactions):
            plan = replace(plan, name=default_name(plan.interactions))
        added = [file] if file is not None and file not in self.files else []
        self._preview_again(plan, known, [*self.files, *added])

    def set_dialect(self, part: Part, **given: Any) -> None:
        """Set values of a file's dialect; all others, and the roles, are detected again."""
        assert self.plan is not None
        kept = {key: value for key, value in self._known.get(part, {}).items() if key not in _overruled(given)}
        known = {**self._known, part: {**kept, **given}}
        more, first = ({}, {}) if given.keys() & _CHOOSING else self._several(part)
        known[part] = {**({} if given.keys() & _CHOOSING else self._joined(part)), **first, **known[part]}
        self._preview_again(replace(self.plan, **{**fields_of(part), **more}), known, self.files)

    def guess_again(self, part: Part) -> None:
        """Discard the values of a file's dialect that the user set, and detect all of them again."""
        assert self.plan is not None
        member = self.previews[part].dialect.member
        more, first = self._several(part)
        first |= {name: value for name, value in self._joined(part).items() if name not in self._known.get(part, {})}
        known = {**self._known, part: first | ({"member": member} if member else {})}
        self._preview_again(replace(self.plan, **{**fields_of(part), **more}), known, self.files)

    def _several(self, part: Part) -> tuple[dict[str, Any], dict[str, Any]]:
        """The fields of the plan that stay when several files, sheets or tables are read with another dialect, and the
        values of the dialect that name the first of them."""
        assert self.plan is not None
        if part != "interactions" or not self.plan.more:
            return {}, {}
        dialect = self.previews[part].dialect
        which = {name: value for name in ("member", "table") if (value := getattr(dialect, name))}
        return {"more": self.plan.more, "notes": self.plan.notes}, which

    def _joined(self, part: Part) -> dict[str, Any]:
        """What the dialect says of other files that belong to the rows: it stays when the rest is found out again."""
        dialect = self.previews[part].dialect
        names = [name for name in JOINED if getattr(dialect, name)]
        which = [name for name in ("member", "table") if names and getattr(dialect, name)]
        return {name: getattr(dialect, name) for name in (*which, *names)}

    def given(self, part: Part) -> bool:
        """Whether the user set values of this file's dialect."""
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
        """The column with the times of day for the current time column; "" for none. The last result is cached."""
        others = [self.role_column(role) for role in self.single_roles("interactions") if role != "clock"]
        arguments = (preview, self.role_column("time"), others)
        if self._clock[0] is None or self._clock[0][0] is not preview or self._clock[0][1:] != arguments[1:]:
            self._clock = (arguments, preview.time_columns(arguments[1], None, others)[1])
        return self._clock[1]

    def set_role(self, role: str, column: str, **more: Any) -> None:
        """Give a role to a column ("" for none), which loses any other role; `more` are further values to change."""
        values: dict[str, Any] = {role: column, **more}
        part: Part = "items" if role == "title" and self.has_items else "interactions"
        for other in self.single_roles(part):
            if other != role and column and self.role_column(other) == column:
                values[other] = ""
        if role == "time" and column:
            values["clock"] = None  # detected again for the new time column
        self.change(**values)

    def user_columns(self) -> tuple[str, ...]:
        """Columns of the interactions that describe the user."""
        plan, preview = self.plan, self.previews.get("interactions")
        if plan is None or preview is None:
            return ()
        roles = {role: self.role_column(role) for role in self.single_roles("interactions")}
        if plan.user_columns is None:
            return user_columns_of(preview.guesses, roles)
        return tuple(name for name in plan.user_columns if name not in roles.values())

    def users_features(self) -> tuple[str, ...]:
        """Columns of the users file that are kept."""
        plan, preview = self.plan, self.previews.get("users")
        if plan is None or preview is None:
            return ()
        return tuple(g.column for g in preview.guesses if g.column != preview.roles.get("user") and plan.keeps(g))

    def single_roles(self, part: Part) -> tuple[str, ...]:
        """Roles that only one column of a file may have; "title" in the interactions if there is no items file."""
        if part == "interactions":
            return tuple(role for role in ROLES if role != "title" or not self.has_items)
        return ("title",) if part == "items" else ()

    def guess(self, part: Part, column: str) -> Guess:
        """The role detected for a column."""
        return next((guess for guess in self.previews[part].guesses if guess.column == column), Guess(column))

    def open_doubts(self) -> "list[Doubt]":
        """What a person has to decide on the columns of the interactions."""
        look = self.previews.get("interactions")
        return [] if self.plan is None or look is None else look.open_doubts(self.plan)

    @property
    def has_items(self) -> bool:
        """Whether there is an items file."""
        return self.plan is not None and self.plan.items is not None

    def missing(self) -> list[str]:
        """Roles that must be given before the import can start."""
        needed = ("user", "item", *(("time",) if self.role_column("clock") else ()))
        return [role for role in needed if not self.role_column(role)]

    def _opened(self, read: _Previews) -> None:
        self._known, self._last_read = {}, (read.plan, {})
        self.plan, self.previews, self.files = read.plan, read.previews, read.files
        self.changed.emit()
        self.ready.emit()

    def _preview_again(self, plan: "ImportPlan", known: dict[Part, dict[str, Any]], files: list[SourceFile]) -> None:
        """Read the previews of a changed plan in a job; if one fails, restore the earlier plan and show the error."""
        old, previews = self._last_read, dict(self.previews)
        self.plan, self._known = plan, known

        def work(_context: JobContext) -> _Previews:
            same = {part: preview for part, preview in previews.items() if known.get(part, {}) == old[1].get(part, {})}
            return _read_previews(plan, known, same, files)

        def done(read: _Previews) -> None:
            self._take(read.plan, ["more", *(dialect_field(part) for part in PARTS)])
            self._last_read = (read.plan, known)
            self.previews, self.files = read.previews, read.files
            self.changed.emit()

        def failed(error: RecdeskError) -> None:
            self._take(old[0], _OF_FILES)
            self._known = old[1]
            self.changed.emit()
            self._session.fail(error)

        self._session.jobs.run(
            self.tr("Looking into the file"), work, done, failed, replaces="data.preview", reads=True
        )

    def _take(self, plan: "ImportPlan", names: Sequence[str]) -> None:
        """Copy values from another plan; all others stay."""
        assert self.plan is not None
        self.plan = replace(self.plan, **{name: getattr(plan, name) for name in names})


def _overruled(given: dict[str, Any]) -> set[str]:
    """Values of a dialect that the user set and that lose their meaning when the `given` ones change."""
    if given.keys() & {"form", "member"}:
        return {"separator", "quote", "escape", "header", "skip", "table"}
    return {"header", "skip"} if "table" in given else set()


def _read_previews(
    plan: "ImportPlan", known: dict[Part, dict[str, Any]], same: "dict[Part, Preview]", files: list[SourceFile]
) -> _Previews:
    """Preview every file of a plan; previews in `same` are reused for files that are still the plan's."""
    from recdesk.data.planning import preview, written_as

    previews: dict[Part, Preview] = {}
    for part in PARTS:
        path, given = getattr(plan, part), known.get(part, {})
        if path is None:
            continue
        dialect: Dialect | None = None if given else getattr(plan, dialect_field(part))
        shown = same.get(part)
        if shown is None or shown.path != path:
            shown = preview(path, dialect, **given)
        previews[part] = shown
        if given:
            found: dict[str, Any] = {dialect_field(part): shown.dialect}
            plan = replace(plan, **found)
            if part == "interactions" and plan.more:
                alike = {name: value for name, value in given.items() if name not in _CHOOSING}
                plan = replace(plan, more=written_as(plan, alike).more)
    return _Previews(plan, previews, files)
