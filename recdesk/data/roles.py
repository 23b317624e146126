"""Which column is what: guessed from names, then from places and values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

ROLES = ("user", "item", "rating", "time", "title")
TYPED = re.compile(r"(.+):(token|token_seq|float|float_seq)")
"""A column name of RecBole's atomic files."""
NUMBER = re.compile(r"\s*[+-]?\d+([.,]\d+)?\s*")
WORDS = re.compile(r"[^\W\d] | [^\W\d]|[\u3040-\u9fff\uac00-\ud7a3]{2}")
DATE = re.compile(r"\s*\d{1,4}[-/.年]\d{1,2}[-/.月]\d{1,4}.*")

_USERS = (
    "user", "customer", "member", "visitor", "person", "reviewer", "client", "account", "student",
    "learner", "reader", "viewer", "listener", "buyer", "session", "kunde", "用户", "会员", "客户", "顾客",
    "买家", "学生", "学员", "读者", "访客",
)  # fmt: skip
_ITEMS = (
    "item", "movie", "film", "product", "sku", "article", "book", "course", "song", "track",
    "artist", "news", "game", "video", "business", "goods", "asin", "isbn", "artikel", "物品", "商品",
    "产品", "货品", "电影", "影片", "课程", "图书", "书籍", "项目", "歌曲", "视频", "文章", "游戏",
)  # fmt: skip
_IDS = ("id", "ids", "key", "no", "nr", "num", "number", "code", "idx", "编号", "编码", "号", "代码")
_TITLES = ("title", "name", "titel", "名称", "标题", "名", "题名")


def _with(stems: Iterable[str], endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem + ending for stem in stems for ending in endings)


NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "user": (*_with(_USERS, ("id", "编号", "")), "uid", *_with(_USERS, (*_IDS, *_TITLES))),
        "item": ("parentasin", *_with(_ITEMS, ("id", "编号", "")), "iid", *_with(_ITEMS, _IDS)),
        "rating": (
            "rating", "ratings", "score", "stars", "star", "rate", "overall", "weight", "preference", "userrating",
            "movierating", "itemrating", "ratingscore", "评分", "打分", "分数", "星级", "用户评分",
        ),
        "time": (
            "timestamp", "time", "date", "datetime", "ts", "unixtime", "unixreviewtime", "unixtimestamp", "createdat",
            "eventtime", "reviewtime", "reviewdate", "ratingtime", "ratingdate", "orderdate", "ordertime", "when",
            "zeit", "datum", "时间", "日期", "时间戳", "行为时间", "下单时间", "购买时间", "评分时间", "创建时间",
        ),
        "title": (*_TITLES, *_with(_ITEMS, _TITLES), "书名", "片名", "品名", "歌名", "课名", "headline"),
    }
)  # fmt: skip
"""Names without blanks, marks and case, the likeliest first."""


def plain_name(name: str) -> str:
    """A column name without the type that RecBole writes behind it."""
    typed = TYPED.fullmatch(name.strip())
    return typed.group(1) if typed else name.strip()


def role_of_name(name: str) -> str | None:
    """The role a column name speaks of, or None. `Movie_ID`, `movieId` and `movie id:token` are one name."""
    key = _key(name)
    return next((role for role, names in NAMES.items() if key in names), None)


def guess_roles(columns: Sequence[str], rows: Sequence[Sequence[str]], named: bool) -> dict[str, str]:
    """Column of each role found, each column at most once.

    Args:
        columns: names, or made-up ones where the file has none.
        rows: sample of values.
        named: the names come from the file.
    """
    if named:
        return _by_names(columns)
    if len(columns) < 2:
        return {}
    if looks_like_items(rows):
        return {"item": columns[0], "title": columns[1]}
    return {"user": columns[0], "item": columns[1], **_by_values(columns, rows)}


def looks_like_items(rows: Sequence[Sequence[str]]) -> bool:
    """An unnamed file of items: its first column never repeats and its second is mostly words, hardly repeated."""
    first = [row[0] for row in rows if row]
    second = [row[1] for row in rows if len(row) > 1]
    words = [value for value in second if WORDS.search(value.strip())]
    return len(first) > 1 and len(set(first)) == len(first) and 2 * len(words) > len(second)


def entity_names(rows: Sequence[Sequence[str]], width: int) -> list[str] | None:
    """Names for the columns of an unnamed file of items: MovieLens' movies.dat and u.item, and their like."""
    if not looks_like_items(rows):
        return None
    if width == 3:
        return ["item", "title", "genres"]
    return ["item", "title", *(f"column {at}" for at in range(3, width + 1))]


def _key(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "", plain_name(name).casefold())


def _by_names(columns: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for role, names in NAMES.items():
        ranked = [(names.index(key), column) for column in columns if (key := _key(column)) in names]
        if ranked:
            found[role] = min(ranked, key=lambda entry: entry[0])[1]
    if "user" in found and "item" not in found and "title" in found:
        found["item"] = found.pop("title")  # "user, name": the name is all there is to tell items apart
    return found


def _by_values(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Rating and time among the columns behind user and item: small numbers, and large ones or dates."""
    found: dict[str, str] = {}
    for index, column in list(enumerate(columns))[2:]:
        values = [row[index].strip() for row in rows if len(row) > index and row[index].strip()]
        role = _role_of_values(values) if values else None
        if role and role not in found:
            found[role] = column
    return found


def _role_of_values(values: Sequence[str]) -> str | None:
    """By the form that nearly all values have: a few odd ones are for the import to reject, not to mislead us."""
    numbers = [abs(float(value.replace(",", "."))) for value in values if NUMBER.fullmatch(value)]
    if len(numbers) >= 0.9 * len(values):
        middle = sorted(numbers)[len(numbers) // 2]
        return "time" if middle >= 1e8 else "rating" if middle <= 100 else None
    dates = sum(DATE.fullmatch(value) is not None for value in values)
    return "time" if dates >= 0.9 * len(values) else None
