"""Text on a page: plain by default, so that nothing a visitor typed is ever read as markup."""

import re

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from stojnica.domain.text_bound import breakable, held_together
from stojnica.i18n import current_language
from stojnica.ui.controls.spoken import Spoken, speak_as

_LINE_PX = 640
_HEADINGS = frozenset({"page-title", "card-title", "kiosk-title", "banner-title"})
_STRONG = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)


def marked(text: str) -> str:
    """Turn ``**strong**`` into markup and escape everything else; for sentences of ours."""
    # Without the module html: its table of entities is in the way of an early window.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return _STRONG.sub(r"<b style='font-weight:600'>\1</b>", escaped)


class Label(QLabel):
    """Show text in a role of the theme: page-title, subtitle, card-title, strong, mid, soft, small …."""

    def __init__(
        self, text: str = "", role: str = "", *, wrap: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self._is_heading = role in _HEADINGS
        if self._is_heading:
            speak_as(self, Spoken.HEADING)
        self.setWordWrap(wrap)
        if wrap:
            policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            policy.setHeightForWidth(True)
            self.setSizePolicy(policy)
        self.setText(text)

    def setText(self, text: str) -> None:
        self._words = text
        is_ours = self.textFormat() == Qt.TextFormat.RichText
        # A word that doesn't end would make the page as wide as itself.
        shown = held_together(text, current_language()) if self.wordWrap() else text
        super().setText(breakable(shown) if self.wordWrap() and not is_ours else shown)
        if self._is_heading:
            # Qt reads the text of a label alone, and a heading is none to it.
            self.setAccessibleName(text)

    def text(self) -> str:
        return self._words

    def shown_text(self) -> str:
        """Give the text with what was put in for its lines, for who measures it."""
        return super().text()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if not self.wordWrap() or self.textFormat() == Qt.TextFormat.RichText:
            return hint
        # Qt would propose a narrow block; a line is read more easily.
        margins = self.contentsMargins()
        words = self.fontMetrics().size(0, self.text()).width() + 2
        width = min(words + margins.left() + margins.right(), _LINE_PX)
        return QSize(width, self.heightForWidth(width))

    def set_marked(self, text: str) -> None:
        """Show a sentence of ours in which ``**words**`` are strong."""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setText(marked(text))

    def set_tone(self, tone: str) -> None:
        """Colour the text good, wait or bad; empty for its role's own colour."""
        restyle(self, "tone", tone)


def restyle(widget: QWidget, name: str, value: object) -> None:
    """Set a property that the stylesheet looks at, and let the stylesheet look again."""
    if (widget.property(name) or "") == (value or ""):
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
