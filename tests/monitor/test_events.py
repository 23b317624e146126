from dataclasses import replace
from pathlib import Path

import pytest

from recdesk.core.errors import DataError
from recdesk.monitor.events import (
    ENCODER_POINTS,
    EncoderStep,
    Epoch,
    Evaluated,
    Event,
    Failed,
    Resumed,
    Step,
    from_line,
    is_kept,
    read_events,
    to_line,
    without_repeats,
)


def step(number: int, loss: float = 1.0) -> Step:
    return Step(step=number, epoch=0.5, loss=loss, learning_rate=1e-3, tokens=10, seconds=0.1)


def test_every_kind_of_event_survives_its_line():
    for kind in Event.__subclasses__():
        assert kind.kind
    event = Evaluated(epoch=1, step=3, loss=0.5, metrics={"ndcg@10": 0.1}, best=True, since_best=0, seconds=2.0)
    assert from_line(to_line(event)) == event
    assert to_line(event).endswith("}\n")


def test_a_torn_last_line_is_passed_over(tmp_path: Path):
    log = tmp_path / "events.jsonl"
    log.write_text(to_line(step(1)) + to_line(step(2))[:20])
    assert [e.step for e in read_events(log)] == [1]


def test_no_log_has_no_events(tmp_path: Path):
    assert list(read_events(tmp_path / "none.jsonl")) == []


def test_what_a_resumed_run_did_again_is_taken_once():
    log = [step(1), step(2), step(3, 9.0), Failed(sentence="x"), Resumed(step=2), step(3, 1.0), step(4)]
    kept = without_repeats(log)
    assert [(e.step, e.loss) for e in kept if isinstance(e, Step)] == [(1, 1.0), (2, 1.0), (3, 1.0), (4, 1.0)]
    assert not any(isinstance(e, Failed) for e in kept)


@pytest.mark.parametrize(("steps", "kept"), [(600, 600), (2000, 2000), (2001, 1002), (100_003, 1962)])
def test_an_encoders_steps_are_kept_in_bounded_number_the_first_and_last_among_them(steps: int, kept: int):
    def of(done: int) -> EncoderStep:
        return EncoderStep(done=done, of=steps, loss=1.0, accuracy=0.5, seconds=1.0)

    found = [done for done in range(1, steps + 1) if is_kept(of(done))]
    assert len(found) == kept <= ENCODER_POINTS + 2
    assert (found[0], found[-1]) == (1, steps)
    assert is_kept(step(7))


def test_damaged_lines_are_counted_and_the_rest_is_used(tmp_path: Path):
    log, damaged = tmp_path / "events.jsonl", list[str]()
    lines = [to_line(step(number)) for number in range(5)]
    lines[1] = lines[1].replace('"loss": 1.0', '"loss": 3.0')  # a turned bit
    lines[2] = lines[2].replace("step", "stup", 1)
    lines[3] = "[" * 10_000 + "}\n"
    log.write_text("".join(lines) + to_line(step(5))[:20])
    assert [event.step for event in read_events(log, damaged.append)] == [0, 4]
    assert damaged == lines[1:4]  # the last one was torn by a kill, which is no damage


def test_lines_of_an_older_recdesk_have_no_checksum_but_types(tmp_path: Path):
    old = to_line(step(1)).rpartition(', "checksum"')[0] + "}\n"
    assert from_line(old) == from_line(to_line(replace(from_line(old), loss=1.0)))  # type: ignore[type-var]
    assert from_line(old.replace('"loss": 1.0', '"loss": "1.0"')) is None
    assert from_line(old.replace('"loss": 1.0', '"loss": NaN')) is not None


def test_a_folder_in_the_place_of_a_log_is_a_sentence(tmp_path: Path):
    with pytest.raises(DataError, match="cannot be read"):
        list(read_events(tmp_path))


def test_what_was_said_again_of_a_step_whose_checkpoint_was_made_before_is_taken_once():
    def epoch(loss: float) -> Epoch:
        return Epoch(epoch=1, step=2, loss=loss, seconds=1.0)

    def encoder(done: int, loss: float) -> EncoderStep:
        return EncoderStep(done=done, of=3, loss=loss, accuracy=0.0, seconds=1.0)

    events = [
        encoder(1, 9.0),
        encoder(2, 8.0),
        encoder(2, 8.5),
        encoder(3, 7.0),
        epoch(2.0),
        Resumed(step=2),
        epoch(3.0),
    ]
    assert without_repeats(events) == [events[0], *events[2:4], *events[5:]]
