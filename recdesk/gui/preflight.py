"""Checks of the system libraries that Qt needs, made before Qt is imported (nothing here imports it)."""

import ctypes
import os
import sys

# soname: (package on Debian and Ubuntu, package on Fedora)
_ALWAYS = {
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
}
_X11 = {
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-xinerama.so.0": ("libxcb-xinerama0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
}


def missing_libraries() -> str | None:
    """A sentence naming what to install, or None when all is there (always so on Windows and macOS)."""
    if not sys.platform.startswith("linux"):
        return None
    missing = [packages for soname, packages in _needed().items() if not _loads(soname)]
    if not missing:
        return None
    debian = " ".join(dict.fromkeys(first for first, _ in missing))
    fedora = " ".join(dict.fromkeys(second for _, second in missing))
    return (
        "The window needs system libraries that are not installed: "
        f"on Debian or Ubuntu run “sudo apt install {debian}”, on Fedora “sudo dnf install {fedora}”."
    )


def has_display() -> bool:
    """Whether a window can be shown: a desktop, or a Qt platform that needs none."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _needed() -> dict[str, tuple[str, str]]:
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    wayland = bool(os.environ.get("WAYLAND_DISPLAY")) and not os.environ.get("DISPLAY")
    if platform.startswith("xcb") or (not platform and not wayland):
        return _ALWAYS | _X11
    return _ALWAYS


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True
