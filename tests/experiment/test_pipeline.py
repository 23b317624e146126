import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.experiment.run_figures import how_good
from recdesk.monitor.control import Control
from recdesk.monitor.events import (
    BaselineScored,
    Evaluated,
    Event,
    Failed,
    Finished,
    Resumed,
    StageProgress,
    StageStarted,
    StateChanged,
    Step,
    Warned,
    is_kept,
    read_events,
)
from recdesk.training import loop
from recdesk.training.checkpoints import Checkpoints
from recdesk.training.config import make_config
from recdesk.workspace.run_log import curves_of, events_of
from recdesk.workspace.run_store import RunStore
from recdesk.workspace.runs import Run
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset
from tests.workspace.conftest import small_config


def run_whole(workspace: Workspace, **values) -> tuple[Run, list[Event]]:
    run, seen = workspace.create_run("chain", small_config(**values), "leave-one-out"), []
    run = execute(run, Control(), seen.append)
    return run, seen


def figures(events: list[Event]) -> list[tuple]:
    steps = [(e.step, e.loss) for e in events if isinstance(e, Step)]
    return steps + [tuple(e.metrics.items()) for e in events if isinstance(e, Evaluated)]


def test_a_run_goes_from_data_to_figures(workspace: Workspace):
    run, seen = run_whole(workspace)
    assert [e.stage for e in seen if isinstance(e, StageStarted)] == ["preparing", "baselines", "training", "testing"]
    beside = {e.name for e in seen if isinstance(e, BaselineScored)}
    assert beside == {"most popular", "popular lately", "last item", "item-kNN", "EASE"}
    assert isinstance(seen[-1], Finished) and seen[-1].state == run.state == "finished"
    assert set(run.metrics) == {"train", "validation", "test"}
    assert {"ndcg@10", "recall@10", "accuracy@1", "mrr@10", "coverage@10", "novelty@10"} <= set(run.metrics["test"])
    assert set(run.comparisons) == {"most popular", "popular lately", "last item", "item-kNN", "EASE"}
    assert run.notes["leakage"]["users_tested"] == 60
    assert run.has_model and run.seconds > 0


def test_it_is_said_when_only_some_people_are_measured(workspace: Workspace, monkeypatch):
    monkeypatch.setattr("recdesk.data.splitting.FEWEST_MEASURED", 20)
    monkeypatch.setattr("recdesk.data.splitting.MOST_SCORES", 1)
    run, seen = run_whole(workspace, epochs=1)
    (said,) = (event.sentence for event in seen if isinstance(event, Warned) and "drawn" in event.sentence)
    assert said.startswith("20 of 60 people are measured, drawn at random: to rank ")
    assert said in run.notes["warnings"]
    assert run.metrics["test"]["users"] == run.baselines["EASE"]["test"]["users"] == 20


def test_the_log_holds_every_event_but_how_far_a_stage_is(workspace: Workspace, monkeypatch):
    monkeypatch.setattr("recdesk.monitor.progress.REPORT_SECONDS", -1.0)
    run, seen = run_whole(workspace)
    shares = [(event.stage, event.share) for event in seen if isinstance(event, StageProgress)]
    assert events_of(run) == [event for event in seen if not isinstance(event, StageProgress)]
    for stage in ("baselines", "testing"):
        told = [share for of, share in shares if of == stage]
        assert told == sorted(told)
        assert 0 < told[0] < told[-1] == 1.0


def test_the_same_seed_gives_the_same_run(workspace: Workspace):
    _, first = run_whole(workspace, seed=5)
    _, second = run_whole(workspace, seed=5)
    _, other = run_whole(workspace, seed=6)
    assert figures(first) == figures(second) != figures(other)


