"""Tensors on disk: safetensors files with JSON metadata and a checksum, written atomically."""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from recdesk.core.errors import RecdeskError
from recdesk.core.files import replacing_file
from recdesk.core.messages import Message, found_in, restored
from recdesk.core.records import MESSAGES

MODEL_FILE = "model.safetensors"
"""File with the weights in a model's folder."""


def save_tensors(path: Path, tensors: Mapping[str, torch.Tensor], about: Mapping[str, Any]) -> None:
    """Write tensors atomically.

    Args:
        path: the safetensors file.
        tensors: by name, on any device.
        about: JSON metadata, stored in the header; it may contain messages.

    Raises:
        RecdeskError: the disk is full or the folder cannot be written.
    """
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    found = found_in(about)
    metadata = json.dumps({**about, MESSAGES: found} if found else dict(about))
    with replacing_file(path) as part:
        save_file(contiguous, part, {"format": "pt", "recdesk": metadata, "checksum": _checksum(contiguous, metadata)})


def _checksum(tensors: Mapping[str, torch.Tensor], metadata: str) -> str:
    """CRC-32 of metadata and contiguous CPU tensors: safetensors itself does not notice changed bytes."""
    crc = zlib.crc32(metadata.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        crc = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), crc)
        crc = zlib.crc32(tensor.reshape(-1).view(torch.uint8).numpy().data, crc)
    return f"{crc:08x}"


def load_tensors(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read tensors (on the CPU) and metadata that `save_tensors` wrote.

    Raises:
        RecdeskError: the file is missing, truncated, damaged, or was not written by recdesk.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            about = json.loads(header["recdesk"])
            if not isinstance(about, dict):
                raise ValueError("its header holds something else")
            # copies: Windows cannot replace a memory-mapped file, and its changes would show in memory
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
            if header.get("checksum") not in (None, _checksum(tensors, header["recdesk"])):  # older files have none
                raise ValueError(Message("record.checksum-other"))
            return tensors, restored(about, about.pop(MESSAGES, []))
    except FileNotFoundError as error:
        raise RecdeskError(Message("record.missing", path=path)) from error
    except (SafetensorError, OSError, ValueError, TypeError, RuntimeError) as error:
        raise RecdeskError(Message("record.cut-short", path=path, reason=error)) from error
    except KeyError as error:
        raise RecdeskError(Message("record.foreign", path=path)) from error
