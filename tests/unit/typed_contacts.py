"""What a volunteer types, without a window."""

from stojnica.records.contact_queries import Contact, contact
from stojnica.services.contact import ContactViewModel
from stojnica.services.stand import StandContext
from stojnica.storage.outbox import held
from stojnica.storage.unit import branch_of


def fill(page: ContactViewModel, **other: str) -> None:
    fields = {"first_name": "Tjaša", "last_name": "Žnidaršič", "email": "tjasa@example.org"} | other
    for name, text in fields.items():
        page.type(name, text)
    page.choose_band(page.state.bands[2].id)
    page.tick_box("answer", True)


def kept(context: StandContext, place: int = 0, page: ContactViewModel | None = None) -> Contact:
    assert page is not None
    subject = page.state.contacts[place].subject_id
    found = context.store.read(lambda c: contact(c, branch_of(c), subject)).result()
    assert found is not None
    return found


def number_held(context: StandContext) -> int:
    return context.store.read(lambda c: held(c, branch_of(c))).result().contacts
