"""What the office has about a person, in words and as a file: as a laptop's sheet, and who brought it."""

from dataclasses import replace
from typing import Any

from stojnica.central.about import HeldAbout, PersonAtCentre, Recorded
from stojnica.domain import kinds
from stojnica.domain.canonical import parse_json
from stojnica.domain.organisation import OrganisationDocument
from stojnica.domain.organisation_document import parse_document
from stojnica.domain.withdrawal import withdrawal_from
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.services.about_file import FORMAT, contact_document, told_moment
from stojnica.services.about_person import AboutPerson, about_contact, written_moment
from stojnica.services.forms import shipped_forms
from stojnica.services.shown_organisation import NOTHING_DECIDED, ShownOrganisation
from stojnica.services.stand import HOME_ZONE, StandNow


def about_at_office(person: PersonAtCentre) -> tuple[AboutPerson, ...]:
    """Give a sheet for each sign-up, and for each withdrawal by address."""
    now = _now(person)
    return tuple(_about(held, now) for held in person.held)


def document_at_office(person: PersonAtCentre) -> dict[str, Any]:
    """Give all of it for a program, with each record as it was said."""
    document = _now(person).shown.document
    return {
        "format": FORMAT,
        "organisation": document.organisation.name,
        "contacts": [
            contact_document(held.contact, document, held.event, held.scans) | {"records": _told(held)}
            for held in person.held
            if held.contact is not None
        ],
        "withdrawals": [{"records": _told(held)} for held in person.held if held.contact is None],
    }


def _now(person: PersonAtCentre) -> StandNow:
    document = NOTHING_DECIDED
    if person.document:
        document = parse_document(parse_json(person.document))
    forms = {form.id: form for form in (*shipped_forms(), *document.forms)}
    return StandNow(
        branch_id=person.branch_id,
        chosen=None,
        shown=ShownOrganisation(document),
        operator="",
        laptop_name="",
        forms=tuple(forms.values()),
    )


def _about(held: HeldAbout, now: StandNow) -> AboutPerson:
    zone_name = held.zone_name or HOME_ZONE
    document = now.shown.document
    records = tuple(
        (written_moment(item.captured_at, zone_name), _words(item, document)) for item in held.records
    )
    if held.contact is not None:
        return replace(about_contact(held.contact, now, held.event, held.scans), records=records)
    facts: tuple[tuple[str, str], ...] = ()
    for item in held.records:
        read = withdrawal_from(item.data)
        if read is not None:
            facts = (
                (_("E-mail"), read[0].email),
                (_("Phone"), read[0].phone),
                (_("Purpose"), _named(read[1], document)),
            )
    return AboutPerson(
        subject_id=held.subject_id,
        who="",
        facts=tuple((label, text) for label, text in facts if text),
        consents=(),
        rights="",
        organisation=document.organisation.name,
        records=records,
    )


def _named(purpose: str, document: OrganisationDocument) -> str:
    """Name a purpose by the title that visitors read, best in the language of whoever reads this."""
    spoken = current_language()
    wordings = [one for one in document.wordings if one.purpose == purpose]
    newest = max(wordings, key=lambda one: (one.language == spoken, one.version), default=None)
    return newest.title if newest is not None else purpose


def _words(item: Recorded, document: OrganisationDocument) -> str:
    names = {
        kinds.SIGNED_UP: _("signed up"),
        kinds.ASKED: _("question"),
        kinds.CONSENTED: _("agreed") if item.data.get("granted") is True else _("not agreed"),
        kinds.WITHDREW: _("taken back"),
        kinds.CONTACT_WITHDREW: _("taken back by address or number"),
        kinds.CORRECTED: _("corrected"),
        kinds.VOIDED: _("voided"),
        kinds.COMPARED: _("compared with another contact"),
        kinds.FILE_ATTACHED: _("scan of the slip"),
    }
    about = ""
    if item.kind in (kinds.CONSENTED, kinds.WITHDREW):
        about = _named(str(item.data.get("purpose", "")), document)
    if item.kind == kinds.CORRECTED:
        about = ", ".join(str(value) for value in item.data.values() if isinstance(value, str) and value)
    came = ", ".join(dict.fromkeys(one.device for one in item.brought if one.device))
    parts = (names.get(item.kind, item.kind), about, came)
    return " · ".join(part for part in parts if part)


def _told(held: HeldAbout) -> list[dict[str, Any]]:
    return [
        {
            "kind": item.kind,
            "said_at": told_moment(item.captured_at),
            "data": dict(item.data),
            "brought": [
                {"by": one.device, "route": one.route, "at": told_moment(one.at)} for one in item.brought
            ],
        }
        for item in held.records
    ]
