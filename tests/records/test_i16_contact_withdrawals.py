"""I16: who takes consent back by address alone is heard, whatever arrives first; so is who agrees after."""

import random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection
from tests.records.arrivals import BRANCH, LIVES, arrive, dump, row_of, told

from stojnica.domain import kinds
from stojnica.domain.fact import StoredFact
from stojnica.records.projection import rebuild

VISITOR = {"first_name": "Žana", "email": "Zana.Kos@Example.org", "phone": "+38640123456"}
A, B = UUID(int=100), UUID(int=101)


def sign_up(subject: UUID = A, *, life: UUID = LIVES[0], seq: int = 1, **changes: Any) -> list[StoredFact]:
    """Give a sign-up and its consent to the newsletter."""
    first = told(kinds.SIGNED_UP, VISITOR | changes, subject=subject, life=life, seq=seq)
    agreed = {"purpose": "newsletter", "granted": True, "unproven": False, "wording_id": "n"}
    return [first, told(kinds.CONSENTED, agreed, subject=subject, life=life, seq=seq + 1, seen=[first])]


def withdrawal(seq: int = 9, life: UUID = LIVES[1], **data: str) -> StoredFact:
    subject = UUID(int=200 + seq)
    said = data or {"email": "zana.kos@example.org"}
    return told(kinds.CONTACT_WITHDREW, said, subject=subject, life=life, seq=seq)


def is_granted(connection: Connection) -> bool:
    return bool(row_of(connection, "consent").is_granted)


def test_i16_a_withdrawal_by_address_holds_for_a_sign_up_that_came_before_it(connection: Connection) -> None:
    for item in [*sign_up(), withdrawal()]:
        arrive(connection, item)

    row = row_of(connection, "consent")
    assert not row.is_granted
    # What was agreed to once is still told.
    assert row.wording_id == "n"


def test_i16_it_holds_for_one_that_another_laptop_delivers_later(connection: Connection) -> None:
    for item in [withdrawal(phone="+38640123456"), *sign_up(life=LIVES[2], seq=40)]:
        arrive(connection, item)

    assert not is_granted(connection)


def test_it_takes_back_only_the_purpose_that_it_names_and_nobody_elses(connection: Connection) -> None:
    others = withdrawal(7, email="ana@example.org")
    another_purpose = withdrawal(8, email="zana.kos@example.org", purpose="contact")
    for item in [*sign_up(), others, another_purpose]:
        arrive(connection, item)

    assert is_granted(connection)


def test_i16_a_number_beside_a_fact_proves_nothing_only_its_hash_does(connection: Connection) -> None:
    # The same life with a higher number may be a copied disk that never saw the withdrawal.
    taken_back = withdrawal(5, LIVES[0])
    for item in [taken_back, *sign_up(seq=6)]:
        arrive(connection, item)

    assert not is_granted(connection)


def test_who_agrees_after_it_where_it_is_known_has_agreed(connection: Connection) -> None:
    taken_back = withdrawal()
    first, agreed = sign_up()
    again = told(
        kinds.CONSENTED, dict(agreed.fact.data), subject=A, life=LIVES[2], seq=1, seen=[agreed, taken_back]
    )
    for item in [again, first, taken_back, agreed]:
        arrive(connection, item)

    assert is_granted(connection)


def test_i16_a_later_withdrawal_beats_what_superseded_an_earlier_one(connection: Connection) -> None:
    earlier, later = withdrawal(3), withdrawal(4)
    first, _agreed = sign_up()
    data = {"purpose": "newsletter", "granted": True, "unproven": False}
    again = told(kinds.CONSENTED, data, subject=A, seq=5, seen=[first, earlier])
    for item in [later, again, first, earlier]:
        arrive(connection, item)

    assert not is_granted(connection)


def test_a_corrected_address_is_what_counts(connection: Connection) -> None:
    first, agreed = sign_up(email="tipkarska@example.org", phone="")
    corrected = told(kinds.CORRECTED, {"email": VISITOR["email"]}, subject=A, seq=3, seen=[agreed])
    for item in [first, agreed, withdrawal(), corrected]:
        arrive(connection, item)

    assert not is_granted(connection)


_HOSTILE = st.dictionaries(
    st.sampled_from(["email", "phone", "purpose"]),
    st.sampled_from(["", "zana.kos@example.org", "+38640123456", "newsletter", "x" * 400, None]),
)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_HOSTILE, max_size=4), st.randoms(use_true_random=False), st.booleans())
def test_i16_whatever_the_order_the_tables_come_out_equal_and_a_rebuild_agrees(
    connection: Connection, said: list[dict[str, Any]], chance: random.Random, knew: bool
) -> None:
    # Given two sign-ups of a person, one of which may know of a withdrawal, and withdrawals of all sorts
    first = withdrawal(30)
    facts = [*sign_up(A), *sign_up(B, life=LIVES[2]), first]
    facts += [
        told(kinds.CONTACT_WITHDREW, data, subject=chance.choice([A, UUID(int=300 + n)]), seq=n + 10)
        for n, data in enumerate(said)
    ]
    if knew:
        grant = {"purpose": "newsletter", "granted": True, "unproven": False}
        facts.append(told(kinds.CONSENTED, grant, subject=B, life=LIVES[2], seq=9, seen=[facts[3], first]))

    # When they arrive in two orders, some twice
    tables = []
    for _round in range(2):
        inner = connection.begin_nested()
        chance.shuffle(facts)
        for item in [*facts, *facts[:3]]:
            arrive(connection, item)
        tables.append(dump(connection))
        rebuild(connection, BRANCH)
        tables.append(dump(connection))
        inner.rollback()

    # Then nothing tells which was first
    assert tables[0] == tables[1] == tables[2] == tables[3]
    assert {row[2] for row in tables[0]["contact_withdrawal"]} >= {first.content_hash}
