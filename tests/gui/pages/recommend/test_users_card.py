"""The list of people: found and sorted by id, however many there are."""

import threading
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import CancelledError
from recdesk.core.task import Task
from recdesk.data.dataset import Dataset
from recdesk.evaluation.metrics import NEVER, Ranks
from recdesk.evaluation.results import Results
from recdesk.gui.pages.recommend import user_columns
from recdesk.gui.pages.recommend.user_columns import UserColumns
from recdesk.gui.pages.recommend.users_card import UsersCard
from recdesk.gui.session import Session
from tests.conftest import chain_dataset
from tests.gui.driver import cells


def people(ids: list[str]) -> Dataset:
    """A dataset whose users have these ids and an item each."""
    return replace(
        chain_dataset(),
        user_ids=pd.Index(ids, dtype="str"),
        offsets=np.arange(len(ids) + 1, dtype=np.int64),
        items=np.ones(len(ids), np.int32),
        times=None,
    )


@pytest.mark.parametrize(
    ("ids", "ordered"),
    [
        (["10", "9", "-1", "200"], ["-1", "9", "10", "200"]),
        (["b", "10", "a", "9", "é", "B"], ["10", "9", "B", "a", "b", "é"]),
        (["2", "1" + "0" * 30, "11"], ["1" + "0" * 30, "11", "2"]),
        (["用户2", "用户10", "a"], ["a", "用户10", "用户2"]),
        (["a\0b", "a", "a\0a"], ["a", "a\0a", "a\0b"]),
    ],
)
def test_ids_sort_as_numbers_where_all_are_and_else_as_texts(
    ids: list[str], ordered: list[str], session: Session, qtbot
):
    card = UsersCard(session.jobs)
    qtbot.addWidget(card)
    card.show_users(UserColumns.of(people(ids)))
    assert [row[0] for row in cells(card.table)] == ids
    card.table.sortByColumn(0, card.table.horizontalHeader().sortIndicatorOrder().AscendingOrder)
    assert [row[0] for row in cells(card.table)] == ordered


def test_people_are_searched_away_from_the_window(session: Session, qtbot, monkeypatch):
    card = UsersCard(session.jobs)
    qtbot.addWidget(card)
    everybody = UserColumns.of(people([f"u{n}" for n in range(10**5)]))
    card.show_users(everybody)
    containing, threads = UserColumns.containing, []

    def watched(*arguments: Any) -> Any:
        threads.append(threading.get_ident())
        return containing(*arguments)

    monkeypatch.setattr(UserColumns, "containing", watched)
    for text in ("1", "12", "123", "1234"):
        card.search.setText(text)
    qtbot.waitUntil(lambda: not session.jobs._jobs, timeout=60_000)
    assert threads and threading.get_ident() not in threads
    assert card.count.text() == f"{sum('1234' in str(n) for n in range(10**5)):,}"
    assert everybody.containing("U99999").tolist() == [99_999]


def test_a_search_that_goes_on_finds_what_a_new_one_would(session: Session, qtbot):
    ids = [f"Straße {n}" for n in range(300)] + [f"STRASSE {n}" for n in range(300)] + ["ÄÖ", "äö", "用户12"]
    card, everybody = UsersCard(session.jobs), UserColumns.of(people(ids))
    qtbot.addWidget(card)
    card.show_users(everybody)

    def shown(text: str) -> list[str]:
        card.search.setText(text)
        qtbot.waitUntil(lambda: not session.jobs._jobs, timeout=60_000)
        return [row[0] for row in cells(card.table)]

    for text in ("s", "se 2", "se 29", "se 299", "se 2", "ä", "äö", "户1", "12", "299"):
        assert shown(text) == [name for name in ids if text.lower() in name.lower()], text
    card.table.sortByColumn(0, card.table.horizontalHeader().sortIndicatorOrder().AscendingOrder)
    assert shown("se 29") == sorted(name for name in ids if "se 29" in name.lower())
    assert shown("se 299") == ["STRASSE 299"]
    assert shown("") == sorted(ids)


def test_a_search_that_is_no_longer_wanted_ends_between_blocks(monkeypatch):
    monkeypatch.setattr(user_columns, "_BLOCK", 10)
    asked: list[int] = []
    everybody = UserColumns.of(people([f"u{n}" for n in range(100)]))
    with pytest.raises(CancelledError):
        everybody.containing("7", task=Task(cancelled=lambda: len(asked) > 3 or asked.append(1) is not None))
    assert len(asked) == 4


@pytest.fixture
def described() -> UserColumns:
    """Five users with features, times and ranks; the second was not measured, the fourth's item is never listed."""
    features = pd.DataFrame({"age": ["25", "", "31", "25", ""], "work": ["Writer", "baker", "", "writer", ""]})
    dataset = replace(
        people(["anna", "bo", "25-c", "dan", "eve"]),
        times=np.array([5, 3, 86_400 * 2, 1, 4], np.int64),
        user_features=features.astype("str"),
    )
    ranks = Ranks(np.array([0, 2, 3, 4]), np.array([7, 0, NEVER, 7]), np.array([0, 3, 0, 1]))
    return UserColumns.of(dataset, (Results(ranks, np.zeros((4, 10), np.int32)), np.array([0, -1, 2, 3, 4])))


def test_users_are_found_by_id_and_by_feature(described: UserColumns):
    assert described.containing("25").tolist() == [0, 2, 3]
    assert described.containing("AGE: 25").tolist() == [0, 3]
    assert described.containing("25 · work: writer").tolist() == [0, 3]
    assert described.containing("baker", np.array([0, 1])).tolist() == [1]
    assert described.containing("age: ·").tolist() == []


def test_users_are_sorted_by_how_well_they_are_served_and_by_time(described: UserColumns, session: Session, qtbot):
    card = UsersCard(session.jobs)
    qtbot.addWidget(card)
    card.show_users(described)
    chosen = []
    card.user_chosen.connect(chosen.append)
    card.table.choose(4)

    def sorted_by(text: str) -> list[list[str]]:
        card.order.setCurrentIndex(card.order.findText(text))
        card.order.activated.emit(card.order.currentIndex())
        return cells(card.table)

    best = [["25-c", "2"], ["anna", "8"], ["eve", "8"], ["bo", "–"], ["dan", "–"]]
    assert sorted_by("best served first") == best
    assert sorted_by("worst served first") == [best[1], best[2], best[0], *best[3:]]
    newest = [["25-c", "1970-01-03"], *([name, "1970-01-01"] for name in ("anna", "eve", "bo", "dan"))]
    assert sorted_by("newest first") == newest
    assert sorted_by("as given") == [[name, "1"] for name in ("anna", "bo", "25-c", "dan", "eve")]
    assert chosen == [4] and card.table.chosen() == 4  # sorting leaves who is shown
    card.search.setText("writer")
    qtbot.waitUntil(lambda: card.count.text() == "2", timeout=60_000)
    assert [row[0] for row in cells(card.table)] == ["anna", "dan"]
    assert {(card.any.click(), card.table.chosen())[1] for _ in range(40)} == {0, 3}


def test_orders_that_the_data_or_the_run_lack_are_not_offered(session: Session, qtbot):
    card = UsersCard(session.jobs)
    qtbot.addWidget(card)
    card.show_users(UserColumns.of(people(["a", "b"])))
    assert [card.order.itemText(at) for at in range(card.order.count())] == ["as given", "most items first"]
    assert card.search.placeholderText() == "part of a user id…"
