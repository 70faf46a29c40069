"""Which keys count: a set of keys for all counters, and a clicker that is taught by pressing it."""

from PySide6.QtWidgets import QWidget

from stojnica.i18n import gettext as _
from stojnica.services.tally_keys import (
    ALT,
    CTRL_ALT,
    FUNCTION,
    OFF,
    Clicker,
    Stroke,
    TallyKeys,
    why_not_a_clicker,
)
from stojnica.services.today import TodayViewModel
from stojnica.ui.controls.field import ChoiceField, FieldMessage, LabelledField
from stojnica.ui.controls.key_catcher import KeyCatcher
from stojnica.ui.controls.labels import Label
from stojnica.ui.controls.segmented import Segment, SegmentedChoice
from stojnica.ui.dialogs import AppDialog


class TallyKeysDialog(AppDialog):
    """Collect the keys for this laptop."""

    def __init__(self, parent: QWidget, model: TodayViewModel) -> None:
        super().__init__(
            parent,
            title=_("Keys for counting"),
            intro=_("They count on every page, while you type, and in the kiosk, where nobody sees it."),
            accept=_("Use these keys"),
        )
        self._model = model
        chosen = model.keys
        self._key = chosen.clicker.key if chosen.clicker else ""
        self._keys = SegmentedChoice(
            _("Keys of the keyboard"),
            [
                Segment(CTRL_ALT, _("Ctrl Alt 1 …")),
                Segment(ALT, _("Alt 1 …")),
                Segment(FUNCTION, _("F1 …")),
                Segment(OFF, _("no keys")),
            ],
        )
        self._keys.set_value(chosen.keys)
        self._catcher = KeyCatcher()
        self._catch = LabelledField(_("Clicker with one button (USB or Bluetooth)"), self._catcher)
        self._counts = ChoiceField(_("The clicker counts"), reserve=False)
        counters: list[tuple[object, str]] = [(item.id, item.title) for item in model.counters]
        self._counts.set_choices([("", _("nothing: there is no clicker")), *counters])
        self._counts.set_value(chosen.clicker.counter if chosen.clicker else "")
        self._build_body()
        self._show_key()
        self._catcher.caught.connect(self._on_caught)
        self._keys.chosen.connect(self._on_keys)
        self.submitted.connect(self._on_submitted)

    def _build_body(self) -> None:
        self.body.addWidget(LabelledField(_("Keys of the keyboard"), self._keys, reserve=False))
        hint = _("Does a key write a sign, such as ~ or ^, instead of counting? Then choose other keys.")
        self.body.addWidget(Label(hint, "soft", wrap=True))
        self.body.addSpacing(12)
        self.body.addWidget(self._catch)
        self.body.addWidget(self._counts)

    def collect(self) -> object:
        """Give the keys, or None when the clicker has a key that counts already."""
        counter, keys = str(self._counts.value() or ""), str(self._keys.value())
        if not counter or not self._key:
            return TallyKeys(keys)
        reason = why_not_a_clicker(_stroke_named(self._key), keys)
        self._say_of_clicker(reason)
        return None if reason else TallyKeys(keys, Clicker(self._key, counter))

    def _show_key(self) -> None:
        self._catcher.set_key(self._key)

    def _say_of_clicker(self, reason: str) -> None:
        self._catch.set_message(FieldMessage(reason, "bad") if reason else None)

    def _on_caught(self, stroke: object) -> None:
        assert isinstance(stroke, Stroke)
        reason = why_not_a_clicker(stroke, str(self._keys.value()))
        self._say_of_clicker(reason)
        if not reason:
            self._key = stroke.name
            if not self._counts.value():
                self._counts.set_value(self._model.counters[0].id)
        self._show_key()

    def _on_keys(self, _keys: object) -> None:
        self._say_of_clicker("")

    def _on_submitted(self, keys: object) -> None:
        assert isinstance(keys, TallyKeys)
        self._model.choose_keys(keys)
        self.accept()


def _stroke_named(name: str) -> Stroke:
    *held, key = name.split("+") if not name.endswith("+") else [*name[:-1].split("+")[:-1], "+"]
    return Stroke(key, tuple(held))
