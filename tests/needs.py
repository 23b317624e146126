"""What a test needs of the machine: where it is absent the test skips, saying so."""

import os
import shutil

import pytest

EVERYTHING = "RECDESK_TEST_EVERYTHING"
"""Set where all tools and fonts are said to be installed (`.ci/run`): a test that misses one then fails."""


def missing(tool: str) -> None:
    """End the test for want of a tool or a font."""
    if os.environ.get(EVERYTHING):
        pytest.fail(f"{EVERYTHING} is set, but this test needs {tool}")
    pytest.skip(f"needs {tool}")


def program(name: str) -> str:
    """The path of a program; without it the test ends (see `missing`)."""
    found = shutil.which(name)
    if found is None:
        missing(name)
    return str(found)
