"""Numbers among the features of items."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import DataError
from recdesk.data.columns.numbers import numbers, standardised, with_levels
from recdesk.data.importing import import_files
from recdesk.data.plan import ImportPlan
from recdesk.data.store import load_dataset, save_dataset
from tests.data.making import write_table


def table(**columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype="str")


def test_numbers_are_read_in_the_ways_people_write_them() -> None:
    texts = pd.Series(["1", " -2.5 ", "3,5", "1e3", "", "about 4", "1.2.3", ".5", "nan", "inf"], dtype="str")
    np.testing.assert_array_equal(numbers(texts), [1, -2.5, 3.5, 1000, np.nan, np.nan, np.nan, 0.5, np.nan, np.nan])


def test_numeric_columns_get_mean_0_and_deviation_1() -> None:
    found = standardised(
        table(price=["1", "2", "3", ""], title=["a", "b", "c", "d"], flag=["0", "1", "1", "0"], same=["5"] * 4)
    )
    assert list(found.columns) == ["price"]
    np.testing.assert_allclose(found["price"], [-np.sqrt(1.5), 0, np.sqrt(1.5), np.nan])


def test_a_few_words_in_a_column_of_numbers_do_not_matter_many_do() -> None:
    mostly = [str(n) for n in range(99)]
    assert list(standardised(table(a=[*mostly, "none"])).columns) == ["a"]
    assert standardised(table(a=[*mostly[:9], "none"])).empty


def test_numbers_become_words_a_third_each() -> None:
    found = with_levels(table(price=["1", "2", "3", "4", "5", "6", ""], kind=["k"] * 7), ["price"])
    assert list(found.columns) == ["price", "price level", "kind"]
    assert found["price level"].tolist() == ["low", "low", "medium", "medium", "high", "high", ""]
    assert found["price"].tolist() == ["1", "2", "3", "4", "5", "6", ""]


def test_equal_numbers_get_equal_words() -> None:
    assert with_levels(table(n=["0", "0", "0", "0", "9"]), ["n"])["n level"].tolist() == ["low"] * 4 + ["high"]


def test_a_column_that_is_not_there_or_holds_no_numbers_gets_a_sentence() -> None:
    with pytest.raises(DataError, match=r"no column “cost”\. Their columns are: price"):
        with_levels(table(price=["1"]), ["cost"])
    with pytest.raises(DataError, match="“kind” of the items holds no numbers"):
        with_levels(table(kind=["a", "b"]), ["kind"])


def test_an_import_keeps_them_beside_the_original_and_they_come_back(tmp_path: Path) -> None:
    ratings = write_table(tmp_path / "r.csv", [["user", "item"], ["a", "x"], ["a", "y"], ["b", "z"]])
    rows = [["item", "title", "price"], ["x", "X", "10"], ["y", "Y", "20"], ["z", "Z", "30"]]
    items = write_table(tmp_path / "i.csv", rows)
    result = import_files(ImportPlan(ratings, items, levels=("price",)))
    assert result.dataset.item_features["price"].tolist() == ["10", "20", "30"]
    assert result.dataset.item_features["price level"].tolist() == ["low", "medium", "high"]
    assert result.dataset.rules["levels"] == ["price"]
    folder = tmp_path / "dataset"
    folder.mkdir()
    save_dataset(result.dataset, folder, [], pd.DataFrame())
    loaded = load_dataset(folder)
    np.testing.assert_allclose(loaded.item_numbers["price"], [-np.sqrt(1.5), 0, np.sqrt(1.5)])
    assert loaded.content_hash == result.dataset.content_hash
