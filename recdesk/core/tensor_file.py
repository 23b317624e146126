"""safetensors files by their layout, without torch: where each tensor is, and all of them as mapped arrays."""

import json
import mmap
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from recdesk.core.errors import DataError
from recdesk.core.messages import Message

DTYPES: dict[str, np.dtype] = {"F32": np.dtype("<f4"), "I8": np.dtype("i1")}
LONGEST_HEADER = 1 << 24


@dataclass(frozen=True)
class TensorPlace:
    """Where a tensor is in its file.

    Attributes:
        shape, dtype: of it.
        offset, length: in bytes from the beginning of the file.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    offset: int
    length: int


def tensor_places(path: Path, advice: str = "") -> dict[str, TensorPlace]:
    """The tensors of a file by name.

    Raises:
        DataError: it is missing or damaged, or a tensor has another type than float32 and int8.
    """
    try:
        with safe_open(path, framework="numpy"):  # checks that the header and the size of the file fit
            pass
        with path.open("rb") as stream:
            size = int.from_bytes(stream.read(8), "little")
            header = json.loads(stream.read(min(size, LONGEST_HEADER)))
        return {
            name: TensorPlace(
                tuple(each["shape"]),
                DTYPES[each["dtype"]],
                8 + size + each["data_offsets"][0],
                each["data_offsets"][1] - each["data_offsets"][0],
            )
            for name, each in header.items()
            if name != "__metadata__"
        }
    except FileNotFoundError as error:
        raise DataError(Message("record.missing", path=path), advice) from error
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise DataError(Message("record.cut-short", path=path, reason=error), advice) from error


def mapped_tensors(path: Path, advice: str = "") -> dict[str, NDArray]:
    """The tensors of a file by name, read-only and mapped into memory: what is not looked at is not read.

    Raises:
        DataError: see `tensor_places`.
    """
    places = tensor_places(path, advice)
    with path.open("rb") as stream:
        whole = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)  # closed with the last array
    return {
        name: np.frombuffer(whole, each.dtype, each.length // each.dtype.itemsize, each.offset).reshape(each.shape)
        for name, each in places.items()
    }
