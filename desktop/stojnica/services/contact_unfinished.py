"""A contact that was being typed when the program ended: offered again to the volunteer, and nobody else.

Only once the age is known and sufficient: what a child began to say leaves no trace on disk (GDPR Art. 8).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from stojnica.domain.age import band_of
from stojnica.domain.form import PERSON
from stojnica.domain.initials import initials_of
from stojnica.domain.signup import SignUpForm, answers_data
from stojnica.records.contact_queries import is_known
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.draft_keeper import DraftKeeper, DraftWays
from stojnica.services.signup_choices import FormOffer
from stojnica.services.slip_entry import SlipPile
from stojnica.services.stand import StandContext
from stojnica.storage.memory import recall
from stojnica.storage.unfinished import LONGEST_US, UNFINISHED, write_unfinished
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

MOST = 3

_TEXTS = (
    *("first_name", "last_name", "email", "phone", "age_band", "country", "town", "status", "heard"),
    *("question", "organisation"),
)
_LISTS = ("interests", "themes", "purposes")


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Hold one form that was given up by a crash; `at_us` is when it was typed in last.

    `pile` is there when it was typed from a slip, whose number is in the form.
    """

    subject_id: UUID
    at_us: int
    audience: str
    form: SignUpForm
    pile: SlipPile | None = None

    @property
    def initials(self) -> str:
        """Give what may be on the screen of it."""
        return initials_of(self.form.first_name, self.form.last_name)


def may_be_kept(draft: ContactDraft, offer: FormOffer) -> bool:
    """Tell whether a form may be on the disk before it is saved.

    A correction needs no second copy. A slip is kept with what is printed on it: taken up again as a form
    that was read aloud, it would be wrong.
    """
    is_slip_of_no_pile = bool(draft.form.slip_number) and draft.pile is None
    if draft.known is not None or is_slip_of_no_pile or not draft.is_touched:
        return False
    if not offer.rules.form.asks_age:
        return True
    band = band_of(draft.form.age_band, offer.rules.bands)
    return band is not None and not band.needs_guardian


def unfinished_contact(connection: "Connection", now_us: int) -> Unfinished | None:
    """Give the newest form of this day that was neither saved nor given up."""
    branch_id = branch_of(connection)
    for item in _read(recall(connection, UNFINISHED, [])):
        is_of_today = abs(now_us - item.at_us) < LONGEST_US
        if is_of_today and not is_known(connection, branch_id, item.subject_id):
            return item
    return None


def drop_unfinished(unit: UnitOfWork, subject_id: UUID) -> None:
    """Forget a form in a transaction of the caller's."""
    kept = recall(unit.connection, UNFINISHED, [])
    write_unfinished(unit.connection, [item for item in kept if item["subject"] != str(subject_id)])


def unfinished_keeper(
    context: StandContext, failed: Callable[[Exception], None]
) -> DraftKeeper[ContactDraft]:
    """Give what keeps contacts while they are typed."""
    return DraftKeeper(context, failed, DraftWays(may_be_kept, _keep, drop_unfinished))


def _keep(unit: UnitOfWork, draft: ContactDraft) -> None:
    form, now_us = draft.form, unit.clock.now_us()
    entry: dict[str, Any] = {name: getattr(form, name) for name in _TEXTS}
    entry |= {name: list(getattr(form, name)) for name in _LISTS}
    entry |= {"subject": str(draft.subject_id), "at_us": now_us, "audience": draft.audience}
    entry["answers"] = answers_data(form.answers)
    if draft.pile is not None:
        pile = draft.pile
        entry["slip"] = {
            "number": form.slip_number,
            "event": str(pile.event_id),
            "collected_on": pile.collected_on,
            "language": pile.language,
            "versions": pile.versions,
        }
    others = [item for item in recall(unit.connection, UNFINISHED, []) if item["subject"] != entry["subject"]]
    young = [item for item in others if abs(now_us - item["at_us"]) < LONGEST_US]
    write_unfinished(unit.connection, [entry, *young][:MOST])


def _read(kept: list[dict[str, Any]]) -> list[Unfinished]:
    found: list[Unfinished] = []
    for item in kept:
        values: dict[str, Any] = {name: item.get(name, "") for name in _TEXTS}
        values |= {name: tuple(item.get(name, ())) for name in _LISTS}
        answers = item.get("answers", {})
        values["answers"] = {
            name: tuple(one) if isinstance(one, list) else one for name, one in answers.items()
        }
        slip, pile = item.get("slip"), None
        if slip is not None:
            values |= {"slip_number": slip["number"], "collected_on": slip["collected_on"]}
            pile = SlipPile(UUID(slip["event"]), slip["collected_on"], slip["language"], slip["versions"])
        subject_id, audience = UUID(item["subject"]), item.get("audience", PERSON)
        found.append(Unfinished(subject_id, item["at_us"], audience, SignUpForm(**values), pile))
    return found
