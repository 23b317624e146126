"""The map of the items on the Recommend page: its button, its window, and the work that the window asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QObject
from PySide6.QtWidgets import QWidget

from recdesk.core.errors import RecdeskError
from recdesk.core.files import writing_to
from recdesk.core.messages import Message
from recdesk.gui import words
from recdesk.gui.command_lines import map_words
from recdesk.gui.jobs import JobContext
from recdesk.gui.messages import translated
from recdesk.gui.pages.recommend.item_dialogs import matching
from recdesk.gui.pages.recommend.map_window import MapLook, MapWindow
from recdesk.gui.session import Session
from recdesk.gui.widgets.files import SaveMenu, ask_for_file
from recdesk.recommend.map_files import Marks

if TYPE_CHECKING:
    from recdesk.recommend.recommender import LiveModel
    from recdesk.workspace.runs import Run

_MAP, _SEARCH = "recommend.map", "recommend.map.search"
_PIXELS = 2.0
"""Pixels of a saved picture for one of the window."""


@dataclass(frozen=True)
class OnMap:
    """What is mapped: a run with its model, and the items of the person on the page."""

    run: "Run"
    model: "LiveModel"
    marks: Marks


class MapControl(QObject):
    """Opens the map, and keeps it in step with the page.

    Args:
        session: whose jobs do the work.
        window: in front of which the map stands.
        shown: what the page shows; None while there is no model.
        open_item: opens the page of an item by its code.
        block: never recommend the items with these ids.

    Attributes:
        window: of the map; None while it is closed.
    """

    def __init__(
        self,
        session: Session,
        window: QWidget,
        shown: Callable[[], OnMap | None],
        open_item: Callable[[int], None],
        block: Callable[..., None],
    ) -> None:
        super().__init__(window)
        self._session, self._parent, self._shown = session, window, shown
        self._open_item, self._block = open_item, block
        self.window: MapWindow | None = None
        self._on_map: OnMap | None = None

    def open(self) -> None:
        """Show the map of the run on the page, making it if need be."""
        on_map = self._shown()
        if on_map is None:
            return
        if self.window is None:
            self.window = self._made()
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()
        self.window.show_marks(on_map.marks)
        if self._on_map is None or self._on_map.model is not on_map.model:
            self._on_map = on_map
            self._make("")

    def follow(self) -> None:
        """Mark the items of the person that the page shows now."""
        on_map = self._shown()
        if self.window is not None and on_map is not None and self._on_map is not None:
            self._on_map = on_map
            self.window.show_marks(on_map.marks)

    def close(self) -> None:
        """Close the map: its model is no longer on the page."""
        if self.window is not None:
            self.window.close()

    def command_words(self) -> list[str] | None:
        """Words of the command that writes this map."""
        on_map = self._shown()
        return None if on_map is None else map_words(on_map.run.id, on_map.marks.person)

    def _made(self) -> MapWindow:
        save = SaveMenu("map", self.save_to)
        save.setToolTip(self.tr("Save what is seen as a picture, or the whole map as a drawing or as a table"))
        window = MapWindow(save, self._parent)
        window.colour_wanted.connect(self._make)
        window.make_wanted.connect(lambda: self._make(""))
        window.cancel_wanted.connect(lambda: self._session.jobs.drop(_MAP))
        window.search_wanted.connect(self._search)
        window.item_opened.connect(self._open_item)
        window.block_wanted.connect(self._block_items)
        window.export_wanted.connect(self._ask_export)
        window.finished.connect(lambda _result: self._closed())
        return window

    def _closed(self) -> None:
        for key in (_MAP, _SEARCH):
            self._session.jobs.drop(key)
        if self.window is not None:
            self.window.deleteLater()
        self.window = self._on_map = None

    def _make(self, feature: str) -> None:
        """Make the map, or colour it by another feature."""
        on_map, window = self._on_map, self.window
        if on_map is None or window is None:
            return
        run, model, known = on_map.run, on_map.model, window.look
        keep = not self._session.read_only

        def work(context: JobContext) -> MapLook:
            from recdesk.recommend.map_colours import choices, colouring
            from recdesk.workspace.run_map import map_of

            colours = colouring(model.dataset, feature)
            if known is not None:
                return MapLook(known.found, known.problem, colours, known.choices)
            found, problem = map_of(run, model, task=context, keep=keep)
            return MapLook(found, problem, colours, tuple(choices(model.dataset)))

        def failed(error: RecdeskError) -> None:
            window.show_problem(words.together(translated(error.sentence), translated(error.suggestion)))

        job = self._session.jobs.run(
            self.tr("Map of {run}").format(run=words.run_title(run)),
            work,
            lambda look: window.show_look(model.dataset, look),
            failed,
            visible=known is None,
            replaces=_MAP,
            reads=True,
        )
        if known is None:
            window.wait_for(job)
            job.ended.connect(self._ended)

    def _ended(self, state: str) -> None:
        if state == "cancelled" and self.window is not None:
            self.window.show_problem(self.tr("The map was not made."))

    def _search(self, text: str) -> None:
        on_map, window = self._on_map, self.window
        if on_map is not None and window is not None:
            dataset = on_map.model.dataset
            self._session.jobs.run(
                self.tr("Looking for items"),
                lambda _context: matching(dataset, text),
                window.show_found,
                visible=False,
                replaces=_SEARCH,
            )

    def _block_items(self, codes: NDArray[np.int64]) -> None:
        if self._on_map is None:
            return
        self._block(*map(str, self._on_map.model.dataset.item_ids[codes - 1]))
        items = translated(Message("count.items", count=len(codes)))
        said = self.tr("Never recommended from now on: {items}; the rules of the page have them.").format(items=items)
        self._session.status_changed.emit(said)

    def _ask_export(self, codes: NDArray[np.int64]) -> None:
        path = ask_for_file(self.window or self._parent, self.tr("Export items"), "items.csv")
        if path is not None:
            self.write_table(path, codes)

    def save_to(self, path: Path) -> None:
        """Save the map by the ending of the path: PNG, SVG or CSV."""
        self.write_table(path) if path.suffix.lower() == ".csv" else self.write_picture(path)

    def write_table(self, path: Path, codes: "NDArray[np.int64] | None" = None) -> None:
        """Write the items with these codes, or all on the map, as CSV, in a job."""
        on_map, look = self._on_map, self.window.look if self.window is not None else None
        if on_map is None or look is None:
            return
        model, marks = on_map.model, on_map.marks

        def work(context: JobContext) -> int:
            from recdesk.recommend.map_files import write_map_table

            return write_map_table(path, model.dataset, look.found, look.colours, marks, codes, context)

        def done(count: int) -> None:
            rows = translated(Message("count.rows", count=count))
            said = self.tr("{rows} written to {file}").format(rows=rows, file=path)
            self._session.status_changed.emit(said)

        self._session.jobs.run(self.tr("Writing {file}").format(file=path.name), work, done)

    def write_picture(self, path: Path) -> None:
        """Save the whole map as SVG, or what is seen of it as PNG, in a job."""
        on_map, window = self._on_map, self.window
        if on_map is None or window is None or window.look is None:
            return
        dataset, look, marks = on_map.model.dataset, window.look, on_map.marks
        image = window.picture(_PIXELS) if path.suffix.lower() == ".png" else None

        def work(_context: JobContext) -> None:
            from recdesk.experiment.report.map_svg import map_svg

            content = QByteArray()
            if image is None:
                content.append(map_svg(dataset, look.found, look.colours, marks, translated).encode())
            else:
                buffer = QBuffer(content)
                buffer.open(QBuffer.OpenModeFlag.WriteOnly)
                image.save(buffer, "PNG")  # type: ignore[call-overload]
            with writing_to(path, "wb") as stream:
                stream.write(bytes(content.data()))

        said = self.tr("Saved to {file}").format(file=path)
        title = self.tr("Saving {file}").format(file=path.name)
        self._session.jobs.run(title, work, lambda _none: self._session.status_changed.emit(said))
