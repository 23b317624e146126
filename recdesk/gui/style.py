"""Fusion with flat fields, buttons and scroll bars, drawn from the palette."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import (
    QFocusFrame,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionHeader,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QWidget,
)

from recdesk.gui import theme

_State = QStyle.StateFlag
_Primitive = QStyle.PrimitiveElement
_Sub = QStyle.SubControl
_SCROLL_BAR = 10


class FlatStyle(QProxyStyle):
    """The style of the window: one-pixel lines, round corners, a focus ring outside of the control."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw buttons, fields, check marks and focus; Fusion draws the rest."""
        if element == _Primitive.PE_PanelButtonCommand:
            _button(option, painter)
        elif element == _Primitive.PE_PanelLineEdit:
            if not _inside_spin_box(widget):
                _field(option, painter)
        elif element == _Primitive.PE_IndicatorCheckBox:
            _check_box(option, painter)
        elif element == _Primitive.PE_IndicatorRadioButton:
            _radio(option, painter)
        elif element == _Primitive.PE_FrameFocusRect:
            pass  # see `FocusRing`
        elif element == _Primitive.PE_PanelTipLabel:
            painter.setPen(QPen(theme.roles().edge, 1))
            painter.setBrush(theme.roles().raised)
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        elif element not in (_Primitive.PE_FrameLineEdit, _Primitive.PE_FrameButtonBevel):
            super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Draw combo boxes, spin boxes and scroll bars."""
        if control == QStyle.ComplexControl.CC_ComboBox and isinstance(option, QStyleOptionComboBox):
            _field(option, painter)
            _chevron(painter, QRect(option.rect.right() - 22, option.rect.top(), 14, option.rect.height()), option)
        elif control == QStyle.ComplexControl.CC_SpinBox and isinstance(option, QStyleOptionSpinBox):
            self._spin_box(option, painter, widget)
        elif control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            self._scroll_bar(option, painter, widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        """Draw column headers flat, and the focus ring."""
        if element == QStyle.ControlElement.CE_FocusFrame:
            _focus(option, painter)
            return
        if element == QStyle.ControlElement.CE_HeaderSection and isinstance(option, QStyleOptionHeader):
            painter.fillRect(option.rect, theme.roles().card)
            painter.setPen(QPen(theme.roles().line, 1))
            painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        else:
            super().drawControl(element, option, painter, widget)

    def subControlRect(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        sub: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Remove the arrow buttons of scroll bars; add padding at the left of combo and spin boxes."""
        area = super().subControlRect(control, option, sub, widget)  # type: ignore[arg-type]  # None is fine
        if control == QStyle.ComplexControl.CC_ScrollBar and isinstance(option, QStyleOptionSlider):
            return self._scroll_part(option, sub, area)
        if control == QStyle.ComplexControl.CC_ComboBox and sub == _Sub.SC_ComboBoxEditField:
            return option.rect.adjusted(8, 1, -24, -1)
        if control == QStyle.ComplexControl.CC_SpinBox and sub == _Sub.SC_SpinBoxEditField:
            return option.rect.adjusted(6, 1, -24, -1)
        return area

    def subElementRect(self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None) -> QRect:
        """Add padding at the left of the text of fields."""
        area = super().subElementRect(element, option, widget)  # type: ignore[arg-type]  # None is fine
        if element == QStyle.SubElement.SE_LineEditContents and not _inside_spin_box(widget):
            return area.adjusted(7, 0, -4, 0)
        return area

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """Align labels of forms left and vertically centred; make a click on a scroll bar jump to that position."""
        if hint == QStyle.StyleHint.SH_FormLayoutLabelAlignment:
            return int((Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter).value)
        if hint == QStyle.StyleHint.SH_ComboBox_Popup:
            return 0
        if hint == QStyle.StyleHint.SH_FocusFrame_AboveWidget:
            return 1  # else a layout without margins would cut it
        return super().styleHint(hint, option, widget, returned)

    def sizeFromContents(
        self, kind: QStyle.ContentsType, option: QStyleOption, size: QSize, widget: QWidget | None = None
    ) -> QSize:
        """Give every control the height of the grid."""
        given = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # None is fine
        if kind in _TALL:
            given.setHeight(max(option.fontMetrics.height() + 12, theme.CONTROL_HEIGHT))
        if kind == QStyle.ContentsType.CT_PushButton:
            given.setWidth(given.width() + 12)
        if kind in (QStyle.ContentsType.CT_ComboBox, QStyle.ContentsType.CT_SpinBox):
            given.setWidth(given.width() + 14)
        if kind == QStyle.ContentsType.CT_HeaderSection:
            given.setHeight(max(given.height(), 32))
        if kind == QStyle.ContentsType.CT_MenuItem:
            given.setHeight(max(given.height(), 26))
        return given

    def pixelMetric(
        self, metric: QStyle.PixelMetric, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> int:
        """Slim scroll bars, no shift of pressed buttons, a slightly larger check box."""
        if isinstance(widget, QFocusFrame) and metric in _RING_METRICS:
            return _RING
        if metric in _METRICS:
            return _METRICS[metric]
        return super().pixelMetric(metric, option, widget)

    def _spin_box(self, option: QStyleOptionSpinBox, painter: QPainter, widget: QWidget | None) -> None:
        _field(option, painter)
        control = QStyle.ComplexControl.CC_SpinBox
        for sub, up in ((_Sub.SC_SpinBoxUp, True), (_Sub.SC_SpinBoxDown, False)):
            area = super().subControlRect(control, option, sub, widget)  # type: ignore[arg-type]  # None is fine
            pressed = bool(option.activeSubControls & sub and option.state & _State.State_MouseOver)
            centre = QPointF(option.rect.right() - 12, area.center().y() + (2 if up else 0))
            _arrow(painter, centre, up, theme.roles().accent if pressed else _glyph(option))

    def _scroll_bar(self, option: QStyleOptionSlider, painter: QPainter, widget: QWidget | None) -> None:
        handle = self.subControlRect(QStyle.ComplexControl.CC_ScrollBar, option, _Sub.SC_ScrollBarSlider, widget)
        if option.maximum <= option.minimum:
            return
        held = bool(option.state & _State.State_MouseOver)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.roles().secondary if held else theme.roles().edge)
        painter.drawRoundedRect(QRectF(handle).adjusted(2, 2, -2, -2), 3, 3)

    def _scroll_part(self, option: QStyleOptionSlider, sub: QStyle.SubControl, area: QRect) -> QRect:
        if sub in (_Sub.SC_ScrollBarAddLine, _Sub.SC_ScrollBarSubLine):
            return QRect()
        if sub == _Sub.SC_ScrollBarGroove:
            return option.rect
        upright = option.orientation == Qt.Orientation.Vertical
        room = option.rect.height() if upright else option.rect.width()
        span = option.maximum - option.minimum
        length = room if span <= 0 else max(28, int(room * option.pageStep / (span + option.pageStep)))
        start = self.sliderPositionFromValue(
            option.minimum, option.maximum, option.sliderPosition, room - length, option.upsideDown
        )
        begin, end = {
            _Sub.SC_ScrollBarSlider: (start, start + length),
            _Sub.SC_ScrollBarSubPage: (0, start),
            _Sub.SC_ScrollBarAddPage: (start + length, room),
        }.get(sub, (0, 0))
        if upright:
            return QRect(option.rect.left(), option.rect.top() + begin, option.rect.width(), end - begin)
        return QRect(option.rect.left() + begin, option.rect.top(), end - begin, option.rect.height())


