"""The main job on a real screen: recdesk in a process of its own, a mouse and a keyboard of the X server."""

import csv
import json
import os
import select
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from tests.needs import missing

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

SIZE = (1366, 900)
T = TypeVar("T")


class Screen:
    """An X server without a monitor, and hands for it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        reading, writing = os.pipe()
        size = "{}x{}x24".format(*SIZE)
        command = [
            "Xvfb",
            "-displayfd",
            str(writing),
            "-screen",
            "0",
            size,
            "-fbdir",
            str(folder),
            "-noreset",
            "-nolisten",
            "tcp",
        ]
        self._server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
        os.close(writing)
        number = _line(reading, seconds=30)
        if not number:
            self.close()
            missing("Xvfb, which did not start")
        self.environment = {**os.environ, "DISPLAY": f":{number}"}

    def close(self) -> None:
        """Switch it off."""
        self._server.terminate()
        self._server.wait(30)

    def windows(self, title: str) -> list[str]:
        """Windows that can be seen with this in their title."""
        return self._xdotool("search", "--onlyvisible", "--name", title, check=False).split()

    def focus(self, window: str) -> None:
        """Give a window the keyboard; there is no window manager that would."""
        self._xdotool("windowfocus", "--sync", window)

    def press(self, *keys: str) -> None:
        """Press keys, such as ctrl+k."""
        self._xdotool("key", "--clearmodifiers", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self._xdotool("type", "--delay", "20", text)

    def click(self, x: int, y: int) -> None:
        """Move the mouse and click."""
        self._xdotool("mousemove", "--sync", str(x), str(y))
        self._xdotool("click", "1")

    def picture(self, x: int = 0, y: int = 0, width: int = SIZE[0], height: int = SIZE[1]) -> np.ndarray:
        """What the screen shows there, as colours uint32 [height, width]; read from the server's own memory."""
        data = (self._folder / "Xvfb_screen0").read_bytes()
        header = struct.unpack(">25I", data[:100])  # XWDFileHeader
        start, lines, line_bytes = header[0] + 12 * header[19], header[5], header[12]
        pixels = np.frombuffer(data, "<u4", count=lines * line_bytes // 4, offset=start)
        return pixels.reshape(lines, line_bytes // 4)[y : y + height, x : x + width] & 0xFFFFFF

    def _xdotool(self, *arguments: str, check: bool = True) -> str:
        command = ["xdotool", *arguments]
        return subprocess.run(
            command, env=self.environment, check=check, capture_output=True, text=True, timeout=60
        ).stdout


def _line(pipe: int, seconds: float) -> str:
    """A line from a pipe, which is closed then; "" when none comes in time."""
    with os.fdopen(pipe, "rb", buffering=0) as stream:
        said = b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([stream], [], [], seconds)
            more = stream.read(20) if ready else b""
            if not more:
                return ""
            said += more
    return said.decode().strip()


class Program:
    """recdesk on a screen, on a workspace and settings of its own."""

    def __init__(self, screen: Screen, folder: Path, *arguments: str, module: str = "recdesk") -> None:
        self.screen, self.workspace = screen, folder / "workspace"
        self.settings = folder / "settings.ini"
        environment = {
            **screen.environment,
            "QT_QPA_PLATFORM": "xcb",
            "RECDESK_SETTINGS": str(self.settings),
            "LC_ALL": "C.UTF-8",
        }
        self.said = (folder / "said.txt").open("w+")
        command = [sys.executable, "-m", module, *arguments, "--workspace", str(self.workspace)]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.said, text=True
        )
        self.window = self.wait(lambda: (screen.windows("^recdesk$") or [None])[0], 60)
        self.wait(lambda: (screen.picture() != 0).mean() > 0.5, 60)  # it has been painted
        screen.focus(self.window)

    def wait(self, look: Callable[[], T | None], seconds: float) -> T:
        """Look until there is something to see."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, f"recdesk ended: {self.words()}"
            if seen := look():
                return seen
            time.sleep(0.2)
        raise TimeoutError(f"not seen within {seconds:.0f} s; {self.words()}")

    def ask(self, question: str, name: str) -> list | None:
        """Ask the probe (see there)."""
        assert self.process.stdin is not None and self.process.stdout is not None
        print(json.dumps([question, name]), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def place(self, name: str) -> list[int]:
        """Where a widget is, once it is there and stands still."""

        def still() -> list[int] | None:
            first = self.ask("where", name)
            time.sleep(0.2)
            return first if first == self.ask("where", name) else None

        return self.wait(still, 60)

    def click(self, name: str) -> None:
        """Click in the middle of a widget."""
        x, y, width, height = self.place(name)
        self.screen.click(x + width // 2, y + height // 2)

    def dialog(self, title: str, but: tuple[str, ...] = ()) -> str:
        """Wait for a window with this title and give it the keyboard."""
        window = self.wait(lambda: next((w for w in self.screen.windows(title) if w not in but), None), 60)
        self.screen.focus(window)
        return window

    def run(self) -> dict:
        """What the only run's folder says of it; {} before there is one."""
        folders = list((self.workspace / "runs").glob("2*"))
        assert len(folders) < 2
        return {**json.loads((folders[0] / "run.json").read_text()), "folder": folders[0]} if folders else {}

    def has_dataset(self) -> bool:
        """A dataset has been added."""
        return any((self.workspace / "datasets").glob("*/manifest.json"))

    def quit(self) -> None:
        """Close the window by its shortcut: the process ends well and leaves nothing that speaks of a crash."""
        self.screen.focus(self.window)
        self.screen.press("ctrl+q")
        assert self.process.wait(60) == 0, self.words()
        assert "Traceback" not in self.words()
        assert list((self.workspace / "logs").glob("crash-*")) == []

    def words(self) -> str:
        """What it said on its way."""
        return Path(self.said.name).read_text()

    def end(self) -> None:
        """End it, however the test went."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(30)
        for stream in (self.process.stdin, self.process.stdout, self.said):
            stream.close()


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    """A screen that is switched off at the end."""
    for name in ("Xvfb", "xdotool"):
        if shutil.which(name) is None:
            missing(f"{name}: a screen without a monitor, and hands for it")
    folder = tmp_path / "screen"
    folder.mkdir()
    made = Screen(folder)
    yield made
    made.close()


@pytest.fixture
def start(screen: Screen, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """Start the program; it is ended before the screen goes."""
    started: list[Program] = []

    def begin(*arguments: str, module: str = "recdesk") -> Program:
        started.append(Program(screen, tmp_path, *arguments, module=module))
        return started[-1]

    yield begin
    for program in started:
        program.end()


def test_the_main_job_is_done_by_mouse(start: Callable[..., Program], screen: Screen, tmp_path: Path):
    program = start(module="tests.gui.probe")
    program.click("中文")
    program.wait(program.has_dataset, 60)
    program.click("Train a model ›")
    program.click("Preset")
    screen.type("Quick")
    screen.press("Return")
    program.click("Start training")
    program.wait(lambda: program.run().get("state") == "running", 60)
    program.click("rail-runs")
    program.wait(lambda: program.ask("rows", "Runs"), 60)
    program.click("rail-train")
    program.wait(lambda: program.run()["state"] == "finished", 600)
    run = program.run()
    assert run["dataset"] == "书店示例"
    assert json.loads((run["folder"] / "config.json").read_text())["layers"] == 1
    plot = program.place("Loss")
    assert len(np.unique(screen.picture(*plot))) > 8  # curves and words, not a blank
    program.click("rail-recommend")
    rows = program.wait(lambda: program.ask("rows", "Recommendations"), 120)
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, 11)]
    program.click("Search users")
    screen.type("u0042")
    program.wait(lambda: [row[0] for row in program.ask("rows", "Users") or []] == ["u0042"], 30)
    program.click("Export…")
    asking = program.dialog("Export recommendations")
    program.click("Choose file…")
    program.dialog("Export", but=(asking,))
    out = tmp_path / "by mouse.csv"
    screen.type(str(out))
    screen.press("Return")
    program.wait(out.exists, 120)
    everybody_has_ten(out)
    program.quit()
    assert program.run()["state"] == "finished"


def test_the_main_job_is_done_by_keyboard_alone(start: Callable[..., Program], screen: Screen, tmp_path: Path):
    program = start()
    screen.press("ctrl+k")
    screen.type("example in english")
    screen.press("Return")
    program.wait(program.has_dataset, 60)
    screen.press("ctrl+2")

    def begun() -> bool:
        screen.press("ctrl+r")  # does nothing while the dataset is being loaded, or once a run is under way
        return bool(program.run())

    program.wait(begun, 60)
    log = program.run()["folder"] / "events.jsonl"
    program.wait(lambda: log.exists() and '"kind": "evaluated"' in log.read_text(), 300)
    screen.press("ctrl+period")
    assert program.wait(lambda: {program.run()["state"]} - {"running"}, 120) == {"stopped"}
    screen.press("ctrl+4")
    out = tmp_path / "by keyboard.csv"

    def asked() -> str | None:
        screen.press("ctrl+e")  # does nothing while the model is being opened
        return next(iter(screen.windows("Export recommendations")), None)

    asking = program.wait(asked, 60)
    screen.focus(asking)
    screen.press("Return")
    program.dialog("Export", but=(asking,))
    screen.type(str(out))
    screen.press("Return")
    program.wait(out.exists, 120)
    everybody_has_ten(out)
    program.quit()


def test_the_demo_goes_through_to_recommendations_by_itself(start: Callable[..., Program], screen: Screen):
    program = start("demo", module="tests.gui.probe")
    program.wait(lambda: program.ask("where", "train-page"), 120)
    program.wait(lambda: program.run().get("state") == "finished", 700)
    rows = program.wait(lambda: program.ask("rows", "Recommendations"), 120)
    assert [row[0] for row in rows] == [str(rank) for rank in range(1, 11)]
    assert all(row[1].startswith("Book ") for row in rows)
    table = program.place("Recommendations")
    assert len(np.unique(screen.picture(*table))) > 8
    metrics = json.loads((program.run()["folder"] / "metrics.json").read_text())["metrics"]
    assert metrics["test"]["accuracy@1"] > 0.8
    program.quit()
    assert program.run()["state"] == "finished"
    assert "last_page=recommend" in program.settings.read_text()


def everybody_has_ten(path: Path) -> None:
    """The export of the built-in example: ten lines for each of the 1000 users, with titles."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == ["user_id", "rank", "item_id", "title", "score"]
    assert len(rows) == 10_000
    assert {row["user_id"] for row in rows} == {f"u{number:04}" for number in range(1, 1001)}
    assert all(row["title"] for row in rows)
