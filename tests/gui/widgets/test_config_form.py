import itertools
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel

from recdesk.core.errors import UsageError
from recdesk.gui.widgets.config_form import ConfigForm, GroupHeading
from recdesk.gui.widgets.inputs import FormLabel, SuggestBox, TextBox, WholeBox
from recdesk.training.config import GROUPS, KINDS, PRESETS, RunConfig, config_from_dict, make_config

# Said by the platform without a screen whenever a window opens
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def fields(kind: str) -> dict[str, Any]:
    return {name: field for name, field in KINDS[kind].model_fields.items() if name != "kind"}


def bounds(metadata: list[Any]) -> dict[str, Any]:
    names = ("ge", "gt", "le", "lt")
    return {name: getattr(rule, name) for rule in metadata for name in names if getattr(rule, name, None) is not None}


def usual(number: float) -> float:
    """As a person writes it: six digits at most."""
    return float(f"{number:.6g}")


def values_of(field: Any) -> st.SearchStrategy:
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    if choices:
        return st.sampled_from(choices)
    limits = bounds(field.metadata)
    if field.annotation is str:
        return st.sampled_from([*field.json_schema_extra.get("suggestions", [""]), "folder/名字", "a: {b}; c"])
    if int in get_args(field.annotation):
        return st.none() | st.integers(limits["ge"], limits["le"])
    if field.annotation is int:
        return st.integers(limits["ge"], limits["le"])
    low, high = limits.get("ge", limits.get("gt")), limits.get("le", limits.get("lt"))
    numbers = st.floats(max(low, 1e-9), high).map(usual).filter(lambda number: number < high or "le" in limits)
    numbers = numbers | st.just(0.0) if "ge" in limits and low == 0 else numbers
    return st.none() | numbers if type(None) in get_args(field.annotation) else numbers


def configs(kind: str) -> st.SearchStrategy[RunConfig]:
    """Any settings that may be."""
    free = {name: values_of(field) for name, field in fields(kind).items() if name not in ("hidden", "heads")}
    shapes = [
        {"hidden": hidden, "heads": heads}
        for hidden, heads in itertools.product(range(8, 1025, 2), range(1, 17))
        if not hidden % heads
    ]
    if "heads" not in fields(kind):
        shapes = [{}]
    return st.tuples(st.fixed_dictionaries(free), st.sampled_from(shapes)).map(
        lambda drawn: config_from_dict({"kind": kind, **drawn[0], **drawn[1]})
    )


@pytest.fixture(scope="module")
def forms(qapp):
    made = {kind: ConfigForm(make_config(kind)) for kind in KINDS}
    yield made
    for form in made.values():
        form.deleteLater()


@pytest.fixture(params=KINDS)
def form(request, qtbot) -> ConfigForm:
    made = ConfigForm(make_config(request.param))
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def decimal_comma():
    before = QLocale()
    QLocale.setDefault(QLocale("de_DE"))
    yield
    QLocale.setDefault(before)


def type_in(qtbot, editor: QAbstractSpinBox, text: str) -> None:
    editor.selectAll()
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Qt.Key.Key_Return)


