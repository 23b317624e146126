"""Quoting of names, texts and paths for DuckDB's SQL."""

import re
from pathlib import Path


def sql_text(value: str) -> str:
    """A string literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_name(value: str) -> str:
    """A quoted identifier."""
    return '"' + value.replace('"', '""') + '"'


def sql_path(path: Path) -> str:
    """SQL for exactly this file: DuckDB takes stars, question marks and brackets for a pattern."""
    return sql_text(re.sub(r"([*?\[])", r"[\1]", str(path.absolute())))


def json_path(*keys: str) -> str:
    """The path of an object's key, from the outside."""
    return "$" + "".join('."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"' for key in keys)
