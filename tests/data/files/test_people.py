"""Ids finer than people: whose a session, device, card or the customer of one order is, another file says."""

import sqlite3
import zipfile
from collections import defaultdict
from pathlib import Path

import pytest

from recdesk.core.errors import DataError
from recdesk.data.files.source import Source
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from recdesk.data.updating import plan_of
from tests.data.conftest import pairs
from tests.data.making import delimited, write

Rows = list[list[str]]
N_IDS, N_PEOPLE = 60, 15
TAKEN = [(n, f"p{(7 * n + 3 * k) % 11}") for n in range(N_IDS) for k in range(2 + n % 3)]
"""Finer id and item; the finer id n is of the person n % N_PEOPLE."""


def wanted(person: str = "m") -> list[tuple[str, str]]:
    return sorted((f"{person}{n % N_PEOPLE}", item) for n, item in TAKEN)


def events(key: str, of: str, time: str = "time") -> Rows:
    rows = [[f"{of}{n}", item, f"2020-01-{1 + n // 3:02} 10:{at % 60:02}:00"] for at, (n, item) in enumerate(TAKEN)]
    return [[key, "product_id", time], *rows]


def owners(key: str, of: str, person: str = "member_id", who: str = "m") -> Rows:
    """In another order than the events, with a feature of the person."""
    order = sorted(range(N_IDS), key=lambda n: (n * 37) % N_IDS)
    return [[key, person, "city"], *([f"{of}{n}", f"{who}{n % N_PEOPLE}", f"city {n % 3}"] for n in order)]


OLIST = {
    "olist_orders_dataset.csv": "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,"
    "order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date",
    "olist_order_items_dataset.csv": "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,"
    "freight_value",
    "olist_customers_dataset.csv": "customer_id,customer_unique_id,customer_zip_code_prefix,customer_city,"
    "customer_state",
    "olist_order_payments_dataset.csv": "order_id,payment_sequential,payment_type,payment_installments,payment_value",
    "olist_order_reviews_dataset.csv": "review_id,order_id,review_score,review_comment_title,review_comment_message,"
    "review_creation_date,review_answer_timestamp",
    "olist_products_dataset.csv": "product_id,product_category_name,product_name_lenght,product_description_lenght,"
    "product_photos_qty,product_weight_g,product_length_cm,product_height_cm,product_width_cm",
    "olist_sellers_dataset.csv": "seller_id,seller_zip_code_prefix,seller_city,seller_state",
    "olist_geolocation_dataset.csv": "geolocation_zip_code_prefix,geolocation_lat,geolocation_lng,geolocation_city,"
    "geolocation_state",
    "product_category_name_translation.csv": "product_category_name,product_category_name_english",
}
"""The nine files with their columns."""
CATEGORIES = (
    "beleza_saude health_beauty, informatica_acessorios computers_accessories, automotivo auto, "
    "cama_mesa_banho bed_bath_table, moveis_decoracao furniture_decor, esporte_lazer sports_leisure, "
    "perfumaria perfumery, utilidades_domesticas housewares, telefonia telephony, relogios_presentes watches_gifts"
)


