"""A day and an hour, typed in the order in which people write them."""

from datetime import datetime
from typing import Any, cast

from PySide6.QtCore import QDateTime, QEvent, Signal
from PySide6.QtWidgets import QAbstractSpinBox, QDateTimeEdit

from stojnica.i18n import current_language
from stojnica.ui.controls.field import LabelledField

_FORMATS = {"sl": "d. M. yyyy  H.mm"}
_OTHERS = "d/M/yyyy  HH:mm"
_MARGIN_PX = 12
_PLACING = {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.StyleChange, QEvent.Type.FontChange}


class _DateTimeEdit(QDateTimeEdit):
    """Keep the line inside where the stylesheet's padding would put it; Qt leaves it no room at all."""

    def __init__(self) -> None:
        super().__init__()
        self.setDisplayFormat(_FORMATS.get(current_language(), _OTHERS))
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)

    def event(self, event: QEvent) -> bool:
        result = super().event(event)
        if event.type() in _PLACING:
            self.lineEdit().setGeometry(self.rect().adjusted(_MARGIN_PX, 2, -_MARGIN_PX, -2))
        return result


class DateTimeField(LabelledField):
    """Local day and hour to the minute. `changed` carries each new value, also while it is being typed."""

    changed = Signal(object)

    def __init__(self, label: str, *, note: str = "", **options: Any) -> None:
        self._edit = _DateTimeEdit()
        super().__init__(label, self._edit, note=note, **options)
        self._edit.dateTimeChanged.connect(self._on_changed)

    def value(self) -> datetime:
        """Give the local time, without a zone."""
        return cast(datetime, self._edit.dateTime().toPython()).replace(second=0, microsecond=0)

    def set_value(self, value: datetime) -> None:
        """Show a local time without announcing it; its zone, if any, is left out."""
        blocked = self._edit.blockSignals(True)
        local = value.replace(tzinfo=None)
        self._edit.setDateTime(QDateTime.fromString(local.isoformat(timespec="minutes"), "yyyy-MM-ddTHH:mm"))
        self._edit.blockSignals(blocked)

    def _on_changed(self, _moment: QDateTime) -> None:
        self.changed.emit(self.value())
