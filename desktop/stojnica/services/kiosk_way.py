"""The way through the kiosk: which page follows, which was before, and where a problem can be solved."""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace

from stojnica.domain.text import Problem
from stojnica.services.kiosk_guardian import GUARDIAN_FIELDS
from stojnica.services.kiosk_questions import pages_of
from stojnica.services.kiosk_state import KioskPhase
from stojnica.services.kiosk_visitor import KioskVisitor, problems_at
from stojnica.services.signup_choices import FormOffer


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where a visitor is; `page` counts the pages of the form, and stays on what follows them."""

    phase: KioskPhase
    page: int = 0


FIRST = Place(KioskPhase.FORM)


def forward(place: Place, visitor: KioskVisitor, offer: FormOffer) -> tuple[Place, KioskVisitor]:
    """Go on when all at this place is right; otherwise stay, and say what isn't.

    A child needs somebody who may agree, and that is asked before anything else is complained about.
    """
    checked = visitor.check(offer)
    is_age_told = place.phase is KioskPhase.FORM and "age_band" in _fields_at(place, offer)
    if is_age_told and visitor.is_too_young(offer) and problems_at(checked.problems, GUARDIAN_FIELDS):
        return replace(place, phase=KioskPhase.GUARDIAN), visitor.unspoken()
    problems = problems_at(checked.problems, _fields_at(place, offer))
    if problems:
        return place, replace(visitor, problems=problems, hints=checked.hints)
    if place.phase is KioskPhase.GUARDIAN:
        return forward(replace(place, phase=KioskPhase.FORM), visitor, offer)
    if place.page + 1 < len(pages_of(offer)):
        return Place(KioskPhase.FORM, place.page + 1), visitor.unspoken()
    return Place(KioskPhase.CONSENT, place.page), visitor.unspoken().asked_late(offer)


def backward(place: Place, visitor: KioskVisitor, offer: FormOffer) -> Place:
    """Go back to where the visitor was before; from the first page nowhere."""
    if place.phase is KioskPhase.GUARDIAN:
        return replace(place, phase=KioskPhase.FORM)
    if place.phase is KioskPhase.CONSENT:
        is_child = visitor.is_too_young(offer)
        return replace(place, phase=KioskPhase.GUARDIAN if is_child else KioskPhase.FORM)
    return replace(place, page=max(0, place.page - 1))


def place_of(problems: Iterable[Problem], place: Place, offer: FormOffer) -> Place:
    """Give the first place that can solve one of them; without one, where the visitor is."""
    told = tuple(problems)
    asking = place_asking({item.field for item in told}, offer)
    if asking is not None:
        return asking
    return replace(place, phase=KioskPhase.GUARDIAN) if problems_at(told, GUARDIAN_FIELDS) else place


def place_asking(names: Set[str], offer: FormOffer) -> Place | None:
    """Give the first page of the form that asks one of these questions."""
    for number, page in enumerate(pages_of(offer)):
        if not names.isdisjoint(question.id for question in page.questions):
            return Place(KioskPhase.FORM, number)
    return None


def _fields_at(place: Place, offer: FormOffer) -> frozenset[str]:
    if place.phase is KioskPhase.GUARDIAN:
        return frozenset(GUARDIAN_FIELDS)
    pages = pages_of(offer)
    if place.phase is not KioskPhase.FORM or place.page >= len(pages):
        return frozenset()
    return frozenset(question.id for question in pages[place.page].questions)
