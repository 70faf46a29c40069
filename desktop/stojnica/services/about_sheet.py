"""What we have about a person, as a sheet of paper that they take along."""

from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.about_sheet import Sheet, SheetLine, SheetPart, about_pdf
from stojnica.printing.fonts import UNPRINTABLE
from stojnica.services.about_person import AboutPerson


def sheet_of(about: AboutPerson) -> bytes:
    """Set the sheet as PDF, in the language of the moment; call it off the UI thread."""
    consents: list[SheetLine] = []
    for item in about.consents:
        consents.append(SheetLine(item.title, is_strong=True))
        consents += [SheetLine(text, is_soft=True) for text in (item.text, item.said) if text]
    parts = [
        SheetPart(_("What is kept"), tuple(SheetLine(text, label) for label, text in about.facts)),
        SheetPart(_("What you agreed to"), tuple(consents)),
        SheetPart(
            _("What was recorded, and which laptop brought it"),
            tuple(SheetLine(text, label) for label, text in about.records),
        ),
        SheetPart(_("Your rights"), (SheetLine(about.rights, is_soft=True),)),
    ]
    return about_pdf(
        Sheet(
            title=_("What we have about you"),
            parts=tuple(part for part in parts if part.lines and any(line.text for line in part.lines)),
            foot=about.organisation,
            language=current_language(),
            note_if_unprintable=_("A letter that this program can't print stands here as {sign}.").format(
                sign=UNPRINTABLE
            ),
        )
    )
