"""The organisation's keys: made once, private, never overwritten."""

import json
import os
from pathlib import Path

import pytest
from pyrage import decrypt, encrypt, x25519

from stojnica.central.keys import (
    IDENTITY_FILES,
    PUBLIC_FILE,
    SIGNING_FILE,
    load_public_keys,
    load_signing_key,
    make_keys,
)
from stojnica.central.signing import is_briefing_of, sign_briefing
from stojnica.domain.errors import UserFacingError


def test_keys_that_were_made_sign_and_open(tmp_path: Path) -> None:
    made = make_keys(tmp_path / "keys")

    assert load_public_keys(tmp_path / "keys") == made
    signature = sign_briefing(load_signing_key(tmp_path / "keys"), b"body")
    assert is_briefing_of(made.signing_key, b"body", signature)
    sealed = encrypt(b"x", [x25519.Recipient.from_str(one) for one in made.recipients])
    for name in IDENTITY_FILES:
        identity = x25519.Identity.from_str((tmp_path / "keys" / name).read_text().strip())
        assert decrypt(sealed, [identity]) == b"x"


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_private_files_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")

    for name in (SIGNING_FILE, *IDENTITY_FILES):
        assert (tmp_path / "keys" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("name", [SIGNING_FILE, *IDENTITY_FILES, PUBLIC_FILE])
def test_not_one_file_is_ever_overwritten(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("precious")

    with pytest.raises(UserFacingError) as caught:
        make_keys(tmp_path)

    assert caught.value.code == "keys_exist"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "precious"


@pytest.mark.parametrize(
    "change",
    [
        {"signing_key": "00"},
        {"signing_key": "zz" * 32},
        {"recipients": ["age1x", "age1y"]},
        {"recipients": []},
        {"format": 2},
        {"kind": "other"},
    ],
)
def test_m32_a_public_file_that_was_tampered_with_is_told(tmp_path: Path, change: dict[str, object]) -> None:
    make_keys(tmp_path)
    path = tmp_path / PUBLIC_FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | change))

    with pytest.raises(UserFacingError) as caught:
        load_public_keys(tmp_path)

    assert caught.value.code == "keys_damaged"


def test_m32_a_signing_key_that_is_not_the_public_ones_partner_is_told(tmp_path: Path) -> None:
    make_keys(tmp_path / "one")
    make_keys(tmp_path / "other")
    (tmp_path / "one" / SIGNING_FILE).write_bytes((tmp_path / "other" / SIGNING_FILE).read_bytes())

    with pytest.raises(UserFacingError) as caught:
        load_signing_key(tmp_path / "one")

    assert caught.value.code == "keys_damaged"


def test_missing_keys_are_told_with_the_line_to_type(tmp_path: Path) -> None:
    with pytest.raises(UserFacingError) as caught:
        load_public_keys(tmp_path)

    assert caught.value.code == "keys_missing"
    assert "central keys" in caught.value.next_step


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(UserFacingError) as caught:
        make_keys(tmp_path / "file" / "keys")

    assert caught.value.code == "keys_folder"


def test_a_signature_for_something_else_is_no_briefing(tmp_path: Path) -> None:
    public = make_keys(tmp_path)
    key = load_signing_key(tmp_path)

    assert not is_briefing_of(public.signing_key, b"body", key.sign(b"body"))
    assert not is_briefing_of(public.signing_key, b"other", sign_briefing(key, b"body"))
    assert not is_briefing_of(b"short", b"body", sign_briefing(key, b"body"))
    assert not is_briefing_of(public.signing_key, b"body", b"short")
