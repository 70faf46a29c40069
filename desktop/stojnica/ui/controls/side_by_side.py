"""Columns that stand beside each other while there is room, and below each other when there is not."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from stojnica.ui.controls.flow import height_of


class SideBySide(QLayout):
    """Share a width between columns by their stretch, or stack them where they don't fit.

    With `natural` a column asks for the width of its words, otherwise for the least it can live with.
    """

    def __init__(self, *, gap: int = 18, gap_stacked: int | None = None, natural: bool = False) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._shares: list[int] = []
        self._gap = gap
        self._gap_stacked = gap if gap_stacked is None else gap_stacked
        self._is_natural = natural

    def add(self, item: QWidget | QLayout, share: int = 1) -> None:
        """Put a column at the end; a share of 0 keeps its own width."""
        self._shares.append(share)
        if isinstance(item, QWidget):
            self.addWidget(item)
        else:
            self.addChildLayout(item)
            self.addItem(item)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        if not 0 <= index < len(self._items):
            return None
        del self._shares[index]
        return self._items.pop(index)

    def expandingDirections(self) -> Qt.Orientation:
        directions = Qt.Orientation.Horizontal
        for item in self._items:
            directions |= item.expandingDirections() & Qt.Orientation.Vertical
        return directions

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        shown = self._shown()
        if self._fits(width):
            return max((height_of(item, w) for (item, _s), w in zip(shown, self._widths(width), strict=True)),
                       default=0)  # fmt: skip
        heights = [height_of(item, width) for item, _share in shown]
        return sum(heights) + self._gap_stacked * max(len(heights) - 1, 0)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item, _share in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap * max(len(hints) - 1, 0)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item, _share in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        shown = self._shown()
        if self._fits(rect.width()):
            x = rect.x()
            for (item, _share), width in zip(shown, self._widths(rect.width()), strict=True):
                item.setGeometry(QRect(x, rect.y(), width, rect.height()))
                x += width + self._gap
            return
        y = rect.y()
        for item, _share in shown:
            height = height_of(item, rect.width())
            item.setGeometry(QRect(rect.x(), y, rect.width(), height))
            y += height + self._gap_stacked

    def _shown(self) -> Sequence[tuple[QLayoutItem, int]]:
        pairs = zip(self._items, self._shares, strict=True)
        return [(item, share) for item, share in pairs if not item.isEmpty()]

    def _needed(self, item: QLayoutItem, share: int) -> int:
        return item.sizeHint().width() if self._is_natural or share == 0 else item.minimumSize().width()

    def _fits(self, width: int) -> bool:
        shown = self._shown()
        needed = sum(self._needed(item, share) for item, share in shown)
        return needed + self._gap * max(len(shown) - 1, 0) <= width

    def _widths(self, width: int) -> list[int]:
        """Give each its share of the width, but never less than it needs."""
        shown = self._shown()
        free = width - self._gap * max(len(shown) - 1, 0)
        widths = [self._needed(item, share) if share == 0 else 0 for item, share in shown]
        open_ones = [index for index, (_item, share) in enumerate(shown) if share]
        left = free - sum(widths)
        while open_ones:
            shares = sum(shown[index][1] for index in open_ones)
            tight = [i for i in open_ones if left * shown[i][1] / shares < self._needed(*shown[i])]
            if not tight:
                for index in open_ones:
                    widths[index] = int(left * shown[index][1] / shares)
                break
            for index in tight:
                widths[index] = self._needed(*shown[index])
                left -= widths[index]
                open_ones.remove(index)
        return widths
