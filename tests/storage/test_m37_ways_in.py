"""M37: a damaged key file is put back from its copy; the office's identity opens; old slots get dearer."""

from collections.abc import Callable

import pyrage
import pytest

from stojnica.domain.errors import UserFacingError
from stojnica.storage.home import OpenStore, StoreHome, open_store, unlock_store
from stojnica.storage.slot_ways import (
    is_weaker,
    made_dearer,
    unlock_with_code,
    unlock_with_identity,
    with_recovery,
)
from stojnica.storage.slots import (
    Argon2Cost,
    load_slots,
    new_slot_file,
    save_slots,
    slot_opened_by,
    unlock_with_passphrase,
    with_organisation,
    with_passphrase,
    without,
)

PASSPHRASE = "jutro voda hiša most reka"
CHEAP = Argon2Cost(8, 1, 1)
KEY = bytes(range(32))
CODE = "ABCD-EFGH-JKMN-PQ01"


@pytest.mark.parametrize("damage", ["torn", "flipped", "empty", "gone"])
def test_m37_a_damaged_key_file_is_put_back_from_its_copy(home: StoreHome, damage: str) -> None:
    whole = home.slots.read_bytes()
    save_slots(home.slots, load_slots(home.slots))
    torn = {
        "torn": whole[: len(whole) // 2],
        "flipped": whole.replace(b"argon2id", b"argon2ie"),
        "empty": b"",
    }
    if damage == "gone":
        home.slots.unlink()
    else:
        home.slots.write_bytes(torn[damage])

    opened = unlock_store(home, PASSPHRASE)
    opened.close()

    assert opened.is_slot_file_repaired
    assert home.slots.read_bytes() == whole
    again = unlock_store(home, PASSPHRASE)
    again.close()
    assert not again.is_slot_file_repaired


def test_m37_a_wrong_passphrase_puts_nothing_back(home: StoreHome) -> None:
    home.slots.write_bytes(b"{")

    with pytest.raises(UserFacingError) as caught:
        unlock_store(home, "five other words for nothing")

    assert caught.value.code == "wrong_passphrase"
    assert home.slots.read_bytes() == b"{"


def test_m37_who_was_taken_out_does_not_come_in_by_the_copy(home: StoreHome) -> None:
    opened = unlock_store(home, PASSPHRASE)
    opened.close()
    slots = with_passphrase(load_slots(home.slots), opened.key, "drugi ključ", cost=CHEAP)
    save_slots(home.slots, slots)

    save_slots(home.slots, without(slots, slots.slots[-1].slot_id))
    home.slots.write_bytes(b"")

    with pytest.raises(UserFacingError):
        unlock_store(home, "drugi ključ")
    unlock_store(home, PASSPHRASE).close()


@pytest.mark.parametrize("typed", [CODE, "abcdefghjkmnpqOI", " ABCD efgh JKMN pqol "])
def test_m37_a_code_opens_however_it_was_heard(typed: str) -> None:
    slots = with_recovery(new_slot_file(), KEY, "one", CODE, CHEAP)

    assert unlock_with_code(slots, typed) == KEY


@pytest.mark.parametrize(
    ("typed", "problem"), [("ABCD", "code_form"), ("", "code_form"), ("ABCD-EFGH-JKMN-PQ02", "wrong_code")]
)
def test_m37_another_code_is_refused_in_plain_words(typed: str, problem: str) -> None:
    slots = with_recovery(new_slot_file(), KEY, "one", CODE, CHEAP)

    with pytest.raises(UserFacingError) as caught:
        unlock_with_code(slots, typed)

    assert caught.value.code == problem
    assert caught.value.safe


def test_m37_a_new_code_takes_the_place_of_the_old_one_and_passphrases_stay() -> None:
    slots = with_recovery(with_passphrase(new_slot_file(), KEY, "ena", cost=CHEAP), KEY, "one", CODE, CHEAP)

    slots = with_recovery(slots, KEY, "two", "0000-0000-0000-0000", CHEAP)

    assert unlock_with_code(slots, "0000-0000-0000-0000") == unlock_with_passphrase(slots, "ena") == KEY
    with pytest.raises(UserFacingError):
        unlock_with_code(slots, CODE)


def test_m37_no_words_open_the_slot_of_the_code_and_no_code_one_of_the_words() -> None:
    slots = with_recovery(with_passphrase(new_slot_file(), KEY, CODE, cost=CHEAP), KEY, "one", CODE, CHEAP)
    words_alone = without(slots, "one")

    with pytest.raises(UserFacingError):
        unlock_with_code(words_alone, CODE)
    with pytest.raises(UserFacingError):
        unlock_with_passphrase(without(slots, slots.slots[0].slot_id), CODE)


def test_m37_the_offices_identity_opens_a_laptop_that_was_never_sent_from(
    home: StoreHome, unlock: Callable[[StoreHome], OpenStore]
) -> None:
    office, safe, stranger = (pyrage.x25519.Identity.generate() for _number in range(3))
    opened = unlock(home)
    recipients = (str(office.to_public()), str(safe.to_public()))
    save_slots(home.slots, with_organisation(load_slots(home.slots), opened.key, recipients))
    opened.close()

    for identity in (office, safe):
        text = f"# created by the office\n{identity}\n"
        open_store(home, lambda slots, text=text: unlock_with_identity(slots, text)).close()  # type: ignore[misc]
    for text, problem in ((str(stranger), "wrong_identity"), ("no key", "no_identity"), ("", "no_identity")):
        with pytest.raises(UserFacingError) as caught:
            unlock_with_identity(load_slots(home.slots), text)
        assert caught.value.code == problem


def test_m37_a_slot_of_older_days_is_made_dearer_in_its_place() -> None:
    slots = with_passphrase(new_slot_file(), KEY, "ena", cost=Argon2Cost(8, 1, 1))
    slots = with_passphrase(slots, KEY, "dve", cost=Argon2Cost(8, 1, 1))
    first, second = slots.slots
    wanted = Argon2Cost(16, 2, 1)

    dearer = made_dearer(slots, first, KEY, "ena", wanted)

    assert is_weaker(first, wanted)
    assert not is_weaker(dearer.slots[0], wanted)
    assert [slot.slot_id for slot in dearer.slots] == [first.slot_id, second.slot_id]
    assert dearer.slots[1] == second
    found = slot_opened_by(dearer, "ena")
    assert found is not None
    assert found.key == KEY
