from recdesk.monitor import progress
from recdesk.monitor.events import Event, StageProgress
from recdesk.monitor.progress import throttled


def test_a_stage_is_told_of_now_and_then(monkeypatch):
    seen: list[Event] = []
    now = [0.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    tell = throttled("testing", seen.append)
    for hundredth in range(101):
        now[0] = hundredth / 100
        tell(hundredth / 100, "")
    assert [event.share for event in seen if isinstance(event, StageProgress)] == [0.21, 0.42, 0.63, 0.84]
    assert {event.stage for event in seen if isinstance(event, StageProgress)} == {"testing"}
