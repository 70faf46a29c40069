"""The slot file: the store's key, wrapped once for each way of opening it."""

import hashlib
import json
import secrets
import threading
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import open_plain
from stojnica.storage.durable import write_durably

FORMAT = 1
KEY_BYTES = 32
MAX_FILE_BYTES = 1024 * 1024
# Four times as much memory as today, and five times as long: what asks for more was not made to be opened.
MAX_MEMORY_KIB = 1024 * 1024
MAX_WORK_KIB = 4 * MAX_MEMORY_KIB
MOST_TRIED = 16
PASSPHRASE = "passphrase"
ORGANISATION = "organisation"
RECOVERY = "recovery"
KEYRING = "keyring"
COPY_SUFFIX = ".copy"
# Two derivations with lanes at the same time never end, or find too few threads (cryptography 50).
_ONE_AT_A_TIME = threading.Lock()
_ONE_CHANGE = threading.RLock()


@dataclass(frozen=True, slots=True)
class Argon2Cost:
    """Say how dear one guess is (Argon2id, RFC 9106)."""

    memory_kib: int = 256 * 1024
    iterations: int = 3
    lanes: int = 4


@dataclass(frozen=True, slots=True)
class Slot:
    """Hold one way of opening the store; `details` belongs to its kind, and unknown kinds are kept."""

    slot_id: str
    kind: str
    label: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SlotFile:
    """Hold all slots of a store."""

    store_id: UUID
    slots: tuple[Slot, ...] = field(default=())

    def of_kind(self, kind: str) -> tuple[Slot, ...]:
        """Give the slots of one kind."""
        return tuple(slot for slot in self.slots if slot.kind == kind)


def new_slot_file() -> SlotFile:
    """Begin the slots of a new store."""
    return SlotFile(store_id=uuid4())


def normalised_passphrase(text: str) -> bytes:
    """Read a passphrase as it was meant: case, spaces and how a keyboard builds č don't matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).replace("-", " ").split()).encode(
        "utf-8", "surrogatepass"
    )


def with_passphrase(
    slots: SlotFile, key: bytes, passphrase: str, *, label: str = "", cost: Argon2Cost | None = None
) -> SlotFile:
    """Add a passphrase slot; the others stay as they are. Takes about half a second.

    Raises:
        UserFacingError: the passphrase is empty.
    """
    if not normalised_passphrase(passphrase):
        raise UserFacingError(
            _("The passphrase is empty."),
            safe=_("Nothing was changed."),
            next_step=_("Use the words that were proposed, or at least five others."),
            code="passphrase_empty",
        )
    slot_id = secrets.token_hex(8)
    details = wrapped_by_words(slots.store_id, slot_id, key, passphrase, cost or Argon2Cost())
    return replace(slots, slots=(*slots.slots, Slot(slot_id, PASSPHRASE, label, details)))


def wrapped_by_words(
    store_id: UUID, slot_id: str, key: bytes, words: str, cost: Argon2Cost
) -> dict[str, Any]:
    """Wrap the store's key by words: what a slot keeps of it, with a salt and a nonce of its own."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    wrapped = AESGCM(_stretch(words, salt, cost)).encrypt(nonce, key, _bound(store_id, slot_id))
    return {
        "kdf": "argon2id",
        "memory_kib": cost.memory_kib,
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "wrapped": wrapped.hex(),
    }


def with_organisation(slots: SlotFile, key: bytes, recipients: tuple[str, ...]) -> SlotFile:
    """Add or replace the slot that the organisation's age identities open."""
    import pyrage

    keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]
    wrapped: bytes = pyrage.encrypt(slots.store_id.bytes + key, keys)
    slot = Slot(
        secrets.token_hex(8), ORGANISATION, "", {"wrapped": wrapped.hex(), "recipients": list(recipients)}
    )
    others = tuple(item for item in slots.slots if item.kind != ORGANISATION)
    return replace(slots, slots=(*others, slot))


