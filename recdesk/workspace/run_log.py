"""A run's log, `events.jsonl`: its events and the curves drawn from them."""

from typing import TYPE_CHECKING

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.messages import Message
from recdesk.monitor.events import Event, Finished, read_events, without_repeats
from recdesk.workspace.runs import EVENTS, Run

if TYPE_CHECKING:  # brings numpy
    from recdesk.monitor.curves import RunCurves


def events_of(run: Run) -> list[Event]:
    """All events of a run; those that a resumed run repeated appear once.

    Raises:
        DataError: the log cannot be read or is missing.
    """
    return _read(run)[0]


def curves_of(run: Run) -> "RunCurves":
    """The curves of a run, with the number of damaged lines of its log.

    Raises:
        DataError: see `events_of`.
    """
    from recdesk.monitor.curves import RunCurves

    curves = RunCurves()
    events, curves.damaged_lines = _read(run)
    for event in events:
        curves.add(event)
    return curves


def damages_of(run: Run) -> list[str]:
    """Sentences on the parts of a run's figures and log that cannot be read and are left out."""
    sentences = [str(error) for error in run.problems]
    try:
        lines = _read(run)[1]
    except RecdeskError as error:
        return [*sentences, str(error)]
    if lines:
        sentences.append(Message("record.lines-damaged", count=lines, path=run.folder / EVENTS))
    return sentences


def _read(run: Run) -> tuple[list[Event], int]:
    """The events, and the number of damaged or truncated lines."""
    path, damaged = run.folder / EVENTS, list[str]()
    if not path.exists() and EVENTS in run.has:
        raise DataError(Message("record.missing", path=path), Message("record.curves-lost"))
    events = without_repeats(read_events(path, damaged.append))
    ended = run.state == "finished" and EVENTS in run.has
    cut = ended and not damaged and not any(isinstance(event, Finished) for event in events[-1:])
    return events, len(damaged) + cut
