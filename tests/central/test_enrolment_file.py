"""The enrolment file: opened with its code, or told plainly why not."""

import base64
from dataclasses import replace
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyrage import passphrase

from stojnica.central.certificates import make_authority
from stojnica.central.enrolment import (
    MAX_FILE_BYTES,
    MOST_WORK,
    Enrolment,
    EnrolmentFile,
    ServerHost,
    new_code,
    open_enrolment,
    seal,
)
from stojnica.central.keys import load_public_keys, load_signing_key
from stojnica.central.signing import sign_briefing
from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError

CODE = "ABCD-EFGH-JKMN-PQRS"
HEADER = b"age-encryption.org/v1\n-> scrypt " + b"A" * 22 + b" 16\n"


@pytest.fixture(scope="module")
def enrolment(organisation_keys: Path) -> Enrolment:
    keys = load_public_keys(organisation_keys)
    body = b'{"briefing":1}'
    return Enrolment(
        branch_id=UUID(int=1),
        device_id=UUID(int=2),
        server_id=UUID(int=3),
        name="Prenosnik na Kongresnem trgu",
        hosts=(ServerHost("127.0.0.1", 5432), ServerHost("/run/postgresql", 5432)),
        database="hub",
        role="stojnica_l_0123456789abcdef",
        password="secret",
        tls_mode="none",
        ca_pem="",
        signing_key=keys.signing_key,
        recipients=keys.recipients,
        secret=bytes(range(32)),
        created_at=1_000,
        valid_until=2_000,
        briefing=body,
        briefing_signature=sign_briefing(load_signing_key(organisation_keys), body),
    )


@pytest.fixture(scope="module")
def sealed(enrolment: Enrolment) -> EnrolmentFile:
    return seal(enrolment, CODE)


@pytest.fixture(scope="module")
def content(enrolment: Enrolment) -> dict[str, object]:
    """Give what is inside of the file."""
    inside: list[bytes] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passphrase, "encrypt", lambda body, _code: inside.append(body) or b"")
        seal(enrolment, CODE)
    found = parse_canonical(inside[0])
    assert isinstance(found, dict)
    return found


