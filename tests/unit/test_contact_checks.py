"""E-mail addresses and phone numbers are checked offline, hinted at, and never rewritten."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stojnica.domain.contact import (
    MailDomains,
    check_email,
    check_phone,
    is_one_slip_away,
    likely_ending,
    mail_domains,
    shown_phone,
)
from stojnica.domain.duplicate import ContactKeys, email_key, same_person_message

_DOMAINS = MailDomains(("gmail.com", "siol.net", "guest.arnes.si"), frozenset({"mail.com"}))


@pytest.mark.parametrize(
    "address",
    [
        "ana@gmail.com",
        "ana.novak+tabor@example.org",
        "branka.rozman@posta.example",
        "š@šola.si",
        "x.x7@student.example",
        "a@b.co",
    ],
)
def test_good_addresses_are_taken_without_a_hint(address: str) -> None:
    checked = check_email(f" {address} ")

    assert checked.value == address
    assert checked.hint is None


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ana.novak@primer", "email_domain"),
        ("ana", "email_at"),
        ("@siol.net", "email_at"),
        ("ana@novak@siol.net", "email_at"),
        ("ana novak@siol.net", "email_space"),
        ("ana@primer..si", "email_invalid"),
        ("ana@primer.si.", "email_invalid"),
        ("ana@[127.0.0.1]", "email_invalid"),
        ('"ana"@primer.si', "email_invalid"),
        ("ana\u202e@primer.si", "bidi"),
        ("a" * 250 + "@primer.si", "too_long"),
        ("a" * 70 + "@primer.si", "email_invalid"),
        ("ana@" + "x" * 64 + ".si", "email_invalid"),
    ],
)
def test_bad_addresses_are_a_problem_with_words_and_not_an_exception(address: str, code: str) -> None:
    checked = check_email(address)

    assert checked.value is None
    assert checked.problem is not None
    assert checked.problem.code == code


def test_no_address_is_no_problem() -> None:
    assert check_email("  ").value == ""
    assert check_phone("").value == ""


def test_no_check_asks_the_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "socket", refuse)

    assert check_email("ana@nobody-has-this-name.example").value
    assert check_phone("031 345 095").value


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tjasa@gmial.com", "tjasa@gmail.com"),
        ("a@gmail.co", "a@gmail.com"),
        ("a@gmail.con", "a@gmail.com"),
        ("a@GMAIL.CMO", "a@gmail.com"),
        ("a@siol.nte", "a@siol.net"),
        ("a@guest.arnes.is", "a@guest.arnes.si"),
        ("a@gmail", "a@gmail.com"),
        ("a@gmailcom", "a@gmail.com"),
    ],
)
def test_a_likely_typo_is_asked_about_and_never_corrected(typed: str, meant: str) -> None:
    checked = check_email(typed, _DOMAINS)

    assert checked.hint is not None
    assert checked.hint.proposal == meant
    assert checked.value is None or checked.value.lower() == typed.lower()


@pytest.mark.parametrize("domain", ["mail.com", "gmail.com", "primer.si", "siol.org", "arnes.si"])
def test_other_domains_are_left_alone(domain: str) -> None:
    assert check_email(f"ana@{domain}", _DOMAINS).hint is None


def test_no_shipped_domain_is_taken_for_a_typo_of_another() -> None:
    domains = mail_domains()

    for domain in (*domains.proposed, *domains.known):
        assert domains.likely(domain) == ""
        assert check_email(f"ana@{domain}").value == f"ana@{domain}"


@pytest.mark.parametrize(
    ("typed", "meant", "expected"),
    [
        ("ab", "ba", True),
        ("abc", "abc", False),
        ("abc", "abx", True),
        ("abc", "ab", True),
        ("ab", "abc", True),
        ("abcd", "badc", False),
        ("abc", "cba", False),
        ("", "a", True),
        ("aab", "ab", True),
    ],
)
def test_one_slip_is_one_letter_or_two_neighbours(typed: str, meant: str, expected: bool) -> None:
    assert is_one_slip_away(typed, meant) is expected


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("031 345 095", "+38631345095", "031 345 095"),
        ("051/499-403", "+38651499403", "051 499 403"),
        ("00386 1 239 16 25", "+38612391625", "(01) 239 16 25"),
        ("+386 41 129 640", "+38641129640", "041 129 640"),
        ("+386 (0)31 345 095", "+38631345095", "031 345 095"),
        ("031.345.095", "+38631345095", "031 345 095"),
        ("031–345–095", "+38631345095", "031 345 095"),
        ("31345095", "+38631345095", "031 345 095"),
        ("38631345095", "+38631345095", "031 345 095"),
        ("٠٣١٣٤٥٠٩٥", "+38631345095", "031 345 095"),
        ("+43 664 1234567", "+436641234567", "+43 664 1234567"),
        ("+39 06 6982 1234", "+390669821234", "+39 06 6982 1234"),
    ],
)
def test_numbers_are_kept_as_e164_and_shown_as_people_write_them(typed: str, kept: str, shown: str) -> None:
    checked = check_phone(typed)

    assert checked.value == kept
    assert checked.hint is None
    assert shown_phone(kept) == shown


@pytest.mark.parametrize("typed", ["+386 031 345 095", "00386031345095", "0043 0664 1234567"])
def test_a_zero_after_the_country_code_is_taken_out_with_a_hint(typed: str) -> None:
    checked = check_phone(typed)

    assert checked.value in ("+38631345095", "+436641234567")
    assert checked.hint is not None
    assert checked.hint.code == "phone_trunk_zero"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("031 345 095, 041 123 456", "phone_characters"),
        ("031 345 095 int. 12", "phone_characters"),
        ("3,86E+10", "phone_characters"),
        ("Ana", "phone_characters"),
        ("031", "phone_invalid"),
        ("+", "phone_invalid"),
        ("031 345 095 031 345 095", "phone_invalid"),
        ("9" * 41, "too_long"),
        ("113", "phone_invalid"),
    ],
)
def test_what_is_no_single_number_is_a_problem(typed: str, code: str) -> None:
    checked = check_phone(typed)

    assert checked.value is None
    assert checked.problem is not None
    assert checked.problem.code == code


def test_a_number_without_a_code_belongs_to_the_country_of_the_stand() -> None:
    assert check_phone("0664 1234567", "AT").value == "+436641234567"
    assert shown_phone("+436641234567", "AT") == "0664 1234567"


def test_addresses_are_compared_without_capitals_and_in_the_domains_ascii_form() -> None:
    assert email_key(" LJUBICA@EXAMPLE.COM ") == "ljubica@example.com"
    assert email_key("ana@ŠOLA.si") == email_key("Ana@xn--ola-zza.si")
    assert email_key("C\u030cesnik@x.si") == email_key("česnik@X.si")
    assert email_key("ana@x.si") != email_key("ana@y.si")


def test_the_same_person_is_found_by_what_two_have_in_common() -> None:
    one = ContactKeys.of("Ana@Example.org", "+38631345095")

    assert one.shared_with(ContactKeys.of("ana@example.org", "")) == ("email",)
    assert one.shared_with(ContactKeys.of("", "+38631345095")) == ("phone",)
    assert one.shared_with(ContactKeys.of("", "")) == ()
    assert "11.40" in same_person_message(("phone",), "11.40")


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_a_problem(typed: str) -> None:
    checked = check_email(typed)

    assert (checked.value is None) is (checked.problem is not None)
    if checked.value:
        assert check_email(checked.value).value == checked.value
        assert email_key(checked.value) == email_key(checked.value.upper().lower())
    email_key(typed)


@given(st.text("0123456789+-/ ()", max_size=30) | st.text(max_size=30))
def test_any_text_is_a_number_or_a_problem(typed: str) -> None:
    checked = check_phone(typed)

    assert (checked.value is None) is (checked.problem is not None)
    if checked.value:
        assert checked.value[0] == "+"
        assert check_phone(checked.value).value == checked.value
        assert check_phone(shown_phone(checked.value)).value == checked.value


@pytest.mark.parametrize(
    ("typed", "ending"),
    [
        ("ana@g", "mail.com"),
        ("ana@S", "iol.net"),
        ("ana@gu", "est.arnes.si"),
        ("ana@gmail.com", ""),
        ("ana@gmail.c", "om"),
        ("ana@sava", ""),
        ("ana@", ""),
        ("ana", ""),
        ("@g", ""),
        ("ana@novak@g", ""),
        ("", ""),
    ],
)
def test_a_likely_domain_is_known_from_its_first_letter(typed: str, ending: str) -> None:
    assert likely_ending(typed, _DOMAINS) == ending


@given(st.text(max_size=30), st.sampled_from(mail_domains().proposed), st.integers(min_value=1, max_value=20))
def test_an_ending_only_adds_to_what_was_typed_and_leads_to_a_domain_of_the_list(
    local: str, domain: str, letters: int
) -> None:
    typed = f"{local}@{domain[:letters]}"

    ending = likely_ending(typed)

    assert ending == "" or (typed + ending).rpartition("@")[2] in mail_domains().proposed
