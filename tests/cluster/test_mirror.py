import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from recdesk.cluster.mirror import Mirror, reached
from recdesk.cluster.shared_run import FileLog, lines_of
from recdesk.monitor.events import CheckpointSaved, EncoderStep, Event, Finished, Resumed, Step, Warned, to_line


def step(number: int) -> Step:
    return Step(step=number, epoch=0.1, loss=1.0, learning_rate=0.1, tokens=1, seconds=1.0)


EVENTS: list[Event] = [
    step(1),
    Warned(sentence="line end of Unicode\u2028 and “标题”"),
    CheckpointSaved(step=1),
    Finished(state="stopped", reason="", seconds=1.0, metrics={}),
    Resumed(step=1),
    step(2),
    Finished(state="finished", reason="", seconds=2.0, metrics={}),
]
LOG = "".join(map(to_line, EVENTS)).encode()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, len(LOG)), max_size=6), st.integers(0, 6))
def test_however_a_log_grows_and_whenever_its_reader_is_killed_each_event_comes_once(cuts: list[int], killed: int):
    with tempfile.TemporaryDirectory() as folder:
        here, there = Path(folder, "here"), Path(folder, "there")
        mirror, seen = Mirror(here, FileLog(there)), list[Event]()
        for number, cut in enumerate([*sorted(cuts), len(LOG)]):
            there.write_bytes(LOG[:cut])
            seen += mirror.pull(held=False)
            if number == killed:  # in the middle of writing
                here.open("ab").write(b'{"kind": "st')
                mirror = Mirror(here, FileLog(there))
        assert seen == EVENTS
        assert here.read_bytes() == LOG


def test_the_end_is_kept_back_until_the_files_are_here(tmp_path: Path):
    (tmp_path / "there").write_bytes(LOG)
    mirror = Mirror(tmp_path / "here", FileLog(tmp_path / "there"))
    assert list(mirror.pull(held=True)) == EVENTS[:-1]
    assert list(mirror.pull(held=True)) == []
    assert list(mirror.pull(held=False)) == EVENTS[-1:]


def test_a_log_that_is_another_one_is_copied_anew(tmp_path: Path):
    (tmp_path / "here").write_bytes(LOG)
    (tmp_path / "there").write_bytes(to_line(EVENTS[0]).encode())
    assert list(Mirror(tmp_path / "here", FileLog(tmp_path / "there")).pull(held=False)) == EVENTS[:1]
    assert (tmp_path / "here").read_bytes() == (tmp_path / "there").read_bytes()


def test_how_far_a_run_has_got_does_not_grow_by_beginning_again(tmp_path: Path):
    log = tmp_path / "log"
    assert reached(lines_of(FileLog(log))) == (-1, -1)
    encoder = EncoderStep(done=30, of=40, loss=1.0, accuracy=0.1, seconds=1.0)
    events = [CheckpointSaved(step=0), CheckpointSaved(step=9), encoder]
    log.write_text("".join(map(to_line, events)), encoding="utf-8")
    assert reached(lines_of(FileLog(log))) == (9, 30)
    log.write_text(
        "".join(map(to_line, [*events, Resumed(step=9), step(10)])) + '{"kind": "checkpoint', encoding="utf-8"
    )
    assert reached(lines_of(FileLog(log))) == (9, 30)
