"""Resource files: icons and translations."""

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_PACKAGE = Path(__file__).resolve().parents[1]


@cache
def folder() -> Path:
    """The resources folder: in the installed package, or beside it in a checkout."""
    installed = _PACKAGE / "resources"
    return installed if installed.is_dir() else _PACKAGE.parent / "resources"


def path(name: str) -> Path:
    """A file of the resources, such as `icons/folder.svg`."""
    return folder() / name


def pixmap(name: str, colour: QColor, size: int = 16) -> QPixmap:
    """An icon of our own drawn in `colour`, sharp on the current screen."""
    ratio = _device_ratio()
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(_svg(name).replace("currentColor", colour.name()).encode())).render(
        painter, QRectF(drawn.rect())
    )
    painter.end()
    drawn.setDevicePixelRatio(ratio)
    return drawn


def icon(name: str, colour: QColor) -> QIcon:
    """The same as an icon for buttons and menus."""
    return QIcon(pixmap(name, colour))


def app_icon() -> QIcon:
    """The program's own icon."""
    made = QIcon()
    for size in (16, 32, 64, 128, 256):
        made.addPixmap(pixmap("recdesk", QColor("#1f6feb"), size))
    return made


def _device_ratio() -> float:
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


@cache
def _svg(name: str) -> str:
    return path(f"icons/{name}.svg").read_text(encoding="utf-8")
