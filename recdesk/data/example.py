"""The built-in example: generated behaviour whose best possible accuracy is known."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.data.report import Report

Language = Literal["en", "zh"]
N_USERS = 1000
RECORDS = 10
VOLUMES = 10
FOLLOWS = 0.9
"""Probability that a reader goes on with the series whose turn it is; otherwise any unread book is drawn uniformly."""
FIRST_DAY = 1_735_689_600  # 1 January 2025, UTC


@dataclass(frozen=True)
class Words:
    """The texts of a language: 5 genres × 4 settings × 5 moods make 100 series of 10 volumes.

    What differs most often within a list comes first in the title, so that titles differ where they are cut.
    """

    name: str
    synthetic: str
    columns: tuple[str, str, str, str, str]
    genres: tuple[str, ...]
    settings: tuple[str, ...]
    moods: tuple[str, ...]
    authors: tuple[str, ...]
    title: str


WORDS: dict[Language, Words] = {
    "en": Words(
        name="Bookshop example",
        synthetic=Message("dataset.generated-example"),
        columns=("title", "genre", "setting", "mood", "author"),
        genres=("Mystery", "Fantasy", "Romance", "Adventure", "Science fiction"),
        settings=("Harbour", "Mountain", "Desert", "Island"),
        moods=("Quiet", "Dark", "Bright", "Wild", "Strange"),
        authors=(
            "A. Lindqvist", "B. Okafor", "C. Moreau", "D. Petrov", "E. Tanaka", "F. Alvarez", "G. Brandt", "H. Silva",
            "I. Novak", "J. Hughes", "K. Rossi", "L. Haddad", "M. Dubois", "N. Kaya", "O. Larsen", "P. Mehta",
            "Q. Byrne", "R. Costa", "S. Weber", "T. Adeyemi",
        ),
        title="Book {volume}: {mood} {setting} {genre}",
    ),
    "zh": Words(
        name="书店示例",
        synthetic="生成的示例数据，并非真实用户：读者轮流读两个系列，十次中有九次会接着读上上本书的下一册。",
        columns=("标题", "类型", "背景", "风格", "作者"),
        genres=("推理", "奇幻", "言情", "冒险", "科幻"),
        settings=("海港", "群山", "大漠", "孤岛"),
        moods=("寂静", "幽暗", "明媚", "狂野", "奇异"),
        authors=(
            "林远舟", "周若溪", "陈默然", "沈清秋", "顾长风", "许念慈", "陆明轩", "苏晚晴", "何思远", "叶知秋",
            "宋书言", "程可欣", "方景行", "白露", "江一帆", "唐小满", "秦望舒", "温如玉", "贺兰山", "萧然",
        ),
        title="第{volume}册·{mood}的{setting}·{genre}",
    ),
}  # fmt: skip


def make_example(language: Language = "en", seed: int = 0) -> Dataset:
    """1000 users, 1000 books, 10 records a user, 5 text features a book.

    A reader keeps two series going in turn: after a book the series of the book before it goes on with its next volume,
    with probability FOLLOWS; after the last volume comes the first of the next series (in the order genre, setting,
    mood). Otherwise, or when the next volume was read already, any unread book follows, and its series takes that turn.
    Everything the rule needs stands in the texts. Who looks at the last book alone, or at the books without their
    order, cannot tell whose turn it is: what a model that reads histories is good for.
    """
    words = WORDS[language]
    items, ceiling = _walks(np.random.default_rng((seed, 20_26)))
    used, codes = np.unique(items.ravel(), return_inverse=True)
    features = pd.DataFrame(_features(words), columns=list(words.columns), dtype="str")
    ids = np.array([f"b{number:04}" for number in range(1, N_ITEMS + 1)])
    rng = np.random.default_rng((seed, 7))
    start = FIRST_DAY + rng.integers(0, 300 * 86_400, (N_USERS, 1))
    gaps = rng.integers(3_600, 14 * 86_400, (N_USERS, RECORDS))
    return Dataset(
        name=words.name,
        user_ids=pd.Index([f"u{number:04}" for number in range(1, N_USERS + 1)], dtype="str"),
        item_ids=pd.Index(ids[used], dtype="str"),
        offsets=np.arange(N_USERS + 1, dtype=np.int64) * RECORDS,
        items=(codes.ravel() + 1).astype(np.int32),
        times=(start + np.cumsum(gaps, axis=1)).ravel().astype(np.int64),
        item_features=features.iloc[used].reset_index(drop=True),
        title_column=words.columns[0],
        report=Report(read=items.size, kept=items.size, notes=[words.synthetic]).to_dict(),
        rules={"example": language, "seed": seed},
        synthetic=words.synthetic,
        ceiling=ceiling,
    )


N_SERIES = len(WORDS["en"].genres) * len(WORDS["en"].settings) * len(WORDS["en"].moods)
N_ITEMS = N_SERIES * VOLUMES


def follower(item: NDArray[np.int64]) -> NDArray[np.int64]:
    """The book with which the series of a book goes on, by book number 0..N_ITEMS - 1."""
    return (item + 1) % N_ITEMS


def _walks(rng: np.random.Generator) -> tuple[NDArray[np.int64], float]:
    """Book numbers [N_USERS, RECORDS], and the expected top-1 accuracy, on each last one, of who knows the rule."""
    # the first two books are spread evenly, so that every book has about as many readers
    walks = np.empty((N_USERS, RECORDS), np.int64)
    walks[:, 0] = rng.permutation(N_ITEMS)[:N_USERS]
    walks[:, 1] = np.roll(walks[:, 0], 1)
    right = np.zeros(N_USERS)
    for record in range(2, RECORDS):
        next_book = follower(walks[:, record - 2])
        read = (walks[:, :record] == next_book[:, None]).any(1)
        follows = (rng.random(N_USERS) < FOLLOWS) & ~read
        other = _unread(walks[:, :record], rng)
        walks[:, record] = np.where(follows, next_book, other)
        unread = N_ITEMS - record
        right = np.where(read, 1 / unread, FOLLOWS + (1 - FOLLOWS) / unread)
    return walks, float(right.mean())


def _unread(read: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """For each reader a book not among `read`, uniformly."""
    unread = rng.integers(0, N_ITEMS - read.shape[1], len(read))
    for column in np.sort(read, axis=1).T:
        unread += unread >= column
    return unread


def _features(words: Words) -> list[tuple[str, str, str, str, str]]:
    rows = []
    for book in range(N_ITEMS):
        series, volume = divmod(book, VOLUMES)
        rest, mood = divmod(series, len(words.moods))
        genre, setting = divmod(rest, len(words.settings))
        title = words.title.format(
            mood=words.moods[mood], setting=words.settings[setting], genre=words.genres[genre], volume=volume + 1
        )
        author = words.authors[(series * 7) % len(words.authors)]
        rows.append((title, words.genres[genre], words.settings[setting], words.moods[mood], author))
    return rows
