from recdesk.monitor import progress
from recdesk.monitor.events import Event, StageProgress
from recdesk.monitor.progress import subrange, throttled


def test_a_stage_is_told_of_now_and_then(monkeypatch):
    seen: list[Event] = []
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    tell = throttled("testing", seen.append)
    for hundredth in range(101):
        now[0] = hundredth / 100
        tell(hundredth / 100)
    assert [event.share for event in seen if isinstance(event, StageProgress)] == [0.21, 0.42, 0.63, 0.84]
    assert {event.stage for event in seen if isinstance(event, StageProgress)} == {"testing"}


def test_a_part_of_the_work_is_told_as_a_part_of_all():
    told: list[float] = []
    part = subrange(subrange(told.append, 0.5, 1.0), 0.25, 0.75)
    for share in (0.0, 0.5, 1.0):
        part(share)
    assert told == [0.625, 0.75, 0.875]
