"""A report as PDF, by Qt's own layout of its HTML."""

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QSizeF, QUrl
from PySide6.QtGui import QFont, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter, QTextDocument
from PySide6.QtSvg import QSvgRenderer

from recdesk.core.files import replacing
from recdesk.experiment.report.blocks import Plot, Report, Say
from recdesk.experiment.report.html import body
from recdesk.experiment.report.svg import PLAIN, svg
from recdesk.gui import theme

_DOTS = 144
_SHARPNESS = 2.0
_STYLE = """
h1 { font-size: 20px; } h2 { font-size: 16px; margin-top: 18px; } h3 { font-size: 13px; margin-top: 12px; }
th { color: #5f6878; font-weight: 500; text-align: left; } td, th { padding: 2px 8px 2px 0; }
.number { text-align: right; } caption { font-weight: 600; text-align: left; } .notes { color: #5f6878; }
pre { background: #f3f5f9; white-space: pre-wrap; }
"""


def report_document(report: Report, say: Say, width: float) -> QTextDocument:
    """The report laid out at a width in pixels. Nothing is loaded: its plots are in the document."""
    document = QTextDocument()
    document.setDefaultStyleSheet(_STYLE)
    font = QFont(theme.font("small"))
    font.setPixelSize(11)
    document.setDefaultFont(font)
    document.setTextWidth(width)

    def draw(plot: Plot) -> str:
        picture = _picture(svg(plot, say, PLAIN), width)
        document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(f"plot:{plot.name}"), picture)
        scale = width / picture.width()
        return f'<br><img src="plot:{plot.name}" width="{width:.0f}" height="{picture.height() * scale:.0f}">'

    document.setHtml(
        body(report, say, draw, with_files=False).replace('<div class="wide"><table>', "<div><table width='100%'>")
    )
    return document


def write_pdf(report: Report, path: Path, say: Say) -> None:
    """Write the report as PDF, A4, atomically.

    Raises:
        StorageError: the place cannot be written; what was there is untouched.
    """
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS)
    writer.setTitle(say(report.title))
    layout = QPageLayout(
        QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(15, 15, 15, 15)
    )
    layout.setUnits(QPageLayout.Unit.Millimeter)
    layout.setMargins(QMarginsF(15, 15, 15, 15))
    writer.setPageLayout(layout)
    page = layout.paintRectPixels(96).size()
    document = report_document(report, say, page.width())
    document.setPageSize(QSizeF(page))
    document.print_(writer)
    buffer.close()
    with replacing(path, "wb") as stream:
        stream.write(content.data())


def _picture(text: str, width: float) -> QImage:
    renderer = QSvgRenderer(QByteArray(text.encode()))
    size = renderer.defaultSize() * (_SHARPNESS * width / max(renderer.defaultSize().width(), 1))
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return image
