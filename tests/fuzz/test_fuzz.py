"""The fuzz itself: faults that are planted are found."""

import random
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from recdesk.core.errors import DataError
from recdesk.data import importing
from tests.fuzz import __main__ as fuzz
from tests.fuzz import tables
from tests.fuzz.tables import ENDINGS, Tables
from tests.fuzz.worker import FORMS, carried_out

UNRELIABLE = """
import json, sys, time
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    number = int(line)
    if number == 1:
        sys.exit(3)
    if number == 2:
        time.sleep(600)
    print(json.dumps({"number": number, "outcome": "done", "fault": "", "seconds": 0, "bytes": number}), flush=True)
"""


def test_a_worker_that_dies_or_hangs_is_a_fault_and_the_next_case_runs(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fuzz, "LONGEST", 0.5)
    monkeypatch.setattr(fuzz, "PATIENCE", 2)
    worker = fuzz.Worker([sys.executable, "-c", UNRELIABLE])
    try:
        verdicts = [worker.case(number) for number in (0, 1, 2, 5)]
    finally:
        worker.close()
    assert [verdict["fault"] for verdict in verdicts] == ["", "the process ended with 3", "no answer in 0.5 s", ""]


BUSY = """
import json, sys, time
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    while line == "1\\n":
        pass
    time.sleep(0.8)
    print(json.dumps({"number": 0, "outcome": "done", "fault": "", "seconds": 0, "bytes": 0}), flush=True)
"""


def test_time_in_which_a_worker_gets_no_processor_does_not_count(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(fuzz, "LONGEST", 0.5)
    monkeypatch.setattr(fuzz, "PATIENCE", 100)
    worker = fuzz.Worker([sys.executable, "-c", BUSY])
    try:
        assert worker.case(0)["fault"] == ""
        assert worker.case(1)["fault"] == "no answer in 0.5 s"
    finally:
        worker.close()


def test_too_much_memory_is_a_fault():
    assert fuzz.fault_of({"bytes": 3 * 2**30, "fault": ""}) == "3.0 GB of memory"
    assert fuzz.fault_of({"bytes": 2**30, "fault": ""}) == ""


def test_an_exception_is_a_fault_and_its_case_can_be_repeated():
    seen: list[float] = []

    def case(rng: random.Random) -> str:
        seen.append(rng.random())
        raise ValueError("planted")

    verdicts = [carried_out(SimpleNamespace(case=case), "csv", 7, 11) for _ in range(2)]
    assert seen[0] == seen[1]
    assert all(verdict["outcome"] == "fault" and "ValueError: planted" in verdict["fault"] for verdict in verdicts)


@pytest.mark.slow
def test_counts_that_do_not_add_up_are_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def miscounted(plan):
        result = importing.import_files(plan)
        result.dataset.report["read"] += 1
        return result

    monkeypatch.setattr(tables, "import_files", miscounted)
    verdicts = [carried_out(Tables("csv", tmp_path), "csv", 0, number) for number in range(12)]
    assert any("AssertionError: read " in verdict["fault"] for verdict in verdicts)


def test_a_refusal_without_a_sentence_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def refused(paths):
        raise DataError(" ")

    monkeypatch.setattr(tables, "propose", refused)
    assert "without a sentence" in carried_out(Tables("csv", tmp_path), "csv", 0, 0)["fault"]


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_imported_in_some_cases(form: str, tmp_path: Path):
    """Else the fuzz would only show that damaged files are refused."""
    cases = Tables(form, tmp_path)
    rng, outcomes = random.Random(5), set()
    while "imported" not in outcomes and len(outcomes) < 40:
        verdict = carried_out(cases, form, 1, rng.randrange(10**6))
        assert not verdict["fault"], verdict["fault"]
        outcomes.add(verdict["outcome"] if verdict["outcome"] == "imported" else verdict["number"])
    assert "imported" in outcomes
    assert list(tmp_path.glob(f"f{ENDINGS[form]}")) == []