def with_secret(slots: SlotFile, key: bytes, slot_id: str, secret: bytes) -> SlotFile:
    """Add the slot that a random secret opens, which lies elsewhere, in place of the one before."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
    wrapped = AESGCM(secret).encrypt(nonce, key, _bound(slots.store_id, slot_id))
    slot = Slot(slot_id, KEYRING, "", {"nonce": nonce.hex(), "wrapped": wrapped.hex()})
    others = tuple(item for item in slots.slots if item.kind != KEYRING)
    return replace(slots, slots=(*others, slot))


def key_by_secret(slots: SlotFile, slot: Slot, secret: bytes) -> bytes | None:
    """Give the store's key for the secret of such a slot; None when it isn't that secret."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        nonce, wrapped = bytes.fromhex(slot.details["nonce"]), bytes.fromhex(slot.details["wrapped"])
        return AESGCM(secret).decrypt(nonce, wrapped, _bound(slots.store_id, slot.slot_id))
    except (InvalidTag, KeyError, TypeError, ValueError):
        return None


def without(slots: SlotFile, slot_id: str) -> SlotFile:
    """Remove one slot; the last one can't be removed.

    Raises:
        ValueError: nobody could open the store any more.
    """
    rest = tuple(slot for slot in slots.slots if slot.slot_id != slot_id)
    if not rest:
        raise ValueError("last slot")
    return replace(slots, slots=rest)


class OpenedSlot(NamedTuple):
    """Hold the store's key, and the slot that gave it."""

    key: bytes
    slot: Slot

    def __repr__(self) -> str:
        """Name the slot, and not the key."""
        return f"OpenedSlot({self.slot.slot_id})"


