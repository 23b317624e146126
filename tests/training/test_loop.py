from pathlib import Path

import pytest
import torch

from recdesk.core import devices
from recdesk.core.errors import RecdeskError
from recdesk.data.splitting import make_split
from recdesk.evaluation.ranking import evaluate
from recdesk.monitor.control import Control
from recdesk.monitor.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Plan,
    Resumed,
    StateChanged,
    Step,
    Warned,
    without_repeats,
)
from recdesk.training import loop
from recdesk.training.config import make_config
from recdesk.training.fit import fit
from recdesk.training.recommender_stage import fingerprint
from tests.conftest import chain_dataset

SMALL = {
    "hidden": 16,
    "layers": 1,
    "max_length": 10,
    "epochs": 6,
    "warmup_steps": 5,
    "learning_rate": 5e-3,
    "device": "cpu",
}


def config(kind: str = "bert-causal", **values):
    return make_config(kind, **{**SMALL, **values})


def values(events: list[Event]) -> list[tuple]:
    """What must be equal in two runs of one seed: everything but the clock."""
    steps = [(e.step, e.loss, e.learning_rate, e.tokens) for e in events if isinstance(e, Step)]
    return steps + [(e.step, e.loss, *sorted(e.metrics.items()), e.best) for e in events if isinstance(e, Evaluated)]


def train(folder: Path, emit=lambda event: None, control: Control | None = None, resume: bool = False, **changes):
    split = make_split(chain_dataset())
    return fit(split, config(**changes), folder, emit, control or Control(), resume)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec"])
def test_both_models_learn_a_chain(kind: str, tmp_path: Path):
    split = make_split(chain_dataset(n_users=200))
    outcome = fit(split, config(kind, epochs=60, hidden=32), tmp_path, lambda event: None, Control())
    figures = evaluate(outcome.model, split, "test").ranks.summary()
    assert figures["recall@10"] > 0.8


@pytest.mark.slow
@pytest.mark.parametrize("changes", [{"loss": "gbce", "negatives": 20}, {"negatives": 20}], ids=["gbce", "sampled"])
def test_a_chain_is_learned_against_a_few_negatives_too(changes: dict, tmp_path: Path):
    split = make_split(chain_dataset(n_users=200))
    outcome = fit(split, config(epochs=60, hidden=32, **changes), tmp_path, lambda event: None, Control())
    assert evaluate(outcome.model, split, "test").ranks.summary()["recall@10"] > 0.8


