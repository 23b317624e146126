"""A model over histories as ONNX, written by torch's exporter; see `recdesk.models.onnx_reader` for the files."""

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn

from recdesk.core.errors import UsageError
from recdesk.core.messages import Message
from recdesk.core.records import write_record
from recdesk.core.task import UNWATCHED, Task
from recdesk.core.tensor_file import TensorPlace, tensor_places
from recdesk.models.bert import Batch, BertRecommender
from recdesk.models.onnx_reader import CONFIG, FORMAT, GRAPH, VECTORS, OnnxShape, require_onnxruntime

OPSET = 18
TABLE = "table"
"""Parameter of the graph in the place of the item table, which is so small while the graph is made."""


class HistoryReader(nn.Module):
    """`BertRecommender.user_vectors` from item codes, with what NumPy prepares there as part of the graph."""

    def __init__(self, model: BertRecommender) -> None:
        super().__init__()
        self.model = model
        self.table = nn.Parameter(torch.zeros(3, model.shape.hidden))

    def forward(self, items: Tensor, gaps: Tensor | None = None, waits: Tensor | None = None) -> Tensor:
        """Vectors of histories, float [batch, width].

        Args:
            items: int64 [batch, length], item codes, 0 behind the last.
            gaps, waits: int64 [batch, length], see `Histories.gaps` and `Histories.waits`.
        """
        kept = (items != 0).sum(1)
        if not self.model.causal:
            items, gaps, waits, kept = *self._masked(items, gaps, waits, kept), None, kept + 1
        length, longest = items.shape[1], self.model.shape.max_length
        position = torch.arange(length)
        recency = torch.clamp(position[None, :] + (longest - kept)[:, None], max=longest - 1)
        last = torch.arange(items.shape[0]) * length + torch.clamp(kept - 1, min=0)
        real = None if self.model.causal else items != 0
        batch = Batch(items, recency, real, last, last, 0, self.model.causal, True, gaps, waits)
        return self.model.hidden_at(batch, self.table)

    def _masked(
        self, items: Tensor, gaps: Tensor | None, waits: Tensor | None, kept: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Items with a mask after the last, and its gap: the time until the history is asked about, as
        `Bert4Rec.query_batch`."""
        pad = nn.functional.pad
        end = torch.arange(items.shape[1] + 1)[None, :] == kept[:, None]
        items = torch.where(end, self.model.n_items + 1, pad(items, (0, 1)))
        if gaps is not None:
            gaps = pad(gaps, (0, 1))
            gaps = gaps if waits is None else torch.where(end, pad(waits, (1, 0)), gaps)
        return items, gaps


def write_onnx(model: Any, folder: Path, int8: bool = False, task: Task = UNWATCHED) -> OnnxShape:
    """Write a model's reader, vectors and `config.json` into an empty folder.

    Args:
        model: of any kind; those that read histories of items can be written.
        folder: there already.
        int8: quantise the weights of the reader's matmuls to 8 bits; its inputs are quantised as they come.
        task: gets progress.

    Raises:
        UsageError: the model reads no histories of items, or a library is not installed.
        CancelledError: it was cancelled.
    """
    if not isinstance(model, BertRecommender):
        raise UsageError(Message("onnx.other-kind", kind=str(model.kind)), Message("onnx.kinds"))
    require_exporter()
    task.step(0.0, Message("onnx.writing"))
    shape = _shape(model, int8)
    write_record(folder / CONFIG, {"format": FORMAT, "recdesk": asdict(shape), **_described(shape)})
    _write_vectors(model, folder / VECTORS, shape.tied)
    task.step(0.1)
    _write_graph(model, shape, folder, task.part(0.1, 1.0))
    return shape


def require_exporter() -> None:
    """Raise unless the libraries that write and run ONNX are installed.

    Raises:
        UsageError: one is missing.
    """
    require_onnxruntime("onnx", "onnxscript")


def _shape(model: BertRecommender, int8: bool) -> OnnxShape:
    ours = model.shape
    longest = ours.max_length - (0 if model.causal else 1)
    tied = bool(getattr(ours, "tied", True))
    return OnnxShape(model.kind, ours.n_items, ours.hidden, longest, ours.times, int8, tied)


def _described(shape: OnnxShape) -> dict[str, Any]:
    """What other programs need to know."""
    said = {
        "items": "int64 [batch, length]: the latest items, the oldest first, as line numbers of items.csv below its "
        f"header from 1; 0 behind the last; at most {shape.longest}",
        "gaps": "int64 [batch, length]: bin of the seconds since the event before; 0 for the first. bin(s) = "
        "min(1 + ceil(log2(s + 1) / 2), 16)",
        "waits": "int64 [batch, length]: bin of the seconds until the next event, for the last one until now",
    }
    return {
        "model_type": shape.kind,
        "graph": GRAPH,
        "inputs": {name: said[name] for name in shape.inputs},
        "outputs": {"query": f"float32 [batch, {shape.width}]"},
        "scores": f"query · outputᵀ + bias, from {VECTORS}; output is "
        + (f"input[1:{shape.n_items + 1}]" if shape.tied else "a tensor of its own"),
    }


@torch.inference_mode()
def _write_vectors(model: BertRecommender, path: Path, tied: bool) -> None:
    tensors = {"input": model.full_table, "bias": model.bias}
    if not tied:
        tensors["output"] = model.output_vectors
    save_file({name: np.ascontiguousarray(each.detach().float().cpu().numpy()) for name, each in tensors.items()}, path)


def _write_graph(model: BertRecommender, shape: OnnxShape, folder: Path, task: Task) -> None:
    """Export with a table of three rows, quantise that, then refer to the true one."""
    import onnx

    graph = folder / GRAPH
    dynamic = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    with _quietly(), torch.no_grad():
        program = torch.onnx.export(
            HistoryReader(model).eval(),
            tuple(torch.zeros((2, 2), dtype=torch.int64) for _ in shape.inputs),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(shape.inputs),
            output_names=["query"],
            dynamic_shapes=dict.fromkeys(shape.inputs, dynamic),
            verbose=False,
        )
        assert program is not None
        program.save(str(graph))
        task.step(0.7)
        if shape.int8:
            _quantise(graph)
    made = onnx.load(str(graph))
    _refer(made, TABLE, tensor_places(folder / VECTORS)["input"])
    for each in (*made.graph.node, *made.graph.value_info, *made.graph.initializer, made.graph):
        each.ClearField("metadata_props")  # names of files and lines of this program
        each.ClearField("doc_string")
    made.producer_name, made.doc_string = "recdesk", json.dumps(_described(shape), ensure_ascii=False)
    graph.unlink()
    onnx.save(made, str(graph))
    onnx.checker.check_model(str(graph), full_check=True)
    task.step(1.0)


def _quantise(graph: Path) -> None:
    """8-bit weights, a scale for each column; what is multiplied with them is quantised in each call."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(
        str(graph), str(graph), op_types_to_quantize=["MatMul"], per_channel=True, weight_type=QuantType.QInt8
    )


def _refer(made: Any, name: str, place: TensorPlace) -> None:
    """Let an initializer stand in another file."""
    import onnx

    (tensor,) = (each for each in made.graph.initializer if each.name == name)
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.dims[:] = place.shape
    tensor.data_location = onnx.TensorProto.EXTERNAL
    del tensor.external_data[:]
    for key, value in (("location", VECTORS), ("offset", place.offset), ("length", place.length)):
        entry = tensor.external_data.add()
        entry.key, entry.value = key, str(value)
    for info in [each for each in made.graph.value_info if each.name == name]:  # with the small shape
        made.graph.value_info.remove(info)


@contextlib.contextmanager
def _quietly() -> Iterator[None]:
    """What the exporter says of itself is not for people."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir", "root")]
    levels = [each.level for each in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in loggers:
            each.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for each, level in zip(loggers, levels, strict=True):
                each.setLevel(level)
