"""Tensors on disk: safetensors files with a small JSON header of our own, written in one step."""

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
"""File of a model's folder that holds its weights."""


def save_tensors(path: Path, tensors: Mapping[str, torch.Tensor], about: Mapping[str, Any]) -> None:
    """Write tensors and plain values beside them; `path` is replaced only when all is on disk.

    Raises:
        RecdeskError: the disk is full or the folder cannot be written.
    """
    contiguous = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    found = found_in(about)
    said = json.dumps({**about, MESSAGES: found} if found else dict(about))
    with replacing_file(path) as part:
        save_file(contiguous, part, {"format": "pt", "recdesk": said, "checksum": _checksum(contiguous, said)})


def _checksum(tensors: Mapping[str, torch.Tensor], said: str) -> str:
    """CRC-32 of contiguous tensors on the CPU and of what is said of them: a disk that errs changes no length."""
    crc = zlib.crc32(said.encode())
    for name in sorted(tensors):
        tensor = tensors[name]
        crc = zlib.crc32(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode(), crc)
        crc = zlib.crc32(tensor.reshape(-1).view(torch.uint8).numpy().data, crc)
    return f"{crc:08x}"


def load_tensors(path: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]]:
    """Read what `save_tensors` wrote, to the CPU.

    Raises:
        RecdeskError: the file is missing, cut short, damaged, or not one of ours.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            about = json.loads(header["recdesk"])
            if not isinstance(about, dict):
                raise ValueError("its header holds something else")
            # copies: a file that is mapped into memory can't be replaced on Windows, and must not change elsewhere
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
            if header.get("checksum") not in (None, _checksum(tensors, header["recdesk"])):  # earlier files have none
                raise ValueError(Message("record.checksum-other"))
            return tensors, restored(about, about.pop(MESSAGES, []))
    except FileNotFoundError as error:
        raise RecdeskError(Message("record.missing", path=path)) from error
    except (SafetensorError, OSError, ValueError, TypeError, RuntimeError) as error:
        raise RecdeskError(Message("record.cut-short", path=path, reason=error)) from error
    except KeyError as error:
        raise RecdeskError(Message("record.foreign", path=path)) from error