_TALL = (
    QStyle.ContentsType.CT_PushButton,
    QStyle.ContentsType.CT_LineEdit,
    QStyle.ContentsType.CT_ComboBox,
    QStyle.ContentsType.CT_SpinBox,
)
_METRICS = {
    QStyle.PixelMetric.PM_ScrollBarExtent: _SCROLL_BAR,
    QStyle.PixelMetric.PM_ScrollView_ScrollBarSpacing: 0,
    QStyle.PixelMetric.PM_ButtonShiftHorizontal: 0,
    QStyle.PixelMetric.PM_ButtonShiftVertical: 0,
    QStyle.PixelMetric.PM_FocusFrameHMargin: 7,  # horizontal padding of cells
    QStyle.PixelMetric.PM_HeaderMargin: 8,
    QStyle.PixelMetric.PM_IndicatorWidth: 16,
    QStyle.PixelMetric.PM_IndicatorHeight: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorWidth: 16,
    QStyle.PixelMetric.PM_ExclusiveIndicatorHeight: 16,
}


_RING = 3
"""Pixels from a control to the outer edge of its focus ring."""
_RING_METRICS = (QStyle.PixelMetric.PM_FocusFrameHMargin, QStyle.PixelMetric.PM_FocusFrameVMargin)


def _inside_spin_box(widget: QWidget | None) -> bool:
    parent = widget.parentWidget() if widget is not None else None
    return parent is not None and (parent.inherits("QAbstractSpinBox") or parent.inherits("QComboBox"))


