from dataclasses import replace

import pandas as pd
import pytest

from recdesk.data.categories import Categories, are_numbers, category_features, item_categories, separator_of


def texts(*values: str) -> pd.Series:
    return pd.Series(values, dtype="str")


@pytest.mark.parametrize(
    ("values", "separator"),
    [
        (("Action|Drama", "Drama", "Action", "Action|Comedy|Drama"), "|"),
        (("a;b", "b", "a;c", "a"), ";"),
        (("a, b", "b", "b, a", "a"), ","),
        (("Drama Romance", "Comedy Drama", "Comedy Romance", "Romance Comedy", "Drama Comedy", "Romance"), " "),
        (("light blue", "red", "dark green"), ""),
        (("one", "two"), ""),
    ],
)
def test_the_separator_is_the_one_that_leaves_the_fewest_values(values, separator):
    assert separator_of(texts(*values)) == separator


def test_each_category_of_a_cell_counts_once_and_none_is_none():
    found = Categories.of("genre", texts("Drama|Action|Drama", "", "Action", "Action| Comedy"))
    assert found.names[0] == "Action" and set(found.names) == {"Action", "Drama", "Comedy"}
    sets = [{found.names[c] for r, c in zip(found.rows, found.codes, strict=True) if r == row} for row in range(4)]
    assert sets == [{"Drama", "Action"}, set(), {"Action"}, {"Action", "Comedy"}]
    assert [int(row.sum()) > 0 for row in found.bits()] == [True, False, True, True]


def test_items_are_sorted_by_several_categories_a_cell_rather_than_by_a_number(chain):
    features = pd.DataFrame(
        {
            "title": chain.item_features["title"],
            "year": ["1990", "1991"] * 20,
            "maker": ["one", "two"] * 20,
            "genre": ["a|b", "b"] * 20,
        },
        dtype="str",
    )
    assert item_categories(replace(chain, item_features=features)).feature == "genre"
    assert item_categories(replace(chain, item_features=features.drop(columns="genre"))).feature == "maker"
    assert item_categories(replace(chain, item_features=features[["title", "year"]])) is None
    assert [name for name, _ in category_features(features, "title")] == ["year", "maker", "genre"]


def test_postal_codes_are_no_amounts():
    assert are_numbers(texts("1990", "7", "3.5"))
    assert not are_numbers(texts("01990", "73000"))
    assert not are_numbers(texts())
