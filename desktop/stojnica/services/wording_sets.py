"""Which wordings were printed on slips together: sets that were in force at the same time."""

from collections.abc import Sequence
from dataclasses import dataclass

from stojnica.domain.organisation import OrganisationDocument, Wording
from stojnica.i18n import LANGUAGE_NAMES, in_usual_order
from stojnica.i18n import gettext as _
from stojnica.services.written_time import written_short_day


@dataclass(frozen=True, slots=True)
class WordingSet:
    """Hold wordings that were in force together; `versions` is what an import is told."""

    versions: str
    label: str
    wordings: tuple[Wording, ...]


def wording_sets(document: OrganisationDocument, language: str) -> tuple[WordingSet, ...]:
    """Give the sets of a language, the newest first."""
    found: dict[str, WordingSet] = {}
    begins = {item.valid_from for item in document.wordings if item.language == language}
    for day in sorted(begins, reverse=True):
        wordings = document.wordings_for(language, day)
        versions = _versions(wordings)
        if wordings and versions not in found:
            since = written_short_day(day)
            found[versions] = WordingSet(versions, _label(wordings, since), wordings)
    return tuple(found.values())


def sets_in_all_languages(document: OrganisationDocument) -> tuple[tuple[str, WordingSet], ...]:
    """Give each language with each of its sets, in the order in which languages stand everywhere."""
    languages = in_usual_order(item.language for item in document.wordings)
    return tuple((language, item) for language in languages for item in wording_sets(document, language))


def _versions(wordings: tuple[Wording, ...]) -> str:
    numbers = {item.version for item in wordings}
    if len(numbers) == 1:
        return str(numbers.pop())
    return ",".join(f"{item.purpose}={item.version}" for item in wordings)


def _label(wordings: tuple[Wording, ...], since: str) -> str:
    numbers = {item.version for item in wordings}
    if len(numbers) == 1:
        return _("wording {version}, in force since {day}").format(version=numbers.pop(), day=since)
    listed = ", ".join(str(item.version) for item in wordings)
    return _("wordings {versions}, in force since {day}").format(versions=listed, day=since)


def languages_there(languages: Sequence[str]) -> str:
    """Say which languages may be chosen, with the codes by which the command line knows them."""
    if not languages:
        return _("Ask the office for the wordings.")
    named = ", ".join(f"{LANGUAGE_NAMES.get(code, code)} ({code})" for code in languages)
    return _("There are: {languages}. For another one ask the office for the wordings.").format(
        languages=named
    )
