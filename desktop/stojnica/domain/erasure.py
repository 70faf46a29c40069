"""Erasing a person: which facts speak of them, and what may stay."""

from collections.abc import Iterable
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.attachment import attachment_from
from stojnica.domain.fact import Fact
from stojnica.domain.likeness import likeness_from

ERASED = "erased"
"""Why a stub stands where a fact was: the person asked for it, here or at the office."""


def is_person(said: Iterable[str]) -> bool:
    """Tell whether a subject is a person, by the kinds of its facts: events and counts are never erased.

    So is a withdrawal by address: it holds the address.
    """
    return not {kinds.SIGNED_UP, kinds.CONTACT_WITHDREW}.isdisjoint(said)


def named_beside(fact: Fact) -> UUID | None:
    """Give the person that a fact about somebody else tells of, too.

    Only a comparison does: that two contacts share an address says something about both.
    """
    likeness = likeness_from(fact.data) if fact.kind == kinds.COMPARED else None
    return None if likeness is None else likeness.other


def files_of(facts: Iterable[Fact]) -> frozenset[UUID]:
    """Give the subjects of the pieces of files that are attached to a person."""
    attached = (attachment_from(fact.data) for fact in facts if fact.kind == kinds.FILE_ATTACHED)
    return frozenset(chunk for one in attached if one is not None for chunk in one.chunks)
