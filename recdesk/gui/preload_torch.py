"""torch's libraries, loaded before Python asks for them."""

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARIES = {"linux": "libtorch_python.so", "darwin": "libtorch_python.dylib"}
"""What `import torch` loads, and all else with it. On Windows torch is there before the window is."""


def preload_torch() -> None:
    """Load torch's libraries, on the thread that calls, without holding Python's lock; where it cannot be done, nothing
    is.

    `import torch` holds the lock while hundreds of megabytes come from the disk, and the window would stand still for
    so long: .2 to .5 s from a fast disk, .03 with this.
    """
    name, found = LIBRARIES.get(sys.platform), None
    if name is not None and "torch" not in sys.modules:
        found = importlib.util.find_spec("torch")
    if name is None or found is None or found.origin is None:
        return
    with contextlib.suppress(OSError, AttributeError):
        load = ctypes.CDLL(None).dlopen  # called as any function of C, which ctypes does without the lock
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        load(os.fsencode(Path(found.origin).parent / "lib" / name), os.RTLD_LAZY)
