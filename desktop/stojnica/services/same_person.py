"""Maybe the same person: asked of the volunteer while an address or a number is typed, never of a visitor."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.contact import check_email, check_phone
from stojnica.domain.duplicate import ContactKeys
from stojnica.domain.likeness import Likeness
from stojnica.records.contact_queries import SamePerson, is_known, same_person
from stojnica.services.contact_draft import ContactDraft
from stojnica.services.stand import StandContext, StandNow
from stojnica.services.view_model import LatestOnly
from stojnica.storage.marks import marked_contacts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def somebody_like(
    connection: "Connection", branch_id: UUID, *, email: str, phone: str, besides: UUID
) -> SamePerson | None:
    """Give the newest other contact of this laptop with the same address or number.

    Contacts that are here are asked themselves; those that were delivered and wiped left a mark.
    """
    found = same_person(connection, branch_id, email=email, phone=phone, besides=besides)
    wiped = [
        SamePerson(item.subject_id, item.captured_at, "", item.same)
        for item in marked_contacts(connection, ContactKeys.of(email, phone))
        if item.subject_id != besides and not is_known(connection, branch_id, item.subject_id)
    ]
    return max((item for item in (found, *wiped) if item), key=lambda item: item.captured_at, default=None)


class SamePersonWatch:
    """Hold the question "maybe the same person", and what was answered; UI thread alone."""

    def __init__(
        self, context: StandContext, changed: Callable[[], None], failed: Callable[[Exception], None]
    ) -> None:
        self._context = context
        self._changed = changed
        self._failed = failed
        self._questions = LatestOnly()
        self.found: SamePerson | None = None
        self.likeness: Likeness | None = None

    def compare(self, draft: ContactDraft, now: StandNow, region: str) -> None:
        """Look for the address and the number of a form; the newest answer counts."""
        email = check_email(draft.form.email).value or ""
        phone = check_phone(draft.form.phone, region).value or ""
        find = partial(
            somebody_like, branch_id=now.branch_id, email=email, phone=phone, besides=draft.subject_id
        )
        question = self._questions.ask()
        future = self._context.store.look_up(find)
        self._context.runner.when(future, question.only(self._compared), question.only(self._failed))

    def answer(self, answer: str) -> SamePerson | None:
        """Take the warning off and keep the answer for the office; gives who was asked about."""
        self._questions.forget()
        found, self.found = self.found, None
        if found is not None:
            self.likeness = Likeness(found.subject_id, answer, found.same)
        return found

    def forget(self) -> None:
        """Begin anew, without a question and an answer."""
        self._questions.forget()
        self.found, self.likeness = None, None

    def _compared(self, found: SamePerson | None) -> None:
        is_answered = (
            found is not None and self.likeness is not None and self.likeness.other == found.subject_id
        )
        self.found = None if is_answered else found
        self._changed()
