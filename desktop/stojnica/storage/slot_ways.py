"""The other ways into a store: the recovery code, the organisation's identity; and slots made dearer."""

from dataclasses import replace

from stojnica.domain.errors import UserFacingError
from stojnica.domain.spoken_code import is_code, plain_code
from stojnica.i18n import gettext as _
from stojnica.storage.slots import (
    KEY_BYTES,
    ORGANISATION,
    PASSPHRASE,
    RECOVERY,
    Argon2Cost,
    Slot,
    SlotFile,
    cost_of,
    slot_opened_by,
    wrapped_by_words,
)

# A code is 80 random bits, which no stretching needs to make up for; the second cost that RFC 9106, 4,
# recommends makes each of the 2^80 guesses take 64 MiB all the same, and a person waits a fifth of a second.
CODE_COST = Argon2Cost(memory_kib=64 * 1024, iterations=3, lanes=4)
MOST_IDENTITY_LETTERS = 4_096


def with_recovery(
    slots: SlotFile, key: bytes, slot_id: str, code: str, cost: Argon2Cost | None = None
) -> SlotFile:
    """Add the slot that a one-time code opens, in place of the one before."""
    details = wrapped_by_words(slots.store_id, slot_id, key, plain_code(code), cost or CODE_COST)
    others = tuple(item for item in slots.slots if item.kind != RECOVERY)
    return replace(slots, slots=(*others, Slot(slot_id, RECOVERY, "", details)))


def unlock_with_code(slots: SlotFile, code: str) -> bytes:
    """Give the store's key for the code that the office read out. Takes a fifth of a second.

    Raises:
        UserFacingError: it is no such code, or not the one of this laptop as it is now.
    """
    found = slot_opened_by(slots, plain_code(code), RECOVERY) if is_code(code) else None
    if found is not None:
        return found.key
    safe = _("Everything that was saved is still here, locked.")
    if not is_code(code):
        raise UserFacingError(
            _("A code of the office has 16 letters and digits."),
            safe=safe,
            next_step=_("Have it read out once more, group by group."),
            code="code_form",
        )
    raise UserFacingError(
        _("This code doesn't open this laptop."),
        safe=safe,
        next_step=_("Ask the office for the newest code of this laptop; each of them opens once."),
        code="wrong_code",
    )


def unlock_with_identity(slots: SlotFile, identity: str) -> bytes:
    """Give the store's key for one of the organisation's age identities.

    Raises:
        UserFacingError: the text is no identity, or not one of those that this laptop was enrolled with.
    """
    import pyrage

    lines = [line.strip() for line in identity[:MOST_IDENTITY_LETTERS].splitlines()]
    try:
        known = [pyrage.x25519.Identity.from_str(line) for line in lines if line and line[0] != "#"]
    except Exception as error:  # pyrage's errors share no base below Exception.
        raise _no_identity() from error
    if not known:
        raise _no_identity()
    for slot in slots.of_kind(ORGANISATION):
        try:
            plain: bytes = pyrage.decrypt(bytes.fromhex(slot.details["wrapped"]), known)
        except (pyrage.DecryptError, KeyError, TypeError, ValueError):
            continue
        if len(plain) == 16 + KEY_BYTES and plain[:16] == slots.store_id.bytes:
            return plain[16:]
    raise UserFacingError(
        _("This identity doesn't open this laptop."),
        safe=_("Everything that was saved is still here, locked."),
        next_step=_("Use an identity of the organisation that the laptop was enrolled at."),
        code="wrong_identity",
    )


def is_weaker(slot: Slot, wanted: Argon2Cost) -> bool:
    """Tell whether a guess at a slot costs less than it should today."""
    try:
        cost = cost_of(slot.details)
    except (KeyError, TypeError, ValueError):
        return False
    return cost.memory_kib < wanted.memory_kib or cost.iterations < wanted.iterations


def made_dearer(slots: SlotFile, slot: Slot, key: bytes, words: str, wanted: Argon2Cost) -> SlotFile:
    """Wrap the key anew in one passphrase slot, which keeps its id and its place."""
    if slot.kind != PASSPHRASE:
        return slots
    dearer = replace(slot, details=wrapped_by_words(slots.store_id, slot.slot_id, key, words, wanted))
    return replace(slots, slots=tuple(dearer if one == slot else one for one in slots.slots))


def _no_identity() -> UserFacingError:
    return UserFacingError(
        _("This file holds no identity of the organisation."),
        safe=_("Nothing was changed."),
        next_step=_("Give one of the files identity-….age.txt that “central keys” made."),
        code="no_identity",
    )
