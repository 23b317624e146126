import pytest
import torch

from recdesk.training import devices


@pytest.mark.parametrize(
    ("can", "narrow"), [({"avx512_bf16": True}, True), ({"amx_bf16": True}, True), ({"avx512_f": True}, False)]
)
def test_products_are_narrow_where_the_kind_of_processor_gains_by_it(can, narrow, monkeypatch):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: can, raising=False)
    assert devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM) is narrow
    assert not devices.narrow_products(torch.device("cuda"), 1024)
    assert not devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM - 1)


def test_products_stay_wide_where_torch_cannot_tell(monkeypatch):
    monkeypatch.delattr(torch.cpu, "get_capabilities", raising=False)
    assert not devices.narrow_products(torch.device("cpu"), devices.NARROW_FROM)


@pytest.mark.parametrize(("asked", "threads"), [("1", 1), ("3", 3), ("", 2), ("0", 2), ("many", 2)])
def test_who_says_how_many_threads_there_may_be_gets_no_more(asked: str, threads: int, monkeypatch):
    chosen: list[int] = []
    monkeypatch.setenv("OMP_NUM_THREADS", asked)
    monkeypatch.setattr(devices.psutil, "cpu_count", lambda logical: 2)
    monkeypatch.setattr(torch, "set_num_threads", chosen.append)
    devices.prepare(torch.device("cpu"))
    assert chosen == [threads]
