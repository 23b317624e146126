"""One function a published format: it writes the sample log as that format's files and says what is right."""

import csv
import gzip
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from tests.formats.log import GENRES, TITLES, Event, Right, by_user

Log = list[Event]
Write = Callable[[Path, Log], Right]


@dataclass(frozen=True)
class Format:
    """A published format.

    Attributes:
        name: as people call it.
        field: what kind of data.
        holds: its files and columns.
        write: writes a sample.
    """

    name: str
    field: str
    holds: str
    write: Write


FORMATS: list[Format] = []


def published(name: str, field: str, holds: str) -> Callable[[Write], Write]:
    """Register a format."""

    def register(write: Write) -> Write:
        FORMATS.append(Format(name, field, holds, write))
        return write

    return register


def delimited(path: Path, rows: Iterable[Sequence[Any]], separator: str = ",", encoding: str = "utf-8") -> None:
    """Write rows as text; cells are quoted where they must be."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), encoding)


def lines(path: Path, rows: Iterable[Sequence[Any]], separator: str, encoding: str = "utf-8") -> None:
    """Write rows as text without any quoting."""
    path.write_text("".join(separator.join(map(str, row)) + "\n" for row in rows), encoding)


def json_lines(path: Path, objects: Iterable[Any]) -> None:
    """Write one JSON object a line."""
    path.write_text("".join(json.dumps(one) + "\n" for one in objects))


def title(item: int) -> str:
    """What an item is called."""
    return TITLES[item - 1]


def genre(item: int) -> str:
    """A category of an item."""
    return GENRES[item % len(GENRES)]


def digest(kind: str, number: int, length: int = 32) -> str:
    """An id that looks like a hash."""
    return hashlib.sha1(f"{kind}{number}".encode()).hexdigest()[:length]


def reviewer(user: int) -> str:
    """An id of a person at Amazon."""
    return "A" + digest("user", user, 13).upper()


def asin(item: int) -> str:
    """An id of a product at Amazon."""
    return "B0" + digest("item", item, 8).upper()


def items_of(log: Log) -> list[int]:
    """Numbers of the items that are taken."""
    return sorted({event.item for event in log})


def users_of(log: Log) -> list[int]:
    """Numbers of the users."""
    return sorted({event.user for event in log})


# Films -----------------------------------------------------------------------------------------------------------


@published("MovieLens 100K", "films", "u.data, u.item, u.user: tabs and |, no header")
def movielens_100k(folder: Path, log: Log) -> Right:
    lines(folder / "u.data", ((e.user, e.item, e.rating, e.time) for e in log), "\t")
    kinds = ["|".join("1" if n == i % 19 else "0" for n in range(19)) for i in range(30)]
    lines(
        folder / "u.item",
        ((i, f"{title(i)} (1995)", "01-Jan-1995", "", f"http://us.imdb.com/M?{i}", kinds[i]) for i in items_of(log)),
        "|",
        "latin-1",
    )
    people = ((u, 20 + u, "MF"[u % 2], ("technician", "writer")[u % 2], f"{85000 + u}") for u in users_of(log))
    lines(folder / "u.user", people, "|")
    return Right(ratings=True, titles=True)


@published("MovieLens 1M", "films", "ratings.dat, movies.dat, users.dat: ::, no header")
def movielens_1m(folder: Path, log: Log) -> Right:
    lines(folder / "ratings.dat", ((e.user, e.item, e.rating, e.time) for e in log), "::")
    lines(folder / "movies.dat", ((i, f"{title(i)} (1995)", genre(i)) for i in items_of(log)), "::", "latin-1")
    people = ((u, "MF"[u % 2], (1, 18, 25, 35)[u % 4], u % 20, f"{10000 + u}") for u in users_of(log))
    lines(folder / "users.dat", people, "::")
    return Right(ratings=True, titles=True)


@published("MovieLens 10M", "films", "ratings.dat with half stars, movies.dat, tags.dat: ::, no header")
def movielens_10m(folder: Path, log: Log) -> Right:
    lines(folder / "ratings.dat", ((e.user, e.item, e.rating - 0.5, e.time) for e in log), "::")
    lines(folder / "movies.dat", ((i, f"{title(i)} (1995)", genre(i)) for i in items_of(log)), "::")
    lines(folder / "tags.dat", ((e.user, e.item, "classic", e.time + 9) for e in log[:9]), "::")
    return Right(ratings=True, titles=True)


@published("MovieLens 20M, 25M, 32M, latest", "films", "ratings.csv, movies.csv, tags.csv, links.csv")
def movielens_latest(folder: Path, log: Log) -> Right:
    delimited(folder / "ratings.csv", [("userId", "movieId", "rating", "timestamp"),
              *((e.user, e.item, float(e.rating), e.time) for e in log)])  # fmt: skip
    delimited(folder / "movies.csv", [("movieId", "title", "genres"),
              *((i, f"{title(i)}, The (1995)", f"{genre(i)}|Drama") for i in items_of(log))])  # fmt: skip
    delimited(
        folder / "tags.csv",
        [("userId", "movieId", "tag", "timestamp"), *((e.user, e.item, "fun", e.time + 5) for e in log[:12])],
    )
    delimited(
        folder / "links.csv",
        [("movieId", "imdbId", "tmdbId"), *((i, f"{114709 + i:07d}", 862 + i) for i in items_of(log))],
    )
    return Right(ratings=True, titles=True)


@published("Netflix Prize", "films", "combined_data_1.txt: a line “1:”, then user,rating,date")
def netflix(folder: Path, log: Log) -> Right:
    text = ""
    for item in items_of(log):
        rows = "".join(f"{1480000 + e.user},{e.rating},{e.at('%Y-%m-%d')}\n" for e in log if e.item == item)
        text += f"{item}:\n{rows}"
    (folder / "combined_data_1.txt").write_text(text)
    return Right(lambda n: f"{1480000 + n}", ratings=True)


@published("HetRec MovieLens", "films", "user_ratedmovies-timestamps.dat, movies.dat: tabs")
def hetrec_movielens(folder: Path, log: Log) -> Right:
    lines(folder / "user_ratedmovies-timestamps.dat", [("userID", "movieID", "rating", "timestamp"),
          *((e.user, e.item, e.rating, e.time * 1000) for e in log)], "\t")  # fmt: skip
    lines(folder / "movies.dat", [("id", "title", "imdbID", "year"),
          *((i, title(i), 114700 + i, 1995) for i in items_of(log))], "\t", "latin-1")  # fmt: skip
    return Right(ratings=True, titles=True)


@published("MovieTweetings", "films", "ratings.dat, movies.dat, users.dat: ::, no header")
def movietweetings(folder: Path, log: Log) -> Right:
    lines(folder / "ratings.dat", ((e.user, f"{114500 + e.item:07d}", 2 * e.rating, e.time) for e in log), "::")
    lines(
        folder / "movies.dat",
        ((f"{114500 + i:07d}", f"{title(i)} (1995)", f"{genre(i)}|Drama") for i in items_of(log)),
        "::",
    )
    lines(folder / "users.dat", ((u, 17528189 + u) for u in users_of(log)), "::")
    return Right(str, lambda n: f"{114500 + n:07d}", ratings=True, titles=True)


@published("FilmTrust", "films", "ratings.txt: blanks, no header, no time")
def filmtrust(folder: Path, log: Log) -> Right:
    lines(folder / "ratings.txt", ((e.user, e.item, e.rating - 0.5) for e in log), " ")
    return Right(times=False, ratings=True)


@published("Douban movies", "films", "moviereviews.csv: movie, user, rating, time")
def douban(folder: Path, log: Log) -> Right:
    delimited(folder / "moviereviews.csv", [("user_id", "movie_id", "rating", "time", "labels"),
              *((e.user, e.item, e.rating, e.at("%Y-%m-%d %H:%M:%S"), "看过") for e in log)])  # fmt: skip
    return Right(ratings=True)


@published("MyAnimeList", "films", "rating.csv (−1: not rated), anime.csv")
def anime(folder: Path, log: Log) -> Right:
    delimited(
        folder / "rating.csv",
        [("user_id", "anime_id", "rating"), *((e.user, e.item, 2 * e.rating if e.rating > 1 else -1) for e in log)],
    )
    delimited(folder / "anime.csv", [("anime_id", "name", "genre", "type", "episodes", "rating", "members"),
              *((i, title(i), f"{genre(i)}, Drama", "TV", 12, 7.5, 1000 + i) for i in items_of(log))])  # fmt: skip
    return Right(times=False, titles=True)


@published("MovieLens as Parquet", "films", "userId, movieId, rating, timestamp")
def movielens_parquet(folder: Path, log: Log) -> Right:
    pd.DataFrame({"userId": [e.user for e in log], "movieId": [e.item for e in log],
                  "rating": [float(e.rating) for e in log], "timestamp": [e.time for e in log]}).to_parquet(folder / "ratings.parquet")  # fmt: skip
    return Right(ratings=True)


# Shops -----------------------------------------------------------------------------------------------------------


@published("Amazon 2014 reviews", "shops", "JSON lines: reviewerID, asin, overall, unixReviewTime")
def amazon_2014(folder: Path, log: Log) -> Right:
    json_lines(folder / "reviews_Beauty.json", ({
        "reviewerID": reviewer(e.user), "asin": asin(e.item), "reviewerName": f"Ann {e.user}", "helpful": [0, 2],
        "reviewText": "I like it", "overall": float(e.rating), "summary": ("Great", "Good", "Bad")[e.rating % 3],
        "unixReviewTime": e.time, "reviewTime": e.at("%m %d, %Y")} for e in log))  # fmt: skip
    return Right(reviewer, asin, ratings=True)


@published("Amazon 2014 with metadata", "shops", "the same beside meta_Beauty.json, written as Python")
def amazon_2014_meta(folder: Path, log: Log) -> Right:
    amazon_2014(folder, log)
    meta = (
        {"asin": asin(i), "title": f"{title(i)}'s", "price": 9.5 + i, "categories": [["Beauty", genre(i)]]}
        for i in items_of(log)
    )
    (folder / "meta_Beauty.json").write_text("".join(f"{one!r}\n" for one in meta))
    return Right(reviewer, asin, ratings=True, titles=True)


@published("Amazon 2014, ratings only", "shops", "CSV: user, item, rating, time, no header")
def amazon_2014_ratings(folder: Path, log: Log) -> Right:
    delimited(folder / "ratings_Beauty.csv", ((reviewer(e.user), asin(e.item), float(e.rating), e.time) for e in log))
    return Right(reviewer, asin, ratings=True)


@published("Amazon 2018 reviews", "shops", "JSON lines, packed: overall, verified, reviewTime, reviewerID, asin, style")
def amazon_2018(folder: Path, log: Log) -> Right:
    text = "".join(json.dumps({
        "overall": float(e.rating), "verified": True, "reviewTime": e.at("%m %d, %Y"), "reviewerID": reviewer(e.user),
        "asin": asin(e.item), "style": {"Size:": " One Size"}, "reviewerName": "Ann", "reviewText": "Fine",
        "summary": ("Great", "Good", "Bad")[e.rating % 3], "unixReviewTime": e.time}) + "\n" for e in log)  # fmt: skip
    (folder / "All_Beauty_5.json.gz").write_bytes(gzip.compress(text.encode()))
    return Right(reviewer, asin, ratings=True)


@published("Amazon 2018, ratings only", "shops", "CSV: item, user, rating, time, no header")
def amazon_2018_ratings(folder: Path, log: Log) -> Right:
    delimited(folder / "All_Beauty.csv", ((asin(e.item), reviewer(e.user), float(e.rating), e.time) for e in log))
    return Right(reviewer, asin, ratings=True)


@published(
    "Amazon 2023 reviews", "shops", "JSON lines: rating, title of the review, parent_asin, user_id, timestamp in ms"
)
def amazon_2023(folder: Path, log: Log) -> Right:
    json_lines(folder / "All_Beauty.jsonl", ({
        "rating": float(e.rating), "title": ("Five Stars", "Meh", "Broken", "Love it")[(e.rating + e.user) % 4], "text": "…",
        "images": [], "asin": asin(e.item), "parent_asin": asin(e.item), "user_id": reviewer(e.user),
        "timestamp": e.time * 1000, "helpful_vote": 0, "verified_purchase": True} for e in log))  # fmt: skip
    return Right(reviewer, asin, ratings=True)


@published("Amazon 2023, 5-core", "shops", "CSV: user_id, parent_asin, rating, timestamp, history")
def amazon_2023_core(folder: Path, log: Log) -> Right:
    before: dict[int, list[str]] = {}
    rows = []
    for e in log:
        rows.append((reviewer(e.user), asin(e.item), float(e.rating), e.time * 1000, " ".join(before.get(e.user, []))))
        before.setdefault(e.user, []).append(asin(e.item))
    delimited(folder / "All_Beauty.train.csv", [("user_id", "parent_asin", "rating", "timestamp", "history"), *rows])
    return Right(reviewer, asin, ratings=True)


@published("RetailRocket", "shops", "events.csv, item_properties_part1.csv, category_tree.csv")
def retailrocket(folder: Path, log: Log) -> Right:
    names = {"view": "view", "cart": "addtocart", "purchase": "transaction"}
    rows = ((e.time * 1000, 257590 + e.user, names[e.event], 350000 + e.item, 4000 + n if e.event == "purchase" else "")
            for n, e in enumerate(log))  # fmt: skip
    delimited(folder / "events.csv", [("timestamp", "visitorid", "event", "itemid", "transactionid"), *rows])
    properties = [(1_435_460_400_000, 350000 + i, name, value) for i in items_of(log)
                  for name, value in (("categoryid", 1338 + i % 4), ("available", 1), ("888", f"n{i}.000 1297729"))]  # fmt: skip
    delimited(folder / "item_properties_part1.csv", [("timestamp", "itemid", "property", "value"), *properties])
    delimited(folder / "category_tree.csv", [("categoryid", "parentid"), *((1338 + n, 1000) for n in range(4))])
    return Right(lambda n: f"{257590 + n}", lambda n: f"{350000 + n}")


@published("YooChoose clicks", "shops", "session, ISO time, item, category: no header")
def yoochoose(folder: Path, log: Log) -> Right:
    rows = ((e.user, e.at("%Y-%m-%dT%H:%M:%S.") + f"{e.time % 1000:03d}Z", 214530000 + e.item, e.item % 3) for e in log)
    delimited(folder / "yoochoose-clicks.dat", rows)
    return Right(str, lambda n: f"{214530000 + n}")


@published("YooChoose buys", "shops", "session, ISO time, item, price, quantity: no header")
def yoochoose_buys(folder: Path, log: Log) -> Right:
    rows = (
        (e.user, e.at("%Y-%m-%dT%H:%M:%S.") + f"{e.time % 1000:03d}Z", 214530000 + e.item, 1000 + 50 * e.item, 1)
        for e in log
    )
    delimited(folder / "yoochoose-buys.dat", rows)
    return Right(str, lambda n: f"{214530000 + n}")


@published("Diginetica", "shops", "train-item-views.csv: sessionId;userId (often NA);itemId;timeframe;eventdate")
def diginetica(folder: Path, log: Log) -> Right:
    rows = (
        (e.user, "NA" if e.user % 3 else f"{9000 + e.user}", e.item, (e.time % 86_400) * 1000 // 10, e.at("%Y-%m-%d"))
        for e in log
    )
    delimited(
        folder / "train-item-views.csv", [("sessionId", "userId", "itemId", "timeframe", "eventdate"), *rows], ";"
    )
    return Right()


@published(
    "Tmall repeat buyers",
    "shops",
    "user_log_format1.csv: user_id, item_id, cat_id, seller_id, brand_id, mmdd, action_type",
)
def tmall(folder: Path, log: Log) -> Right:
    kinds = {"view": 0, "cart": 1, "purchase": 2}
    delimited(folder / "user_log_format1.csv", [("user_id", "item_id", "cat_id", "seller_id", "brand_id", "time_stamp", "action_type"),
              *((e.user, 323290 + e.item, 833 + e.item % 3, 2882 + e.item % 5, 2661, int(e.at("%m%d")), kinds[e.event]) for e in log)])  # fmt: skip
    return Right(str, lambda n: f"{323290 + n}")  # a day without a year puts rows in order


@published("Taobao UserBehavior", "shops", "user, item, category, pv/cart/buy, seconds: no header")
def taobao(folder: Path, log: Log) -> Right:
    kinds = {"view": "pv", "cart": "cart", "purchase": "buy"}
    delimited(
        folder / "UserBehavior.csv",
        ((e.user, 2268318 + e.item, 2520377 + e.item % 4, kinds[e.event], e.time) for e in log),
    )
    return Right(str, lambda n: f"{2268318 + n}")


@published("H&M", "shops", "transactions_train.csv, articles.csv, customers.csv")
def hm(folder: Path, log: Log) -> Right:
    delimited(folder / "transactions_train.csv", [("t_dat", "customer_id", "article_id", "price", "sales_channel_id"),
              *((e.at("%Y-%m-%d"), digest("c", e.user, 40), f"0{663713000 + e.item}", 0.0508 + e.item / 1e4, 1 + e.item % 2) for e in log)])  # fmt: skip
    delimited(folder / "articles.csv", [("article_id", "product_code", "prod_name", "product_type_name", "colour_group_name"),
              *((f"0{663713000 + i}", 663713 + i, title(i), "Bra", genre(i)) for i in items_of(log))])  # fmt: skip
    delimited(folder / "customers.csv", [("customer_id", "FN", "Active", "club_member_status", "fashion_news_frequency", "age", "postal_code"),
              *((digest("c", u, 40), 1.0, 1.0, "ACTIVE", "NONE", 20 + u, digest("p", u, 40)) for u in users_of(log))])  # fmt: skip
    return Right(lambda n: digest("c", n, 40), lambda n: f"0{663713000 + n}", titles=True)


@published("Instacart", "shops", "orders.csv, order_products__prior.csv, products.csv")
def instacart(folder: Path, log: Log) -> Right:
    orders, rows = [], []
    for user, events in by_user(log):
        for number, e in enumerate(events, 1):
            order = 1000 * user + number
            days = "" if number == 1 else (e.time - events[number - 2].time) // 86_400
            orders.append((order, user, "prior", number, e.moment.isoweekday() % 7, f"{e.moment.hour:02d}", days))
            rows.append((order, e.item, 1, 0))
    delimited(
        folder / "orders.csv",
        [
            (
                "order_id",
                "user_id",
                "eval_set",
                "order_number",
                "order_dow",
                "order_hour_of_day",
                "days_since_prior_order",
            ),
            *orders,
        ],
    )
    delimited(
        folder / "order_products__prior.csv", [("order_id", "product_id", "add_to_cart_order", "reordered"), *rows]
    )
    delimited(
        folder / "products.csv",
        [("product_id", "product_name", "aisle_id", "department_id"), *((i, title(i), 61, 19) for i in items_of(log))],
    )
    return Right(times=False, titles=True)


@published("Olist", "shops", "olist_orders_dataset.csv, olist_order_items_dataset.csv, olist_customers_dataset.csv")
def olist(folder: Path, log: Log) -> Right:
    header = ("order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at")
    key = [digest("o", n) for n in range(len(log))]
    delimited(
        folder / "olist_orders_dataset.csv",
        [
            header,
            *(
                (key[n], digest("cu", n), "delivered", e.at("%Y-%m-%d %H:%M:%S"), e.at("%Y-%m-%d %H:%M:%S"))
                for n, e in enumerate(log)
            ),
        ],
    )
    delimited(folder / "olist_order_items_dataset.csv", [("order_id", "order_item_id", "product_id", "seller_id", "price", "freight_value"),
              *((key[n], 1, digest("pr", e.item), digest("s", e.item % 3), 58.9 + e.item, 13.29) for n, e in enumerate(log))])  # fmt: skip
    delimited(folder / "olist_customers_dataset.csv", [("customer_id", "customer_unique_id", "customer_zip_code_prefix", "customer_city"),
              *((digest("cu", n), digest("un", e.user), f"{14409 + e.user}", "franca") for n, e in enumerate(log))])  # fmt: skip
    return Right(lambda n: digest("un", n), lambda n: digest("pr", n))


def _retail(log: Log, when: str = "%m/%d/%Y %H:%M") -> list[tuple[Any, ...]]:
    return [(536365 + n, f"{85123 + e.item}A", title(e.item).upper(), 6, e.at(when), 2.55, 17850 + e.user, "United Kingdom")
            for n, e in enumerate(log)]  # fmt: skip


RETAIL = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")


@published(
    "UCI Online Retail",
    "shops",
    "CSV: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice, CustomerID, Country",
)
def online_retail(folder: Path, log: Log) -> Right:
    delimited(folder / "Online_Retail.csv", [RETAIL, *_retail(log)])
    return Right(lambda n: f"{17850 + n}", lambda n: f"{85123 + n}A", titles=True)


@published("UCI Online Retail II", "shops", "workbook with a sheet a year")
def online_retail_ii(folder: Path, log: Log) -> Right:
    frame = pd.DataFrame(_retail(log), columns=list(RETAIL))
    frame["InvoiceDate"] = pd.to_datetime(frame["InvoiceDate"], format="%m/%d/%Y %H:%M")
    frame["InvoiceDate"] = [e.moment.replace(tzinfo=None) for e in log]
    half = len(frame) // 2
    with pd.ExcelWriter(folder / "online_retail_II.xlsx", engine="openpyxl") as book:
        frame[:half].to_excel(book, sheet_name="Year 2009-2010", index=False)
        frame[half:].to_excel(book, sheet_name="Year 2010-2011", index=False)
    return Right(lambda n: f"{17850 + n}", lambda n: f"{85123 + n}A", titles=True)


@published(
    "REES46 multi-category store",
    "shops",
    "2019-Oct.csv, 2019-Nov.csv: event_time with UTC, event_type, product_id, …, user_id, user_session",
)
def rees46(folder: Path, log: Log) -> Right:
    header = (
        "event_time",
        "event_type",
        "product_id",
        "category_id",
        "category_code",
        "brand",
        "price",
        "user_id",
        "user_session",
    )
    rows = [(e.at("%Y-%m-%d %H:%M:%S UTC"), e.event, 44600000 + e.item, 2103807459595387724 + e.item % 3, "electronics.phone",
             "apple", 35.79 + e.item, 541312140 + e.user, digest("session", e.user, 8) + "-c352-4b6a") for e in log]  # fmt: skip
    half = len(rows) // 2
    delimited(folder / "2019-Oct.csv", [header, *rows[:half]])
    delimited(folder / "2019-Nov.csv", [header, *rows[half:]])
    return Right(lambda n: f"{541312140 + n}", lambda n: f"{44600000 + n}")


@published("OTTO", "shops", "JSON lines: session, events [{aid, ts, type}]")
def otto(folder: Path, log: Log) -> Right:
    kinds = {"view": "clicks", "cart": "carts", "purchase": "orders"}
    json_lines(folder / "train.jsonl", ({"session": user, "events": [
        {"aid": e.item, "ts": e.time * 1000, "type": kinds[e.event]} for e in events]} for user, events in by_user(log)))  # fmt: skip
    return Right()


@published("Dressipi (RecSys 2022)", "shops", "train_sessions.csv: session_id, item_id, date")
def dressipi(folder: Path, log: Log) -> Right:
    delimited(
        folder / "train_sessions.csv",
        [("session_id", "item_id", "date"), *((e.user, e.item, e.at("%Y-%m-%d %H:%M:%S.%f")[:-3]) for e in log)],
    )
    return Right()


@published(
    "Coveo (SIGIR 2021)",
    "shops",
    "browsing_train.csv: session_id_hash, event_type, product_action, product_sku_hash, server_timestamp_epoch_ms",
)
def coveo(folder: Path, log: Log) -> Right:
    actions = {"view": "detail", "cart": "add", "purchase": "purchase"}
    delimited(folder / "browsing_train.csv", [("session_id_hash", "event_type", "product_action", "product_sku_hash", "server_timestamp_epoch_ms", "hashed_url"),
              *((digest("s", e.user), "event_product", actions[e.event], digest("sku", e.item), e.time * 1000, digest("url", n)) for n, e in enumerate(log))])  # fmt: skip
    return Right(lambda n: digest("s", n), lambda n: digest("sku", n))


@published(
    "Google Analytics 4, BigQuery export",
    "shops",
    "JSON lines: event_date, event_timestamp in µs, event_name, user_pseudo_id, items [{…}]",
)
def ga4_bigquery(folder: Path, log: Log) -> Right:
    json_lines(folder / "ga4.jsonl", ({
        "event_date": e.at("%Y%m%d"), "event_timestamp": str(e.time * 1_000_000), "event_name": "purchase",
        "user_id": f"login{e.user}" if e.user % 8 == 0 else None, "user_pseudo_id": f"{1000 + e.user}.17",
        "items": [{"item_id": f"SKU{e.item}", "item_name": title(e.item), "quantity": 1}]} for e in log))  # fmt: skip
    return Right(lambda n: f"{1000 + n}.17", lambda n: f"SKU{n}", titles=True)


@published(
    "Google Analytics 4, flattened",
    "shops",
    "CSV: event_date, event_timestamp in µs, event_name, user_id (few), user_pseudo_id, item_id",
)
def ga4_flat(folder: Path, log: Log) -> Right:
    delimited(folder / "ga4.csv", [("event_date", "event_timestamp", "event_name", "user_id", "user_pseudo_id", "item_id"),
              *((e.at("%Y%m%d"), e.time * 1_000_000, "view_item", f"login{e.user}" if e.user == 8 else "", f"{1000 + e.user}.17", f"SKU{e.item}") for e in log)])  # fmt: skip
    return Right(lambda n: f"{1000 + n}.17", lambda n: f"SKU{n}")


@published("Shopify orders", "shops", "orders_export.csv: an order's first line alone has Email, Created at")
def shopify(folder: Path, log: Log) -> Right:
    rows = []
    for user, events in by_user(log):
        for n in range(0, len(events), 2):
            name = f"#{1000 + 20 * user + n}"
            for at, e in enumerate(events[n : n + 2]):
                first = (
                    (f"u{user}@example.com", "paid", events[n].at("%Y-%m-%d %H:%M:%S -0500"))
                    if at == 0
                    else ("", "", "")
                )
                rows.append((name, *first, 1, title(e.item), "9.50", f"SKU-{e.item}"))
    delimited(
        folder / "orders_export.csv",
        [
            (
                "Name",
                "Email",
                "Financial Status",
                "Created at",
                "Lineitem quantity",
                "Lineitem name",
                "Lineitem price",
                "Lineitem sku",
            ),
            *rows,
        ],
    )
    return Right(lambda n: f"u{n}@example.com", lambda n: f"SKU-{n}")


@published("WooCommerce orders", "shops", "order export: a line a product")
def woocommerce(folder: Path, log: Log) -> Right:
    delimited(folder / "wc-orders.csv", [("Order ID", "Order Status", "Order Date", "Customer User ID", "Billing Email", "Product ID", "Product Name", "Quantity"),
              *((5000 + n, "completed", e.at("%Y-%m-%d %H:%M"), e.user, f"u{e.user}@example.com", 700 + e.item, title(e.item), 1) for n, e in enumerate(log))])  # fmt: skip
    return Right(str, lambda n: f"{700 + n}", titles=True)


@published("Matomo visits", "shops", "Live.getLastVisitsDetails: JSON, visits with actionDetails [{…}]")
def matomo(folder: Path, log: Log) -> Right:
    visits = [{"idVisit": user, "visitorId": digest("v", user, 16), "actionDetails": [
        {"type": "action", "url": f"https://example.com/p/{e.item}", "pageTitle": title(e.item), "timestamp": e.time} for e in events]}
        for user, events in by_user(log)]  # fmt: skip
    (folder / "visits.json").write_text(json.dumps(visits))
    return Right(lambda n: digest("v", n, 16), lambda n: f"https://example.com/p/{n}")


@published("Amazon Personalize", "shops", "interactions.csv: USER_ID, ITEM_ID, TIMESTAMP, EVENT_TYPE")
def personalize(folder: Path, log: Log) -> Right:
    delimited(
        folder / "interactions.csv",
        [("USER_ID", "ITEM_ID", "TIMESTAMP", "EVENT_TYPE"), *((e.user, e.item, e.time, e.event) for e in log)],
    )
    return Right()


@published("Gorse feedback", "shops", "type, user, item, time: no header")
def gorse(folder: Path, log: Log) -> Right:
    delimited(
        folder / "feedback.csv",
        ((("read", "star")[e.rating > 3], e.user, f"p{e.item}", e.at("%Y-%m-%dT%H:%M:%SZ")) for e in log),
    )
    return Right(str, lambda n: f"p{n}")


@published("RentTheRunway, ModCloth", "shops", "JSON lines: user_id, item_id, rating, review_date")
def renttherunway(folder: Path, log: Log) -> Right:
    json_lines(folder / "renttherunway_final_data.json", ({
        "fit": "fit", "user_id": str(420272 + e.user), "bust size": "34d", "item_id": str(2260466 + e.item), "rating": str(2 * e.rating),
        "rented for": "vacation", "review_text": "…", "body type": "hourglass", "category": genre(e.item), "height": "5' 8\"",
        "size": 14, "age": "28", "review_date": f"{e.at('%B')} {e.moment.day}, {e.moment.year}"} for e in log))  # fmt: skip
    return Right(lambda n: f"{420272 + n}", lambda n: f"{2260466 + n}", ratings=True)


# Places ----------------------------------------------------------------------------------------------------------


@published("Yelp", "places", "review.json, business.json: JSON lines")
def yelp(folder: Path, log: Log) -> Right:
    json_lines(folder / "yelp_academic_dataset_review.json", ({
        "review_id": digest("r", n, 22), "user_id": "-" + digest("u", e.user, 21), "business_id": digest("b", e.item, 22), "stars": float(e.rating),
        "useful": 0, "funny": 0, "cool": 0, "text": "Nice.", "date": e.at("%Y-%m-%d %H:%M:%S")} for n, e in enumerate(log)))  # fmt: skip
    json_lines(folder / "yelp_academic_dataset_business.json", ({
        "business_id": digest("b", i, 22), "name": title(i), "city": "Tampa", "state": "FL", "latitude": 27.9 + i / 100, "longitude": -82.4,
        "stars": 4.0, "review_count": 20, "is_open": 1, "categories": f"{genre(i)}, Food"} for i in items_of(log)))  # fmt: skip
    return Right(lambda n: "-" + digest("u", n, 21), lambda n: digest("b", n, 22), ratings=True, titles=True)


@published("Gowalla, Brightkite", "places", "user, ISO time, latitude, longitude, place: newest first, no header")
def gowalla(folder: Path, log: Log) -> Right:
    rows = []
    for user, events in by_user(log):
        rows += [
            (
                user,
                e.at("%Y-%m-%dT%H:%M:%SZ"),
                f"{30.2 + e.item / 1000:.10f}",
                f"{-97.7 + e.item / 1000:.10f}",
                22847 + e.item,
            )
            for e in reversed(events)
        ]
    lines(folder / "Gowalla_totalCheckins.txt", rows, "\t")
    return Right(str, lambda n: f"{22847 + n}")


@published(
    "Foursquare TSMC",
    "places",
    "user, venue, category id, category, latitude, longitude, offset, time: no header, latin-1",
)
def foursquare(folder: Path, log: Log) -> Right:
    lines(folder / "dataset_TSMC2014_NYC.txt", ((e.user, digest("v", e.item, 24), digest("cat", e.item % 4, 24), ("Café", "Bar", "Gym", "Park")[e.item % 4],
          40.7 + e.item / 1000, -74.0 - e.item / 1000, -240, e.at("%a %b %d %H:%M:%S +0000 %Y")) for e in log), "\t", "latin-1")  # fmt: skip
    return Right(str, lambda n: digest("v", n, 24))


@published(
    "Trivago (RecSys 2019)", "places", "train.csv: user_id, session_id, timestamp, step, action_type, reference, …"
)
def trivago(folder: Path, log: Log) -> Right:
    delimited(folder / "train.csv", [("user_id", "session_id", "timestamp", "step", "action_type", "reference", "platform", "city", "device"),
              *((digest("t", e.user, 12).upper(), digest("ts", e.user, 13), e.time, 1, "clickout item", 109038 + e.item, "BR", "Rio", "mobile") for e in log)])  # fmt: skip
    return Right(lambda n: digest("t", n, 12).upper(), lambda n: f"{109038 + n}")


# Books and food --------------------------------------------------------------------------------------------------


@published(
    "Goodreads interactions", "books", "goodreads_interactions.csv: user_id, book_id, is_read, rating, is_reviewed"
)
def goodreads(folder: Path, log: Log) -> Right:
    delimited(
        folder / "goodreads_interactions.csv",
        [("user_id", "book_id", "is_read", "rating", "is_reviewed"), *((e.user, e.item, 1, e.rating, 0) for e in log)],
    )
    return Right(times=False, ratings=True)


@published("Goodreads with dates", "books", "JSON lines: user_id, book_id, rating, date_added with the year last")
def goodreads_json(folder: Path, log: Log) -> Right:
    json_lines(folder / "goodreads_interactions_poetry.json", ({
        "user_id": digest("u", e.user), "book_id": str(1384 + e.item), "review_id": digest("r", n), "is_read": True, "rating": e.rating,
        "review_text_incomplete": "", "date_added": e.at("%a %b %d %H:%M:%S -0000 %Y").replace("-0000", "+0000"),
        "date_updated": e.at("%a %b %d %H:%M:%S +0000 %Y"), "read_at": "", "started_at": ""} for n, e in enumerate(log)))  # fmt: skip
    return Right(lambda n: digest("u", n), lambda n: f"{1384 + n}", ratings=True)


@published("goodbooks-10k", "books", "ratings.csv, books.csv")
def goodbooks(folder: Path, log: Log) -> Right:
    delimited(folder / "ratings.csv", [("user_id", "book_id", "rating"), *((e.user, e.item, e.rating) for e in log)])
    delimited(folder / "books.csv", [("book_id", "goodreads_book_id", "authors", "original_publication_year", "title"),
              *((i, 2767052 + i, "Suzanne Collins", 2008.0, title(i)) for i in items_of(log))])  # fmt: skip
    return Right(times=False, ratings=True, titles=True)


@published("Book-Crossing", "books", "BX-Book-Ratings.csv, BX-Books.csv, BX-Users.csv: ; and latin-1")
def book_crossing(folder: Path, log: Log) -> Right:
    def quoted(name: str, rows: list[tuple[Any, ...]]) -> None:
        (folder / name).write_text("".join(";".join(f'"{cell}"' for cell in row) + "\n" for row in rows), "latin-1")

    quoted(
        "BX-Book-Ratings.csv",
        [("User-ID", "ISBN", "Book-Rating"), *((276725 + e.user, f"0{34545104 + e.item}X", 2 * e.rating) for e in log)],
    )
    quoted(
        "BX-Books.csv",
        [
            ("ISBN", "Book-Title", "Book-Author", "Year-Of-Publication", "Publisher"),
            *((f"0{34545104 + i}X", title(i), "José", 2002, "O") for i in items_of(log)),
        ],
    )
    quoted("BX-Users.csv", [("User-ID", "Location", "Age"), *((276725 + u, "nyc, usa", 20 + u) for u in users_of(log))])
    return Right(lambda n: f"{276725 + n}", lambda n: f"0{34545104 + n}X", times=False, ratings=True, titles=True)


@published("Food.com", "books", "RAW_interactions.csv, RAW_recipes.csv")
def foodcom(folder: Path, log: Log) -> Right:
    delimited(
        folder / "RAW_interactions.csv",
        [
            ("user_id", "recipe_id", "date", "rating", "review"),
            *((38094 + e.user, 40893 + e.item, e.at("%Y-%m-%d"), e.rating, "Great, with salad") for e in log),
        ],
    )
    delimited(folder / "RAW_recipes.csv", [("name", "id", "minutes", "contributor_id", "submitted", "tags"),
              *((title(i), 40893 + i, 55, 47892, "2005-09-16", "['easy']") for i in items_of(log))])  # fmt: skip
    return Right(lambda n: f"{38094 + n}", lambda n: f"{40893 + n}", ratings=True, titles=True)


def _blocks(folder: Path, log: Log, name: str, kind: str, seconds: str) -> Right:
    (folder / name).write_text("\n".join(
        f"{kind}/productId: {asin(e.item)}\nreview/userId: {reviewer(e.user)}\nreview/profileName: Ann \"x\"\nreview/helpfulness: 1/1\n"
        f"review/score: {e.rating}.0\nreview/{seconds}: {e.time}\nreview/summary: Good, ok\nreview/text: I have: it\n" for e in log))  # fmt: skip
    return Right(reviewer, asin, ratings=True)


@published("SNAP Fine Foods", "food", "foods.txt: blocks of “key: value”")
def fine_foods(folder: Path, log: Log) -> Right:
    return _blocks(folder, log, "foods.txt", "product", "time")


@published("SNAP Amazon movies", "films", "movies.txt: blocks of “key: value”")
def snap_movies(folder: Path, log: Log) -> Right:
    return _blocks(folder, log, "movies.txt", "product", "time")


@published("BeerAdvocate, RateBeer", "food", "beeradvocate.txt: blocks of “key: value”")
def beeradvocate(folder: Path, log: Log) -> Right:
    (folder / "beeradvocate.txt").write_text("\n".join(
        f"beer/name: {title(e.item)}\nbeer/beerId: {47986 + e.item}\nbeer/brewerId: 10325\nbeer/ABV: 5.00\nbeer/style: {genre(e.item)}\n"
        f"review/appearance: 2.5\nreview/aroma: 2\nreview/overall: {e.rating}\nreview/time: {e.time}\n"
        f"review/profileName: stcules{e.user}\nreview/text: A lot of foam.\n" for e in log))  # fmt: skip
    return Right(lambda n: f"stcules{n}", lambda n: f"{47986 + n}", ratings=True, titles=True)


# Games, music, video ---------------------------------------------------------------------------------------------


@published("Steam-200k", "games", "user, game, purchase or play, hours, 0: no header")
def steam_200k(folder: Path, log: Log) -> Right:
    delimited(
        folder / "steam-200k.csv",
        ((151603712 + e.user, title(e.item), ("purchase", "play")[e.rating > 3], float(e.rating), 0) for e in log),
    )
    return Right(lambda n: f"{151603712 + n}", title, times=False)


@published("Steam reviews", "games", "written as Python: {u'username': …, u'product_id': …, u'date': …}")
def steam_reviews(folder: Path, log: Log) -> Right:
    (folder / "steam_reviews.json").write_text("".join(
        f"{{u'username': u'Chaos{e.user}', u'hours': 0.1, u'products': 41, u'product_id': u'{725280 + e.item}', u'page_order': 0, "
        f"u'date': u'{e.at('%Y-%m-%d')}', u'text': u\"It's fun\", u'early_access': False, u'page': 1}}\n" for e in log))  # fmt: skip
    return Right(lambda n: f"Chaos{n}", lambda n: f"{725280 + n}")


@published("Steam, Australian users", "games", "written as Python, a user a line: items [{…}]")
def steam_items(folder: Path, log: Log) -> Right:
    (folder / "australian_users_items.json").write_text("".join(repr({
        "user_id": f"evcentric{user}", "items_count": len(events), "steam_id": str(76561197970982479 + user), "items": [
            {"item_id": str(10 + e.item), "item_name": title(e.item), "playtime_forever": 6 * e.rating} for e in events]}) + "\n"
        for user, events in by_user(log)))  # fmt: skip
    return Right(lambda n: f"evcentric{n}", lambda n: f"{10 + n}", times=False, titles=True)


@published("Twitch", "games", "100k_a.csv: user, stream, streamer, start, stop: no header")
def twitch(folder: Path, log: Log) -> Right:
    delimited(
        folder / "100k_a.csv",
        (
            (
                e.user,
                33842865744 + n,
                f"streamer_{e.item}",
                (e.time - 1_577_800_000) // 600,
                (e.time - 1_577_800_000) // 600 + 3,
            )
            for n, e in enumerate(log)
        ),
    )
    return Right(str, lambda n: f"streamer_{n}", times=False)


@published("Last.fm 1K", "music", "user, ISO time, artist id, artist, track id, track: tabs, no header")
def lastfm_1k(folder: Path, log: Log) -> Right:
    lines(folder / "userid-timestamp-artid-artname-traid-traname.tsv", ((f"user_{e.user:06d}", e.at("%Y-%m-%dT%H:%M:%SZ"), digest("art", e.item % 7, 36), f"Band {e.item % 7}",
          digest("tra", e.item, 36), title(e.item)) for e in reversed(log)), "\t")  # fmt: skip
    return Right(lambda n: f"user_{n:06d}", lambda n: digest("tra", n, 36))


@published("Last.fm 360K", "music", "usersha1-artmbid-artname-plays.tsv: no header")
def lastfm_360k(folder: Path, log: Log) -> Right:
    lines(
        folder / "usersha1-artmbid-artname-plays.tsv",
        (
            (digest("u", e.user, 40), digest("art", e.item, 36), f"The {title(e.item)}", 100 * e.rating + e.item)
            for e in log
        ),
        "\t",
    )
    return Right(lambda n: digest("u", n, 40), lambda n: digest("art", n, 36), times=False, titles=True)


@published("HetRec Last.fm 2K", "music", "user_artists.dat, artists.dat, tags.dat, user_friends.dat")
def hetrec_lastfm(folder: Path, log: Log) -> Right:
    lines(
        folder / "user_artists.dat",
        [("userID", "artistID", "weight"), *((e.user, 50 + e.item, 1000 * e.rating) for e in log)],
        "\t",
    )
    lines(
        folder / "artists.dat",
        [
            ("id", "name", "url", "pictureURL"),
            *((50 + i, title(i), f"http://www.last.fm/music/{i}", "") for i in items_of(log)),
        ],
        "\t",
    )
    lines(folder / "user_friends.dat", [("userID", "friendID"), *((u, 1 + u % 20) for u in users_of(log))], "\t")
    lines(folder / "tags.dat", [("tagID", "tagValue"), *((n, f"tag {n}") for n in range(1, 9))], "\t", "latin-1")
    return Right(str, lambda n: f"{50 + n}", times=False, titles=True)


@published("LFM-1b", "music", "LFM-1b_LEs.txt: user, artist, album, track, time: tabs, no header")
def lfm_1b(folder: Path, log: Log) -> Right:
    lines(
        folder / "LFM-1b_LEs.txt",
        ((31435741 + e.user, e.item % 7, 4000 + e.item % 9, 53000 + e.item, e.time) for e in log),
        "\t",
    )
    return Right(lambda n: f"{31435741 + n}", lambda n: f"{53000 + n}")


@published("Million Song taste profile", "music", "train_triplets.txt: user, song, plays: tabs, no header")
def msd(folder: Path, log: Log) -> Right:
    lines(
        folder / "train_triplets.txt",
        ((digest("u", e.user, 40), "SO" + digest("s", e.item, 16).upper(), e.rating) for e in log),
        "\t",
    )
    return Right(lambda n: digest("u", n, 40), lambda n: "SO" + digest("s", n, 16).upper(), times=False)


@published("Spotify Million Playlist", "music", "mpd.slice.0-999.json: playlists [{pid, tracks [{…}]}]")
def spotify(folder: Path, log: Log) -> Right:
    slice_ = {"info": {"slice": "0-999", "version": "v1"}, "playlists": [
        {"name": "mix", "pid": user, "num_tracks": len(events), "tracks": [
            {"pos": n, "artist_name": f"Band {e.item % 7}", "track_uri": f"spotify:track:{digest('t', e.item, 22)}", "track_name": title(e.item)} for n, e in enumerate(events)]}
        for user, events in by_user(log)]}  # fmt: skip
    (folder / "mpd.slice.0-999.json").write_text(json.dumps(slice_, indent=1))
    return Right(str, lambda n: f"spotify:track:{digest('t', n, 22)}", times=False, titles=True)


@published("KuaiRec", "video", "big_matrix.csv: user_id, video_id, play_duration, …, timestamp, watch_ratio")
def kuairec(folder: Path, log: Log) -> Right:
    delimited(folder / "big_matrix.csv", [("user_id", "video_id", "play_duration", "video_duration", "time", "date", "timestamp", "watch_ratio"),
              *((e.user, e.item, 13838 + n, 10867, e.at("%Y-%m-%d %H:%M:%S.010"), e.at("%Y%m%d"), f"{e.time}.01", 1.27 + e.rating / 10) for n, e in enumerate(log))])  # fmt: skip
    return Right()


@published("KuaiRand", "video", "log_standard.csv: user_id, video_id, date, hourmin, time_ms, is_click, …")
def kuairand(folder: Path, log: Log) -> Right:
    delimited(folder / "log_standard_4_08_to_4_21_pure.csv", [("user_id", "video_id", "date", "hourmin", "time_ms", "is_click", "is_like", "play_time_ms", "duration_ms", "tab"),
              *((e.user, e.item, e.at("%Y%m%d"), e.at("%H00"), e.time * 1000, 1, 0, 5000 + n, 10867, 1) for n, e in enumerate(log))])  # fmt: skip
    return Right()


# News and jobs ---------------------------------------------------------------------------------------------------


@published("MIND", "news", "behaviors.tsv (history, impressions N1-1 N2-0), news.tsv: no header")
def mind(folder: Path, log: Log) -> Right:
    rows = []
    for user, events in by_user(log):
        past = " ".join(f"N{e.item}" for e in events[:-2])
        for e in events[-2:]:
            other = 1 + (e.item % 20)
            rows.append(
                (
                    len(rows) + 1,
                    f"U{user}",
                    e.moment.strftime("%m/%d/%Y %I:%M:%S %p"),
                    past,
                    f"N{other}-0 N{e.item}-1" if other != e.item else f"N{e.item}-1",
                )
            )
    lines(folder / "behaviors.tsv", rows, "\t")
    lines(
        folder / "news.tsv",
        (
            (
                f"N{i}",
                genre(i).lower(),
                "sub",
                f"{title(i)} wins the day",
                "…",
                f"https://assets.msn.com/{i}.html",
                "[]",
                "[]",
            )
            for i in range(1, 21)
        ),
        "\t",
    )
    return Right(lambda n: f"U{n}", lambda n: f"N{n}", times=False, titles=True)


@published("Globo", "news", "clicks_hour_000.csv: user_id, session_id, …, click_article_id, click_timestamp")
def globo(folder: Path, log: Log) -> Right:
    delimited(folder / "clicks_hour_000.csv", [("user_id", "session_id", "session_start", "session_size", "click_article_id", "click_timestamp", "click_environment", "click_region"),
              *((e.user, 1506825423271737 + e.user, (e.time - 9) * 1000, 2, 119592 + e.item, e.time * 1000, 4, 20) for e in log)])  # fmt: skip
    return Right(str, lambda n: f"{119592 + n}")


@published("Adressa", "news", "JSON lines: userId, id, title, time")
def adressa(folder: Path, log: Log) -> Right:
    json_lines(folder / "20170101", ({"eventId": 44100000 + n, "city": "oslo", "activeTime": 16 + n % 9, "url": f"http://adressa.no/{e.item}", "id": digest("a", e.item, 40),
               "userId": f"cx:{digest('u', e.user, 20)}", "title": title(e.item), "time": e.time, "category": genre(e.item)} for n, e in enumerate(log)))  # fmt: skip
    return Right(lambda n: f"cx:{digest('u', n, 20)}", lambda n: digest("a", n, 40), titles=True)


@published("XING (RecSys 2017)", "news", "interactions.csv: tabs: user_id, item_id, interaction_type, created_at")
def xing(folder: Path, log: Log) -> Right:
    lines(
        folder / "interactions.csv",
        [("user_id", "item_id", "interaction_type", "created_at"), *((e.user, e.item, e.rating, e.time) for e in log)],
        "\t",
    )
    return Right()


@published("Behance", "news", "Behance_appreciate_1M: user item time: blanks, no header")
def behance(folder: Path, log: Log) -> Right:
    lines(folder / "Behance_appreciate_1M", ((1238354 + e.user, f"{1000 + e.item:08d}", e.time) for e in log), " ")
    return Right(lambda n: f"{1238354 + n}", lambda n: f"{1000 + n:08d}")


@published("Epinions", "news", "ratings_data.txt: user item rating: blanks, no header")
def epinions(folder: Path, log: Log) -> Right:
    lines(folder / "ratings_data.txt", ((e.user, 100 + e.item, e.rating) for e in log), " ")
    return Right(str, lambda n: f"{100 + n}", times=False, ratings=True)


@published("HetRec Delicious", "news", "user_taggedbookmarks-timestamps.dat: tabs")
def delicious(folder: Path, log: Log) -> Right:
    lines(
        folder / "user_taggedbookmarks-timestamps.dat",
        [("userID", "bookmarkID", "tagID", "timestamp"), *((e.user, e.item, 1 + e.rating, e.time * 1000) for e in log)],
        "\t",
    )
    return Right()


@published("CiteULike", "news", "users.dat: a count, then so many items, a line a user")
def citeulike(folder: Path, log: Log) -> Right:
    (folder / "users.dat").write_text(
        "".join(f"{len(events)} {' '.join(str(100 + e.item) for e in events)}\n" for _, events in by_user(log))
    )
    return Right(str, lambda n: f"{100 + n}", times=False)


@published("Moodle log", "learning", "Time, User full name, Affected user, Event context, Component, Event name, …")
def moodle(folder: Path, log: Log) -> Right:
    delimited(folder / "logs.csv", [("Time", "User full name", "Affected user", "Event context", "Component", "Event name", "Description", "Origin", "IP address"),
              *((f"{e.moment.day}/{e.at('%m/%y, %H:%M')}", f"Student {e.user}", "-", f"Page: {title(e.item)}", "Page", "Course module viewed",
                 f"The user with id '{e.user}' viewed", "web", "10.0.0.1") for e in log)])  # fmt: skip
    return Right(lambda n: f"Student {n}", lambda n: f"Page: {title(n)}")


# What libraries read ---------------------------------------------------------------------------------------------


@published("RecBole atomic files", "libraries", "x.inter, x.item, x.user: tabs, user_id:token, item_id:token, …")
def recbole(folder: Path, log: Log) -> Right:
    lines(
        folder / "x.inter",
        [
            ("user_id:token", "item_id:token", "rating:float", "timestamp:float"),
            *((e.user, e.item, e.rating, e.time) for e in log),
        ],
        "\t",
    )
    lines(
        folder / "x.item",
        [
            ("item_id:token", "movie_title:token_seq", "release_year:token", "class:token_seq"),
            *((i, title(i), 1995, genre(i)) for i in items_of(log)),
        ],
        "\t",
    )
    lines(
        folder / "x.user",
        [("user_id:token", "age:token", "gender:token"), *((u, 20 + u, "MF"[u % 2]) for u in users_of(log))],
        "\t",
    )
    return Right(ratings=True, titles=True)


@published("NGCF, LightGCN", "libraries", "train.txt: a user and their items, numbered from 0, a line a user")
def lightgcn(folder: Path, log: Log) -> Right:
    (folder / "train.txt").write_text(
        "".join(f"{user - 1} {' '.join(str(e.item - 1) for e in events)}\n" for user, events in by_user(log))
    )
    return Right(lambda n: str(n - 1), lambda n: str(n - 1), times=False)


@published(
    "S3-Rec, BERT4Rec sequences", "libraries", "Beauty.txt: a user and their items, numbered from 1, a line a user"
)
def s3rec(folder: Path, log: Log) -> Right:
    (folder / "Beauty.txt").write_text(
        "".join(f"{user} {' '.join(str(e.item) for e in events)}\n" for user, events in by_user(log))
    )
    return Right(times=False)


@published("SASRec", "libraries", "ml-1m.txt: user item, a line an interaction, in order")
def sasrec(folder: Path, log: Log) -> Right:
    lines(folder / "ml-1m.txt", ((e.user, e.item) for _, events in by_user(log) for e in events), " ")
    return Right(times=False)


@published("NCF (He et al.)", "libraries", "ml-1m.train.rating: user item rating time: tabs, no header")
def ncf(folder: Path, log: Log) -> Right:
    lines(folder / "ml-1m.train.rating", ((e.user - 1, e.item - 1, e.rating, e.time) for e in log), "\t")
    return Right(lambda n: str(n - 1), lambda n: str(n - 1), ratings=True)


@published("MatrixMarket", "libraries", "%%MatrixMarket, a size line, then row column value")
def matrix_market(folder: Path, log: Log) -> Right:
    rows = "".join(f"{e.user} {e.item} {e.rating}\n" for e in log)
    size = f"{len(users_of(log))} {len(items_of(log))} {len(log)}"
    (folder / "ratings.mtx").write_text(f"%%MatrixMarket matrix coordinate integer general\n{size}\n{rows}")
    return Right(times=False, ratings=True)


@published("libSVM", "libraries", "train.libsvm: a label, then item:value, a line a user")
def libsvm(folder: Path, log: Log) -> Right:
    (folder / "train.libsvm").write_text("".join(
        f"{user} " + " ".join(f"{e.item}:{e.rating}" for e in sorted(events, key=lambda e: e.item)) + "\n" for user, events in by_user(log)))  # fmt: skip
    return Right(times=False, ratings=True)


@published("Jester", "libraries", "jester-data-1.csv: a count, then a column a joke, 99 for none")
def jester(folder: Path, log: Log) -> Right:
    rows = []
    for _, events in by_user(log):
        cells = {e.item: f"{e.rating * 2 - 6 + 0.35:.2f}" for e in events}
        rows.append((len(events), *(cells.get(i, 99) for i in range(1, 21))))
    delimited(folder / "jester-data-1.csv", rows)
    return Right(times=False, ratings=True)


@published("Lists in cells", "libraries", "CSV, a line a user: user_id, item_ids “[3, 6, 9]”")
def lists_in_cells(folder: Path, log: Log) -> Right:
    delimited(
        folder / "histories.csv",
        [("user_id", "item_ids"), *((user, str([e.item for e in events])) for user, events in by_user(log))],
    )
    return Right(times=False)


@published("Lists in Parquet", "libraries", "a row a user: user_id, item_ids, timestamps as lists")
def lists_in_parquet(folder: Path, log: Log) -> Right:
    pairs = list(by_user(log))
    table = pa.table(
        {
            "user_id": [u for u, _ in pairs],
            "item_ids": [[e.item for e in es] for _, es in pairs],
            "timestamps": [[e.time for e in es] for _, es in pairs],
        }
    )
    pq.write_table(table, folder / "histories.parquet")
    return Right()


@published("Spark output", "libraries", "a folder of part-….csv with _SUCCESS")
def spark(folder: Path, log: Log) -> Right:
    (folder / "_SUCCESS").write_text("")
    for n in range(4):
        part = folder / f"part-0000{n}-{digest('spark', 0, 8)}-c000.csv"
        delimited(
            part,
            [("user_id", "item_id", "rating", "timestamp"), *((e.user, e.item, e.rating, e.time) for e in log[n::4])],
        )
    return Right(ratings=True)


@published("Hive partitions", "libraries", "month=2020-01/part-0.parquet")
def hive(folder: Path, log: Log) -> Right:
    for month in sorted({e.at("%Y-%m") for e in log}):
        events = [e for e in log if e.at("%Y-%m") == month]
        (folder / f"month={month}").mkdir()
        pq.write_table(
            pa.table(
                {
                    "user_id": [e.user for e in events],
                    "item_id": [e.item for e in events],
                    "ts": [e.time for e in events],
                }
            ),
            folder / f"month={month}" / "part-0.parquet",
        )
    return Right()


@published("Train and test", "libraries", "u1.base and u1.test of MovieLens 100K")
def base_and_test(folder: Path, log: Log) -> Right:
    test = {id(events[-1]) for _, events in by_user(log)}
    lines(folder / "u1.base", ((e.user, e.item, e.rating, e.time) for e in log if id(e) not in test), "\t")
    lines(folder / "u1.test", ((e.user, e.item, e.rating, e.time) for e in log if id(e) in test), "\t")
    return Right(ratings=True)


@published("A zip of months", "libraries", "logs.zip: 2020-01.csv, 2020-02.csv, …")
def zip_of_months(folder: Path, log: Log) -> Right:
    with zipfile.ZipFile(folder / "logs.zip", "w") as archive:
        for month in sorted({e.at("%Y-%m") for e in log}):
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(
                [
                    ("user_id", "item_id", "timestamp"),
                    *((e.user, e.item, e.time) for e in log if e.at("%Y-%m") == month),
                ]
            )
            archive.writestr(f"{month}.csv", out.getvalue())
    return Right()


@published("Criteo", "not read", "train.txt: a click, 13 numbers, 26 hashes: nobody in it")
def criteo(folder: Path, log: Log) -> Right:
    lines(folder / "train.txt", ((e.rating % 2, *((e.item * k + n) % 50 if k % 4 else "" for k in range(13)), *(digest(f"c{k}", (e.item + n) % (k + 3), 8) for k in range(26)))
          for n, e in enumerate(log)), "\t")  # fmt: skip
    return Right(refused="nobody")


@published("A web server's log", "not read", "access.log: host - - [time] request")
def web_log(folder: Path, log: Log) -> Right:
    later = timedelta(hours=2)
    (folder / "access.log").write_text("".join(
        f'10.0.0.{e.user} - - [{(e.moment + later).strftime("%d/%b/%Y:%H:%M:%S")} +0200] "GET /p/{e.item} HTTP/1.1" 200 2326 "-" "Mozilla/5.0"\n' for e in log))  # fmt: skip
    return Right(refused="web server")
