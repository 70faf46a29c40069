"""The organisation's keys: one that signs briefings, and two identities that can open what laptops seal."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyrage import x25519

from stojnica.domain.errors import UserFacingError
from stojnica.i18n import gettext as _
from stojnica.on_disk import settle

PUBLIC_FILE = "organisation.keys.json"
SIGNING_FILE = "signing.key.pem"
IDENTITY_FILES = ("identity-1.age.txt", "identity-2.age.txt")
PROTECTED_FILE = "office.keys"
_MAX_FILE_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """Hold what may be known to all: the Ed25519 public key (32 bytes) and the age recipients."""

    signing_key: bytes
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, repr=False)
class PrivateKeys:
    """Hold what must be known to the office alone; of the identities one is enough."""

    signing_key: Ed25519PrivateKey
    identities: tuple[x25519.Identity, ...]


OpenKeys = Callable[[Path], PrivateKeys]
"""Open the protected keys of a folder with a coordinator's words."""


def new_keys() -> PrivateKeys:
    """Make a signing key and two identities; nothing is written."""
    identities = tuple(x25519.Identity.generate() for _name in IDENTITY_FILES)
    return PrivateKeys(Ed25519PrivateKey.generate(), identities)


def public_of(keys: PrivateKeys) -> PublicKeys:
    """Give the public halves."""
    recipients = tuple(str(item.to_public()) for item in keys.identities)
    return PublicKeys(keys.signing_key.public_key().public_bytes_raw(), recipients)


def public_content(public: PublicKeys) -> bytes:
    """Give what `PUBLIC_FILE` holds."""
    described = {
        "format": 1,
        "kind": "stojnica keys",
        "signing_key": public.signing_key.hex(),
        "recipients": list(public.recipients),
    }
    return json.dumps(described, indent=2).encode() + b"\n"


def make_keys(folder: Path) -> PublicKeys:
    """Make all keys in a folder, in clear; the private files can be read by their owner alone.

    For machines, practice and tests; a coordinator's keys are made by `services.protecting`.

    The first identity is for daily use, the second one to be locked away. At the end each of them opens
    a test that was sealed for both.

    Raises:
        UserFacingError: keys are there already (they are never overwritten), or it can't be written to.
    """
    keys = new_keys()
    public = public_of(keys)
    pem = keys.signing_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    named = zip(IDENTITY_FILES, keys.identities, strict=True)
    contents = [
        (SIGNING_FILE, pem, 0o600),
        *((name, f"{item}\n".encode(), 0o600) for name, item in named),
        # Last: with it the set is complete.
        (PUBLIC_FILE, public_content(public), 0o644),
    ]
    with told_of_writing(folder):
        check_empty(folder)
        for name, content, mode in contents:
            write_new(folder / name, content, mode)
    _drill(folder, public)
    return public


def check_empty(folder: Path) -> None:
    """Make a folder for keys, its owner's alone, in which there are none.

    Raises:
        FileExistsError: there are some.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in (SIGNING_FILE, *IDENTITY_FILES, PUBLIC_FILE, PROTECTED_FILE):
        if (folder / name).exists():
            raise FileExistsError(name)


@contextmanager
def told_of_writing(folder: Path) -> Iterator[None]:
    """Turn what a disk may answer while keys are written into words for people.

    Raises:
        UserFacingError: keys are there already, or they can't be written.
    """
    try:
        yield
    except FileExistsError as error:
        raise _keys_are_there(folder) from error
    except OSError as error:
        raise UserFacingError(
            _("The keys can't be written to {folder}.").format(folder=folder),
            next_step=_("Choose a folder that you may write to."),
            code="keys_folder",
        ) from error


def _drill(folder: Path, public: PublicKeys) -> None:
    """Seal something for both identities and open it with each, as their files lie there now.

    Raises:
        UserFacingError: what was written can't be used; better known today than on the day it's needed.
    """
    test = os.urandom(32)
    sealed = pyrage.encrypt(test, [x25519.Recipient.from_str(text) for text in public.recipients])
    for name in IDENTITY_FILES:
        identity = x25519.Identity.from_str(identity_text(folder / name))
        try:
            is_good = pyrage.decrypt(sealed, [identity]) == test
        except pyrage.DecryptError:
            is_good = False
        if not is_good:
            raise _bad_keys(folder / name)
    load_signing_key(folder)


def load_public_keys(folder: Path) -> PublicKeys:
    """Read the public halves.

    Raises:
        UserFacingError: there are none, or the file isn't what `make_keys` wrote.
    """
    try:
        raw = json.loads(_read(folder / PUBLIC_FILE))
        return _public_keys(raw)
    except (ValueError, KeyError, TypeError) as error:
        raise _bad_keys(folder / PUBLIC_FILE) from error


def is_protected(folder: Path) -> bool:
    """Tell whether the private keys of a folder open only with a coordinator's words."""
    return (folder / PROTECTED_FILE).exists()


