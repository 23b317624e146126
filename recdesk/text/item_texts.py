"""Items and histories as text: what a language model reads."""

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset

FIELD = re.compile(r"\{([^{}]*)\}")
LONGEST = 20_000
"""Characters of an item's text that are used; no encoder reads further."""
LIKELY_NUMBERS = 0.9


def default_template(dataset: Dataset) -> str:
    """Every text column in order, the title first: “title: {title}; genres: {genres}”.

    A column of which nearly every value is a number or a link says nothing to a language model and is left out; so is
    one whose name holds ; { or }, which a template could not tell from its own marks.
    """
    table = dataset.item_features
    columns = [str(name) for name in table.columns if _says_something(table[name])]
    if dataset.title_column in columns:
        columns.remove(dataset.title_column)
        columns.insert(0, dataset.title_column)
    return "; ".join(f"{name}: {{{name}}}" for name in columns if not set(";{}") & set(name))


def check_template(template: str, columns: Iterable[str]) -> None:
    """Check that a template names columns, and only known ones.

    Raises:
        UsageError: a column is unknown, or the template names none.
    """
    known = [str(name) for name in columns]
    asked = FIELD.findall(template)
    if not asked:
        example = "{" + (known[0] if known else "title") + "}"
        raise UsageError(
            Message("text.template-without-column", template=template),
            Message("text.put-columns-in-braces", example=example),
        )
    for name in asked:
        if name not in known:
            raise UsageError(
                Message("text.template-unknown-column", name=name),
                Message("text.columns-are", names=", ".join(known) or "none; import the items’ texts first"),
            )


def wanted_template(dataset: Dataset, template: str = "") -> str:
    """The template to use: the one given, else `default_template`.

    Raises:
        UsageError: see `check_template`; or the items have no texts at all.
    """
    template = template or default_template(dataset)
    if not template:
        raise UsageError(
            Message("text.dataset-without-texts", name=dataset.name),
            Message("text.import-items-file"),
        )
    check_template(template, dataset.item_features.columns)
    return template


def item_texts(dataset: Dataset, template: str = "") -> list[str]:
    """Each item's text by a template, [n_items]; "" where an item has none.

    A template is parts joined by ";". A part whose columns are all empty for an item is left out with its label. Lists
    written "a|b" read "a, b".

    Args:
        dataset: with item features.
        template: column names in curly braces; "" for `default_template`.

    Raises:
        UsageError: see `wanted_template`.
    """
    return texts_of(dataset.item_features, wanted_template(dataset, template))


def texts_of(table: pd.DataFrame, template: str) -> list[str]:
    """`item_texts` of a table of features: one text a row."""
    columns = {name: [clean(str(value)) for value in table[name]] for name in FIELD.findall(template)}
    rows: list[list[str]] = [[] for _ in range(len(table))]
    has_value = [False] * len(table)
    for part in template.split(";"):
        names = FIELD.findall(part)
        fragments = FIELD.split(part.strip())
        for row, kept in enumerate(rows):
            values = [columns[name][row] for name in names]
            if names and not any(values):
                continue
            has_value[row] |= bool(names)
            fragments[1::2] = values
            kept.append("".join(fragments).strip())
    return ["; ".join(kept)[:LONGEST] if filled else "" for kept, filled in zip(rows, has_value, strict=True)]


def clean(text: str) -> str:
    """One line, lists readable: "a|b" becomes "a, b"."""
    return " ".join(text[:LONGEST].replace("|", ", ").split())


def behaviour_text(texts: Sequence[str], history: NDArray[np.integer], letters: int = 2000) -> str:
    """A user's history as text: the texts of its items, latest first.

    Args:
        texts: of all items, [n_items].
        history: int [n], item codes in time order.
        letters: approximate maximum of characters; whole items only, at least one.
    """
    taken: list[str] = []
    length = 0
    for code in reversed(history):
        text = texts[int(code) - 1]
        if taken and length + len(text) > letters:
            break
        if text:
            taken.append(text)
            length += len(text) + 3
    return " | ".join(taken)


def _says_something(column: pd.Series) -> bool:
    filled = column[column != ""]
    if filled.empty:
        return False
    silent = pd.to_numeric(filled, errors="coerce").notna() | filled.str.match("https?://")
    return bool(silent.mean() < LIKELY_NUMBERS)
