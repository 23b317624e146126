"""The items with the highest scores, found without scoring all of them in full: a pass over 8-bit integers bounds every
score, and only items that can be among the best are scored exactly.

An item's vector is v = s·q + e with integers q in [-127, 127] and a scale s, a query u = t·p + f with integers p in
[-63, 63]. The integer product q·p is exact, so that

    |u·v − s·t·(q·p)| ≤ ‖u‖·‖e‖ + ‖f‖·‖s·q‖

(Cauchy and Schwarz), to which the rounding of 32-bit floats is added. The n-th highest lower bound is a lower bound of
the n-th highest score: items whose upper bound is below it are none of the best n. The others are scored with 64-bit
floats, rounded to 32; equal scores are in the order of their codes. So what is found does not depend on how the first
pass is computed. Numbers of 7 bits on one side keep it exact on processors whose instructions saturate at 16 bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recdesk.models.onnx_reader import require_onnxruntime, session

CHUNK = 1 << 16
"""Items of a pass."""
DEPTH = 32
"""Items of which the highest bound is found first; those of the others are not looked at."""
STEPS, SHIFT = 63, 64
ROUNDING = 2e-6
"""Share of the largest possible score that covers the rounding of the bounds."""


@dataclass(frozen=True, eq=False)
class _Chunk:
    """Items next to each other, filled up to a multiple of `DEPTH` with such that are never found.

    Attributes:
        begin: index of the first.
        bounds: session that gives s·t·(q·p) + bias, float32 [rows, items], for uint8 [rows, width] and t.
        errors: float32 [2, items], ‖e‖ and ‖s·q‖, rounded up.
        most: float32 [2], of each.
    """

    begin: int
    bounds: Any
    errors: NDArray[np.float32]
    most: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.float32], bias: NDArray[np.float32], begin: int, threads: int) -> "_Chunk":
        """The chunk of all items that begins there."""
        own = vectors[begin : begin + CHUNK]
        more = -len(own) % DEPTH
        own = np.pad(own, ((0, more), (0, 0)))
        biases = np.pad(bias[begin : begin + CHUNK], (0, more), constant_values=-np.inf)
        scale = np.maximum(np.abs(own).max(1), 1e-30) / np.float32(127)
        integers = np.rint(own / scale[:, None]).clip(-127, 127)
        rounded = integers * scale[:, None]
        errors = np.stack([_norms(own - rounded) + _norms(own) * 1e-6, _norms(rounded) * (1 + 1e-6)]).astype(np.float32)
        bounds = _bounds(np.ascontiguousarray(integers.T.astype(np.int8)), scale, biases, threads)
        return cls(begin, bounds, errors, errors.max(1))


def _norms(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    lengths: NDArray[np.float64] = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    return lengths


def _bounds(integers: NDArray[np.int8], scale: NDArray[np.float32], bias: NDArray[np.float32], threads: int) -> Any:
    """See `_Chunk.bounds`; int8 [width, items]."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    width, items = integers.shape
    names = ["p", "items", "t", "scale", "shift", "", "bias"]
    node = helper.make_node("MatMulIntegerToFloat", names, ["scores"], domain="com.microsoft")
    graph = helper.make_graph(
        [node],
        "bounds",
        [
            helper.make_tensor_value_info("p", TensorProto.UINT8, ["rows", width]),
            helper.make_tensor_value_info("t", TensorProto.FLOAT, [1]),
        ],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["rows", items])],
        [
            numpy_helper.from_array(each, name)
            for name, each in (("items", integers), ("scale", scale), ("shift", np.uint8(SHIFT)), ("bias", bias))
        ],
    )
    versions = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=versions, ir_version=9)
    return session(onnxruntime, model.SerializeToString(), threads)


