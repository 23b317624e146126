import importlib.util
import os
import subprocess
import sys
import threading
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from recdesk.gui import preload_torch as preloading

LOADED = """
import sys
from pathlib import Path
from recdesk.gui.preload_torch import preload_torch

preload_torch()
assert "torch" not in sys.modules
libraries = Path("/proc/self/maps").read_text() if sys.platform == "linux" else "libtorch_python"
assert "libtorch_python" in libraries, libraries
import torch
assert (torch.ones(2, 2) @ torch.ones(2, 2)).tolist() == [[2.0, 2.0], [2.0, 2.0]]
preload_torch()
"""


@pytest.mark.slow
def test_torch_works_after_its_libraries_were_preloaded():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", LOADED], env=environment, check=True, timeout=120)


@pytest.mark.parametrize(
    "spec", [None, ModuleSpec("torch", None), ModuleSpec("torch", None, origin="/nowhere/torch/i.py")]
)
def test_libraries_that_are_not_found_are_no_failure(spec: ModuleSpec | None, monkeypatch):
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    preloading.preload_torch()


def test_a_second_thread_waits_without_the_gil_until_the_first_has_loaded(monkeypatch):
    """Within ctypes.CDLL it would wait for the dynamic linker and keep the GIL, and the window would stand."""
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    inside, go_on = threading.Semaphore(0), threading.Event()

    def found(_name: str) -> None:
        inside.release()
        go_on.wait()

    monkeypatch.setattr(importlib.util, "find_spec", found)
    threads = [threading.Thread(target=preloading.preload_torch) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert inside.acquire(timeout=10) and not inside.acquire(timeout=0.2)
    go_on.set()
    for thread in threads:
        thread.join()
    assert inside.acquire(timeout=0)


def test_on_other_systems_nothing_is_asked(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: pytest.fail("asked"))
    preloading.preload_torch()
