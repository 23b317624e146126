"""Versions and logs."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from recdesk import __version__
from recdesk.gui.session import Session
from recdesk.gui.widgets.card import Card
from recdesk.gui.widgets.text import Text

_PARTS = {"PyTorch": "torch", "Transformers": "transformers", "Qt": "PySide6-Essentials", "DuckDB": "duckdb"}


class AboutCard(Card):
    """What this is made of, to copy into a report, and where it writes its log."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("About recdesk"))
        words = Text("\n".join(versions()), "body", "secondary", wrap=True)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAccessibleName(self.tr("Versions"))
        self.body.addWidget(words)
        row = QHBoxLayout()
        for text, callback in (
            (self.tr("Copy versions"), _copy_versions),
            (self.tr("Open the log folder"), lambda: session.actions.trigger("help.logs")),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, callback=callback: callback())
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)


def versions() -> list[str]:
    """One line a part; nothing is imported for it."""
    lines = [f"recdesk {__version__} · Python {platform.python_version()} · {platform.system()} {platform.machine()}"]
    return [*lines, " · ".join(f"{name} {_version(package)}" for name, package in _PARTS.items())]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def _copy_versions() -> None:
    QGuiApplication.clipboard().setText("\n".join(versions()))
