"""Progress on the program's entry in the taskbar or dock, where the platform shows it; nothing here raises."""

import contextlib
import sys

from PySide6.QtGui import QGuiApplication

_ENTRY = "application://recdesk.desktop"
_INTERFACE = "com.canonical.Unity.LauncherEntry"


class TaskbarProgress:
    """Shows a share: on Linux by the launcher protocol (GNOME with Ubuntu's dock, KDE Plasma), elsewhere as a badge
    with the percentage."""

    def __init__(self) -> None:
        self._shown: int | None = None

    def show(self, share: float | None) -> None:
        """Show a share of 0 to 1; None for none."""
        percent = None if share is None else round(100 * min(max(share, 0.0), 1.0))
        if percent == self._shown:
            return
        self._shown = percent
        if not sys.platform.startswith("linux"):
            QGuiApplication.setBadgeNumber(percent or 0)
        elif QGuiApplication.platformName() in ("xcb", "wayland"):
            with contextlib.suppress(ImportError, RuntimeError):
                _tell_launcher(percent)


def _tell_launcher(percent: int | None) -> None:
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return
    message = QDBusMessage.createSignal("/recdesk", _INTERFACE, "Update")
    message.setArguments([_ENTRY, {"progress": (percent or 0) / 100, "progress-visible": percent is not None}])
    bus.send(message)
