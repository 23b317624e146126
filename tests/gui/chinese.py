"""Looks through the whole window in Chinese: `python -m tests.gui.chinese FOLDER` writes what it shows as JSON.

A process of its own, because a translation stays installed for as long as the application lives.
"""

import dataclasses
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from recdesk.workspace.run_log import curves_of

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pandas as pd
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QFont, QFontDatabase, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStyle,
    QStyleOptionComboBox,
    QTableView,
    QWidget,
)

from recdesk.data.dataset import Dataset
from recdesk.data.importing import ImportResult
from recdesk.experiment.pipeline import execute
from recdesk.gui import theme
from recdesk.gui.app import make_application
from recdesk.gui.jobs import explained
from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.data.dataset_update import UpdateDialog
from recdesk.gui.pages.data.page import DataPage
from recdesk.gui.pages.data.rejects import Rejects, RejectsDialog
from recdesk.gui.pages.recommend.export_dialog import ExportDialog, OnPage
from recdesk.gui.pages.recommend.history import ChangedPerson
from recdesk.gui.pages.recommend.item_dialogs import ItemDialog
from recdesk.gui.pages.train.hub_dialog import HubDialog
from recdesk.gui.pages.train.model_card import ModelChoice
from recdesk.gui.pages.train.page import TrainPage
from recdesk.gui.pages.train.texts_dialog import TextsDialog
from recdesk.gui.preferences import Preferences
from recdesk.gui.session import Session
from recdesk.gui.widgets.curve_plot import SeriesKey
from recdesk.gui.widgets.rail import RailButton
from recdesk.gui.widgets.text import ElidedText
from recdesk.monitor.control import Control
from recdesk.monitor.events import Event
from recdesk.training.config import TextConfig, make_config
from recdesk.workspace.workspace import Workspace
from tests.conftest import chain_dataset

PAGES = ("data", "train", "runs", "recommend", "settings")


def main(folder: Path) -> None:
    """Show everything once and write `said.json`: the texts, what is clipped, and what the core says in English."""
    preferences = Preferences(folder / "settings.ini")
    preferences.language, preferences.theme = "zh_CN", "light"
    app = make_application(preferences)
    empty = Session(Workspace(folder / "1"), Preferences(folder / "empty.ini"))
    said = _tour(MainWindow(empty), "empty")
    workspace = Workspace(folder / "2")
    core = _fill(workspace)
    session = Session(workspace, preferences)
    window = MainWindow(session)
    rail = [button.text() for button in window.rail.findChildren(RailButton)]
    session.choose_dataset(workspace.datasets()[0].name)
    session.choose_run(workspace.runs()[0].id)
    _settle(session)
    said += _tour(window, "full")
    said += _import(window, folder, core)
    said += _over_texts(window)
    said += _dialogs(window)
    actions = [*window.menuBar().actions(), *(session.actions.action(spec.id) for spec in session.actions.all())]
    said += [{"view": "menus", "what": "action", "text": action.text()} for action in actions]
    window.close()
    empty.shutdown()
    chinese = QFontDatabase.families(QFontDatabase.WritingSystem.SimplifiedChinese)
    result = {"rail": rail, "said": said, "core": core, "has_chinese_font": bool(chinese)}
    (folder / "said.json").write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
    app.quit()


def _dataset() -> Dataset:
    """A dataset without a word of English."""
    plain = chain_dataset()
    numbers = range(1, plain.n_items + 1)
    return dataclasses.replace(
        plain,
        name="示例",
        user_ids=pd.Index([f"{u:03}" for u in range(plain.n_users)], dtype="str"),
        item_features=pd.DataFrame(
            {"标题": [f"第 {i} 项" for i in numbers], "类型": ["双" if i % 2 else "单" for i in numbers]}, dtype="str"
        ),
        title_column="标题",
        synthetic="生成的数据。",
        ceiling=0.95,
    )


def _fill(workspace: Workspace) -> list[str]:
    """A dataset and two runs; gives the words of the core, which are English by design."""
    name = workspace.add_dataset(ImportResult(_dataset(), []))
    events: list[Event] = []
    core = []
    for kind in ("bert4rec", "bert-causal"):
        config = make_config(kind, hidden=16, layers=1, heads=1, max_length=8, epochs=2, device="cpu")
        run = workspace.create_run(name, config, "leave-one-out")
        run = execute(run, Control(), events.append)
        core += [run.kind, run.id, str(run.reason), *run.baselines, *(str(run.protocol[k]) for k in ("ties", "hash"))]
    for event in events:
        core += [str(v) for k, v in vars(event).items() if k in ("note", "softmax", "sentence", "reason", "name")]
    return [words for words in core if words]


