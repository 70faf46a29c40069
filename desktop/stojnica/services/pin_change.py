"""Changing a PIN, the team's or one's own: a PIN that is right is asked for, or the passphrase."""

from dataclasses import dataclass
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.services.pin import MAX_DIGITS, PinAnswer, PinLock, checked_pin, not_heard, try_again_in
from stojnica.storage.home import StoreHome
from stojnica.storage.slots import load_slots, unlock_with_passphrase
from stojnica.storage.store import Store

LONGEST_PROOF = 200


@dataclass(frozen=True, slots=True, repr=False)
class PinWish:
    """Hold the new PIN, of a member or of the team, and what proves that it may be changed."""

    proof: str
    pin: str
    member_id: UUID | None = None


def change_pin(store: Store, lock: PinLock, wish: PinWish) -> PinAnswer:
    """Keep the new PIN when the proof is right. Blocks, with a passphrase for about a second.

    Wrong proofs cost the same time as wrong PINs, and share it with them. While there is no PIN, the
    passphrase alone proves anything: otherwise whoever passes by could choose one, and see names with it.

    Raises:
        UserFacingError: the new PIN isn't 4 to 8 digits.
    """
    checked_pin(wish.pin)
    proof = wish.proof[:LONGEST_PROOF]
    if proof.isdigit() and len(proof) <= MAX_DIGITS and lock.has_pin().result():
        answer = lock.try_pin(proof).result()
    else:
        answer = lock.try_slowly(lambda: is_passphrase(store, proof))
    if answer.is_right:
        change = (
            lock.choose(wish.pin) if wish.member_id is None else lock.choose_for(wish.member_id, wish.pin)
        )
        change.result()
    return answer


def is_passphrase(store: Store, words: str) -> bool:
    """Tell whether words open this laptop's store; takes about half a second for each slot."""
    file = StoreHome(store.path.parent).slots
    if not words.strip() or not file.exists():
        return False
    try:
        unlock_with_passphrase(load_slots(file), words)
    except UserFacingError:
        return False
    return True


def not_proven(answer: PinAnswer, what: str = "") -> UserFacingError:
    """Tell that neither a PIN nor the passphrase was right, or `what`, and how long the next try takes."""
    if not answer.is_heard:
        what = not_heard()
    return UserFacingError(
        what or _("This is no PIN of the team, and not the passphrase."),
        safe=_("Nothing was changed."),
        next_step=try_again_in(answer.wait_s),
        code="pin_wrong",
    )