def test_baselines_are_remembered_by_protocol(workspace: Workspace, monkeypatch):
    run, _ = run_whole(workspace, epochs=1)
    monkeypatch.setattr("recdesk.evaluation.baselines.BASELINES", ())
    monkeypatch.setattr("recdesk.models.baselines.ease.Ease.fit", None)
    monkeypatch.undo()
    monkeypatch.setattr("recdesk.models.baselines.ease.Ease.fit", lambda *a: pytest.fail("fitted again"))
    again, _ = run_whole(workspace, epochs=1)
    assert again.baselines == run.baselines


def test_a_stopped_run_is_kept_measured_and_can_go_on(workspace: Workspace):
    _, whole = run_whole(workspace)
    run, control, seen = workspace.create_run("chain", small_config(), "leave-one-out"), Control(), []

    def stop(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == 5:
            control.stop()

    run = execute(run, control, stop)
    assert run.state == "stopped" and run.has_model and run.metrics["test"]
    assert max(e.step for e in seen if isinstance(e, Step)) == 5
    run = execute(run, Control(), seen.append, resume=True)
    assert run.state == "finished"
    assert figures(events_of(run)) == figures(whole)


def test_a_second_stop_skips_the_final_figures(workspace: Workspace):
    run, control = workspace.create_run("chain", small_config(), "leave-one-out"), Control()

    def hurry(event: Event) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.stop()
            control.stop()

    run = execute(run, control, hurry)
    assert run.state == "stopped" and run.has_model
    assert run.metrics == {}
    assert any("skipped" in sentence for sentence in run.notes["warnings"])


def test_pause_and_resume_are_states(workspace: Workspace):
    run, control, states = workspace.create_run("chain", small_config(), "leave-one-out"), Control(), []

    def watch(event: Event) -> None:
        if isinstance(event, Step) and event.step == 2:
            control.pause()
        if isinstance(event, StateChanged):
            states.append((event.state, Run.read(run.folder).state))
            control.resume()

    run = execute(run, control, watch)
    assert states == [("running", "running"), ("paused", "paused"), ("running", "running")]


def test_a_finished_run_cannot_be_resumed(workspace: Workspace):
    run, _ = run_whole(workspace, epochs=1)
    seen: list[Event] = []
    run = execute(run, Control(), seen.append, resume=True)
    assert isinstance(seen[-1], Failed) and "nothing to resume" in seen[-1].sentence
    assert run.state == "finished"
    assert curves_of(run).damaged_lines == 0 and isinstance(events_of(run)[-1], Finished)


def test_a_missing_dataset_fails_with_a_sentence(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    workspace.remove_dataset("chain")
    seen: list[Event] = []
    run = execute(run, Control(), seen.append)
    assert isinstance(seen[-1], Failed) and "not in the workspace any more" in seen[-1].sentence
    assert run.state == "failed" and run.reason == seen[-1].sentence


def test_a_run_at_work_elsewhere_is_left_alone(workspace: Workspace):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    seen: list[Event] = []
    code = (
        "import sys; from filelock import FileLock; lock = FileLock(sys.argv[1]); lock.acquire();"
        "print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(run.folder / ".run.lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdout.readline()
        run = execute(run, Control(), seen.append)
        other.communicate(b"\n")
    assert isinstance(seen[-1], Failed) and "at work in another window" in seen[-1].sentence
    assert run.state == "queued"


def test_an_unforeseen_failure_is_a_sentence_with_details(workspace: Workspace, monkeypatch):
    monkeypatch.setattr("recdesk.training.train_step.build_model", lambda *a: 1 / 0)
    run, seen = run_whole(workspace)
    assert isinstance(seen[-1], Failed)
    assert "division by zero" in seen[-1].sentence
    assert "Traceback" in seen[-1].details
    assert run.state == "failed" and run.resumable


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"device": "cuda"}, "no CUDA GPU"), ({"kind": "text-bert", "template": "{nothing}"}, "“nothing”")],
)
def test_what_cannot_be_trained_with_is_said_before_the_baselines(
    settings: dict, said: str, workspace: Workspace, monkeypatch
):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    run = workspace.create_run("chain", make_config(**settings), "leave-one-out")
    seen: list[Event] = []
    run = execute(run, Control(), seen.append)
    assert isinstance(seen[-1], Failed) and said in seen[-1].sentence
    assert run.state == "failed"
    assert not [event for event in seen if isinstance(event, BaselineScored)]


