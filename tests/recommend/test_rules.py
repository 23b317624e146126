from itertools import pairwise

import pandas as pd
import pytest

from recdesk.core.errors import UsageError
from recdesk.data.categories import Categories
from recdesk.recommend.bound_rules import bind
from recdesk.recommend.rules import Condition, Rules, from_record, parse_condition, parse_count, to_record
from tests.recommend.test_reranking import DATA

EVERYTHING = Rules(
    name="Shop", allow=("1", "2"), block=("2",), conditions=(Condition("year", "between", ("1990", "1999")),),
    cap_feature="genres", cap=2, spread_feature="genres", spread=4, diversity=0.3, damping=0.5,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("genres contains Comedy", Condition("genres", "contains", ("Comedy",))),
        (" release year between -1.5 and 1e3 ", Condition("release year", "between", ("-1.5", "1e3"))),
        ("genres one of Comedy, Drama", Condition("genres", "one of", ("Comedy", "Drama"))),
        ("year >= 1990", Condition("year", "at least", ("1990",))),
        ("year <= 1990", Condition("year", "at most", ("1990",))),
        ("any contains two words", Condition("", "contains", ("two words",))),
    ],
)
def test_a_condition_is_read_as_it_is_written(text: str, condition: Condition):
    assert parse_condition(text) == condition
    assert parse_condition(condition.text) == condition


@pytest.mark.parametrize(
    "text", ["", "genres", "contains x", "genres is x", "year >= old", "year between 1", "a one of ,"]
)
def test_what_is_no_condition_gets_a_sentence(text: str):
    with pytest.raises(UsageError) as caught:
        parse_condition(text)
    assert caught.value.suggestion


def test_bounds_the_wrong_way_round_and_strengths_out_of_range_are_refused():
    with pytest.raises(UsageError, match="wrong way round"):
        parse_condition("year between 3 and 2")
    for wrong in ({"diversity": 1.5}, {"damping": -0.1}, {"cap": -1}, {"diversity": float("nan")}):
        with pytest.raises(UsageError):
            Rules(**wrong)
    assert parse_count("main genre=3") == ("main genre", 3)
    for text in ("genres", "genres=0", "=3", "genres=-1", "genres=x", "genres=" + "9" * 5000):
        with pytest.raises(UsageError, match="no feature with a number"):
            parse_count(text)


def test_rules_come_back_from_what_is_stored_of_them():
    assert from_record(to_record(EVERYTHING)) == EVERYTHING
    assert from_record(to_record(Rules())) == Rules()
    assert Rules(name="x", diversity_feature="genres").empty and not EVERYTHING.empty


def test_they_say_what_they_do():
    assert EVERYTHING.sentences == [
        "only 2 listed items", "never 1 blocked item", "only where year is between 1990 and 1999",
        "at most 2 items of the same genres", "at least 4 different entries of genres", "diversity 30%, by the model",
        "popular items lowered by 50%",
    ]  # fmt: skip


def test_two_sets_of_rules_hold_together():
    more = Rules(allow=("2", "3"), block=("9",), cap_feature="year", cap=1)
    both = EVERYTHING.with_rules(more)
    assert (both.allow, both.block, both.cap_feature, both.cap) == (("2",), ("2", "9"), "year", 1)
    assert both.conditions == EVERYTHING.conditions and both.diversity == 0.3 and both.name == "Shop"
    assert EVERYTHING.with_text(" moon ").conditions[-1] == Condition("", "contains", ("moon",))


def test_what_of_them_has_no_effect_is_said():
    bound = bind(Rules(allow=("001", "gone"), spread_feature="genres", spread=9), DATA[True])
    assert bound.notes[0] == "1 id of the rules is not in “chain” and has no effect: “gone”."
    assert "have only" in bound.notes[1] and bound.n_allowed == 1
    nothing = bind(Rules(allow=("gone",)), DATA[True])
    with pytest.raises(UsageError, match="No item meets the rules"):
        nothing.require_items()


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (Rules(cap_feature="colour", cap=1), "no column “colour”"),
        (Rules(conditions=(Condition("title", "at least", ("3",)),)), "has no number"),
        (Rules(diversity=0.5), "no item vectors"),
    ],
)
def test_rules_that_do_not_fit_the_data_get_a_sentence(rules: Rules, said: str):
    with pytest.raises(UsageError, match=said) as caught:
        bind(rules, DATA[True])
    assert caught.value.suggestion


def test_each_entry_of_a_feature_counts_once(chain):
    from dataclasses import replace

    texts = ["x | y|x", "", "Y", *["z"] * (chain.n_items - 3)]
    made = replace(chain, item_features=pd.DataFrame({"kind": pd.Series(texts, dtype="str")}), title_column=None)
    found = Categories.of("kind", made.item_features["kind"])
    names = [[str(found.names[code]) for code in found.codes[a:b]] for a, b in pairwise(found.offsets)]
    assert [sorted(entries) for entries in names[:4]] == [["x", "y"], [], ["Y"], ["z"]]
    assert found.having(("y",))[:4].tolist() == [True, False, True, False]
