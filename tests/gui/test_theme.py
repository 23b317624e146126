import pytest
from PySide6.QtGui import QColor, QFontMetrics, QPalette

from recdesk.gui import theme
from recdesk.gui.widgets.text import Text
from tests.needs import missing

SCHEMES = {"light": theme._LIGHT, "dark": theme._DARK}


def contrast(first: QColor, second: QColor) -> float:
    """Contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    light, dark = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: QColor) -> float:
    def linear(c: float) -> float:
        return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["window", "card", "raised", "field", "rail"])
@pytest.mark.parametrize("tone", ["text", "secondary", "accent", "good", "warning", "bad"])
def test_text_can_be_read_on_every_ground(scheme, ground, tone):
    roles = SCHEMES[scheme]
    ratio = contrast(roles.of(tone), roles.of(ground))
    assert ratio >= 4.5, round(ratio, 2)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_can_be_read_on_the_primary_button(scheme):
    assert contrast(SCHEMES[scheme].on_accent, SCHEMES[scheme].accent) >= 4.5


@pytest.fixture
def light_again(qapp):
    yield
    theme.apply(qapp, "light")


def test_the_palette_follows_the_choice(qapp, qtbot, light_again):
    for choice in ("dark", "light"):
        with qtbot.waitSignal(theme.theme().changed):
            theme.apply(qapp, choice)
        assert qapp.palette().color(QPalette.ColorRole.Window) == SCHEMES[choice].window
        assert theme.roles() == SCHEMES[choice]


def test_system_is_light_or_dark(qapp, light_again):
    theme.apply(qapp, "system")
    assert theme.theme().scheme in SCHEMES


def test_tones_follow_the_theme(qapp, qtbot, light_again):
    label = Text("x", tone="warning")
    qtbot.addWidget(label)
    theme.apply(qapp, "dark")
    assert label.palette().color(label.foregroundRole()) == SCHEMES["dark"].warning


def test_a_series_always_looks_the_same():
    assert theme.series("ndcg@10") is theme.series("NDCG@10")
    assert theme.series("my own") is theme.series("my own")
    assert theme.series("my own") is not theme.series("another")


def test_series_differ_by_line_where_colours_come_again():
    looks = {(style.colour.name(), style.style) for style in theme.SERIES}
    assert len(looks) == len(theme.SERIES)


def test_tabular_figures_have_one_width(qapp):
    metrics = QFontMetrics(theme.font("body", tabular=True))
    if not qapp.font().family().startswith("Inter"):
        missing("a font with tabular figures (Inter)")
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_tabs_can_be_read_on_their_ground_and_the_focus_ring_seen_on_every_ground(scheme):
    roles = SCHEMES[scheme]
    assert contrast(roles.secondary, roles.line) >= 4.5
    assert min(contrast(roles.accent, roles.of(ground)) for ground in ("window", "card", "rail")) >= 3