def test_memory_is_given_back_at_the_end_and_a_device_that_refuses_ends_nothing(workspace: Workspace, monkeypatch):
    from recdesk.core import devices

    asked: list[str] = []

    def refuses() -> None:
        asked.append("release")
        raise RuntimeError("CUDA error: device-side assert triggered")

    monkeypatch.setattr(devices, "release_all_memory", refuses)
    run, seen = run_whole(workspace)
    assert run.state == "finished" and isinstance(seen[-1], Finished)
    assert asked == ["release"]


def test_a_failure_is_told_where_torch_itself_cannot_be_loaded(workspace: Workspace, monkeypatch):
    monkeypatch.setitem(sys.modules, "recdesk.training.fit", None)
    monkeypatch.setitem(sys.modules, "recdesk.core.devices", None)
    run, seen = run_whole(workspace)
    assert isinstance(seen[-1], Failed) and "recdesk.training.fit" in seen[-1].sentence
    assert run.state == "failed"


def test_a_run_without_enough_memory_says_what_to_do(workspace: Workspace, monkeypatch):
    def build(*_):
        raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 61440000 bytes.")

    monkeypatch.setattr("recdesk.training.train_step.build_model", build)
    run, seen = run_whole(workspace)
    assert isinstance(seen[-1], Failed)
    assert seen[-1].sentence == "There is not enough memory to go on."
    assert "smaller vector size" in seen[-1].suggestion
    assert "61440000 bytes" in seen[-1].details
    assert run.resumable


def fill_disk(monkeypatch, failures: range) -> None:
    """Make the saves of checkpoints with these numbers fail as on a full disk."""
    from recdesk.core import tensors

    original, calls = tensors.save_file, iter(range(10_000))

    def full(*arguments):
        if next(calls) in failures:
            raise OSError(28, "No space left on device")
        return original(*arguments)

    monkeypatch.setattr(tensors, "save_file", full)
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)


def test_training_waits_for_a_full_disk_and_goes_on_when_there_is_room(workspace: Workspace, monkeypatch):
    _, whole = run_whole(workspace)
    run, seen = workspace.create_run("chain", small_config(), "leave-one-out"), []
    fill_disk(monkeypatch, range(1, 6))
    run = execute(run, Control(), seen.append)
    urgent = [event.sentence for event in seen if isinstance(event, Warned) and event.urgent]
    assert len(urgent) == 1 and "is full" in urgent[0] and "waits" in urgent[0]
    states = [event.state for event in seen if isinstance(event, StateChanged)]
    assert states == ["running", "paused", "running"]
    assert run.state == "finished"
    assert figures(events_of(run)) == figures(whole)
    assert not list(run.folder.rglob("*.part"))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps a folder with open files where it is")
def test_training_waits_for_a_workspace_that_is_gone_and_goes_on_when_it_is_back(workspace: Workspace, monkeypatch):
    _, whole = run_whole(workspace)
    run, seen = workspace.create_run("chain", small_config(), "leave-one-out"), []
    away = workspace.folder.with_name("away")
    monkeypatch.setattr("recdesk.training.waiting.RETRY_SECONDS", 0.01)

    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Evaluated) and len(figures(seen)) == event.step + 1:  # the first
            workspace.folder.rename(away)
        if isinstance(event, StateChanged) and event.state == "paused":
            away.rename(workspace.folder)

    run = execute(run, Control(), on_event)
    (urgent,) = (event.sentence for event in seen if isinstance(event, Warned) and event.urgent)
    assert "does not exist (any more)" in urgent and "waits" in urgent
    assert run.state == "finished", run.reason
    assert figures(events_of(run)) == figures(whole)


