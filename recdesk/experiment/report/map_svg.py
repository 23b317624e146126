"""A map of items as an SVG drawing: points by colour, marks of a person, legend and notes."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from recdesk.core.messages import Message
from recdesk.data.dataset import Dataset
from recdesk.experiment.report.blocks import Say
from recdesk.experiment.report.svg import COLOURS, PLAIN, text_at, whole
from recdesk.recommend.item_map import ItemMap
from recdesk.recommend.map_colours import LEVELS, Colouring, scale_colour
from recdesk.recommend.map_files import NO_MARKS, Marks

SIDE, LEGEND, EDGE, HEAD = 720, 220, 16, 40
"""The square of the points, the width of the legend, the margin, and the height of the title, in pixels."""
OTHER, UNKNOWN, INK, MARKED = "#8c8c8c", "#c3c7ce", "#1b1f27", "#1a66d9"
_ROW = 20
_FINE = 20_000
"""With more items points are small."""


def map_svg(dataset: Dataset, found: ItemMap, colours: Colouring, marks: Marks = NO_MARKS, say: Say = str) -> str:
    """A map as an `<svg>` element; all text is escaped.

    Args:
        dataset: whose items they are.
        found: the map.
        colours: of the items.
        marks: of a person; items that are not on the map are left out.
        say: gives a message in the language of the drawing.
    """
    at = _places(found.xy)
    items = say(Message("count.items", count=len(found.codes)))
    title = say(Message("map.title", items=items, name=dataset.name))
    parts = [text_at(EDGE, 26, title, PLAIN, "start", 'font-weight="600"')]
    parts += _points(at, colours.slots[found.codes - 1], colours)
    parts += _marks(at, found, marks)
    legend = [*_legend(colours, say), *_mark_legend(found, marks, say)]
    parts += (part for row, line in enumerate(legend) for part in line(HEAD + EDGE + _ROW * row))
    notes = [say(note) for note in found.notes]
    parts += (text_at(EDGE, HEAD + SIDE + _ROW * row, note, PLAIN, "start") for row, note in enumerate(notes, 1))
    height = max(HEAD + SIDE + _ROW * len(notes) + EDGE, HEAD + _ROW * (len(legend) + 2))
    return whole(height, title, parts, SIDE + LEGEND)


def _places(xy: NDArray[np.float32]) -> NDArray[np.float64]:
    """Positions in the drawing, float64 [n, 2]; y upwards."""
    low, high = xy.min(axis=0).astype(np.float64), xy.max(axis=0).astype(np.float64)
    room = SIDE - 2 * EDGE
    scale = room / (max(float((high - low).max()), 1e-9))
    centred = (xy - (low + high) / 2) * scale * (1, -1)
    return centred + np.array([SIDE / 2, HEAD + SIDE / 2])


def _colour(slot: int, colours: Colouring) -> str:
    if slot < 0:
        return UNKNOWN
    if colours.kind == "categories":
        return COLOURS[slot] if slot < len(colours.groups) else OTHER
    return "#{:02x}{:02x}{:02x}".format(*scale_colour(slot / (LEVELS - 1), dark=False))


def _points(at: NDArray[np.float64], slots: NDArray[np.int16], colours: Colouring) -> Iterator[str]:
    """A path for each colour, rarer categories over more frequent ones. A point is a line with round ends and a tenth
    of a pixel long, as some programs draw none without a length."""
    size = 2.4 if len(at) > _FINE else 5.0
    present, counts = np.unique(slots, return_counts=True)
    last = len(colours.groups) if colours.kind == "categories" else -1
    order = sorted(zip(present.tolist(), counts.tolist(), strict=True), key=lambda e: (e[0] not in (-1, last), -e[1]))
    for slot, _ in order:
        path = "".join(f"M{x:.1f} {y:.1f}h.1" for x, y in at[slots == slot].tolist())
        yield f'<path d="{path}" stroke="{_colour(slot, colours)}" stroke-width="{size}" stroke-linecap="round"/>'


def _marks(at: NDArray[np.float64], found: ItemMap, marks: Marks) -> Iterator[str]:
    """Squares around the history, numbered discs on the recommendations, the best on top."""
    for row in found.rows_of(np.array(marks.history, np.int64)).tolist():
        yield _square(*at[row].tolist())
    for rank, code in reversed(list(enumerate(marks.recommended, 1))):
        for row in found.rows_of(np.array([code])).tolist():
            x, y = at[row].tolist()
            yield from _disc(x, y, str(rank))


def _square(x: float, y: float) -> str:
    return f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="none" stroke="{INK}" stroke-width="1.6"/>'


def _disc(x: float, y: float, text: str) -> tuple[str, str]:
    number = f'<text x="{x:.1f}" y="{y + 3.5:.1f}" text-anchor="middle" fill="#ffffff" font-size="10">{text}</text>'
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="{MARKED}" stroke="#ffffff"/>', number


class _Line:
    """A line of the legend: a sign and words."""

    def __init__(self, words: str, sign: str = "") -> None:
        self._words, self._sign = words, sign

    def __call__(self, y: float) -> Iterator[str]:
        x = SIDE + EDGE
        if self._sign.startswith("#"):
            yield f'<circle cx="{x + 6}" cy="{y - 4:.1f}" r="5" fill="{self._sign}"/>'
        elif self._sign == "square":
            yield _square(x + 6, y - 4)
        elif self._sign == "disc":
            yield from _disc(x + 6, y - 4, "1")
        yield text_at(x + (20 if self._sign else 0), y, self._words, PLAIN, "start")


def _legend(colours: Colouring, say: Say) -> Iterator[_Line]:
    yield _Line(say(colours.title))
    if colours.kind == "categories":
        names = [*colours.groups, say(Message("map.other-categories")), say(Message("map.unknown-category"))]
        slots = [*range(len(colours.groups) + 1), -1]
        for name, slot, count in zip(names, slots, colours.counts.tolist(), strict=True):
            if count:
                yield _Line(f"{_short(name)} · {count:,}", _colour(slot, colours))
        return
    for step in range(5):
        share = step / 4
        value = _value_at(colours, share)
        yield _Line(f"{value:,.4g}", _colour(round(share * (LEVELS - 1)), colours))
    if colours.counts[1]:
        yield _Line(f"{say(Message('map.unknown-category'))} · {colours.counts[1]:,}", UNKNOWN)


def _value_at(colours: Colouring, share: float) -> float:
    """The amount at a share of its scale."""
    if colours.popular:
        low, high = np.log1p(colours.low), np.log1p(colours.high)
        return float(np.round(np.expm1(low + share * (high - low))))
    return colours.low + share * (colours.high - colours.low)


def _mark_legend(found: ItemMap, marks: Marks, say: Say) -> Iterator[_Line]:
    if not marks.person:
        return
    yield _Line("")
    yield _Line(say(Message("map.history-marks", count=len(marks.history), person=_short(marks.person))), "square")
    yield _Line(say(Message("map.recommended-marks", count=len(marks.recommended))), "disc")


def _short(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"
