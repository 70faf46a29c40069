"""M37: each lead has words of their own; who forgot them comes in by the office's code."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.fact import decode
from stojnica.domain.recovery import RecoveryCode, recovery_body, recovery_from, sealed_data, sealed_from
from stojnica.domain.spoken_code import new_code
from stojnica.services import openers
from stojnica.services.openers import (
    GoneOpener,
    NewOpener,
    Opener,
    Openers,
    add_opener,
    remove_opener,
    say_whose,
    who_can_open,
)
from stojnica.services.recovery import keep_recovery_ready, recover_by_code, recover_by_identity
from stojnica.services.unlocking import unlock_and_settle
from stojnica.storage.home import OpenStore, StoreHome, create_store, unlock_store
from stojnica.storage.passphrase import strength_of
from stojnica.storage.slots import (
    RECOVERY,
    Argon2Cost,
    copy_of,
    load_slots,
    save_slots,
    with_organisation,
)
from stojnica.storage.unit import UnitOfWork
from stojnica.sync.credentials import Credentials, Host, keep_credentials

WORDS = "jutro voda hiša most reka"
MAJAS = "čebula lestev oblak skodelica veter"
CHEAP = Argon2Cost(8, 1, 1)
DEVICE = UUID(int=5)


@pytest.fixture
def home(tmp_path: Path) -> StoreHome:
    return StoreHome(tmp_path / "home")


@pytest.fixture
def opened(home: StoreHome) -> Iterator[OpenStore]:
    store = create_store(home, WORDS, cost=CHEAP)
    yield store
    store.close()


@pytest.fixture
def identities() -> tuple[Any, Any]:
    return pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()


@pytest.fixture
def enrolled(opened: OpenStore, identities: tuple[Any, Any]) -> OpenStore:
    """Give a store that belongs to an office."""
    recipients = tuple(str(item.to_public()) for item in identities)
    save_slots(opened.home.slots, with_organisation(load_slots(opened.home.slots), opened.key, recipients))
    credentials = Credentials(
        *(UUID(int=1), DEVICE, UUID(int=3), "A", (Host("/tmp", 5432),), "db", "role", "pw", "none", ""),
        *(bytes(32), recipients, bytes(32), bytes(32)),
    )

    def keep(unit: UnitOfWork) -> None:
        keep_credentials(unit.connection, credentials)
        unit.commit()

    opened.store.write(keep).result(timeout=20)
    return opened


def sealed_codes(opened: OpenStore, identity: Any) -> list[RecoveryCode]:
    """Read what travelled to the office, as the office does."""

    def bodies(connection: Any) -> list[bytes]:
        query = "SELECT body FROM fact WHERE kind = 'recovery_sealed' ORDER BY seq"
        return list(connection.exec_driver_sql(query).scalars())

    facts = [decode(body) for body in opened.store.read(bodies).result(timeout=20)]
    sealed = [sealed_from(fact.data) for fact in facts]
    codes = [recovery_from(pyrage.decrypt(item, [identity])) for item in sealed if item is not None]
    return [code for code in codes if code is not None]


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(UserFacingError) as caught:
        work()
    assert caught.value.what
    return caught.value.code


def names(found: Openers) -> list[str]:
    return [one.name for one in found.people]


@pytest.mark.parametrize("name", ["", "   ", "\u0000"])
def test_m37_words_are_given_no_name_that_is_none(opened: OpenStore, name: str) -> None:
    [first] = who_can_open(opened).people

    with pytest.raises(UserFacingError):
        say_whose(opened, first.slot_id, name)

    assert [one.name for one in who_can_open(opened).people] == [""]


def test_m37_a_name_is_corrected_and_since_when_stays(opened: OpenStore) -> None:
    add_opener(opened, NewOpener(WORDS, MAJAS, "Mija"), CHEAP)
    [_first, mija] = who_can_open(opened).people

    say_whose(opened, mija.slot_id, "  Maja ")

    assert who_can_open(opened).people[1] == Opener(mija.slot_id, "Maja", mija.since)


def test_m37_who_was_taken_out_meanwhile_is_given_no_name(opened: OpenStore) -> None:
    add_opener(opened, NewOpener(WORDS, MAJAS, "Mija"), CHEAP)
    [_first, mija] = who_can_open(opened).people
    remove_opener(opened, GoneOpener(WORDS, mija.slot_id))

    assert refused(lambda: say_whose(opened, mija.slot_id, "Maja")) == "opener_gone"

    assert names(who_can_open(opened)) == [""]


def test_m37_another_lead_gets_words_and_both_open(home: StoreHome, opened: OpenStore) -> None:
    first = load_slots(home.slots).slots[0]

    add_opener(opened, NewOpener(WORDS.upper(), MAJAS, " Maja "), CHEAP)

    assert names(who_can_open(opened)) == ["", "Maja"]
    assert who_can_open(opened).people[1].since > 0
    assert load_slots(home.slots).slots[0] == first
    opened.close()
    for words in (WORDS, MAJAS):
        unlock_store(home, words).close()


def test_m38_the_files_beside_the_store_hold_no_name(home: StoreHome, opened: OpenStore) -> None:
    add_opener(opened, NewOpener(WORDS, MAJAS, "Zelmirka"), CHEAP)
    opened.close()

    for file in (path for path in home.folder.rglob("*") if path.is_file()):
        assert b"Zelmirka" not in file.read_bytes()
        assert b"lestev" not in file.read_bytes()


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("", "weak_words"),
        ("čebula lestev oblak skodelica", "weak_words"),
        ("čebula čebula oblak skodelica veter", "weak_words"),
        ("a b c d e f g h i j k l m n", "weak_words"),
        ("aaa bbb ccc ddd eee fff ggg", "weak_words"),
        ("ena dva tri pet osi", "weak_words"),
        ("beseda " * 100, "weak_words"),
        (WORDS, "words_known"),
    ],
)
def test_m37_words_that_are_short_repeated_or_known_are_refused(
    home: StoreHome, opened: OpenStore, words: str, code: str
) -> None:
    before = home.slots.read_bytes()

    assert refused(lambda: add_opener(opened, NewOpener(WORDS, words, "Maja"), CHEAP)) == code

    assert home.slots.read_bytes() == before
    assert names(who_can_open(opened)) == [""]


def test_m37_without_ones_own_words_nobody_is_added_or_taken_out(home: StoreHome, opened: OpenStore) -> None:
    add_opener(opened, NewOpener(WORDS, MAJAS, "Maja"), CHEAP)
    maja = who_can_open(opened).people[1].slot_id
    before = home.slots.read_bytes()

    wrong = NewOpener("not my words at all", "pet povsem drugih dolgih zgodb", "Tine")
    assert refused(lambda: add_opener(opened, wrong, CHEAP)) == "wrong_passphrase"
    assert refused(lambda: remove_opener(opened, GoneOpener(WORDS, maja))) == "wrong_passphrase"

    assert home.slots.read_bytes() == before


def test_m37_who_leaves_is_taken_out_and_the_others_stay(home: StoreHome, opened: OpenStore) -> None:
    add_opener(opened, NewOpener(WORDS, MAJAS, "Maja"), CHEAP)
    first, maja = who_can_open(opened).people

    remove_opener(opened, GoneOpener(WORDS, maja.slot_id))

    assert who_can_open(opened).people == (first,)
    opened.close()
    unlock_store(home, WORDS).close()
    assert refused(lambda: unlock_store(home, MAJAS)) == "wrong_passphrase"


def test_m37_the_last_words_and_ones_own_are_not_taken_out(opened: OpenStore) -> None:
    (first,) = who_can_open(opened).people

    assert refused(lambda: remove_opener(opened, GoneOpener(WORDS, first.slot_id))) == "last_opener"
    add_opener(opened, NewOpener(WORDS, MAJAS, "Maja"), CHEAP)

    assert refused(lambda: remove_opener(opened, GoneOpener(WORDS, first.slot_id))) == "own_opener"
    remove_opener(opened, GoneOpener(MAJAS, first.slot_id))
    assert names(who_can_open(opened)) == ["Maja"]


def test_m37_a_laptop_without_an_office_makes_no_code(opened: OpenStore) -> None:
    assert not keep_recovery_ready(opened)
    assert not who_can_open(opened).has_code


def test_m37_a_code_is_made_once_and_either_identity_of_the_office_reads_it(
    enrolled: OpenStore, identities: tuple[Any, Any]
) -> None:
    assert keep_recovery_ready(enrolled)
    assert not keep_recovery_ready(enrolled)

    (slot,) = load_slots(enrolled.home.slots).of_kind(RECOVERY)
    for identity in identities:
        (found,) = sealed_codes(enrolled, identity)
        assert found.slot_id == slot.slot_id
    assert who_can_open(enrolled).has_code


def test_m38_the_code_is_nowhere_in_clear(enrolled: OpenStore, identities: tuple[Any, Any]) -> None:
    keep_recovery_ready(enrolled)
    (found,) = sealed_codes(enrolled, identities[0])
    enrolled.close()

    for file in (path for path in enrolled.home.folder.rglob("*") if path.is_file()):
        content = file.read_bytes().upper()
        assert found.code.encode() not in content
        assert found.code.replace("-", "").encode() not in content


def test_m37_the_code_opens_sets_new_words_and_is_used_up(
    home: StoreHome, enrolled: OpenStore, identities: tuple[Any, Any]
) -> None:
    keep_recovery_ready(enrolled)
    (first,) = sealed_codes(enrolled, identities[0])
    enrolled.close()

    again = recover_by_code(home, first.code.lower().replace("-", " "), MAJAS, name="Maja", cost=CHEAP)
    codes = sealed_codes(again, identities[1])
    again.close()

    reopened = unlock_store(home, MAJAS)
    assert names(who_can_open(reopened)) == ["", "Maja"]
    reopened.close()
    unlock_store(home, WORDS).close()
    assert [code.slot_id for code in codes][:1] == [first.slot_id]
    assert len(codes) == 2
    assert refused(lambda: recover_by_code(home, first.code, MAJAS + " več", cost=CHEAP)) == "wrong_code"
    recover_by_code(home, codes[1].code, MAJAS + " več", cost=CHEAP).close()


def test_m37_wrong_codes_wipe_nothing_and_weak_words_use_no_code_up(
    home: StoreHome, enrolled: OpenStore, identities: tuple[Any, Any]
) -> None:
    keep_recovery_ready(enrolled)
    (code,) = sealed_codes(enrolled, identities[0])
    enrolled.close()
    before = home.slots.read_bytes()

    for _number in range(20):
        assert refused(lambda: recover_by_code(home, new_code(), MAJAS, cost=CHEAP)) == "wrong_code"
    assert refused(lambda: recover_by_code(home, code.code, "short", cost=CHEAP)) == "weak_words"

    assert home.slots.read_bytes() == before
    recover_by_code(home, code.code, MAJAS, cost=CHEAP).close()


def test_m37_the_office_opens_a_laptop_that_never_sent_anything(
    home: StoreHome, enrolled: OpenStore, identities: tuple[Any, Any]
) -> None:
    enrolled.close()
    stranger = pyrage.x25519.Identity.generate()

    assert refused(lambda: recover_by_identity(home, str(stranger), MAJAS, cost=CHEAP)) == "wrong_identity"
    recover_by_identity(home, str(identities[1]), MAJAS, name="Pisarna", cost=CHEAP).close()

    unlock_store(home, MAJAS).close()


def test_m37_a_code_that_was_cut_off_before_it_was_told_is_made_anew(
    home: StoreHome, enrolled: OpenStore, identities: tuple[Any, Any]
) -> None:
    before = load_slots(home.slots)
    keep_recovery_ready(enrolled)
    # The slot of a code that no fact tells of: as if the plug had been pulled between the two.
    known = sealed_codes(enrolled, identities[0])
    save_slots(home.slots, before)

    assert keep_recovery_ready(enrolled)

    newest = sealed_codes(enrolled, identities[0])[-1]
    assert newest.slot_id != known[0].slot_id
    assert [slot.slot_id for slot in load_slots(home.slots).of_kind(RECOVERY)] == [newest.slot_id]


def test_m37_unlocking_makes_old_slots_dearer_and_says_what_was_repaired(
    home: StoreHome, enrolled: OpenStore
) -> None:
    enrolled.close()
    home.slots.write_bytes(b"{")
    wanted = Argon2Cost(64, 2, 1)

    again = unlock_and_settle(home, WORDS, cost=wanted)

    details = load_slots(home.slots).slots[0].details
    assert (details["memory_kib"], details["iterations"]) == (64, 2)
    assert copy_of(home.slots).read_bytes() == home.slots.read_bytes()
    assert who_can_open(again).repaired_at > 0
    assert who_can_open(again).has_code
    again.close()
    unlock_store(home, WORDS).close()


def test_m37_unlocking_with_wrong_words_changes_nothing(home: StoreHome, opened: OpenStore) -> None:
    opened.close()
    before = home.slots.read_bytes()

    assert refused(lambda: unlock_and_settle(home, "no", cost=CHEAP)) == "wrong_passphrase"

    assert home.slots.read_bytes() == before


@given(st.text(max_size=300))
def test_no_words_whatever_they_are_break_the_weighing(words: str) -> None:
    assert strength_of(words).words >= 0


@given(st.binary(max_size=200))
def test_what_no_laptop_can_have_sealed_is_read_as_nothing(body: bytes) -> None:
    assert recovery_from(body) is None
    assert sealed_from(sealed_data(body)) in (None, body)
    assert sealed_from({"sealed": body.hex()}) is None


def test_what_was_sealed_is_read_again() -> None:
    item = RecoveryCode(UUID(int=4), "ab12", new_code())

    assert recovery_from(recovery_body(item)) == item
    assert kinds.RECOVERY_SEALED in kinds.STAND_KINDS


def test_m37_two_changes_of_the_keys_at_once_both_last(
    enrolled: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody's words that are just being added, and take their time
    is_adding, is_other_through = threading.Event(), threading.Event()
    wrap = openers.with_passphrase

    def slowly(*given: Any, **more: Any) -> Any:
        is_adding.set()
        is_other_through.wait(1)
        return wrap(*given, **more)

    monkeypatch.setattr(openers, "with_passphrase", slowly)
    adding = threading.Thread(target=lambda: add_opener(enrolled, NewOpener(WORDS, MAJAS, "Maja"), CHEAP))
    adding.start()
    assert is_adding.wait(10)

    # When the office's code is made in the middle of it
    assert keep_recovery_ready(enrolled)
    is_other_through.set()
    adding.join(10)

    # Then both open the laptop: otherwise the office would read out a code that opens nothing
    assert who_can_open(enrolled).has_code
    assert [one.name for one in who_can_open(enrolled).people] == ["", "Maja"]
