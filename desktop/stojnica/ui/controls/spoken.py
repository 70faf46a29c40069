"""What a screen reader hears beyond names: roles that no widget of Qt has, and sentences said at once."""

from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QWidget

_ROLE = "spokenRole"


class Spoken(StrEnum):
    """Say what a widget is to somebody who doesn't see it; the values are names of Qt's roles."""

    HEADING = "Heading"
    GROUP = "Grouping"
    PICTURE = "Graphic"
    CHART = "Chart"
    LIST = "List"
    LINE = "ListItem"
    STATUS = "StatusBar"
    TEXT = "Document"


def speak_as(widget: QWidget, role: Spoken) -> None:
    """Give a widget its role; before it is shown for the first time."""
    widget.setProperty(_ROLE, str(role))


def install_roles() -> None:
    """Let Qt ask here what a widget is; once in the life of the process."""
    QAccessible.installFactory(_interface_of)


def announce(widget: QWidget, text: str, *, is_urgent: bool = False) -> None:
    """Have a screen reader say something now, wherever the focus is; without one nothing happens."""
    if not text or not QAccessible.isActive():
        return
    event = QAccessibleAnnouncementEvent(widget, text)
    if is_urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)


def _interface_of(_class_name: str, asked: QObject) -> QAccessibleInterface | None:
    if not isinstance(asked, QWidget):
        return None
    role = asked.property(_ROLE)
    if role is None:
        return None
    # Only who listens needs it: the first window comes sooner without.
    from PySide6.QtWidgets import QAccessibleWidget

    return QAccessibleWidget(asked, QAccessible.Role[str(role)])
