"""The Train page with models that read texts: what the encoder will read."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QLineEdit

from recdesk.gui.pages.train.texts_dialog import TextsDialog
from recdesk.gui.session import Session
from recdesk.training.config import make_config
from tests.conftest import chain_dataset
from tests.gui.driver import window_on
from tests.gui.markup import MARKED_UP
from tests.gui.pages.train.driver import TrainPageDriver
from tests.gui.trained import add_dataset

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def driver(session: Session, qtbot) -> TrainPageDriver:
    """With "chain" chosen, and `text-bert` with an encoder that is trained here."""
    made = TrainPageDriver(window_on(session, qtbot), qtbot)
    made.use(add_dataset(session.workspace))
    made.page.use_settings(make_config("text-bert", encoder="scratch"), "leave-one-out")
    return made


def opened(driver: TrainPageDriver) -> TextsDialog:
    """The dialog as the page opens it, without waiting for its end."""
    config = driver.page.settings.config()
    dialog = TextsDialog(driver.session, driver.session.dataset, config, driver.page)  # type: ignore[arg-type]
    driver.qtbot.addWidget(dialog)
    dialog.show()
    driver.until(lambda: dialog.preview is not None)
    return dialog


def test_texts_can_be_seen_only_where_a_model_reads_them(driver: TrainPageDriver):
    assert driver.page.settings.texts.isVisible()
    driver.click(driver.page.model.choices["bert-causal"])
    assert driver.page.settings.texts is None
    driver.session.actions.trigger("train.texts")
    driver.click(driver.page.model.choices["hybrid"])
    driver.until(lambda: driver.page.settings.texts.isVisible())


def test_the_dialog_shows_texts_lengths_and_the_share_that_is_cut(driver: TrainPageDriver):
    dialog = opened(driver)
    assert dialog.line.text() == "title: {title}; genre: {genre}"
    shown = dialog.view.toPlainText()
    assert "title: 标题 40, “no. 40”; genre: even" in shown
    assert "title · : · 标 · 题 · 40 · , · “ · no · . · 40 · ” · ; · genre · : · even" in shown
    bars = dialog.plot.bars.opts
    assert {float(x): int(n) for x, n in zip(bars["x0"], bars["y1"], strict=True) if n} == {16.5: 40}
    assert dialog.facts.text() == (
        "trained here reads up to 64 tokens of a text. Half have at most 17, the longest 17. "
        "Nothing is cut in 40 texts."
    )


def test_an_edited_template_is_previewed_at_once_and_taken_over(driver: TrainPageDriver):
    def edit(dialog) -> None:
        assert isinstance(dialog, TextsDialog)
        driver.until(lambda: dialog.preview is not None)
        driver.write(dialog.line, "{genre}")
        dialog.most.setValue(8)
        driver.until(lambda: dialog.preview is not None and dialog.preview.template == "{genre}")
        driver.until(lambda: dialog.preview is not None and dialog.preview.limit == 8)
        driver.click(dialog.use_button)

    driver.when_asked(edit)
    driver.click(driver.page.settings.texts)
    config = driver.page.settings.config()
    assert (config.template, config.text_tokens) == ("{genre}", 8)  # type: ignore[attr-defined]


def test_the_default_template_stays_automatic(driver: TrainPageDriver):
    driver.page.settings.form.editor("template").setValue("{genre}")
    dialog = opened(driver)
    assert dialog.template() == "{genre}"
    driver.click(dialog.usual)
    assert dialog.template() == ""


def test_texts_that_are_cut_are_counted_and_struck_out(driver: TrainPageDriver):
    driver.page.settings.form.editor("text_tokens").setValue(8)
    dialog = opened(driver)
    assert "Longer and cut: 40 of 40 texts (100.0%)." in dialog.facts.text()
    cursor = dialog.view.textCursor()
    cursor.setPosition(dialog.view.toPlainText().index("genre: "))
    cursor.movePosition(cursor.MoveOperation.Right)
    assert cursor.charFormat().fontStrikeOut()
    cursor.setPosition(dialog.view.toPlainText().index("title: "))
    cursor.movePosition(cursor.MoveOperation.Right)
    assert not cursor.charFormat().fontStrikeOut()


def test_a_text_that_cannot_be_made_is_said_and_cannot_be_used(driver: TrainPageDriver):
    dialog = opened(driver)
    driver.write(dialog.line, "{year}")
    driver.until(lambda: dialog.preview is None)
    assert dialog.facts.text() == (
        "The item text asks for “year”, which the items do not have. The columns are: title, genre."
    )
    assert not dialog.use_button.isEnabled()
    driver.write(dialog.line, "{title}")
    driver.until(lambda: dialog.preview is not None)
    assert dialog.use_button.isEnabled()


def test_columns_are_put_in_where_the_cursor_stands(driver: TrainPageDriver):
    dialog = opened(driver)
    dialog.line.setText("title: {title}")
    driver.when_asked(driver.pick("genre"))
    driver.click(dialog.insert)
    assert dialog.line.text() == "title: {title}; genre: {genre}"


def test_other_items_are_shown_on_demand(driver: TrainPageDriver):
    dialog = opened(driver)
    first = dialog.view.toPlainText()
    driver.click(dialog.others)
    driver.until(lambda: dialog.view.toPlainText() != first)
    assert len(dialog.preview.shown) == 3


def test_text_from_data_is_shown_as_it_stands(driver: TrainPageDriver):
    data = chain_dataset()
    features = data.item_features.assign(title=[MARKED_UP[at % len(MARKED_UP)] for at in range(data.n_items)])
    driver.use(add_dataset(driver.session.workspace, replace(data, name="marked", item_features=features)))
    dialog = opened(driver)
    assert any(text in dialog.view.toPlainText() for text in MARKED_UP)


def test_every_control_of_the_dialog_has_a_name(driver: TrainPageDriver, check_controls):
    dialog = opened(driver)
    check_controls(dialog)
    assert isinstance(dialog.focusWidget(), QLineEdit)


def test_a_bar_says_how_many_texts_it_stands_for(driver: TrainPageDriver):
    plot = opened(driver).plot
    plot.show_lengths(np.array([1, 2, 3, 5, 7]), np.array([3, 0, 1200, 2]), 4)
    assert [plot.readout_of(bar) for bar in (0, 2, 3)] == [
        "3 texts of 1 token",
        "1,200 texts of 3 to 4 tokens",
        "2 texts of 5 tokens or more",
    ]
