"""Which column is what: from names in two languages, from values, with a confidence."""

import pytest

from recdesk.data.columns.roles import TAKEN_FOR_GRANTED, guess_columns, guess_roles

EPOCH = ["1700000001", "1700000002", "1700000003"]
VALUES = {
    "user": ["u1", "u2", "u1"],
    "item": ["i1", "i2", "i3"],
    "rating": ["5", "4", "1"],
    "time": EPOCH,
    "event": ["view", "cart", "view"],
    "title": ["Red lamp", "Blue chair", "Old book"],
    "user_feature": ["x", "y", "x"],
    "item_feature": ["p", "q", "r"],
    "": ["7421", "88123", "99999"],
}


def table(roles: list[str]) -> list[list[str]]:
    return [list(row) for row in zip(*(VALUES[role] for role in roles), strict=True)]


HEADERS: dict[str, dict[str, str]] = {
    "MovieLens": {"userId": "user", "movieId": "item", "rating": "rating", "timestamp": "time"},
    "RecBole": {"user_id:token": "user", "item_id:token": "item", "rating:float": "rating", "timestamp:float": "time"},
    "Amazon": {"reviewerID": "user", "asin": "item", "overall": "rating", "unixReviewTime": "time"},
    "Amazon of 2023": {"user_id": "user", "parent_asin": "item", "rating": "rating", "timestamp": "time"},
    "RetailRocket": {"timestamp": "time", "visitorid": "user", "event": "event", "itemid": "item"},
    "online retail": {
        "StockCode": "item", "Description": "title", "Quantity": "rating", "InvoiceDate": "time",
        "UnitPrice": "item_feature", "CustomerID": "user", "Country": "user_feature",
    },
    "REES46": {
        "event_time": "time", "event_type": "event", "product_id": "item", "category_code": "item_feature",
        "brand": "item_feature", "price": "item_feature", "user_id": "user", "user_session": "",
    },
    "a Chinese shop": {"用户ID": "user", "商品ID": "item", "评分": "rating", "购买时间": "time", "行为类型": "event"},
    "a Chinese school": {"学号": "user", "课程编号": "item", "课程名称": "title", "分数": "rating", "日期": "time"},
    "a Chinese bookshop": {"会员卡号": "user", "图书编号": "item", "书名": "title", "作者": "item_feature"},
    "a German shop": {"Kunde": "user", "Artikel-Nr": "item", "Bewertung": "rating", "Datum": "time"},
    "names that only resemble": {"anonymous_user_id": "user", "internal product code": "item", "when": "time"},
}  # fmt: skip


@pytest.mark.parametrize("kind", HEADERS)
def test_columns_are_known_by_their_names(kind: str) -> None:
    wanted = HEADERS[kind]
    guesses = guess_columns(list(wanted), table(list(wanted.values())), named=True)
    assert {guess.column: guess.role for guess in guesses} == wanted
    assert all((guess.confidence >= TAKEN_FOR_GRANTED) is bool(guess.role) for guess in guesses)
    assert all(0 <= guess.confidence <= 1 for guess in guesses)


def test_a_plain_name_is_surer_than_one_that_resembles() -> None:
    plain, alike = (
        guess_columns([name, "item"], table(["user", "item"]), named=True)[0].confidence
        for name in ("user_id", "anonymous_user_id")
    )
    assert plain > 0.85
    assert TAKEN_FOR_GRANTED <= alike < 0.6


def test_a_time_that_is_a_clock_gives_way_to_the_date() -> None:
    rows = [["28/01/2018", "00:15", "u1", "a"], ["29/01/2018", "00:30", "u2", "b"]]
    assert guess_roles(["DATE", "TIME", "user", "item"], rows, named=True)["time"] == "DATE"


def test_a_count_that_is_no_number_is_no_rating() -> None:
    rows = [["u1", "a", "many"], ["u2", "b", "few"]]
    assert guess_roles(["user", "item", "quantity"], rows, named=True) == {"user": "user", "item": "item"}


def test_values_tell_where_names_do_not() -> None:
    columns = ["user", "item", "what", "moment", "x"]
    guesses = guess_columns(columns, table(["user", "item", "event", "time", "rating"]), named=True)
    found = {guess.column: (guess.role, guess.reason) for guess in guesses}
    assert found["what"] == ("event", "values")
    assert found["moment"] == ("time", "values")
    assert found["x"] == ("rating", "values")
    sure = guess_roles(columns, table(["user", "item", "event", "time", "rating"]), named=True)
    assert sure == {"user": "user", "item": "item", "event": "what", "time": "moment"}  # small numbers can be anything


def test_without_names_places_and_values_tell() -> None:
    columns = [f"column {n}" for n in range(1, 6)]  # as Taobao's UserBehavior
    rows = [["1", "2268318", "2520377", "pv", "1511544070"], ["1", "2333346", "2520771", "buy", "1511561733"]]
    assert guess_roles(columns, rows, named=False) == {
        "user": "column 1", "item": "column 2", "event": "column 4", "time": "column 5",
    }  # fmt: skip


def test_no_column_has_two_roles_and_no_role_two_columns() -> None:
    columns = ["user", "user_id", "item", "item_id", "rating", "score", "time", "date"]
    rows = table(["user", "user", "item", "item", "rating", "rating", "time", "time"])
    found = guess_roles(columns, rows, named=True)
    assert sorted(found) == ["item", "rating", "time", "user"]
    assert len(set(found.values())) == 4
    assert found["user"] == "user_id"
