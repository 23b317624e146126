"""Orders and their lines: who and when is found by the order's id, in another file or in an order's first line."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.core.errors import DataError
from recdesk.data.files.source import Source
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import preview, propose
from recdesk.data.updating import plan_of
from tests.data.conftest import pairs
from tests.data.making import delimited, write

Orders = list[tuple[str, str, list[str]]]
"""Order, user, items."""
ORDERS: Orders = [(str(900 - n), f"u{n % 3}", [f"i{(n + 2 * k) % 7}" for k in range(1 + n % 4)]) for n in range(12)]
MANY = st.lists(st.lists(st.integers(1, 9), min_size=1, max_size=4, unique=True), min_size=4, max_size=12).map(
    lambda lists: [(f"A{n}", f"u{n % 3}", [f"i{item}" for item in items]) for n, items in enumerate([*lists, [1, 2]])]
)


def wanted(orders: Orders) -> list[tuple[str, str]]:
    return sorted((user, item) for _, user, items in orders for item in items)


def two_files(folder: Path, orders: Orders, key: str = "order_id", time: bool = True) -> tuple[Path, Path]:
    """The lines by the order's id, as numbers of another order than that of the orders."""
    moments = [f"2020-01-{n % 28 + 1:02} 09:{n:02}:00" for n in range(len(orders))]
    heads = [[o, u, *([moment] if time else [])] for (o, u, _), moment in zip(orders, moments, strict=True)]
    lines = [[o, item, "1"] for o, _, items in sorted(orders) for item in items]
    columns = [key, "customer_id", *(["order_purchase_timestamp"] if time else [])]
    return (
        write(folder / "order_products.csv", delimited([[key, "product_id", "quantity"], *lines])),
        write(folder / "orders.csv", delimited([columns, *heads])),
    )


@pytest.mark.parametrize("key", ["order_id", "InvoiceNo", "basket_id"])
def test_lines_and_orders_are_joined_by_the_orders_id(key: str, tmp_path: Path) -> None:
    two_files(tmp_path, ORDERS, key)
    plan = propose([tmp_path])
    assert plan.interactions.name == "order_products.csv"
    assert plan.dialect is not None
    assert (plan.dialect.orders, plan.dialect.order_key) == ("orders.csv", key)
    dataset = import_files(plan).dataset
    assert sorted(pairs(dataset)) == wanted(ORDERS)
    assert dataset.times is not None
    assert dataset.report["notes"][0].startswith(
        f"The rows are lines of orders: who and when are taken from “orders.csv”, by “{key}”"
    )


def test_without_times_the_lines_follow_their_orders(tmp_path: Path) -> None:
    two_files(tmp_path, ORDERS, time=False)
    dataset = import_files(propose([tmp_path])).dataset
    assert pairs(dataset) == [
        (f"u{n}", item) for n in range(3) for _, user, items in ORDERS for item in items if user == f"u{n}"
    ]


def test_lines_of_an_unknown_order_are_told_with_their_line(tmp_path: Path) -> None:
    lines, _ = two_files(tmp_path, ORDERS)
    with lines.open("a") as stream:
        stream.write("7,i1,1\n")
    result = import_files(propose([tmp_path]))
    count = len(wanted(ORDERS))
    assert [(r.file, r.line, r.raw) for r in result.rejects] == [("order_products.csv", count + 2, "7,i1,1")]


def test_the_orders_can_be_named(tmp_path: Path) -> None:
    lines, orders = two_files(tmp_path, ORDERS, "nr")
    dialect = Source(lines, orders=str(orders), order_key="nr").dialect
    assert sorted(pairs(import_files(ImportPlan(lines, dialect=dialect)).dataset)) == wanted(ORDERS)
    with pytest.raises(DataError, match="has no column “nummer”"):
        preview(lines, Source(lines, orders="orders.csv", order_key="nummer").dialect)
    with pytest.raises(DataError, match="absent"):
        preview(lines, Source(lines, orders="absent.csv", order_key="nr").dialect)


def test_an_update_reads_the_orders_beside_the_newer_lines(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    two_files(tmp_path / "old", ORDERS[:6])
    old = import_files(propose([tmp_path / "old"])).dataset
    lines, _ = two_files(tmp_path / "new", ORDERS)
    assert sorted(pairs(import_files(plan_of(old, lines)).dataset)) == wanted(ORDERS)


def shopify(orders: Orders, key: str = "Name", blank: str = "") -> str:
    rows = [[key, "Customer ID", "Created at", "Lineitem quantity", "Lineitem sku"]]
    for n, (order, user, items) in enumerate(orders):
        for at, item in enumerate(items):
            head = [user, f"2020-01-{n % 28 + 1:02} 09:10:03"] if at == 0 else [blank, blank]
            rows.append([f"#{order}", *head, "1", item])
    return delimited(rows)


@pytest.mark.parametrize("key", ["Name", "Order number", "订单编号"])
def test_the_first_line_of_an_order_tells_for_the_others(key: str, tmp_path: Path) -> None:
    path = write(tmp_path / "orders_export.csv", shopify(ORDERS, key))
    dialect = preview(path).dialect
    assert dialect.order_key == key
    dataset = import_files(ImportPlan(path)).dataset
    assert sorted(pairs(dataset)) == wanted(ORDERS)
    assert dataset.times is not None
    assert any(f"by “{key}”" in note for note in dataset.report["notes"])


@pytest.mark.slow
@settings(max_examples=5, deadline=None)
@given(orders=MANY)
def test_any_orders_are_read_back(orders: Orders, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("o")
    two_files(folder, orders)
    assert sorted(pairs(import_files(propose([folder])).dataset)) == wanted(orders)


def test_users_that_are_missing_here_and_there_are_not_filled(tmp_path: Path) -> None:
    rows = [[f"#{n // 2}", "" if n % 5 == 0 else f"u{n % 3}", f"i{n % 7}"] for n in range(1, 40)]
    path = write(tmp_path / "f.csv", delimited([["order_id", "user_id", "item_id"], *rows]))
    assert preview(path).dialect.order_key == ""
    assert len(import_files(ImportPlan(path)).rejects) == 7
