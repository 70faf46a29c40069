"""An identity of the organisation on paper, for the safe."""

from pathlib import Path

from stojnica.central.keys import IDENTITY_FILES, identity_text
from stojnica.i18n import current_language
from stojnica.i18n import gettext as _
from stojnica.printing.key_sheet import KeySheet, make_key_sheet


def identity_sheet(folder: Path) -> bytes:
    """Give the PDF of the identity that is to be locked away.

    Raises:
        UserFacingError: it isn't in the folder, or was damaged.
    """
    name = IDENTITY_FILES[1]
    sheet = KeySheet(
        title=_("Key of the organisation"),
        subtitle=_("To be locked away: {file}").format(file=name),
        organisation="Stojnica",
        warning=_(
            "Whoever holds this sheet can open every laptop of the organisation and every file on its sticks."
            " Put it into a safe at another place than the computers. Don't photograph it, don't send it."
        ),
        steps=(
            _("Take it out when the key in daily use is lost, or was stolen."),
            _("Scan the code, or type the letters, into a file {file}, on one line.").format(file=name),
            _("Open with it: stojnica keys open --identity FILE"),
            _("Afterwards delete the file, and put this sheet back."),
        ),
        letters_heading=_("The same in letters, without the spaces"),
        secret=identity_text(folder / name),
        language=current_language(),
    )
    return make_key_sheet(sheet)
