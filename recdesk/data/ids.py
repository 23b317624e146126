"""Ids that programs have changed on their way: whole numbers written as decimals, and numbers cut to a few digits."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from recdesk.core.messages import Message

WHOLE = r"^-?[0-9]+(\.0+)?$"
DECIMAL = r"^-?[0-9]+\.0+$"
CUT = r"^[+-]?[0-9]([.,][0-9]+)?[eE]\+[0-9]{1,3}$"
"""4.00638E+12: as spreadsheets show long numbers, and as other programs write very large ones."""
EXACT = 2**53
"""Whole numbers above it are rounded where they are stored as decimals (float64)."""


@dataclass(frozen=True)
class TidyIds:
    """Ids with what was done to them.

    Attributes:
        ids: distinct texts.
        codes: int32, for each given id the place of its text in `ids`; None where all are as they were.
        notes: sentences on it.
    """

    ids: pa.Array
    codes: NDArray[np.int32] | None
    notes: tuple[Message, ...] = ()


def tidy_ids(ids: pa.Array, owner: str, name: str) -> TidyIds:
    """Distinct ids as they were meant, as far as that can be told.

    Where all ids are whole numbers and some of them are written as decimals (11.0, as of a column of floats), they
    lose the point; others stay exactly as they are. What rounding has made equal cannot be told apart: that is said.

    Args:
        ids: distinct texts.
        owner: whose they are, "user" or "item".
        name: of the file, for people.
    """
    notes = _damage(ids, owner, name)
    decimal = pc.match_substring_regex(ids, DECIMAL)
    written = pc.sum(decimal).as_py() or 0
    sound = pc.or_(pc.match_substring_regex(ids, WHOLE), pc.match_substring_regex(ids, CUT))
    if not written or not pc.all(sound).as_py():
        return TidyIds(ids, None, notes)
    plain = pc.if_else(decimal, pc.replace_substring_regex(ids, r"\..*$", ""), ids)
    example = ids.filter(decimal)[0].as_py()
    values = {"count": written, "name": name, "example": example, "plain": example.split(".")[0]}
    user = Message("import.user-ids-decimal", **values)
    said = user if owner == "user" else Message("import.item-ids-decimal", **values)
    encoded = pc.dictionary_encode(plain)
    return TidyIds(encoded.dictionary, encoded.indices.to_numpy().astype(np.int32), (*notes, said))


def without_points(ids: pd.Series) -> pd.Series:
    """Texts of a column of ids as `tidy_ids` has them; "" stays."""
    filled = ids[ids != ""]
    if not filled.str.contains(".", regex=False).any() or not filled.str.fullmatch(WHOLE[1:-1]).all():
        return ids
    return ids.str.replace(r"\..*$", "", regex=True)


def _damage(ids: pa.Array, owner: str, name: str) -> tuple[Message, ...]:
    """Notes on ids that were numbers too long for the program that wrote them."""
    notes = []
    cut = ids.filter(pc.match_substring_regex(ids, CUT))
    if len(cut):
        values = {"count": len(cut), "name": name, "example": cut[0].as_py()}
        notes.append(
            Message("import.user-ids-cut", **values) if owner == "user" else Message("import.item-ids-cut", **values)
        )
    long = ids.filter(pc.match_substring_regex(ids, r"^-?[0-9]{16,}\.0+$"))
    rounded = [text for text in long.to_pylist() if _is_rounded(text)]
    if rounded:
        values = {"count": len(rounded), "name": name, "example": rounded[0]}
        notes.append(
            Message("import.user-ids-rounded", **values)
            if owner == "user"
            else Message("import.item-ids-rounded", **values)
        )
    return tuple(notes)


def _is_rounded(text: str) -> bool:
    """Whether a number such as “-12.0” is larger than a float holds exactly; it may have any number of digits."""
    digits = text.partition(".")[0].lstrip("-0")
    return len(digits) > len(str(EXACT)) or int(digits or 0) > EXACT
