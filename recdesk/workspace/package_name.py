"""The ending of a package's name, by which the start of the program knows it."""

from pathlib import Path

ENDING = ".recdesk"


def is_package(path: Path) -> bool:
    """Whether a path has the ending of a package."""
    return path.suffix.lower() == ENDING
