"""Keeping what happens at the stand: each call is one transaction, on disk when its future is done."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.clock import Clock
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.initials import initials_of
from stojnica.domain.signup import ConsentEvidence, SignUp, answers_data, consent_data, facts_data
from stojnica.domain.tally import Press
from stojnica.i18n import gettext as _
from stojnica.records.contact_queries import Contact, contact
from stojnica.records.contact_withdrawals import withdrawals_of
from stojnica.records.reach_queries import LastPress, last_press
from stojnica.services.laptop import laptop_place
from stojnica.storage.life import current_incarnation
from stojnica.storage.marks import mark_contact
from stojnica.storage.store import Store
from stojnica.storage.stubs import is_erased
from stojnica.storage.unit import UnitOfWork

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

UNDO_US = 10 * 60 * 1_000_000
SAME_DAY_US = 12 * 60 * 60 * 1_000_000
SAID_NOW = frozenset({"screen", "read_aloud"})
MAX_SEEN = 64
CONTACT_UNKNOWN = "contact_unknown"
KIOSK, TYPED, PAPER, WEB = "kiosk", "typed", "paper", "web"
_CORRECTED_TEXTS = (
    *("first_name", "last_name", "email", "phone", "age_band", "country", "town", "status", "heard"),
    *("remark", "slip_number", "guardian", "guardian_relation", "organisation", "post_code"),
)
_CORRECTED_LISTS = ("interests", "themes")


@dataclass(frozen=True, slots=True)
class SavedContact:
    """Say what was saved; nothing in it tells a visitor who it was."""

    subject_id: UUID
    captured_at: int
    initials: str


def save_signup(
    store: Store,
    signup: SignUp,
    *,
    subject_id: UUID,
    event_id: UUID | None,
    channel: str,
    evidence: ConsentEvidence,
    operator: str = "",
) -> "Future[SavedContact]":
    """Keep a sign-up. `subject_id` is made when the form opens: saving the same form again adds nothing."""

    def save(unit: UnitOfWork) -> SavedContact:
        saved = record_signup(
            unit,
            signup,
            subject_id=subject_id,
            event_id=event_id,
            channel=channel,
            evidence=evidence,
            operator=operator,
        )
        unit.commit()
        return saved

    return store.write(save)


def record_signup(
    unit: UnitOfWork,
    signup: SignUp,
    *,
    subject_id: UUID,
    event_id: UUID | None,
    channel: str,
    evidence: ConsentEvidence,
    operator: str = "",
) -> SavedContact:
    """Record a sign-up in a unit that the caller commits.

    Each purpose whose wording was shown leaves a decision, ticked or not (GDPR Art. 7(1)).

    Raises:
        UserFacingError: this very form was erased.
    """
    known = contact(unit.connection, unit.branch_id, subject_id)
    if known is not None:
        return SavedContact(subject_id, known.captured_at, initials_of(known.first_name, known.last_name))
    if is_erased(unit.connection, unit.branch_id, subject_id):
        # The office would answer "erased" to it: whoever signs up again gets a new form.
        raise unknown_contact()
    now = unit.clock.now_us()
    # The id of the first fact is made when the form opens, too: the centre knows a repeated form by it.
    fact_ids: dict[str, UUID] = {kinds.SIGNED_UP: subject_id}
    seen = _seen_withdrawals(unit, signup, evidence)
    for kind, data in (*facts_data(signup, evidence), *_refusals(signup, evidence)):
        unit.record(
            kind,
            subject_id,
            data,
            event_id=event_id,
            channel=channel,
            operator=operator,
            fact_id=fact_ids.get(kind),
            captured_at=now,
            also_seen=seen if kind == kinds.CONSENTED else (),
        )
    mark_contact(unit.connection, subject_id, now, signup.keys)
    return SavedContact(subject_id, now, initials_of(signup.first_name, signup.last_name))


def correct_signup(
    store: Store,
    subject_id: UUID,
    signup: SignUp,
    *,
    evidence: ConsentEvidence,
    operator: str = "",
) -> "Future[SavedContact]":
    """Keep what is different now: fields, the question, boxes. Equal ones leave no trace.

    A box that is no longer ticked withdraws what it gave; one that is ticked now rests on today's wording.

    Raises (in the future):
        UserFacingError: this contact isn't on this laptop, or it is voided.
    """

    def correct(unit: UnitOfWork) -> SavedContact:
        known = _known_contact(unit, subject_id)
        told = _differences(known, signup, evidence)
        _record_about(unit, known, told, operator, _seen_withdrawals(unit, signup, evidence))
        mark_contact(unit.connection, subject_id, known.captured_at, signup.keys)
        unit.commit()
        return SavedContact(subject_id, known.captured_at, initials_of(signup.first_name, signup.last_name))

    return store.write(correct)


def void_signup(
    store: Store, subject_id: UUID, reason: str, *, withdraws: bool = False, operator: str = ""
) -> "Future[None]":
    """Say that a sign-up should not have been: it stays as a fact, and is in no list or number.

    With `withdraws` its consents are taken back too, because the person asked for it.

    Raises (in the future):
        UserFacingError: this contact isn't on this laptop, or it is voided already.
    """

    def void(unit: UnitOfWork) -> None:
        record_void(unit, subject_id, reason, withdraws=withdraws, operator=operator)
        unit.commit()

    return store.write(void)


def record_void(
    unit: UnitOfWork, subject_id: UUID, reason: str, *, withdraws: bool = False, operator: str = ""
) -> None:
    """Void a sign-up in a unit that the caller commits.

    Raises:
        UserFacingError: this contact isn't on this laptop, or it is voided already.
    """
    known = _known_contact(unit, subject_id)
    granted = [item.purpose for item in known.consents if item.is_granted]
    told: list[tuple[str, dict[str, Any]]] = [
        (kinds.WITHDREW, {"purpose": purpose}) for purpose in granted if withdraws
    ]
    told.append((kinds.VOIDED, {"reason": reason[:200]}))
    _record_about(unit, known, told, operator)


def withdraw_consent(
    store: Store, subject_id: UUID, purposes: Iterable[str], *, operator: str = ""
) -> "Future[None]":
    """Take consents back, at once and as easily as they were given (GDPR Art. 7(3)).

    Raises (in the future):
        UserFacingError: this contact isn't on this laptop.
    """
    wanted = tuple(purposes)

    def withdraw(unit: UnitOfWork) -> None:
        known = _known_contact(unit, subject_id, or_voided=True)
        told = [(kinds.WITHDREW, {"purpose": purpose}) for purpose in wanted]
        _record_about(unit, known, told, operator)
        unit.commit()

    return store.write(withdraw)


def count(
    store: Store, press: Press, *, event_id: UUID, operator: str = "", subject_id: UUID | None = None
) -> "Future[UUID]":
    """Keep one press of a counter, or many people at once; gives its subject."""
    subject = subject_id or new_id()

    def keep(unit: UnitOfWork) -> UUID:
        record_count(unit, press, subject_id=subject, event_id=event_id, operator=operator)
        unit.commit()
        return subject

    return store.write(keep)


def record_count(
    unit: UnitOfWork, press: Press, *, subject_id: UUID, event_id: UUID | None, operator: str = ""
) -> None:
    """Record a press in a unit that the caller commits; again on the same subject it takes the place."""
    place = laptop_place(unit.connection)
    # Of two laptops at a stand one counts: the office can tell when both did.
    data = press.data() | place.data() if place.letter or place.role else press.data()
    unit.record(kinds.COUNTED, subject_id, data, event_id=event_id, operator=operator)


def undo_last_count(store: Store, *, event_id: UUID, operator: str = "") -> "Future[LastPress | None]":
    """Void this laptop's newest press at the event, at most ten minutes old; gives it, or None."""

    def undo(unit: UnitOfWork) -> LastPress | None:
        last = press_to_undo(unit.connection, unit.branch_id, event_id, unit.clock)
        if last is not None:
            reason = {"reason": "undone"}
            unit.record(kinds.VOIDED, last.subject_id, reason, event_id=event_id, operator=operator)
            unit.commit()
        return last

    return store.write(undo)


