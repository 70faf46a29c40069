"""Lists of contacts show initials alone, and leave out what was voided."""

from typing import Any
from uuid import UUID, uuid4

from stojnica.domain import kinds
from stojnica.domain.initials import initials_of
from stojnica.records.contact_queries import contact, newest_contacts, number_of_contacts, same_person

MINUTE_US = 60_000_000
EVENT, OTHER_EVENT = uuid4(), uuid4()


def sign_up(book: Any, at: int, event_id: UUID = EVENT, channel: str = "kiosk", **said: Any) -> UUID:
    data = {"first_name": "Špela", "last_name": "Žagar", "language": "sl"} | said
    subject: UUID = book.write(kinds.SIGNED_UP, data, event_id=event_id, at=at, channel=channel)
    return subject


def test_initials_are_of_letters_in_any_script() -> None:
    assert initials_of("Špela", "Žagar") == "Š. Ž."
    assert initials_of("đuro") == "Đ."
    assert initials_of("'t Hart", "van der Berg") == "T. V."
    assert initials_of("Ольга", "") == "О."
    assert initials_of("Z\u030coga", "") == "Ž."
    assert initials_of("", "") == ""
    assert initials_of("ßara", "") == "S."


def test_the_newest_contacts_come_first_with_initials_and_without_names(book: Any) -> None:
    first = sign_up(book, 1 * MINUTE_US)
    second = sign_up(book, 2 * MINUTE_US, first_name="Đuro", last_name="", channel="typed")
    sign_up(book, 3 * MINUTE_US, event_id=uuid4())

    lines = newest_contacts(book.connection, book.branch_id, EVENT, limit=10)

    assert [(line.subject_id, line.initials, line.channel) for line in lines] == [
        (second, "Đ.", "typed"),
        (first, "Š. Ž.", "kiosk"),
    ]
    assert {line.name for line in lines} == {""}


def test_names_come_when_asked_for(book: Any) -> None:
    sign_up(book, 1)

    lines = newest_contacts(book.connection, book.branch_id, EVENT, limit=10, with_names=True)

    assert [line.name for line in lines] == ["Špela Žagar"]


def test_the_limit_keeps_the_newest(book: Any) -> None:
    subjects = [sign_up(book, at) for at in range(5)]

    lines = newest_contacts(book.connection, book.branch_id, EVENT, limit=2)

    assert [line.subject_id for line in lines] == [subjects[4], subjects[3]]


def test_a_voided_contact_is_in_no_list_and_no_number(book: Any) -> None:
    kept, voided = sign_up(book, 1), sign_up(book, 2)

    book.write(kinds.VOIDED, {"reason": "test"}, subject_id=voided, event_id=EVENT)

    assert [line.subject_id for line in newest_contacts(book.connection, book.branch_id, EVENT, 9)] == [kept]
    assert number_of_contacts(book.connection, book.branch_id) == 1
    assert number_of_contacts(book.connection, book.branch_id, event_ids=[EVENT]) == 1


def test_contacts_are_counted_by_event_instant_and_channel(book: Any) -> None:
    sign_up(book, 10, channel="kiosk")
    sign_up(book, 20, channel="paper")
    sign_up(book, 30, event_id=uuid4())
    ask = book.connection, book.branch_id

    assert number_of_contacts(*ask) == 3
    assert number_of_contacts(*ask, event_ids=[EVENT]) == 2
    assert number_of_contacts(*ask, event_ids=[EVENT], since=20) == 1
    assert number_of_contacts(*ask, event_ids=[EVENT], channels=["kiosk"]) == 1
    assert number_of_contacts(*ask, event_ids=[]) == 0
    assert number_of_contacts(book.connection, uuid4()) == 0


def test_one_contact_comes_with_question_consents_and_what_was_corrected(book: Any) -> None:
    subject = sign_up(book, 1, email="s@example.org", interests=["camp"], themes=["art", "peace"])
    about = {"subject_id": subject, "event_id": EVENT}
    book.write(kinds.ASKED, {"text": "Kdaj?"}, **about)
    granted = {
        "purpose": "answer",
        "granted": True,
        "wording_id": "w",
        "wording_version": 3,
        "unproven": False,
    }
    book.write(kinds.CONSENTED, granted | {"language": "sl"}, **about)
    book.write(kinds.CONSENTED, granted | {"purpose": "photo", "granted": False}, **about)
    book.write(kinds.CORRECTED, {"last_name": "Žgajnar"}, **about)

    found = contact(book.connection, book.branch_id, subject)

    assert found is not None
    assert (found.first_name, found.last_name, found.email) == ("Špela", "Žgajnar", "s@example.org")
    assert (found.interests, found.themes) == (("camp",), ("art", "peace"))
    assert found.question == "Kdaj?"
    assert [(item.purpose, item.is_granted, item.wording_version) for item in found.consents] == [
        ("answer", True, 3),
        ("photo", False, 3),
    ]


def test_an_unknown_contact_is_none(book: Any) -> None:
    assert contact(book.connection, book.branch_id, uuid4()) is None


def test_the_same_address_or_phone_is_the_same_person_at_whichever_event(book: Any) -> None:
    subject = sign_up(book, 7, email="Spela@Example.org", phone="+38631345095", event_id=OTHER_EVENT)
    ask = book.connection, book.branch_id

    by_email = same_person(*ask, email="spela@example.org")
    by_phone = same_person(*ask, phone="+38631345095")

    assert by_email is not None
    assert by_email.event_id == OTHER_EVENT
    assert (by_email.subject_id, by_email.captured_at, by_email.same) == (subject, 7, ("email",))
    assert by_phone is not None
    assert by_phone.same == ("phone",)
    both = same_person(*ask, email="spela@example.org", phone="+38631345095")
    assert both is not None
    assert both.same == ("email", "phone")


def test_nobody_is_the_same_person_without_a_contact_as_oneself_or_when_voided(book: Any) -> None:
    subject = sign_up(book, 7, email="", phone="+38631345095")
    ask = book.connection, book.branch_id

    assert same_person(*ask, email="", phone="") is None
    assert same_person(book.connection, uuid4(), phone="+38631345095") is None
    assert same_person(*ask, phone="+38631345095", besides=subject) is None
    book.write(kinds.VOIDED, {"reason": ""}, subject_id=subject, event_id=EVENT)
    assert same_person(*ask, phone="+38631345095") is None
