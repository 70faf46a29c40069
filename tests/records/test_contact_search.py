"""People are found by what they say of themselves: without marks, by beginnings, by the last digits."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from stojnica.domain import kinds
from stojnica.domain.name_search import search_terms
from stojnica.records import contact_search
from stojnica.records.contact_search import find_contacts

EVENT = uuid4()


def sign_up(book: Any, first: str, last: str = "", *, at: int = 1, **other: str) -> UUID:
    data = {"first_name": first, "last_name": last} | other
    subject: UUID = book.write(kinds.SIGNED_UP, data, event_id=EVENT, at=at)
    return subject


def found(book: Any, typed: str, limit: int = 9) -> list[UUID]:
    lines = find_contacts(book.connection, book.branch_id, search_terms(typed), limit)
    return [line.subject_id for line in lines]


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Čučnik", "cuc"),
        ("Cucnik", "Čuč"),
        ("Đurić", "djur"),
        ("Đurić", "duric"),
        ("Djurić", "đuri"),
        ("Weiß", "weiss"),
        ("Łukasz", "luk"),
        ("O'Brien", "brien"),
        ("van der Meer", "meer"),
        ("Őnodi", "onod"),
        ("Ξένια", "ξεν"),
    ],
)
def test_a_name_is_found_without_its_marks_and_by_its_beginning(book: Any, name: str, typed: str) -> None:
    subject = sign_up(book, "Ana", name)

    assert found(book, typed) == [subject]
    assert found(book, typed + "qq") == []


@pytest.mark.parametrize(
    "typed", ["ana čuč", "Čučnik Ana", "cuc an", "ana.cu", "ana.cucnik@ex", "095", "345 095", "031 345 095"]
)
def test_first_name_surname_address_and_last_digits_all_find_the_person(book: Any, typed: str) -> None:
    subject = sign_up(book, "Ana", "Čučnik", email="Ana.Cucnik@example.org", phone="+38631345095")
    sign_up(book, "Bor", "Novak", email="bor@example.org", phone="+38641999888")

    assert found(book, typed) == [subject]


@pytest.mark.parametrize("typed", ["", "  ", "a", "95", "@", "ana novak", "%", "_", "345"])
def test_too_little_or_something_else_finds_nobody(book: Any, typed: str) -> None:
    sign_up(book, "Ana", "Čučnik", email="x@example.org", phone="+38631345095")

    assert found(book, typed) == []


def test_the_newest_come_first_and_no_more_than_asked_for(book: Any) -> None:
    people = [sign_up(book, "Ana", f"Priimek{number}", at=number) for number in range(5)]

    assert found(book, "ana", limit=3) == people[:1:-1]


def test_a_corrected_name_is_found_and_a_voided_contact_is_not(book: Any) -> None:
    subject = sign_up(book, "Ana", "Novak")
    book.write(kinds.CORRECTED, {"last_name": "Žagar"}, subject_id=subject, event_id=EVENT)
    assert (found(book, "zagar"), found(book, "novak")) == ([subject], [])

    book.write(kinds.VOIDED, {"reason": "test"}, subject_id=subject, event_id=EVENT)

    assert found(book, "zagar") == []


def test_names_are_in_the_answer_only_when_asked_for(book: Any) -> None:
    sign_up(book, "Ana", "Čučnik")
    terms = search_terms("ana")

    (without,) = find_contacts(book.connection, book.branch_id, terms, 9)
    (named,) = find_contacts(book.connection, book.branch_id, terms, 9, with_names=True)

    assert (without.initials, without.name) == ("A. Č.", "")
    assert named.name == "Ana Čučnik"
    assert find_contacts(book.connection, uuid4(), terms, 9) == []


def test_a_search_that_fits_everybody_looks_at_a_bounded_number(
    book: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contact_search, "LOOKED_AT", 3)
    for number in range(6):
        sign_up(book, "Ana", at=number)

    assert len(found(book, "ana")) == 3
