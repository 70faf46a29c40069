"""Put the organisation's private keys under a coordinator's words, all but the one for the safe."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stojnica import failpoint
from stojnica.central.keys import (
    IDENTITY_FILES,
    PUBLIC_FILE,
    SIGNING_FILE,
    PublicKeys,
    check_empty,
    clear_signing_key,
    identity_text,
    is_protected,
    load_public_keys,
    new_keys,
    public_content,
    public_of,
    told_of_writing,
    write_new,
)
from stojnica.domain.errors import UserFacingError
from stojnica.domain.text import NAME_LIMIT
from stojnica.i18n import gettext as _
from stojnica.on_disk import sync_folder
from stojnica.services.office_vault import OfficeSecrets, OpenOffice, open_office, write_office
from stojnica.services.openers import check_new_words
from stojnica.services.tidy_text import tidy_text
from stojnica.storage.slots import Argon2Cost, new_slot_file, with_organisation, with_passphrase


@dataclass(frozen=True, slots=True, repr=False)
class Protection:
    """Hold a coordinator's words and name, the database's address or "", and where the safe's key goes."""

    words: str
    away: Path
    name: str = ""
    address: str = ""


def make_protected_keys(folder: Path, wish: Protection, cost: Argon2Cost | None = None) -> PublicKeys:
    """Make all keys; in the folder none of them is ever in clear.

    The second identity lies in `wish.away` alone, to be taken to a safe.

    Raises:
        UserFacingError: keys are there already, the words are weak, or it can't be written to.
    """
    check_new_words(wish.words)
    keys = new_keys()
    public = public_of(keys)
    daily, locked = (str(item) for item in keys.identities)
    with told_of_writing(folder):
        check_empty(folder)
        put_away(wish.away, folder, locked)
        _seal(folder, wish, public, _Clear(keys.signing_key, daily), cost)
        # Last: with it the set is complete.
        write_new(folder / PUBLIC_FILE, public_content(public), 0o644)
    return public


def protect_keys(folder: Path, wish: Protection, cost: Argon2Cost | None = None) -> PublicKeys:
    """Put the clear keys of a folder under a coordinator's words; the clear files go when that is proven.

    A crash leaves the clear keys in use, or the protected ones; called again, it finishes.

    Raises:
        UserFacingError: the keys or the words don't fit, or it can't be written to. Then all is as before.
    """
    public = load_public_keys(folder)
    with told_of_writing(folder):
        second = folder / IDENTITY_FILES[1]
        if second.exists():
            put_away(wish.away, folder, identity_text(second))
        if not is_protected(folder):
            check_new_words(wish.words)
            clear = _Clear(clear_signing_key(folder, public), identity_text(folder / IDENTITY_FILES[0]))
            _seal(folder, wish, public, clear, cost)
        failpoint.reached("protect.before_clearing")
        _take_clear_files_away(folder, open_office(folder, wish.words), public)
    return public


def has_clear_keys(folder: Path) -> bool:
    """Tell whether a private key lies in a folder in clear."""
    return any((folder / name).exists() for name in (SIGNING_FILE, *IDENTITY_FILES))


def put_away(away: Path, folder: Path, identity: str) -> Path:
    """Write the identity for the safe into a folder of its own, from which a person takes it away.

    Raises:
        UserFacingError: that would be the folder of the keys, or another identity is there.
        OSError: it can't be written.
    """
    path = away / IDENTITY_FILES[1]
    if away.resolve() == folder.resolve():
        raise UserFacingError(
            _("The key for the safe can't stay beside the others."),
            safe=_("Nothing was changed."),
            next_step=_("Name another folder with --away, best on a stick."),
            code="same_folder",
        )
    away.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.exists():
        if identity_text(path) != identity:
            raise UserFacingError(
                _("Another key is in {folder} already.").format(folder=away),
                safe=_("Nothing was changed."),
                next_step=_("Name another folder with --away, best on a stick."),
                code="keys_exist",
            )
        return path
    write_new(path, f"{identity}\n".encode(), 0o600)
    return path


@dataclass(frozen=True, slots=True, repr=False)
class _Clear:
    signing_key: Ed25519PrivateKey
    daily: str


def _seal(folder: Path, wish: Protection, public: PublicKeys, clear: _Clear, cost: Argon2Cost | None) -> None:
    """Write slots and credentials, and open them again as they lie there now."""
    key = secrets.token_bytes(32)
    slots = with_passphrase(new_slot_file(), key, wish.words, cost=cost)
    name = tidy_text(wish.name, NAME_LIMIT, code="opener_name")
    names = {slots.slots[-1].slot_id: name}
    held = OfficeSecrets(clear.signing_key.private_bytes_raw(), clear.daily, wish.address, names)
    # The identity in the safe opens them when every coordinator forgot their words.
    slots = with_organisation(slots, key, public.recipients[1:])
    failpoint.reached("protect.before_writing")
    write_office(OpenOffice(folder, slots, key, held))
    failpoint.reached("protect.after_writing")
    _check(open_office(folder, wish.words), public)


def _check(office: OpenOffice, public: PublicKeys) -> None:
    keys = office.secrets.private_keys()
    signing = keys.signing_key.public_key().public_bytes_raw()
    if signing != public.signing_key or str(keys.identities[0].to_public()) not in public.recipients:
        raise _other_keys()


def _take_clear_files_away(folder: Path, office: OpenOffice, public: PublicKeys) -> None:
    """Delete the clear files, once their content was read back from where it is now."""
    _check(office, public)
    if (folder / SIGNING_FILE).exists():
        clear_signing_key(folder, public)
    daily = folder / IDENTITY_FILES[0]
    if daily.exists() and identity_text(daily) != office.secrets.identity:
        raise _other_keys()
    for name in (IDENTITY_FILES[1], IDENTITY_FILES[0], SIGNING_FILE):
        with suppress(FileNotFoundError):
            (folder / name).unlink()
    sync_folder(folder)


def _other_keys() -> UserFacingError:
    return UserFacingError(
        _("The keys in clear and those that are protected aren't the same."),
        safe=_("Nothing was deleted."),
        next_step=_("Put the folder back from the copy that was kept when the keys were made."),
        code="keys_damaged",
    )
