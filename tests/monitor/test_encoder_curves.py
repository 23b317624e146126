from recdesk.monitor.curves import RunCurves
from recdesk.monitor.encoder_curves import EncoderCurves
from recdesk.monitor.events import EncoderStep, StageEnded


def step(done: int, accuracy: float = 0.5) -> EncoderStep:
    return EncoderStep(done=done, of=10, loss=1 / done, accuracy=accuracy, seconds=6.0 * done)


def test_an_encoders_steps_draw_loss_and_accuracy():
    curves = RunCurves()
    for event in (step(1), step(2, 0.7)):
        curves.add(event)
    curves.add(StageEnded(stage="encoder", figure="", before=0.1, after=0.6, seconds=12.0))
    assert curves.encoder.loss.y.tolist() == [1.0, 0.5]
    assert curves.encoder.accuracy.y.tolist() == [0.5, 0.7]
    assert curves.encoder.held_out == (0.1, 0.6)
    assert len(curves.train_loss) == 0


def test_steps_are_shown_over_minutes_too():
    curves = EncoderCurves()
    for done in (1, 2, 3):
        curves.add(step(done))
    assert curves.positions(curves.loss.x, "time").tolist() == [0.1, 0.2, 0.3]
    assert curves.positions(curves.loss.x, "step").tolist() == [1, 2, 3]
    assert curves.step_at(0.2, "time") == 2.0


def test_what_a_resumed_run_did_again_is_drawn_once():
    curves = EncoderCurves()
    for done, accuracy in ((1, 0.1), (2, 0.2), (3, 0.3), (2, 0.4), (3, 0.5)):
        curves.add(step(done, accuracy))
    assert curves.accuracy.x.tolist() == [1, 2, 3]
    assert curves.accuracy.y.tolist() == [0.1, 0.4, 0.5]


def test_a_skipped_step_has_no_figures():
    curves = EncoderCurves()
    curves.end(StageEnded(stage="encoder", figure="", before=None, after=None, seconds=0.0))
    assert curves.held_out is None and len(curves) == 0
