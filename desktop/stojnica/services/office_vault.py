"""The office's credentials in one encrypted file, under slots of the coordinators' own."""

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyrage
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from stojnica import failpoint
from stojnica.central.keys import PROTECTED_FILE, PrivateKeys
from stojnica.domain.errors import UserFacingError
from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.services.openers import MOST_PASSPHRASES, check_new_words
from stojnica.services.tidy_text import tidy_text
from stojnica.storage.durable import write_durably
from stojnica.storage.slot_ways import unlock_with_identity
from stojnica.storage.slots import (
    PASSPHRASE,
    Argon2Cost,
    SlotFile,
    copy_of,
    find_slots,
    save_slots,
    slot_opened_by,
    with_passphrase,
    without,
)

SLOTS_FILE = "office.slots.json"
FORMAT = 1
_MAX_BYTES = 256 * 1024
Words = Callable[[], str]


@dataclass(frozen=True, slots=True, repr=False)
class OfficeSecrets:
    """Hold what the file protects; `address` is the database's, with its password, or "".

    `names` says whose each slot is: beside the file they would be in clear.
    """

    signing_key: bytes
    identity: str
    address: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def private_keys(self) -> PrivateKeys:
        """Give the keys as those that sign and decrypt want them."""
        return PrivateKeys(
            Ed25519PrivateKey.from_private_bytes(self.signing_key),
            (pyrage.x25519.Identity.from_str(self.identity),),
        )


@dataclass(frozen=True, slots=True, repr=False)
class OpenOffice:
    """Hold the credentials while they are open; `slot_id` is whose words opened them, or ""."""

    folder: Path
    slots: SlotFile
    key: bytes
    secrets: OfficeSecrets
    slot_id: str = ""


@dataclass(frozen=True, slots=True)
class Coordinator:
    """Hold one coordinator who can open the credentials; the name is "" if nobody said."""

    slot_id: str
    name: str


def open_office(folder: Path, words: str) -> OpenOffice:
    """Open the credentials with a coordinator's words. Blocks for half a second for each coordinator.

    Raises:
        UserFacingError: nobody's words are these, or a file is missing or damaged.
    """
    slots = _slots(folder)
    found = slot_opened_by(slots, words) if words.strip() else None
    if found is None:
        raise UserFacingError(
            _("These words don't open the keys of the office."),
            safe=_("Nothing was changed."),
            next_step=_("Try again: the words, in their order. Capitals and spaces don't matter."),
            code="wrong_passphrase",
        )
    return OpenOffice(folder, slots, found.key, _read(folder, slots, found.key), found.slot.slot_id)


def open_office_with_identity(folder: Path, identity: str) -> OpenOffice:
    """Open the credentials with the identity from the safe, when all coordinators forgot their words.

    Raises:
        UserFacingError: it isn't that identity, or a file is missing or damaged.
    """
    slots = _slots(folder)
    try:
        key = unlock_with_identity(slots, identity)
    except UserFacingError as error:
        if error.code != "wrong_identity":
            raise
        raise UserFacingError(
            _("This identity doesn't open the keys of the office."),
            safe=_("Nothing was changed."),
            next_step=_("Use the one that was locked away when they were protected."),
            code="wrong_identity",
        ) from error
    return OpenOffice(folder, slots, key, _read(folder, slots, key))