def test_learned_by_rows_and_stopped_and_resumed_equals_never_stopped(tmp_path: Path):
    whole: list[Event] = []
    changes = {"negatives": 8, "rate_kept": 0.5}
    reference = train(tmp_path / "whole", whole.append, **changes)
    control, parts = Control(), []

    def stop_there(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == 9:
            control.stop()

    assert train(tmp_path / "parts", stop_there, control, **changes).state == "stopped"
    outcome = train(tmp_path / "parts", parts.append, resume=True, **changes)
    assert values(without_repeats(parts)) == values(whole)
    for ours, theirs in zip(outcome.model.parameters(), reference.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_the_learning_rate_falls_as_asked(tmp_path: Path):
    seen: list[Event] = []
    train(tmp_path, seen.append, rate_kept=1e-3, warmup_steps=0)
    rates = [e.learning_rate for e in seen if isinstance(e, Step)]
    assert rates[0] == pytest.approx(5e-3)
    assert rates[10] == pytest.approx(5e-3 * 1e-3 ** (10 / 1000))


@pytest.mark.parametrize("kind", ["bert-causal", "bert4rec"])
@pytest.mark.parametrize(
    ("stop_at", "hidden", "times"),
    [(1, 16, "gaps"), (7, devices.BF16_FROM_WIDTH, "ignored"), (14, 16, "asked")],
)
def test_stopped_and_resumed_equals_never_stopped(kind: str, stop_at: int, hidden: int, times: str, tmp_path: Path):
    changes, whole = {"kind": kind, "hidden": hidden, "times": times}, list[Event]()
    reference = train(tmp_path / "whole", whole.append, **changes)
    control, parts = Control(), []

    def stop_there(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == stop_at:
            control.stop()

    assert train(tmp_path / "parts", stop_there, control, **changes).state == "stopped"
    outcome = train(tmp_path / "parts", parts.append, resume=True, **changes)
    assert values(without_repeats(parts)) == values(whole)
    for ours, theirs in zip(outcome.model.parameters(), reference.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_a_run_that_died_without_a_word_goes_on_from_its_last_checkpoint(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    whole: list[Event] = []
    train(tmp_path / "whole", whole.append)

    class Death(BaseException):
        pass

    parts: list[Event] = []

    def die(event: Event) -> None:
        parts.append(event)
        if isinstance(event, Step) and event.step == 11:
            raise Death

    with pytest.raises(Death):
        train(tmp_path / "parts", die)
    train(tmp_path / "parts", parts.append, resume=True)
    resumed = next(e for e in parts if isinstance(e, Resumed))
    assert resumed.step == 10
    assert values(without_repeats(parts)) == values(whole)


def test_pause_holds_between_steps_and_costs_no_training_time(tmp_path: Path):
    control, seen = Control(), []

    def watch(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == 2:
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            control.resume()

    train(tmp_path, watch, control)
    kinds = [type(e).__name__ for e in seen]
    after = kinds.index("Step") + 2
    assert kinds[after : after + 3] == ["CheckpointSaved", "StateChanged", "StateChanged"]


@pytest.mark.slow
def test_early_stopping_keeps_the_best_and_says_why(tmp_path: Path):
    seen: list[Event] = []
    outcome = train(tmp_path, seen.append, epochs=400, patience=3, dropout=0.1)
    evaluations = [e for e in seen if isinstance(e, Evaluated)]
    assert outcome.state == "finished"
    assert outcome.reason.startswith("No improvement in 3 evaluations")
    assert [e.since_best for e in evaluations[-4:]] == [0, 1, 2, 3]
    best = max(e.metrics["ndcg@10"] for e in evaluations)
    split = make_split(chain_dataset())
    assert evaluate(outcome.model, split, "validation").ranks.summary()["ndcg@10"] == pytest.approx(best, abs=1e-9)


def test_the_time_limit_ends_training_with_a_model(tmp_path: Path):
    outcome = train(tmp_path, epochs=100_000, minutes=0.005, patience=1000)
    assert outcome.state == "finished"
    assert outcome.reason.startswith("The time limit")
    assert 0.3 <= outcome.seconds < 3


@pytest.mark.parametrize("blown_up", ["loss", "gradient"])
def test_a_loss_out_of_control_ends_with_advice_and_resumes_more_gently(blown_up: str, tmp_path: Path, monkeypatch):
    from recdesk.training.objective import Objective

    original, seen = Objective.loss, []

    def explode(self, batch, step, *rest):
        loss = original(self, batch, step, *rest)
        if step != 7:
            return loss
        return loss * float("inf") if blown_up == "loss" else loss + (self.model.bias.sum() * 0).sqrt()

    monkeypatch.setattr(Objective, "loss", explode)
    monkeypatch.setattr(loop, "CHECKPOINT_SECONDS", 0.0)
    with pytest.raises(RecdeskError, match="out of control at step 8") as caught:
        train(tmp_path, seen.append)
    kept = max(e.step for e in seen if isinstance(e, CheckpointSaved))
    assert f"from step {kept} with half the learning rate" in caught.value.suggestion
    assert kept == 7
    monkeypatch.undo()
    assert train(tmp_path, seen.append, resume=True).state == "finished"
    rates = [e.learning_rate for e in without_repeats(seen) if isinstance(e, Step)]
    assert rates[kept - 1] == 2 * rates[-1] == SMALL["learning_rate"]


def test_out_of_memory_halves_the_step_and_says_so(tmp_path: Path, monkeypatch):
    from recdesk.training.objective import Objective

    whole: list[Event] = []
    train(tmp_path / "whole", whole.append, epochs=1, dropout=0.0)
    original, seen = Objective.loss, []

    def too_large(self, batch, step, *rest):
        if len(batch.inputs) > 8:
            raise torch.OutOfMemoryError
        return original(self, batch, step, *rest)

    monkeypatch.setattr(Objective, "loss", too_large)
    train(tmp_path / "halved", seen.append, epochs=1, dropout=0.0)
    assert any(isinstance(e, Warned) and "parts" in e.sentence for e in seen)
    losses = [[e.loss for e in events if isinstance(e, Step)] for events in (whole, seen)]
    assert losses[1] == pytest.approx(losses[0], rel=1e-4)


def test_what_other_threads_draw_from_torch_changes_nothing(tmp_path: Path, monkeypatch):
    """A model that is opened while another is trained draws its first weights."""
    from recdesk.training.objective import Objective

    alone: list[Event] = []
    train(tmp_path / "alone", alone.append, epochs=1, dropout=0.5)
    original, beside = Objective.loss, []
    monkeypatch.setattr(Objective, "loss", lambda *given: (torch.rand(7), original(*given))[1])
    train(tmp_path / "beside", beside.append, epochs=1, dropout=0.5)
    losses = [[e.loss for e in events if isinstance(e, Step)] for events in (alone, beside)]
    assert losses[0] == losses[1] and losses[0]


def test_a_checkpoint_of_other_settings_is_refused(tmp_path: Path):
    train(tmp_path, epochs=1)
    with pytest.raises(RecdeskError, match="other settings or other data"):
        train(tmp_path, resume=True, learning_rate=1e-4)


def test_a_checkpoint_cut_short_is_refused_and_left_alone(tmp_path: Path):
    train(tmp_path, epochs=1)
    last = tmp_path / "checkpoints/last/training.safetensors"
    last.write_bytes(last.read_bytes()[:-100])
    with pytest.raises(RecdeskError, match="damaged or cut short") as caught:
        train(tmp_path, resume=True)
    assert caught.value.suggestion.endswith("the best model of this one can still be used.")
    assert last.exists()


def test_a_checkpoint_with_a_bit_that_turned_is_refused(tmp_path: Path):
    train(tmp_path, epochs=1)
    last = tmp_path / "checkpoints/last/training.safetensors"
    content = bytearray(last.read_bytes())
    content[-1000] ^= 8
    last.write_bytes(content)
    with pytest.raises(RecdeskError, match="its checksum is another"):
        train(tmp_path, resume=True)


def test_more_epochs_may_be_asked_for_on_resume(tmp_path: Path):
    train(tmp_path / "short", epochs=2)
    longer = train(tmp_path / "short", epochs=4, resume=True)
    straight = train(tmp_path / "long", epochs=4)
    for ours, theirs in zip(longer.model.parameters(), straight.model.parameters(), strict=True):
        assert torch.equal(ours, theirs)


def test_the_plan_says_what_will_be_done(tmp_path: Path):
    seen: list[Event] = []
    train(tmp_path, seen.append, epochs=1, minutes=3)
    plan = next(e for e in seen if isinstance(e, Plan))
    assert plan.max_epochs == 1
    assert plan.minutes == 3
    assert "full softmax" in plan.softmax
    assert (plan.hidden, plan.precision, plan.step_tokens) == (16, "float32", 256)
    assert 0.2 <= plan.dropout <= 0.5
    assert len([e for e in seen if isinstance(e, Step)]) == plan.steps_per_epoch
    assert isinstance(seen[-1], CheckpointSaved)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_learns_the_chain_too(tmp_path: Path):
    split = make_split(chain_dataset(n_users=200))
    outcome = fit(split, config(epochs=60, hidden=32, device="cuda"), tmp_path, lambda event: None, Control())
    assert outcome.model.device.type == "cuda"
    assert evaluate(outcome.model, split, "test").ranks.summary()["recall@10"] > 0.8


def test_checkpoints_from_before_a_setting_came_stay_good_while_it_is_at_rest(chain):
    split = make_split(chain)
    assert "temperature" not in fingerprint(split, make_config("bert-causal"))
    assert "temperature" in fingerprint(split, make_config("bert-causal", temperature=2.0))