def _rounded(painter: QPainter, area: QRect, fill: QColor, edge: QColor, radius: float = theme.CONTROL_RADIUS) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(edge, 1))
    painter.setBrush(fill)
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.restore()


def _button(option: QStyleOption, painter: QPainter) -> None:
    """The fill is the widget's own Button colour, so a primary button is one with the accent there."""
    roles = theme.roles()
    fill = option.palette.color(QPalette.ColorRole.Button)
    primary = fill == roles.accent
    enabled = bool(option.state & _State.State_Enabled)
    if enabled and option.state & (_State.State_Sunken | _State.State_On):
        fill = fill.darker(112) if primary else roles.line
    elif enabled and option.state & _State.State_MouseOver:
        fill = fill.lighter(108) if primary else roles.raised
    _rounded(painter, option.rect, fill, fill if primary else roles.line)


def _field(option: QStyleOption, painter: QPainter) -> None:
    roles = theme.roles()
    enabled = bool(option.state & _State.State_Enabled)
    _rounded(painter, option.rect, roles.field if enabled else roles.card, roles.line)


def _check_box(option: QStyleOption, painter: QPainter) -> None:
    roles = theme.roles()
    checked = bool(option.state & (_State.State_On | _State.State_NoChange))
    enabled = bool(option.state & _State.State_Enabled)
    fill = (roles.accent if enabled else roles.edge) if checked else roles.field
    _rounded(painter, option.rect, fill, fill if checked else roles.secondary, 4)
    if not checked:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(roles.on_accent, 1.8, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    x, y = option.rect.left(), option.rect.top()
    mark = [(4, 8.5), (7, 11.5), (12, 5)] if option.state & _State.State_On else [(4, 8), (12, 8)]
    painter.drawPolyline(QPolygonF([QPointF(x + a, y + b) for a, b in mark]))
    painter.restore()


def _radio(option: QStyleOption, painter: QPainter) -> None:
    roles = theme.roles()
    checked = bool(option.state & _State.State_On)
    _rounded(painter, option.rect, roles.field, roles.accent if checked else roles.secondary, 8)
    if checked:
        _rounded(painter, option.rect.adjusted(4, 4, -4, -4), roles.accent, roles.accent, 4)


def _focus(option: QStyleOption, painter: QPainter) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.roles().accent, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(option.rect).adjusted(1, 1, -1, -1), 8, 8)
    painter.restore()


def _glyph(option: QStyleOption) -> QColor:
    roles = theme.roles()
    return roles.secondary if option.state & _State.State_Enabled else roles.edge


def _chevron(painter: QPainter, area: QRect, option: QStyleOption) -> None:
    _arrow(painter, QPointF(area.center().x(), area.center().y() + 1), False, _glyph(option))


def _arrow(painter: QPainter, centre: QPointF, up: bool, colour: QColor) -> None:
    rise = 2.0 if up else -2.0
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, 1.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(
        QPolygonF([centre + QPointF(-3.5, rise), centre + QPointF(0, -rise), centre + QPointF(3.5, rise)])
    )
    painter.restore()
