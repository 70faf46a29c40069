"""Strokes that several controls share: boxes, ticks, key caps, round signs."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPen

from stojnica.i18n import gettext as _
from stojnica.ui.theme.icons import icon_pixmap
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import Type

_CAP_PADDING = 8
_ENTER = "\N{LEFTWARDS ARROW WITH HOOK}"


def draw_box(
    painter: QPainter,
    rect: QRectF,
    *,
    fill: str | None,
    edge: str | None = None,
    width: float = 1.0,
    radius: float = 8.0,
    dashed: bool = False,
) -> None:
    """Draw a rounded box whose edge lies inside `rect`, sharp on whole pixels; colours are tokens.

    A dashed edge means that it can't be used now.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
    painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(look().colour(edge), width, style))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else look().colour(fill))
    inset = 0.0 if edge is None else width / 2
    inner = rect.adjusted(inset, inset, -inset, -inset)
    painter.drawRoundedRect(inner, max(radius - inset, 0.0), max(radius - inset, 0.0))
    painter.restore()


def draw_tick(painter: QPainter, rect: QRectF, colour: QColor, width: float) -> None:
    """Draw a tick that fills the middle of `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    side, left, top = min(rect.width(), rect.height()), rect.left(), rect.top()
    path = QPainterPath(QPointF(left + side * 0.28, top + side * 0.53))
    path.lineTo(left + side * 0.44, top + side * 0.68)
    path.lineTo(left + side * 0.73, top + side * 0.33)
    painter.drawPath(path)
    painter.restore()


def draw_check_box(painter: QPainter, rect: QRectF, *, checked: bool, enabled: bool = True) -> None:
    """Draw an empty or a ticked box."""
    if checked:
        draw_box(painter, rect, fill="accent" if enabled else "ink_soft", radius=rect.width() * 0.22)
        draw_tick(painter, rect, look().colour("on_accent"), max(2.0, rect.width() / 13))
    else:
        edge, radius = "box" if enabled else "ink_soft", rect.width() * 0.22
        draw_box(painter, rect, fill="card", edge=edge, width=2.0, radius=radius, dashed=not enabled)


def draw_sign(painter: QPainter, rect: QRectF, tone: str) -> None:
    """Draw the round sign of a tone: a tick for good, an exclamation mark for wait, a cross for bad."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look().colour(tone))
    painter.drawEllipse(rect)
    mark, side, middle = look().colour("on_sign"), rect.width(), rect.center()
    if tone == "good":
        draw_tick(painter, rect, mark, side / 14)
    elif tone == "wait":
        stroke = side * 0.09
        painter.setBrush(mark)
        bar = QRectF(middle.x() - stroke / 2, rect.top() + side * 0.26, stroke, side * 0.3)
        painter.drawRoundedRect(bar, stroke / 2, stroke / 2)
        painter.drawEllipse(QPointF(middle.x(), rect.top() + side * 0.695), stroke * 0.6, stroke * 0.6)
    else:
        painter.setPen(QPen(mark, side / 13, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        arm = side * 0.16
        painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
        painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))
    painter.restore()


def key_text(key: str) -> str:
    """Give what stands on a key cap for a portable key sequence: ``Ctrl+N`` becomes ``Ctrl N``."""
    # Here for the same reason as in `button`.
    from PySide6.QtGui import QKeySequence

    names = {
        "Return": _ENTER,
        "Enter": _ENTER,
        "Esc": _("Esc"),
        "Space": _("Space"),
        "Ctrl": _("Ctrl"),
        "Alt": _("Alt"),
        "Shift": _("Shift"),
    }
    portable = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    parts = [portable[:-2], "+"] if portable.endswith("++") else [portable]
    words = [word for part in parts for word in (part.split("+") if len(part) > 1 else [part])]
    return " ".join(names.get(word, word) for word in words if word)


def key_words(key: str) -> str:
    """Say the keys of a portable sequence, for a voice: a sign on a cap would be spelt out or left out."""
    return key_text(key).replace(_ENTER, _("Enter"))


def shortcut_words(key: str) -> str:
    """Say that a key does the same; "" when there is none."""
    return _("shortcut {keys}").format(keys=key_words(key)) if key else ""


def key_cap_size(key: str) -> QSize:
    """Give the size of a key cap with the text of `key`."""
    metrics = QFontMetrics(look().font(Type.SMALL, semibold=True))
    width = metrics.horizontalAdvance(key_text(key).replace(_ENTER, "")) + 2 * _CAP_PADDING
    if _ENTER in key_text(key):
        width += look().px(Type.SMALL)
    return QSize(width, metrics.height() + 4)


def draw_key_cap(painter: QPainter, rect: QRectF, key: str, *, on_accent: bool = False) -> None:
    """Draw a key with its lower edge thicker, as keys have; on a filled button in the button's ink."""
    ink = "on_accent" if on_accent else "ink_mid"
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.7 if on_accent else 1.0)
    draw_pressable(painter, rect, fill=None if on_accent else "paper", edge=ink if on_accent else "edge",
                   width=1.0, foot=1.0, radius=5.0)  # fmt: skip
    painter.setOpacity(1.0)
    painter.setFont(look().font(Type.SMALL, semibold=True))
    painter.setPen(look().colour(ink))
    inside = rect.adjusted(_CAP_PADDING, 0, -_CAP_PADDING, -1)
    text, align = key_text(key), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(inside, align, text.replace(_ENTER, ""))
    if _ENTER in text:
        side = look().px(Type.SMALL)
        spot = QPointF(inside.right() - side + 1, inside.center().y() - side / 2 + 1)
        painter.drawPixmap(spot, icon_pixmap("enter", ink, side))
    painter.restore()


def draw_pressable(
    painter: QPainter, rect: QRectF, *, fill: str | None, edge: str, width: float, foot: float, radius: float
) -> None:
    """Draw a box with a thicker lower edge: something that goes down when pressed."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outer, inner = QPainterPath(), QPainterPath()
    outer.addRoundedRect(rect, radius, radius)
    inside = rect.adjusted(width, width, -width, -width - foot)
    inner.addRoundedRect(inside, radius - width, radius - width)
    painter.fillPath(outer.subtracted(inner), look().colour(edge))
    if fill is not None:
        painter.fillPath(inner, look().colour(fill))
    painter.restore()
