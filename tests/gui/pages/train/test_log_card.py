import pytest

from recdesk.gui.pages.train.log_card import LEVELS, LogCard
from recdesk.monitor.events import CheckpointSaved, Evaluated, Resumed, StateChanged, Step, Warned


@pytest.fixture
def card(qtbot) -> LogCard:
    made = LogCard()
    qtbot.addWidget(made)
    metrics = {"ndcg@10": 0.1234}
    made.add(
        [
            Resumed(step=1200),
            Step(step=1201, loss=1.0, epoch=1.0, learning_rate=0.1, tokens=1, seconds=1.0),
            Evaluated(epoch=3, step=1300, loss=1, metrics=metrics, best=True, since_best=0, seconds=2),
            CheckpointSaved(step=1300),
            Warned(sentence="The disk is nearly full."),
            StateChanged(state="paused"),
        ]
    )
    return made


def shown(card: LogCard) -> list[str]:
    return [line[10:] for line in card.view.toPlainText().splitlines()]


def test_each_level_shows_itself_and_what_is_graver(card):
    assert shown(card) == ["Goes on from step 1,200.", "Note: The disk is nearly full.", "Paused."]
    card.level.setCurrentIndex(LEVELS.index("warning"))
    assert shown(card) == ["Note: The disk is nearly full."]
    card.level.setCurrentIndex(LEVELS.index("detail"))
    assert shown(card)[1:3] == ["Epoch 3: NDCG@10 0.1234, the best so far.", "Kept at step 1,300."]


def test_lines_are_found_by_their_letters_and_new_ones_too(card):
    card.search.setText("DISK")
    assert shown(card) == ["Note: The disk is nearly full."]
    card.add([Warned(sentence="The disk is full."), Warned(sentence="Something else.")])
    assert shown(card) == ["Note: The disk is nearly full.", "Note: The disk is full."]
    card.search.clear()
    assert len(shown(card)) == 5
    card.clear()
    assert shown(card) == []