def slot_opened_by(
    slots: SlotFile, words: str, kind: str = PASSPHRASE, *, first: str = ""
) -> OpenedSlot | None:
    """Find the slot of a kind that words open. Takes about half a second for each passphrase slot.

    The slot with the id `first` is tried before the others: whoever opened it last mostly opens it again.
    Of a file with more slots than this program ever makes, the first sixteen are tried.

    Raises:
        UserFacingError: none of them opens, and for one there was too little memory.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lacks_memory = False
    for slot in sorted(slots.of_kind(kind), key=lambda slot: slot.slot_id != first)[:MOST_TRIED]:
        details = slot.details
        try:
            wrapping = _stretch(words, bytes.fromhex(details["salt"]), cost_of(details))
            nonce, wrapped = bytes.fromhex(details["nonce"]), bytes.fromhex(details["wrapped"])
            key = AESGCM(wrapping).decrypt(nonce, wrapped, _bound(slots.store_id, slot.slot_id))
        except MemoryError:
            lacks_memory = True
            continue
        except (InvalidTag, KeyError, TypeError, ValueError):
            continue
        return OpenedSlot(key, slot)
    if lacks_memory:
        raise _no_memory()
    return None


def unlock_with_passphrase(slots: SlotFile, passphrase: str) -> bytes:
    """Give the store's key. Takes about half a second for each passphrase slot.

    Raises:
        UserFacingError: no slot opens with it.
    """
    opened = slot_opened_by(slots, passphrase)
    if opened is not None:
        return opened.key
    raise wrong_passphrase()


def wrong_passphrase() -> UserFacingError:
    """Tell that no slot opens with the words."""
    return UserFacingError(
        _("That is not the passphrase of this laptop."),
        safe=_("Everything that was saved is still here, locked."),
        next_step=_("Try again: the words, in their order. Capitals and the number of spaces don't matter."),
        code="wrong_passphrase",
    )


def _no_memory() -> UserFacingError:
    return UserFacingError(
        _("There is too little free memory to try the passphrase."),
        safe=_("Everything that was saved is still here, locked."),
        next_step=_("Close other programs, and try again."),
        code="no_memory",
    )


@contextmanager
def one_change() -> Iterator[None]:
    """Let nobody else in this program change a slot file between reading it and writing it.

    Otherwise a slot that was taken out meanwhile would be there again, and one that was added would not.
    Another program is kept out by the lock of the store.
    """
    with _ONE_CHANGE:
        yield


def save_slots(path: Path, slots: SlotFile) -> None:
    """Write the slot file: new file, fsync, rename; and the same once more beside it.

    The copy is of this change, not of the one before: who was taken out must not come in by it.
    """
    content: dict[str, Any] = {
        "format": FORMAT,
        "store_id": str(slots.store_id),
        "slots": [
            {"id": slot.slot_id, "kind": slot.kind, "label": slot.label, "details": dict(slot.details)}
            for slot in slots.slots
        ],
    }
    content["check"] = _checksum(content)
    data = json.dumps(content, indent=1, sort_keys=True).encode()
    write_durably(path, data)
    copy = copy_of(path)
    try:
        write_durably(copy, data)
    except OSError:
        # The file itself is whole. An older copy could still let in who was just taken out.
        with suppress(OSError):
            copy.unlink(missing_ok=True)


def copy_of(path: Path) -> Path:
    """Give the file that holds the same slots once more, for a day when the first one is damaged."""
    return path.with_name(path.name + COPY_SUFFIX)


class FoundSlots(NamedTuple):
    """Hold the slots, and whether they had to be taken from the copy because the file was damaged."""

    slots: SlotFile
    is_from_copy: bool


def find_slots(path: Path) -> FoundSlots:
    """Read the slot file, or its copy when it is missing or damaged; nothing is changed.

    Raises:
        UserFacingError: neither can be read.
    """
    try:
        return FoundSlots(load_slots(path), is_from_copy=False)
    except UserFacingError as error:
        if error.code != "slots_damaged":
            raise
        try:
            return FoundSlots(load_slots(copy_of(path)), is_from_copy=True)
        except UserFacingError:
            raise error from None


def newer_store() -> UserFacingError:
    """Tell that a newer program made this store."""
    return UserFacingError(
        _("This laptop's data was written by a newer version of the program."),
        safe=_("Nothing was changed."),
        next_step=_("Install the newer version, and open it with that."),
        code="newer_store",
    )


def load_slots(path: Path) -> SlotFile:
    """Read the slot file.

    Raises:
        UserFacingError: it is missing or damaged; nothing is changed.
    """
    try:
        with open_plain(path) as file:
            raw = json.loads(file.read(MAX_FILE_BYTES))
        if raw["format"] > FORMAT:
            raise newer_store()
        check = raw.pop("check")
        if check != _checksum(raw):
            raise ValueError("checksum")
        slots = tuple(
            Slot(str(item["id"]), str(item["kind"]), str(item["label"]), dict(item["details"]))
            for item in raw["slots"]
        )
        return SlotFile(UUID(raw["store_id"]), slots)
    except UserFacingError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UserFacingError(
            _("The key file of this laptop is missing or damaged."),
            safe=_("The saved contacts are untouched, and stay locked."),
            next_step=_("Don't delete anything. Put back slots.json from a copy, or ask the office."),
            code="slots_damaged",
        ) from error


def cost_of(details: Mapping[str, Any]) -> Argon2Cost:
    """Read what a guess costs, bounded.

    Raises:
        KeyError: it isn't told.
        TypeError: it is no number.
        ValueError: it is too low or too high to be ours.
    """
    told = [details[name] for name in ("memory_kib", "iterations", "lanes")]
    if not all(type(number) is int for number in told):
        raise TypeError("cost")
    cost = Argon2Cost(*told)
    if not (8 <= cost.memory_kib <= MAX_MEMORY_KIB and 1 <= cost.iterations <= 16 and 1 <= cost.lanes <= 16):
        raise ValueError("cost")
    if cost.memory_kib * cost.iterations > MAX_WORK_KIB:
        raise ValueError("cost")
    return cost


def _stretch(passphrase: str, salt: bytes, cost: Argon2Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    kdf = Argon2id(
        salt=salt, length=32, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory_kib
    )
    with _ONE_AT_A_TIME:
        return kdf.derive(normalised_passphrase(passphrase))


def _bound(store_id: UUID, slot_id: str) -> bytes:
    return b"stojnica slot\0" + store_id.bytes + slot_id.encode()


def _checksum(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
