"""M37, Keys: every slot opens the store by itself; a torn slot file is told; none of them holds the key."""

import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stojnica.domain.errors import UserFacingError
from stojnica.storage import slots as slot_file
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.slots import (
    ORGANISATION,
    Argon2Cost,
    Slot,
    SlotFile,
    copy_of,
    load_slots,
    new_slot_file,
    normalised_passphrase,
    save_slots,
    slot_opened_by,
    unlock_with_passphrase,
    with_organisation,
    with_passphrase,
    without,
)
from stojnica.storage.slots import (
    PASSPHRASE as PASSPHRASE_KIND,
)

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(8, 1, 1)
KEY = bytes(range(32))
bound = slot_file._bound


def test_m37_each_passphrase_opens_the_store_and_removing_one_leaves_the_others(home: StoreHome) -> None:
    opened = unlock_store(home, PASSPHRASE)
    slots = load_slots(home.slots)
    slots = with_passphrase(slots, opened.key, "drugi ključ", label="Maja", cost=CHEAP)
    slots = with_passphrase(slots, opened.key, "third one", label="Tine", cost=CHEAP)
    save_slots(home.slots, slots)
    opened.close()

    for words in (PASSPHRASE, "drugi ključ", "third one"):
        unlock_store(home, words).close()
    first, second, third = load_slots(home.slots).slots
    save_slots(home.slots, without(load_slots(home.slots), second.slot_id))

    assert [slot.label for slot in load_slots(home.slots).slots] == [first.label, third.label]
    assert load_slots(home.slots).slots == (first, third)
    for words in (PASSPHRASE, "third one"):
        unlock_store(home, words).close()
    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, "drugi ključ")
    assert caught.value.code == "wrong_passphrase"


def test_m37_who_opened_it_last_is_asked_of_first(monkeypatch: pytest.MonkeyPatch) -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)
    slots = with_passphrase(slots, KEY, "two", cost=CHEAP)
    tried: list[str] = []
    monkeypatch.setattr(slot_file, "_bound", lambda store, slot: tried.append(slot) or bound(store, slot))
    first, second = (slot.slot_id for slot in slots.slots)

    found = slot_opened_by(slots, "two", first=second)
    other = slot_opened_by(slots, "one", first=second)
    unknown = slot_opened_by(slots, "one", first="no such slot")

    assert [one.key for one in (found, other, unknown) if one is not None] == [KEY] * 3
    assert tried == [second, second, first, first]


def test_m37_several_may_derive_at_the_same_time() -> None:
    # Two derivations with lanes at once never ended, or found too little memory.
    cost = Argon2Cost(1024, 1, 4)
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=cost)

    with ThreadPoolExecutor(4) as pool:
        keys = list(pool.map(lambda _turn: unlock_with_passphrase(slots, "one"), range(20), timeout=60))

    assert keys == [KEY] * 20


def test_m37_the_last_slot_can_not_be_removed() -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)

    with pytest.raises(ValueError, match="last slot"):
        without(slots, slots.slots[0].slot_id)


def test_m37_removing_a_slot_that_is_not_there_changes_nothing() -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)

    assert without(slots, "no such slot") == slots


def test_m37_when_the_passphrase_is_forgotten_each_identity_of_the_organisation_opens_the_store(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore], save_contact: Callable[..., object]
) -> None:
    office, safe, stranger = (pyrage.x25519.Identity.generate() for _number in range(3))
    opened = unlock(home)
    recipients = (str(office.to_public()), str(safe.to_public()))
    save_slots(home.slots, with_organisation(load_slots(home.slots), opened.key, recipients))

    slots = load_slots(home.slots)
    (slot,) = slots.of_kind(ORGANISATION)
    wrapped = bytes.fromhex(slot.details["wrapped"])
    for identity in (office, safe):
        assert pyrage.decrypt(wrapped, [identity]) == slots.store_id.bytes + opened.key
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(wrapped, [stranger])
    unlock_with_passphrase(slots, PASSPHRASE)


def test_m37_enrolling_again_replaces_the_slot_of_the_organisation() -> None:
    old, new = (pyrage.x25519.Identity.generate() for _number in range(2))
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)
    slots = with_organisation(slots, KEY, (str(old.to_public()),))

    slots = with_organisation(slots, KEY, (str(new.to_public()),))

    assert [slot.kind for slot in slots.slots] == [PASSPHRASE_KIND, ORGANISATION]
    wrapped = bytes.fromhex(slots.slots[1].details["wrapped"])
    assert pyrage.decrypt(wrapped, [new]) == slots.store_id.bytes + KEY
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(wrapped, [old])


