"""Texts that are no plain tables: which layout one has, its columns, and its rows as a table."""

from collections.abc import Sequence

from recdesk.data.files.blocks import block_columns, block_keys, find_blocks, load_blocks
from recdesk.data.files.column_preview import Columns, Loaded
from recdesk.data.files.dialect import Dialect, Form
from recdesk.data.files.encodings import SAMPLE_BYTES, decode
from recdesk.data.files.grouped import find_heads, grouped_columns
from recdesk.data.files.libsvm import find_libsvm, labels_are_users, libsvm_columns, load_libsvm
from recdesk.data.files.loading import Loading
from recdesk.data.files.mind import find_mind, load_mind, mind_columns
from recdesk.data.files.sniffing import sample_lines


def find_layout(lines: Sequence[str]) -> Form | None:
    """The layout of the beginning of a text; None where it is none of these."""
    if find_mind(lines):
        return "mind"
    if find_heads(lines):
        return "grouped"
    return "blocks" if find_blocks(lines) else find_libsvm(lines)


def layout_columns(shown: str, lines: Sequence[str], dialect: Dialect, rows: int) -> Columns:
    """The columns of one of these forms, with a sample.

    Raises:
        DataError: there is nothing in it.
    """
    if dialect.form == "grouped":
        return grouped_columns(shown, lines, dialect, rows)
    if dialect.form == "blocks":
        return block_columns(shown, lines, rows)
    if dialect.form == "mind":
        return mind_columns(lines, rows)
    return libsvm_columns(lines, dialect.form, dialect.skip, rows)


def load_layout(loading: Loading) -> Loaded:
    """Make the table, with `line`, of one of LINE_FORMS."""
    plain = loading.plain
    if plain.dialect.form == "mind":
        return load_mind(loading)
    with plain.path.open("rb") as stream:
        lines = sample_lines(decode(stream.read(SAMPLE_BYTES), "utf-8"))
    if plain.dialect.form == "blocks":
        return load_blocks(loading, block_keys(lines))
    return load_libsvm(loading, labels_are_users(lines))
