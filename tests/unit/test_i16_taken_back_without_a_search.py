"""I16: at the stand an address or a number is enough to take consent back, without looking for anybody."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.errors import UserFacingError
from stojnica.domain.event import Event
from stojnica.domain.ids import new_id
from stojnica.domain.signup import ConsentEvidence, SignUp, Wording
from stojnica.i18n import speaking
from stojnica.records.contact_queries import contact
from stojnica.records.contact_withdrawals import CONTACT_WITHDRAWAL
from stojnica.records.facts import FACT
from stojnica.services.capture import save_signup
from stojnica.services.contact import ContactViewModel
from stojnica.services.erasing import erase_contact
from stojnica.services.message import Tone
from stojnica.services.stand import StandContext
from stojnica.services.tasks import DeferredRunner
from stojnica.services.withdrawing import keys_from_either, withdraw_contact
from stojnica.storage.store import Store
from stojnica.storage.unit import branch_of

ZANA = ContactKeys.of("Zana.Kos@Example.org", "")


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with speaking("en"):
        yield


def sign_up(store: Store, evidence: str = "screen", **said: Any) -> UUID:
    """Save somebody who agrees to the newsletter."""
    values: dict[str, Any] = {
        "first_name": "Žana",
        "last_name": "Kos",
        "email": "zana.kos@example.org",
        "purposes": ("newsletter",),
    }
    subject = new_id()
    wording = Wording("n", "newsletter", 1, "sl", "Novice", "Pošiljajte mi novice.", "2024-01-01")
    save_signup(
        store,
        SignUp(**(values | said)),
        subject_id=subject,
        event_id=None,
        channel="kiosk",
        evidence=ConsentEvidence(evidence, "sl", {"newsletter": wording}),
    ).result()
    return subject


def granted(store: Store, subject: UUID) -> list[bool]:
    known = store.read(lambda c: contact(c, branch_of(c), subject)).result()
    assert known is not None
    return [item.is_granted for item in known.consents]


def withdrawals(store: Store) -> int:
    query = sa.select(sa.func.count()).select_from(CONTACT_WITHDRAWAL)
    return int(store.read(lambda c: c.execute(query).scalar_one()).result())


def test_i16_it_holds_at_once_for_whoever_signed_up_with_the_address(store: Store) -> None:
    one, again, other = sign_up(store), sign_up(store), sign_up(store, email="ana@example.org")

    withdraw_contact(store, ZANA).result()

    assert granted(store, one) == granted(store, again) == [False]
    assert granted(store, other) == [True]


def test_who_signs_up_again_on_the_screen_after_it_has_agreed(store: Store) -> None:
    withdraw_contact(store, ZANA).result()

    assert granted(store, sign_up(store)) == [True]


def test_i16_and_who_takes_it_back_once_more_is_heard_once_more(store: Store) -> None:
    withdraw_contact(store, ZANA).result()
    subject = sign_up(store)

    withdraw_contact(store, ZANA).result()

    assert granted(store, subject) == [False]


@pytest.mark.parametrize("evidence", ["paper", "web"])
def test_i16_a_slip_or_a_web_form_typed_in_later_may_be_older_and_is_taken_back(
    store: Store, evidence: str
) -> None:
    withdraw_contact(store, ZANA).result()

    assert granted(store, sign_up(store, evidence)) == [False]


def test_m35_erasing_somebody_erases_their_withdrawal_too(store: Store) -> None:
    subject = sign_up(store)
    withdraw_contact(store, ZANA).result()

    erase_contact(store, subject).result()

    assert withdrawals(store) == 0
    assert store.read(lambda c: c.execute(sa.select(FACT)).all()).result() == []


def test_i16_a_number_that_a_family_shares_stays_taken_back_for_who_is_left(store: Store) -> None:
    gone = sign_up(store, email="ana@example.org", phone="+38640123456")
    stays = sign_up(store, phone="+38640123456")
    withdraw_contact(store, ContactKeys.of("", "+38640123456")).result()

    erase_contact(store, gone).result()

    assert granted(store, stays) == [False]
    assert withdrawals(store) == 1


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        (" Zana.Kos@EXAMPLE.org ", ZANA),
        ("040 123 456", ContactKeys("", "+38640123456")),
        ("+43 1 234 56 78", ContactKeys("", "+4312345678")),
    ],
)
def test_an_address_or_a_number_is_read_as_it_is_said(typed: str, keys: ContactKeys) -> None:
    assert keys_from_either(typed, "SI") == keys


@pytest.mark.parametrize("typed", ["", "Žana", "@", "12", "zana@"])
def test_anything_else_changes_nothing(typed: str) -> None:
    with pytest.raises(UserFacingError, match="neither"):
        keys_from_either(typed, "SI")


def test_the_page_says_that_it_holds_and_never_whether_anybody_was_found(
    context: StandContext, runner: DeferredRunner, lupa: Event, office: dict[str, Any]
) -> None:
    model = ContactViewModel(context)
    model.refresh()
    runner.run()

    model.take_back(ContactKeys.of("nobody@example.org", ""))
    runner.run()

    assert model.home_country == "SI"
    assert model.state.message is not None
    assert model.state.message.tone is Tone.GOOD
    assert withdrawals(context.store) == 1
