"""M37: the office's keys open with a coordinator's words alone; no crash and no torn file loses them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from stojnica.central.keys import (
    IDENTITY_FILES,
    PROTECTED_FILE,
    is_protected,
    load_identities,
    load_public_keys,
    load_signing_key,
    make_keys,
)
from stojnica.central.signing import is_briefing_of, sign_briefing
from stojnica.domain.errors import UserFacingError
from stojnica.services.office_vault import (
    SLOTS_FILE,
    OfficeDoor,
    add_coordinator,
    coordinators,
    open_office,
    open_office_with_identity,
    remove_coordinator,
    with_address,
)
from stojnica.services.protecting import Protection, has_clear_keys, make_protected_keys, protect_keys
from stojnica.storage.slots import Argon2Cost, copy_of

CHEAP = Argon2Cost(8, 1, 1)
WORDS = "jutro voda hiša most reka"
MAJAS = "čebula lestev oblak skodelica veter"
ADDRESS = "postgresql://owner:very-secret@localhost/hub"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make keys that were protected from their first moment."""
    made = tmp_path / "keys"
    make_protected_keys(made, Protection(WORDS, tmp_path / "safe", "Ana", ADDRESS), CHEAP)
    return made


def clear_secrets(folder: Path) -> Iterator[bytes]:
    """Give what must not lie in clear beside protected keys."""
    yield load_signing_key(folder).private_bytes_raw()
    for name in IDENTITY_FILES:
        yield (folder / name).read_bytes().strip()


