import pytest
from hypothesis import given
from hypothesis import strategies as st

from recdesk.core.errors import UsageError
from recdesk.training.config import KINDS, PRESETS, config_from_dict, make_config


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_is_valid_for_every_kind_and_survives_its_json(kind: str, preset: str):
    config = make_config(kind, preset)
    assert config_from_dict(config.model_dump(mode="json")) == config


@pytest.mark.parametrize("kind", KINDS)
def test_every_setting_has_a_name_words_and_a_place_in_the_form(kind: str):
    for name, field in KINDS[kind].model_fields.items():
        if name != "kind":
            assert field.title, name
            assert field.description and field.description.endswith((".", ").")), name
            assert {"advanced"} <= set(field.json_schema_extra) <= {"advanced", "automatic", "suggestions"}, name


@pytest.mark.parametrize(
    "values, words",
    [
        ({"hidden": 5000}, "“hidden” is 5000, but it must be less than or equal to 1024."),
        ({"hidden": "many"}, "“hidden” is 'many', but it must be a valid integer"),
        ({"heads": 3}, "Vector size 64 is not divisible by 3 heads."),
        ({"colour": 1}, "There is no setting “colour”. The settings are: max_length, hidden,"),
        ({"device": "tpu"}, "“device” is 'tpu', but it must be 'auto', 'cpu', 'cuda' or 'mps'."),
        (
            {"kind": "gpt"},
            "There is no model “gpt”. Choose one of: bert-causal, bert4rec, hybrid, text-bert, two-tower.",
        ),
        ({"preset": "Fast"}, "There is no preset “Fast”. Choose one of: Quick look"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(values, words):
    with pytest.raises(UsageError) as caught:
        make_config(**values)
    assert words in str(caught.value)


@given(
    st.dictionaries(
        st.sampled_from(["hidden", "layers", "dropout", "minutes", "x"]), st.text() | st.floats() | st.none()
    )
)
def test_no_value_brings_a_traceback(values):
    try:
        make_config(**values)
    except UsageError as error:
        assert error.sentence.endswith(".")


def test_presets_are_found_however_they_are_written():
    assert make_config(preset="quick-look") == make_config(preset="Quick look")
