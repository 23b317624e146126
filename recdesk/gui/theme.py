"""Colours, fonts and styles of series, for the light and the dark theme."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette, QPen
from PySide6.QtWidgets import QApplication

Choice = Literal["system", "light", "dark"]
Scheme = Literal["light", "dark"]
FontName = Literal["title", "card", "body", "strong", "small"]

MARGIN, GAP, PADDING = 24, 16, 16
CARD_RADIUS, CONTROL_RADIUS = 10, 6
CONTROL_HEIGHT, ROW_HEIGHT = 32, 34
DENSE_CONTROL_HEIGHT, DENSE_ROW_HEIGHT = 28, 26
"""Where a person reads lists."""


@dataclass(frozen=True)
class Roles:
    """The colours of the window by role. Text has a contrast of at least 4.5:1 with its background."""

    window: QColor
    rail: QColor
    card: QColor
    raised: QColor
    field: QColor
    line: QColor
    edge: QColor
    text: QColor
    secondary: QColor
    accent: QColor
    on_accent: QColor
    good: QColor
    warning: QColor
    bad: QColor

    def of(self, name: str) -> QColor:
        """The colour of a role by its name."""
        colour = getattr(self, name)
        assert isinstance(colour, QColor)
        return colour


_LIGHT = Roles(
    window=QColor("#f6f7f9"),
    rail=QColor("#eef0f3"),
    card=QColor("#ffffff"),
    raised=QColor("#f3f5f9"),
    field=QColor("#f6f8fb"),
    line=QColor("#e2e5ea"),
    edge=QColor("#c9ced6"),
    text=QColor("#1b1f27"),
    secondary=QColor("#5c6575"),
    accent=QColor("#1a66d9"),
    on_accent=QColor("#ffffff"),
    good=QColor("#187640"),
    warning=QColor("#96600a"),
    bad=QColor("#c4262e"),
)
_DARK = Roles(
    window=QColor("#16181d"),
    rail=QColor("#121419"),
    card=QColor("#1e2128"),
    raised=QColor("#252932"),
    field=QColor("#23272f"),
    line=QColor("#2c3039"),
    edge=QColor("#434957"),
    text=QColor("#e6e8ec"),
    secondary=QColor("#9aa1ad"),
    accent=QColor("#5b9bff"),
    on_accent=QColor("#0d1420"),
    good=QColor("#45c077"),
    warning=QColor("#e3a23c"),
    bad=QColor("#ff7b74"),
)


@dataclass(frozen=True)
class SeriesStyle:
    """How a series is drawn: distinguished by colour and by line style, never by colour alone."""

    colour: QColor
    style: Qt.PenStyle
    width: float = 2.0

    def pen(self, faint: bool = False, pixels: float = 1.0) -> QPen:
        """The pen of its line; `faint` for the raw values behind the smoothed ones. So many `pixels` of the device are
        one of the window: Qt does not scale the width of such a pen."""
        colour = QColor(self.colour)
        if faint:
            colour.setAlphaF(0.28)
        pen = QPen(colour, pixels * (1.0 if faint else self.width), Qt.PenStyle.SolidLine if faint else self.style)
        pen.setCosmetic(True)
        return pen


# Okabe and Ito's colours (jfly.uni-koeln.de/color), those readable on both grounds first.
_OKABE_ITO = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#8c8c8c")
_PENS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
SERIES: tuple[SeriesStyle, ...] = tuple(SeriesStyle(QColor(c), _PENS[0]) for c in _OKABE_ITO) + tuple(
    SeriesStyle(QColor(c), pen) for pen in _PENS[1:] for c in _OKABE_ITO
)
_NAMED: dict[str, SeriesStyle] = {
    "loss": SeriesStyle(QColor("#1f7fd1"), Qt.PenStyle.SolidLine),
    "validation loss": SeriesStyle(QColor("#e69f00"), Qt.PenStyle.DashLine),
    "ndcg@10": SeriesStyle(QColor("#009e73"), Qt.PenStyle.SolidLine),
    "recall@10": SeriesStyle(QColor("#cc79a7"), Qt.PenStyle.DashLine),
    "masked-token accuracy": SeriesStyle(QColor("#56b4e9"), Qt.PenStyle.SolidLine),
    "memory": SeriesStyle(QColor("#1f7fd1"), Qt.PenStyle.SolidLine),
    "gpu memory": SeriesStyle(QColor("#009e73"), Qt.PenStyle.DashLine),
    "cpu load": SeriesStyle(QColor("#d55e00"), Qt.PenStyle.SolidLine),
    "mrr": SeriesStyle(QColor("#d55e00"), Qt.PenStyle.DotLine),
}
_assigned: dict[str, SeriesStyle] = {}


def series(name: str) -> SeriesStyle:
    """The style of a series: the same name always gets the same, in both themes."""
    known = _NAMED.get(name.casefold())
    if known is not None:
        return known
    return _assigned.setdefault(name, SERIES[len(_assigned) % len(SERIES)])


class Theme(QObject):
    """The current theme. `changed` is emitted after the palette of the application was set."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.choice: Choice = "system"
        self.scheme: Scheme = "light"
        self._following = False

    @property
    def roles(self) -> Roles:
        """The current colours."""
        return _DARK if self.scheme == "dark" else _LIGHT

    def apply(self, app: QApplication, choice: Choice) -> None:
        """Apply "light", "dark", or "system", which follows the desktop's setting from then on."""
        self.choice = choice
        hints = app.styleHints()
        if not self._following:
            hints.colorSchemeChanged.connect(self._system_changed)
            self._following = True
        hints.setColorScheme(_QT_SCHEMES[choice])
        self._set(app)

    def _system_changed(self) -> None:
        app = QApplication.instance()
        if self.choice == "system" and isinstance(app, QApplication):
            self._set(app)

    def _set(self, app: QApplication) -> None:
        system_dark = app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        self.scheme = self.choice if self.choice != "system" else ("dark" if system_dark else "light")
        app.setPalette(palette(self.roles))
        self.changed.emit()