def _tour(window: MainWindow, name: str) -> list[dict[str, str]]:
    """Every page as it stands."""
    session, said = window.session, []
    window.resize(1280, 720)
    window.show()
    for page in PAGES:
        window.show_page(page)
        if page == "train" and session.run_id is not None:
            run = session.training.run = session.workspace.run(session.run_id)
            session.training._curves = curves_of(run)
            shown = window.pages["train"]
            assert isinstance(shown, TrainPage)
            shown._show_run(session.training.curves)
            shown.entered()
        _settle(session)
        said += list(_read(window, f"{name} {page}"))
        if page == "train":
            train = window.pages["train"]
            assert isinstance(train, TrainPage)
            train.settings.form.more.setChecked(True)
            _pause(100)
            said += list(_read(window, f"{name} {page}, all settings"))
    return said


def _import(window: MainWindow, folder: Path, core: list[str]) -> list[dict[str, str]]:
    """The preview of an import; its notes are words of the core."""
    ratings, items, users = (folder / f"{name}.csv" for name in ("评分", "物品", "用户"))
    ratings.write_text(
        "用户,物品,评分,时间\n" + "".join(f"{n},{n % 7},4,{n + 1_577_843_800}\n" for n in range(30)), "utf-8"
    )
    items.write_text("物品,标题\n" + "".join(f"{n},第 {n} 项\n" for n in range(7)), "utf-8")
    users.write_text("用户,性别,年龄\n" + "".join(f"{n},{'男女'[n % 2]},{20 + n}\n" for n in range(30)), "utf-8")
    window.show_page("data")
    page = window.pages["data"]
    assert isinstance(page, DataPage)
    page.open_files([ratings, items, users])
    _settle(window.session)
    page.importing.draft.change(k_core=2, pseudonyms=True)
    _settle(window.session)
    said = list(_read(window, "import"))
    page.importing.rules.more.setChecked(True)
    page.importing.reading.more.setChecked(True)
    _pause(100)
    said += list(_read(window, "import, everything"))
    for preview in page.importing.draft.previews.values():
        core += preview.notes
    page.cancel()
    return said


def _over_texts(window: MainWindow) -> list[dict[str, str]]:
    """The Train page with a model over texts, and what opens over it."""
    page = window.show_page("train")
    assert isinstance(page, TrainPage)
    config = make_config("text-bert", encoder="scratch")
    assert isinstance(config, TextConfig)
    page.use_settings(config, "leave-one-out")
    _settle(window.session)
    said = list(_read(window, "texts"))
    page.plots.show_view("encoder")
    page.settings.form.more.setChecked(True)
    _pause(50)
    said += list(_read(window, "encoder"))
    page.plots.show_view("decoder")
    page.settings.form.more.setChecked(False)
    page.model.choose("bert-causal")
    dataset = window.session.dataset
    assert dataset is not None
    for dialog in (TextsDialog(window.session, dataset, config, window), HubDialog(window.session, "", window)):
        dialog.show()
        _settle(window.session)
        said += list(_read(dialog, type(dialog).__name__))
        dialog.close()
    return said


def _dialogs(window: MainWindow) -> list[dict[str, str]]:
    """What opens over the window."""
    dataset = window.session.dataset
    assert dataset is not None
    said = []
    edited = (ChangedPerson(-1, "新用户", (1,), ""), ChangedPerson(6, "007", (1, 2), ""))
    for dialog in (
        ExportDialog(OnPage(6, "007", dataset.n_users, filter="007", n_matching=2, people=edited), window),
        ItemDialog(dataset, window.session.jobs, window),
        RejectsDialog(Rejects(["文件"], [["评分.csv"]]), window),
        UpdateDialog("示例", _update(dataset), 2, window),
    ):
        dialog.show()
        _pause(50)
        said += list(_read(dialog, type(dialog).__name__))
        dialog.close()
    window.session.fail(explained(MemoryError()))
    window.palette_popup.open()
    _settle(window.session)
    said += list(_read(window, "failure"))
    said += list(_read(window.palette_popup, "palette"))
    said += [{"view": "palette", "what": "command", "text": title} for title in window.palette_popup.titles()]
    window.palette_popup.close()
    return said


