"""Rules of what is recommended that a person keeps under a name, in `rules.json` of a workspace."""

from pathlib import Path
from typing import Any

from recdesk.core.errors import DataError, UsageError
from recdesk.core.messages import Message
from recdesk.core.records import Record, read_record, write_record
from recdesk.recommend.rules import Rules, RulesRecord, from_record, to_record
from recdesk.workspace.folders import folder_lock

FILE = "rules.json"
FORMAT = 1
LONGEST_NAME = 80
ADVICE = Message("record.restore-copy")


class _File(Record):
    format: int
    rules: list[RulesRecord]


def load_rules(workspace: Path) -> list[Rules]:
    """The rules of a workspace by name.

    Raises:
        DataError: the file is damaged.
    """
    path = workspace / FILE
    if not path.exists():
        return []
    entries: list[dict[str, Any]] = read_record(path, _File, ADVICE, FORMAT)["rules"]
    try:
        return sorted(map(from_record, entries), key=lambda rules: rules.name.casefold())
    except UsageError as error:
        raise DataError(Message("record.unusable", path=path, reason=error.sentence), ADVICE) from error


def rules_named(workspace: Path, name: str) -> Rules:
    """The rules of this name.

    Raises:
        UsageError: there are none; the suggestion names those that there are.
        DataError: the file is damaged.
    """
    known = load_rules(workspace)
    for rules in known:
        if rules.name == name:
            return rules
    names = ", ".join(f"“{rules.name}”" for rules in known)
    advice = Message("rule.there-are", names=names) if names else Message("steer.save-first")
    raise UsageError(Message("steer.not-found", name=name), advice)


def save_rules(workspace: Path, rules: Rules) -> None:
    """Store rules under their name, in the place of those that have it.

    Raises:
        UsageError: the name is empty or too long, or they say nothing.
        DataError: the file is damaged; it stays as it is.
        StorageError: it cannot be written.
    """
    if not rules.name.strip() or len(rules.name) > LONGEST_NAME:
        raise UsageError(Message("steer.name-needed"), Message("steer.give-name", most=LONGEST_NAME))
    if rules.empty:
        raise UsageError(Message("steer.nothing-to-save"), Message("steer.give-rule"))
    with folder_lock(workspace):
        others = [other for other in load_rules(workspace) if other.name != rules.name]
        _write(workspace, [*others, rules])


def remove_rules(workspace: Path, name: str) -> None:
    """Delete the rules of this name.

    Raises:
        UsageError: there are none.
        DataError: the file is damaged; it stays as it is.
        StorageError: it cannot be written.
    """
    with folder_lock(workspace):
        rules_named(workspace, name)
        _write(workspace, [other for other in load_rules(workspace) if other.name != name])


def _write(workspace: Path, every: list[Rules]) -> None:
    write_record(workspace / FILE, {"format": FORMAT, "rules": [to_record(rules) for rules in every]})