def test_stopping_while_the_disk_is_full_fails_with_advice_and_can_be_resumed(workspace: Workspace, monkeypatch):
    _, whole = run_whole(workspace)
    run, control, seen = workspace.create_run("chain", small_config(), "leave-one-out"), Control(), []

    def on_event(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Warned) and event.urgent:
            control.stop()

    fill_disk(monkeypatch, range(1, 10_000))
    run = execute(run, control, on_event)
    assert isinstance(seen[-1], Failed) and "is full" in seen[-1].sentence
    monkeypatch.undo()
    run = execute(run, Control(), lambda event: None, resume=True)
    assert run.state == "finished"
    assert figures(events_of(run)) == figures(whole)


def test_events_go_on_after_their_drive_went_and_came_back(workspace: Workspace, monkeypatch):
    run = workspace.create_run("chain", small_config(), "leave-one-out")
    original, streams = Path.open, []

    class Stale:
        """A file that is gone for good after some writes, as one of a drive that was pulled out."""

        def __init__(self, stream) -> None:
            self.stream, self.left = stream, 5

        def write(self, data) -> int:
            self.left -= 1
            if self.left < 0:
                raise OSError(5, "Input/output error")
            return self.stream.write(bytes(data))

        def __getattr__(self, name):
            return getattr(self.stream, name)

        def close(self) -> None:
            self.stream.close()
            raise OSError(5, "Input/output error")

    def opened(path: Path, *arguments, **named):
        stream = original(path, *arguments, **named)
        if arguments != ("a+b",):
            return stream
        streams.append(stream)
        return Stale(stream) if len(streams) < 3 else stream

    monkeypatch.setattr(Path, "open", opened)
    seen: list[Event] = []
    run = execute(run, Control(), seen.append)
    assert events_of(run) == [event for event in seen if is_kept(event)]
    assert len(streams) == 3
    assert all(stream.closed for stream in streams)


def test_events_wait_for_a_full_disk_too(workspace: Workspace, monkeypatch):
    run = workspace.create_run("chain", small_config(), "leave-one-out")

    class Full:
        """A file that takes nothing, then a few bytes, then everything."""

        calls = 0

        def __init__(self, stream) -> None:
            self.stream = stream

        def write(self, data) -> int:
            Full.calls += 1
            if Full.calls < 3:
                raise OSError(28, "No space left on device")
            return self.stream.write(bytes(data[:7]) if Full.calls == 3 else bytes(data))

        def __getattr__(self, name):
            return getattr(self.stream, name)

        def __enter__(self):
            return self

        def __exit__(self, *_) -> None:
            self.stream.close()

    original = Path.open

    def opened(path: Path, *arguments, **named):
        stream = original(path, *arguments, **named)
        return Full(stream) if arguments == ("a+b",) else stream

    monkeypatch.setattr(Path, "open", opened)
    seen: list[Event] = []
    run = execute(run, Control(), seen.append)
    assert events_of(run) == [event for event in seen if is_kept(event)]


