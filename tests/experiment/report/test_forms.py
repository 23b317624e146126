import base64
import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from recdesk.core.errors import RecdeskError, UsageError
from recdesk.experiment.report.blocks import (
    Bullets,
    Code,
    Heading,
    IntervalPlot,
    Line,
    LinePlot,
    Notes,
    Paragraph,
    Report,
    Table,
)
from recdesk.experiment.report.html import as_html
from recdesk.experiment.report.markdown import as_markdown
from recdesk.experiment.report.svg import PLAIN, svg, ticks
from recdesk.experiment.report.write import write_report, write_tables

EVIL = "<script>alert('x')</script> & \"q\" | `c` *b* [l](http://x.y) =1+1"
PLOT = LinePlot("curve", EVIL, "step", "y", (Line(EVIL, (0.0, 5.0, 10.0), (0.1, float("nan"), 0.3)),), ((EVIL, 0.2),))
REPORT = Report(
    EVIL,
    (
        Heading(1, EVIL),
        Paragraph((EVIL, "and so on.")),
        Bullets((EVIL,)),
        Notes((EVIL,)),
        Code(f"recdesk train ``` {EVIL}"),
        Table("figures", EVIL, ("a", EVIL), ((EVIL, "0.5"), ("=1+1", "2")), numeric=frozenset((1,)), notes=(EVIL,)),
        PLOT,
        IntervalPlot("groups", EVIL, "NDCG@10", ((EVIL, 0.2, 0.1, 0.3), ("b", 0.4, 0.35, 0.5))),
    ),
)


class Reader(HTMLParser):
    """Tags, their attributes, and text of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_text_from_data_is_text_in_the_document():
    found = Reader(as_html(REPORT, str))
    assert not {"script", "img", "iframe", "link", "object"} & {tag for tag, _ in found.tags}
    assert "".join(found.text).count(EVIL) >= 10


def test_the_document_loads_nothing():
    page = as_html(REPORT, str)
    found = Reader(page)
    policies = [a["content"] for tag, a in found.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    addresses = [a[name] for _, a in found.tags for name in ("src", "href", "xlink:href", "action") if name in a]
    assert addresses and all(address.startswith("data:text/csv;base64,") for address in addresses)
    assert "@import" not in page and "url(" not in page
    assert "prefers-color-scheme: dark" in page


def test_tables_and_plots_are_saved_as_csv_from_the_document():
    found = Reader(as_html(REPORT, str))
    links = {a["download"]: a["href"] for tag, a in found.tags if tag == "a"}
    assert list(links) == ["figures.csv", "curve.csv", "groups.csv"]
    content = base64.b64decode(links["figures.csv"].partition(",")[2]).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows == [["a", EVIL], [EVIL, "0.5"], ["'=1+1", "2"]]  # no cell is a formula


def test_messages_are_said_in_the_language_of_the_report():
    page = as_html(Report("t", (Heading(1, "figures"),)), lambda text: {"figures": "数字"}.get(text, text), "zh-CN")
    assert "<h1>数字</h1>" in page and '<html lang="zh-CN">' in page


@pytest.mark.parametrize("plot", [PLOT, REPORT.blocks[-1], LinePlot("empty", "t", "x", "y", ())])
def test_plots_are_well_formed_and_stay_within_their_picture(plot):
    for text in (svg(plot, str), svg(plot, str, PLAIN)):
        root = ElementTree.fromstring(text)
        _, _, width, height = map(float, root.get("viewBox").split())
        numbers = re.findall(r'(c?)([xy])[12]?="(-?[\d.]+)"', text)
        assert all(-1 <= float(value) <= (width if axis == "x" else height) + 1 for _, axis, value in numbers)
        assert "nan" not in text
    assert "var(" not in svg(plot, str, PLAIN)


def test_points_stand_where_their_values_are():
    plot = LinePlot("p", "t", "x", "y", (Line("a", (0.0, 10.0), (0.0, 1.0)),))
    (points,) = re.findall(r'points="([^"]+)"', svg(plot, str))
    (x1, y1), (x2, y2) = (map(float, pair.split(",")) for pair in points.split())
    assert (x1, x2) == (64.0, 700.0) and (y1, y2) == (274.0, 14.0)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]), (0, 0.093, [0, 0.02, 0.04, 0.06, 0.08]), (3, 3, [3])],
)
def test_ticks_are_round_numbers_within_the_ends(low, high, expected):
    assert ticks(low, high) == pytest.approx(expected)


def test_markdown_has_no_markup_from_data_and_its_plots_beside_it(tmp_path: Path):
    written = write_report(REPORT, tmp_path / "report.md")
    assert [path.name for path in written] == ["report.md", "curve.svg", "groups.svg"]
    text = written[0].read_text(encoding="utf-8")
    outside = text.split("````")[0] + text.split("````")[2]
    assert not re.search(r"(?<!\\)<script|(?<!\\)\]\(http", outside)
    assert "](report-files/curve.svg)" in text
    ElementTree.parse(tmp_path / "report-files" / "curve.svg")
    assert as_markdown(REPORT, str, "report-files") == text
    row = next(line for line in text.splitlines() if line.startswith("| =1"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 3


def test_every_table_and_plot_is_written_as_csv(tmp_path: Path):
    written = write_tables(REPORT, tmp_path / "tables")
    assert [path.name for path in written] == ["figures.csv", "curve.csv", "groups.csv"]
    rows = list(csv.reader((tmp_path / "tables" / "groups.csv").open(encoding="utf-8-sig", newline="")))
    assert rows[2] == ["b", "0.4", "0.35", "0.5"]


def test_a_report_that_cannot_be_written_leaves_nothing(tmp_path: Path):
    with pytest.raises(UsageError, match="no form of a report"):
        write_report(REPORT, tmp_path / "report.docx")
    with pytest.raises(RecdeskError):
        write_report(REPORT, tmp_path / "missing" / "report.md")
    assert list(tmp_path.iterdir()) == []