def open_protected(folder: Path, open_keys: OpenKeys | None) -> PrivateKeys:
    """Open the protected keys of a folder.

    Raises:
        UserFacingError: nobody can be asked for words here, they are wrong, or a file was damaged.
    """
    if open_keys is None:
        raise UserFacingError(
            _("The keys in {folder} open only with a coordinator's words.").format(folder=folder),
            safe=_("Nothing was changed."),
            next_step=_("Give --passphrase-file FILE, or run this at a terminal."),
            code="keys_protected",
        )
    return open_keys(folder)


def load_signing_key(folder: Path, open_keys: OpenKeys | None = None) -> Ed25519PrivateKey:
    """Read the private key that signs briefings.

    Raises:
        UserFacingError: it isn't there, can't be read or opened, or isn't the partner of the public one.
    """
    public = load_public_keys(folder)
    if is_protected(folder):
        key = open_protected(folder, open_keys).signing_key
        if key.public_key().public_bytes_raw() != public.signing_key:
            raise _bad_keys(folder / PROTECTED_FILE)
        return key
    return clear_signing_key(folder, public)


def clear_signing_key(folder: Path, public: PublicKeys) -> Ed25519PrivateKey:
    """Read the signing key that lies in a folder in clear.

    Raises:
        UserFacingError: it isn't there, can't be read, or isn't the partner of the public one.
    """
    try:
        key = serialization.load_pem_private_key(_read(folder / SIGNING_FILE), password=None)
    except (ValueError, TypeError) as error:
        raise _bad_keys(folder / SIGNING_FILE) from error
    if not isinstance(key, Ed25519PrivateKey) or key.public_key().public_bytes_raw() != public.signing_key:
        raise _bad_keys(folder / SIGNING_FILE)
    return key


def load_identities(folder: Path, open_keys: OpenKeys | None = None) -> tuple[x25519.Identity, ...]:
    """Read those of the organisation's identities that lie in a folder; one is enough.

    Raises:
        UserFacingError: none is there, it can't be opened, or a file isn't what `make_keys` wrote.
    """
    load_public_keys(folder)
    if is_protected(folder):
        return open_protected(folder, open_keys).identities
    found: list[x25519.Identity] = []
    for name in IDENTITY_FILES:
        if not (folder / name).exists():
            continue
        found.append(x25519.Identity.from_str(identity_text(folder / name)))
    if not found:
        raise UserFacingError(
            _("No identity of the organisation is in {folder}.").format(folder=folder),
            safe=_("Nothing was changed."),
            next_step=_("Fetch the one that was locked away, or the one in daily use."),
            code="no_identity",
        )
    return tuple(found)


def identity_text(path: Path) -> str:
    """Read one identity as its one line of text, checked.

    Raises:
        UserFacingError: it isn't there, or isn't what `make_keys` wrote.
    """
    try:
        return str(x25519.Identity.from_str(_read(path).decode("ascii").strip()))
    except UserFacingError:
        raise
    except Exception as error:  # pyrage's errors share no base below Exception.
        raise _bad_keys(path) from error


def _public_keys(raw: Mapping[str, Any]) -> PublicKeys:
    keys = PublicKeys(bytes.fromhex(raw["signing_key"]), tuple(raw["recipients"]))
    if raw["format"] != 1 or raw["kind"] != "stojnica keys" or len(keys.signing_key) != 32:
        raise ValueError("format")
    if not 2 <= len(keys.recipients) <= 8:
        raise ValueError("recipients")
    for recipient in keys.recipients:
        check_recipient(recipient)
    return keys


def check_recipient(text: str) -> None:
    """Check that a text is an age recipient.

    Raises:
        ValueError: it isn't.
    """
    try:
        x25519.Recipient.from_str(text)
    except Exception as error:  # pyrage's errors share no base below Exception.
        raise ValueError("recipient") from error


def write_new(path: Path, content: bytes, mode: int) -> None:
    """Write a file that isn't there yet, with these rights from its first moment.

    Raises:
        FileExistsError: something is there already.
        OSError: it can't be written.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    settle(path)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise UserFacingError(
            _("The organisation's keys aren't in {folder}.").format(folder=path.parent),
            safe=_("Nothing was changed."),
            next_step=_("Give the folder of the keys, or make them: stojnica central keys FOLDER"),
            code="keys_missing",
        ) from error
    if len(content) > _MAX_FILE_BYTES:
        raise ValueError("too_large")
    return content


def _bad_keys(path: Path) -> UserFacingError:
    return UserFacingError(
        _("The file {file} holds no keys of Stojnica, or was damaged.").format(file=path.name),
        safe=_("Nothing was changed."),
        next_step=_("Take it from the copy of the keys that was put aside when they were made."),
        code="keys_damaged",
    )


def _keys_are_there(folder: Path) -> UserFacingError:
    return UserFacingError(
        _("There are keys in {folder} already.").format(folder=folder),
        safe=_("They weren't changed."),
        next_step=_("Use them, or choose an empty folder: laptops trust the old ones only."),
        code="keys_exist",
    )
