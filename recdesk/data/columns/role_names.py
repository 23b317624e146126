"""Names that columns and types of events usually have, in English and Chinese (and a little German)."""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

ROLES = ("user", "item", "rating", "time", "clock", "event", "title")
"""Roles that one column has; a clock is the time of day where the column with the time has but the day."""
FEATURES = ("user_feature", "item_feature")
"""Roles that many columns have."""
TYPED = re.compile(r"(.+):(token|token_seq|float|float_seq)")
"""A column name of RecBole's atomic files."""
MADE_UP = re.compile(r"(?i)(?:_?c|v|x|f|field|col|column|var|unnamed:?|spalte|列|字段)[ _.]?\d+_?")
"""A column name that a program gives where there is none: V1 (R), _c0 (Spark), column_1, Unnamed: 0 (pandas)."""

EVENTS = frozenset(
    {
        "view",
        "views",
        "click",
        "clicks",
        "cart",
        "carts",
        "addtocart",
        "add_to_cart",
        "purchase",
        "purchases",
        "buy",
        "order",
        "transaction",
        "pv",
        "fav",
        "like",
        "dislike",
        "share",
        "play",
        "skip",
        "watch",
        "read",
        "search",
        "remove_from_cart",
        "wishlist",
        "favorite",
        "favourite",
        "rate",
        "rating",
        "impression",
        "exposure",
        "pageview",
        "page_view",
        "view_item",
        "detail",
        "checkout",
        "begin_checkout",
        "conversion",
        "download",
        "bookmark",
        "comment",
        "follow",
        "save",
        "star",
        "listen",
        "rent",
        "borrow",
        "kauf",
        "gekauft",
        "bestellung",
        "klick",
        "ansicht",
        "angesehen",
        "warenkorb",
        "ausleihe",
        "浏览",
        "点击",
        "购买",
        "收藏",
        "加购",
        "下单",
        "播放",
        "点赞",
        "分享",
        "曝光",
        "加入购物车",
    }
)

USERS = (
    "user", "customer", "member", "visitor", "person", "reviewer", "client", "account", "student",
    "learner", "reader", "viewer", "listener", "buyer", "session", "kunde", "用户", "会员", "客户", "顾客",
    "买家", "学生", "学员", "读者", "访客",
)  # fmt: skip
ITEMS = (
    "item", "movie", "film", "product", "sku", "article", "book", "course", "song", "track",
    "artist", "news", "game", "video", "business", "goods", "asin", "isbn", "stock", "artikel", "物品", "商品",
    "产品", "货品", "电影", "影片", "课程", "图书", "书籍", "项目", "歌曲", "视频", "文章", "游戏",
)  # fmt: skip
DEVICES = (
    "device", "cookie", "anonymous", "anon", "distinct", "pseudo", "household", "guest", "profile",
    "subscriber", "player", "patient", "employee", "passenger", "borrower", "patron", "fan", "follower", "设备",
)  # fmt: skip
"""Who stands for a user where nothing is called so; with “id” or the like only."""
FINER = (
    "session", "device", "cookie", "card", "visit", "browser", "anonymous", "anon", "guest", "distinct", "pseudo",
    "设备", "会话", "卡",
)  # fmt: skip
"""Of which a person may have several."""
THINGS = (
    "beer", "wine", "venue", "place", "poi", "location", "restaurant", "hotel", "recipe", "anime", "manga", "joke",
    "paper", "document", "doc", "post", "tweet", "photo", "image", "playlist", "show", "episode", "program",
    "offer", "listing", "property", "app", "album", "podcast", "station", "content", "material", "question", "exercise",
    "pin", "repo", "destination", "酒店", "餐厅", "景点", "歌手", "专辑",
)  # fmt: skip
"""The same for items."""
IDS = ("id", "ids", "key", "no", "nr", "num", "number", "code", "idx", "编号", "编码", "号", "代码")
HASHES = ("hash", "uuid", "guid", "sha1", "md5", "mbid")
"""Endings of ids that programs made."""
TITLES = ("title", "name", "titel", "名称", "标题", "名", "题名")


def _with(stems: Iterable[str], endings: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem + ending for stem in stems for ending in endings)


NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "user": (
            *_with(USERS, ("id", "编号", "")), "uid", "visitorid", "openid", "学号", "卡号", "用户标识",
            *_with(USERS, (*IDS, *TITLES)), "userfullname", "fullname",
        ),
        "item": (
            "parentasin", *_with(ITEMS, ("id", "编号", "")), "iid", "pid", "spuid", "contentid", "商品标识",
            *_with(ITEMS, IDS), "reference", "eventcontext",
        ),
        "rating": (
            "rating", "ratings", "score", "stars", "star", "rate", "overall", "preference", "userrating",
            "movierating", "itemrating", "ratingscore", "评分", "打分", "分数", "星级", "用户评分", "weight", "label",
            "bewertung", "权重", "quantity", "qty", "count", "playcount", "plays", "listens", "frequency",
            "clicks", "数量", "次数", "购买数量", "播放次数", "点击次数",
        ),
        "time": (
            "timestamp", "time", "date", "datetime", "ts", "unixtime", "unixreviewtime", "unixtimestamp", "createdat",
            "eventtime", "reviewtime", "reviewdate", "ratingtime", "ratingdate", "orderdate", "ordertime",
            "invoicedate", "purchasedate", "eventdate", "timestampms", "createtime",
            "when", "zeit", "datum", "zeitstempel",
            "时间", "日期", "时间戳", "行为时间", "下单时间", "购买时间", "评分时间", "创建时间",
            "浏览时间", "点击时间", "日期时间",
        ),
        "clock": ("clock", "clocktime", "timeofday", "uhrzeit", "时刻", "钟点", "几点"),
        "event": (
            "event", "eventtype", "eventname", "action", "actiontype", "behavior", "behaviortype", "behaviour",
            "behaviourtype", "interaction", "interactiontype", "activity", "activitytype", "operation", "行为",
            "行为类型", "事件", "事件类型", "操作", "操作类型", "动作", "动作类型",
        ),
        "title": (
            *TITLES, *_with(ITEMS, TITLES), "书名", "片名", "品名", "歌名", "课名", "prodname",
            "lineitemname", "headline", "description",
        ),
        "user_feature": (
            "age", "gender", "sex", "occupation", "job", "zip", "zipcode", "postcode", "income", "education",
            "birthday", "city", "country", "region", "state", "province", "年龄", "性别", "职业", "邮编", "收入",
            "学历", "生日", "城市", "国家", "地区", "省份", "agegroup", "birthyear", "profession", "town",
            "nationality", "年龄段", "出生年份", "国籍",
        ),
        "item_feature": (
            "category", "categories", "categoryid", "categorycode", "genre", "genres", "brand", "price", "unitprice",
            "author", "authors", "publisher", "year", "releasedate", "releaseyear", "color", "colour", "size", "tags",
            "tag", "class", "department", "level", "language",
            "director", "类别", "分类", "类目", "品牌", "价格",
            "作者", "出版社", "年份", "颜色", "标签", "类型", "描述", "简介", "导演",
        ),
    }
)  # fmt: skip
"""Names without blanks, marks and case, the likeliest first."""

RATED = frozenset({*_with(ITEMS, ("rating", "ratings")), *_with(THINGS, ("rating", "ratings")), "reviewoverall"})
"""Names of ratings that say of what: “Book-Rating”."""

MOVIELENS_100K = (
    "item", "title", "release date", "video release date", "IMDb URL", "unknown", "Action", "Adventure", "Animation",
    "Children", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Film-Noir", "Horror", "Musical", "Mystery",
    "Romance", "Sci-Fi", "Thriller", "War", "Western",
)  # fmt: skip
"""The columns of MovieLens 100K's u.item, which does not name them."""

MOVIELENS_PEOPLE: Mapping[tuple[int, int], tuple[str, ...]] = MappingProxyType(
    {
        (1, 5): ("user", "gender", "age", "occupation", "zip code"),
        (2, 5): ("user", "age", "gender", "occupation", "zip code"),
    }
)
"""The columns of MovieLens 1M's users.dat and 100K's u.user, by where the sexes stand and how many there are."""


def plain_name(name: str) -> str:
    """A column name without the type that RecBole writes behind it."""
    typed = TYPED.fullmatch(name.strip())
    return typed.group(1) if typed else name.strip()


def key_of(name: str) -> str:
    """A column name without type, blanks, marks and case, as names stand in NAMES."""
    return re.sub(r"[\s_\-.#]+", "", plain_name(name).casefold())


def role_of_name(name: str) -> str | None:
    """The role of ROLES that a column name speaks of, or None. `Movie_ID` and `movie id:token` are one name."""
    key = key_of(name)
    return next((role for role in ROLES if key in NAMES[role]), None)


def says_time(column: str) -> bool:
    """The name speaks of a time or a time of day."""
    return key_of(column) in (*NAMES["time"], *NAMES["clock"])
