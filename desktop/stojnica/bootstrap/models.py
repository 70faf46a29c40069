"""The view-models of a stand, wired; loaded when the store is open, for it brings the whole program along."""

from functools import partial
from typing import Never

from stojnica.bootstrap.machine import this_machine
from stojnica.bootstrap.stand import Stand
from stojnica.i18n import current_language
from stojnica.services.answers_page import AnswersViewModel
from stojnica.services.appearance import AppearanceViewModel
from stojnica.services.auto_send import AutoSend
from stojnica.services.changes import Change, Changes
from stojnica.services.copies_page import CopiesViewModel
from stojnica.services.enrolment import enrol_laptop
from stojnica.services.events_page import EventsViewModel
from stojnica.services.flyers import FlyersViewModel
from stojnica.services.group_visit_page import GroupVisitViewModel
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.openers_page import OpenersViewModel
from stojnica.services.pin import PinLock
from stojnica.services.preflight import Machine
from stojnica.services.preflight_page import PreflightViewModel
from stojnica.services.send import SendViewModel
from stojnica.services.slip_contact import ContactWithSlips
from stojnica.services.slip_entry_page import SlipEntryViewModel
from stojnica.services.slip_print_page import SlipPrintViewModel
from stojnica.services.slips_page import SlipsViewModel
from stojnica.services.stand import StandContext
from stojnica.services.start_of_kiosk import KioskStartViewModel
from stojnica.services.status import StatusViewModel
from stojnica.services.stay_awake import NotedStayAwake, StayAwake, SystemStayAwake
from stojnica.services.stick import StickViewModel
from stojnica.services.tasks import TaskRunner
from stojnica.services.team_models import team_models
from stojnica.services.today import TodayViewModel
from stojnica.services.tryout import open_tryout
from stojnica.settings import Settings, save_settings
from stojnica.storage.store import Store
from stojnica.sync.engine import SyncEngine
from stojnica.sync.reach import can_reach
from stojnica.sync.short_links import HttpsLook, LinkLook
from stojnica.ui.qt_printers import QtPrinters
from stojnica.ui.stand_models import StandModels
from stojnica.ui.tryout import TryoutDoor


def build_models(stand: Stand, runner: TaskRunner) -> StandModels:
    """Make the view-models of an unlocked stand, and hand them what they need."""
    store, clock = stand.store, stand.store.clock
    machine = this_machine(stand.folder, QtPrinters())
    context = StandContext(store, runner, clock, Changes(), PinLock(store), machine.printers)
    # Who practises presses the button.
    is_automatic = not stand.settings.is_practice
    send = SendViewModel(
        store,
        stand.engine,
        runner,
        clock,
        enrol=lambda data, code: enrol_laptop(stand.opened, data, code),
        is_automatic=is_automatic,
    )
    send.leaving.hear_gone(partial(context.changes.tell, Change.CONTACTS, Change.DELIVERY, Change.TEAM))
    send.leaving.clear_up()
    return _models(
        context,
        send,
        AppearanceViewModel(runner, stand.settings, partial(save_settings, stand.folder)),
        machine,
        auto_send=AutoSend(send, store, runner, clock, can_reach=can_reach) if is_automatic else None,
        awake=SystemStayAwake(),
        openers=OpenersViewModel(stand.opened, runner),
        tryout=TryoutDoor(
            lambda: open_tryout(stand.folder, clock),
            lambda room: build_tryout_models(room.store, runner, machine),
        ),
        stick=StickViewModel(
            store, runner, context.changes, send.receipt_taken_in, renew_copies=stand.copies.renew
        ),
        # Who practises asks no web server.
        look=None if stand.settings.is_practice else HttpsLook(),
        copies=CopiesViewModel(context, stand.copies, machine.battery),
    )


def build_tryout_models(store: Store, runner: TaskRunner, machine: Machine) -> StandModels:
    """Make the view-models of a practice: nothing of it can be enrolled, sent or kept."""
    context = StandContext(store, runner, store.clock, Changes(), PinLock(store), machine.printers)
    return _models(
        context,
        SendViewModel(store, SyncEngine(store, _no_office), runner, store.clock),
        AppearanceViewModel(runner, Settings(language=current_language()), _keep_nothing),
        machine,
        awake=NotedStayAwake(),
    )


def _models(
    context: StandContext,
    send: SendViewModel,
    appearance: AppearanceViewModel,
    machine: Machine,
    *,
    awake: StayAwake,
    auto_send: AutoSend | None = None,
    openers: OpenersViewModel | None = None,
    tryout: TryoutDoor | None = None,
    look: LinkLook | None = None,
    copies: CopiesViewModel | None = None,
    stick: StickViewModel | None = None,
) -> StandModels:
    slip_entry = SlipEntryViewModel(context)
    return StandModels(
        context=context,
        today=TodayViewModel(context),
        contact=ContactWithSlips(context, slip_entry),
        kiosk=KioskViewModel(context),
        kiosk_start=KioskStartViewModel(context),
        appearance=appearance,
        events=EventsViewModel(context),
        slips=SlipsViewModel(context),
        slip_entry=slip_entry,
        slip_print=SlipPrintViewModel(context),
        flyers=FlyersViewModel(
            context.store, context.runner, current_language(), context.printer_watch, look
        ),
        send=send,
        status=StatusViewModel(context, keeps_copies=copies is not None),
        answers=AnswersViewModel(context),
        preflight=PreflightViewModel(context, machine),
        team=team_models(context),
        group=GroupVisitViewModel(context),
        auto_send=auto_send,
        openers=openers,
        awake=awake,
        tryout=tryout,
        copies=copies,
        stick=stick,
    )


def _keep_nothing(_settings: Settings) -> None:
    """A practice leaves nothing behind."""


def _no_office(_credentials: object) -> Never:
    raise AssertionError("a practice has no office")
