"""Preview of the items' texts as an encoder reads them, and the choice of an encoder that knows their words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import DataError
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.text.folders import FILES, WEIGHTS, check_folder, check_parts
from recdesk.text.item_texts import default_template, texts_of, wanted_template
from recdesk.text.sources import Source, find_source

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

MEASURED = 20_000
"""Maximum number of items in the preview; of a larger catalogue a random sample is taken."""
SHOWN = 3
BARS = 48
MOST_UNKNOWN = 0.2
"""Share of unknown tokens above which an encoder does not suit a catalogue."""
_TOGETHER, _ASKED = 1000, 2000


@dataclass(frozen=True)
class ReadText:
    """An item's text as an encoder reads it.

    Attributes:
        code: item code.
        text: before truncation.
        read: characters that remain after truncation.
        pieces: tokens that remain, without special ones.
    """

    code: int
    text: str
    read: int
    pieces: tuple[str, ...]


@dataclass(frozen=True)
class TextPreview:
    """The texts of a catalogue and their lengths in tokens.

    Attributes:
        template: that made them.
        encoder: name of the encoder.
        limit: tokens after truncation, special ones included.
        most: maximum sequence length of the encoder.
        lengths: int64 [n], tokens of each text before truncation, special ones included; items without text left out.
        measured: number of items: all of them, or a sample of `MEASURED`.
        unknown: share of [UNK] among all tokens.
        shown: texts of some items.
    """

    template: str
    encoder: str
    limit: int
    most: int
    lengths: NDArray[np.int64]
    measured: int
    unknown: float
    shown: tuple[ReadText, ...]

    @property
    def empty(self) -> int:
        """Items without text."""
        return self.measured - len(self.lengths)

    @property
    def cut(self) -> float:
        """Share of the texts that are truncated, 0..1."""
        return float((self.lengths > self.limit).mean()) if len(self.lengths) else 0.0

    @property
    def middle(self) -> int:
        """Median length in tokens."""
        return int(np.quantile(self.lengths, 0.5, method="lower")) if len(self.lengths) else 0

    @property
    def longest(self) -> int:
        """Tokens of the longest text."""
        return int(self.lengths.max(initial=0))


def look_ahead(
    dataset: Dataset,
    template: str,
    wanted: str,
    text_tokens: int,
    downloads: Path,
    draw: int = 0,
    task: Task = UNWATCHED,
) -> TextPreview:
    """Make and tokenize the texts as step 1 of a run will. Needs no weights, only a tokenizer.

    Args:
        dataset: with item features.
        template: as `item_texts` takes it.
        wanted: the encoder, as `find_source` takes it; for one trained here its vocabulary is learned.
        text_tokens: maximum tokens of a text.
        downloads: where downloaded encoders lie.
        draw: seed of the choice of items to show; 0 for the most popular, one of median length and the longest.
        task: checked between blocks of texts.

    Raises:
        UsageError: see `check_template`; the items have no texts, or the encoder is not here.
        DataError: the encoder is unusable.
        CancelledError: it was cancelled.
    """
    template = wanted_template(dataset, template)
    rows = _drawn(dataset.n_items)
    texts = texts_of(dataset.item_features.iloc[rows], template)
    filled = np.array([row for row, text in enumerate(texts) if text], np.int64)
    if not len(filled):
        raise DataError(Message("text.template-gives-none"), Message("text.choose-columns"))
    source, _ = suited_source(wanted, texts, downloads, task)
    tokenizer, most = _tokenizer(source, [texts[row] for row in filled])
    lengths, unknown = _measure(tokenizer, [texts[row] for row in filled], task)
    limit = min(text_tokens, most)
    chosen = filled[_chosen(lengths, dataset.popularity[rows[filled]], draw)]
    shown = tuple(read_text(tokenizer, int(rows[row]) + 1, texts[row], limit) for row in chosen)
    return TextPreview(template, source.name, limit, most, lengths, len(rows), unknown, shown)


def suited_source(wanted: str, texts: Sequence[str], downloads: Path, task: Task = UNWATCHED) -> tuple[Source, float]:
    """The encoder that a setting stands for: “auto” is the packaged one only where it knows the texts' words. (Of
    Chinese book titles it does not know 60 % of the tokens.)

    Args:
        wanted: as `find_source` takes it.
        texts: of the items; a sample is tokenized.
        downloads: folder of downloaded encoders.
        task: checked between blocks of texts.

    Returns:
        The source, and the share of unknown tokens where that ruled the packaged one out; else 0.

    Raises:
        UsageError, DataError: see `find_source`.
        CancelledError: it was cancelled.
    """
    source = find_source(wanted, downloads)
    if wanted != "auto" or source.folder is None:
        return source, 0.0
    filled = [text for text in texts if text]
    tokenizer, _ = _tokenizer(source, filled)
    _, unknown = _measure(tokenizer, filled[:: max(len(filled) // _ASKED, 1)], task)
    return (source, 0.0) if unknown <= MOST_UNKNOWN else (find_source("scratch", downloads), unknown)


def suited_to(dataset: Dataset, wanted: str, downloads: Path, task: Task = UNWATCHED) -> tuple[Source, float]:
    """`suited_source` for a catalogue's texts by the default template."""
    rows = _drawn(dataset.n_items)
    texts = texts_of(dataset.item_features.iloc[rows[:: max(len(rows) // _ASKED, 1)]], default_template(dataset))
    if not any(texts):
        return find_source(wanted, downloads), 0.0
    return suited_source(wanted, texts, downloads, task)


def read_text(tokenizer: "Tokenizer", code: int, text: str, limit: int) -> ReadText:
    """Truncate a text as the encoder does.

    Args:
        tokenizer: without truncation and padding.
        code: item code.
        text: of the item.
        limit: maximum tokens, special ones included.
    """
    found: Encoding = tokenizer.encode(_readable(text))
    words = [position for position, special in enumerate(found.special_tokens_mask) if not special]
    kept = words[: max(limit - (len(found) - len(words)), 0)]
    read = len(text) if len(kept) == len(words) else int(found.offsets[kept[-1]][1]) if kept else 0
    return ReadText(code, text, read, tuple(found.tokens[position] for position in kept))


def histogram(lengths: NDArray[np.int64], limit: int, bars: int = BARS) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Histogram of text lengths, with an edge just above the limit.

    Args:
        lengths: int64 [n], at least 1 each.
        limit: tokens after truncation.
        bars: approximate maximum number of bars.

    Returns:
        Edges, int64 [m + 1], and counts, int64 [m]. Texts longer than twice the limit are counted in the last bar.
    """
    end = max(limit, min(int(lengths.max(initial=1)), 2 * limit)) + 1
    width = -(-end // bars)
    first = limit + 1 - -(-limit // width) * width
    edges = np.arange(first, end + width, width, dtype=np.int64)
    counts, _ = np.histogram(np.clip(lengths, edges[0], edges[-1] - 1), edges)
    return edges, counts.astype(np.int64)


def _drawn(n_items: int) -> NDArray[np.int64]:
    """Row numbers of the sampled items, ascending."""
    if n_items <= MEASURED:
        return np.arange(n_items, dtype=np.int64)
    return np.sort(np.random.default_rng(0).choice(n_items, MEASURED, replace=False)).astype(np.int64)


def _tokenizer(source: Source, texts: Sequence[str]) -> "tuple[Tokenizer, int]":
    """A tokenizer without truncation and padding, and its encoder's maximum sequence length."""
    from recdesk.text.tokenizer import load_tokenizer, train_wordpiece  # here, so that the window need not wait for it

    if source.folder is None:
        return train_wordpiece(dict.fromkeys(texts)), 512
    most = check_folder(source.folder).most_tokens
    check_parts(source.folder, [name for name in FILES if name not in WEIGHTS])
    try:
        tokenizer: Tokenizer = load_tokenizer(source.folder).backend_tokenizer
    except Exception as error:  # the libraries raise whatever they like about damaged files
        raise DataError(
            Message("encoder.tokenizer-unreadable", folder=source.folder),
            Message("encoder.download-again-or-other"),
            str(error),
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer, most


def _measure(tokenizer: "Tokenizer", texts: Sequence[str], task: Task) -> tuple[NDArray[np.int64], float]:
    """Tokens of each text, int64 [n], and the share of [UNK] among them all."""
    unknown_id = tokenizer.token_to_id("[UNK]")
    lengths, unknown, task = [], 0, task.named(Message("job.texts"))
    for begin in range(0, len(texts), _TOGETHER):
        task.check()
        for found in tokenizer.encode_batch([_readable(text) for text in texts[begin : begin + _TOGETHER]]):
            ids = found.ids
            lengths.append(len(ids))
            unknown += 0 if unknown_id is None else ids.count(unknown_id)
    return np.array(lengths, np.int64), unknown / max(sum(lengths), 1)


def _chosen(lengths: NDArray[np.int64], popularity: NDArray[np.int64], draw: int) -> NDArray[np.int64]:
    """Row numbers of the items to show."""
    if draw:
        return np.random.default_rng(draw).permutation(len(lengths))[:SHOWN]
    by_length = np.argsort(lengths, kind="stable")
    examples = [popularity.argmax(), by_length[(len(lengths) - 1) // 2], by_length[-1], *by_length[: SHOWN - 1]]
    return np.array(list(dict.fromkeys(map(int, examples)))[:SHOWN], np.int64)


def _readable(text: str) -> str:
    """Replace lone surrogates by question marks, as the encoder does."""
    return text.encode("utf-8", "replace").decode()
