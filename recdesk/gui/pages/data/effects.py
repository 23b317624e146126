"""Which rule an effect of a forecast belongs to."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recdesk.data.cleaning.engine import Effect, Forecast
    from recdesk.data.cleaning.rules import Rules


def rules_on(rules: "Rules") -> list[str]:
    """The rules that are on, by the attribute that turns each on, in the order in which they run.

    Bounds of users and of items run as one rule, which goes by the first of them that is on.
    """
    found = []
    for name in ("normalise_ids", "events", "since", "until", "min_rating"):
        value = getattr(rules, name)
        if value is not None and value is not False:
            found.append(name)
    if rules.duplicates != "all":
        found.append("duplicates")
    if rules.max_user:
        found.append("max_user")
    if rules.core:
        found.append(next(name for name in ("k_core", "min_user", "min_item") if getattr(rules, name) > 1))
    return found


def by_rule(forecast: "Forecast", rules: "Rules") -> "dict[str, Effect]":
    """What each rule that is on removes."""
    return dict(zip(rules_on(rules), forecast.effects, strict=True))
