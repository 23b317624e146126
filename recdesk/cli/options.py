"""Parses settings from the command line or from a file named there."""

import json
import stat
import tomllib
from pathlib import Path
from typing import Any, get_args

from recdesk.core.errors import UsageError
from recdesk.core.records import CHECKSUM
from recdesk.data.split_kinds import SPLIT_KINDS, SplitKind
from recdesk.training.config import KINDS

MOST_BYTES = 2**20
"""Largest size of a file of settings."""


def settings_of(pairs: list[str] | None) -> dict[str, Any]:
    """Values of “key=value” texts, settings of a model; “none” is no value, where a setting can have none.

    Raises:
        UsageError: one is none.
    """
    values = pairs_of(pairs)
    if "kind" in values:
        raise UsageError("“kind” is no setting.", "Choose the model with --model.")
    fields = [entry for kind in KINDS.values() for entry in kind.model_fields.items()]
    empty = {name for name, field in fields if type(None) in get_args(field.annotation)}
    return {name: None if value == "none" and name in empty else value for name, value in values.items()}


def pairs_of(pairs: list[str] | None) -> dict[str, str]:
    """Values of “key=value” texts.

    Raises:
        UsageError: one is none.
    """
    values: dict[str, str] = {}
    for pair in pairs or []:
        key, found, value = pair.partition("=")
        if not found or not key.strip():
            raise UsageError(f"“{pair}” is no setting.", "Write it as key=value, such as --set hidden=64.")
        values[key.strip()] = value.strip()
    return values


def given_settings(path: Path) -> dict[str, Any]:
    """Values of a file of settings, such as a run's config.json; YAML and TOML by the ending of its name.

    Raises:
        UsageError: it is no file, cannot be read, or holds no settings.
    """
    values = values_of_file(path)
    if not isinstance(values, dict):
        raise UsageError(f"“{path}” holds no settings.", "A run's config.json shows the form.")
    values.pop(CHECKSUM, None)  # it may have been edited since
    return values


def values_of_file(path: Path) -> Any:
    """What a JSON, YAML or TOML file holds, by the ending of its name; JSON for any other.

    Raises:
        UsageError: it is no file, or cannot be read.
    """
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for, a device may have no end
            raise UsageError(f"“{path}” is no ordinary file.", "Save the settings as a file first.")
        if about.st_size > MOST_BYTES:
            raise UsageError(f"“{path}” is too large for a file of settings.", "A run's config.json shows the form.")
        return _parsed(path)
    except FileNotFoundError as error:
        raise UsageError(f"There is no file “{path}”.", "Check its name and folder.") from error
    except OSError as error:
        raise UsageError(f"“{path}” could not be read: {error.strerror or error}.") from error
    except RecursionError as error:
        raise UsageError(
            f"“{path}” holds no settings: it is too deep.", "A run's config.json shows the form."
        ) from error
    except ValueError as error:  # no JSON, no text, a number of thousands of digits, a name with a zero byte
        raise UsageError(f"“{path}” holds no settings: {error}.", "A run's config.json shows the form.") from error


def _parsed(path: Path) -> Any:
    if path.suffix.lower() == ".toml":
        return tomllib.loads(path.read_text(encoding="utf-8"))
    if path.suffix.lower() in (".yaml", ".yml"):
        import yaml

        try:
            return yaml.safe_load(path.read_bytes())
        except yaml.YAMLError as error:
            raise ValueError(" ".join(str(error).split())) from error
    return json.loads(path.read_bytes())


def split_kind(name: str) -> SplitKind:
    """The split of a name.

    Raises:
        UsageError: there is none.
    """
    for kind in SPLIT_KINDS:
        if kind == name:
            return kind
    raise UsageError(f"There is no split “{name}”.", f"Choose one of: {', '.join(SPLIT_KINDS)}.")