def kill_soon(workspace: Workspace, run: Run, steps: int, after: float = 0.0) -> None:
    """Carry a run out in another process and kill that one for good so many seconds after some steps: wherever it is
    then."""
    code = (
        "import sys; from pathlib import Path; from recdesk.training import loop; loop.CHECKPOINT_SECONDS = 0.0;"
        "from recdesk.workspace.runs import Run; from recdesk.experiment.pipeline import execute;"
        "from recdesk.monitor.control import Control; from recdesk.monitor.events import Step\n"
        "def tell(e):\n"
        "    if isinstance(e, Step): print(e.step, flush=True)\n"
        "execute(Run.read(Path(sys.argv[1])), Control(), tell, resume=True)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(run.folder)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if int(line) >= steps:
                time.sleep(after)
                os.kill(process.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
                break


@pytest.mark.slow
def test_killed_and_resumed_equals_never_killed(workspace: Workspace):
    reference, whole = run_whole(workspace, epochs=8)
    run = workspace.create_run("chain", small_config(epochs=8), "leave-one-out")
    for steps in (4, 11):
        kill_soon(workspace, run, steps)
        assert workspace.run(run.id).state == "interrupted"
    run = execute(run, Control(), lambda event: None, resume=True)
    assert run.state == "finished"
    assert figures(events_of(run)) == figures(whole)
    assert run.metrics == reference.metrics
    ours, theirs = (r.best_folder / "model.safetensors" for r in (run, reference))
    assert weights(ours) == weights(theirs)


@pytest.mark.parametrize(
    "limit", [{"patience": 1, "learning_rate": 1e-12}, {"minutes": 1e-4}], ids=["patience", "time"]
)
def test_killed_between_its_end_and_its_figures_it_does_not_learn_on(limit: dict, workspace: Workspace):
    run, seen = run_whole(workspace, **{"epochs": 50, **limit})
    before = run.reason, run.metrics, weights(run.best_folder / "model.safetensors")
    RunStore.of(run).set_state(run, "interrupted")
    run = execute(run, Control(), seen.append, resume=True)
    assert run.state == "finished"
    assert (run.reason, run.metrics, weights(run.best_folder / "model.safetensors")) == before
    resumed = next(at for at, event in enumerate(seen) if isinstance(event, Resumed))
    assert not [event for event in seen[resumed:] if isinstance(event, Step | Evaluated)]


def test_what_was_said_of_a_step_is_on_disk_before_its_checkpoint(workspace: Workspace, monkeypatch):
    run = workspace.create_run("chain", small_config(epochs=3), "leave-one-out")
    save, seen = Checkpoints.save_last, []

    def look(self, model, updates, progress):
        told = [event.step for event in read_events(run.folder / "events.jsonl") if isinstance(event, Step)]
        seen.append((progress.step, max(told, default=0)))
        save(self, model, updates, progress)

    monkeypatch.setattr(Checkpoints, "save_last", look)
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    run = execute(run, Control(), lambda event: None)
    assert len(seen) > 3 and all(saved == told for saved, told in seen)


@pytest.mark.slow
def test_killed_at_many_random_moments_nothing_differs(workspace: Workspace):
    import random

    reference, whole = run_whole(workspace, epochs=10)
    rng = random.Random(0)
    for _ in range(6):
        run = workspace.create_run("chain", small_config(epochs=10), "leave-one-out")
        for _ in range(2):
            kill_soon(workspace, run, rng.randint(1, 25), after=rng.random() * 0.01)
        run = execute(run, Control(), lambda event: None, resume=True)
        assert figures(events_of(run)) == figures(whole)
        assert run.metrics == reference.metrics


def weights(path: Path) -> dict[str, bytes]:
    from recdesk.core.tensors import load_tensors

    return {name: tensor.numpy().tobytes() for name, tensor in load_tensors(path)[0].items()}


@pytest.mark.slow
def test_figures_that_know_the_moment_are_of_another_protocol_and_say_so(workspace: Workspace):
    plain, asked = run_whole(workspace)[0], run_whole(workspace, times="asked")[0]
    assert asked.protocol["moment"] == "known" and "moment" not in plain.protocol
    assert asked.protocol["hash"] != plain.protocol["hash"]
    notes = how_good(asked).figures["ndcg@10"].notes
    assert any(note.startswith("The model knew when the held-out item was taken") for note in notes)
    assert not any(note.startswith("The model knew") for note in how_good(plain).figures["ndcg@10"].notes)


def test_a_model_of_times_says_where_there_are_none(tmp_path: Path):
    workspace = Workspace(tmp_path)
    name = workspace.add_dataset(ImportResult(replace(chain_dataset(), name="order", times=None), [], pd.DataFrame()))
    run = workspace.create_run(name, small_config(times="gaps"), "leave-one-out")
    run = execute(run, Control(), lambda event: None)
    assert (
        run.state == "finished" and "The data has no times: the model reads the order alone." in run.notes["warnings"]
    )
