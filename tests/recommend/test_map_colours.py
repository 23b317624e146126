from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recdesk.core.errors import UsageError
from recdesk.recommend.map_colours import LEVELS, choices, colouring, scale_colour, usual_choice
from tests.conftest import chain_dataset


@pytest.fixture
def films():
    """40 items with genres, a year, a title, and a code that sorts nothing."""
    kinds = ["Drama", "Drama|Comedy", "Comedy", "Drama|War", "", "A", "B", "C", "D", "E"]
    features = pd.DataFrame(
        {
            "title": [f"film {n}" for n in range(40)],
            "genres": [kinds[n % 10] for n in range(40)],
            "year": [str(1980 + n % 20) if n else "" for n in range(40)],
            "code": [f"x{n}" for n in range(40)],
        }
    )
    return replace(chain_dataset(n_items=40), item_features=features, title_column="title")


def test_features_that_sort_items_and_amounts_are_offered_then_popularity(films):
    assert choices(films) == ["genres", "year", "popularity"]
    assert usual_choice(films) == "genres"
    bare = replace(films, item_features=pd.DataFrame(index=range(40)), title_column=None)
    assert (choices(bare), usual_choice(bare)) == (["popularity"], "popularity")


def test_an_item_of_several_kinds_has_the_colour_of_the_rarest_shown(films):
    found = colouring(films)
    assert (found.kind, found.title, found.several) == ("categories", "genres", True)
    assert found.groups[:2] == ("Drama", "Comedy") and len(found.groups) == 6
    names = [found.groups[s] if 0 <= s < 6 else s for s in found.slots[:5].tolist()]
    assert names == ["Drama", "Comedy", "Comedy", "War", -1]
    assert found.counts.tolist() == [12, 8, 4, 4, 4, 4, 8, 4]  # then others and unknown ones
    assert found.having(0).sum() == 12 and found.having(6).sum() == 8 and found.having(-1).sum() == 4
    assert found.texts[1] == "Drama|Comedy"


def test_amounts_are_levels_between_their_ends(films):
    found = colouring(films, "year")
    assert found.kind == "amount" and found.slots[0] == -1 and found.counts.tolist() == [39, 1]
    assert 1980 <= found.low <= 1981 and 1998 <= found.high <= 1999
    assert (found.slots[19], found.slots[20]) == (LEVELS - 1, 0)
    taken = colouring(films, "popularity")
    assert taken.popular and (taken.low, taken.high) == (films.popularity.min(), films.popularity.max())
    order = np.argsort(films.popularity)
    assert (np.diff(taken.slots[order]) >= 0).all()


def test_a_feature_called_popularity_is_that_feature(films):
    features = films.item_features.rename(columns={"genres": "popularity"})
    found = colouring(replace(films, item_features=features), "popularity")
    assert not found.popular and found.kind == "categories"
    unsorted = films.item_features.rename(columns={"code": "popularity"})
    assert colouring(replace(films, item_features=unsorted), "popularity").popular


@pytest.mark.parametrize(("feature", "said"), [("code", "neither an amount"), ("nothing", "no feature “nothing”")])
def test_what_is_no_colour_is_said_with_what_is(films, feature: str, said: str):
    with pytest.raises(UsageError, match=said) as told:
        colouring(films, feature)
    assert told.value.suggestion == "It can be coloured by: genres, year, popularity."


def test_the_scale_gets_lighter_and_stands_out_from_the_ground():
    for dark in (False, True):
        light = [sum(c * w for c, w in zip(scale_colour(s / 10, dark), (0.21, 0.72, 0.07), strict=True))
                 for s in range(11)]  # fmt: skip
        assert light == sorted(light)
        assert light[-1] < 190 if not dark else light[0] > 45
