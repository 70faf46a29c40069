"""Numbers of an event's contacts: right whatever was corrected at once, voided, or compared."""

from itertools import combinations
from typing import Any
from uuid import UUID, uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stojnica.domain import kinds
from stojnica.domain.fact import Fact, StoredFact, content_hash, encode
from stojnica.domain.likeness import OTHER, SAME, UNKNOWN, Likeness
from stojnica.records.facts import facts_of_subject, insert_facts
from stojnica.records.projection import project_subject
from stojnica.records.report_queries import contacts_by_age_band, late_contacts, repeated_contacts

EVENT, ELSEWHERE = uuid4(), uuid4()


def sign_up(book: Any, band: str = "18-30", channel: str = "kiosk", event: UUID = EVENT) -> UUID:
    data = {"first_name": "A", "age_band": band}
    subject: UUID = book.write(kinds.SIGNED_UP, data, event_id=event, channel=channel)
    return subject


def compare(book: Any, newer: UUID, older: UUID, answer: str = SAME) -> None:
    data = Likeness(older, answer, ("email",)).data()
    book.write(kinds.COMPARED, data, subject_id=newer, event_id=EVENT)


def at_once(book: Any, subject: UUID, bands: tuple[str, ...]) -> None:
    """Correct a contact on several laptops, none of which has seen what the others say."""
    seen = tuple(item.content_hash for item in facts_of_subject(book.connection, book.branch_id, subject))
    for band in bands:
        said = {"age_band": band}
        fact = Fact(uuid4(), kinds.CORRECTED, subject, said, 1, event_id=EVENT, supersedes=seen)
        body = encode(fact)
        item = StoredFact(book.branch_id, uuid4(), 1, content_hash(body), body, fact)
        insert_facts(book.connection, [item])
    project_subject(book.connection, book.branch_id, subject)


def ages(book: Any) -> dict[str, int]:
    return dict(contacts_by_age_band(book.connection, book.branch_id, EVENT))


def repeated(book: Any) -> int:
    return repeated_contacts(book.connection, book.branch_id, EVENT)


def test_ages_are_those_of_the_event_without_voided_ones(book: Any) -> None:
    gone = sign_up(book, "31+")
    sign_up(book)
    sign_up(book, "")
    sign_up(book, "15-17", event=ELSEWHERE)

    book.write(kinds.VOIDED, {}, subject_id=gone, event_id=EVENT)

    assert ages(book) == {"18-30": 1, "": 1}


def test_two_who_correct_a_contact_at_once_make_no_second_one(book: Any) -> None:
    subject = sign_up(book)

    at_once(book, subject, ("15-17", "31+", "under-15"))

    assert sum(ages(book).values()) == 1
    assert set(ages(book)) <= {"15-17", "31+", "under-15"}


def test_paper_and_web_come_late(book: Any) -> None:
    for channel in ("kiosk", "typed", "paper", "web", "paper"):
        sign_up(book, channel=channel)

    assert late_contacts(book.connection, book.branch_id, EVENT) == 3


def test_only_the_same_person_of_this_event_counts_once(book: Any) -> None:
    first, second, third, far = sign_up(book), sign_up(book), sign_up(book), sign_up(book, event=ELSEWHERE)

    compare(book, second, first, OTHER)
    compare(book, third, first, UNKNOWN)
    compare(book, far, first)
    assert repeated(book) == 0

    compare(book, second, first)
    assert repeated(book) == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.integers(1, 6))
def test_people_are_as_many_as_groups_of_contacts(book: Any, data: st.DataObject, count: int) -> None:
    book.branch_id = uuid4()
    contacts = [sign_up(book) for _contact in range(count)]
    group = {contact: data.draw(st.integers(0, 2), label="person") for contact in contacts}

    for older, newer in combinations(contacts, 2):
        # A contact is compared once; the answers chain from the newest of a person to the one before.
        if group[older] == group[newer]:
            compare(book, newer, older)

    assert count - repeated(book) == len(set(group.values()))
