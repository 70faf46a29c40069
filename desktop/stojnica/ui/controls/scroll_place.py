"""Where a page scrolls when the text is large or the window small."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget


class ScrollPlace(QScrollArea):
    """Hold a page that may be higher than its place, and follow the focus that a person moves.

    Focus that moves because a button was disabled is not followed: the page would run away under the hand.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        left = QApplication.focusWidget()
        # Not the scroll area's own way, which always follows.
        is_moved = QWidget.focusNextPrevChild(self, is_next)
        reached = QApplication.focusWidget()
        if is_moved and reached is not None and (left is None or left.isEnabled()):
            self.ensureWidgetVisible(reached)
        return is_moved
