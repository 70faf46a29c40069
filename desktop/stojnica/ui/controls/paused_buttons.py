"""Buttons that can't be pressed while their work is under way."""

from PySide6.QtWidgets import QPushButton, QWidget

from stojnica.ui.controls.focus_ring import focus_quietly


class PausedButtons:
    """Let buttons be pressed or not; the keyboard finds the pressed one again when the work is done.

    In between it is at `rest`, or else wherever Qt leads it, which must not be hidden meanwhile.
    """

    def __init__(self, *buttons: QPushButton, rest: QWidget | None = None) -> None:
        self._buttons = buttons
        self._rest = rest
        self._pressed: QPushButton | None = None
        self._put_by: QWidget | None = None

    def set_idle(self, is_idle: bool) -> None:
        """Enable or disable them all."""
        # Asked of the window: behind a file dialog that just closed, the window itself isn't active yet.
        pressed = next((one for one in self._buttons if one.window().focusWidget() is one), None)
        for button in self._buttons:
            button.setEnabled(is_idle)
        if not is_idle and pressed is not None:
            if self._rest is not None:
                focus_quietly(self._rest)
            self._pressed, self._put_by = pressed, pressed.window().focusWidget()
        elif is_idle and self._pressed is not None:
            # Qt put the focus elsewhere; whoever went on from there stays where they are.
            if self._pressed.window().focusWidget() is self._put_by:
                self._pressed.setFocus()
            self._pressed = self._put_by = None
