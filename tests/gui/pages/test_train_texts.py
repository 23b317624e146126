"""The Train page with models that read texts: what the encoder will read."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit

from recdesk.gui.pages.train.texts_dialog import TextsDialog
from recdesk.gui.session import Session
from recdesk.training.config import make_config
from tests.conftest import chain_dataset
from tests.gui.pages.test_train_page import Bench, window_on
from tests.gui.plain import MARKED_UP
from tests.gui.trained import add_dataset

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def bench(session: Session, qtbot) -> Bench:
    """With "chain" chosen, and `text-bert` with an encoder that is trained here."""
    made = Bench(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    made.page.use_settings(make_config("text-bert", encoder="scratch"), "leave-one-out")
    return made


def opened(bench: Bench) -> TextsDialog:
    """The dialog as the page opens it, without waiting for its end."""
    config = bench.page.settings.config()
    dialog = TextsDialog(bench.session, bench.session.dataset, config, bench.page)  # type: ignore[arg-type]
    bench.qtbot.addWidget(dialog)
    dialog.show()
    bench.until(lambda: dialog.preview is not None)
    return dialog


def test_texts_can_be_seen_only_where_a_model_reads_them(bench: Bench):
    assert bench.page.settings.texts.isVisible()
    bench.person.click(bench.page.model.choices["bert-causal"])
    assert bench.page.settings.texts is None
    bench.session.actions.trigger("train.texts")
    bench.person.click(bench.page.model.choices["hybrid"])
    bench.until(lambda: bench.page.settings.texts.isVisible())


def test_the_dialog_shows_texts_lengths_and_the_share_that_is_cut(bench: Bench):
    dialog = opened(bench)
    assert dialog.line.text() == "title: {title}; genre: {genre}"
    shown = dialog.view.toPlainText()
    assert "title: 标题 40, “no. 40”; genre: even" in shown
    assert "title · : · 标 · 题 · 40 · , · “ · no · . · 40 · ” · ; · genre · : · even" in shown
    bars = dialog.plot.bars.opts
    assert {float(x): int(n) for x, n in zip(bars["x0"], bars["y1"], strict=True) if n} == {16.5: 40}
    assert dialog.facts.text() == (
        "trained here reads up to 64 pieces of a text. Half have at most 17, the longest 17. "
        "None of 40 texts is longer; nothing is cut."
    )


def test_what_is_edited_is_seen_at_once_and_taken_over(bench: Bench):
    def edit(dialog) -> None:
        assert isinstance(dialog, TextsDialog)
        bench.until(lambda: dialog.preview is not None)
        bench.person.write(dialog.line, "{genre}")
        dialog.most.setValue(8)
        bench.until(lambda: dialog.preview is not None and dialog.preview.template == "{genre}")
        bench.until(lambda: dialog.preview is not None and dialog.preview.limit == 8)
        bench.person.click(dialog.use_button)

    bench.person.when_asked(edit)
    bench.person.click(bench.page.settings.texts)
    config = bench.page.settings.config()
    assert (config.template, config.text_tokens) == ("{genre}", 8)  # type: ignore[attr-defined]


def test_the_usual_text_stays_automatic(bench: Bench):
    bench.page.settings.form.editor("template").setValue("{genre}")
    dialog = opened(bench)
    assert dialog.template() == "{genre}"
    bench.person.click(dialog.usual)
    assert dialog.template() == ""


def test_texts_that_are_cut_are_counted_and_struck_out(bench: Bench):
    bench.page.settings.form.editor("text_tokens").setValue(8)
    dialog = opened(bench)
    assert "Longer and cut: 40 of 40 texts (100.0%)." in dialog.facts.text()
    cursor = dialog.view.textCursor()
    cursor.setPosition(dialog.view.toPlainText().index("genre: "))
    cursor.movePosition(cursor.MoveOperation.Right)
    assert cursor.charFormat().fontStrikeOut()
    cursor.setPosition(dialog.view.toPlainText().index("title: "))
    cursor.movePosition(cursor.MoveOperation.Right)
    assert not cursor.charFormat().fontStrikeOut()


def test_a_text_that_cannot_be_made_is_said_and_cannot_be_used(bench: Bench):
    dialog = opened(bench)
    bench.person.write(dialog.line, "{year}")
    bench.until(lambda: dialog.preview is None)
    assert dialog.facts.text() == (
        "The item text asks for “year”, which the items do not have. The columns are: title, genre."
    )
    assert not dialog.use_button.isEnabled()
    bench.person.write(dialog.line, "{title}")
    bench.until(lambda: dialog.preview is not None)
    assert dialog.use_button.isEnabled()


def test_columns_are_put_in_where_the_cursor_stands(bench: Bench):
    dialog = opened(bench)
    dialog.line.setText("title: {title}")
    bench.person.when_asked(bench.person.pick("genre"))
    bench.person.click(dialog.insert)
    assert dialog.line.text() == "title: {title}; genre: {genre}"


def test_other_items_are_shown_on_demand(bench: Bench):
    dialog = opened(bench)
    first = dialog.view.toPlainText()
    bench.person.click(dialog.others)
    bench.until(lambda: dialog.view.toPlainText() != first)
    assert len(dialog.preview.shown) == 3


def test_text_from_data_is_shown_as_it_stands(bench: Bench):
    data = chain_dataset()
    features = data.item_features.assign(title=[MARKED_UP[at % len(MARKED_UP)] for at in range(data.n_items)])
    bench.use(add_dataset(bench.session.workspace, replace(data, name="marked", item_features=features)))
    dialog = opened(bench)
    assert any(text in dialog.view.toPlainText() for text in MARKED_UP)


def test_every_control_of_the_dialog_has_a_name(bench: Bench, check_controls):
    dialog = opened(bench)
    check_controls(dialog)
    assert isinstance(dialog.focusWidget(), QLineEdit)


def test_a_bar_says_how_many_texts_it_stands_for(bench: Bench):
    plot = opened(bench).plot
    plot.show_lengths(np.array([1, 2, 3, 5, 7]), np.array([3, 0, 1200, 2]), 4)
    assert [plot.said(bar) for bar in (0, 2, 3)] == [
        "3 texts of 1 pieces",
        "1,200 texts of 3 to 4 pieces",
        "2 texts of 5 pieces or more",
    ]
