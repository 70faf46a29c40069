"""Names of the team in what it recorded: what is left of a fact once they are taken out."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from stojnica.domain import kinds
from stojnica.domain.fact import SALT_BYTES, Fact

# What a team says that is about no visitor. A contact keeps who wrote it down: that is part of the proof of
# its consent, and goes with it.
TEAM_SUBJECTS = frozenset(
    {
        *(kinds.SHIFT_STARTED, kinds.HANDED_OVER, kinds.STAND_CLOSED, kinds.EVENT_CREATED),
        *(kinds.COUNTED, kinds.GROUP_VISITED, kinds.QUESTION_MISSED),
        *(kinds.SLIPS_PRINTED, kinds.FUNDING_OVERRULED, kinds.PRINT_PREPARED),
    }
)
"""What begins such a subject."""
NAMING_KINDS = TEAM_SUBJECTS | {
    *(kinds.SHIFT_ENDED, kinds.DEBRIEFED, kinds.EVENT_CHANGED, kinds.PRINTED, kinds.CORRECTED, kinds.VOIDED)
}


_WITH_NAMES = frozenset({kinds.SHIFT_STARTED, kinds.HANDED_OVER})
_OPERATOR = b'"operator":"'


def is_of_team(said: Iterable[str]) -> bool:
    """Tell whether a subject is what a team recorded, and about no visitor, by all kinds of its facts."""
    said = set(said)
    return said <= NAMING_KINDS and not said.isdisjoint(TEAM_SUBJECTS)


def names_team(fact: Fact) -> bool:
    """Tell whether a fact names somebody of the team."""
    return fact.kind in NAMING_KINDS and (bool(fact.operator) or _without(fact) != fact.data)


def may_name_team(kind: str, body: bytes) -> bool:
    """Tell from a body, unread, whether it may name somebody of the team: of what is no fact, anything."""
    # Keys are sorted, and after the operator come ids and hashes alone: its last mention is the fact's own.
    place = body.rfind(_OPERATOR)
    return kind in _WITH_NAMES or body[place + len(_OPERATOR) :][:1] != b'"'


def without_names(fact: Fact) -> Fact:
    """Give what numbers, hours and reports need of a fact, and nobody's name.

    Whose shift it was stays as the number that the laptop gave them, which the roll alone leads to a name.
    Of a handover stays how many were there, and not what one team wrote to the next. Without its salt,
    nobody can try names against the hash that stays.
    """
    return replace(fact, operator="", data=_without(fact), salt=bytes(SALT_BYTES))


def _without(fact: Fact) -> Mapping[str, object]:
    data = fact.data
    if fact.kind == kinds.SHIFT_STARTED and data.get("name"):
        return {**data, "name": ""}
    if fact.kind == kinds.HANDED_OVER:
        here = data.get("here")
        gone = {"here": [""] * len(here) if isinstance(here, list) else [], "matters": []}
        return {**data, **gone}
    return data
