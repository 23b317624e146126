"""A disk that is nearly full is told once, before nothing can be written any more."""

from pathlib import Path

from recdesk.monitor.disk_watch import BESIDE, DiskWatch
from recdesk.monitor.events import CheckpointSaved, Event, Load, Step, Warned

STEP = Step(step=1, epoch=0.1, loss=1.0, learning_rate=0.1, tokens=1, seconds=1.0)
LOAD = Load(step=1, memory=1, cpu=0.0)


def watched(folder: Path, free: int, *events: Event) -> list[Event]:
    seen: list[Event] = []
    watch = DiskWatch(folder, seen.append, lambda _folder: free)
    for event in events:
        watch(event)
    return seen


def test_it_is_told_once_what_is_free_and_what_the_run_may_need(tmp_path: Path):
    last = tmp_path / "checkpoints" / "last"
    last.mkdir(parents=True)
    (last / "training.safetensors").write_bytes(bytes(50_000_000))
    needed = 2 * 50_000_000 + BESIDE
    seen = watched(tmp_path, needed - 1, STEP, CheckpointSaved(step=1), LOAD, CheckpointSaved(step=2))
    warned = [event for event in seen if isinstance(event, Warned)]
    assert len(seen) == 5 and len(warned) == 1 and seen.index(warned[0]) == 2
    assert warned[0].about == "disk" and not warned[0].urgent
    assert str(warned[0].sentence).endswith("is nearly full: 0.3 GB are free, and the run may need 0.3 GB.")
    roomy = watched(tmp_path, needed, STEP, CheckpointSaved(step=1), LOAD)
    assert not any(isinstance(event, Warned) for event in roomy)


def test_a_disk_that_is_away_is_told_by_those_who_write(tmp_path: Path):
    def away(_folder: Path) -> int:
        raise FileNotFoundError(tmp_path)

    seen: list[Event] = []
    DiskWatch(tmp_path, seen.append, away)(LOAD)
    assert seen == [LOAD]
