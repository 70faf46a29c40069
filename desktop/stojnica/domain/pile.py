"""A pile of slips, or an export: what was read when people ticked, and on which day."""

import re
from collections.abc import Mapping

from stojnica.domain.errors import UserFacingError
from stojnica.domain.organisation import OrganisationDocument, Wording
from stojnica.domain.signup import ConsentEvidence
from stojnica.i18n import gettext as _

PAPER = "paper"
WEB = "web"
_ONE_VERSION = re.compile(r"[0-9]{1,5}")
_VERSION_OF = re.compile(r"([A-Za-z0-9._-]{1,64})\s*[=:]\s*([0-9]{1,5})")


def read_versions(text: str, document: OrganisationDocument) -> dict[str, int]:
    """Read the wording version on the slips: "3" for every purpose, or "newsletter=3, contact=2".

    Raises:
        UserFacingError: it is neither.
    """
    stripped = text.strip()
    if _ONE_VERSION.fullmatch(stripped):
        return {purpose.id: int(stripped) for purpose in document.purposes}
    found = [_VERSION_OF.fullmatch(part.strip()) for part in stripped.split(",") if part.strip()]
    versions = {pair[1]: int(pair[2]) for pair in found if pair}
    if not versions or None in found or any(document.purpose(purpose) is None for purpose in versions):
        raise UserFacingError(
            _("The version of the wording can't be read."),
            safe=_("Nothing was taken in, and the file is as it was."),
            next_step=_("Write a number like 3, or purposes like “newsletter=3,contact=2”."),
            code="wording",
        )
    return versions


def pile_evidence(
    document: OrganisationDocument,
    *,
    language: str,
    versions: Mapping[str, int],
    collected_on: str,
    evidence: str = PAPER,
) -> ConsentEvidence:
    """Give how a pile proves what was agreed to.

    An unknown version, or no day, leaves consents unproven: kept, and never used. `collected_on` is
    "YYYY-MM-DD" or "".
    """
    wordings: dict[str, Wording] = {}
    for purpose, version in versions.items():
        wording = document.wording(purpose, version, language)
        if wording is not None:
            wordings[purpose] = wording
    return ConsentEvidence(evidence, language, wordings, collected_on)
