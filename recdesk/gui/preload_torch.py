"""Loading torch's libraries without holding the GIL."""

import contextlib
import ctypes
import importlib.util
import os
import sys
import threading
from pathlib import Path

LIBRARIES = {"linux": "libtorch_python.so", "darwin": "libtorch_python.dylib"}
"""The library that brings all others with it. On Windows torch is imported before Qt."""
_LOADING = threading.Lock()
"""A second thread waits here, where it lets go of the GIL: within ctypes.CDLL it would wait for the dynamic linker and
keep it."""


def preload_torch() -> None:
    """Load torch's shared libraries on the calling thread without holding the GIL; where that fails, do nothing.

    `import torch` holds the GIL while hundreds of megabytes are read, which freezes the window for .2 to .5 s from a
    fast disk; for .03 s after this. The window pauses
    once even so, for up to .1 s (measured with glibc 2.36): better soon after it has opened than after *Start*.
    """
    with _LOADING:
        _load()


def _load() -> None:
    name, found = LIBRARIES.get(sys.platform), None
    if name is not None and "torch" not in sys.modules:
        found = importlib.util.find_spec("torch")
    if name is None or found is None or found.origin is None:
        return
    with contextlib.suppress(OSError, AttributeError):
        load = ctypes.CDLL(None).dlopen  # ctypes releases the GIL for a function called through CDLL
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        load(os.fsencode(Path(found.origin).parent / "lib" / name), os.RTLD_LAZY)
