"""The Data page in tests: what a user does on it, and what they see; small files to import."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from recdesk.gui.main_window import MainWindow
from recdesk.gui.pages.data.import_view import ImportView
from recdesk.gui.pages.data.page import DataPage
from tests.gui.driver import WindowDriver

RATINGS = "user,item,rating,time\na,x,5,100\na,y,4,200\na,z,1,300\nb,x,3,100\nb,y,2,200\nb,z,5,300\n"
ITEMS = "item,title,genre\nx,The first,old\ny,The second,new\nz,The third,old\n"


class DataPageDriver(WindowDriver):
    """Uses the Data page by mouse and keyboard, and reads what it shows."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        super().__init__(window, qtbot)
        self.session = window.session
        window.show_page("data")
        page = window.pages["data"]
        assert isinstance(page, DataPage)
        self.page = page

    def drop_files(self, *paths: Path) -> None:
        self.drop(self.page.add_card.zone, paths)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: not self.session.jobs._jobs, timeout=30_000)

    def prepare(self, *paths: Path) -> None:
        """Drop good files and come to the preview."""
        self.drop_files(*paths)
        assert self.page.import_button.isVisible() and self.page.import_button.isEnabled()

    def take(self) -> str:
        """Press Import and wait for the dataset; gives its name."""
        self.click(self.page.import_button)
        self.settle()
        assert self.session.dataset_name is not None, self.window.failures.report()
        self.qtbot.waitUntil(lambda: self.session.dataset is not None, timeout=30_000)
        self.settle()
        return self.session.dataset_name

    def kept(self) -> list[str]:
        """Everything in the workspace that came since it was made."""
        folder = self.session.workspace.folder
        usual = ("workspace.json", ".window.lock")
        found = [path for path in folder.rglob("*") if path.is_file() and path.name not in usual]
        return [str(path.relative_to(folder)) for path in found if not path.is_relative_to(folder / "tmp")]

    @property
    def view(self) -> ImportView:
        """The import under preparation."""
        return self.page.importing

    def roles(self) -> dict[str, str]:
        """Column by role of the file in the preview, as its heads show it."""
        card = self.view.preview
        columns = [
            str(card.header.model().headerData(at, Qt.Orientation.Horizontal)) for at in range(card.header.count())
        ]
        return {role: column for column in columns if (role := card.roles.role(card.part, column))}

    def head_menu(self, column: int) -> QMenu:
        """Click the head of a column of the preview; the menu that opens."""
        self.click_head(self.view.preview.table, column)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        return menu

    def choose_role(self, column: int, title: str) -> None:
        """Choose an entry of that menu."""
        menu = self.head_menu(column)
        (action,) = [action for action in menu.actions() if action.text() == title]
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        action.trigger()
        self.settle()


def write(folder: Path, **files: str) -> list[Path]:
    paths = [folder / f"{name}.csv" for name in files]
    for path, text in zip(paths, files.values(), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths
