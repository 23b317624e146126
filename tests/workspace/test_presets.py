from pathlib import Path

import pytest

from recdesk.core.errors import DataError, RecdeskError
from recdesk.core.records import write_record
from recdesk.training.config import make_config
from recdesk.workspace.presets import FILE, MOST, Preset, load_presets, save_preset


def preset(study: str = "study", created: float = 1.0, **settings) -> Preset:
    return Preset(study, "chain", created, "leave-one-out", 0.25, make_config("bert4rec", **settings))


def test_presets_are_there_again_newest_first(tmp_path: Path):
    assert load_presets(tmp_path) == []
    first, second = preset("a", 1.0, hidden=32), preset("b", 2.0, hidden=64)
    save_preset(tmp_path, first)
    save_preset(tmp_path, second)
    assert load_presets(tmp_path) == [second, first]


def test_a_later_result_of_a_study_replaces_the_earlier_one_and_the_oldest_go(tmp_path: Path):
    for at in range(MOST + 2):
        save_preset(tmp_path, preset(f"s{at}", float(at)))
    save_preset(tmp_path, preset(f"s{MOST}", 1e6, hidden=16))
    found = load_presets(tmp_path)
    assert len(found) == MOST
    assert found[0].study == f"s{MOST}" and found[0].config == make_config("bert4rec", hidden=16)
    assert [entry.study for entry in found].count(f"s{MOST}") == 1
    assert "s0" not in [entry.study for entry in found]


def test_settings_of_another_version_are_left_out_and_named(tmp_path: Path):
    save_preset(tmp_path, preset("known"))
    values = {**vars(preset("unknown")), "config": {"kind": "bert4rec", "flavour": 3}}
    known = {**vars(preset("known")), "config": preset().config.model_dump()}
    write_record(tmp_path / FILE, {"format": 1, "presets": [values, known]})
    unusable: list[RecdeskError] = []
    assert [entry.study for entry in load_presets(tmp_path, unusable)] == ["known"]
    assert "flavour" in str(unusable[0])


def test_a_damaged_file_is_an_error_and_stays_as_it_is(tmp_path: Path):
    (tmp_path / FILE).write_text("{")
    with pytest.raises(DataError, match=FILE):
        load_presets(tmp_path)
    with pytest.raises(DataError):
        save_preset(tmp_path, preset())
    assert (tmp_path / FILE).read_text() == "{"