@pytest.mark.parametrize(
    "typed",
    [
        "jutro voda hiša most reka",
        "  Jutro   VODA hiša\tmost reka \n",
        "jutro-voda-hiša-most-reka",
        "jutro voda his\u030ca most reka",
        "jutro voda hiša most reka".upper(),
    ],
)
def test_a_passphrase_opens_however_it_is_spaced_and_spelled(home: StoreHome, typed: str) -> None:
    unlock_store(home, typed).close()


@pytest.mark.parametrize(
    "typed", ["", " ", "jutro voda hiša most", "voda jutro hiša most reka", "jutro voda hisa most reka"]
)
def test_another_passphrase_is_refused_in_plain_words(home: StoreHome, typed: str) -> None:
    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, typed)

    assert caught.value.code == "wrong_passphrase"
    assert caught.value.safe
    assert caught.value.next_step


@pytest.mark.parametrize("empty", ["", "  ", "\n", " - "])
def test_an_empty_passphrase_makes_no_store(tmp_path: Path, empty: str) -> None:
    home = StoreHome(tmp_path / "home")

    with pytest.raises(UserFacingError) as caught:
        create_store(home, empty, cost=CHEAP)

    assert caught.value.code == "passphrase_empty"
    assert not home.exists()


@pytest.mark.usefixtures("dear_words")
def test_the_real_cost_is_a_quarter_of_a_gibibyte_and_opens() -> None:
    slots = with_passphrase(new_slot_file(), KEY, PASSPHRASE)

    assert slots.slots[0].details["memory_kib"] == 256 * 1024
    assert unlock_with_passphrase(slots, PASSPHRASE) == KEY


def test_m38_the_slot_file_holds_neither_the_key_nor_the_words(home: StoreHome) -> None:
    opened = unlock_store(home, PASSPHRASE)
    content = home.slots.read_bytes()
    opened.close()

    assert opened.key.hex().encode() not in content
    assert opened.key not in content
    assert not any(word.encode() in content for word in PASSPHRASE.split())


def test_a_slot_moved_into_another_store_opens_nothing() -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)
    other = new_slot_file()

    moved = type(other)(other.store_id, slots.slots)

    with pytest.raises(UserFacingError):
        unlock_with_passphrase(moved, "one")


def test_slots_of_kinds_that_are_not_known_yet_are_kept(home: StoreHome) -> None:
    raw = json.loads(home.slots.read_bytes())
    slots = load_slots(home.slots)
    later = type(slots.slots[0])("later", "os-keyring", "", {"name": "login", "depth": [1, {"a": None}]})
    save_slots(home.slots, type(slots)(slots.store_id, (*slots.slots, later)))

    again = with_passphrase(load_slots(home.slots), KEY, "more", cost=CHEAP)
    save_slots(home.slots, again)

    assert load_slots(home.slots).slots[1] == later
    assert raw["slots"][0] == json.loads(home.slots.read_bytes())["slots"][0]
    unlock_store(home, PASSPHRASE).close()


def assert_torn(home: StoreHome) -> None:
    copy_of(home.slots).unlink(missing_ok=True)
    content, database = home.slots.read_bytes(), home.database.read_bytes()

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert caught.value.code == "slots_damaged"
    assert caught.value.safe
    assert caught.value.next_step
    assert (home.slots.read_bytes(), home.database.read_bytes()) == (content, database)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b"{}",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"format":1}',
        b'{"format":"1","check":""}',
        b'{"format":1,"check":"","slots":[],"store_id":5}',
        bytes(4096),
    ],
    ids=range(12),
)
def test_m37_a_torn_slot_file_is_told_and_nothing_is_changed(home: StoreHome, content: bytes) -> None:
    home.slots.write_bytes(content)

    assert_torn(home)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_m37_a_slot_file_changed_or_cut_anywhere_is_told(home: StoreHome, data: st.DataObject) -> None:
    whole = home.slots.read_bytes()
    copy_of(home.slots).unlink(missing_ok=True)
    place = data.draw(st.integers(0, len(whole) - 1))
    if data.draw(st.booleans()):
        home.slots.write_bytes(whole[:place])
    else:
        flipped = bytearray(whole)
        flipped[place] ^= 1 << data.draw(st.integers(0, 7))
        home.slots.write_bytes(flipped)

    # A changed space between two values changes nothing that was written.
    code = "opened"
    try:
        unlock_store(home, PASSPHRASE).close()
    except UserFacingError as error:
        code = error.code
    finally:
        home.slots.write_bytes(whole)

    assert code in ("opened", "slots_damaged", "newer_store")


