import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from recdesk.gui import power
from recdesk.gui.power import SleepGuard

SLEEPER = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def started(monkeypatch) -> Iterator[list[subprocess.Popen]]:
    """Helpers that were started; none outlives its test."""
    seen: list[subprocess.Popen] = []
    start = subprocess.Popen

    def remembered(*arguments, **more):
        seen.append(start(*arguments, **more))
        return seen[-1]

    monkeypatch.setattr(power.subprocess, "Popen", remembered)
    yield seen
    for process in seen:
        process.kill()
        process.wait()


@pytest.fixture
def helper(monkeypatch, started):
    """A helper of our own in place of the system's."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(power, "_command", lambda reason: SLEEPER)
    return started


def test_the_helper_lives_from_hold_to_release(helper):
    guard = SleepGuard()
    assert not guard.held
    guard.hold("Training a model")
    assert guard.held
    (process,) = helper
    assert process.poll() is None
    guard.release()
    assert not guard.held
    assert process.poll() is not None


def test_holding_sleep_twice_is_holding_it_once(helper):
    guard = SleepGuard()
    guard.hold("Training")
    guard.hold("Training")
    assert len(helper) == 1
    guard.release()
    guard.release()
    assert helper[0].poll() is not None
    guard.hold("Training")
    assert len(helper) == 2
    guard.release()


def test_a_helper_that_died_is_no_failure(helper):
    guard = SleepGuard()
    guard.hold("Training")
    helper[0].kill()
    helper[0].wait()
    guard.release()
    assert not guard.held


@pytest.mark.parametrize("platform", ["linux", "darwin", "freebsd14"])
def test_a_system_without_a_helper_is_no_failure(platform, monkeypatch, started):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    guard = SleepGuard()
    guard.hold("Training")
    assert guard.held
    guard.release()
    assert not guard.held
    assert started == []


def test_a_helper_that_cannot_be_started_is_no_failure(monkeypatch, started, tmp_path):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(power, "_command", lambda reason: [str(tmp_path / "nothing")])
    guard = SleepGuard()
    guard.hold("Training")
    guard.release()
    assert started == []


def test_windows_without_its_library_is_no_failure(monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delattr(power.ctypes, "windll", raising=False)
    guard = SleepGuard()
    guard.hold("Training")
    guard.release()
    assert not guard.held


@pytest.mark.parametrize(("platform", "program"), [("linux", "systemd-inhibit"), ("darwin", "caffeinate")])
def test_the_helper_ends_with_this_process_and_gives_the_reason(platform, program, monkeypatch, started):
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    commands: list[list[str]] = []

    def start(command: list[str], **_more):
        commands.append(command)
        raise FileNotFoundError

    monkeypatch.setattr(power.subprocess, "Popen", start)
    SleepGuard().hold("Training a model")
    (command,) = commands
    assert command[0] == program
    assert str(os.getpid()) in command
    if platform == "linux":
        assert "--why=Training a model" in command
