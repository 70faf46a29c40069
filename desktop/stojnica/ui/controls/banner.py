"""The outcome of something long awaited, told large."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from stojnica.i18n import gettext as _
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.painting import draw_box, draw_sign
from stojnica.ui.controls.spoken import Spoken, announce, speak_as
from stojnica.ui.theme.look import look
from stojnica.ui.theme.sizes import CARD_RADIUS, Type


def tone_word(tone: str) -> str:
    """Say what a tone means, for those who see neither its colour nor its sign."""
    return {"good": _("fine"), "bad": _("not fine")}.get(tone, _("to look at"))


class RoundSign(QWidget):
    """A tick, an exclamation mark or a cross in a circle of its tone: good, wait, bad.

    `said` is what it means here, in the language of whoever looks.
    """

    def __init__(self, tone: str, side_px: int, *, said: str = "") -> None:
        super().__init__()
        self._said = said
        self._side_px = side_px
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        speak_as(self, Spoken.PICTURE)
        self.set_tone(tone)

    def set_tone(self, tone: str) -> None:
        """Change the sign."""
        self._tone = tone
        self.setAccessibleName(self._said or tone_word(tone))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(self._side_px), look().px(self._side_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_sign(QPainter(self), QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._tone)


class ResultBanner(QWidget):
    """A sign, a headline that counts people, a sentence, and at the right the code when there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._tone = "wait"
        self._sign = RoundSign("wait", 84)
        self._title = Label("", "banner-title", wrap=True)
        self._text = Label("", "banner-text", wrap=True)
        self._code_label = Label("", "small")
        self._code = _Code()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._build()

    def set_result(self, tone: str, title: str, text: str, *, code: str = "", code_label: str = "") -> None:
        """Show an outcome: `tone` is good, wait or bad; ``**words**`` in `text` are strong."""
        self._tone = tone
        self._sign.set_tone(tone)
        self._title.setText(title)
        self._text.set_marked(text)
        self._code.set_code(code)
        self._code_label.setText(code_label)
        self._code.setVisible(bool(code))
        self._code_label.setVisible(bool(code))
        plain = text.replace("**", "")
        if self.isVisible() and (title, plain) != (self.accessibleName(), self.accessibleDescription()):
            announce(self, f"{title}. {plain}")
        self.setAccessibleName(title)
        self.setAccessibleDescription(plain)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_box(
            QPainter(self),
            QRectF(self.rect()),
            fill=f"{self._tone}_soft",
            edge=f"{self._tone}_edge",
            width=look().theme.edge_px,
            radius=CARD_RADIUS,
        )

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch(1)
        code = QVBoxLayout()
        code.setSpacing(0)
        code.addStretch(1)
        code.addWidget(self._code_label, 0, Qt.AlignmentFlag.AlignRight)
        code.addWidget(self._code, 0, Qt.AlignmentFlag.AlignRight)
        code.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(36, 30, 36, 30)
        row.setSpacing(34)
        row.addWidget(self._sign)
        row.addLayout(words, 1)
        row.addLayout(code)
        self._code.setVisible(False)
        self._code_label.setVisible(False)


class _Code(QWidget):
    """A short code in big, widely spaced letters; spelt out for a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        speak_as(self, Spoken.PICTURE)
        self._code = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_code(self, code: str) -> None:
        self._code = code
        self.setAccessibleName(" ".join(code))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        return QSize(metrics.horizontalAdvance(self._code) + 2, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._font())
        painter.setPen(look().colour("ink"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._code)

    def _font(self) -> QFont:
        font = look().font(Type.KIOSK_TITLE, semibold=True)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, look().px(3))
        return font
