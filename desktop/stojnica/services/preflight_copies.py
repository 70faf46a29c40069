"""Pre-flight check of the second copy: without one, a laptop that falls takes its contacts with it."""

from pathlib import Path

from stojnica.i18n import gettext as _
from stojnica.services.copies_in_short import written_age
from stojnica.services.preflight import Grounds, Line, State
from stojnica.storage.reachable import is_folder


def check_copies(grounds: Grounds) -> Line:
    """Look whether there is a copy, whether it lies elsewhere, and whether its stick is here."""
    copies = grounds.stand.copies
    if copies.is_damaged:
        return Line(
            "copies",
            State.BAD,
            _("The file with the saved contacts is damaged; copies made before are whole."),
            _("Don’t use this laptop at the stand: take another one, and open the last copy there."),
        )
    place = copies.settings.place
    if place and not is_folder(Path(place)):
        return Line(
            "copies",
            State.LOOK,
            _("The stick for copies is not connected."),
            _("Put it in, or choose another one in Settings."),
        )
    if copies.last is None:
        return Line(
            "copies",
            State.LOOK,
            _("There is no second copy yet."),
            _("Put a stick in, and choose it in Settings."),
        )
    age = written_age(copies.last.made_at, grounds.clock.now_us())
    if copies.there is None:
        return Line(
            "copies",
            State.LOOK,
            _("The second copy lies on this laptop alone: {age}.").format(age=age),
            _("Put a stick in, and choose it in Settings."),
        )
    if copies.trouble:
        return Line(
            "copies",
            State.LOOK,
            _("The last copy could not be made; the one before: {age}.").format(age=age),
            _("Look at Settings, and press Copy now."),
        )
    return Line("copies", State.FINE, _("The second copy on the stick: {age}.").format(age=age))
