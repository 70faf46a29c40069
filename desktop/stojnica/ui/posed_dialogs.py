"""Each dialog of the stand, filled in for a picture; none of them keeps anything."""

from collections.abc import Iterator
from uuid import UUID

from stojnica.i18n import gettext as _
from stojnica.services.contact_defaults import EventDefaults
from stojnica.ui.crash_dialog import CrashDialog
from stojnica.ui.dialogs import AppDialog, ConfirmDialog
from stojnica.ui.pages.defaults_dialog import DefaultsDialog
from stojnica.ui.pages.member_pin_dialog import MemberPinDialog
from stojnica.ui.pages.operator_dialog import OperatorDialog
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.pages.tally_keys_dialog import TallyKeysDialog
from stojnica.ui.pages.void_dialog import VoidDialog
from stojnica.ui.stand_window import StandWindow


def posed_dialogs(window: StandWindow) -> Iterator[tuple[str, AppDialog]]:
    """Give each dialog with the name of its picture."""
    main, models = window.main, window.models
    yield "dialog-several", SeveralDialog(main, models.today)
    yield "dialog-keys", TallyKeysDialog(main, models.today)
    yield "dialog-names", PinDialog(main)
    yield "dialog-everybody", DefaultsDialog(main, EventDefaults())
    yield "dialog-operator", OperatorDialog(main, "Maja", ("Maja", "Žiga"))
    yield "dialog-own-pin", MemberPinDialog(main, "Maja")
    yield "dialog-void", VoidDialog(main, models.contact, UUID(int=1))
    yield (
        "dialog-confirm",
        ConfirmDialog(
            main,
            title=_("Take {name} off the list?").format(name="Maja"),
            text=_("The hours stay. Their own PIN no longer works."),
            accept=_("Take off the list"),
        ),
    )
    yield "dialog-crash", CrashDialog("stojnica · Python 3.11 · Qt 6.11\nValueError")
