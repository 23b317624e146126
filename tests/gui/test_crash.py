import faulthandler
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recdesk.gui.crash import CrashLog, catch_everything

ENDS = {
    "by an abort": ("import os; os.abort()", "Aborted"),
    "in foreign code": ("import ctypes; ctypes.string_at(0)", "Segmentation fault"),
}


@pytest.fixture
def faults():
    """Leave fault handling as it was found."""
    was_on = faulthandler.is_enabled()
    yield
    if was_on and not faulthandler.is_enabled():
        faulthandler.enable(sys.__stderr__)


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("crash-*.txt"))


def run(folder: Path, last: str, end: bool = False) -> subprocess.CompletedProcess:
    code = (
        "import sys; from pathlib import Path; from recdesk.gui.crash import CrashLog; "
        f"log = CrashLog(Path(sys.argv[1])); print(len(log.start())); {last}; {'log.end()' if end else ''}"
    )
    return subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("how", ENDS)
@pytest.mark.skipif(sys.platform == "win32", reason="other words there")
def test_the_last_words_of_a_killed_process_are_given_to_the_next_once(how, tmp_path: Path, faults):
    code, words = ENDS[how]
    assert run(tmp_path, code).returncode != 0
    assert len(left(tmp_path)) == 1
    log = CrashLog(tmp_path)
    report = log.start()
    assert words in report
    assert "<string>" in report  # where it was
    log.end()
    assert left(tmp_path) == []
    again = CrashLog(tmp_path)
    assert again.start() == ""
    again.end()


def test_a_clean_end_leaves_nothing(tmp_path: Path, faults):
    assert run(tmp_path, "pass", end=True).returncode == 0
    assert left(tmp_path) == []


def test_a_process_that_was_killed_without_a_word_leaves_nothing_to_tell(tmp_path: Path, faults):
    (tmp_path / "crash-999999999.txt").write_text("")
    log = CrashLog(tmp_path)
    assert log.start() == ""
    assert left(tmp_path) == [f"crash-{os.getpid()}.txt"]
    log.end()


def test_the_file_of_a_window_that_is_open_is_let_alone(tmp_path: Path, faults):
    other = tmp_path / f"crash-{os.getppid()}.txt"
    other.write_text("not yours")
    log = CrashLog(tmp_path)
    assert log.start() == ""
    log.end()
    assert other.read_text() == "not yours"


def test_of_several_crash_reports_one_is_shown_and_all_are_removed(tmp_path: Path, faults):
    for pid, words in ((999999997, "first"), (999999998, ""), (999999999, "third")):
        (tmp_path / f"crash-{pid}.txt").write_text(words)
    log = CrashLog(tmp_path)
    assert log.start() == "third"
    log.end()
    assert left(tmp_path) == []


def test_a_report_is_not_endless(tmp_path: Path, faults):
    (tmp_path / "crash-999999999.txt").write_text("x" * 1_000_000)
    log = CrashLog(tmp_path)
    assert len(log.start()) == 20_000
    log.end()


def test_a_folder_that_cannot_be_made_is_no_failure(tmp_path: Path, faults):
    (tmp_path / "file").write_text("")
    log = CrashLog(tmp_path / "file" / "logs")
    assert log.start() == ""
    log.end()


def test_an_error_of_any_thread_is_reported_and_logged(tmp_path: Path):
    told: list[BaseException] = []
    undo = catch_everything(tmp_path, told.append)
    try:
        worker = threading.Thread(target=lambda: 1 / 0)
        worker.start()
        worker.join()
        try:
            raise KeyError("main")
        except KeyError as error:
            sys.excepthook(KeyError, error, error.__traceback__)
    finally:
        undo()
    assert [type(error) for error in told] == [ZeroDivisionError, KeyError]
    log = (tmp_path / "errors.txt").read_text(encoding="utf-8")
    assert "ZeroDivisionError" in log and "KeyError: 'main'" in log
    assert log.count("Traceback") == 2


def test_the_hooks_are_given_back(tmp_path: Path):
    before = sys.excepthook, threading.excepthook
    undo = catch_everything(tmp_path, lambda _error: None)
    assert sys.excepthook is not before[0]
    undo()
    assert (sys.excepthook, threading.excepthook) == before


def test_a_log_that_cannot_be_written_still_lets_the_person_know(tmp_path: Path):
    told: list[BaseException] = []
    undo = catch_everything(tmp_path / "nowhere", told.append)
    try:
        sys.excepthook(ValueError, ValueError("x"), None)
    finally:
        undo()
    assert [str(error) for error in told] == ["x"]


def test_ctrl_c_is_left_to_python(tmp_path: Path, monkeypatch):
    told: list[BaseException] = []
    left_to_python: list[type] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, _error, _trace: left_to_python.append(kind))
    undo = catch_everything(tmp_path, told.append)
    try:
        sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    finally:
        undo()
    assert (told, left_to_python) == ([], [KeyboardInterrupt])


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
def test_crash_and_error_logs_are_readable_by_their_owner_only(tmp_path: Path, faults):
    umask = os.umask(0)
    log = CrashLog(tmp_path)
    undo = catch_everything(tmp_path, lambda error: None)
    try:
        log.start()
        sys.excepthook(ValueError, ValueError("user-007"), None)
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    finally:
        undo()
        log.end()
        os.umask(umask)
    assert modes == {f"crash-{os.getpid()}.txt": 0o600, "errors.txt": 0o600}
