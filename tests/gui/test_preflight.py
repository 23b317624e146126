import ctypes
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest

from recdesk.gui import preflight

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the libraries are those of Linux")


@pytest.fixture
def missing(monkeypatch):
    """Let these libraries be missing and all others be there."""
    names: set[str] = set()

    def load(name: str) -> None:
        if name in names:
            raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", load)
    monkeypatch.setattr(sys, "platform", "linux")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    return names


def test_nothing_is_said_where_nothing_is_missing(missing):
    assert preflight.missing_libraries() is None


@pytest.mark.parametrize(
    ("library", "debian", "fedora"),
    [
        ("libEGL.so.1", "libegl1", "libglvnd-egl"),
        ("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
        ("libdbus-1.so.3", "libdbus-1-3", "dbus-libs"),
        ("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
        ("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    ],
)
def test_a_missing_library_is_named_by_its_packages_in_one_sentence(library, debian, fedora, missing):
    missing.add(library)
    said = preflight.missing_libraries()
    assert f"sudo apt install {debian}”" in said
    assert f"sudo dnf install {fedora}”" in said
    assert "\n" not in said


def test_several_missing_libraries_are_named_together_each_package_once(missing):
    missing.update({"libxcb-shape.so.0", "libxcb-xkb.so.1", "libxcb-xinerama.so.0", "libEGL.so.1"})
    said = preflight.missing_libraries()
    assert "apt install libegl1 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1”" in said
    assert "dnf install libglvnd-egl libxcb”" in said


def test_libraries_of_x_are_not_asked_for_elsewhere(missing, monkeypatch):
    missing.add("libxcb-cursor.so.0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert preflight.missing_libraries() is None
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    assert preflight.missing_libraries() is not None
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert preflight.missing_libraries() is None
    monkeypatch.setenv("DISPLAY", ":0")
    assert preflight.missing_libraries() is not None


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_bring_what_qt_needs(platform, missing, monkeypatch):
    missing.add("libEGL.so.1")
    monkeypatch.setattr(sys, "platform", platform)
    assert preflight.missing_libraries() is None
    assert preflight.has_display()


@pytest.mark.parametrize(
    ("name", "there"),
    [("DISPLAY", True), ("WAYLAND_DISPLAY", True), ("QT_QPA_PLATFORM", True), ("SOMETHING_ELSE", False)],
)
def test_a_display_is_recognised_by_the_environment(name, there, missing, monkeypatch):
    monkeypatch.setenv(name, "x")
    assert preflight.has_display() is there


@linux
def test_the_named_packages_are_what_this_qt_loads():
    """The names are those that Qt's own libraries ask for."""
    qt = Path(PySide6.__file__).parent / "Qt"
    libraries = [*(qt / "lib").glob("libQt6*.so*"), qt / "plugins" / "platforms" / "libqxcb.so"]
    asked = b"".join(path.read_bytes() for path in libraries)
    for soname in ("libxcb-cursor.so.0", "libxkbcommon.so.0", "libEGL.so.1", "libfontconfig.so.1", "libdbus-1.so.3"):
        assert soname.encode() in asked


def test_looking_imports_no_qt():
    code = (
        "import sys, recdesk.gui.preflight as p; p.missing_libraries(); p.has_display(); "
        "sys.exit(any(name.startswith(('PySide6', 'shiboken6')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
