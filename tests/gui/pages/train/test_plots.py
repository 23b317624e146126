from recdesk.gui.pages.train.plots import Plots, QualityCard
from recdesk.gui.session import Session
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import CheckpointSaved, Load, StateChanged, Step, Warned

SAID = "For 40 of 40 people one item is left to rank: every model puts it first."


def test_what_holds_for_all_figures_of_a_run_is_said_above_its_curves_and_gone_with_it(session: Session, qtbot):
    curves = RunCurves()
    for about in ("figures", "", "figures"):  # a resumed run says it again
        curves.add(Warned(sentence=SAID if about else "Something else.", about=about))
    assert curves.caveats == [SAID]
    card = QualityCard(session)
    qtbot.addWidget(card)
    card.show_run(curves)
    assert card.caveats.text() == SAID
    assert not card.caveats.isHidden()
    card.show_run(RunCurves())
    assert card.caveats.isHidden()


def loaded_curves(steps: int = 40) -> RunCurves:
    """Curves with a sample of the load at every tenth step, a checkpoint and a pause."""
    curves = RunCurves()
    for number in range(1, steps + 1):
        curves.add(
            Step(
                step=number, epoch=number / 10, loss=5 - number / 10, learning_rate=0.1, tokens=8, seconds=6.0 * number
            )
        )
        if number % 10 == 0:
            curves.add(Load(step=number, memory=number * 10**8, cpu=number / 100))
    curves.add(CheckpointSaved(step=20))
    curves.add(StateChanged(state="paused"))
    curves.add(StateChanged(state="running"))
    return curves


def test_memory_and_load_stand_over_the_axis_of_the_other_plots(session, qtbot):
    plots = Plots(session)
    qtbot.addWidget(plots)
    plots.resize(700, 700)
    plots.show_run(loaded_curves())
    plots.loss.plot.show_range(2.0, 4.0)
    plots.load_chip.setChecked(True)
    assert plots.load.plot.zoom()[0] == plots.loss.plot.zoom()[0] == (2.0, 4.0)  # it takes nobody's zoom away
    plots.loss.plot.follow()
    assert not plots.load.isHidden() and plots.load.plot.axis_names() == ("step", "GB")
    header, rows = plots.load.plot.table()
    assert header == ["step", "program"] and rows == [[10, 1.0], [20, 2.0], [30, 3.0], [40, 4.0]]
    plots.load.chips["cpu"].click()
    assert plots.load.plot.table()[1] == [[10, 10.0], [20, 20.0], [30, 30.0], [40, 40.0]]
    assert plots.load.plot.axis_names() == ("step", "% of the CPUs")
    plots.loss.set_axis("time")
    assert plots.load.plot.axis_names()[0] == "minutes"
    plots.quality.plot.view.setXRange(1.0, 2.0, padding=0)
    plots.quality.plot._zoomed()
    assert plots.load.plot.zoom()[0] == plots.loss.plot.zoom()[0] == (1.0, 2.0)
    plots.load.plot.follow()
    assert plots.loss.plot.following and plots.quality.plot.following
    left, right = plots.load.plot.view.viewRange()[0]
    assert left < 0.2 and right > 3.9  # all 40 steps, though there are samples of four


def test_marks_stand_on_every_plot_and_summaries_tell_them(session, qtbot):
    plots = Plots(session)
    qtbot.addWidget(plots)
    plots.show_run(loaded_curves())
    plots.load_chip.setChecked(True)
    plots.describe()
    for card in (plots.loss, plots.load):
        said = card.plot.accessibleDescription()
        assert said.endswith("checkpoint: 1; paused here: 1; resumed here: 1"), said
    assert plots.load.plot.summary().startswith("program: 4 at step 40, first 1, lowest 1, highest 4")
    assert plots.loss.plot.summary().startswith("training: 1 at step 40, first 4.9, lowest 1, highest 4.9")
    assert plots.encoder_loss.plot.accessibleDescription() == "nothing yet"
    names = [label.text() for label in plots.loss.plot._names]
    assert names == ["step", "Loss"]
