"""Which column is what: guessed from names, then from places and values."""

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from recdesk.data.dialect import NUMBER, TYPED

ROLES = ("user", "item", "rating", "time", "title")

NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "user": (
            "user", "userid", "uid", "customer", "customerid", "member", "memberid", "visitor", "visitorid", "person",
            "reviewer", "reviewerid", "client", "clientid", "account", "accountid", "student", "studentid", "session",
            "sessionid", "kunde",
            "用户", "用户id", "用户编号", "会员", "会员id", "会员编号", "客户", "客户id", "顾客", "学生",
            "读者",
        ),
        "item": (
            "item", "itemid", "iid", "movie", "movieid", "product", "productid", "asin", "parentasin", "sku", "article",
            "articleid", "book", "bookid", "isbn", "course", "courseid", "song", "songid", "track", "trackid", "news",
            "newsid", "game", "gameid", "video", "videoid", "business", "businessid", "artikel",
            "物品", "物品id", "商品",
            "商品id", "商品编号", "产品", "产品id", "电影", "电影id",
            "课程", "课程id", "图书", "书籍", "项目", "歌曲", "视频",
        ),
        "rating": (
            "rating", "ratings", "score", "stars", "star", "rate", "overall", "weight", "preference",
            "评分", "打分", "分数", "星级",
        ),
        "time": (
            "timestamp", "time", "date", "datetime", "ts", "unixtime", "unixreviewtime", "unixtimestamp", "createdat",
            "eventtime", "when", "zeit", "datum", "时间", "日期", "时间戳", "行为时间",
        ),
        "title": (
            "title", "name", "movietitle", "itemname", "itemtitle", "productname", "producttitle", "booktitle", "titel",
            "标题", "名称", "片名", "书名", "商品名称", "物品名称", "课程名称", "商品名", "题名",
        ),
    }
)  # fmt: skip


def role_of_name(name: str) -> str | None:
    """The role a column name speaks of, or None. `Movie_ID`, `movieId` and `movie id:token` are one name."""
    typed = TYPED.fullmatch(name.strip())
    plain = re.sub(r"[\s_\-.]+", "", (typed.group(1) if typed else name).strip().casefold())
    return next((role for role, names in NAMES.items() if plain in names), None)


def guess_roles(columns: Sequence[str], rows: Sequence[Sequence[str]], named: bool) -> dict[str, str]:
    """Column of each role found, each column at most once.

    Args:
        columns: names, or made-up ones where the file has none.
        rows: sample of values.
        named: the names come from the file.
    """
    found: dict[str, str] = {}
    if named:
        for column in columns:
            role = role_of_name(column)
            if role and role not in found:
                found[role] = column
        if "user" in found and "item" not in found and "title" in found:
            found["item"] = found.pop("title")  # "user, name": the name is all there is to tell items apart
    if not named and len(columns) >= 2 and not _looks_like_items(rows):
        found = {"user": columns[0], "item": columns[1]}
        found |= _by_values(columns, rows)
    elif not named and len(columns) >= 2:
        found = {"item": columns[0], "title": columns[1]}
    return found


def _by_values(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """Rating and time among the columns behind user and item: small numbers, and large ones or dates."""
    found: dict[str, str] = {}
    for index, column in list(enumerate(columns))[2:]:
        values = [row[index].strip() for row in rows if len(row) > index and row[index].strip()]
        if not values:
            continue
        if all(NUMBER.fullmatch(value) for value in values):
            largest = max(abs(float(value.replace(",", "."))) for value in values)
            role = "time" if largest >= 1e8 else "rating" if largest <= 100 else ""
        else:
            role = "time" if all(re.match(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}", value) for value in values) else ""
        if role and role not in found:
            found[role] = column
    return found


def _looks_like_items(rows: Sequence[Sequence[str]]) -> bool:
    """An unnamed file of items: its first column never repeats and its second is no number."""
    first = [row[0] for row in rows if row]
    second = [row[1] for row in rows if len(row) > 1]
    return len(first) > 1 and len(set(first)) == len(first) and not any(NUMBER.fullmatch(value) for value in second)
