"""The key by which rows of two files belong together: a column of both, or of each its own, as “order_id=id”."""

from collections.abc import Sequence

BETWEEN = "="


def key_columns(key: str, own: Sequence[str], others: Sequence[str]) -> tuple[str, str]:
    """The key's column in a table and in the other one; the key itself where a table has no such column.

    Args:
        key: the name of the columns, or both names.
        own, others: names of the columns of the two tables.
    """
    if key in own and key in others:
        return key, key
    pairs = [(key[:at], key[at + 1 :]) for at, character in enumerate(key) if character == BETWEEN]
    return next(((one, other) for one, other in pairs if one in own and other in others), (key, key))


def key_of_columns(own: str, other: str) -> str:
    """The inverse of `key_columns`."""
    return own if own == other else f"{own}{BETWEEN}{other}"
