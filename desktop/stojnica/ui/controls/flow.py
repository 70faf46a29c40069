"""Rows that break instead of being cut when text grows or the window is narrow."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lay items out in reading order and go on below where the row is full."""

    def __init__(self, parent: QWidget | None = None, *, gap_x: int = 12, gap_y: int = 12) -> None:
        super().__init__(parent)
        self.setContentsMargins(0, 0, 0, 0)
        self._items: list[QLayoutItem] = []
        self._gap_x = gap_x
        self._gap_y = gap_y
        self._is_right_aligned = False

    def set_right_aligned(self, right: bool) -> None:
        """Put the rows at the right edge, for the actions of a page."""
        self._is_right_aligned = right

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        hints = [item.sizeHint() for item in self._shown()]
        width = sum(hint.width() for hint in hints) + self._gap_x * max(len(hints) - 1, 0)
        return QSize(width, max((hint.height() for hint in hints), default=0))

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._shown():
            size = size.expandedTo(item.minimumSize())
        return size

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        y = rect.y()
        rows = self._rows(rect.width())
        for row in rows:
            height = max(item.sizeHint().height() for item in row)
            used = sum(item.sizeHint().width() for item in row) + self._gap_x * (len(row) - 1)
            x = rect.x() + (max(rect.width() - used, 0) if self._is_right_aligned else 0)
            for item in row:
                hint = item.sizeHint()
                if move:
                    top = y + (height - hint.height()) // 2
                    item.setGeometry(QRect(QPoint(x, top), hint.boundedTo(QSize(rect.width(), height))))
                x += hint.width() + self._gap_x
            y += height + self._gap_y
        return y - rect.y() - (self._gap_y if rows else 0)

    def _rows(self, width: int) -> list[list[QLayoutItem]]:
        rows: list[list[QLayoutItem]] = []
        used = 0
        for item in self._shown():
            needed = item.sizeHint().width()
            if rows and used + self._gap_x + needed <= width:
                rows[-1].append(item)
                used += self._gap_x + needed
            else:
                rows.append([item])
                used = needed
        return rows


class EvenLayout(FlowLayout):
    """Lay items out in cells of one width that fill the row: as many columns as their text allows."""

    def __init__(
        self, parent: QWidget | None = None, *, gap_x: int = 18, gap_y: int = 18, columns: int = 99
    ) -> None:
        super().__init__(parent, gap_x=gap_x, gap_y=gap_y)
        self._most_columns = columns

    def columns_for(self, width: int) -> int:
        """Give the number of columns at a width."""
        items = self._shown()
        if not items:
            return 1
        needed = max(item.minimumSize().width() for item in items)
        fitting = (width + self._gap_x) // max(needed + self._gap_x, 1)
        most = min(self._most_columns, len(items))
        columns = max(1, min(most, fitting))
        rows = -(-len(items) // columns)
        return -(-len(items) // rows) if self._most_columns > len(items) else columns

    def sizeHint(self) -> QSize:
        items = self._shown()
        columns = min(self._most_columns, max(len(items), 1))
        width = max((item.sizeHint().width() for item in items), default=0)
        full = width * columns + self._gap_x * (columns - 1)
        return QSize(full, self.heightForWidth(full))

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        items = self._shown()
        if not items:
            return 0
        columns = self.columns_for(rect.width())
        cell = (rect.width() - self._gap_x * (columns - 1)) / columns
        y = rect.y()
        for start in range(0, len(items), columns):
            row = items[start : start + columns]
            height = max(height_of(item, int(cell)) for item in row)
            for column, item in enumerate(row):
                left = rect.x() + round(column * (cell + self._gap_x))
                right = rect.x() + round(column * (cell + self._gap_x) + cell)
                if move:
                    item.setGeometry(QRect(left, y, right - left, height))
            y += height + self._gap_y
        return y - rect.y() - self._gap_y


def height_of(item: QLayoutItem, width: int) -> int:
    """Give the height that an item needs at a width."""
    if item.hasHeightForWidth():
        return max(item.heightForWidth(width), item.minimumSize().height())
    return item.sizeHint().height()