@pytest.fixture
def open_codes(content: dict[str, object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let any code open the file, and note which was tried: the real thing takes seconds by design."""
    tried: list[str] = []
    body = canonical_bytes(content)
    monkeypatch.setattr(passphrase, "decrypt", lambda _data, code: tried.append(code) or body)
    return tried


def code_of(data: bytes, code: str = CODE, now_us: int | None = None) -> str:
    """Give the word by which opening fails."""
    with pytest.raises(UserFacingError) as caught:
        open_enrolment(data, code, now_us=now_us)
    assert caught.value.what
    assert caught.value.safe
    assert caught.value.next_step
    return caught.value.code


def test_a_file_opens_with_its_code(sealed: EnrolmentFile, enrolment: Enrolment) -> None:
    assert open_enrolment(sealed.data, CODE, now_us=1_999) == enrolment


def test_nothing_of_it_can_be_read_without_the_code(sealed: EnrolmentFile) -> None:
    for word in (b"secret", b"stojnica_l_", b"127.0.0.1"):
        assert word not in sealed.data


def test_a_code_has_80_bits_and_no_letters_that_look_alike() -> None:
    codes = {new_code() for _number in range(200)}

    assert len(codes) == 200
    letters = set("".join(codes)) - {"-"}
    assert len(letters) == 32
    assert not letters & set("ILOU")
    assert all(len(code.replace("-", "")) == 16 for code in codes)


def test_a_wrong_code_is_told(sealed: EnrolmentFile) -> None:
    assert code_of(sealed.data, "ABCD-EFGH-JKMN-PQRT") == "enrolment_code"


@pytest.mark.parametrize("code", ["", "ABCD", CODE + "-ABCD", "ABCD-EFGH-JKMN-PQR!", "ČABC-EFGH-JKMN-PQRS"])
def test_what_cannot_be_a_code_is_told_at_once(sealed: EnrolmentFile, code: str) -> None:
    assert code_of(sealed.data, code) == "enrolment_code"


def test_a_code_is_read_however_it_is_written(enrolment: Enrolment, open_codes: list[str]) -> None:
    for code in (CODE, " abcd efgh-jkmnpqrs\n", "OIol-oooo-ilIL-uuUU"):
        assert open_enrolment(HEADER, code) == enrolment

    # Letters that are misread are taken for the digits that they look like.
    assert open_codes == ["ABCDEFGHJKMNPQRS"] * 2 + ["0101000011 11VVVV".replace(" ", "")]


def test_a_damaged_file_is_told(sealed: EnrolmentFile) -> None:
    body = sealed.data
    assert code_of(body[:-1] + bytes([body[-1] ^ 1])) == "enrolment_damaged"
    assert code_of(body[:120]) == "enrolment_damaged"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"\x89PNG\r\n",
        HEADER,
        b"age-encryption.org/v1\n-> X25519 x\n",
    ],
)
def test_what_is_no_enrolment_file_is_told(data: bytes) -> None:
    assert code_of(data) == "enrolment_damaged"


def test_a_file_without_bounds_is_not_even_tried() -> None:
    assert code_of(HEADER + b"x" * MAX_FILE_BYTES) == "enrolment_damaged"


@pytest.mark.parametrize("work", [b"22", b"23", b"30", b"63", b"999", b"-1", b"", b"0x10"])
def test_a_work_factor_that_would_take_hours_or_all_memory_is_refused(
    sealed: EnrolmentFile, work: bytes
) -> None:
    lines = sealed.data.split(b"\n")
    lines[1] = lines[1].rsplit(b" ", 1)[0] + b" " + work

    begun = monotonic()
    assert code_of(b"\n".join(lines)) == "enrolment_damaged"
    assert monotonic() - begun < 5


def test_what_this_program_seals_is_far_from_that(sealed: EnrolmentFile) -> None:
    assert int(sealed.data.split(b"\n")[1].rsplit(b" ", 1)[1]) < MOST_WORK


def test_an_expired_file_is_told(sealed: EnrolmentFile) -> None:
    assert code_of(sealed.data, now_us=2_001) == "enrolment_expired"


# Sealing takes a second or more by design, so what is inside is checked without it.
def opened_with(
    content: dict[str, object], changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> str:
    body = canonical_bytes(content | changes)
    monkeypatch.setattr(passphrase, "decrypt", lambda _data, _code: body)
    return code_of(HEADER)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2},
        {"kind": "stojnica keys"},
        {"branch_id": "x"},
        {"device_id": 7},
        {"hosts": []},
        {"hosts": [{"host": "127.0.0.1", "port": 0}]},
        {"hosts": [{"host": "127.0.0.1", "port": True}]},
        {"hosts": [{"host": "", "port": 1}]},
        {"hosts": [{"host": "127.0.0.1", "port": 1}] * 9},
        {"name": ""},
        {"name": "x" * 201},
        {"password": ["x"]},
        {"signing_key": "00"},
        {"secret": "00"},
        {"recipients": []},
        {"recipients": ["age1nonsense", "age1nonsense"]},
        {"valid_until": -1},
        {"tls": {"mode": "verify-full", "ca": ""}},
        {"tls": {"mode": "prefer", "ca": ""}},
        {"tls": None},
        {"briefing": {"body": "!", "signature": "!"}},
        {"briefing": {"body": base64.b64encode(b"forged").decode(), "signature": ""}},
        {"hosts": [{"host": "hub.example.org", "port": 5432}]},
        {"hosts": [{"host": "127.0.0.1", "port": 1}, {"host": "192.0.2.1", "port": 1}]},
    ],
)
def test_what_is_inside_is_checked(
    content: dict[str, object], changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened_with(content, changes, monkeypatch) == "enrolment_damaged"


@pytest.mark.parametrize("name", ["format", "hosts", "tls", "briefing", "secret", "server_id"])
def test_nothing_may_be_missing(
    content: dict[str, object], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = {key: value for key, value in content.items() if key != name}

    assert opened_with(less, {}, monkeypatch) == "enrolment_damaged"


def test_a_server_elsewhere_comes_with_the_authority_that_vouches_for_it(
    enrolment: Enrolment, content: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = make_authority("Example").certificate.decode()
    changes = {
        "hosts": [{"host": "hub.example.org", "port": 5432}],
        "tls": {"mode": "verify-full", "ca": authority},
    }
    body = canonical_bytes(content | changes)
    monkeypatch.setattr(passphrase, "decrypt", lambda _data, _code: body)

    opened = open_enrolment(HEADER, CODE)

    expected = replace(
        enrolment, hosts=(ServerHost("hub.example.org", 5432),), tls_mode="verify-full", ca_pem=authority
    )
    assert opened == expected


@given(st.binary(max_size=300))
def test_any_bytes_at_all_are_answered_in_words(data: bytes) -> None:
    assert code_of(data) == "enrolment_damaged"
