from contextlib import nullcontext

import pytest
import torch

from recdesk.core import devices
from recdesk.core.errors import UsageError


@pytest.mark.parametrize(
    ("can", "narrow"), [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"avx512_f": True}, False)]
)
def test_products_are_narrow_where_the_kind_of_processor_gains_by_it(can, narrow, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: can, raising=False)
    assert devices.gains_by_bf16(torch.device("cpu"), devices.BF16_FROM_WIDTH) is narrow
    assert not devices.gains_by_bf16(torch.device("cuda"), 1024)
    assert not devices.gains_by_bf16(torch.device("cpu"), devices.BF16_FROM_WIDTH - 1)


def test_products_stay_wide_where_torch_cannot_tell(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not devices.gains_by_bf16(torch.device("cpu"), devices.BF16_FROM_WIDTH)


@pytest.mark.parametrize(("asked", "threads"), [("1", 1), ("3", 3), ("", 2), ("0", 2), ("many", 2)])
def test_who_says_how_many_threads_there_may_be_gets_no_more(asked: str, threads: int, monkeypatch):
    chosen: list[int] = []
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr(devices, "usable_cores", lambda: 2)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    devices.prepare(torch.device("cpu"))
    assert chosen == [threads]


def test_a_model_is_used_where_it_was_trained_if_that_is_here_and_never_on_apples_processor(monkeypatch):
    assert devices.device_for_use("cpu").type == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError):
        devices.choose_device("cuda")
    assert devices.device_for_use("cuda").type == "cpu"
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert devices.choose_device("auto").type == "mps"
    assert devices.device_for_use("auto").type == devices.device_for_use("mps").type == "cpu"
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert devices.device_for_use("auto").type == devices.device_for_use("cuda").type == "cuda"


@pytest.mark.parametrize("native", [True, False])
def test_bfloat16_is_used_only_where_it_is_not_emulated(native: bool, monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: native or including_emulation)
    used: list[object] = []
    monkeypatch.setattr(torch, "autocast", lambda *_, **how: used.append(how["dtype"]) or nullcontext())
    with devices.autocast(torch.device("cuda")):
        assert used == ([torch.bfloat16] if native else [])


@pytest.mark.parametrize(("device", "waits"), [("mps", True), ("cuda", False), ("meta", False)])
def test_copies_are_not_waited_for_where_the_driver_holds_on_to_what_it_reads(device: str, waits: bool):
    asked: list[dict[str, object]] = []

    class Tensor:
        def to(self, place, **how):
            asked.append(how)

        def pin_memory(self):
            return self

    devices.to_device(Tensor(), torch.device(device))  # type: ignore[arg-type]
    assert asked == [{} if waits else {"non_blocking": True}]


def test_memory_of_every_device_is_given_back(monkeypatch):
    released: list[str] = []
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: released.append("cuda"))
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    monkeypatch.setattr(torch.mps, "empty_cache", lambda: released.append("mps"))
    devices.release_all_memory()
    assert released == ["cuda", "mps"]
