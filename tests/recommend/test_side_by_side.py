"""Lists of several models side by side: agreement, moves, what is alone, the held-out item, and the CSV of it."""

import csv
from dataclasses import replace

import numpy as np
import pandas as pd
import torch

from recdesk.data.histories import History
from recdesk.models.base import Recommender
from recdesk.recommend.recommender import LiveModel
from recdesk.recommend.rules import Rules
from recdesk.recommend.side_by_side import Asked, HeldOutItem, side_by_side, write_side_by_side
from tests.conftest import chain_dataset


class Fixed(Recommender):
    """Scores items by a given order, whatever the history."""

    def __init__(self, order: list[int], n_items: int = 40) -> None:
        self.n_items = n_items
        rest = [code for code in range(1, n_items + 1) if code not in order]
        self.order = [*order, *rest]

    def scores(self, histories, candidates=None):
        row = torch.empty(self.n_items)
        row[torch.tensor(self.order) - 1] = -torch.arange(self.n_items, dtype=torch.float32)
        return row.repeat(len(histories), 1)


def live(*order: int, dataset=None) -> LiveModel:
    return LiveModel(Fixed(list(order)), dataset or chain_dataset())


def lines(found, at: int) -> list[tuple]:
    return [(line.item.item_id, line.mark, line.moved, line.ranks) for line in found.lists[at].lines]


def test_lists_are_marked_where_they_agree_where_items_moved_and_where_one_is_alone():
    found = side_by_side([live(1, 2, 3, 4), live(1, 4, 2, 5)], Asked(("0040",), 4), [None, None])
    assert lines(found, 0) == [
        ("001", "agrees", 0, (1, 1)), ("002", "shared", 0, (2, 3)), ("003", "alone", 0, (3, None)),
        ("004", "shared", 0, (4, 2)),
    ]  # fmt: skip
    assert lines(found, 1) == [
        ("001", "agrees", 0, (1, 1)), ("004", "moved", 2, (4, 2)), ("002", "moved", -1, (2, 3)),
        ("005", "alone", 0, (None, 4)),
    ]  # fmt: skip
    assert found.in_all == 3 and found.sentence == "3 items are in all 2 lists."


def test_what_the_first_list_lacks_is_compared_with_the_next_one_that_has_it():
    found = side_by_side([live(1, 2), live(3, 1), live(1, 3)], Asked(("0040",), 2), [None] * 3)
    assert lines(found, 1)[0] == ("003", "shared", 0, (None, 1, 2))
    assert lines(found, 2)[1] == ("003", "moved", -1, (None, 1, 2))


def test_items_are_matched_by_id_where_another_version_of_the_dataset_counts_them_otherwise():
    data = chain_dataset()
    turned = replace(
        data, item_ids=data.item_ids[::-1], item_features=data.item_features[::-1].reset_index(drop=True),
        items=(41 - data.items).astype(np.int32),
    )  # fmt: skip
    found = side_by_side([live(1, 2), live(40, 39, dataset=turned)], Asked(("0030", "gone"), 2), [None, None])
    assert [line.mark for one in found.lists for line in one.lines] == ["agrees"] * 4
    assert [one.history.items.tolist() for one in found.lists] == [[30], [11]]
    assert found.lists[0].notes[0].startswith("1 item of the history is unknown")


def test_the_held_out_item_is_ranked_from_the_history_before_it():
    target = HeldOutItem("009")
    asked = Asked(("007", "008", "009", "0010"), 3)
    found = side_by_side([live(8, 9, 5), live(5, 4, 3, 9)], asked, [target, target])
    first, second = (one.held_out for one in found.lists)
    assert (first.rank, first.hit) == (1, True)  # 8 is in the history
    assert (second.rank, second.hit) == (4, False)
    assert second.sentence == "Held out: “标题 9, “no. 9”” is number 4: not among the first 3."
    assert not any(line.held_out for line in found.lists[0].lines)  # taken, and so in no list
    measured = side_by_side([live(8, 9, 5), live(5, 4, 3, 9)], replace(asked, as_measured=True), [target, target])
    assert measured.lists[0].history.items.tolist() == [7, 8]
    assert [line.held_out for line in measured.lists[0].lines] == [True, False, False]


def test_a_held_out_item_that_rules_exclude_or_that_was_taken_before_has_no_rank():
    target = HeldOutItem("009")
    blocked = Asked(("007",), 3, rules=Rules(block=("009",)))
    repeated = Asked(("009", "007", "009"), 3)
    for asked in (blocked, repeated):
        (one,) = side_by_side([live(9)], asked, [target]).lists
        assert one.held_out.rank is None and not one.held_out.hit
        assert "cannot be recommended" in one.held_out.sentence


def test_items_kept_out_of_training_are_no_part_of_the_measured_history():
    hidden = np.zeros(40, bool)
    hidden[7] = True
    assert HeldOutItem("009", hidden).before(History.of([7, 8, 9, 10]), 9).items.tolist() == [7]


def test_lists_as_of_a_moment_know_only_what_was_taken_by_then():
    asked = Asked(("007", "008", "009"), 3, times=(100, 200, 300), moment=250)
    (one,) = side_by_side([live(8, 7, 9)], asked, [None]).lists
    assert one.history.items.tolist() == [7, 8] and one.history.asked == 250
    assert [line.item.item_id for line in one.lines] == ["009", "001", "002"]


def test_what_was_held_out_is_asked_about_at_its_own_time():
    history = History(np.array([7, 9, 8], np.int32), np.array([100, 200, 300]))
    before = HeldOutItem("009").before(history, 9)
    assert (before.items.tolist(), before.times.tolist(), before.asked) == ([7], [100], 200)


def test_a_wish_that_a_model_cannot_read_is_said():
    (one,) = side_by_side([live(1)], Asked(("007",), 3, wish="robots"), [None]).lists
    assert one.wish == "" and one.notes == ("This run reads no texts: the wish has no effect on its list.",)


def test_the_csv_has_a_row_for_each_item_of_each_list(tmp_path):
    found = side_by_side([live(1, 2), live(2, 3)], Asked(("0040",), 2, as_measured=True), [HeldOutItem("002")] * 2)
    assert write_side_by_side(tmp_path / "lists.csv", ["a", "=b"], found) == 4
    with (tmp_path / "lists.csv").open(encoding="utf-8-sig", newline="") as stream:
        table = list(csv.reader(stream))
    assert table[0] == [
        "run", "rank", "item_id", "title", "score", "mark", "moved", "held_out", "rank in a", "rank in =b",
    ]  # fmt: skip
    assert table[1][:3] == ["a", "1", "001"] and table[1][5:] == ["alone", "0", "", "1", ""]
    assert table[3][:3] == ["'=b", "1", "002"] and table[3][5:] == ["moved", "1", "yes", "2", "1"]
    assert pd.read_csv(tmp_path / "lists.csv", encoding="utf-8-sig").shape == (4, 10)
