"""A process that has everything imported and forks for each death, so that one costs a fraction of a second.

`python -m tests.deaths hybrid export` tries every point of these kinds of work, one after the other, and says what came
of it; without kinds it reads requests, a JSON object a line, from standard input and answers each on a line of standard
output.
"""

import json
import os
import random
import shutil
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

os.environ |= {"TOKENIZERS_PARALLELISM": "false", "OMP_NUM_THREADS": "1"}

from tests.deaths.counting import Operations
from tests.deaths.scenarios import Scenario, make_small

AT_ONCE = 2


def forked(work: Any, said: Path) -> int:
    """Do a work in a process of its own, whose words go to a file; its number."""
    number = os.fork()
    if number:
        return number
    code = 1
    try:
        with said.open("w") as stream:
            try:
                work()
                code = 0
            except BaseException:
                stream.write(traceback.format_exc())
    finally:
        os._exit(code)


def counted(scenario: Scenario, folder: Path) -> list[str]:
    """The points to die at, found by doing the work once."""
    sites = folder / "sites.json"

    def work() -> None:
        operations = Operations(folder / "work")
        operations.install()
        scenario.work(folder / "work")
        found, operations._inside = operations.sites, True
        sites.write_text(json.dumps(found))

    shutil.copytree(folder / "begin", folder / "work")
    os.waitpid(forked(work, folder / "said"), 0)
    assert sites.exists(), (folder / "said").read_text()
    shutil.rmtree(folder / "work")
    return list(json.loads(sites.read_text()))


class Death:
    """One death, and the process that goes on after it."""

    def __init__(self, scenario: Scenario, folder: Path, at: int) -> None:
        self.scenario, self.at, self.root = scenario, at, folder / str(at)
        shutil.copytree(folder / "begin", self.root / "work")
        self.number = forked(self._victim, self.root / "victim")
        self.died = False

    def _victim(self) -> None:
        Operations(self.root / "work", self.at).install()
        self.scenario.work(self.root / "work")

    def _successor(self) -> None:
        self.scenario.work(self.root / "work")
        (self.root / "result.json").write_text(json.dumps(self.scenario.result(self.root / "work")))

    def next(self, status: int) -> bool:
        """Take in how the process under way ended; whether another one works now."""
        if not self.died:
            self.died = True
            if os.WIFSIGNALED(status):
                self.number = forked(self._successor, self.root / "successor")
                return True
        return False

    def outcome(self, expected: dict[str, Any]) -> str:
        """What differs from a work that nobody died in; "" for nothing."""
        try:
            if not (self.root / "successor").exists():
                return "did not die: " + (self.root / "victim").read_text()[-1500:]
            if not (self.root / "result.json").exists():
                return (self.root / "successor").read_text()[-1500:]
            found = json.loads((self.root / "result.json").read_text())
            return "" if found == expected else f"differs in {differing(expected, found)}"
        finally:
            shutil.rmtree(self.root)


def differing(expected: Any, found: Any, where: str = "") -> list[str]:
    """Names of what differs."""
    if isinstance(expected, dict) and isinstance(found, dict) and set(expected) == set(found):
        return [name for key in expected for name in differing(expected[key], found[key], f"{where}/{key}")]
    return [] if expected == found else [where or "everything"]


def chosen(sites: list[str], known: set[str], most: int, seed: int) -> list[int]:
    """The points to try: one of each line that was not tried yet, so many of them at most; all points for -1."""
    if most < 0:
        return list(range(len(sites)))
    by_site: dict[str, list[int]] = {}
    for point, site in enumerate(sites):
        by_site.setdefault(site, []).append(point)
    rng = random.Random(seed)
    points = [rng.choice(points) for site, points in by_site.items() if site not in known]
    return sorted(rng.sample(points, min(most, len(points))))


def answer(request: dict[str, Any], known: set[str]) -> dict[str, Any]:
    """Try the deaths of one kind of work."""
    scenario = Scenario(request["kind"])
    with tempfile.TemporaryDirectory(prefix="deaths-") as name:
        folder = Path(name).resolve()
        (folder / "begin").mkdir()
        scenario.prepare(folder / "begin")
        shutil.copytree(folder / "begin", folder / "whole")
        scenario.work(folder / "whole")
        expected = json.loads(json.dumps(scenario.result(folder / "whole")))
        sites = counted(scenario, folder)
        points = chosen(sites, known, request["most"], request["seed"])
        waiting, wrong, at_work = list(points), {}, dict[int, Death]()
        while waiting or at_work:
            while waiting and len(at_work) < AT_ONCE:
                death = Death(scenario, folder, waiting.pop())
                at_work[death.number] = death
            number, status = os.wait()
            death = at_work.pop(number)
            if death.next(status):
                at_work[death.number] = death
            elif said := death.outcome(expected):
                wrong[f"{death.at}: {sites[death.at]}"] = said
        known |= {sites[point] for point in points}
    return {
        "kind": request["kind"],
        "points": len(sites),
        "sites": len(set(sites)),
        "tried": len(points),
        "wrong": wrong,
    }


def main() -> None:
    """Answer until there are no more requests."""
    make_small()
    known: set[str] = set()
    every = (json.dumps({"kind": kind, "most": -1, "seed": 0}) for kind in sys.argv[1:])
    for line in every if sys.argv[1:] else sys.stdin:
        try:
            said = answer(json.loads(line), known)
        except BaseException:
            said = {"failed": traceback.format_exc()}
        print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