def press_to_undo(
    connection: "Connection", branch_id: UUID, event_id: UUID, clock: Clock
) -> LastPress | None:
    """Give this laptop's newest press at the event while it may be undone: for ten minutes.

    The running machine counts them, whatever somebody does to the clock meanwhile. After a restart it
    counts anew, and only the clock is left.
    """
    last = last_press(connection, branch_id, current_incarnation(connection), event_id)
    if last is None:
        return None
    ago, run = clock.now_us() - last.captured_at, clock.monotonic_us() - last.monotonic
    # Another day's press may have come as long after the machine's start as this moment does.
    is_of_this_run = run >= 0 and abs(ago) < SAME_DAY_US
    return last if 0 <= (run if is_of_this_run else ago) < UNDO_US else None


def unknown_contact() -> UserFacingError:
    """Tell that a contact isn't there to be changed."""
    return UserFacingError(
        _("This contact is no longer in the list of this laptop."),
        safe=_("Nothing was changed."),
        next_step=_("Look at the list of the last contacts again."),
        code=CONTACT_UNKNOWN,
    )


def _refusals(signup: SignUp, evidence: ConsentEvidence) -> list[tuple[str, dict[str, Any]]]:
    return [
        (kinds.CONSENTED, consent_data(purpose, evidence) | {"granted": False})
        for purpose in evidence.wordings
        if purpose not in signup.purposes
    ]


