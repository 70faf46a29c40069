"""E-mail addresses and telephone numbers: checked offline, hinted at, and never rewritten."""

import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from stojnica.domain.text import Checked, Hint, Problem, clean_text
from stojnica.i18n import gettext as _
from stojnica.resources import resource

EMAIL_LIMIT = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
PHONE_LIMIT = 40
HOME_REGION = "SI"
_PHONE_CHARACTERS = re.compile(r"[0-9+()/. \-\u2010-\u2015\u2212]*")
_TRUNK_IN_BRACKETS = re.compile(r"\(\s*0\s*\)")


@dataclass(frozen=True, slots=True)
class MailDomains:
    """Hold domains: `proposed` (in this order) for a likely typo, `known` only to be left alone."""

    proposed: tuple[str, ...]
    known: frozenset[str]

    def likely(self, domain: str) -> str:
        """Give the domain that was probably meant, or "" when nothing speaks against this one."""
        if domain in self.known or domain in self.proposed:
            return ""
        for candidate in self.proposed:
            if is_one_slip_away(domain, candidate) or candidate.startswith(domain + "."):
                return candidate
        return ""


@cache
def mail_domains() -> MailDomains:
    """Read the shipped list of domains."""
    raw = json.loads(resource("contact", "mail-domains.json").read_text("utf-8"))
    return MailDomains(tuple(raw["proposed"]), frozenset(raw["known"]))


def likely_ending(typed: str, domains: MailDomains | None = None) -> str:
    """Give what is missing to the likeliest address that begins so; "" before the domain's first letter."""
    local, _at, begun = typed.rpartition("@")
    if not local or not begun or typed.count("@") != 1:
        return ""
    beginning = begun.lower()
    known = domains or mail_domains()
    found = next((domain for domain in known.proposed if domain.startswith(beginning)), "")
    return found[len(begun) :]


def is_one_slip_away(typed: str, meant: str) -> bool:
    """Tell whether one letter is wrong, missing or too many, or two are swapped (Damerau distance 1)."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    shorter = min(len(typed), len(meant))
    start = next((i for i in range(shorter) if typed[i] != meant[i]), shorter)
    end = next((i for i in range(shorter - start) if typed[-1 - i] != meant[-1 - i]), shorter - start)
    one, other = typed[start : len(typed) - end], meant[start : len(meant) - end]
    return max(len(one), len(other)) == 1 or (len(one) == len(other) == 2 and one == other[::-1])


def check_email(typed: str, domains: MailDomains | None = None) -> Checked[str]:
    """Check an e-mail address without asking the network; "" is fine and stays "".

    The value keeps capitals before the @, as its owner wrote them; `duplicate.email_key` is for comparing.
    The hint names a domain that was probably meant, beside a value as well as beside a problem.
    Names reserved for examples (RFC 2606) are taken: practice and printed samples use them.
    """
    cleaned = clean_text(typed, EMAIL_LIMIT)
    if cleaned.value is None or not cleaned.value:
        return cleaned
    # Here, because loading it takes as long as opening the program's first window may.
    from email_validator import EmailNotValidError, validate_email

    hint = _domain_hint(cleaned.value, domains or mail_domains())
    try:
        found = validate_email(cleaned.value, check_deliverability=False, strict=True)
    except EmailNotValidError:
        return Checked(problem=_email_problem(cleaned.value), hint=hint)
    if len(found.normalized) > EMAIL_LIMIT:
        return Checked(problem=_email_problem(cleaned.value))
    return Checked(value=found.normalized, hint=hint)


def _domain_hint(address: str, domains: MailDomains) -> Hint | None:
    local, _at, domain = address.rpartition("@")
    likely = domains.likely(domain.lower()) if local and domain else ""
    if not likely:
        return None
    message = _("Perhaps {domain}?").format(domain=likely)
    return Hint("email", "email_domain", message, f"{local}@{likely}")


def _email_problem(address: str) -> Problem:
    local, _at, domain = address.rpartition("@")
    if " " in address:
        return Problem("email", "email_space", _("An e-mail address has no spaces."))
    if not local or address.count("@") != 1:
        return Problem(
            "email", "email_at", _("An e-mail address has one @ in the middle, like ana@example.org.")
        )
    if "." not in domain.strip("."):
        message = _("After the @ something is missing, like .com or .si at the end.")
        return Problem("email", "email_domain", message)
    return Problem(
        "email", "email_invalid", _("This e-mail address can't be right. Check it letter by letter.")
    )


def check_phone(typed: str, region: str = HOME_REGION) -> Checked[str]:
    """Check a telephone number and give it as E.164; "" is fine and stays "".

    Spaces, slashes, dots, hyphens, brackets and 00 for + are accepted. `region` (ISO 3166) is the country
    of numbers without a country code. A 0 left in after the country code is taken out, with a hint.
    """
    cleaned = clean_text(typed, PHONE_LIMIT)
    if cleaned.value is None or not cleaned.value:
        return cleaned
    text = _ascii_digits(cleaned.value)
    if not _PHONE_CHARACTERS.fullmatch(text):
        message = _("A phone number has only digits, and + at the front. One number fits here.")
        return Checked(problem=Problem("phone", "phone_characters", message))
    import phonenumbers  # Here, for the same reason as above.

    problem = Problem(
        "phone", "phone_invalid", _("This phone number can't be right. Check it digit by digit.")
    )
    try:
        number = phonenumbers.parse(_TRUNK_IN_BRACKETS.sub("", text), region)
    except phonenumbers.NumberParseException:
        return Checked(problem=problem)
    if not phonenumbers.is_valid_number(number):
        return Checked(problem=problem)
    e164 = str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return Checked(value=e164, hint=_trunk_hint(text, e164, region))


def shown_phone(e164: str, region: str = HOME_REGION) -> str:
    """Give a number as people in `region` write it: "031 345 095", abroad "+43 664 1234567"."""
    import phonenumbers

    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    at_home = number.country_code == phonenumbers.country_code_for_region(region)
    style = phonenumbers.PhoneNumberFormat
    return str(phonenumbers.format_number(number, style.NATIONAL if at_home else style.INTERNATIONAL))


def _ascii_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(character, character)) for character in text)


def _trunk_hint(text: str, e164: str, region: str) -> Hint | None:
    digits = re.sub(r"\D", "", _TRUNK_IN_BRACKETS.sub("", text))
    is_international = text.lstrip().startswith("+") or digits.startswith("00")
    if not is_international or digits.removeprefix("00") == e164[1:]:
        return None
    shown = shown_phone(e164, region)
    message = _("There was a 0 too many after the country code; taken as {phone}.").format(phone=shown)
    return Hint("phone", "phone_trunk_zero", message, shown)
