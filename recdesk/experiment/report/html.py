"""A report as one HTML file that asks nothing of any network."""

import base64
from collections.abc import Callable
from html import escape

from recdesk.data.safe_csv import cells
from recdesk.experiment.report.blocks import (
    Block,
    Bullets,
    Code,
    Heading,
    IntervalPlot,
    LinePlot,
    Notes,
    Paragraph,
    Plot,
    Report,
    Say,
    Table,
)
from recdesk.experiment.report.svg import svg

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
STYLE = """
:root { color-scheme: light dark; --back: #ffffff; --text: #1b1f27; --secondary: #5f6878; --line: #e2e5ea;
  --raised: #f3f5f9; --accent: #1a66d9; }
@media (prefers-color-scheme: dark) { :root { --back: #1e2128; --text: #e6e8ec; --secondary: #9aa1ad;
  --line: #363b46; --raised: #252932; --accent: #5b9bff; } }
body { background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; max-width: 860px;
  margin: 40px auto; padding: 0 24px; }
h1 { font-size: 26px; } h2 { font-size: 20px; margin-top: 36px; border-bottom: 1px solid var(--line); }
h3 { font-size: 16px; margin-top: 24px; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
caption { text-align: left; font-weight: 600; padding: 6px 0; }
th, td { text-align: left; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--secondary); font-weight: 500; }
.number { text-align: right; white-space: nowrap; }
.notes, .file { color: var(--secondary); font-size: 13px; margin: 4px 0; }
figure { margin: 20px 0; } figcaption { font-weight: 600; } svg { max-width: 100%; height: auto; }
pre { background: var(--raised); padding: 12px; overflow-x: auto; border-radius: 6px; white-space: pre-wrap;
  overflow-wrap: anywhere; }
a { color: var(--accent); }
@media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } figure, tr { break-inside: avoid; }
  .file { display: none; } }
"""


def as_html(report: Report, say: Say, language: str = "en") -> str:
    """The report as an HTML document. All text is escaped, and its policy forbids to load anything.

    Args:
        report: what to write.
        say: gives messages in the language of the report.
        language: of it, such as "en".
    """
    content = body(report, say, lambda plot: svg(plot, say))
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(language, quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(say(report.title))}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{content}\n</body>\n</html>\n"
    )


def body(report: Report, say: Say, draw: Callable[[Plot], str], with_files: bool = True) -> str:
    """The content of the document.

    Args:
        report: what to write.
        say: see `as_html`.
        draw: gives the HTML of a plot.
        with_files: whether tables and plots have links that save them as CSV.
    """

    def file(block: Table | Plot) -> str:
        return _file(block, say) if with_files else ""

    def one(block: Block) -> str:
        match block:
            case Heading():
                return f"<h{block.level}>{escape(say(block.text))}</h{block.level}>"
            case Paragraph():
                return f"<p>{escape(' '.join(map(say, block.sentences)))}</p>"
            case Bullets():
                return "<ul>" + "".join(f"<li>{escape(say(point))}</li>" for point in block.points) + "</ul>"
            case Notes():
                return "".join(f'<p class="notes">{escape(say(note))}</p>' for note in block.notes)
            case Code():
                return f"<pre>{escape(block.text)}</pre>"
            case Table():
                return _table(block, say) + file(block)
            case LinePlot() | IntervalPlot():
                caption = f"<figcaption>{escape(say(block.title))}</figcaption>"
                return f"<figure>{caption}{draw(block)}{file(block)}</figure>"

    return "\n".join(map(one, report.blocks))


def _table(table: Table, say: Say) -> str:
    def row(texts: tuple[str, ...], tag: str) -> str:
        made = []
        for index, text in enumerate(texts):
            number = ' class="number"' if index in table.numeric else ""
            made.append(f"<{tag}{number}>{escape(say(text))}</{tag}>")
        return f"<tr>{''.join(made)}</tr>"

    notes = "".join(f'<p class="notes">{escape(say(note))}</p>' for note in table.notes)
    rows = "".join(row(cells_, "td") for cells_ in table.rows)
    caption = f"<caption>{escape(say(table.title))}</caption>" if table.title else ""
    head = f"<thead>{row(table.header, 'th')}</thead>"
    return f'<div class="wide"><table>{caption}{head}<tbody>{rows}</tbody></table></div>{notes}'


def _file(block: Table | Plot, say: Say) -> str:
    """A link that saves the block as CSV, whose content is in the link."""
    content = base64.b64encode(("\ufeff" + csv_text(block, say)).encode()).decode()
    return f'<p class="file"><a download="{block.name}.csv" href="data:text/csv;base64,{content}">CSV</a></p>'


def csv_text(block: Table | Plot, say: Say) -> str:
    """A block as CSV in which no cell is a formula."""
    header, rows = block.csv(say)
    return "\r\n".join(cells(row) for row in (header, *rows)) + "\r\n"
