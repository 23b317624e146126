"""The header of a text: a line of names, wherever its words stand besides, and however often."""

from pathlib import Path

import pytest

from recdesk.data.files.sniffing import looks_like_header
from recdesk.data.planning import preview
from tests.data.conftest import read
from tests.data.making import write, write_table

ROWS = [["like", str(n % 7 + 300), str(n % 9 + 900), f"2020-01-01 0{n % 10}:{n % 60:02}:00"] for n in range(40)]


@pytest.mark.parametrize(
    "header",
    [
        ["like", "UserId", "ItemId", "Timestamp"],
        ["like", "user", "item", "when"],
        ["like", "Kunde", "Artikel", "Datum"],
    ],
)
def test_a_header_stays_one_though_a_word_of_it_stands_below(header: list[str], tmp_path: Path) -> None:
    look = preview(write_table(tmp_path / "f.csv", [header, *ROWS]))
    assert look.columns == header and look.named
    assert look.roles == {"event": "like", "user": header[1], "item": header[2], "time": header[3]}
    dataset = read(look.path).dataset
    assert (dataset.n_users, dataset.n_items, dataset.report["rejected"]) == (7, 9, {})


def test_a_row_whose_words_come_again_is_none() -> None:
    assert not looks_like_header([["anna", "item"], ["anna", "pear"], ["bob", "item"]])
    assert not looks_like_header([["view", "anna", "kiwi"], ["view", "bob", "kiwi"], ["buy", "anna", "pear"]])
    assert not looks_like_header([["user", "item"], ["user", "pear"], ["bob", "kiwi"]])  # one name is not enough
    assert looks_like_header([["user", "item", "time"], ["user", "i1", "12"], ["bob", "i2", "13"]])


HEADERS = {
    "users and items": (["movieId", "userId", "timestamp"], ","),
    "RecBole's types": (["item_id:token", "user_id:token", "timestamp:float"], "\t"),
    "in Chinese": (["商品ID", "用户ID", "时间"], ";"),
    "in quotes": (['"movie id"', '"user id"', '"time"'], ","),
}


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_that_stands_again_is_counted_apart(kind: str, times: int, tmp_path: Path) -> None:
    header, mark = HEADERS[kind]
    rows = [[str(n % 9 + 1), str(n // 5 + 1), str(1_577_836_800 + 3600 * n)] for n in range(40)]
    step = 40 // (times + 1)
    lines = [mark.join(row) for row in rows]
    for again in range(times, 0, -1):
        lines.insert(again * step, mark.join(header))
    path = write(tmp_path / "f.csv", "\n".join([mark.join(header), *lines]) + "\n")
    result = read(path)
    dataset = result.dataset
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (8, 9, 40)
    assert dataset.report["rejected"] == {"the header again": times}
    assert [reject.line for reject in result.rejects] == [again * step + again + 1 for again in range(1, times + 1)]
    assert result.rejects[0].raw == mark.join(header)


def test_files_with_byte_order_marks_put_together(tmp_path: Path) -> None:
    parts = [
        "\ufeffuser,item,time\n" + "".join(f"u{n},{kind}{n % 3},{1_577_836_800 + n}\n" for n in range(9))
        for kind in "ij"
    ]
    dataset = read(write(tmp_path / "f.csv", "".join(parts))).dataset
    assert dataset.report["rejected"] == {"the header again": 1}
    assert (dataset.n_users, dataset.n_items, dataset.n_interactions) == (9, 6, 18)


def test_a_value_that_is_a_columns_name_is_a_value(tmp_path: Path) -> None:
    rows = [["user", "i1", "5"], ["user", "i2", "4"], ["u2", "i2", "3"]]
    path = write_table(tmp_path / "g.csv", [["user", "item", "rating"], ["u1", "i1", "5"], *rows])
    dataset = read(path).dataset
    assert dataset.report["rejected"] == {}
    assert sorted(dataset.user_ids) == ["u1", "u2", "user"] and dataset.n_interactions == 4
