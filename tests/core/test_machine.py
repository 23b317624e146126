"""Threads and memory keep to what a batch system or a container leaves the process."""

import os
import platform
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from recdesk.core import machine


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine of 16 cores with two threads each, its control groups in a folder."""
    monkeypatch.setattr(machine.psutil, "cpu_count", lambda logical=True: 32 if logical else 16)
    monkeypatch.setattr(machine, "_affinity", lambda: 32)
    monkeypatch.setattr(machine, "CGROUPS", tmp_path / "cgroup")
    monkeypatch.setattr(machine, "MEMBERSHIP", tmp_path / "self")
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_limits_it_is_every_physical_core(large: Path):
    assert (machine.usable_cpus(), machine.usable_cores()) == (32, 16)
    write(large / "self", "0::/\n")
    write(large / "cgroup/cpu.max", "max 100000\n")
    assert (machine.usable_cpus(), machine.usable_cores()) == (32, 16)


@pytest.mark.parametrize(("quota", "cores"), [("200000 100000", 2), ("150000 100000", 2), ("10000 100000", 1)])
def test_a_container_of_version_2_is_granted_so_much(quota: str, cores: int, large: Path):
    write(large / "self", "0::/batch/job\n")
    write(large / "cgroup/batch/job/cpu.max", "max 100000\n")
    write(large / "cgroup/batch/cpu.max", f"{quota}\n")  # a limit further up holds too
    assert (machine.usable_cpus(), machine.usable_cores()) == (cores, cores)


@pytest.mark.parametrize("mount", ["cpu", "cpu,cpuacct"])
def test_a_container_of_version_1_is_granted_so_much(mount: str, large: Path):
    write(large / "self", "5:memory:/x\n3:cpu,cpuacct:/docker/a:b\n")
    for name, value in (("cpu.cfs_quota_us", "300000\n"), ("cpu.cfs_period_us", "100000\n")):
        write(large / "cgroup" / mount / "docker/a:b" / name, value)
    assert machine.usable_cores() == 3
    write(large / "cgroup" / mount / "docker/a:b/cpu.cfs_quota_us", "-1\n")
    assert machine.usable_cores() == 16


@pytest.mark.parametrize("text", ["", "nonsense\n", "0::\n", "\udcff"])
def test_control_groups_that_cannot_be_read_limit_nothing(text: str, large: Path):
    (large / "self").write_bytes(text.encode("utf-8", "surrogateescape"))
    write(large / "cgroup/cpu.max", "many of them\n")
    assert machine.usable_cores() == 16


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to CPUs")
def test_a_process_that_is_bound_to_one_cpu_trains_with_one_thread():
    code = (
        "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.environ.pop('OMP_NUM_THREADS', 0);"
        "import torch; from recdesk.core.devices import prepare; from recdesk.data.files.reading import database;"
        "prepare(torch.device('cpu'))\n"
        "with database() as connection:\n"
        "    print(torch.get_num_threads(), connection.execute(\"select current_setting('threads')\").fetchone()[0])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["1", "1"]


def limited(folder: Path, names: tuple[str, str, str], most: str, used: int, reclaimable: int) -> None:
    write(folder / names[0], f"{most}\n")
    write(folder / names[1], f"{used}\n")
    write(folder / "memory.stat", f"anon 5\n{names[2]} {reclaimable}\n")


def test_without_a_container_memory_is_what_the_machine_has(large: Path):
    limited(large / "cgroup", machine.MEMORY_FILES[0], "max", 10, 0)
    assert machine.available_memory() == pytest.approx(machine.psutil.virtual_memory().available, rel=0.5)


def test_a_container_s_limit_counts_less_what_is_used_but_for_caches(large: Path):
    limited(large / "cgroup", machine.MEMORY_FILES[0], "1000000", 600_000, 100_000)
    assert machine.available_memory() == 500_000
    limited(large / "cgroup/memory", machine.MEMORY_FILES[1], "300000", 200_000, 0)
    assert machine.available_memory() == 100_000
    write(large / "self", "0::/batch/job\n")
    limited(large / "cgroup/batch", machine.MEMORY_FILES[0], "70000", 20_000, 0)  # a limit further up holds too
    assert machine.available_memory() == 50_000


@pytest.mark.parametrize("text", ["", "nonsense\n", "0::\n", "\udcff"])
def test_limits_of_memory_that_cannot_be_read_are_passed_over(text: str, large: Path):
    (large / "self").write_bytes(text.encode("utf-8", "surrogateescape"))
    write(large / "cgroup/memory.max", "nonsense")
    assert machine.available_memory() > 0


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own elsewhere")
def test_a_thread_that_gives_way_takes_those_along_that_it_starts_and_no_other():
    found = []

    def nice() -> None:
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    def work() -> None:
        machine.lower_priority()
        nice()
        inner = threading.Thread(target=nice)
        inner.start()
        inner.join()

    nice()
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    nice()
    before = found[0]
    lower = min(before + machine.LOWER, 19)
    assert found == [before, lower, lower, before]


HEAPS = """
import ctypes, sys, threading
from recdesk.core.machine import share_heaps
if sys.argv[1] == "shared":
    share_heaps()
libc, meeting = ctypes.CDLL(None), threading.Barrier(12)
def work():
    libc.malloc(1000)
    meeting.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux") or platform.libc_ver()[0] != "glibc", reason="glibc's heaps")
def test_threads_share_a_few_heaps(tmp_path: Path):
    def heaps(how: str) -> int:
        file = tmp_path / how
        subprocess.run([sys.executable, "-c", HEAPS, how, str(file)], check=True)
        return file.read_text().count("<heap nr=")

    assert heaps("shared") <= machine.usable_cpus() + machine.HEAPS_BESIDE
    if machine.usable_cpus() < 8:  # else twelve threads may share as it is
        assert heaps("alone") > heaps("shared")
