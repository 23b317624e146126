"""How a file is written, as a value: its form, packing, encoding, separator, header; each attribute declared once."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Annotated, Any, Literal, get_args

from recdesk.core.errors import MisfitError
from recdesk.core.messages import Message
from recdesk.data.declaration import Declared
from recdesk.data.files.compression import Packing
from recdesk.data.files.csv_records import BLANK_RUN, Record, records

Form = Literal[
    "delimited", "sessions", "baskets", "counted", "grouped", "blocks", "libsvm", "libfm", "mind", "jsonl", "json",
    "python", "parquet", "xlsx", "sqlite", "duckdb",
]  # fmt: skip
FORMS: tuple[Form, ...] = get_args(Form)
TEXT_FORMS = FORMS[: FORMS.index("parquet")]
"""Forms that have lines and an encoding."""
SESSION_FORMS = ("sessions", "baskets", "counted")
LINE_FORMS = ("blocks", "libsvm", "libfm", "mind")
"""Forms whose lines are cut by rules of their own."""
JSON_FORMS = ("json", "jsonl", "python")
JOINED = ("orders", "order_key", "people", "people_key", "person")
"""What of a dialect says which other files belong to the rows."""
SEPARATED_FORMS = ("delimited", "grouped", *SESSION_FORMS)
TABLE_FORMS = ("xlsx", "sqlite", "duckdb")
"""Forms with several tables in a file."""
USUAL = (",", "\t", ";", "|", "::")
"""Separators that need no proof but that they fit."""
SEPARATORS = (*USUAL, " ", BLANK_RUN)
SEPARATOR_NAMES = {
    "::": "::",
    "\t": Message("word.tab"),
    ",": Message("word.comma"),
    ";": Message("word.semicolon"),
    "|": Message("word.pipe"),
    " ": Message("word.blank"),
    BLANK_RUN: Message("word.blanks"),
}
SEPARATOR_WORDS = {name: mark for mark, name in SEPARATOR_NAMES.items()} | {"\\t": "\t"}
LONGEST_SEPARATOR = 4
MAX_LEADING = 30
"""Title or comment lines that may stand above a table."""


FORM_HELP = (
    f"One of: {', '.join(FORMS)}. Sessions: a user, then items, in each line; baskets: only items; counted: how many, "
    "then items; grouped: an id above its rows, as “1:”; blocks: “key: value” lines, blank ones between; python: a "
    "dictionary in each line."
)


def separator_of(word: str) -> str:
    """A separator that is given by its name, or as itself."""
    return SEPARATOR_WORDS.get(word, word)


def mark_of(word: str) -> str:
    """A quote or escape as it is given: “none” is none."""
    return "" if word == "none" else word


@dataclass(frozen=True)
class Dialect:
    r"""How to read a file.

    Attributes:
        form: delimited text; sessions (a line has a user and then the items in order), baskets (only items) or counted
            (how many, then those); grouped (an id stands above its rows); blocks of “key: value” lines; libsvm, libfm;
            mind (MIND's behaviors.tsv); JSON lines; JSON (an array, or objects over several lines); dictionaries as
            Python writes them, one a line; Parquet; an Excel workbook; an SQLite or DuckDB file.
        encoding: of text forms, one of ENCODINGS or any other that Python knows.
        separator: of delimited text, sessions and baskets: 1 to 4 characters, or BLANK_RUN.
        quote: the quoting character, "" for none.
        escape: what stands before a quote inside quotes; "" where it is doubled. Without a quote: what stands before a
            separator that separates nothing.
        header: the first line (or row of a sheet) names the columns.
        packed: what the file is packed with.
        skip: lines (or rows of a sheet) above the header or the first row: blank ones, titles, comments.
        table: the sheet or the database's table; "" for the likeliest.
        member: the file inside a zip file; "" for the only one.
        unfold: the column whose cells hold the items, or the events, of a row, each of which becomes a row; "*" where
            every column is an item (a matrix); "" where each row is one interaction.
        orders: the file with the orders whose lines this file has, in the same folder or a whole path; "" for none.
        order_key: the column with the order's id, in both files (or “here=there”); without `orders` who and when stand
            in the first line of an order only; "" where each row has them.
        people: the file that says whose the user ids of the rows are, where these are finer than people (one for each
            order, session, device, card), named as `orders` is; "" for none.
        people_key: the column with the finer id, in both files (or “here=there”).
        person: the column of that file with the person's id.
    """

    form: Annotated[Form, Declared(help=FORM_HELP, group=2)] = "delimited"
    encoding: Annotated[str, Declared(help="Such as utf-8, gb18030, big5, shift_jis, latin-1.", group=1)] = "utf-8"
    separator: Annotated[
        str,
        Declared(
            help="What separates columns: 1 to 4 characters, or tab, comma, semicolon, pipe, blanks.",
            parse=separator_of,
        ),
    ] = ","
    quote: Annotated[str, Declared(help="The quoting character; “none” for none.", parse=mark_of)] = '"'
    escape: Annotated[
        str, Declared(help="What stands before a quote in quotes; “none”: it is doubled.", parse=mark_of)
    ] = ""
    header: Annotated[
        bool,
        Declared(
            help="Whether the first line names columns.", group=1, typed=bool | None, flags=("--header/--no-header",)
        ),
    ] = True
    packed: Packing = ""
    skip: Annotated[int, Declared(help="Lines above the table.", group=1, typed=int | None, lowest=0)] = 0
    table: Annotated[
        str,
        Declared(help="The sheet of a workbook, or the table of a database.", group=3, flags=("--table", "--sheet")),
    ] = ""
    member: Annotated[
        str, Declared(help="The file to read in a zip file of several.", group=3, flags=("--inside",))
    ] = ""
    unfold: Annotated[
        str,
        Declared(
            help="Column whose cells are lists, with a row for each element; “*”: every column is an item; “none”.",
            group=3,
            parse=mark_of,
            title="A row for each",
            tip="A row may hold one interaction, a list of them, or a rating of every item.",
        ),
    ] = ""
    orders: Annotated[
        str,
        Declared(
            help="File with the orders (who, when), where this one has their lines.",
            group=3,
            parse=mark_of,
            title="Orders",
        ),
    ] = ""
    order_key: Annotated[
        str,
        Declared(
            help="Column with the order's id, by which lines find their order, or the first line of it, as “order_id” "
            "or “order_id=id”; “none”.",
            group=3,
            parse=mark_of,
            title="Order's id",
            tip="The column by which lines find their order, or the first line of it.",
        ),
    ] = ""
    people: Annotated[
        str,
        Declared(
            help="File that says whose each id is, where the rows have the id of an order, session, device or card.",
            group=3,
            parse=mark_of,
            title="People",
        ),
    ] = ""
    people_key: Annotated[
        str,
        Declared(
            help="Column with that id, in both files, as “card_no” or “card_no=id”.",
            group=3,
            parse=mark_of,
            title="Their id",
            tip="The column with the id of the order, session, device or card.",
        ),
    ] = ""
    person: Annotated[
        str,
        Declared(
            help="Column of the --people file with the person's id.",
            group=3,
            parse=mark_of,
            title="Person",
            tip="The column of that file that says who it is.",
        ),
    ] = ""

    def to_dict(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Dialect":
        """The inverse of `to_dict`; older ones knew gzip only."""
        known = {field.name for field in fields(cls)}
        older = cls(packed="gzip" if values.get("gzipped") else "")
        return replace(older, **{key: value for key, value in values.items() if key in known})

    def checked(self) -> "Dialect":
        """Itself.

        Raises:
            DataError: no file can be read like that.
        """
        mark = self.separator
        if self.form not in FORMS:
            raise MisfitError(
                Message("file.unknown-form", form=self.form), Message("settings.choose-one-of", names=", ".join(FORMS))
            )
        if not mark or len(mark) > LONGEST_SEPARATOR or "\n" in mark or "\r" in mark:
            raise MisfitError(Message("file.separator-invalid", separator=mark), Message("file.separator-length"))
        if len(self.quote) > 1 or len(self.escape) > 1 or not (self.quote + self.escape).isprintable():
            raise MisfitError(Message("file.quote-length"))
        if self.quote and (self.quote in mark or self.quote.isalnum()):
            raise MisfitError(
                Message("file.quote-is-separator", quote=self.quote, separator=mark),
                Message("file.choose-another-quote"),
            )
        return self

    def records(self, lines: Sequence[str]) -> list[Record]:
        """Records of the lines below `skip`."""
        numbered = list(enumerate(lines, 1))[self.skip :]
        return list(records(numbered, self.separator, self.quote, self.escape))
