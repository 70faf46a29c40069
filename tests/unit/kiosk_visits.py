"""What visitors do at the kiosk, without a window."""

from stojnica.domain.event import Event
from stojnica.records.contact_queries import Contact, contact, newest_contacts
from stojnica.services.kiosk import KioskViewModel
from stojnica.services.stand import StandContext
from stojnica.storage.outbox import held
from stojnica.storage.unit import branch_of

SECRET = "Špelca"


def fill_person(kiosk: KioskViewModel, band: int = 2, **other: str) -> None:
    fields = {"first_name": SECRET, "email": "spelca@example.org"} | other
    for name, text in fields.items():
        kiosk.type(name, text)
    ages = kiosk.state.question("age_band")
    assert ages is not None
    kiosk.choose("age_band", ages.options[band].id)


def go_to_consent(kiosk: KioskViewModel) -> None:
    kiosk.choose("interests", "i1")
    kiosk.next()
    fill_person(kiosk)
    kiosk.next()


def number_held(context: StandContext) -> int:
    return context.store.read(lambda c: held(c, branch_of(c))).result().contacts


def only_contact(context: StandContext, event: Event) -> Contact:
    (line,) = context.store.read(lambda c: newest_contacts(c, branch_of(c), event.event_id, 9)).result()
    found = context.store.read(lambda c: contact(c, branch_of(c), line.subject_id)).result()
    assert found is not None
    return found
