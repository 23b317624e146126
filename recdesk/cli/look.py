"""What a plan makes of a file, in words, and the question where that is not clear."""

from typing import Any

from recdesk.cli.console import Output
from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.data.columns.roles import ROLES, TAKEN_FOR_GRANTED, Doubt, Guess, Reading
from recdesk.data.plan import ImportPlan
from recdesk.data.planning import Preview, preview


def say_look(output: Output, plan: ImportPlan, details: bool = True) -> tuple[Preview, dict[str, Any]]:
    """Print how the interactions are understood: their columns and, with details, their dialect and times."""
    look = preview(plan.interactions, plan.dialect)
    if details:
        for note in filter(None, (look.written, *look.notes)):
            output.say(f"  {note}")
    given = {column: role for role in ROLES if (column := getattr(plan, role))}
    unset = {role for role in ROLES if getattr(plan, role) is not None}
    for guess in look.guesses:
        if guess.column in given:
            output.say(f"  {guess.column}: {given[guess.column]} (as given)")
        elif guess.role not in unset and (words := _words(guess)):
            output.say(f"  {guess.column}: {words}")
    if details:
        time, clock = look.time_columns(plan.time, plan.clock)
        times = look.times_of(time, plan.time_form, clock) if time else None
        for text, iso in times.samples if times else ():
            output.say(f"  {text} → {iso}")
    return look, {
        "dialect": look.dialect.to_dict(),
        "columns": [guess.to_dict() for guess in look.guesses],
        "doubts": [doubt.to_dict() for doubt in look.doubts],
    }


def ask_about(look: Preview, plan: ImportPlan) -> None:
    """Refuse a file that can be read in two ways.

    Raises:
        UsageError: it can, and the plan does not say which of them it is.
    """
    given = {column for role in ROLES if (column := getattr(plan, role))}
    if not given <= {*look.columns}:  # which is said when the file is read
        return
    for doubt in look.open_doubts(plan):
        name = look.path.name
        users = doubt.role == "user"
        sentence = Message("column.users-unclear", name=name) if users else Message("column.items-unclear", name=name)
        raise UsageError(sentence, _question(doubt))


def _words(guess: Guess) -> str:
    """What a column is taken for, and why; "" where there is nothing to say."""
    if not guess.role:
        return f"no role: {guess.evidence}" if guess.evidence else ""
    why = f": {guess.evidence}" if guess.evidence else f", by its {guess.reason}"
    taken = "" if guess.confidence >= TAKEN_FOR_GRANTED else "perhaps "
    return f"{taken}{guess.role} ({guess.confidence:.0%} sure{why})"


def _question(doubt: Doubt) -> str:
    first, *others = doubt.readings
    lines = [f"Either {first.evidence}: {_options(first)}"]
    lines += [f"or {reading.evidence}: {_options(reading)}" for reading in others]
    return "; ".join(lines) + "; --yes takes the first."


def _options(reading: Reading) -> str:
    return " ".join(f'--{role} "{column}"' for role, column in reading.columns.items())
