"""The statement and disclaimer that EU money asks for on printed matter, in each language, as data."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.resources import resource

KINDS = ("funded", "cofunded")


@dataclass(frozen=True, slots=True)
class FundingBand:
    """Hold the words beside the emblem; `must_be_verified` where no primary source confirmed them.

    `language` is that of the words; with `is_mono` all of it is printed in black alone.
    Source: model grant agreement of CERV, Article 17.
    """

    kind: str
    statement: str
    disclaimer: str
    must_be_verified: bool
    language: str = ""
    is_mono: bool = False


@cache
def _wordings() -> Mapping[str, Mapping[str, Mapping[str, Any]]]:
    with resource("funding", "eu.json").open(encoding="utf-8") as file:
        document = json.load(file)
    wordings: Mapping[str, Mapping[str, Mapping[str, Any]]] = document["languages"]
    return wordings


def funding_band(profile: Mapping[str, Any] | None, language: str) -> FundingBand | None:
    """Make the band for a project's funding profile, as the organisation's document has it.

    No profile, no band: without EU money the emblem would be a false claim. Where the granting
    authority isn't named, its placeholder stays, so that the check refuses the flyer.

    Raises:
        UserFacingError: the profile's kind or the language is unknown.
    """
    if not profile:
        return None
    kind = profile.get("kind")
    if kind not in KINDS:
        raise _bad(_("The project's funding profile says neither “funded” nor “cofunded”."))
    wording = _wordings().get(language, {}).get(kind)
    if wording is None:
        message = _("There is no wording of EU funding in this language ({language}).")
        raise _bad(message.format(language=language))
    authority = _authority(profile.get("authority"), language)
    own = (profile.get("disclaimers") or {}).get(language)
    disclaimer: str = own["text"] if own else wording["disclaimer"]
    if authority:
        disclaimer = disclaimer.replace("{authority}", authority)
    is_unsure = bool((own or wording)["verify"])
    return FundingBand(kind, wording["statement"], disclaimer, is_unsure, language)


def statements(language: str) -> tuple[str, ...]:
    """Give the statements that the rules word in a language, one for each kind; none where they have none."""
    return tuple(wording["statement"] for wording in _wordings().get(language, {}).values())


def _authority(names: object, language: str) -> str:
    """Take the language's name, else the English, else any: an authority has one name in the contract."""
    if isinstance(names, str):
        return names.strip()
    if not isinstance(names, Mapping):
        return ""
    for key in (language, "en", *names):
        name = names.get(key)
        if isinstance(name, str) and name.strip():
            return name.strip()
    return ""


def _bad(what: str) -> UserFacingError:
    return UserFacingError(
        what,
        safe=_("Nothing was printed."),
        next_step=_("Ask the office to correct the project's funding profile."),
        code="bad_funding",
    )