_QT_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


@cache
def theme() -> Theme:
    """The theme of the program, a singleton."""
    return Theme()


def roles() -> Roles:
    """The current colours."""
    return theme().roles


def apply(app: QApplication, choice: Choice) -> None:
    """Set fonts and colours of the application; call again to change them."""
    app.setFont(font("body"))
    theme().apply(app, choice)


def palette(colours: Roles) -> QPalette:
    """The palette in which Qt's own widgets draw; PlaceholderText doubles as the secondary text colour."""
    made = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: colours.window,
        role.WindowText: colours.text,
        role.Base: colours.card,
        role.AlternateBase: colours.raised,
        role.Text: colours.text,
        role.Button: colours.card,
        role.ButtonText: colours.text,
        role.ToolTipBase: colours.raised,
        role.ToolTipText: colours.text,
        role.PlaceholderText: colours.secondary,
        role.Highlight: colours.accent,
        role.HighlightedText: colours.on_accent,
        role.Accent: colours.accent,
        role.Link: colours.accent,
        role.BrightText: colours.bad,
        role.Light: colours.raised,
        role.Midlight: colours.line,
        role.Mid: colours.edge,
        role.Dark: colours.edge,
        role.Shadow: colours.edge,
    }.items():
        made.setColor(which, colour)
    faded = _mix(colours.secondary, colours.card, 0.7)
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, faded)
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, colours.edge)
    return made


def _mix(first: QColor, second: QColor, share: float) -> QColor:
    values = [share * a + (1 - share) * b for a, b in zip(first.getRgbF()[:3], second.getRgbF()[:3], strict=True)]  # type: ignore[index]
    return QColor.fromRgbF(*values)


_SIZES: dict[FontName, tuple[int, QFont.Weight]] = {
    "title": (22, QFont.Weight.DemiBold),
    "card": (13, QFont.Weight.DemiBold),
    "body": (13, QFont.Weight.Normal),
    "strong": (13, QFont.Weight.DemiBold),
    "small": (12, QFont.Weight.Normal),
}


def font(name: FontName, tabular: bool = False) -> QFont:
    """A font of the window; `tabular` gives all figures the same width, for columns of numbers."""
    size, weight = _SIZES[name]
    made = QFont(_families())
    made.setPixelSize(size)
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


_GENERIC = {"", "sans", "sans serif", "sans-serif", "dejavu sans", "bitstream vera sans"}
_PREFERRED = ("Inter", "Noto Sans", "Cantarell", "Ubuntu")
_CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei")


@cache
def _families() -> list[str]:
    """Font families in order: the desktop's interface font or a fallback, then one with Chinese forms of Han
    characters."""
    installed = set(QFontDatabase.families())
    system = QGuiApplication.font().family()
    if system.casefold() in _GENERIC:
        system = next((name for name in _PREFERRED if name in installed), system)
    return [system, *(name for name in _CHINESE[:1] if name in installed)]
