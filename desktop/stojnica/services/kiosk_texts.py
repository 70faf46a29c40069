"""All words of the kiosk, in the language that is spoken when they are made."""

from dataclasses import dataclass

from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext


@dataclass(frozen=True, slots=True)
class KioskTexts:
    """Hold the words of every page, so that a page only draws them."""

    interests_title: str
    interests_lead: str
    person_title: str
    person_lead: str
    consent_title: str
    consent_lead: str
    thanks_title: str
    thanks_lead: str
    refused_title: str
    refused_lead: str
    still_here_title: str
    still_here_yes: str
    blank_title: str
    first_name: str
    last_name: str
    optional: str
    email: str
    phone: str
    email_or_phone: str
    age: str
    question: str
    next: str
    back: str
    stop: str
    save: str
    saving: str
    done: str
    full_notice: str
    close: str
    take_hint: str
    reassurance: str
    languages: str


def kiosk_texts() -> KioskTexts:
    """Say everything in the current language."""
    return KioskTexts(
        interests_title=_("What interests you?"),
        interests_lead=_("Choose as many as you like."),
        person_title=_("Who are you?"),
        person_lead=_("A first name and an e-mail address or a phone number are enough."),
        consent_title=_("What may we do with your data?"),
        consent_lead=_("Nothing is ticked beforehand. Choose at least one, otherwise we save nothing."),
        thanks_title=_("Thank you!"),
        thanks_lead=_("It is saved. We will be in touch about what you chose."),
        refused_title=_("Nice that you are interested!"),
        refused_lead=_(
            "At your age a parent or guardian has to agree. Take a slip home and fill it in together."
            " We saved nothing."
        ),
        still_here_title=_("Are you still here?"),
        still_here_yes=_("Yes, go on"),
        blank_title=_("Somebody of the team will be right with you."),
        first_name=_("First name"),
        last_name=_("Surname"),
        optional=_("optional"),
        email=_("E-mail"),
        phone=_("Phone"),
        email_or_phone=_("or a phone number"),
        age=_("Age"),
        question=_("Your question"),
        next=_("Next"),
        back=_("Back"),
        stop=pgettext("kiosk", "Stop"),
        save=_("Save"),
        saving=_("Saving …"),
        done=_("Done"),
        full_notice=_("Full notice"),
        close=_("Close"),
        take_hint=_("Correct it"),
        reassurance=_("The data is locked on this computer. After the event we send it to the office."),
        languages=_("Language"),
    )
