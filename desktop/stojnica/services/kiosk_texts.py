"""All words of the kiosk, in the language that is spoken when they are made."""

from dataclasses import dataclass

from stojnica.i18n import gettext as _
from stojnica.i18n import pgettext


@dataclass(frozen=True, slots=True)
class KioskTexts:
    """Hold the words of every page, so that a page only draws them."""

    guardian_title: str
    guardian_lead: str
    guardian_name: str
    guardian_relation: str
    guardian_agrees: str
    guardian_agrees_to: str
    guardian_nobody: str
    guardian_reassurance: str
    consent_title: str
    consent_lead: str
    read_back: str
    thanks_title: str
    thanks_lead: str
    refused_title: str
    refused_lead: str
    still_here_title: str
    still_here_yes: str
    blank_title: str
    read_on: str
    counts_title: str
    counts_lead: str
    counts_gender: str
    counts_country: str
    counts_reassurance: str
    optional: str
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
        guardian_title=_("Is a parent or guardian here?"),
        guardian_lead=_("At your age one of them has to agree, here and now."),
        guardian_name=_("Name of the parent or guardian"),
        guardian_relation=_("Who is that to you?"),
        guardian_agrees=_("I agree"),
        guardian_agrees_to=_("I am this person, and {name} may keep these data for what is ticked next."),
        guardian_nobody=_("Nobody is here"),
        guardian_reassurance=_("If nobody is here, we keep nothing."),
        consent_title=_("What may we do with your data?"),
        consent_lead=_("Nothing is ticked beforehand. Choose at least one, otherwise we save nothing."),
        read_back=_("Is this right?"),
        thanks_title=_("Thank you!"),
        thanks_lead=_("It is saved. We will be in touch about what you chose."),
        refused_title=_("Nice that you are interested!"),
        refused_lead=_(
            "At your age a parent or guardian has to agree. Take a slip home and fill it in together."
            " We saved nothing."
        ),
        still_here_title=_("Are you still here?"),
        still_here_yes=_("I am still here"),
        blank_title=_("Somebody of the team will be right with you."),
        read_on=_("Read on with your phone"),
        counts_title=_("Saved. Two more, without your name?"),
        counts_lead=_("Only numbers are kept, for our report. You can leave both out."),
        counts_gender=_("Gender"),
        counts_country=_("Country you live in"),
        counts_reassurance=_("Nothing links these answers to you."),
        optional=_("optional"),
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
