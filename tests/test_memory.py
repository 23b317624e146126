from pathlib import Path

import psutil
import pytest

from recdesk import memory
from recdesk.memory import available_memory


def limited(folder: Path, names: tuple[str, str, str], most: str, used: int, reclaimable: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / names[0]).write_text(f"{most}\n")
    (folder / names[1]).write_text(f"{used}\n")
    (folder / "memory.stat").write_text(f"anon 5\n{names[2]} {reclaimable}\n")


def test_without_a_container_it_is_what_the_machine_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "_ROOT", tmp_path)
    limited(tmp_path, memory._SECOND, "max", 10, 0)
    assert available_memory() == pytest.approx(psutil.virtual_memory().available, rel=0.5)


def test_a_container_s_limit_counts_less_what_is_used_but_for_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "_ROOT", tmp_path)
    limited(tmp_path, memory._SECOND, "1000000", 600_000, 100_000)
    assert available_memory() == 500_000
    limited(tmp_path / "memory", memory._FIRST, "300000", 200_000, 0)
    assert available_memory() == 100_000


def test_figures_that_cannot_be_read_are_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(memory, "_ROOT", tmp_path)
    (tmp_path / "memory.max").write_text("nonsense")
    assert available_memory() > 0
