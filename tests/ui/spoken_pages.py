"""What a screen reader would say of a window, and what would make no sense to somebody who hears it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QScrollArea,
    QWidget,
)

Role = QAccessible.Role
PRESSED = {Role.Button, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.SpinBox}
GROUPS = {Role.Grouping, Role.List, Role.ListItem, Role.StatusBar, Role.Dialog}
FITTING: tuple[tuple[type[QWidget], set[Role]], ...] = (
    (QCheckBox, {Role.CheckBox}),
    (QRadioButton, {Role.RadioButton}),
    (QAbstractButton, {Role.Button}),
    (QLineEdit, {Role.EditableText}),
    (QPlainTextEdit, {Role.EditableText}),
    (QComboBox, {Role.ComboBox}),
    (QAbstractSpinBox, {Role.SpinBox}),
    (QAbstractItemView, {Role.List}),
    (QScrollArea, {Role.Document}),
)
# Signs that a voice spells out or leaves out, markup, and names of our classes.
SENSELESS = re.compile(r"&&|&\w|[<>‹›↵↩*_|{}]")
KEY_CAP = re.compile(r"\((Ctrl|Alt|Shift)\b")


@dataclass(frozen=True)
class Node:
    """One thing that is said: its words, what it is, and the group in which it stands."""

    name: str
    role: Role
    description: str
    states: tuple[str, ...]
    group: str
    depth: int
    widget: QWidget | None

    def __str__(self) -> str:
        words = [self.name or "(no name)", *([str(self.role).removeprefix("Role.")]), *self.states]
        told = ", ".join(words)
        return f"{'  ' * self.depth}{told}" + (f" — {self.description}" if self.description else "")


def nodes(window: QWidget) -> list[Node]:
    """Give all that is visible in a window, in the order of the tree that a screen reader gets."""
    top = QAccessible.queryAccessibleInterface(window)
    assert top is not None
    return list(_nodes(top, "", 0))


def spoken(window: QWidget) -> str:
    """Give a window as it is read aloud from top to bottom."""
    return "\n".join(str(node) for node in nodes(window) if node.name or node.role in PRESSED)


def faults(window: QWidget) -> list[str]:
    """Name what a screen reader couldn't say, or would say in a way that nobody understands."""
    found = [f"{_place(node)}: {fault}" for node in nodes(window) for fault in _faults_of(node)]
    twice = Counter(
        (node.group, node.name, node.role, node.description)
        for node in nodes(window)
        if node.role in PRESSED and node.name
    )
    found += [
        f"{key[1]!r} ({key[2]}) in {key[0]!r} {times} times" for key, times in twice.items() if times > 1
    ]
    return found


def _nodes(interface: QAccessibleInterface, group: str, depth: int) -> Iterator[Node]:
    widget = interface.object()
    if isinstance(widget, QWidget) and not widget.isVisible():
        return
    name, role = interface.text(QAccessible.Text.Name), interface.role()
    description = interface.text(QAccessible.Text.Description)
    own = widget if isinstance(widget, QWidget) else None
    if isinstance(own, QComboBox):
        # On Linux the name is what is chosen, and the label comes by a relation.
        name, description = own.accessibleName(), f"{own.currentText()} {description}".strip()
    yield Node(name, role, description, _states(interface), group, depth, own)
    inside = name if role in GROUPS and name else group
    for place in range(interface.childCount()):
        child = interface.child(place)
        if child is not None and not _is_part(child, role):
            yield from _nodes(child, inside, depth + 1)


def _is_part(child: QAccessibleInterface, parent: Role) -> bool:
    """Tell whether it is a part that Qt made of one of its own controls."""
    return parent in PRESSED or child.role() in (Role.ScrollBar, Role.Window) or child.object() is None


def _states(interface: QAccessibleInterface) -> tuple[str, ...]:
    state = interface.state()
    said = {"checked": state.checked, "disabled": state.disabled, "password": state.passwordEdit}
    return tuple(word for word, is_so in said.items() if is_so)


def _out_of_order(window: QWidget) -> list[str]:
    """Name what is read after something that stands below it, or at its right."""
    found = []
    for parent in [window, *window.findChildren(QWidget)]:
        inside = [child for child in parent.children() if isinstance(child, QWidget) and _is_read(child)]
        for one, other in pairwise(inside):
            first, second = one.geometry(), other.geometry()
            is_column = first.left() < second.right() and second.left() < first.right()
            is_row = first.top() < second.bottom() and second.top() < first.bottom()
            if (is_column and second.bottom() <= first.top()) or (is_row and second.right() <= first.left()):
                found.append(f"read before what stands above or left of it: {_words(one)} / {_words(other)}")
    return found


def _is_read(widget: QWidget) -> bool:
    is_ours = type(widget) is QWidget or type(widget).__module__.startswith("stojnica.")
    return is_ours and widget.isVisible() and not widget.isWindow() and not widget.objectName()


def _words(widget: QWidget) -> str:
    words = [child.text() for child in [widget, *widget.findChildren(QLabel)] if isinstance(child, QLabel)]
    return f"{type(widget).__name__} {widget.accessibleName() or words[:1]}"


def _place(node: Node) -> str:
    inside = f" in {node.group!r}" if node.group else ""
    return f"{type(node.widget).__name__} {node.name!r}{inside}"


def _faults_of(node: Node) -> Iterator[str]:
    widget = node.widget
    assert widget is not None
    takes_focus = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
    if node.role in PRESSED or takes_focus:
        if not node.name.strip():
            yield "no name"
        if not re.search(r"\w", node.name):
            yield "no word in its name"
        if KEY_CAP.search(node.name):
            yield "a key in its name"
        roles = next((roles for kind, roles in FITTING if isinstance(widget, kind)), None)
        if roles is None or node.role not in roles:
            yield f"its role is {node.role}"
        yield from _wrong_states(node)
    if not isinstance(widget, QLabel) and (sign := SENSELESS.search(node.name + " " + node.description)):
        yield f"senseless {sign.group()!r} in {node.name!r} {node.description!r}"
    if node.name in {kind.__name__ for kind in type(widget).__mro__}:
        yield "called as its class is"
    if isinstance(widget, QLabel) and widget.text() and not node.name:
        yield f"a text that is not read: {widget.text()}"
    if (
        _draws_itself(widget)
        and not isinstance(widget, QLabel)
        and not node.name
        and not _has_words_inside(widget)
    ):
        yield "drawn, but not said"


def _wrong_states(node: Node) -> Iterator[str]:
    widget = node.widget
    assert widget is not None
    if isinstance(widget, QCheckBox | QRadioButton) and widget.isChecked() != ("checked" in node.states):
        yield "its tick is not said"
    if widget.isEnabled() == ("disabled" in node.states):
        yield "that it can't be used is not said"


DECORATIVE = {"_Ring", "_Dot", "IconBadge", "Monogram", "Bar", "Page", "_Gap"}
"""What stands beside its words, or around them."""


def _draws_itself(widget: QWidget) -> bool:
    kind = type(widget)
    own = kind.__module__.startswith("stojnica.") and "paintEvent" in vars(kind)
    return own and kind.__name__ not in DECORATIVE


def _has_words_inside(widget: QWidget) -> bool:
    return any(isinstance(child, QLabel) or child.accessibleName() for child in widget.findChildren(QWidget))
