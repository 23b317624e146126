"""Formats what commands say of datasets: what an import did, how sound a dataset is."""

import itertools
from typing import Any

from rich.table import Table

from recdesk.cli.console import Output
from recdesk.cli.output import rows
from recdesk.core.messages import Message
from recdesk.data.cleaning.engine import Forecast
from recdesk.data.cleaning.rules import moment_text
from recdesk.data.health import Health
from recdesk.data.importing import ImportResult

OF_USERS = ("users_without_features", "features_without_users")
"""Counts of users in an import report."""


def say_report(output: Output, name: str, result: ImportResult) -> None:
    """What an import read, dropped and rejected."""
    data, report = result.dataset, result.dataset.report
    output.say(f"“{name}”: {_sizes(data.n_users, data.n_items, data.n_interactions)}.")
    for reason, count in report["rejected"].items():
        output.say(f"  {rows(count)} rejected: {reason}")
    for rule, count in report["dropped"].items():
        output.say(f"  {rows(count)} dropped: {rule}")
    for note in report["notes"]:
        output.say(f"  {note}")
    say_users(output, list(map(str, data.user_features.columns)), report)


def say_problems(output: Output, result: ImportResult) -> None:
    """Likely problems of what was imported."""
    for problem in result.health.problems if result.health else ():
        output.say(f"! {problem}")


def say_users(output: Output, features: list[str], report: dict[str, Any]) -> None:
    """Features of users that are kept, and counts of users without features or without interactions."""
    if not features:
        return
    output.say(f"  kept of users (models do not read it): {', '.join(features)}")
    if count := report["users_without_features"]:
        output.say(f"  {Message('report.users-without-features', count=count)}")
    if count := report["features_without_users"]:
        output.say(f"  {Message('report.features-without-users', count=count)}")


def _sizes(users: int, items: int, interactions: int) -> str:
    counts = (
        Message("count.users", count=users),
        Message("count.items", count=items),
        Message("count.interactions", count=interactions),
    )
    return ", ".join(counts)


def say_forecast(output: Output, forecast: Forecast, rejected: dict[str, int]) -> None:
    """Usable rows, what each rule would remove, and what is left."""
    output.say(f"{rows(forecast.read)} read, {forecast.read - forecast.rejected:,} can be used.")
    for reason, count in rejected.items():
        output.say(f"  {rows(count)} rejected: {reason}")
    table = Table("rule", "rows", "users", "items", box=None)
    for effect in forecast.effects:
        table.add_row(
            effect.rule, *(f"-{count:,}" if count else "0" for count in (effect.rows, effect.users, effect.items))
        )
    table.add_row("left", f"{forecast.rows:,}", f"{forecast.users:,}", f"{forecast.items:,}")
    output.console.print(table)


def say_health(output: Output, name: str, found: Health) -> None:
    """Statistics of a dataset and likely problems."""
    output.say(f"“{name}”: {_sizes(found.users, found.items, found.interactions)}.")
    output.say(f"density {found.density:.3%}, Gini of the items' popularity {found.gini:.2f}")
    output.say(f"interactions of a user: median {found.median_length:g}, at most {found.longest:,}")
    table = Table("interactions of a user", "users", "", box=None)
    ends = [*(begin - 1 for begin in found.lengths["from"][1:]), found.longest]
    bars = zip(found.lengths["from"], ends, found.lengths["users"], strict=True)
    for begin, end, users in itertools.dropwhile(lambda bar: not bar[2], bars):
        bar = "█" * round(30 * users / max(found.lengths["users"]))
        table.add_row(f"{begin:,}" if begin >= end else f"{begin:,}–{end:,}", f"{users:,}", bar)
    output.console.print(table)
    for share in (0.01, 0.1, 0.5):
        made = found.tail["interactions"][round(share * (len(found.tail["items"]) - 1))]
        output.say(f"the most popular {share:.0%} of the items make {made:.0%} of the interactions")
    if found.tied is not None:
        output.say(f"{found.tied:.1%} of the interactions share their second with another one of the same user")
    if found.over_time is not None:
        first, last = (moment_text(found.over_time["from"][at]) for at in (0, -1))
        output.say(f"from {first} to the {found.over_time['unit']} of {last}")
    if known := found.users - found.users_without_features:
        output.say(f"users with features: {known:,} of {found.users:,}")
    for problem in found.problems:
        output.say(f"! {problem}")
    if not found.problems:
        output.say("Nothing looks wrong.")
