"""Keeping what was typed: the sign-up, what was said about its double, and the end of its unfinished form."""

from concurrent.futures import Future

from stojnica.domain import kinds
from stojnica.domain.likeness import Likeness
from stojnica.domain.signup import ConsentEvidence, SignUp
from stojnica.services.capture import TYPED, SavedContact, correct_signup, record_signup
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.contact_unfinished import drop_unfinished
from stojnica.services.signup_choices import FormOffer
from stojnica.services.stand import StandNow
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


def keep_contact(
    store: Store,
    draft: ContactDraft,
    signup: SignUp,
    now: StandNow,
    offer: FormOffer,
    likeness: Likeness | None = None,
) -> "Future[SavedContact]":
    """Keep a typed contact, or the correction of one, in one transaction.

    Raises (in the future):
        UserFacingError: the contact that is corrected isn't on this laptop any more, or the disk is full.
    """
    evidence = ConsentEvidence("read_aloud", offer.language, offer.by_purpose)
    if draft.known is not None:
        return correct_signup(store, draft.subject_id, signup, evidence=evidence, operator=now.operator)
    event = now.event
    assert event is not None

    def save(unit: UnitOfWork) -> SavedContact:
        saved = record_signup(
            unit,
            signup,
            subject_id=draft.subject_id,
            event_id=event.event_id,
            channel=TYPED,
            evidence=evidence,
            operator=now.operator,
        )
        if likeness is not None:
            unit.record(
                kinds.COMPARED,
                draft.subject_id,
                likeness.data(),
                event_id=event.event_id,
                channel=TYPED,
                operator=now.operator,
            )
        drop_unfinished(unit, draft.subject_id)
        unit.commit()
        return saved

    return store.write(save)
