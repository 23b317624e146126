"""Killed at any write, rename or sync and gone on with equals never killed."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.deaths.scenarios import KINDS

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks a process that has everything imported")
Server = Callable[[str, int], dict[str, Any]]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Tries deaths of one kind of work, one at each line that was not tried yet, so many at most."""
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "tests.deaths"]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:

        def ask(kind: str, most: int) -> dict[str, Any]:
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(json.dumps({"kind": kind, "most": most, "seed": 0}) + "\n")
            process.stdin.flush()
            answer: dict[str, Any] = json.loads(process.stdout.readline())
            return answer

        yield ask
        assert process.stdin is not None
        process.stdin.close()


def check(answer: dict[str, Any], record_property: Callable[[str, object], None]) -> None:
    assert "failed" not in answer, answer["failed"]
    print(f"{answer['kind']}: {answer['tried']} deaths, {answer['points']} points on {answer['sites']} lines")
    record_property("deaths", answer["tried"])
    assert answer["wrong"] == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("kind", "deaths"), [("export", 2), ("update", 2), ("hybrid", 8)])
def test_killed_at_some_lines_that_write_nothing_differs(kind: str, deaths: int, server: Server, record_property):
    check(server(kind, deaths), record_property)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_each_line_that_writes_nothing_differs(kind: str, server: Server, record_property):
    """Each point, of which a line has many, takes half an hour: `python -m tests.deaths` with kinds of work."""
    check(server(kind, 10_000), record_property)