class OfficeDoor:
    """Open protected keys for the parts that use them (`central.keys.OpenKeys`).

    The words are asked for once, and only when something protected is needed.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._open: dict[Path, OpenOffice] = {}

    def __call__(self, folder: Path) -> PrivateKeys:
        """Give the private keys of a folder."""
        return self.office(folder).secrets.private_keys()

    def office(self, folder: Path) -> OpenOffice:
        """Give all credentials of a folder.

        Raises:
            UserFacingError: the words are wrong or missing, or nothing protected is there.
        """
        if folder not in self._open:
            self._open[folder] = open_office(folder, self._words())
        return self._open[folder]


def coordinators(office: OpenOffice) -> tuple[Coordinator, ...]:
    """List who can open the credentials."""
    names = office.secrets.names
    return tuple(
        Coordinator(slot.slot_id, names.get(slot.slot_id, "")) for slot in office.slots.of_kind(PASSPHRASE)
    )


def add_coordinator(office: OpenOffice, words: str, name: str, cost: Argon2Cost | None = None) -> OpenOffice:
    """Let another coordinator open them with words of their own.

    Raises:
        UserFacingError: the words are too weak or open already, or too many are there.
    """
    name = tidy_text(name, NAME_LIMIT, code="opener_name")
    check_new_words(words)
    if len(office.slots.of_kind(PASSPHRASE)) >= MOST_PASSPHRASES:
        raise UserFacingError(
            _("As many coordinators as can be have words already."),
            safe=_("Nothing was changed."),
            next_step=_("Take one out first that nobody needs any more."),
            code="many_openers",
        )
    if slot_opened_by(office.slots, words) is not None:
        raise UserFacingError(
            _("These words open the keys already."),
            safe=_("Nothing was changed."),
            next_step=_("Take other words, so that each person's can be taken out alone."),
            code="words_known",
        )
    slots = with_passphrase(office.slots, office.key, words, cost=cost)
    names = {**office.secrets.names, slots.slots[-1].slot_id: name}
    return write_office(replace(office, slots=slots, secrets=replace(office.secrets, names=names)))


def remove_coordinator(office: OpenOffice, slot_id: str) -> OpenOffice:
    """Take a coordinator's words out: never the last ones, never those that just opened.

    Raises:
        UserFacingError: it is one of these, or there is no such slot.
    """
    people = office.slots.of_kind(PASSPHRASE)
    if not any(slot.slot_id == slot_id for slot in people):
        raise UserFacingError(
            _("No coordinator has this number."),
            safe=_("Nothing was changed."),
            next_step=_("Look it up: stojnica central keys FOLDER --list"),
            code="opener_gone",
        )
    if len(people) < 2 or slot_id == office.slot_id:
        raise UserFacingError(
            _("These are the last words, or the very ones that were just typed."),
            safe=_("Nothing was changed."),
            next_step=_("Who stays takes them out, with their own words."),
            code="own_opener",
        )
    names = {one: name for one, name in office.secrets.names.items() if one != slot_id}
    secrets_ = replace(office.secrets, names=names)
    return write_office(replace(office, slots=without(office.slots, slot_id), secrets=secrets_))


def with_address(office: OpenOffice, address: str) -> OpenOffice:
    """Keep the address of the database, with its password."""
    return write_office(replace(office, secrets=replace(office.secrets, address=address)))


def write_office(office: OpenOffice) -> OpenOffice:
    """Write slots and credentials, each in a way that a crash leaves the old or the new file, and a copy.

    The credentials come last: with them a folder counts as protected.
    """
    nonce = secrets.token_bytes(12)
    held = office.secrets
    plain = json.dumps(
        {
            "signing_key": held.signing_key.hex(),
            "identity": held.identity,
            "address": held.address,
            "names": dict(held.names),
        }
    ).encode()
    sealed = AESGCM(office.key).encrypt(nonce, plain, _bound(office.slots))
    content = {
        "format": FORMAT,
        "kind": "stojnica office keys",
        "nonce": nonce.hex(),
        "sealed": sealed.hex(),
    }
    data = json.dumps(content, indent=1).encode() + b"\n"
    save_slots(office.folder / SLOTS_FILE, office.slots)
    failpoint.reached("office.before_credentials")
    write_durably(copy_of(office.folder / PROTECTED_FILE), data)
    write_durably(office.folder / PROTECTED_FILE, data)
    return office


def _slots(folder: Path) -> SlotFile:
    try:
        return find_slots(folder / SLOTS_FILE).slots
    except UserFacingError as error:
        if error.code != "slots_damaged":
            raise
        raise _damaged(SLOTS_FILE) from error


def _read(folder: Path, slots: SlotFile, key: bytes) -> OfficeSecrets:
    """Read the credentials, from the copy if the file was torn."""
    path = folder / PROTECTED_FILE
    for file in (path, copy_of(path)):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, InvalidTag):
            return _opened(file, slots, key)
    raise _damaged(PROTECTED_FILE)


def _opened(file: Path, slots: SlotFile, key: bytes) -> OfficeSecrets:
    with file.open("rb") as stream:
        raw: dict[str, Any] = json.loads(stream.read(_MAX_BYTES))
    if raw["format"] != FORMAT:
        raise ValueError("format")
    plain = AESGCM(key).decrypt(bytes.fromhex(raw["nonce"]), bytes.fromhex(raw["sealed"]), _bound(slots))
    held = json.loads(plain)
    return OfficeSecrets(
        bytes.fromhex(held["signing_key"]), held["identity"], held["address"], dict(held["names"])
    )


def _bound(slots: SlotFile) -> bytes:
    return b"stojnica office\0" + slots.store_id.bytes


def _damaged(name: str) -> UserFacingError:
    return UserFacingError(
        _("The file {file} of the office's keys is missing or damaged, and so is its copy.").format(
            file=name
        ),
        safe=_("Nothing was changed."),
        next_step=_("Put the folder back from the copy that you keep apart from this computer."),
        code="keys_damaged",
    )
