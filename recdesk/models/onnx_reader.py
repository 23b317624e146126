"""The reader of histories of a model as ONNX, run by onnxruntime without torch.

config.json         `OnnxShape`, and names of inputs and outputs for other programs
model.onnx          item codes int64 [batch, length] (0 pads on the right), with `gaps` and `waits` of the same shape if
                    the model reads times, give `query` float32 [batch, width]
vectors.safetensors input [n_items + 2, width] and bias [n_items]; output [n_items, width] where it is not rows 1 to
                    n_items of input. A score is output · query + bias. model.onnx refers to `input` in this file

Scores are no output of the graph: with the query alone a program may score some items, all of them, or search them.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import DataError, UsageError
from recdesk.core.machine import usable_cores
from recdesk.core.messages import Message
from recdesk.core.records import damaged, read_object, validated
from recdesk.core.tensor_file import mapped_tensors
from recdesk.data.histories import Histories

GRAPH, VECTORS, CONFIG = "model.onnx", "vectors.safetensors", "config.json"
FORMAT = 1
POSITIONS_AT_ONCE = 16 * 1024


@dataclass(frozen=True)
class OnnxShape:
    """Sizes of an exported model.

    Attributes:
        kind: model family.
        n_items, width: of the item vectors.
        longest: how many items of a history are read, the latest.
        times: what is read of time, see `recdesk.models.bert.Shape`.
        int8: weights of the reader's matmuls are 8-bit integers.
        tied: items are scored with their input vectors.
    """

    kind: str
    n_items: int
    width: int
    longest: int
    times: Literal["ignored", "gaps", "asked"]
    int8: bool
    tied: bool

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the graph's inputs."""
        return ("items", *{"ignored": (), "gaps": ("gaps",), "asked": ("gaps", "waits")}[self.times])


def require_onnxruntime(*others: str) -> Any:
    """The library, after it was seen that others are installed too.

    Raises:
        UsageError: one is not.
    """
    try:
        for name in others:
            importlib.import_module(name)
        import onnxruntime
    except ImportError as error:
        raise UsageError(Message("onnx.no-extra", name=error.name or str(error)), Message("onnx.install")) from error
    return onnxruntime


def read_shape(folder: Path, advice: str = "") -> OnnxShape:
    """The sizes in a folder's `config.json`.

    Raises:
        DataError: it is missing, damaged, or of a newer format.
    """
    values = read_object(folder / CONFIG, advice, newest=FORMAT)
    return validated(values.get("recdesk"), OnnxShape, folder / CONFIG, advice)


class OnnxReader:
    """Histories to vectors, and the vectors and biases of items.

    Args:
        folder: as `recdesk.models.onnx_export` writes it.
        threads: that compute; 0 for as many as there are processors.

    Attributes:
        shape: sizes.
        output: float32 [n_items, width], mapped from the file.
        bias: float32 [n_items].

    Raises:
        UsageError: onnxruntime is not installed.
        DataError: a file is damaged, or they do not fit each other.
    """

    def __init__(self, folder: Path, threads: int = 0, advice: str = "") -> None:
        library = require_onnxruntime()
        self.shape = shape = read_shape(folder, advice)
        vectors = mapped_tensors(folder / VECTORS, advice)
        table = vectors.get("input", np.empty((0, 0), np.float32))
        self.output = table[1 : shape.n_items + 1] if shape.tied else vectors.get("output", table)
        self.bias = np.array(vectors.get("bias", np.empty(0)))
        sizes = (shape.n_items + 2, shape.width), (shape.n_items, shape.width), (shape.n_items,)
        found = table, self.output, self.bias
        if any(each.shape != size or each.dtype != np.float32 for each, size in zip(found, sizes, strict=True)):
            raise DataError(Message("record.model-misfit", path=folder / VECTORS), advice)
        try:
            self._session = session(library, str(folder / GRAPH), threads or usable_cores())
        except Exception as error:  # its classes of errors have no common base but this
            raise damaged(folder / GRAPH, str(error).splitlines()[0], advice) from error
        if {each.name for each in self._session.get_inputs()} != set(shape.inputs):
            raise damaged(folder / GRAPH, Message("record.other-content"), advice)

    def queries(self, histories: Histories) -> NDArray[np.float32]:
        """A vector of each history, float32 [n, width]."""
        found = np.empty((len(histories), self.shape.width), np.float32)
        order = np.argsort(histories.lengths, kind="stable")
        lengths = np.clip(histories.lengths[order], 1, self.shape.longest)
        begin = 0
        while begin < len(order):
            fitting = lengths[begin:] * np.arange(1, len(order) - begin + 1) <= POSITIONS_AT_ONCE
            rows = order[begin : begin + max(1, int(fitting.sum()))]
            found[rows] = self._session.run(["query"], self._inputs(histories[rows]))[0]
            begin += len(rows)
        return found

    def _inputs(self, histories: Histories) -> dict[str, NDArray[np.int64]]:
        made = {"items": histories.padded(self.shape.longest)[0]}
        if "gaps" in self.shape.inputs:
            made["gaps"] = histories.gaps(self.shape.longest)
        if "waits" in self.shape.inputs:
            made["waits"] = histories.waits(self.shape.longest)
        return made


def session(library: Any, graph: str | bytes, threads: int) -> Any:
    """A session of onnxruntime on the CPU, for a file or a graph."""
    library.disable_telemetry_events()  # of its builds for Windows
    options = library.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 4  # what is wrong is raised
    # threads that wait in a loop take the processors from those that read and write requests
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return library.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