def test_m05_slots_of_a_newer_program_are_refused_in_plain_words(home: StoreHome) -> None:
    raw: dict[str, Any] = json.loads(home.slots.read_bytes())
    home.slots.write_text(json.dumps(raw | {"format": 2}), encoding="ascii")

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, PASSPHRASE)

    assert caught.value.code == "newer_store"


@pytest.mark.parametrize(
    "changed",
    [
        {"memory_kib": 2**40},
        {"memory_kib": 2 * 1024 * 1024},
        {"memory_kib": 1024 * 1024, "iterations": 16},
        {"memory_kib": float("inf")},
        {"memory_kib": float("nan")},
        {"memory_kib": "9" * 5_000},
        {"iterations": True},
        {"memory_kib": 0},
        {"iterations": 10**9},
        {"lanes": 10**6},
        {"lanes": "x"},
        {"salt": "zz"},
        {"salt": None},
        {"nonce": ""},
        {"wrapped": "00"},
    ],
)
def test_m37_a_forged_slot_costs_no_memory_and_opens_nothing(changed: dict[str, Any]) -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)
    slot = slots.slots[0]
    forged = type(slot)(slot.slot_id, slot.kind, slot.label, dict(slot.details) | changed)

    with pytest.raises(UserFacingError) as caught:
        unlock_with_passphrase(type(slots)(slots.store_id, (forged,)), "one")

    assert caught.value.code == "wrong_passphrase"


def test_a_bad_slot_does_not_keep_a_good_one_from_opening() -> None:
    slots = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP)
    bad = type(slots.slots[0])("bad", PASSPHRASE_KIND, "", {"kdf": "argon2id"})

    assert unlock_with_passphrase(type(slots)(slots.store_id, (bad, *slots.slots)), "one") == KEY


def test_m37_a_file_with_slots_without_end_is_tried_for_seconds_and_not_for_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Given a key file on somebody's stick, with as many slots as fit in
    one = with_passphrase(new_slot_file(), KEY, "one", cost=CHEAP).slots[0]
    many = tuple(Slot(str(number), one.kind, "", one.details) for number in range(1_500))
    tried: list[str] = []
    monkeypatch.setattr(slot_file, "_stretch", lambda *_given: tried.append("once") or bytes(32))

    assert slot_opened_by(SlotFile(uuid4(), many), "two") is None

    assert len(tried) <= 16


def test_m37_too_little_memory_is_told_as_that_and_not_as_wrong_words() -> None:
    # Given a laptop whose memory is nearly used up (a program of its own, so that this one keeps its memory)
    pytest.importorskip("resource")
    program = (
        "import resource\n"
        "from stojnica.domain.errors import UserFacingError\n"
        "from stojnica.storage.slots import *\n"
        "cheap, dear = Argon2Cost(8, 1, 1), Argon2Cost(1024 * 1024, 1, 1)\n"
        "slots = with_passphrase(new_slot_file(), bytes(32), 'one', cost=cheap)\n"
        "slot = slots.slots[0]\n"
        "large = Slot('large', slot.kind, '', dict(slot.details) | {'memory_kib': dear.memory_kib})\n"
        "resource.setrlimit(resource.RLIMIT_AS, (900 * 1024 * 1024,) * 2)\n"
        "print(slot_opened_by(SlotFile(slots.store_id, (large, slot)), 'one').key == bytes(32))\n"
        "try:\n"
        "    slot_opened_by(SlotFile(slots.store_id, (large,)), 'one')\n"
        "except UserFacingError as error:\n"
        "    print(error.code)\n"
    )

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)

    assert ended.stdout.split() == ["True", "no_memory"], ended.stderr


@given(st.text(max_size=40))
def test_a_passphrase_reads_the_same_once_it_was_read(text: str) -> None:
    try:
        once = normalised_passphrase(text).decode()
    except UnicodeEncodeError:
        return

    assert normalised_passphrase(once).decode() == once