def olist(rename: dict[str, str] | None = None) -> dict[str, str]:
    """The files' texts; each order is of a customer of its own, who is one of N_PEOPLE by the unique id."""
    rows: dict[str, Rows] = defaultdict(list)
    for n in range(N_IDS):
        o, c, at = f"{n:x}".rjust(32, "a"), f"{n:x}".rjust(32, "c"), f"2018-{1 + n % 9:02}-11 10:{n:02}:00"
        rows["olist_orders_dataset.csv"].append([o, c, "delivered", at, at, at, at, "2018-12-01 00:00:00"])
        for k, item in enumerate([item for own, item in TAKEN if own == n]):
            product = f"{item}".rjust(32, "d")
            rows["olist_order_items_dataset.csv"].append([o, f"{k + 1}", product, "e" * 32, at, "58.90", "13.29"])
        person = f"m{n % N_PEOPLE}".rjust(32, "f")
        rows["olist_customers_dataset.csv"].append([c, person, f"{14409 + n % 9}", "franca", "SP"])
        rows["olist_order_payments_dataset.csv"].append([o, "1", "credit_card", "8", "99.33"])
        review = f"{n:x}".rjust(32, "b")
        rows["olist_order_reviews_dataset.csv"].append([review, o, f"{n % 5 + 1}", "", "", "2018-01-18 00:00:00", at])
    rows["olist_customers_dataset.csv"].reverse()
    for item in range(11):
        product = f"p{item}".rjust(32, "d")
        rows["olist_products_dataset.csv"].append([product, "perfumaria", "40", "287", "1", "225", "16", "10", "14"])
    rows["olist_sellers_dataset.csv"] = [["e" * 32, "13023", "campinas", "SP"]]
    rows["olist_geolocation_dataset.csv"] = [[f"{14409 + n}", "-20.51", "-47.40", "franca", "SP"] for n in range(9)]
    rows["product_category_name_translation.csv"] = [name.split() for name in CATEGORIES.split(", ")]
    heads = OLIST
    for old, new in (rename or {}).items():
        heads = {name: head.replace(old, new) for name, head in heads.items()}
    return {name: delimited([head.split(","), *rows[name]]) for name, head in heads.items()}


@pytest.mark.slow
def test_olist_is_read_whole(tmp_path: Path) -> None:
    for name, text in olist().items():
        write(tmp_path / name, text)
    plan = propose([tmp_path])
    assert plan.dialect is not None
    assert (plan.dialect.orders, plan.dialect.order_key) == ("olist_orders_dataset.csv", "order_id")
    joined = (plan.dialect.people, plan.dialect.people_key, plan.dialect.person)
    assert joined == ("olist_customers_dataset.csv", "customer_id", "customer_unique_id")
    assert plan.users is not None and plan.users.name == "olist_customers_dataset.csv"
    assert not any("olist_customers" in note for note in plan.notes)
    assert preview(plan.interactions, plan.dialect).open_doubts(plan) == []
    dataset = import_files(plan).dataset
    assert (dataset.n_users, dataset.n_interactions) == (N_PEOPLE, len(TAKEN))
    assert sorted((u.strip("f"), i.strip("d")) for u, i in pairs(dataset)) == wanted()
    assert dataset.times is not None
    assert list(dataset.user_features["customer_city"].unique()) == ["franca"]
    notes = [note for note in dataset.report["notes"] if "customer_unique_id" in note]
    assert notes == [
        "“customer_id” is finer than a person: whose each is, is taken from “olist_customers_dataset.csv”, whose "
        "“customer_unique_id” is the user."
    ]