def _update(dataset: Dataset) -> ImportResult:
    """What a newer file would bring."""
    changes = {f"{which}_{what}": 3 for which in ("new", "gone") for what in ("users", "items", "interactions")}
    report = {"read": 9, "kept": 8, "rejected": {"no user id": 1}, "dropped": {}, "notes": [], "changes": changes}
    return ImportResult(dataclasses.replace(dataset, report=report), [])


def _read(root: QWidget, view: str) -> Iterator[dict[str, str]]:
    """Every text in sight, and how far each is from fitting."""
    yield {"view": view, "what": "title", "text": root.windowTitle()}
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        what = f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
        clipped = _clipped(widget)
        for text in _texts(widget):
            if text:
                yield {"view": view, "what": what, "text": text, "clipped": clipped}


def _texts(widget: QWidget) -> list[str]:
    texts = [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    match widget:
        case QLabel() | QAbstractButton():
            texts.append(widget.text())
        case QComboBox():
            texts += [widget.itemText(row) for row in range(widget.count())]
        case QAbstractSpinBox():
            texts += [widget.text(), widget.specialValueText()]
        case QLineEdit():
            texts.append(widget.placeholderText())
        case QPlainTextEdit():
            texts.append(widget.toPlainText())
        case QHeaderView() if widget.orientation() == Qt.Orientation.Horizontal and widget.model() is not None:
            texts += [str(_head(widget, section) or "") for section in range(widget.count())]
        case QTableView() if widget.model() is not None:
            rows, columns = min(widget.model().rowCount(), 20), widget.model().columnCount()
            cells = [widget.model().index(row, column) for row in range(rows) for column in range(columns)]
            texts += [str(cell.data() or "") for cell in cells]
        case SeriesKey():
            texts.append(widget.name)
    return texts


def _clipped(widget: QWidget) -> str:
    """How a widget is too small for its text, or ""."""
    small = theme.font("small")
    match widget:
        case ElidedText():
            return "elided" if widget._shown() != widget.text() else ""
        case QLabel() if widget.wordWrap():
            return _beyond(widget.heightForWidth(widget.width()), widget.height())
        case QLabel():
            return _beyond(widget.sizeHint().width(), widget.width())
        case RailButton():
            return _beyond(_width(widget, widget.text()) + 60, widget.width())
        case ModelChoice():
            return _beyond(_width(widget, widget.accessibleDescription(), small) + 24, widget.width())
        case QAbstractButton() | SeriesKey():
            high = widget.fontMetrics().height()
            return _beyond(widget.sizeHint().width(), widget.width()) or _beyond(high, widget.height())
        case QComboBox():
            option = QStyleOptionComboBox()
            widget.initStyleOption(option)
            part = QStyle.SubControl.SC_ComboBoxEditField
            room = widget.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, widget)
            return _beyond(max((_width(widget, text) for text in _texts(widget)[3:]), default=0), room.width())
        case QAbstractSpinBox():
            return _beyond(max(_width(widget, t) for t in _texts(widget)[3:]) + 4, widget.lineEdit().width())
        case QLineEdit() if not isinstance(widget.parentWidget(), (QAbstractSpinBox, QComboBox)):
            return _beyond(_width(widget, widget.placeholderText()), widget.contentsRect().width() - 8)
        case QHeaderView() if widget.orientation() == Qt.Orientation.Horizontal and widget.model() is not None:
            needs = (_width(widget, str(_head(widget, s) or "")) + 16 for s in range(widget.count()))
            return "; ".join(filter(None, (_beyond(n, widget.sectionSize(s)) for s, n in enumerate(needs))))
        case QScrollArea() if widget.widget() is not None:
            return _beyond(widget.widget().minimumSizeHint().width(), widget.viewport().width())
    return ""


def _head(header: QHeaderView, section: int) -> object:
    return header.model().headerData(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole)


def _width(widget: QWidget, text: str, font: QFont | None = None) -> int:
    return QFontMetrics(font or widget.font()).horizontalAdvance(text)


def _beyond(wanted: int, has: int) -> str:
    return f"needs {wanted} px, has {has}" if wanted > has else ""


def _settle(session: Session) -> None:
    _pause(150)
    _wait(lambda: not session.jobs._jobs)
    _pause(150)
    _wait(lambda: not session.jobs._jobs)


def _wait(ready: Callable[[], bool]) -> None:
    for _ in range(1200):
        if ready():
            return
        _pause(50)
    raise TimeoutError


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
