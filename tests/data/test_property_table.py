"""Items files with a row for each property become columns of the items."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.data.dataset import Dataset
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.property_table import MOST_PROPERTIES
from tests.data.making import write_table


def imported(folder: Path, header: list[str], rows: list[list[str]], items: int = 3) -> Dataset:
    log = [["user_id", "item_id"], *[[f"u{n % 2}", f"i{n}"] for n in range(items)]]
    properties = write_table(folder / "p.csv", [header, *rows])
    return import_files(ImportPlan(write_table(folder / "r.csv", log), properties)).dataset


def test_the_latest_value_of_each_property_counts(tmp_path: Path) -> None:
    rows = [
        ["1435460400000", "i0", "price", "5"],
        ["1433041200000", "i0", "price", "4"],
        ["1433041200000", "i0", "brand", "Acme"],
        ["1433041200000", "i1", "brand", "Bolt"],
        ["1433041200000", "i9", "brand", "Nobody's"],
    ]
    dataset = imported(tmp_path, ["timestamp", "itemid", "property", "value"], rows)
    assert dataset.item_features.to_dict("list") == {"brand": ["Acme", "Bolt", ""], "price": ["5", "", ""]}
    assert dataset.report["features_without_items"] == 1
    note = "“p.csv” has a row for each property: the latest values of the 2 most frequent ones became columns; "
    assert f"{note}0 others were left out." in dataset.report["notes"]


def test_without_times_the_last_row_counts(tmp_path: Path) -> None:
    rows = [["i0", "colour", "red"], ["i0", "colour", "blue"], ["i1", "title", "A chair"], ["i0", "title", "A table"]]
    dataset = imported(tmp_path, ["item_id", "Attribute Name", "Attribute Value"], rows)
    assert dataset.item_features.to_dict("list") == {"title": ["A table", "A chair", ""], "colour": ["blue", "", ""]}
    assert dataset.title_column == "title"


def test_chinese_names_are_known_too(tmp_path: Path) -> None:
    dataset = imported(tmp_path, ["商品编号", "属性", "值"], [["i0", "颜色", "红"], ["i0", "品牌", "甲"]])
    assert set(dataset.item_features.columns) == {"颜色", "品牌"}


def test_the_rare_properties_are_left_out_with_their_number(tmp_path: Path) -> None:
    rows = [[f"i{item}", f"p{n:02}", "x"] for n in range(MOST_PROPERTIES + 5) for item in range(1 if n < 5 else 3)]
    dataset = imported(tmp_path, ["item", "property", "value"], rows)
    assert list(dataset.item_features.columns) == [f"p{n:02}" for n in range(5, MOST_PROPERTIES + 5)]
    assert any("5 others were left out" in note for note in dataset.report["notes"])


def test_a_table_with_one_row_an_item_stays_a_table(tmp_path: Path) -> None:
    dataset = imported(tmp_path, ["item", "key", "value"], [["i0", "k0", "1"], ["i1", "k1", "2"]])
    assert set(dataset.item_features.columns) == {"key", "value"}


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["i0", "i1", "i2"]), st.sampled_from(["a", "b", "c"])),
        st.sampled_from("xyz"),
        min_size=4,
    )
)
@settings(max_examples=4, deadline=None)
def test_any_table_comes_back_from_its_properties(tmp_path_factory, cells: dict[tuple[str, str], str]) -> None:
    rows = [[item, kind, value] for (item, kind), value in cells.items()]
    dataset = imported(tmp_path_factory.mktemp("p"), ["item_id", "property", "value"], rows)
    found = {
        (item, kind): text
        for kind in dataset.item_features.columns
        for item, text in zip(dataset.item_ids, dataset.item_features[kind], strict=True)
        if text
    }
    assert found == cells
