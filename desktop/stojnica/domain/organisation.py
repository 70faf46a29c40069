"""What the office decides for its stands: purposes and wordings, goals, themes, flyers; all of it is data."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from stojnica.domain.canonical import canonical_bytes
from stojnica.domain.form import Form
from stojnica.domain.funding import Funding
from stojnica.domain.known_answer import KnownAnswer
from stojnica.domain.partner import Partner
from stojnica.domain.qr_payload import AnyCode, Code
from stojnica.domain.retention import KEEP_ALL, Retention
from stojnica.domain.tally import OwnCounter

Texts = Mapping[str, str]
NEEDS = ("email", "phone", "any")


def text_in(texts: Texts, language: str) -> str:
    """Give a text in a language, else in English, in Slovene, in whichever comes first; "" of none."""
    for wanted in (language, "en", "sl", *sorted(texts)):
        if texts.get(wanted):
            return texts[wanted]
    return ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """Hold who has the stand; `accent` is "#rrggbb" or "".

    `web_form` is where people sign up from home; without one, the website serves. `logo` names a picture,
    which with `logo_in_code` stands in the middle of codes too, where these have the room.
    """

    name: str
    short_name: str
    legal_line: str = ""
    monogram: str = ""
    website: str = ""
    city: str = ""
    country: str = "SI"
    accent: str = ""
    web_form: str = ""
    logo: str = ""
    logo_in_code: bool = False


@dataclass(frozen=True, slots=True)
class Project:
    """Hold a project and its goals; without `funding` nothing printed names the European Union."""

    id: str
    name: Texts
    starts: date
    ends: date
    goal_events: int
    goal_reached: int
    funding: Funding | None = None
    partners: tuple[Partner, ...] = ()

    def funding_on(self, day: date) -> Funding | None:
        """Give whose money it is on a day; None outside its days (or else the project's)."""
        funding = self.funding
        if funding is None or not (funding.starts or self.starts) <= day <= (funding.ends or self.ends):
            return None
        return funding


@dataclass(frozen=True, slots=True)
class EventItem:
    """Hold an event that the office planned; `id` is a UUID or a short name, times are local."""

    id: str
    name: str
    code: str
    place: str
    city: str
    country: str
    mode: str
    starts: str
    ends: str
    time_zone: str
    goal_reached: int
    project: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Purpose:
    """Hold what a visitor may agree to; `needs` is the contact that it can't do without."""

    id: str
    asks_question: bool
    needs: str


@dataclass(frozen=True, slots=True)
class Wording:
    """Hold the exact words beside one box, in one language; `verify`: a person has to confirm them first."""

    id: str
    purpose: str
    version: int
    language: str
    title: str
    text: str
    valid_from: date
    valid_to: date | None = None
    verify: bool = False

    @property
    def hash(self) -> str:
        """Give the hash that proofs of consent keep."""
        return wording_hash(self)

    def holds_on(self, day: date) -> bool:
        """Tell whether the wording is in force on a day; both ends are included."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def wording_hash(wording: Wording) -> str:
    """Give SHA-256, in hex, of canonical JSON of id, version, language, title and text: what was read."""
    read = {
        "id": wording.id,
        "version": wording.version,
        "language": wording.language,
        "title": wording.title,
        "text": wording.text,
    }
    return hashlib.sha256(canonical_bytes(read)).hexdigest()


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold the information at collection (GDPR Art. 13) in one language."""

    language: str
    short: str
    full: str
    url: str


@dataclass(frozen=True, slots=True)
class Interest:
    """Hold a tile of the kiosk's first page; `from_age` is the age from which it is offered."""

    id: str
    title: Texts
    detail: Texts
    url: str
    from_age: int | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """Hold a theme of camps; it says nothing about the visitor (GDPR Art. 9)."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class HeardFrom:
    """Hold a way in which people get to know the organisation."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class FlyerText:
    """Hold the words of a flyer in one language."""

    kicker: str
    title: str
    promise: str
    heading: str
    body: str
    call: str
    short_address: str = ""


@dataclass(frozen=True, slots=True)
class Flyer:
    """Hold a flyer: its template, where its code leads, its words by language, and which picture it shows.

    With `code` the code holds that, and `url` only gives the address under it.
    """

    id: str
    template: str
    url: str
    campaign: str
    texts: Mapping[str, FlyerText]
    photo: str = ""
    code: Code | None = None


@dataclass(frozen=True, slots=True)
class OfferedCode:
    """Hold one thing that a stand may let a code lead to: `title` names it at the stand.

    `call` stands above the code on paper; in a language without one, words that fit every such code do.
    """

    id: str
    title: Texts
    code: AnyCode
    call: Texts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold a logo or a photo; there is no `data` before the document is published."""

    id: str
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """Hold a template of the office: which of the program's it is like, and what is different in it."""

    id: str
    like: str
    name: Texts
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """Hold one thing to tick on a list."""

    id: str
    title: Texts


@dataclass(frozen=True, slots=True)
class Checklist:
    """Hold a list that a team ticks at each event: what to pack, what to set up."""

    id: str
    title: Texts
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True, slots=True)
class OrganisationDocument:
    """Hold all that the office decided; `consent_age` is by country (ISO 3166).

    `short_links` is what short links of flyers begin with, or "".
    """

    organisation: Organisation
    projects: tuple[Project, ...] = ()
    events: tuple[EventItem, ...] = ()
    purposes: tuple[Purpose, ...] = ()
    wordings: tuple[Wording, ...] = ()
    notices: tuple[Notice, ...] = ()
    interests: tuple[Interest, ...] = ()
    themes: tuple[Theme, ...] = ()
    heard: tuple[HeardFrom, ...] = ()
    consent_age: Mapping[str, int] = field(default_factory=dict)
    flyers: tuple[Flyer, ...] = ()
    forms: tuple[Form, ...] = ()
    answers: tuple[KnownAnswer, ...] = ()
    counters: tuple[OwnCounter, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    templates: tuple[OwnTemplate, ...] = ()
    pictures: tuple[Picture, ...] = ()
    short_links: str = ""
    codes: tuple[OfferedCode, ...] = ()
    retention: Retention = KEEP_ALL

    def purpose(self, purpose_id: str) -> Purpose | None:
        """Find a purpose."""
        return next((item for item in self.purposes if item.id == purpose_id), None)

    def project(self, project_id: str) -> Project | None:
        """Find a project."""
        return next((item for item in self.projects if item.id == project_id), None)

    def flyer(self, flyer_id: str) -> Flyer | None:
        """Find a flyer."""
        return next((item for item in self.flyers if item.id == flyer_id), None)

    def picture(self, picture_id: str) -> bytes | None:
        """Give a picture; None when there is none of that name, or it hasn't been published yet."""
        there = (item.data for item in self.pictures if item.data and item.id == picture_id)
        return next(there, None)

    def wordings_for(self, language: str, on_date: date) -> tuple[Wording, ...]:
        """Give the newest wording in force for each purpose, in the purposes' order; some may be missing."""
        found: list[Wording] = []
        for purpose in self.purposes:
            in_force = [
                item
                for item in self.wordings
                if (item.purpose, item.language) == (purpose.id, language) and item.holds_on(on_date)
            ]
            if in_force:
                found.append(max(in_force, key=lambda item: item.version))
        return tuple(found)

    def wording(self, purpose_id: str, version: int, language: str) -> Wording | None:
        """Find one version of a purpose's wording: the one that is printed on a slip."""
        return next(
            (
                item
                for item in self.wordings
                if (item.purpose, item.version, item.language) == (purpose_id, version, language)
            ),
            None,
        )

    def notice(self, language: str) -> Notice | None:
        """Find the notice in a language."""
        return next((item for item in self.notices if item.language == language), None)

    def languages(self, on_date: date, *, with_unconfirmed: bool = True) -> tuple[str, ...]:
        """Give the languages in which each purpose has a wording in force and there is a notice.

        Without unconfirmed ones, a wording that is to be verified leaves its language out.
        """
        complete: list[str] = []
        for language in dict.fromkeys(item.language for item in self.notices):
            wordings = self.wordings_for(language, on_date)
            is_confirmed = with_unconfirmed or not any(item.verify for item in wordings)
            if len(wordings) == len(self.purposes) and is_confirmed:
                complete.append(language)
        return tuple(complete)
