"""Tells rows that take an item back from those that take it: by quantities, invoices and the state of orders."""

import re
from collections.abc import Mapping, Sequence

from recdesk.data.columns.roles import plain_name
from recdesk.data.sql import sql_text

QUANTITIES = (
    "quantity", "qty", "quantityordered", "orderquantity", "orderqty", "salesquantity", "lineitemquantity", "units",
    "unitssold", "itemquantity", "menge", "anzahl", "stückzahl", "quantité", "cantidad", "数量", "购买数量", "销售数量",
)  # fmt: skip
INVOICES = ("invoice", "invoiceno", "invoicenumber", "invoiceid", "invoicenr", "发票号")
STATES = (
    "status", "orderstatus", "orderstate", "financialstatus", "paymentstatus", "transactionstatus", "salesstatus",
    "订单状态", "交易状态", "状态",
)  # fmt: skip
RETURNED = (
    "cancelled", "canceled", "cancel", "cancellation", "refund", "refunded", "return", "returned", "voided",
    "ordercancelled", "ordercanceled", "orderrefunded",
    "退货", "退款", "已退货", "已退款", "取消", "已取消", "交易关闭",
)  # fmt: skip
"""States and types of events in lower case without blanks and marks."""
MARKS = r"[\s_\-.:/]+"
CANCELLED = r"[Cc][0-9]{3,}"
"""An invoice that takes back another one's items, as shops write it."""
NEGATIVE = r"\s*[-−]\s?[0-9.,]*[1-9][0-9.,]*\s*"


def is_returned(word: str) -> bool:
    """Whether a state or a type of event takes an item back."""
    return re.sub(MARKS, "", word).lower() in RETURNED


def return_tests(columns: Sequence[str], rows: Sequence[Sequence[str]], taken: Mapping[str, str]) -> dict[str, str]:
    """Columns that may tell returns, each with SQL that tests a text `{}` of it.

    Args:
        columns: names.
        rows: sample of values.
        taken: column by role; an id, a time or a type of event is no such column.
    """
    roles = {column: role for role, column in taken.items()}
    found: dict[str, str] = {}
    for at, column in enumerate(columns):
        key = re.sub(MARKS, "", plain_name(column)).casefold()
        values = [row[at].strip() for row in rows if len(row) > at and row[at].strip()]
        if not values or roles.get(column, "rating") != "rating":
            continue
        if key in QUANTITIES:
            found[column] = f"(contains({{0}}, '-') OR contains({{0}}, '−')) AND {_matches(NEGATIVE)}"
        elif key in INVOICES and _share(values, r"[0-9]+") > 0.5:
            found[column] = _matches(rf"\s*{CANCELLED}\s*")
        elif key in STATES:
            words = ", ".join(map(sql_text, RETURNED))
            found[column] = f"lower(regexp_replace({{0}}, {sql_text(MARKS)}, '', 'g')) IN ({words})"
    return found


def _matches(pattern: str) -> str:
    return f"regexp_full_match({{0}}, {sql_text(pattern).replace('{', '{{').replace('}', '}}')})"


def _share(values: Sequence[str], pattern: str) -> float:
    return sum(re.fullmatch(pattern, value) is not None for value in values) / len(values)