def told(form: ConfigForm) -> list[str]:
    """Sentences that can be read, apart from the labels of the rows."""
    return [
        label.text()
        for label in form.findChildren(QLabel)
        if label.isVisible() and label.text() and not isinstance(label, (FormLabel, GroupHeading))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_a_control_with_its_name_and_a_word_of_explanation(kind, forms):
    form = forms[kind]
    assert set(form.fields()) == set(fields(kind))
    for name, field in fields(kind).items():
        editor = form.editor(name)
        assert editor.isEnabled(), name
        assert editor.accessibleName() == field.title, name
        assert editor.toolTip().startswith(field.description), name
        assert editor.accessibleDescription().startswith(field.description), name
        assert "Default: " in editor.toolTip(), name
        assert [label.text() for label in form.findChildren(FormLabel) if label.buddy() is editor] == [field.title]


def test_advanced_fields_come_into_view_when_asked_for(form, qtbot):
    kind = form.config().model_dump()["kind"]
    every = {name: field.json_schema_extra["advanced"] for name, field in fields(kind).items()}
    assert {name: not form.editor(name).isVisible() for name in every} == every
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert all(form.editor(name).isVisible() for name in every)
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert {name: not form.editor(name).isVisible() for name in every} == every


@pytest.mark.parametrize("kind", KINDS)
def test_settings_stand_in_groups_each_of_them_in_one(kind, forms):
    form = forms[kind]
    form.show()
    form.more.setChecked(True)
    shown = [heading.text() for heading in form.findChildren(GroupHeading) if heading.isVisible()]
    assert shown == ["What it reads", *(["Size"] * (kind != "two-tower")), "Learning", "Stopping", "Computing"]
    form.more.setChecked(False)
    grouped = [name for names in GROUPS.values() for name in names]
    assert len(grouped) == len(set(grouped))
    assert set(form.fields()) <= set(grouped)


def test_the_tooltip_of_a_setting_says_what_default_range_and_cost(forms):
    assert forms["bert-causal"].editor("max_length").toolTip().splitlines()[1:] == [
        "Default: 200.",
        "From 2 to 2,000.",
        "More of it costs time and memory.",
    ]


def test_a_setting_that_differs_goes_back_with_one_click(forms, qtbot):
    form = forms["bert-causal"]
    form.set_values({"patience": 3, "max_length": 50})
    assert form.differing() == ["History length", "Patience"]
    qtbot.mouseClick(form.reset_button("patience"), Qt.MouseButton.LeftButton)
    assert form.differing() == ["History length"]
    assert form.values()["patience"] == 10
    assert not form.reset_button("patience").isEnabled()
    assert form.reset_button("max_length").isEnabled()


@pytest.mark.parametrize("kind", KINDS)
def test_controls_take_what_the_config_allows_and_no_more(kind, forms):
    for name, field in fields(kind).items():
        editor, limits = forms[kind].editor(name), bounds(field.metadata)
        if isinstance(editor, SuggestBox):
            assert [editor.itemData(i) for i in range(editor.count())] == field.json_schema_extra["suggestions"]
            continue
        if isinstance(editor, TextBox):
            continue
        if isinstance(editor, QComboBox):
            assert [editor.itemData(i) for i in range(editor.count())] == list(get_args(field.annotation))
            continue
        assert editor.maximum() == limits["le"] if "le" in limits else editor.maximum() <= limits["lt"], name
        if "ge" in limits and type(None) in get_args(field.annotation):  # below it stands what is automatic
            step = editor.singleStep() if isinstance(editor, WholeBox) else 1
            assert editor.minimum() == limits["ge"] - step, name
            assert editor.validate(str(limits["ge"] - 0.5), 0)[0] != QValidator.State.Acceptable, name
            assert editor.validate(str(limits["ge"]), 0)[0] == QValidator.State.Acceptable, name
        elif "ge" in limits:
            assert editor.minimum() == limits["ge"], name


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_form_to_config_to_form_changes_nothing(kind, forms, data):
    config = data.draw(configs(kind))
    forms[kind].set_config(config)
    assert forms[kind].config() == config
    assert forms[kind].is_valid()


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("kind", KINDS)
def test_the_presets_pass_through_unchanged(kind, preset, forms):
    forms[kind].set_default(make_config(kind, preset))
    forms[kind].set_config(make_config(kind, preset))
    assert forms[kind].config() == make_config(kind, preset)
    assert forms[kind].differing() == []


@pytest.mark.parametrize("form", [kind for kind in KINDS if "heads" in fields(kind)], indirect=True)
def test_an_invalid_combination_is_explained_in_a_sentence(form, qtbot):
    form.editor("hidden").setValue(10)
    assert form.is_valid()
    assert told(form) == []
    with qtbot.waitSignal(form.changed):
        form.editor("heads").setValue(4)
    assert not form.is_valid()
    assert told(form) == ["Vector size 10 is not divisible by 4 heads."]
    with pytest.raises(UsageError, match="not divisible"):
        form.config()
    form.editor("hidden").setValue(12)
    assert form.is_valid()
    assert told(form) == []


def test_what_differs_from_the_preset_is_named_by_title(form):
    form.editor("max_length").setValue(128)
    form.editor("dropout").set_number(0.5)
    assert form.differing() == ["History length", "Dropout"]
    form.editor("max_length").setValue(make_config(form.config().kind).max_length)
    assert form.differing() == ["Dropout"]


def test_no_limit_is_none_and_a_limit_is_a_number(form):
    assert form.values()["minutes"] is None
    form.editor("minutes").set_number(2.5)
    assert form.config().minutes == 2.5
    form.editor("minutes").set_number(None)
    assert form.config().minutes is None


def test_setting_a_config_says_once_that_it_changed(form, qtbot):
    heard = []
    form.changed.connect(lambda: heard.append(form.config().max_length))
    form.set_config(form.config().model_copy(update={"max_length": 32, "seed": 4, "patience": 3}))
    assert heard == [32]


def test_a_decimal_comma_of_the_desktop_changes_no_value(decimal_comma, qtbot):
    config = make_config(learning_rate=0.0005, dropout=0.25, clip_norm=2.5, minutes=1.5)
    form = ConfigForm(config)
    qtbot.addWidget(form)
    assert form.config() == config
    type_in(qtbot, form.editor("dropout"), "0.125")
    assert form.config().dropout == 0.125


@pytest.mark.parametrize(("name", "text", "number"), [("clip_norm", "2,5", 2.5), ("dropout", "0,05", 0.05)])
def test_a_typed_decimal_comma_is_no_thousands_mark(name, text, number, decimal_comma, qtbot):
    form = ConfigForm(make_config())
    qtbot.addWidget(form)
    before = getattr(make_config(), name)
    type_in(qtbot, form.editor(name), text)
    assert getattr(form.config(), name) in (number, before)  # understood, or refused: never ten times as much


def test_the_wheel_scrolls_the_page_and_changes_no_setting(form):
    form.more.setChecked(True)
    before = form.values()
    for name in before:
        at, turn = QPointF(5, 5), QPoint(0, -120)
        buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(
            form.editor(name), QWheelEvent(at, at, turn, turn, buttons, keys, Qt.ScrollPhase.NoScrollPhase, False)
        )
    assert form.values() == before
