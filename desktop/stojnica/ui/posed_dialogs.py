"""Each dialog of the stand, filled in for a picture; none of them keeps anything."""

from collections.abc import Iterator
from uuid import UUID

from stojnica.i18n import gettext as _
from stojnica.printing.funding_check import rule_name
from stojnica.printing.sheets import LONG_EDGE, SHORT_EDGE
from stojnica.services.about_person import AboutConsent, AboutPerson
from stojnica.services.about_view import AboutState, AboutViewModel
from stojnica.services.contact_defaults import EventDefaults
from stojnica.services.estimate import EstimateForm
from stojnica.services.funding_overrule import BrokenRule, FundingCase
from stojnica.services.openers import Opener
from stojnica.services.signup_choices import Choice
from stojnica.services.slips_page import Column, SlipsState
from stojnica.ui.crash_dialog import CrashDialog
from stojnica.ui.dialogs import AppDialog, ConfirmDialog
from stojnica.ui.pages.about_dialog import AboutDialog
from stojnica.ui.pages.columns_dialog import ColumnsDialog
from stojnica.ui.pages.defaults_dialog import DefaultsDialog
from stojnica.ui.pages.estimate_dialog import EstimateDialog
from stojnica.ui.pages.file_kind_dialog import FileKindDialog
from stojnica.ui.pages.new_pin_dialog import NewPinDialog, PinAsk
from stojnica.ui.pages.opener_dialogs import NameOpenerDialog, NewOpenerDialog, RemoveOpenerDialog
from stojnica.ui.pages.operator_dialog import OperatorDialog
from stojnica.ui.pages.overrule_dialog import OverruleDialog
from stojnica.ui.pages.pin_dialog import PinDialog
from stojnica.ui.pages.print_dialog import PrintDialog, Wanted
from stojnica.ui.pages.several_dialog import SeveralDialog
from stojnica.ui.pages.take_back_dialog import TakeBackDialog
from stojnica.ui.pages.tally_keys_dialog import TallyKeysDialog
from stojnica.ui.pages.void_dialog import void_contact_dialog, void_visit_dialog
from stojnica.ui.printer_desk import PrinterOffer
from stojnica.ui.stand_window import StandWindow


def posed_dialogs(window: StandWindow) -> Iterator[tuple[str, AppDialog]]:
    """Give each dialog with the name of its picture."""
    main, models = window.main, window.models
    yield "dialog-several", SeveralDialog(main, models.today)
    yield "dialog-keys", TallyKeysDialog(main, models.today)
    yield "dialog-names", PinDialog(main)
    yield "dialog-everybody", DefaultsDialog(main, EventDefaults())
    yield "dialog-operator", OperatorDialog(main, "Maja", ("Maja", "Žiga"))
    yield "dialog-pin", NewPinDialog(main)
    yield "dialog-own-pin", NewPinDialog(main, PinAsk("Maja", UUID(int=1)))
    yield "dialog-first-pin", NewPinDialog(main, PinAsk(is_first=True, for_kiosk=True))
    yield "dialog-void", void_contact_dialog(main, models.contact, UUID(int=1))
    yield "dialog-opener", NewOpenerDialog(main, "jutro voda hiša most reka")
    yield "dialog-opener-name", NameOpenerDialog(main)
    yield "dialog-opener-correct", NameOpenerDialog(main, "Maja")
    yield "dialog-opener-out", RemoveOpenerDialog(main, Opener("ab", "Maja", 0))
    yield (
        "dialog-confirm",
        ConfirmDialog(
            main,
            title=_("Take {name} off the list?").format(name="Maja"),
            text=_("The hours stay. Their own PIN no longer works."),
            accept=_("Take off the list"),
        ),
    )
    yield "dialog-overrule", OverruleDialog(main, models.flyers.overruling, _posed_case())
    yield "dialog-void-visit", void_visit_dialog(main, models.group, UUID(int=1))
    yield "dialog-estimate", EstimateDialog(main, EstimateForm("120", "90", "4", _("counted for 20 minutes")))
    yield "dialog-columns", ColumnsDialog(main, _posed_sheet())
    yield "dialog-take-back", TakeBackDialog(main, "SI")
    yield "dialog-about", AboutDialog(main, _PosedAbout(window), "Maja")
    yield (
        "dialog-print",
        PrintDialog(main, Wanted((210, 297), LONG_EDGE, has_test_page=True, pieces=4), _PosedPrinters()),
    )
    yield "dialog-file-kind", FileKindDialog(main)
    yield "dialog-crash", CrashDialog("stojnica · Python 3.11 · Qt 6.11\nValueError")


def _posed_case() -> FundingCase:
    measured = _(
        "The flag of the EU is {found} mm high; at least {least} mm are needed. "
        "Choose a larger size of paper, or another template."
    ).format(found=9, least=10)
    rules = (BrokenRule("eu_height", rule_name("eu_height"), measured),)
    return FundingCase(UUID(int=1), "", "tabori", "promise", "A6", "sl", rules)


def _posed_sheet() -> SlipsState:
    fields = (Choice("first_name", _("First name")), Choice("email", _("E-mail")), Choice("-", _("left out")))
    columns = (Column("ime", "first_name"), Column("e-pošta", "email"), Column("opombe", "-"))
    return SlipsState(columns=columns, fields=fields)


class _PosedAbout(AboutViewModel):
    """Pose a person with two consents, one of them taken back."""

    def __init__(self, window: StandWindow) -> None:
        super().__init__(window.models.context, _say_nothing, _say_nothing)
        boxes = window.models.contact.state.consents
        consents = tuple(
            AboutConsent(box.purpose, box.title, box.text, "", is_granted=place == 0)
            for place, box in enumerate(boxes[:2])
        )
        facts = ((_("First name"), "Tjaša"), (_("E-mail"), "tjasa.znidarsic@example.org"))
        self._set(AboutState(AboutPerson(UUID(int=1), "T. Ž.", facts, consents, "", "")))


class _PosedPrinters:
    """Pose an office's printer."""

    def names(self) -> list[str]:
        return ["Canon-LBP633", "Pisarna"]

    def default(self) -> str:
        return "Pisarna"

    def offer(self, name: str) -> PrinterOffer:
        return PrinterOffer((LONG_EDGE, SHORT_EDGE), (("A3", (297, 420)), ("A4", (210, 297))), (210, 297))


def _say_nothing(_message: object) -> None:
    """Tell no page: it is only a picture."""
