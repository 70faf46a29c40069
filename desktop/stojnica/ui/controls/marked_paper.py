"""One sheet of paper, with what is wrong on it framed, and said beside the frame."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from stojnica.printing.problem_places import ProblemPlace
from stojnica.printing.template import Area
from stojnica.services.flyer_preview import PreviewPage
from stojnica.ui.controls.painting import draw_box, draw_sign
from stojnica.ui.controls.spoken import Spoken, speak_as
from stojnica.ui.theme.look import look

_SIGN = 18
_WORDS_PX = 13
_PADDING = 8
_GAP = 6
_WIDEST = 300


class MarkedPaper(QWidget):
    """Paint a page at whatever size it has; a voice reads what is wrong on it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._page: PreviewPage | None = None
        self._picture = QPixmap()
        self._scaled = QPixmap()
        self._is_busy = False
        speak_as(self, Spoken.PICTURE)
        self.setAccessibleName(name)

    def set_page(self, page: PreviewPage | None) -> None:
        """Show a page, or an empty desk."""
        if page is self._page:
            return
        if page is None or self._page is None or page.png != self._page.png:
            self._picture = QPixmap()
            self._scaled = QPixmap()
            if page is not None:
                self._picture.loadFromData(page.png)
        self._page = page
        self.setAccessibleDescription(_spoken(page))
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Dim the picture: it is not the newest any more."""
        if busy != self._is_busy:
            self._is_busy = busy
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._page is None:
            return
        painter = QPainter(self)
        if self._picture.isNull():
            painter.fillRect(self.rect(), QColor("white"))
            return
        painter.setOpacity(0.4 if self._is_busy else 1.0)
        painter.drawPixmap(0, 0, self._sharp())
        painter.setPen(look().colour("line"))
        painter.drawRect(0, 0, self.width() - 1, self.height() - 1)
        if not self._is_busy:
            self._draw_places(painter, self._page)

    def _sharp(self) -> QPixmap:
        """Scale once for each size: scrolling paints often."""
        ratio = self.devicePixelRatioF()
        size = QSize(round(self.width() * ratio), round(self.height() * ratio))
        if self._scaled.size() != size:
            self._scaled = self._picture.scaled(
                size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            self._scaled.setDevicePixelRatio(ratio)
        return self._scaled

    def _draw_places(self, painter: QPainter, page: PreviewPage) -> None:
        scale = self.width() / page.size_mm[0]
        frames: dict[Area, list[ProblemPlace]] = {}
        for place in page.places:
            frames.setdefault(place.area, []).append(place)
        written: list[tuple[QRectF, str, str]] = []
        for area, places in sorted(frames.items(), key=lambda item: item[0].top):
            frame = QRectF(area.left * scale, area.top * scale, area.width * scale, area.height * scale)
            frame = QRectF(frame.toAlignedRect()).intersected(QRectF(self.rect()))
            tone = "bad" if any(place.is_blocking for place in places) else "wait"
            draw_box(painter, frame, fill=None, edge=tone, width=2, radius=4)
            if tone == "wait":
                # Said beside the paper: a hint must not cover what it is about.
                continue
            words = "\n".join(place.words for place in places)
            taken = [other for other, _words, _tone in written]
            written.append((self._free_place(frame, words, taken), words, tone))
        # Above all frames: a line through a sentence can't be read.
        for room, words, tone in written:
            self._draw_words(painter, room, words, tone)

    def _free_place(self, frame: QRectF, words: str, taken: list[QRectF]) -> QRectF:
        """Give a place for the words: under the frame, above it where there is no room, clear of others."""
        metrics = QFontMetrics(look().font(_WORDS_PX))
        sign = look().px(_SIGN)
        width = min(look().px(_WIDEST), self.width() - 2 * _GAP)
        room = metrics.boundingRect(
            0, 0, int(width - sign - 3 * _PADDING), 1000, Qt.TextFlag.TextWordWrap, words
        )
        size = (room.width() + sign + 3 * _PADDING + 2, max(room.height(), sign) + 2 * _PADDING)
        left = min(max(frame.left(), _GAP), max(self.width() - size[0] - _GAP, 0))
        tops = (
            frame.bottom() + _GAP,
            frame.top() - _GAP - size[1],
            # On its own words: they are wrong anyway.
            frame.bottom() - _GAP - size[1],
            frame.top() + _GAP,
        )
        places = [QRectF(left, top, *size) for top in tops]
        inside = [place for place in places if place.top() >= 0 and place.bottom() <= self.height()]
        free = (place for place in inside if not any(map(place.intersects, taken)))
        return next(iter((*free, *inside, *places)))

    def _draw_words(self, painter: QPainter, place: QRectF, words: str, tone: str) -> None:
        sign = look().px(_SIGN)
        draw_box(painter, place, fill="card", edge=tone, width=1, radius=6)
        draw_sign(painter, QRectF(place.left() + _PADDING, place.top() + _PADDING, sign, sign), tone)
        painter.setFont(look().font(_WORDS_PX))
        painter.setPen(look().colour("ink"))
        text = place.adjusted(sign + 2 * _PADDING, _PADDING, -_PADDING + 2, -_PADDING + 2)
        painter.drawText(text, Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter, words)


def _spoken(page: PreviewPage | None) -> str:
    return " ".join(dict.fromkeys(place.words for place in page.places)) if page else ""