def _record_about(
    unit: UnitOfWork,
    known: Contact,
    told: Iterable[tuple[str, Mapping[str, Any]]],
    operator: str,
    seen: Sequence[bytes] = (),
) -> None:
    for kind, data in told:
        unit.record(
            kind,
            known.subject_id,
            data,
            event_id=known.event_id,
            channel=known.channel,
            operator=operator,
            also_seen=seen if kind == kinds.CONSENTED else (),
        )


def _seen_withdrawals(unit: UnitOfWork, signup: SignUp, evidence: ConsentEvidence) -> tuple[bytes, ...]:
    """Give what a person who agrees now took back before; a slip or a web form may be older than that."""
    if evidence.evidence not in SAID_NOW:
        return ()
    known = withdrawals_of(unit.connection, unit.branch_id, signup.keys)
    return tuple(sorted(item.content_hash for item in known))[:MAX_SEEN]


def _known_contact(unit: UnitOfWork, subject_id: UUID, *, or_voided: bool = False) -> Contact:
    known = contact(unit.connection, unit.branch_id, subject_id)
    if known is None or (known.is_voided and not or_voided):
        raise unknown_contact()
    return known


def _differences(
    known: Contact, signup: SignUp, evidence: ConsentEvidence
) -> list[tuple[str, Mapping[str, Any]]]:
    found: list[tuple[str, Mapping[str, Any]]] = []
    changed: dict[str, Any] = {
        name: getattr(signup, name)
        for name in _CORRECTED_TEXTS
        if getattr(signup, name) != getattr(known, name)
    }
    changed |= {
        name: list(getattr(signup, name))
        for name in _CORRECTED_LISTS
        if getattr(signup, name) != getattr(known, name)
    }
    if dict(signup.answers) != dict(known.answers):
        changed["answers"] = answers_data(signup.answers)
    if changed:
        found.append((kinds.CORRECTED, changed))
    if signup.question != known.question:
        found.append((kinds.ASKED, {"text": signup.question}))
    granted = {item.purpose for item in known.consents if item.is_granted}
    # A purpose that the office no longer names has no box: leaving it out takes nothing back.
    unticked = (granted & set(evidence.wordings)) - set(signup.purposes)
    found += [(kinds.WITHDREW, {"purpose": purpose}) for purpose in sorted(unticked)]
    found += [
        (kinds.CONSENTED, consent_data(purpose, evidence))
        for purpose in signup.purposes
        if purpose not in granted
    ]
    return found
