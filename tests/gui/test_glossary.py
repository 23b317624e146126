import pytest

from recdesk.gui.glossary import Glossary, GlossaryDialog

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def dialog(qtbot) -> GlossaryDialog:
    made = GlossaryDialog()
    qtbot.addWidget(made)
    made.show()
    return made


def test_terms_are_found_by_their_letters_and_by_those_of_their_meaning(dialog):
    assert dialog.shown() == [term for term, _meaning in Glossary().terms()]
    dialog.field.setText("ndcg")
    assert dialog.shown() == ["NDCG@10"]
    dialog.field.setText("by heart")
    assert dialog.shown() == ["Overfitting"]
    dialog.field.setText("zzz")
    assert dialog.shown() == []
    assert dialog._nothing.isVisible()


def test_no_term_stands_twice_and_each_is_explained():
    names = [term for term, _meaning in Glossary().terms()]
    assert len(names) == len(set(names))
    assert all(meaning.endswith(".") for _term, meaning in Glossary().terms())
