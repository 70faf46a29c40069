"""What the window of a stand is made from: the view-models of all its pages."""

from dataclasses import dataclass, field

from stojnica.services.answers_page import AnswersViewModel
from stojnica.services.appearance import AppearanceViewModel
from stojnica.services.auto_send import AutoSend
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.events_page import EventsViewModel
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.openers_page import OpenersViewModel
from stojnica.services.preflight_page import PreflightViewModel
from stojnica.services.send import SendViewModel
from stojnica.services.slip_contact import ContactWithSlips
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.slip_print_page import SlipPrintViewModel
from stojnica.services.slips_page import SlipsViewModel
from stojnica.services.stand import StandContext
from stojnica.services.start_of_kiosk import KioskStartViewModel
from stojnica.services.status import StatusViewModel
from stojnica.services.stay_awake import NotedStayAwake, StayAwake
from stojnica.services.stick import StickViewModel
from stojnica.services.team_models import TeamModels
from stojnica.services.today import TodayViewModel
from stojnica.ui.tryout import TryoutDoor


@dataclass(frozen=True, slots=True)
class StandModels:
    """Hold the view-models of one unlocked stand."""

    context: StandContext
    today: TodayViewModel
    contact: ContactWithSlips
    kiosk: KioskViewModel
    kiosk_start: KioskStartViewModel
    appearance: AppearanceViewModel
    events: EventsViewModel
    slips: SlipsViewModel
    slip_entry: SlipEntryViewModel
    slip_print: SlipPrintViewModel
    flyers: FlyersViewModel
    send: SendViewModel
    status: StatusViewModel
    answers: AnswersViewModel
    preflight: PreflightViewModel
    team: TeamModels
    group: GroupVisitViewModel
    auto_send: AutoSend | None = None
    openers: OpenersViewModel | None = None
    awake: StayAwake = field(default_factory=NotedStayAwake)
    tryout: TryoutDoor | None = None
    copies: CopiesViewModel | None = None
    stick: StickViewModel | None = None
