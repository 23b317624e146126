"""Options, checks, forms and saved forms that follow from the declarations of rules and fields."""

import inspect
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from recdesk.cli.import_ import import_command
from recdesk.cli.plan_options import plan_of, with_options_of
from recdesk.core.errors import UsageError
from recdesk.data.cleaning.engine import STEPS, Sieve
from recdesk.data.cleaning.rules import Rules, rule
from recdesk.data.declaration import declarations
from recdesk.data.files.dialect import Dialect
from recdesk.data.importing import take_in
from recdesk.data.plan import ImportPlan
from recdesk.gui.pages.data.rules_form import RulesForm
from tests.data.making import write

HIGHEST = rule(
    "number", help="Drop rows rated higher.", noun="rating", needs="rating",
    title="Ratings above", tip="Ratings that are too good.", row=2, rare=True,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MadeUpRules(Rules):
    """The rules, and one that is declared here and nowhere else."""

    max_rating: Annotated[float | None, HIGHEST] = None


@dataclass(frozen=True, kw_only=True)
class MadeUpPlan(ImportPlan):
    """A plan with that rule and a field that is declared here."""

    max_rating: Annotated[float | None, HIGHEST] = None


def drop_high_ratings(sieve: Sieve, rules: Any) -> None:
    """What the rule does."""
    sieve.drop(f"rating above {rules.max_rating:g}", ~(np.asarray(sieve.rows.ratings) > rules.max_rating))


@pytest.fixture
def command() -> typer.Typer:
    """A command with the options of the plan that is made up; it prints the rule's value."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)

    @app.command()
    @with_options_of(MadeUpPlan)
    def show(file: Path, given: dict[str, Any]) -> None:
        plan = plan_of([file], given, MadeUpPlan)
        plan.check()
        print(json.dumps([plan.max_rating, plan.k_core]))  # type: ignore[attr-defined]

    return app


def test_a_rule_that_is_declared_has_an_option_with_its_help(command: typer.Typer, tmp_path: Path) -> None:
    path = write(tmp_path / "f.csv", "user,item,rating\na,x,1\na,y,2\n")
    said = CliRunner().invoke(command, ["--help"])
    assert "--max-rating <float>" in said.stdout and "Drop rows rated higher." in said.stdout
    said = CliRunner().invoke(command, [str(path), "--max-rating", "1.5", "--k-core", "2"])
    assert json.loads(said.stdout) == [1.5, 2]
    assert json.loads(CliRunner().invoke(command, [str(path)]).stdout) == [None, 0]
    said = CliRunner().invoke(command, [str(path), "--max-rating", "much"])
    assert said.exit_code == 2
    assert isinstance(CliRunner().invoke(command, [str(path), "--max-rating", "inf"]).exception, UsageError)


def test_a_rule_that_is_declared_is_checked_and_saved() -> None:
    with pytest.raises(UsageError, match="“inf” is no rating"):
        MadeUpRules(max_rating=float("inf")).check()
    asked = MadeUpRules(max_rating=4.0, duplicates="all")
    assert asked.to_dict()["max_rating"] == 4.0
    assert MadeUpRules.from_dict(asked.to_dict()) == asked
    assert MadeUpRules.from_dict(Rules().to_dict()) == MadeUpRules()
    assert MadeUpPlan(interactions=Path("a"), max_rating=4.0).to_dict()["max_rating"] == 4.0


def test_a_rule_that_is_declared_stands_in_the_form(qapp, session) -> None:
    form = RulesForm(session, MadeUpRules)
    row = form.row("max_rating")
    assert (row.title, row.control.toolTip(), row.rare) == ("Ratings above", "Ratings that are too good.", True)
    form.set_rules(MadeUpRules(max_rating=3.5))
    assert MadeUpRules(**form.values()) == MadeUpRules(max_rating=3.5)
    for row in form.rows:
        row.control.deleteLater()


def test_a_rule_that_is_declared_runs_by_its_step(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(STEPS, "max_rating", drop_high_ratings)
    path = write(tmp_path / "f.csv", "user,item,rating\na,x,1\na,y,2\nb,x,5\n")
    told = take_in(ImportPlan(path)).forecast(MadeUpRules(max_rating=4.0, returns="keep", duplicates="all"))
    assert [(effect.rule, effect.rows) for effect in told.effects] == [("rating above 4", 1)]


def test_every_rule_has_a_step_that_applies_it() -> None:
    assert STEPS.keys() == {rule.step or name for name, rule in Rules.declared().items()}


def test_the_command_has_an_option_for_every_field_that_a_person_gives() -> None:
    found = inspect.signature(import_command).parameters.keys()
    given = {name for of in (ImportPlan, Dialect) for name, field in declarations(of).items() if field.help}
    assert found == given | {"files", "dry_run", "yes", "workspace", "as_json"}
    assert declarations(ImportPlan).keys() - given == {
        "interactions", "more", "notes", "dialect", "items_dialect", "users_dialect", "title",
    }  # fmt: skip
