"""Stored preferences: size, last page, theme, language, recent files, shortcuts."""

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QByteArray, QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication

from recdesk.cluster.place import place_of
from recdesk.core.errors import RecdeskError
from recdesk.gui.theme import Choice, apply
from recdesk.workspace.run_cluster import ClusterRecord

_RECENT = 8
LANGUAGES = ("system", "en", "zh_CN")


class Preferences:
    """Preferences in the platform's settings store, or in `path` (an .ini file).

    The environment variable RECDESK_SETTINGS names such a file too.
    """

    def __init__(self, path: Path | None = None) -> None:
        given = path or (Path(os.environ["RECDESK_SETTINGS"]) if os.environ.get("RECDESK_SETTINGS") else None)
        self._settings = QSettings(str(given), QSettings.Format.IniFormat) if given else QSettings("recdesk", "recdesk")

    @property
    def theme(self) -> Choice:
        """system, light or dark."""
        value = self._text("theme", "system")
        return cast(Choice, value if value in ("system", "light", "dark") else "system")

    @theme.setter
    def theme(self, value: Choice) -> None:
        self._settings.setValue("theme", value)

    @property
    def language(self) -> str:
        """system, en or zh_CN."""
        value = self._text("language", "system")
        return value if value in LANGUAGES else "system"

    @language.setter
    def language(self, value: str) -> None:
        self._settings.setValue("language", value)

    @property
    def workspace(self) -> Path | None:
        """The workspace folder chosen in the settings; None for the default one."""
        value = self._text("workspace", "")
        return Path(value) if value else None

    @workspace.setter
    def workspace(self, value: Path | None) -> None:
        self._settings.setValue("workspace", str(value) if value else "")

    @property
    def tour_offered(self) -> bool:
        """Whether the tour has been offered."""
        return self._text("tour_offered", "") == "yes"

    @tour_offered.setter
    def tour_offered(self, value: bool) -> None:
        self._settings.setValue("tour_offered", "yes" if value else "")

    @property
    def serving_port(self) -> int:
        """The port of the server that was started last; 0 for any free one."""
        value = self._text("serving_port", "8000")
        return int(value) if value.isdecimal() and len(value) <= 5 and int(value) < 2**16 else 8000

    @serving_port.setter
    def serving_port(self, value: int) -> None:
        self._settings.setValue("serving_port", str(value))

    @property
    def cluster_parts(self) -> tuple[str, str, int]:
        """Address and storage of the cluster as they were typed, and CPUs of a run; empty where none is set."""
        cpus = self._text("cluster_cpus", "0")
        count = int(cpus) if cpus.isdecimal() and len(cpus) <= 4 else 0
        return self._text("cluster_address", ""), self._text("cluster_storage", ""), count

    def set_cluster(self, address: str, storage: str, cpus: int) -> None:
        """Store what is typed of the cluster."""
        for name, value in (("address", address), ("storage", storage), ("cpus", str(cpus))):
            self._settings.setValue(f"cluster_{name}", value)

    @property
    def cluster(self) -> ClusterRecord | None:
        """The cluster on which runs can be trained; None where none is set, or what is typed is none."""
        address, storage, cpus = self.cluster_parts
        try:
            return place_of(address, storage, cpus) if address.strip() else None
        except RecdeskError:
            return None

    @property
    def trains_on_cluster(self) -> bool:
        """Whether the last choice of where to train was the cluster."""
        return self._text("trains_on_cluster", "") == "yes"

    @trains_on_cluster.setter
    def trains_on_cluster(self, value: bool) -> None:
        self._settings.setValue("trains_on_cluster", "yes" if value else "")

    @property
    def trials_at_once(self) -> int:
        """How many trials of a study train at the same time."""
        value = self._text("trials_at_once", "1")
        return max(int(value), 1) if value.isdecimal() and len(value) <= 2 else 1

    @trials_at_once.setter
    def trials_at_once(self, value: int) -> None:
        self._settings.setValue("trials_at_once", str(value))

    @property
    def last_page(self) -> str:
        """Key of the page shown last."""
        return self._text("last_page", "data")

    @last_page.setter
    def last_page(self, value: str) -> None:
        self._settings.setValue("last_page", value)

    def last_choice(self, kind: str, workspace: Path) -> str:
        """The dataset or run last chosen in a workspace; "" for none."""
        return self._text(f"last_{kind}/{_key(workspace)}", "")

    def set_last_choice(self, kind: str, workspace: Path, value: str | None) -> None:
        """Store the dataset or run last chosen."""
        self._settings.setValue(f"last_{kind}/{_key(workspace)}", value or "")

    def form(self, workspace: Path) -> dict[str, Any]:
        """The settings of a run that stood in the form of a workspace last, and its split; {} for none."""
        return self._record(f"form/{_key(workspace)}")

    def set_form(self, workspace: Path, values: Mapping[str, Any]) -> None:
        """Store the settings that stand in the form."""
        self._settings.setValue(f"form/{_key(workspace)}", json.dumps(dict(values)))

    def rules(self, workspace: Path, dataset: str, identity: str = "") -> dict[str, Any]:
        """The rules last used for a dataset, see `to_record`; {} for none, or where another dataset had its name: they
        have an `identity` (see `identity_of`) since recdesk keeps it."""
        stored = self._record(f"rules/{_key(workspace / dataset)}")
        if "identity" not in stored:
            return stored
        rules = stored.get("rules")
        return rules if stored["identity"] == identity and isinstance(rules, dict) else {}

    def set_rules(self, workspace: Path, dataset: str, values: Mapping[str, Any], identity: str = "") -> None:
        """Store the rules used for a dataset."""
        kept = {"identity": identity, "rules": dict(values)} if values else {}
        self._settings.setValue(f"rules/{_key(workspace / dataset)}", json.dumps(kept))

    @property
    def recent_imports(self) -> list[tuple[Path, ...]]:
        """Files of recent imports (interactions, then items), newest first; some may no longer exist."""
        try:
            stored = json.loads(self._text("recent_imports", "[]"))
            groups = [names for names in stored if isinstance(names, list) and names]
            return [tuple(Path(name) for name in names) for names in groups]
        except (ValueError, TypeError):
            return []

    def add_recent_import(self, *paths: Path) -> None:
        """Put files at the head of the list."""
        imports = [paths, *(other for other in self.recent_imports if other != paths)][:_RECENT]
        self._settings.setValue("recent_imports", json.dumps([[str(path) for path in group] for group in imports]))

    @property
    def recent_workspaces(self) -> list[Path]:
        """Folders of workspaces, the one used last first; some may no longer exist."""
        try:
            stored = json.loads(self._text("recent_workspaces", "[]"))
            return [Path(name) for name in stored if isinstance(name, str) and name]
        except (ValueError, TypeError):
            return []

    def add_recent_workspace(self, folder: Path) -> None:
        """Put a workspace at the head of the list."""
        folders = [folder, *(other for other in self.recent_workspaces if other != folder)][:_RECENT]
        self._settings.setValue("recent_workspaces", json.dumps([str(path) for path in folders]))

    def shortcut(self, action_id: str, default: str) -> str:
        """The shortcut of an action: the customised one, or the default."""
        return self._text(f"shortcuts/{action_id}", default)

    def set_shortcut(self, action_id: str, shortcut: str, default: str) -> None:
        """Store a shortcut; the default one is removed from the store instead."""
        if shortcut == default:
            self._settings.remove(f"shortcuts/{action_id}")
        else:
            self._settings.setValue(f"shortcuts/{action_id}", shortcut)

    def state(self, name: str) -> QByteArray:
        """A stored size or state, such as "geometry"; empty if none."""
        value = self._settings.value(f"state/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def set_state(self, name: str, value: QByteArray) -> None:
        """Store a size or state."""
        self._settings.setValue(f"state/{name}", value)

    def widths(self, table: str) -> dict[str, int]:
        """Widths in pixels that a person gave to columns of a table, by title."""
        try:
            stored = json.loads(self._text(f"widths/{table}", "{}"))
            return {str(name): int(width) for name, width in stored.items() if 0 < int(width) < 2**14}
        except (ValueError, TypeError, AttributeError):
            return {}

    def set_widths(self, table: str, widths: Mapping[str, int]) -> None:
        """Store the widths of a table's columns."""
        self._settings.setValue(f"widths/{table}", json.dumps(dict(widths)))

    def columns(self, table: str) -> list[str]:
        """Keys of the columns that a person chose for a table; [] for the usual ones."""
        return [key for key in self._text(f"columns/{table}", "").split(" ") if key]

    def set_columns(self, table: str, keys: Iterable[str]) -> None:
        """Store the columns of a table; their keys have no blanks."""
        self._settings.setValue(f"columns/{table}", " ".join(keys))

    def sync(self) -> None:
        """Write to disk now."""
        self._settings.sync()

    def _record(self, key: str) -> dict[str, Any]:
        try:
            stored = json.loads(self._text(key, "{}"))
        except ValueError:
            return {}
        return stored if isinstance(stored, dict) else {}

    def _text(self, key: str, default: str) -> str:
        value = self._settings.value(key, default)
        return value if isinstance(value, str) else default


def _key(folder: Path) -> str:
    return str(folder).replace("/", "|").replace("\\", "|")


def use_theme(preferences: Preferences, choice: Choice) -> None:
    """Use these colours and remember them."""
    preferences.theme = choice
    app = QCoreApplication.instance()
    assert isinstance(app, QApplication)
    apply(app, choice)
