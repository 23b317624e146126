"""A report as Markdown; its plots are SVG files beside it."""

import re

from recdesk.experiment.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    IntervalPlot,
    LinePlot,
    Notes,
    Paragraph,
    Report,
    Say,
    Table,
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!$])")


def as_markdown(report: Report, say: Say, folder: str) -> str:
    """The report as Markdown (CommonMark with tables).

    Args:
        report: what to write.
        say: gives messages in the language of the report.
        folder: of the files of its plots, relative to the report.
    """
    return "\n\n".join(_block(block, say, folder) for block in report.blocks) + "\n"


def plain(text: str) -> str:
    """Text in which no character means anything to Markdown or HTML, on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _block(block: Block, say: Say, folder: str) -> str:
    match block:
        case Heading():
            return f"{'#' * block.level} {plain(say(block.text))}"
        case Paragraph():
            return " ".join(plain(say(sentence)) for sentence in block.sentences)
        case Bullets():
            return "\n".join(f"* {plain(say(point))}" for point in block.points)
        case Notes():
            return "\n\n".join(plain(say(note)) for note in block.notes)
        case Code():
            fence = "`" * max(3, 1 + max(map(len, re.findall(r"`+", block.text)), default=0))
            return f"{fence}\n{block.text}\n{fence}"
        case Table():
            return _table(block, say)
        case LinePlot() | IntervalPlot():
            return f"![{plain(say(block.title))}]({folder}/{block.name}.svg)"


def _table(table: Table, say: Say) -> str:
    def row(texts: tuple[str, ...]) -> str:
        return "| " + " | ".join(plain(say(text)) for text in texts) + " |"

    rule = "|" + "|".join(" ---: " if index in table.numeric else " --- " for index in range(len(table.header))) + "|"
    lines = [f"**{plain(say(table.title))}**", ""] if table.title else []
    lines += [row(table.header), rule, *map(row, table.rows)]
    return "\n".join(lines) + "".join(f"\n\n{plain(say(note))}" for note in table.notes)
