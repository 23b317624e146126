from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from recdesk.core.errors import RecdeskError
from recdesk.core.tensors import load_tensors, save_tensors

TENSORS = {
    "weights": torch.arange(600, dtype=torch.float32).reshape(20, 30),
    "narrow": torch.linspace(-1, 1, 11).to(torch.bfloat16),
    "step": torch.tensor(7.0),
    "shown": torch.tensor([True, False, True]),
    "nothing": torch.empty(0, 4),
    "turned": torch.arange(6.0).reshape(2, 3).T,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "some.safetensors"
    save_tensors(file, TENSORS, {"step": 7, "name": "标题"})
    return file


def test_tensors_of_every_kind_come_back_with_what_was_said_of_them(path: Path):
    tensors, about = load_tensors(path)
    assert about == {"step": 7, "name": "标题"}
    assert tensors.keys() == TENSORS.keys()
    for name, tensor in tensors.items():
        assert tensor.dtype == TENSORS[name].dtype
        assert torch.equal(tensor, TENSORS[name])
    assert [file.name for file in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("index", [-1, -700, -2000])
def test_a_single_bit_that_turned_is_found(index: int, path: Path):
    content = bytearray(path.read_bytes())
    content[index] ^= 1
    path.write_bytes(content)
    load_file(path)  # of the right form, length and names
    with pytest.raises(RecdeskError, match=r"is damaged or cut short: its checksum is another\."):
        load_tensors(path)


def test_a_bit_that_turned_in_what_is_said_of_them_is_found_too(path: Path):
    content = path.read_bytes()
    turned = content.replace(b'\\"step\\": 7', b'\\"step\\": 6')
    assert turned != content
    path.write_bytes(turned)
    with pytest.raises(RecdeskError, match="its checksum is another"):
        load_tensors(path)


@pytest.mark.parametrize("kept", [0, 5, 300, -1])
def test_what_was_cut_short_gets_a_sentence(kept: int, path: Path):
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(RecdeskError, match="is damaged or cut short"):
        load_tensors(path)


def test_files_of_before_there_were_checksums_stay_good(tmp_path: Path):
    save_file({"a": torch.ones(3)}, tmp_path / "old.safetensors", {"format": "pt", "recdesk": '{"step": 1}'})
    tensors, about = load_tensors(tmp_path / "old.safetensors")
    assert torch.equal(tensors["a"], torch.ones(3))
    assert about == {"step": 1}


def test_what_somebody_else_wrote_gets_a_sentence(tmp_path: Path):
    save_file({"a": torch.ones(3)}, tmp_path / "other.safetensors", {"format": "pt"})
    with pytest.raises(RecdeskError, match="was not written by recdesk"):
        load_tensors(tmp_path / "other.safetensors")


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="what is mapped is read from Linux's /proc")
def test_a_file_that_was_read_is_not_mapped_any_more_so_that_windows_can_replace_it(path: Path):
    tensors, _ = load_tensors(path)
    assert len(tensors) == len(TENSORS)
    assert str(path) not in Path("/proc/self/maps").read_text()
