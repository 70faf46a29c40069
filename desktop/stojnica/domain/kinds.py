"""The kinds of fact there are, and which role may author which."""

from enum import StrEnum

SIGNED_UP = "signed_up"
ASKED = "asked"
CONSENTED = "consented"
WITHDREW = "withdrew"
CONTACT_WITHDREW = "contact_withdrew"
CORRECTED = "corrected"
VOIDED = "voided"
COMPARED = "compared"
COUNTED = "counted"
GROUP_VISITED = "group_visited"
QUESTION_MISSED = "question_missed"
EVENT_CREATED = "event_created"
EVENT_CHANGED = "event_changed"
SHIFT_STARTED = "shift_started"
SHIFT_ENDED = "shift_ended"
HANDED_OVER = "handed_over"
STAND_CLOSED = "stand_closed"
DEBRIEFED = "debriefed"
SLIPS_PRINTED = "slips_printed"
FUNDING_OVERRULED = "funding_overruled"
PRINT_PREPARED = "print_prepared"
PRINTED = "printed"
RECOVERY_SEALED = "recovery_sealed"
FILE_ATTACHED = "file_attached"
FILE_CHUNK = "file_chunk"

ORGANISATION_DESCRIBED = "organisation_described"
PROJECT_DESCRIBED = "project_described"
PURPOSE_DESCRIBED = "purpose_described"
WORDING_PUBLISHED = "wording_published"
NOTICE_PUBLISHED = "notice_published"
INTEREST_DESCRIBED = "interest_described"
THEME_DESCRIBED = "theme_described"
HEARD_DESCRIBED = "heard_described"
FLYER_DESCRIBED = "flyer_described"
ANSWER_DESCRIBED = "answer_described"
RULES_DESCRIBED = "rules_described"
RECOVERY_READ = "recovery_read"

# What a team says about its own day: shifts, handovers, and the end of its stand.
TEAM_KINDS = frozenset({SHIFT_STARTED, SHIFT_ENDED, HANDED_OVER, STAND_CLOSED, DEBRIEFED})
STAND_KINDS = (
    frozenset({SIGNED_UP, ASKED, CONSENTED, WITHDREW, CONTACT_WITHDREW, CORRECTED, VOIDED, COMPARED})
    | frozenset({COUNTED, GROUP_VISITED, QUESTION_MISSED, SLIPS_PRINTED, EVENT_CREATED, EVENT_CHANGED})
    | frozenset({FUNDING_OVERRULED, PRINT_PREPARED, PRINTED, FILE_ATTACHED, FILE_CHUNK})
    | frozenset({RECOVERY_SEALED})
    | TEAM_KINDS
)
OFFICE_KINDS = frozenset(
    {
        ORGANISATION_DESCRIBED,
        PROJECT_DESCRIBED,
        PURPOSE_DESCRIBED,
        WORDING_PUBLISHED,
        NOTICE_PUBLISHED,
        INTEREST_DESCRIBED,
        THEME_DESCRIBED,
        HEARD_DESCRIBED,
        FLYER_DESCRIBED,
        ANSWER_DESCRIBED,
        RULES_DESCRIBED,
    }
)
# What the office notes for itself: it decides nothing at a stand, and is in no list of the briefing.
OFFICE_NOTES = frozenset({RECOVERY_READ})
# These change what is there already: a laptop may say them only about what it delivered itself.
CHANGING_KINDS = frozenset({CORRECTED, VOIDED, EVENT_CHANGED, SHIFT_ENDED, DEBRIEFED, PRINTED, FILE_ATTACHED})


class Role(StrEnum):
    """Name who writes facts: a laptop at a stand, or a device of the office."""

    LAPTOP = "laptop"
    OFFICE = "office"


_MAY_AUTHOR = {Role.LAPTOP: STAND_KINDS, Role.OFFICE: STAND_KINDS | OFFICE_KINDS | OFFICE_NOTES}


def may_author(role: Role, kind: str, *, subject_is_own: bool) -> bool:
    """Tell whether a role may say this kind of fact; anything else is kept and set aside at the centre.

    `subject_is_own`: this device also delivered the fact that began the subject, in this delivery or before.
    """
    if kind not in _MAY_AUTHOR[role]:
        return False
    return role is Role.OFFICE or kind not in CHANGING_KINDS or subject_is_own
