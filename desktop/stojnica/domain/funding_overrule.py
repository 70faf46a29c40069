"""A rule of EU funding that somebody overruled for one piece: which, what was measured, and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from stojnica.domain.text import clean_text
from stojnica.i18n import gettext as _

LEAST_REASON_LETTERS = 10
REASON_LIMIT = 500
_LIMITS = {"rule": 40, "piece": 64, "measured": REASON_LIMIT, "reason": REASON_LIMIT}
_OTHER_LIMIT = 64


@dataclass(frozen=True, slots=True)
class FundingOverrule:
    """Hold one decision; it holds for this very piece, whose marks `piece` is the SHA-256 of.

    `item`, `template`, `size` and `language` say to people which piece that was; `measured` is what the
    check said in the words of its reader.
    """

    rule: str
    piece: str
    item: str
    template: str
    size: str
    language: str
    measured: str
    reason: str

    def data(self) -> dict[str, object]:
        """Give what a fact keeps of it."""
        return asdict(self)


def overrule_from(data: Mapping[str, Any]) -> FundingOverrule | None:
    """Read a decision from a fact's data; None when it names no rule, no piece or no reason."""

    def text(name: str) -> str:
        value = data.get(name)
        return value[: _LIMITS.get(name, _OTHER_LIMIT)] if isinstance(value, str) else ""

    found = FundingOverrule(**{item.name: text(item.name) for item in fields(FundingOverrule)})
    is_whole = found.rule and found.piece and is_a_reason(found.reason)
    return found if is_whole else None


def is_a_reason(text: str) -> bool:
    """Tell whether a text says something: at least ten letters or digits, of more than three kinds."""
    letters = [character for character in text if character.isalnum()]
    return len(letters) >= LEAST_REASON_LETTERS and len(set(letters)) > 3


def checked_reason(typed: str) -> tuple[str, str]:
    """Give the reason as it is kept, and what is wrong with it in words; one of both is empty."""
    checked = clean_text(typed, REASON_LIMIT, multiline=True)
    if checked.problem is not None:
        return "", checked.problem.message
    if not is_a_reason(checked.value or ""):
        return "", _("Say in a sentence why; the office and the funder will read it.")
    return checked.value or "", ""
