"""What a sign-up form offers: age bands, boxes with their wordings, interests, languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from stojnica.domain.age import AgeBand, bands_for
from stojnica.domain.form import PERSON
from stojnica.domain.organisation import (
    HeardFrom,
    Interest,
    OrganisationDocument,
    Theme,
    Wording,
    text_in,
)
from stojnica.domain.signup import SignUpRules
from stojnica.i18n import LANGUAGE_NAMES, visitor_languages
from stojnica.i18n import gettext as _
from stojnica.services.message import Message, Tone
from stojnica.services.shown_organisation import ShownOrganisation
from stojnica.services.stand import StandNow

BAND_KEYS = ("Alt A", "Alt S", "Alt D", "Alt F")
BOX_KEYS = ("Alt Q", "Alt W", "Alt E", "Alt R")
"""The row above those of the age: one hand finds both."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold one thing to choose; `detail` is a second, smaller line."""

    id: str
    label: str
    detail: str = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class BandChoice:
    """Hold one age band; under the age of consent a guardian who is present has to agree."""

    id: str
    label: str
    keys: str
    is_chosen: bool
    needs_guardian: bool


@dataclass(frozen=True, slots=True)
class ConsentBox:
    """Hold one purpose as it is shown: title and text are the whole wording (GDPR Art. 7(2)).

    `keys` tick it where a volunteer types.
    """

    purpose: str
    title: str
    text: str
    note: str
    is_ticked: bool
    asks_question: bool
    keys: str = ""


@dataclass(frozen=True, slots=True)
class FormOffer:
    """Hold what holds for one form: rules, wordings in its language, and the document they come from."""

    document: OrganisationDocument
    rules: SignUpRules
    language: str
    wordings: tuple[Wording, ...]
    languages: tuple[str, ...]

    @property
    def by_purpose(self) -> dict[str, Wording]:
        """Give the wordings by purpose: what the person reads or hears."""
        return {item.purpose: item for item in self.wordings}

    @property
    def asking(self) -> frozenset[str]:
        """Give the purposes that come with a question."""
        return frozenset(item.id for item in self.document.purposes if item.asks_question)


def form_offer(now: StandNow, today: date, language: str, audience: str = PERSON) -> FormOffer:
    """Put together what a form offers; in another language when this one isn't complete."""
    document = now.shown.document
    languages = offered_languages(now.shown, today)
    spoken = language if language in languages or not languages else languages[0]
    wordings = document.wordings_for(spoken, today) if languages else ()
    worded = {item.purpose for item in wordings}
    country = (now.event.country if now.event else "") or document.organisation.country
    rules = SignUpRules(
        purposes=tuple(item for item in document.purposes if item.id in worded),
        bands=bands_for(country, document.consent_age),
        region=country,
        form=now.form(audience),
    )
    return FormOffer(document, rules, spoken, wordings, languages)


def offered_languages(shown: ShownOrganisation, today: date) -> tuple[str, ...]:
    """Give the languages that are whole: wordings and notice in force, and our own words.

    Wordings that a person has to confirm first stay off, except before an office has said anything.
    """
    whole = shown.document.languages(today, with_unconfirmed=not shown.is_from_office)
    return tuple(language for language in visitor_languages() if language in whole)


def no_wordings() -> Message:
    """Say that nobody can agree to anything yet."""
    return Message(
        Tone.WAIT,
        _("In no language are all wordings there and confirmed."),
        next_step=_("Send to the office to fetch them, or ask there."),
    )


def band_choices(bands: Sequence[AgeBand], chosen: str) -> tuple[BandChoice, ...]:
    """Give the age bands, youngest first, each with its key."""
    keys = (*BAND_KEYS, *[""] * len(bands))
    return tuple(
        BandChoice(band.id, band.label, key, band.id == chosen, band.needs_guardian)
        for band, key in zip(bands, keys, strict=False)
    )


def consent_boxes(offer: FormOffer, ticked: Iterable[str]) -> tuple[ConsentBox, ...]:
    """Give one box a purpose, none ticked before the person does; each with its key."""
    chosen = frozenset(ticked)
    keys = (*BOX_KEYS, *[""] * len(offer.wordings))
    return tuple(
        ConsentBox(
            purpose=item.purpose,
            title=item.title,
            text=item.text,
            note=_("wording {version}").format(version=item.version),
            is_ticked=item.purpose in chosen,
            asks_question=item.purpose in offer.asking,
            keys=key,
        )
        for item, key in zip(offer.wordings, keys, strict=False)
    )


def titled(
    items: Iterable[Interest | Theme | HeardFrom], language: str, chosen: Iterable[str] = ()
) -> tuple[Choice, ...]:
    """Give interests, themes or ways of hearing in a language."""
    ticked = frozenset(chosen)
    return tuple(
        Choice(
            id=item.id,
            label=text_in(item.title, language),
            detail=text_in(item.detail, language) if isinstance(item, Interest) else "",
            is_chosen=item.id in ticked,
        )
        for item in items
    )


def status_choices() -> tuple[Choice, ...]:
    """Give what a person may be doing now, in words that fit everybody."""
    return (
        Choice("pupil", _("in primary school")),
        Choice("secondary", _("in secondary school")),
        Choice("student", _("at university")),
        Choice("employed", _("working")),
        Choice("unemployed", _("looking for work")),
        Choice("retired", _("retired")),
        Choice("other", _("something else")),
    )


def language_choices(codes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Give languages with their own names."""
    return tuple((code, own_name(code)) for code in codes)


def own_name(code: str) -> str:
    """Give a language's name in its own words, for people who look for theirs."""
    if code in LANGUAGE_NAMES:
        return LANGUAGE_NAMES[code]
    from babel import Locale, UnknownLocaleError  # Only a language that was added needs it.

    try:
        name = str(Locale.parse(code).language_name or code)
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:]
