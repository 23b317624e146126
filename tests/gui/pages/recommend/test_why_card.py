"""The sentence of *why*: true of the figures, and never cut."""

import numpy as np
import pytest

from recdesk.gui.pages.recommend.why_card import WhyCard
from recdesk.recommend.explanations import Explanation, Reason, SmallestSet, in_order
from tests.gui.driver import cells

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def explained(*reasons: tuple[str, float, int], rank: int = 2, title: str = "Aliens") -> Explanation:
    """Of (title, effect, rank without it), in the order of the core."""
    made = [Reason(at, at + 1, name, effect, without) for at, (name, effect, without) in enumerate(reasons)]
    order = in_order(np.array([r.effect for r in made]), np.array([r.rank_without for r in made]), rank)
    return Explanation(9, title, rank, [made[at] for at in order])


@pytest.mark.parametrize(
    ("explanation", "sentence"),
    [
        (
            explained(("Alien", 0.9, 7), ("Brazil", 0.8, 3)),
            "Because of Alien: without it, Aliens would be number 7 instead of 2.",
        ),
        (
            explained(("Alien", 0.9, 3), ("Brazil", 0.8, 2), ("Up", -0.1, 62)),  # what counts is the place
            "Because of Up: without it, Aliens would be number 62 instead of 2.",
        ),
        (
            explained(("Alien", 0.9, 2), ("Brazil", 0.1, 1)),
            "No single item explains Aliens: leaving one out never moves it down. Alien adds most.",
        ),
        (
            explained(("Alien", 0.2, 1), ("Brazil", -0.9, 1)),
            "Alien adds most to the score of Aliens, yet without it that would be number 1.",
        ),
        (explained(("Alien", -0.2, 1)), "Nothing in the history speaks for Aliens in particular."),
        (
            explained(("{title} A", 0.2, 1200)),
            "Because of {title} A: without it, Aliens would be number 1,200 instead of 2.",
        ),
    ],
)  # fmt: skip
def test_the_sentence_says_what_the_figures_say(explanation: Explanation, sentence: str, qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    card.show_explanation(explanation)
    assert card.sentence.text() == sentence


def test_what_is_needed_is_not_said_to_speak_against_it_too(qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    explanation = explained(("Alien", 0.9, 2), ("Brazil", -0.1, 2), ("Up", -0.02, 2))
    card.show_explanation(explanation, SmallestSet((0, 1), ("Alien", "Brazil"), 57), 10)
    assert "Up speaks against it" in card.more.text() and "Brazil speaks" not in card.more.text()


def test_what_moves_it_down_most_stands_first(qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    card.show_explanation(explained(("Alien", 0.9, 3), ("Brazil", 0.8, 5), ("Up", -0.1, 62), ("Heat", 0.2, 5)))
    assert [row[0] for row in cells(card.table)] == ["Up", "Brazil", "Heat"]
    assert [row[2] for row in cells(card.table)] == ["2 → 62", "2 → 5", "2 → 5"]


def test_a_reason_says_how_the_person_rated_it(qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    card.show_explanation(explained(("Alien", 0.9, 7), ("Brazil", 0.8, 3)), ratings=[0.5, None])
    assert card.sentence.text() == "Because of Alien ★ 0.5: without it, Aliens would be number 7 instead of 2."
    assert [row[0] for row in cells(card.table)] == ["Alien ★ 0.5", "Brazil"]


def test_three_bars_have_a_legend_and_all_are_a_click_away(qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    card.show_explanation(explained(*((f"Item {n}", 0.5 - 0.2 * n, 3) for n in range(5))))
    assert [row[0] for row in cells(card.table)] == ["Item 0", "Item 1", "Item 2"]
    assert card.carries.isVisibleTo(card) and not card.lowers.isVisibleTo(card)
    assert card.all.text() == "all 5"
    card.all.click()
    assert [row[1] for row in cells(card.table)] == ["+0.500", "+0.300", "+0.100", "-0.100", "-0.300"]
    assert card.lowers.isVisibleTo(card)
    card.clear("Nobody.")
    assert cells(card.table) == [] and not card.carries.isVisibleTo(card) and not card.all.isVisibleTo(card)


@pytest.mark.parametrize("width", [1000, 420, 260])
def test_a_sentence_with_long_titles_is_whole_at_every_width(width: int, qapp, qtbot):
    card = WhyCard()
    qtbot.addWidget(card)
    card.resize(width, 120)
    card.show()
    card.show_explanation(explained(("The one with the long name " * 9, 0.9, 7), title="又长又长的片名" * 20))
    qtbot.waitUntil(lambda: card.sentence.height() >= card.sentence.heightForWidth(card.sentence.width()) > 0)
    assert len(card.sentence.text()) < 220
    assert card.minimumSizeHint().height() >= card.sentence.heightForWidth(card.sentence.width())