def test_one_archive_holds_them_all(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        for name, text in olist().items():
            archive.writestr(name, text)
    dataset = import_files(propose([tmp_path / "archive.zip"])).dataset
    assert sorted((u.strip("f"), i.strip("d")) for u, i in pairs(dataset)) == wanted()


@pytest.mark.parametrize(
    ("key", "other", "person"),
    [("session_id", "id", "user_id"), ("device_id", "device_id", "account"), ("card_no", "card", "member_no")],
)
def test_sessions_devices_and_cards_are_of_people(key: str, other: str, person: str, tmp_path: Path) -> None:
    write(tmp_path / "log.csv", delimited(events(key, "x")))
    write(tmp_path / "whose.csv", delimited(owners(other, "x", person)))
    plan = propose([tmp_path])
    assert plan.dialect is not None
    assert (plan.dialect.people, plan.dialect.person) == ("whose.csv", person)
    assert plan.dialect.people_key == (key if key == other else f"{key}={other}")
    dataset = import_files(plan).dataset
    assert sorted(pairs(dataset)) == wanted()
    assert dataset.times is not None


@pytest.mark.slow
def test_tables_of_a_database_are_joined(tmp_path: Path) -> None:
    """The orders' key is called “id” in its own table, as in most databases of shops."""
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (id TEXT, customer_id TEXT, created_at TEXT)")
        base.execute("CREATE TABLE order_lines (order_id TEXT, product_id TEXT, quantity INT)")
        base.execute("CREATE TABLE customers (id TEXT, person_id TEXT, city TEXT)")
        stamps = [(f"o{n}", f"c{n}", f"2020-01-01 {n // 6:02}:{n % 6}0:00") for n in range(N_IDS)]
        base.executemany("INSERT INTO orders VALUES (?, ?, ?)", stamps)
        base.executemany("INSERT INTO order_lines VALUES (?, ?, 1)", [(f"o{n}", item) for n, item in TAKEN])
        base.executemany("INSERT INTO customers VALUES (?, ?, ?)", owners("", "c")[1:])
    base.close()
    plan = propose([path])
    assert plan.dialect is not None
    found = (plan.dialect.table, plan.dialect.orders, plan.dialect.order_key)
    assert found == ("order_lines", "orders", "order_id=id")
    assert (plan.dialect.people, plan.dialect.people_key) == ("customers", "customer_id=id")
    dataset = import_files(plan).dataset
    assert sorted(pairs(dataset)) == wanted()
    assert dataset.times is not None


def test_where_no_name_says_who_a_person_is_recdesk_asks(tmp_path: Path) -> None:
    for name, text in olist({"customer_unique_id": "group_id"}).items():
        write(tmp_path / name, text)
    plan = propose([tmp_path])
    assert plan.dialect is not None and plan.dialect.person == "group_id"
    (doubt,) = preview(plan.interactions, plan.dialect).open_doubts(plan)
    assert [dict(reading.columns) for reading in doubt.readings] == [{"user": "group_id"}, {"user": "customer_id"}]
    for user, count in (("group_id", N_PEOPLE), ("customer_id", N_IDS)):
        chosen = ImportPlan(plan.interactions, dialect=plan.dialect, user=user)
        assert import_files(chosen).dataset.n_users == count


@pytest.mark.parametrize("other", ["household_id", "zip_code", "account_id"])
def test_users_who_come_again_are_people_already(other: str, tmp_path: Path) -> None:
    write(tmp_path / "log.csv", delimited(events("user_id", "u")))
    write(tmp_path / "users.csv", delimited(owners("user_id", "u", other)))
    plan = propose([tmp_path])
    assert plan.users is not None and plan.dialect is None
    assert import_files(plan).dataset.n_users == N_IDS


def test_devices_of_one_person_each_stay_as_they_are(tmp_path: Path) -> None:
    rows = [["device_id", "user_id"], *([f"x{n}", f"m{n}"] for n in range(N_IDS))]
    write(tmp_path / "log.csv", delimited(events("device_id", "x")))
    write(tmp_path / "whose.csv", delimited(rows))
    assert import_files(propose([tmp_path])).dataset.n_users == N_IDS


def test_rows_of_nobody_are_rejected_with_their_line(tmp_path: Path) -> None:
    log = write(tmp_path / "log.csv", delimited([*events("session_id", "x"), ["y1", "p1", "2020-02-01 10:00:00"]]))
    write(tmp_path / "sessions.csv", delimited(owners("session_id", "x", "user_id")))
    result = import_files(propose([tmp_path]))
    assert [(reject.line, reject.raw) for reject in result.rejects] == [(len(TAKEN) + 2, "y1,p1,2020-02-01 10:00:00")]
    assert sorted(pairs(result.dataset)) == wanted()
    dialect = Source(log, people="sessions.csv", people_key="session_id", person="city").dialect
    assert import_files(ImportPlan(log, dialect=dialect, user="city")).dataset.n_users == 3
    with pytest.raises(DataError, match="has no column “town”"):
        preview(log, Source(log, people="sessions.csv", people_key="session_id", person="town").dialect)


def test_an_update_reads_the_people_beside_the_newer_rows(tmp_path: Path) -> None:
    for name, rows in (("old", events("card", "x")[:60]), ("new", events("card", "x"))):
        (tmp_path / name).mkdir()
        write(tmp_path / name / "log.csv", delimited(rows))
        write(tmp_path / name / "cards.csv", delimited(owners("card", "x")))
    old = import_files(propose([tmp_path / "old"])).dataset
    newer = plan_of(old, tmp_path / "new" / "log.csv")
    assert sorted(pairs(import_files(newer).dataset)) == wanted()