class ExactSearch:
    """Finds the best items for vectors of histories.

    Args:
        vectors: float32 [n_items, width].
        bias: float32 [n_items].
        threads: that multiply.

    Raises:
        UsageError: a library of the extra `onnx` is not installed.
    """

    def __init__(self, vectors: NDArray[np.float32], bias: NDArray[np.float32], threads: int = 1) -> None:
        require_onnxruntime("onnx")
        self._vectors, self._bias = vectors, bias
        self._chunks = [_Chunk.of(vectors, bias, begin, threads) for begin in range(0, len(vectors), CHUNK)]
        self._largest = float(np.abs(bias).max(initial=0.0))
        self._longest = max((float(chunk.most.sum()) for chunk in self._chunks), default=0.0)

    def best(
        self, queries: NDArray[np.float32], widths: Sequence[int], barred: Sequence[NDArray[np.integer]]
    ) -> list[tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """The best items of each query.

        Args:
            queries: float32 [rows, width].
            widths: how many are wanted of each.
            barred: int [any], indices of items that may not be found, of each.

        Returns:
            Indices int64 and scores float32 of each, in the order of the scores; fewer where not so many are left.
        """
        if not len(queries):
            return []
        exact = queries.astype(np.float64)
        step = max(float(np.abs(exact).max()) / STEPS, 1e-30)
        integers = np.rint(exact / step)
        norms, errors = np.linalg.norm(exact, axis=1), np.linalg.norm(exact - step * integers, axis=1)
        slack = ROUNDING * ((norms + errors) * self._longest + self._largest)
        asked = [
            _Asked(width, np.sort(never), np.array([norm, error]), own)
            for width, never, norm, error, own in zip(widths, barred, norms, errors, slack, strict=True)
        ]
        given = {"p": (integers + SHIFT).astype(np.uint8), "t": np.array([step], np.float32)}
        for chunk in self._chunks:
            about = chunk.bounds.run(None, given)[0]
            for row, each in enumerate(asked):
                each.bar(about[row], chunk.begin)
            highest = about.reshape(len(asked), DEPTH, -1).max(1)
            for row, each in enumerate(asked):
                each.look(chunk, about[row], highest[row])
        return [self._ranked(query, each) for query, each in zip(exact, asked, strict=True)]

    def _ranked(self, query: NDArray[np.float64], asked: "_Asked") -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        rows = asked.rows
        scores = (self._vectors[rows].astype(np.float64) @ query + self._bias[rows]).astype(np.float32)
        order = np.lexsort((rows, -scores))[: asked.width]
        return rows[order], scores[order]


class _Asked:
    """A query on its way through the chunks.

    Args:
        width: how many items are wanted.
        barred: int, indices that may not be found, ascending.
        norms: float64 [2], ‖u‖ and ‖f‖.
        slack: that covers the rounding of floats.

    Attributes:
        rows: int64, indices of the items so far that can be among the best.
    """

    def __init__(self, width: int, barred: NDArray[np.integer], norms: NDArray[np.float64], slack: float) -> None:
        self.width, self._barred, self._norms, self._slack = width, barred, norms, slack
        self.rows = np.empty(0, np.int64)
        self._about, self._margin = np.empty(0), np.empty(0)
        self._least = -np.inf
        """Lower bound of the score of the last item that is wanted, from what was looked at."""

    def bar(self, about: NDArray[np.float32], begin: int) -> None:
        """Take the items that may not be found out of a chunk, in place."""
        first, last = np.searchsorted(self._barred, (begin, begin + len(about)))
        about[self._barred[first:last] - begin] = -np.inf

    def look(self, chunk: _Chunk, about: NDArray[np.float32], highest: NDArray[np.float32]) -> None:
        """Keep the items of a chunk that can be among the best.

        Args:
            chunk: of them.
            about: float32 [items].
            highest: float32 [items / DEPTH], of items j, j + items / DEPTH, ….
        """
        widest = float(self._norms @ chunk.most) + self._slack
        if len(highest) >= self.width:
            last = len(highest) - self.width
            self._least = max(self._least, float(np.partition(highest, last)[last]) - widest)
        columns = np.flatnonzero(highest >= np.float32(self._least - widest - abs(self._least) * ROUNDING))
        rows = (np.arange(0, len(about), len(highest))[:, None] + columns).ravel()
        rows = rows[about[rows] >= np.float32(self._least - widest - abs(self._least) * ROUNDING)]
        rows = rows[about[rows] > -np.inf]
        self.rows = np.concatenate([self.rows, rows + chunk.begin])
        self._about = np.concatenate([self._about, about[rows]])
        self._margin = np.concatenate([self._margin, self._norms @ chunk.errors[:, rows] + self._slack])
        self._forget()

    def _forget(self) -> None:
        """Leave out what cannot be among the best any more."""
        if len(self.rows) <= self.width:
            return
        lower, last = self._about - self._margin, len(self.rows) - self.width
        self._least = max(self._least, float(np.partition(lower, last)[last]))
        there = self._about + self._margin >= self._least
        self.rows, self._about, self._margin = self.rows[there], self._about[there], self._margin[there]
