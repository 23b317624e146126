"""Rows that take an item back do not count as taken, unless a person says so."""

from pathlib import Path

import pytest

from recdesk.data.columns.returns import return_tests
from recdesk.data.importing import ImportResult, forecast, import_files
from recdesk.data.plan import ImportPlan
from tests.data.making import write_table

ORDERS = {
    "Quantity": (["2", "-2", "1", "3", "-1"], [1, 4]),
    "qty": (["2.5", "-0.5", "1", "-0", "0"], [1]),
    "InvoiceNo": (["536365", "C536379", "536381", "c536391", "536392"], [1, 3]),
    "status": (["complete", "Cancelled", "shipped", "refunded", ""], [1, 3]),
    "Financial Status": (["paid", "VOIDED", "partially_refunded", "paid", "refunded"], [1, 4]),
    "订单状态": (["已完成", "已退款", "已发货", "已取消", "已完成"], [1, 3]),
}


def orders(tmp_path: Path, column: str, values: list[str], **plan: str) -> ImportResult:
    rows = [["customer", "sku", column, "date"]]
    rows += [[f"u{n % 2}", f"i{n}", value, f"2020-01-0{n + 1}"] for n, value in enumerate(values)]
    return import_files(ImportPlan(write_table(tmp_path / "o.csv", rows), **plan))  # type: ignore[arg-type]


@pytest.mark.parametrize("column", ORDERS)
def test_returns_are_left_out_and_counted(tmp_path: Path, column: str) -> None:
    values, returned = ORDERS[column]
    dataset = orders(tmp_path, column, values).dataset
    assert set(dataset.item_ids) == {f"i{n}" for n in range(5) if n not in returned}
    assert dataset.report["dropped"] == {"returns": len(returned)}
    assert dataset.report["notes"][0].split(" take")[0] in (f"{len(returned)} rows", f"{len(returned)} row")


@pytest.mark.parametrize("column", ["Quantity", "status"])
def test_returns_that_are_kept_are_said(tmp_path: Path, column: str) -> None:
    values, returned = ORDERS[column]
    dataset = orders(tmp_path, column, values, returns="keep").dataset
    assert dataset.n_interactions == 5
    assert f"{len(returned)} rows take an item back" in dataset.report["notes"][0]
    assert dataset.report["notes"][0].endswith("count as taken.")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("rating", ["2", "-2", "1", "3", "-1"]),
        ("Quantity", ["2", "2", "1", "3", "1"]),
        ("InvoiceNo", ["C10001", "C10002", "C10003", "C10004", "12345"]),
        ("InvoiceNo", ["AB-1", "C1234", "AB-3", "AB-4", "AB-5"]),
        ("status", ["active", "premium", "active", "", "new"]),
    ],
)
def test_other_rows_stay_and_nothing_is_said(tmp_path: Path, column: str, values: list[str]) -> None:
    dataset = orders(tmp_path, column, values).dataset
    assert dataset.n_interactions == 5
    assert dataset.report["dropped"] == {}
    assert not any("take" in note for note in dataset.report["notes"])


def test_types_of_events_that_take_back_are_returns_unless_they_are_asked_for(tmp_path: Path) -> None:
    kinds = ["purchase", "refund", "purchase", "return", "purchase"]
    assert orders(tmp_path, "event", kinds).dataset.n_interactions == 3
    path = tmp_path / "o.csv"
    assert import_files(ImportPlan(path, events=("refund", "return"))).dataset.n_interactions == 2


def test_a_forecast_counts_returns_as_the_import_does(tmp_path: Path) -> None:
    dataset = orders(tmp_path, "Quantity", ORDERS["Quantity"][0]).dataset
    found = forecast(ImportPlan(tmp_path / "o.csv"))
    assert (found.rows, [(effect.rule, effect.rows) for effect in found.effects if effect.rows]) == (
        3,
        [("returns", 2)],
    )
    assert dataset.n_interactions == 3


def test_a_column_that_is_an_id_tells_no_returns() -> None:
    columns, rows = ["InvoiceNo", "status"], [["536365", "new"], ["536366", "cancelled"]]
    assert set(return_tests(columns, rows, {})) == {"InvoiceNo", "status"}
    assert set(return_tests(columns, rows, {"user": "InvoiceNo"})) == {"status"}
