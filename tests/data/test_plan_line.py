from dataclasses import replace
from pathlib import Path

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as some

import recdesk.cli.commands
import recdesk.cli.import_  # noqa: F401  its commands join the others
from recdesk.cli.app import app
from recdesk.cli.plan_options import plan_of
from recdesk.data.cleaning.rules import moment
from recdesk.data.declaration import declarations
from recdesk.data.files.dialect import Dialect
from recdesk.data.plan import ImportPlan
from recdesk.data.plan_line import import_words


def parsed(words: list[str]) -> ImportPlan:
    """The plan that the command makes of these words."""
    group = typer.main.get_command(app)
    command = group.commands[words[0]]  # type: ignore[attr-defined]
    values = command.make_context("import", list(words[1:])).params
    values = {name: value if value != () else None for name, value in values.items()}  # as typer does
    named = {*declarations(ImportPlan), *declarations(Dialect)}
    return plan_of(values["files"], {name: value for name, value in values.items() if name in named})


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "my ratings.csv"
    path.write_text("who;what;stars;when\na;x;5;2020-01-01\nb;y;3;2020-01-02\n")
    return path


def test_the_words_of_a_plan_make_the_same_plan_again(file):
    plan = ImportPlan(
        file,
        name="it’s mine",
        user="who",
        item="what",
        rating="stars",
        time="",
        dialect=Dialect(separator=";", quote="", encoding="utf-8"),
        since=moment("2020-01-01"),
        until=moment("2020-12", end=True),
        min_rating=3.5,
        duplicates="last",
        returns="keep",
        k_core=5,
        events=("view", "buy"),
        normalise_ids=True,
        user_columns=(),
        features=("genre", "year"),
        pseudonyms=True,
    )
    again = parsed(import_words(plan))
    assert replace(again, interactions=plan.interactions) == plan
    words = import_words(plan)
    assert words[words.index("--from") + 1] == "2020-01-01"
    assert words[words.index("--quote") + 1] == "none"


def test_what_is_as_usual_is_not_said(file):
    assert import_words(ImportPlan(file)) == ["import", str(file), "--yes"]


@settings(max_examples=30, deadline=None)
@given(
    some.fixed_dictionaries(
        {},
        optional={
            "k_core": some.integers(2, 50),
            "max_user": some.integers(1, 10**6),
            "min_rating": some.floats(-10, 10),
            "duplicates": some.sampled_from(["first", "last", "all"]),
            "since": some.integers(0, 2 * 10**9),
            "title": some.none(),
            "keep_columns": some.booleans(),
            "levels": some.lists(some.sampled_from(["a", "b c"]), max_size=2, unique=True).map(tuple),
        },
    )
)
def test_any_rules_come_back(file, values):
    plan = ImportPlan(file, **values)
    again = parsed(import_words(plan))
    assert again == plan
