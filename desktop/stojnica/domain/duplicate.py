"""The same person twice: found by what an e-mail address or a telephone number means, never by a name."""

import unicodedata
from dataclasses import dataclass

from stojnica.i18n import gettext as _


def email_key(email: str) -> str:
    """Give the form in which two e-mail addresses are compared: NFC, no capitals, domain in its ASCII form.

    It is for comparing alone; what was typed is what is kept and written to. Any text has a key.
    """
    local, at, domain = unicodedata.normalize("NFC", email.strip()).casefold().rpartition("@")
    return unicodedata.normalize("NFC", local) + at + _ascii_domain(domain)


def _ascii_domain(domain: str) -> str:
    if domain.isascii():
        return domain
    import idna  # Here, because most addresses don't need it and it loads large tables.

    try:
        return idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return domain


@dataclass(frozen=True, slots=True)
class ContactKeys:
    """Hold what two sign-ups are compared by; "" where there is nothing. The phone number is E.164."""

    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, email: str, phone: str) -> "ContactKeys":
        """Make the keys of an address and a number as they are kept."""
        return cls(email_key(email) if email else "", phone)

    def shared_with(self, other: "ContactKeys") -> tuple[str, ...]:
        """Name the fields that are the same and not empty: "email", "phone"."""
        return tuple(
            name
            for name in ("email", "phone")
            if getattr(self, name) and getattr(self, name) == getattr(other, name)
        )


def same_person_message(fields: tuple[str, ...], time: str) -> str:
    """Tell a volunteer, never a visitor, that the same contact is in; `time` like "11.40"."""
    if set(fields) >= {"email", "phone"}:
        return _("The same e-mail address and phone number were entered today at {time}.").format(time=time)
    if "phone" in fields:
        return _("The same phone number was entered today at {time}.").format(time=time)
    return _("The same e-mail address was entered today at {time}.").format(time=time)
