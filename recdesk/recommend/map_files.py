"""A map of items as a table: ids, titles, places, and what they are coloured by."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from recdesk.core.errors import UsageError
from recdesk.core.files import check_target
from recdesk.core.messages import Message
from recdesk.core.task import UNWATCHED, Task
from recdesk.data.dataset import Dataset
from recdesk.data.safe_csv import write_table
from recdesk.recommend.item_map import ItemMap
from recdesk.recommend.map_colours import Colouring

TABLE, DRAWING, PICTURE = ".csv", ".svg", ".png"
HEADER = ("item_id", "title", "x", "y", "interactions")
MARK = "mark"
HISTORY, RECOMMENDED = "history", "recommended"


@dataclass(frozen=True)
class Marks:
    """What is marked on a map.

    Attributes:
        person: whose items they are; "" for nobody.
        history: item codes.
        recommended: item codes, the best first.
    """

    person: str = ""
    history: tuple[int, ...] = ()
    recommended: tuple[int, ...] = ()

    @property
    def codes(self) -> NDArray[np.int64]:
        """Codes of all marked items, each once, ascending."""
        return np.unique(np.array([*self.history, *self.recommended], np.int64))


NO_MARKS = Marks()


def check_map_file(path: Path) -> None:
    """Whether a map can be written to a file of this name without the window.

    Raises:
        UsageError: the ending is unknown, or is that of a picture.
        StorageError: the folder cannot be written.
    """
    if path.suffix.lower() == PICTURE:
        raise UsageError(Message("map.no-picture"), Message("map.endings"))
    if path.suffix.lower() not in (TABLE, DRAWING):
        raise UsageError(Message("map.wrong-form", name=path.name), Message("map.endings"))
    check_target(path)


def write_map_table(
    path: Path,
    dataset: Dataset,
    found: ItemMap,
    colours: Colouring,
    marks: Marks = NO_MARKS,
    codes: NDArray[np.int64] | None = None,
    task: Task = UNWATCHED,
) -> int:
    """Write the items of a map as CSV; gives the number of rows.

    Columns: item_id, title, x, y, interactions, the feature unless it is popularity, and where items of a person are
    marked "mark": "history", "recommended 1", ….

    Args:
        path: the file.
        dataset: whose items they are.
        found: the map.
        colours: of the items.
        marks: of a person.
        codes: only these items, in this order; those that are not on the map are left out.
        task: gets progress; checked now and then.

    Raises:
        CancelledError: it was cancelled; an earlier file is untouched.
        StorageError: the folder cannot be written or the disk is full.
    """
    task = task.named(Message("job.export"))
    rows = np.arange(len(found.codes)) if codes is None else found.rows_of(codes)
    header = [*HEADER, *([] if colours.popular else [colours.feature]), *([MARK] if marks.person else [])]
    said = dict.fromkeys(marks.history, HISTORY)
    said |= {code: f"{RECOMMENDED} {rank}" for rank, code in enumerate(marks.recommended, 1)}

    def lines() -> Iterator[list[object]]:
        for at, row in enumerate(rows.tolist()):
            if at % 4096 == 0:
                task.step(at / len(rows))
            code = int(found.codes[row])
            x, y = (f"{value:.4f}" for value in found.xy[row].tolist())
            line: list[object] = [str(dataset.item_ids[code - 1]), str(dataset.titles[code - 1]), x, y]
            line.append(int(dataset.popularity[code - 1]))
            if not colours.popular:
                line.append(str(colours.texts[code - 1]))
            yield [*line, said.get(code, "")] if marks.person else line

    return write_table(path, header, lines())
