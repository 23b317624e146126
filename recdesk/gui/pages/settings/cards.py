"""The small cards of the Settings page: workspace, appearance, versions."""

import platform
from importlib.metadata import PackageNotFoundError, version

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QPushButton

from recdesk import __version__
from recdesk.gui.context_menu import show_menu
from recdesk.gui.preferences import LANGUAGES, use_theme
from recdesk.gui.session import Session
from recdesk.gui.theme import theme
from recdesk.gui.widgets.cards import Card
from recdesk.gui.widgets.inputs import ChoiceBox, FormLabel
from recdesk.gui.widgets.text import Text

_PARTS = {"PyTorch": "torch", "Transformers": "transformers", "Qt": "PySide6-Essentials", "DuckDB": "duckdb"}


class WorkspaceCard(Card):
    """The workspace folder, with buttons that open it, or another workspace."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Workspace"))
        self._session = session
        self._folder = Text(str(session.workspace.folder), "body", wrap=True)
        self._folder.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._folder.setAccessibleName(self.tr("Workspace folder"))
        self._note = Text(
            self.tr("Datasets, runs and models are plain files in this folder."), "small", "secondary", wrap=True
        )
        self.body.addWidget(self._folder)
        self.body.addWidget(self._note)
        row = QHBoxLayout()
        for text, callback in (
            (self.tr("Open folder"), self._open),
            (self.tr("Another workspace…"), lambda: session.actions.trigger("workspace.open")),
            (self.tr("Recent…"), self._show_recent),
        ):
            button = QPushButton(text)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _checked=False, callback=callback: callback())
            row.addWidget(button)
        row.addStretch(1)
        self.body.addLayout(row)

    def _open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._session.workspace.folder)))

    def _show_recent(self) -> None:
        """Show the workspaces that were used before, as the menu of files does."""
        ids = [spec.id for spec in self._session.actions.all() if spec.id.startswith("workspace.")]
        show_menu(self._session, ids, self, self.mapToGlobal(self.rect().bottomLeft()))


class AppearanceCard(Card):
    """Choice of theme and language, both applied at once."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.set_title(self.tr("Appearance"))
        self._session = session
        self.themes = ChoiceBox()
        for choice, title in (
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        ):
            self.themes.addItem(title, choice)
        self.languages = ChoiceBox()
        for language, title in zip(LANGUAGES, (self.tr("As the system"), "English", "简体中文"), strict=True):
            self.languages.addItem(title, language)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for label, box in ((self.tr("Colours"), self.themes), (self.tr("Language"), self.languages)):
            box.setAccessibleName(label)
            form.addRow(FormLabel(label, box), box)
        self.body.addLayout(form)
        self._show()
        self.themes.activated.connect(lambda: use_theme(session.preferences, self.themes.currentData()))
        self.languages.activated.connect(lambda: session.choose_language(self.languages.currentData()))
        theme().changed.connect(self._show)

    def _show(self) -> None:
        preferences = self._session.preferences
        self.themes.setCurrentIndex(self.themes.findData(preferences.theme))
        self.languages.setCurrentIndex(self.languages.findData(preferences.language))


class AboutCard(Card):
    """Versions of the main packages, to copy into a bug report, and the log folder."""

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
    """Two lines of versions, found without importing the packages."""
    lines = [f"recdesk {__version__} · Python {platform.python_version()} · {platform.system()} {platform.machine()}"]
    return [*lines, " · ".join(f"{name} {_version(package)}" for name, package in _PARTS.items())]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "–"


def _copy_versions() -> None:
    QGuiApplication.clipboard().setText("\n".join(versions()))
