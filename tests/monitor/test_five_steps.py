import pytest

from recdesk.monitor.events import (
    BaselineScored,
    EncoderStep,
    Evaluated,
    Event,
    Finished,
    StageEnded,
    StageScored,
    StageStarted,
    Step,
)
from recdesk.monitor.five_steps import SKIPPING, FiveSteps, will_skip
from recdesk.text.sources import packaged_folder


def begin(stage: str, time: float) -> StageStarted:
    return StageStarted(stage=stage, time=time)


def step(number: int, seconds: float) -> Step:
    return Step(step=number, epoch=1.0, loss=1.0, learning_rate=1e-3, tokens=10, seconds=seconds)


def evaluated(ndcg: float, best: bool = True) -> Evaluated:
    metrics = {"ndcg@10": ndcg, "recall@10": 2 * ndcg, "mrr": 0.5}
    return Evaluated(epoch=1, step=1, loss=1.0, metrics=metrics, best=best, since_best=0, seconds=1.0)


def ended(stage: str, seconds: float, before: float | None = None, after: float | None = None) -> StageEnded:
    return StageEnded(stage=stage, figure="", before=before, after=after, seconds=seconds)


SIMILAR = BaselineScored(name="similar texts", metrics={"validation": {"ndcg@10": 0.02, "recall@10": 0.04}})
FIRST = [begin("preparing", 0.0), begin("baselines", 1.0), begin("texts", 5.0)]
ENCODER = [
    begin("encoder", 7.0),
    StageScored(stage="encoder", metrics={"ndcg@10": 0.01, "recall@10": 0.03, "mrr": 0.5}),
    EncoderStep(done=1, of=1, loss=1.0, accuracy=0.1, seconds=1.0),
    ended("encoder", 60.0, 0.01, 0.3),
]
VECTORS = [begin("vectors", 70.0), ended("vectors", 4.0), SIMILAR]
DECODER = [begin("training", 80.0), step(1, 10.0), evaluated(0.05), step(2, 20.0), evaluated(0.04, best=False)]
TUNING = [
    begin("fine-tuning", 100.0),
    step(3, 50.0),
    evaluated(0.06),
    ended("fine-tuning", 30.0, 0.05, 0.06),
]
END = [begin("testing", 200.0), Finished(state="finished", reason="", seconds=50.0, metrics={}, time=203.0)]


def method(*events: Event) -> FiveSteps:
    made = FiveSteps()
    for event in events:
        made.add(event)
    return made


def test_a_whole_run_says_what_each_step_took_and_brought():
    steps = method(*FIRST, *ENCODER, *VECTORS, *DECODER, *TUNING, *END).steps
    assert {name: step.seconds for name, step in steps.items()} == {
        "texts": 2.0, "encoder": 60.0, "decoder": 24.0, "fine-tuning": 30.0, "recommending": 3.0,
    }  # fmt: skip
    assert {step.state for step in steps.values()} == {"done"}
    assert steps["encoder"].words == (0.01, 0.3)
    assert steps["encoder"].before == {"ndcg@10": 0.01, "recall@10": 0.03}
    assert steps["encoder"].after == {"ndcg@10": 0.02, "recall@10": 0.04}
    assert steps["decoder"].before == {"ndcg@10": 0.02, "recall@10": 0.04}
    assert steps["decoder"].after == steps["fine-tuning"].before == {"ndcg@10": 0.05, "recall@10": 0.1}
    assert steps["fine-tuning"].after == {"ndcg@10": 0.06, "recall@10": 0.12}


def test_an_encoder_that_was_not_trained_counts_as_skipped():
    steps = method(*FIRST, ended("encoder", 0.0), *VECTORS, *DECODER, *END).steps
    assert steps["encoder"].state == "skipped"
    assert (steps["encoder"].after, steps["encoder"].seconds) == ({}, None)
    assert steps["decoder"].before["ndcg@10"] == 0.02


def test_fine_tuning_that_brought_nothing_keeps_the_figure_before_it():
    worse = [begin("fine-tuning", 100.0), step(3, 50.0), evaluated(0.01, best=False)]
    steps = method(*FIRST, *ENCODER, *VECTORS, *DECODER, *worse, *END).steps
    assert steps["fine-tuning"].before == steps["fine-tuning"].after == {"ndcg@10": 0.05, "recall@10": 0.1}


def test_where_a_run_stands_is_known_while_it_is_under_way():
    states = {name: step.state for name, step in method(*FIRST, *ENCODER, *VECTORS[:1]).steps.items()}
    assert states == {
        "texts": "done", "encoder": "done", "decoder": "going on", "fine-tuning": "waiting", "recommending": "waiting",
    }  # fmt: skip


def test_steps_that_the_settings_leave_out_say_so_before_their_turn():
    shown = method(*FIRST).shown({"encoder", "fine-tuning"})
    assert [step.state for step in shown] == ["going on", "skipped", "waiting", "skipped", "waiting"]
    assert all(SKIPPING[step.name] for step in shown if step.state == "skipped")
    trained = method(*FIRST, *ENCODER).shown({"encoder"})  # what happened counts
    assert trained[1].state == "done"


def test_a_run_that_was_stopped_waits_where_it_was_and_goes_on_from_there():
    stopped = Finished(state="stopped", reason="", seconds=0.0, metrics={})
    made = method(*FIRST, *ENCODER[:3], stopped)
    assert [made.steps[name].state for name in ("texts", "encoder")] == ["done", "waiting"]
    for event in (*FIRST, *ENCODER, *VECTORS, *DECODER, *END):
        made.add(event)
    assert made.steps["encoder"].seconds == 60.0
    assert {step.state for step in made.shown({"fine-tuning"})} == {"done", "skipped"}


def test_a_run_over_ids_has_no_steps():
    made = method(*FIRST[:2], *DECODER, *END)
    assert not made.applies
    assert {step.state for step in made.steps.values()} == {"waiting"}
    assert made.steps["decoder"].seconds is None


@pytest.mark.parametrize(
    ("encoder", "steps", "fine_tune", "skipped"),
    [
        ("scratch", None, "off", {"fine-tuning"}),
        ("scratch", 0, "whole", {"encoder"}),
        ("packaged", None, "off", {"encoder", "fine-tuning"}),
        ("packaged", 100, "low-rank", set()),
        ("/some/folder", None, "whole", {"encoder"}),
    ],
)
def test_what_is_left_out_follows_from_the_settings(encoder: str, steps: int | None, fine_tune: str, skipped: set[str]):
    assert will_skip(encoder, steps, fine_tune) == skipped


def test_automatic_leaves_out_the_encoder_where_one_is_packaged():
    assert ("encoder" in will_skip("auto", None, "whole")) == (packaged_folder() is not None)