def everything_in(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_m37_what_was_protected_signs_and_opens_as_before(tmp_path: Path) -> None:
    public = make_keys(tmp_path / "keys")
    sealed = pyrage.encrypt(b"x", [pyrage.x25519.Recipient.from_str(text) for text in public.recipients])

    assert protect_keys(tmp_path / "keys", Protection(WORDS, tmp_path / "safe"), CHEAP) == public

    door = OfficeDoor(lambda: WORDS.upper())
    key = load_signing_key(tmp_path / "keys", door)
    assert is_briefing_of(public.signing_key, b"body", sign_briefing(key, b"body"))
    assert pyrage.decrypt(sealed, list(load_identities(tmp_path / "keys", door))) == b"x"
    safe = pyrage.x25519.Identity.from_str((tmp_path / "safe" / IDENTITY_FILES[1]).read_text().strip())
    assert pyrage.decrypt(sealed, [safe]) == b"x"


def test_i18_no_key_and_no_password_lies_in_clear_beside_protected_keys(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    secrets = list(clear_secrets(tmp_path / "keys"))

    protect_keys(tmp_path / "keys", Protection(WORDS, tmp_path / "safe", "Ana Kos", ADDRESS), CHEAP)

    held = everything_in(tmp_path / "keys")
    for secret in (*secrets, b"very-secret", b"Ana", b"jutro", b"AGE-SECRET-KEY"):
        assert secret not in held
        assert secret.hex().encode() not in held
    assert not has_clear_keys(tmp_path / "keys")
    assert everything_in(tmp_path / "safe").strip() == secrets[2]


def test_m37_the_words_are_asked_for_once_and_only_for_what_is_protected(
    folder: Path, tmp_path: Path
) -> None:
    asked: list[int] = []
    make_keys(tmp_path / "clear")

    def words() -> str:
        asked.append(1)
        return WORDS

    door = OfficeDoor(words)
    load_signing_key(tmp_path / "clear", door)
    load_public_keys(folder)
    assert asked == []
    load_signing_key(folder, door)
    load_identities(folder, door)

    assert asked == [1]
    assert door.office(folder).secrets.address == ADDRESS


def test_m37_wrong_words_and_nobody_to_ask_are_told_in_words(folder: Path) -> None:
    with pytest.raises(UserFacingError) as wrong:
        open_office(folder, MAJAS)
    with pytest.raises(UserFacingError) as nobody:
        load_signing_key(folder)

    assert wrong.value.code == "wrong_passphrase"
    assert nobody.value.code == "keys_protected"
    assert "--passphrase-file" in nobody.value.next_step


def test_m37_coordinators_come_and_go_and_each_opens_with_their_own_words(folder: Path) -> None:
    office = add_coordinator(open_office(folder, WORDS), MAJAS, "Maja", CHEAP)
    assert [one.name for one in coordinators(office)] == ["Ana", "Maja"]
    anas, majas = (one.slot_id for one in coordinators(office))

    with pytest.raises(UserFacingError) as own:
        remove_coordinator(open_office(folder, WORDS), anas)
    remove_coordinator(open_office(folder, MAJAS), anas)

    assert own.value.code == "own_opener"
    left = open_office(folder, MAJAS)
    assert [(one.slot_id, one.name) for one in coordinators(left)] == [(majas, "Maja")]
    with pytest.raises(UserFacingError):
        open_office(folder, WORDS)
    with pytest.raises(UserFacingError) as last:
        remove_coordinator(left, majas)
    assert last.value.code == "own_opener"


@pytest.mark.parametrize(("words", "code"), [("ena dva", "weak_words"), (WORDS.title(), "words_known")])
def test_m37_weak_words_and_words_twice_are_refused(folder: Path, words: str, code: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        add_coordinator(open_office(folder, WORDS), words, "Maja", CHEAP)

    assert caught.value.code == code


def test_m37_with_all_words_forgotten_the_key_from_the_safe_gives_new_ones(
    folder: Path, tmp_path: Path
) -> None:
    identity = (tmp_path / "safe" / IDENTITY_FILES[1]).read_text()
    other = str(pyrage.x25519.Identity.generate())

    with pytest.raises(UserFacingError) as wrong:
        open_office_with_identity(folder, other)
    add_coordinator(open_office_with_identity(folder, identity), MAJAS, "Maja", CHEAP)

    assert wrong.value.code == "wrong_identity"
    assert open_office(folder, MAJAS).secrets.address == ADDRESS


@pytest.mark.parametrize("name", [SLOTS_FILE, PROTECTED_FILE])
@pytest.mark.parametrize("torn", [b"", b"{", None])
def test_m37_a_torn_file_is_read_from_its_copy_and_both_torn_is_told(
    folder: Path, name: str, torn: bytes | None
) -> None:
    def tear(path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-40] if torn is None else torn)

    tear(folder / name)
    assert open_office(folder, WORDS).secrets.address == ADDRESS
    tear(copy_of(folder / name))

    with pytest.raises(UserFacingError) as caught:
        open_office(folder, WORDS)
    assert caught.value.code == "keys_damaged"
    assert name in caught.value.what


def test_m37_an_address_is_kept_later_and_changed(folder: Path) -> None:
    with_address(open_office(folder, WORDS), "postgresql://other/hub")

    assert open_office(folder, WORDS).secrets.address == "postgresql://other/hub"


def test_keys_are_made_over_none_and_the_safes_key_never_stays_beside_them(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserFacingError) as there:
        make_protected_keys(folder, Protection(WORDS, tmp_path / "other"), CHEAP)
    with pytest.raises(UserFacingError) as beside:
        make_protected_keys(tmp_path / "new", Protection(WORDS, tmp_path / "new"), CHEAP)

    assert there.value.code == "keys_exist"
    assert beside.value.code == "same_folder"
    assert open_office(folder, WORDS).secrets.address == ADDRESS


def test_clear_keys_of_others_beside_protected_ones_are_never_deleted(folder: Path, tmp_path: Path) -> None:
    make_keys(tmp_path / "others")
    foreign = (tmp_path / "others" / IDENTITY_FILES[0]).read_bytes()
    (folder / IDENTITY_FILES[0]).write_bytes(foreign)

    with pytest.raises(UserFacingError) as caught:
        protect_keys(folder, Protection(WORDS, tmp_path / "safe"), CHEAP)

    assert caught.value.code == "keys_damaged"
    assert (folder / IDENTITY_FILES[0]).read_bytes() == foreign


_CHILD = """
import sys
from pathlib import Path
from stojnica.services.protecting import Protection, protect_keys
from stojnica.storage.slots import Argon2Cost
keys, safe, words = sys.argv[1:]
protect_keys(Path(keys), Protection(words, Path(safe)), Argon2Cost(8, 1, 1))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
@pytest.mark.parametrize(
    ("point", "is_new"),
    [
        ("protect.before_writing", False),
        ("office.before_credentials", False),
        ("protect.after_writing", True),
        ("protect.before_clearing", True),
    ],
)
def test_m37_killed_while_protecting_the_old_keys_work_or_the_new_and_the_next_try_finishes(
    tmp_path: Path, point: str, is_new: bool
) -> None:
    # Given
    keys, safe = tmp_path / "keys", tmp_path / "safe"
    make_keys(keys)
    clear = list(clear_secrets(keys))
    call = [sys.executable, "-c", _CHILD, str(keys), str(safe), WORDS]

    # When
    ended = subprocess.run(call, env={**os.environ, "STOJNICA_FAILPOINT": point}, check=False)

    # Then
    assert ended.returncode == -signal.SIGKILL
    assert is_protected(keys) == is_new
    door = OfficeDoor(lambda: WORDS)
    assert load_signing_key(keys, door).private_bytes_raw() == clear[0]
    subprocess.run(call, check=True)
    assert not has_clear_keys(keys)
    assert load_signing_key(keys, OfficeDoor(lambda: WORDS)).private_bytes_raw() == clear[0]
    assert (safe / IDENTITY_FILES[1]).read_bytes().strip() == clear[2]
