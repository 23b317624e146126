"""The plan of an import, each of its fields declared once: default, command option, saved form, which file it is of."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, fields
from pathlib import Path
from typing import Annotated, Any, Literal

from recdesk.data.cleaning.rules import Rules
from recdesk.data.columns.roles import Guess
from recdesk.data.columns.time_forms import FORM_KEYS
from recdesk.data.declaration import Declared, declarations, defaults, plain
from recdesk.data.files.dialect import Dialect
from recdesk.data.logs.pieces import Piece

Part = Literal["interactions", "items", "users"]
PARTS: tuple[Part, ...] = ("interactions", "items", "users")
"""The files of a plan, each named by the field with its path."""


@dataclass(frozen=True, kw_only=True)
class PlanField(Declared):
    """The declaration of a field of a plan.

    Attributes:
        part: the file that it says something of; it goes back to its default when that file is exchanged.
        reading: the interactions have to be read again when it changes.
        saved: it is saved with the dataset, for newer files to be read by.
        dialect: it says how the file is written.
        options_of: a dataclass whose declared fields have the options.
    """

    part: Part | None = None
    reading: bool = False
    saved: bool = False
    dialect: bool = False
    options_of: type[Dialect] | None = None


def chosen(columns: list[str]) -> tuple[str, ...]:
    """Columns that were named; an empty name names none."""
    return tuple(filter(None, columns))


def _file(help: str) -> PlanField:
    return PlanField(help=help, typed=Path | None)


def _role(help: str) -> PlanField:
    """A column of the interactions."""
    return PlanField(help=help, part="interactions", reading=True)


def _kept(flag: str, help: str, **more: Any) -> PlanField:
    """What is kept of what stays: saved, its option behind those of the rules."""
    return PlanField(help=help, flags=(flag,), group=2, **{"typed": bool, "saved": True, **more})


def _columns(flag: str, help: str, part: Part, parse: Callable[[Any], Any] = tuple, **more: Any) -> PlanField:
    """The same of several columns."""
    return _kept(flag, help, part=part, parse=parse, typed=list[str] | None, many=True, **more)


@dataclass(frozen=True)
class ImportPlan(Rules):
    """What to read and how to clean it: the rules, and these.

    Attributes:
        interactions: the file with a row for each interaction.
        items, users: the files with the features of the items and the users, or None.
        more: files, sheets or tables of the same columns, whose rows follow in this order.
        only: patterns of names; of what is named, only files, sheets and tables that fit one are looked at.
        notes: sentences on what of the files that were named is left out.
        name: of the dataset; "" takes the file's (or its folder's) name.
        user, item, rating, time: columns; None guesses, "" says there is none.
        clock: the column with the time of day where the column with the time has but the day, as for those.
        event: the column with the type of event (view, purchase, …), as for those.
        dialect, items_dialect, users_dialect: how the files are written; None finds out.
        time_form: how times are written, a key of `times.FORMS`; None finds out.
        title: the column that names an item; None guesses.
        features: columns of the items that are kept, besides the title; None keeps all.
        keep_columns: columns of the interactions without a role are kept beside the dataset; else they are left out.
        user_features: columns of the users file that are kept; None keeps all, beside pseudonyms only those that are
            known as features of people: others may be names.
        user_columns: columns of the interactions that describe the user; None guesses.
        levels: numeric columns of the items that are also written as words (low, medium, high), which models over texts
            can read.
        user_levels: numeric columns of the users that are also written as words.
        pseudonyms: user ids are replaced by keyed pseudonyms; the name of the key is saved in its place.
    """

    interactions: Annotated[Path, PlanField(reading=True)]
    items: Annotated[Path | None, _file("File with the items' titles and features.")] = None
    _: KW_ONLY
    users: Annotated[Path | None, _file("File with the users' features.")] = None
    more: Annotated[tuple[Piece, ...], PlanField(part="interactions", reading=True)] = ()
    only: Annotated[
        tuple[str, ...],
        PlanField(
            help="Of folders, archives, workbooks and databases take only files, sheets or tables of such names, as "
            "in “2019-*.csv”; repeats.",
            typed=list[str] | None,
            parse=tuple,
            many=True,
            saved=True,
        ),
    ] = ()
    notes: Annotated[tuple[str, ...], PlanField(part="interactions")] = ()
    name: Annotated[str, PlanField(help="What to call the dataset.", typed=str)] = ""
    user: Annotated[str | None, _role("Column with the user.")] = None
    item: Annotated[str | None, _role("Column with the item.")] = None
    rating: Annotated[str | None, _role("Column with the rating.")] = None
    time: Annotated[str | None, _role("Column with the time.")] = None
    clock: Annotated[str | None, _role("Column with the time of day, where --time has but the day; “” for none.")] = (
        None
    )
    event: Annotated[str | None, _role("Column with the type of event.")] = None
    dialect: Annotated[
        Dialect | None, PlanField(part="interactions", reading=True, dialect=True, options_of=Dialect)
    ] = None
    items_dialect: Annotated[Dialect | None, PlanField(part="items", dialect=True)] = None
    users_dialect: Annotated[Dialect | None, PlanField(part="users", dialect=True)] = None
    time_form: Annotated[str | None, _role(f"How times are written: {', '.join(FORM_KEYS)}.")] = None
    title: Annotated[str | None, PlanField(part="items")] = None
    features: Annotated[
        tuple[str, ...] | None, _columns("--feature", "Column of the items to keep (default: all); repeats.", "items")
    ] = None
    keep_columns: Annotated[
        bool, _kept("--keep-columns", "Keep columns of the interactions that have no role, too.", reading=True)
    ] = False
    user_features: Annotated[
        tuple[str, ...] | None,
        _columns(
            "--user-feature",
            "Column of the users file to keep (default: all; with --pseudonyms those known not to name people); "
            "repeats, “” for none.",
            "users",
            chosen,
        ),
    ] = None
    user_columns: Annotated[
        tuple[str, ...] | None,
        _columns(
            "--user-column",
            "Column of the interactions that describes the user (default: those known by name); repeats, “” for none.",
            "interactions",
            chosen,
            reading=True,
        ),
    ] = None
    levels: Annotated[
        tuple[str, ...],
        _columns("--level", "Numeric column of the items to write as words, too; repeats.", "items"),
    ] = ()
    user_levels: Annotated[
        tuple[str, ...], _columns("--user-level", "The same for a numeric column of the users; repeats.", "users")
    ] = ()
    pseudonyms: Annotated[
        bool,
        _kept("--pseudonyms", "Replace user ids; the key stays in the workspace, see “pseudonyms”.", saved=False),
    ] = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All files, sheets or tables with interactions, in their order."""
        return (Piece(self.interactions, self.dialect), *self.more)

    @property
    def rules(self) -> Rules:
        """What to leave out."""
        return Rules(**{field.name: getattr(self, field.name) for field in fields(Rules)})

    def to_dict(self) -> dict[str, Any]:
        """What is saved with the dataset, as plain values: the rules, then what is kept of what stays."""
        kept = sorted(name for name, field in _plan_fields(type(self)).items() if field.saved)
        return {**super().to_dict(), **{name: plain(getattr(self, name)) for name in kept}}

    @classmethod
    def from_saved(cls, saved: Mapping[str, Any], files: Mapping[Part, Path | None], **more: Any) -> "ImportPlan":
        """The plan that reads newer files by what `to_dict` saved.

        Args:
            saved: plain values; others than of `to_dict` are left out, and older datasets have fewer of them.
            files: what is of a file that is None keeps its default.
            more: further fields.

        Raises:
            TypeError: a value is damaged.
        """
        rules = {name: rule.restored(saved[name]) for name, rule in cls.declared().items() if name in saved}
        kept = {
            name: field.restored(saved[name])
            for name, field in _plan_fields(cls).items()
            if field.saved and name in saved and (field.part is None or files.get(field.part) is not None)
        }
        return cls(**files, **rules, **kept, **more)  # type: ignore[arg-type]

    def keeps(self, guess: Guess) -> bool:
        """Whether a column of the users file is kept (that of the ids never is)."""
        if self.user_features is not None:
            return guess.column in self.user_features
        return not self.pseudonyms or guess.role == "user_feature"


def read_alike(one: ImportPlan, other: ImportPlan) -> bool:
    """Two plans read the same interactions in the same way."""
    if (one.items is None, one.title) != (other.items is None, other.title):
        return False
    reading = (name for name, field in _plan_fields(type(one)).items() if field.reading)
    return all(getattr(one, name) == getattr(other, name) for name in reading)


def fields_of(part: Part) -> dict[str, Any]:
    """The fields that say something of a file, with their defaults."""
    of_part = (name for name, field in _plan_fields(ImportPlan).items() if field.part == part)
    default = defaults(ImportPlan)
    return {name: default[name] for name in of_part}


def dialect_field(part: Part) -> str:
    """The field that says how a file is written."""
    return next(name for name, field in _plan_fields(ImportPlan).items() if field.part == part and field.dialect)


def _plan_fields(plan: type[ImportPlan]) -> dict[str, PlanField]:
    return {name: field for name, field in declarations(plan).items() if isinstance(field, PlanField)}
