"""Taking consent back with nothing but an e-mail address or a number: no sign-up has to be found for it.

Such a withdrawal is a fact about itself. It holds for every sign-up with the same address or number, from
whichever laptop, delivered before or after. It doesn't reach a consent whose author had seen it: one that
names the withdrawal's hash among what it supersedes, itself or through a fact that it supersedes. A laptop
writes that down when a person agrees on the screen or aloud, and the withdrawal lies in its own file. It
doesn't when slips or a web form's rows are typed in, for those may have been filled in before; nor does a
laptop that can't know. Neither clocks nor the numbers of facts decide: a copied disk uses the same numbers
(I16).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stojnica.domain.duplicate import ContactKeys

MAX_KEY = 320
MAX_PURPOSE = 64


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Hold one: `purpose` is "" for all; `captured_at` is µs UTC, and told only."""

    content_hash: bytes
    purpose: str
    captured_at: int

    def is_about(self, purpose: str) -> bool:
        """Tell whether it takes this purpose back."""
        return self.purpose in ("", purpose)


def withdrawal_data(keys: ContactKeys, purpose: str = "") -> dict[str, Any]:
    """Give the data of the fact; "" is left out."""
    told = {"email": keys.email, "phone": keys.phone, "purpose": purpose}
    return {name: value for name, value in told.items() if value}


def withdrawal_from(data: Mapping[str, Any]) -> tuple[ContactKeys, str] | None:
    """Read whose and which purpose; None when it names nobody, or isn't of the right kind."""
    email, phone, purpose = (data.get(name, "") for name in ("email", "phone", "purpose"))
    if not (isinstance(email, str) and isinstance(phone, str) and isinstance(purpose, str)):
        return None
    if len(email) > MAX_KEY or len(phone) > MAX_KEY or not (email or phone):
        return None
    return ContactKeys.of(email, phone), purpose[:MAX_PURPOSE]
