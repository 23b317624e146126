"""Plots of a report as SVG text."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from recdesk.experiment.report.blocks import IntervalPlot, LinePlot, Plot, Say

WIDTH, LINE_HEIGHT, ROW = 720, 320, 26
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 14, 46
LABELS = 190
"""Width of the labels of an `IntervalPlot`."""
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c8c8c", "#0072b2")
"""Okabe and Ito's; lines differ by their dashes too."""
DASHES = ("", "8 4", "2 3", "10 3 2 3", "5 5", "12 4", "1 4", "4 2")


@dataclass(frozen=True)
class Ink:
    """Colours as CSS values."""

    text: str
    faint: str


STYLED = Ink("var(--secondary)", "var(--line)")
"""Of a page that defines these variables, for light and dark."""
PLAIN = Ink("#5f6878", "#d5d9e0")
"""Of a picture that stands alone."""


def svg(plot: Plot, say: Say, ink: Ink = STYLED) -> str:
    """A plot as an `<svg>` element; all text is escaped."""
    return _lines(plot, say, ink) if isinstance(plot, LinePlot) else _intervals(plot, say, ink)


def ticks(low: float, high: float, count: int = 5) -> list[float]:
    """Round numbers between two ends, both within: 1, 2 or 5 times a power of ten apart."""
    if not high > low:
        return [low]
    rough = (high - low) / count
    power = 10 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    first = math.ceil(low / step - 1e-9)
    return [round(index * step, 12) for index in range(first, math.floor(high / step + 1e-9) + 1)]


def text_at(x: float, y: float, text: str, ink: Ink, anchor: str = "middle", extra: str = "") -> str:
    """Text at a point, escaped."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink.text}" font-size="12" {extra}>'
        f"{escape(text)}</text>"
    )


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 1, dashes: str = "") -> str:
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{dashed}/>'
    )


def whole(height: float, title: str, parts: Iterable[str], width: float = WIDTH) -> str:
    """An `<svg>` element of so many pixels with these parts; a screen reader says the title."""
    inside = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(title, quote=True)}" '
        f'font-family="system-ui, sans-serif">{inside}</svg>'
    )


def _lines(plot: LinePlot, say: Say, ink: Ink) -> str:
    points = [(x, y) for line in plot.lines for x, y in zip(line.x, line.y, strict=True)]
    points = [(x, y) for x, y in points if math.isfinite(x) and math.isfinite(y)]
    levels = [value for _, value in plot.references]
    most_x = max((x for x, _ in points), default=1.0) or 1.0
    least = [0.0] if plot.from_zero or not points else []
    low = min([*least, *(y for _, y in points), *levels])
    high = max([*(y for _, y in points), *levels], default=1.0)
    high = high if high > low else low + 1.0
    legend = 20 * math.ceil(len(plot.lines) / 2)
    bottom, height = LINE_HEIGHT - BOTTOM, LINE_HEIGHT + legend

    def at(x: float, y: float) -> tuple[float, float]:
        across = LEFT + x / most_x * (WIDTH - LEFT - RIGHT)
        return across, bottom - (y - low) / (high - low) * (bottom - TOP)

    parts: list[str] = []
    for value in ticks(low, high):
        _, y = at(0, value)
        parts += [_rule(LEFT, y, WIDTH - RIGHT, y, ink.faint), text_at(LEFT - 8, y + 4, f"{value:g}", ink, "end")]
    for value in ticks(0, most_x, 6):
        x, _ = at(value, low)
        parts.append(text_at(x, bottom + 18, f"{value:g}", ink))
    parts.append(text_at((LEFT + WIDTH - RIGHT) / 2, bottom + 38, say(plot.x_title), ink))
    middle = (TOP + bottom) / 2
    parts.append(text_at(14, middle, say(plot.y_title), ink, extra=f'transform="rotate(-90 14 {middle:.1f})"'))
    for name, value in plot.references:
        _, y = at(0, value)
        parts.append(_rule(LEFT, y, WIDTH - RIGHT, y, ink.text, 1, "3 3"))
        parts.append(text_at(WIDTH - RIGHT, y - 4, f"{say(name)} {value:.3f}", ink, "end"))
    for index, line in enumerate(plot.lines):
        colour, dashes = COLOURS[index % len(COLOURS)], DASHES[index % len(DASHES)]
        shown = [at(x, y) for x, y in zip(line.x, line.y, strict=True) if math.isfinite(x) and math.isfinite(y)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in shown)
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>')
        if len(shown) <= 60:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in shown]
        x, y = LEFT + (index % 2) * (WIDTH - LEFT) / 2, LINE_HEIGHT + 8 + 20 * (index // 2)
        parts.append(_rule(x, y - 4, x + 24, y - 4, colour, 2, dashes))
        parts.append(text_at(x + 32, y, say(line.name), ink, "start"))
    return whole(height, say(plot.title), parts)


def _intervals(plot: IntervalPlot, say: Say, ink: Ink) -> str:
    low = min([0.0, *(row[2] for row in plot.rows)])
    high = max((row[3] for row in plot.rows), default=1.0)
    high = high if high > low else low + 1.0
    bottom = TOP + ROW * len(plot.rows)

    def across(value: float) -> float:
        return LABELS + (value - low) / (high - low) * (WIDTH - LABELS - RIGHT)

    parts: list[str] = []
    for value in ticks(low, high):
        parts += [
            _rule(across(value), TOP, across(value), bottom, ink.faint),
            text_at(across(value), bottom + 16, f"{value:g}", ink),
        ]
    for index, (label, value, least, most) in enumerate(plot.rows):
        y = TOP + ROW * index + ROW / 2
        parts += [
            text_at(LABELS - 10, y + 4, _short(say(label)), ink, "end"),
            _rule(across(least), y, across(most), y, COLOURS[0], 2),
            _rule(across(least), y - 4, across(least), y + 4, COLOURS[0], 2),
            _rule(across(most), y - 4, across(most), y + 4, COLOURS[0], 2),
            f'<circle cx="{across(value):.1f}" cy="{y:.1f}" r="4" fill="{COLOURS[0]}"/>',
        ]
    parts.append(text_at((LABELS + WIDTH - RIGHT) / 2, bottom + 36, say(plot.x_title), ink))
    return whole(bottom + BOTTOM, say(plot.title), parts)


def _short(text: str) -> str:
    return text if len(text) <= 28 else text[:27] + "…"
