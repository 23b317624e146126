from recdesk.gui.pages.train.plots import QualityCard
from recdesk.gui.session import Session
from recdesk.monitor.curves import RunCurves
from recdesk.monitor.events import Warned

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
