"""The plan of an import: what follows from the declarations of its fields."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from recdesk.data.columns.roles import ROLES
from recdesk.data.declaration import declarations
from recdesk.data.files.dialect import Dialect
from recdesk.data.plan import PARTS, ImportPlan, dialect_field, fields_of, read_alike

FILES = {"interactions": Path("a"), "items": Path("b"), "users": Path("c")}
PLAN = ImportPlan(
    **FILES,
    events=("view", "buy"),
    min_rating=3.5,
    duplicates="last",
    k_core=5,
    features=("genre",),
    keep_columns=True,
    levels=("price",),
    user_columns=("city",),
    user_features=(),
    user_levels=("age",),
)


def test_every_field_is_declared() -> None:
    assert declarations(ImportPlan).keys() == {field.name for field in fields(ImportPlan)}


def test_a_plan_comes_back_from_what_is_saved_of_it() -> None:
    assert ImportPlan.from_saved(PLAN.to_dict(), FILES) == PLAN
    assert ImportPlan.from_saved(ImportPlan(Path("a")).to_dict(), {"interactions": Path("a")}) == ImportPlan(Path("a"))


def test_what_is_saved_has_the_form_and_order_of_older_datasets() -> None:
    assert PLAN.to_dict() == {
        "normalise_ids": False, "events": ["view", "buy"], "since": None, "until": None, "returns": "drop",
        "min_rating": 3.5, "duplicates": "last", "max_user": 0, "k_core": 5, "min_user": 0, "min_item": 0,
        "features": ["genre"], "keep_columns": True, "levels": ["price"], "only": [],
        "user_columns": ["city"], "user_features": [], "user_levels": ["age"],
    }  # fmt: skip
    assert list(PLAN.to_dict())[-7:] == [
        "features", "keep_columns", "levels", "only", "user_columns", "user_features", "user_levels",
    ]  # fmt: skip


def test_what_is_said_of_a_file_that_is_not_given_is_left_out() -> None:
    alone = ImportPlan.from_saved(PLAN.to_dict(), {"interactions": Path("a")})
    assert (alone.features, alone.levels, alone.user_features, alone.user_levels) == (None, (), None, ())
    assert alone.user_columns == ("city",)


def test_a_saved_value_that_is_damaged_is_refused() -> None:
    with pytest.raises(TypeError):
        ImportPlan.from_saved({"features": 3}, FILES)


def test_what_goes_back_to_guesses_is_what_is_said_of_the_file_that_is_exchanged() -> None:
    of_interactions = {*ROLES, "more", "notes", "dialect", "time_form", "user_columns"} - {"title"}
    assert fields_of("interactions").keys() == of_interactions
    assert fields_of("items") == {"items_dialect": None, "title": None, "features": None, "levels": ()}
    assert fields_of("users") == {"users_dialect": None, "user_features": None, "user_levels": ()}
    assert [dialect_field(part) for part in PARTS] == ["dialect", "items_dialect", "users_dialect"]


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({"k_core": 2}, True),
        ({"name": "n", "pseudonyms": True, "features": (), "user_features": None}, True),
        ({"items": Path("d"), "users": None}, True),
        ({"keep_columns": False}, False),
        ({"dialect": Dialect(separator=";")}, False),
        ({"clock": ""}, False),
        ({"time_form": "iso"}, False),
        ({"items": None}, False),  # titles may then stand in the interactions
        ({"title": "t"}, False),
        ({"interactions": Path("e")}, False),
    ],
)
def test_interactions_are_read_again_only_where_that_makes_a_difference(change: dict, alike: bool) -> None:
    assert read_alike(replace(PLAN, **change), PLAN) is alike
