"""What comes on a stick is hostile until checked: forged, flipped, replayed, for other keys, from others."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.sync.conftest import Fleet
from tests.sync.offices import Office
from tests.sync.sticks import StickOffice, opened, sealed

from stojnica.central.keys import IDENTITY_FILES, make_keys
from stojnica.domain.canonical import canonical_bytes, parse_canonical
from stojnica.domain.errors import UserFacingError
from stojnica.storage.tables import WAITING
from stojnica.sync.receipt_file import open_receipt, sealed_receipt
from stojnica.sync.stick_file import MAGIC, FrameReader, StickFileError, frames
from stojnica.sync.stick_manifest import Manifest, read_manifest, written_manifest
from stojnica.sync.stick_receipt import receive

OWN_KEY = Ed25519PrivateKey.from_private_bytes(bytes([7]) * 32)
"""The key of the laptop that tests call Stand 1, whose name has seven letters."""


@pytest.fixture
def desk(office: Office, organisation_keys: Path, tmp_path: Path) -> StickOffice:
    """Give an office, in memory and with a real database, and a stick."""
    stick = tmp_path / "stick"
    stick.mkdir()
    return StickOffice(office, organisation_keys, stick)


def code_of_refusal(act: Callable[..., object], *arguments: object) -> str:
    """Do it, and give the code of the sentence that it must end with."""
    with pytest.raises(UserFacingError) as caught:
        act(*arguments)
    assert caught.value.what
    assert caught.value.safe
    assert caught.value.next_step
    return caught.value.code


def parts(content: bytes) -> tuple[Manifest, list[bytes]]:
    """Take a file apart: its manifest and its batches."""
    manifests: list[bytes] = []
    batches: list[bytes] = []

    def hear(manifest: bytes, _signature: bytes) -> bytes:
        manifests.append(manifest)
        return read_manifest(manifest).device_key

    reader = FrameReader(hear, batches.append)
    reader.write(content)
    reader.end()
    return read_manifest(manifests[0]), batches


def rewritten(manifest: Manifest, batches: list[bytes], key: Ed25519PrivateKey = OWN_KEY) -> bytes:
    return b"".join(frames(written_manifest(manifest), iter(batches), key))


def test_m31_somebody_elses_signature_is_not_the_laptops(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    path = desk.export(laptop)
    desk.take_in(path)
    manifest, batches = parts(opened(path, desk.keys))
    thief = Ed25519PrivateKey.generate()
    forged = replace(manifest, device_key=thief.public_key().public_bytes_raw())
    claimed = rewritten(manifest, batches, thief)

    codes = [
        code_of_refusal(desk.take_in, sealed(content, desk.stick / "f.stojnica", desk.keys))
        for content in (rewritten(forged, batches, thief), claimed)
    ]

    assert codes == ["stick_forged", "stick_forged"]


def test_m31_without_the_secret_of_its_enrolment_nobody_is_vouched_for(
    desk: StickOffice, fleet: Fleet
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    manifest, batches = parts(opened(desk.export(laptop), desk.keys))
    to = desk.stick / "f.stojnica"

    wrong = rewritten(replace(manifest, mac=bytes(32)), batches)
    none = rewritten(replace(manifest, mac=b""), batches)

    assert code_of_refusal(desk.take_in, sealed(wrong, to, desk.keys)) == "stick_forged"
    assert code_of_refusal(desk.take_in, sealed(none, to, desk.keys)) == "stick_unvouched"
    assert desk.office.facts() == []


def test_m31_what_the_manifest_claims_must_be_so(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(300)
    manifest, batches = parts(opened(desk.export(laptop), desk.keys))
    to = desk.stick / "f.stojnica"
    wrong = [
        rewritten(replace(manifest, facts=manifest.facts + 1), batches),
        rewritten(replace(manifest, digest=bytes(32)), batches),
        rewritten(manifest, batches[:1]),
        rewritten(manifest, [*batches, batches[0]]),
        rewritten(manifest, batches[::-1]),
        rewritten(replace(manifest, branch_id=uuid4()), batches),
        rewritten(replace(manifest, device_id=uuid4()), batches),
    ]

    codes = [code_of_refusal(desk.take_in, sealed(one, to, desk.keys)) for one in wrong]

    assert codes == ["stick_forged"] * 5 + ["stick_other_branch", "stick_unknown_laptop"]
    assert desk.office.facts() == []


@pytest.mark.parametrize("place", ["erased", "orders", "lives", "ranges"])
def test_m31_a_list_with_too_little_in_it_is_said_to_be_no_file_of_ours(
    desk: StickOffice, fleet: Fleet, place: str
) -> None:
    # Given a file for the office by somebody who has no more than its public keys
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    manifest, batches = parts(opened(desk.export(laptop), desk.keys))
    odd = canonical_bytes(parse_canonical(written_manifest(manifest)) | {place: [[]]})
    thief = Ed25519PrivateKey.generate()

    path = sealed(b"".join(frames(odd, iter(batches), thief)), desk.stick / "f.stojnica", desk.keys)

    assert code_of_refusal(desk.take_in, path) == "stick_forged"
    assert desk.office.facts() == []


def test_m30_a_flipped_byte_anywhere_inside_is_noticed(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(3)
    content = opened(desk.export(laptop), desk.keys)
    to = desk.stick / "f.stojnica"
    step = 149 if len(content) > 5_000 else 31

    places = {*range(40), *range(40, len(content), step), *range(len(content) - 20, len(content))}

    for at in sorted(places):
        flipped = bytearray(content)
        flipped[at] ^= 1
        code = code_of_refusal(desk.take_in, sealed(bytes(flipped), to, desk.keys))
        assert code.startswith("stick_"), at

    assert desk.office.facts() == []


def test_m30_a_flip_or_a_cut_of_the_file_itself_is_noticed(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(3)
    path = desk.export(laptop)
    content = path.read_bytes()
    codes = set()

    for at in range(0, len(content), 97):
        for wrong in (content[:at], content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :]):
            path.write_bytes(wrong)
            codes.add(code_of_refusal(desk.take_in, path))

    assert codes <= {"stick_no_file", "stick_incomplete", "stick_other_key", "stick_forged"}
    assert desk.office.facts() == []


def test_m31_what_was_erased_stays_erased_when_an_old_file_comes(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    [signed_up, *_rest] = laptop.capture(2)
    path = desk.export(laptop)
    desk.take_in(path)
    desk.office.erase(signed_up.fact.fact_id)

    taken = desk.take_in(path)

    assert (taken.present, taken.erased) == (3, 1)
    assert (signed_up.fact.fact_id, signed_up.content_hash) not in desk.office.facts()
    assert desk.close_the_loop(laptop, path).facts == 4


def test_a_laptop_that_was_shut_out_is_answered_as_over_a_line(desk: StickOffice, fleet: Fleet) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    path = desk.export(laptop)
    desk.office.revoke(laptop.credentials().device_id)

    code = code_of_refusal(desk.take_in, path)

    assert code == "stick_revoked"
    assert desk.office.facts() == []


def test_m32_either_of_the_two_identities_opens_the_file(
    desk: StickOffice, fleet: Fleet, tmp_path: Path
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    path = desk.export(laptop)

    for name in IDENTITY_FILES:
        folder = tmp_path / name
        folder.mkdir()
        (folder / name).write_bytes((desk.keys / name).read_bytes())
        assert desk.take_in(path, folder).facts == 2


def test_m32_without_a_fitting_key_it_is_said_and_the_other_identity_is_named(
    desk: StickOffice, fleet: Fleet, tmp_path: Path
) -> None:
    laptop = desk.laptop(fleet)
    laptop.capture(1)
    path = desk.export(laptop)
    make_keys(tmp_path / "others")

    code = code_of_refusal(desk.take_in, path, tmp_path / "others")

    assert code == "stick_other_key"


def test_m31_nothing_that_claims_to_be_large_is_kept_in_memory() -> None:
    claims = [MAGIC + b"M" + (1 << 31).to_bytes(4, "big"), MAGIC + b"B" + bytes(4), b"x" * 100]
    reader = [FrameReader(lambda _manifest, _signature: b"", lambda _batch: None) for _claim in claims]

    for claim, one in zip(claims, reader, strict=True):
        with pytest.raises(StickFileError):
            one.write(claim)


def test_m31_an_age_file_that_is_all_head_is_not_opened(desk: StickOffice) -> None:
    path = desk.stick / "bomb.stojnica"
    path.write_bytes(b"age-encryption.org/v1\n" + b"-> X25519 aaaa\nbbbb\n" * 50_000)

    assert code_of_refusal(desk.take_in, path) == "stick_no_file"


def test_m31_a_receipt_of_others_or_for_others_changes_nothing(
    desk: StickOffice, fleet: Fleet, tmp_path: Path
) -> None:
    laptop, other = desk.laptop(fleet), desk.laptop(fleet, "Another one")
    for one in (laptop, other):
        one.capture(1)
    data = desk.receipt(desk.export(laptop))
    elsewhere = desk.receipt(desk.export(other))
    receipt = open_receipt(data, laptop.credentials().signing_key)
    foreign = sealed_receipt(receipt, Ed25519PrivateKey.generate())
    flipped = data[:-5] + b"X" + data[-4:]

    codes = [
        code_of_refusal(receive, laptop.store, one)
        for one in (
            elsewhere,
            foreign,
            flipped,
            b"",
            data[:30],
            b"AGE-SECRET-KEY-1",
        )
    ]

    assert codes == ["receipt_elsewhere", *["receipt_forged"] * 2, *["receipt_damaged"] * 3]
    assert laptop.in_state(WAITING) == laptop.facts()
