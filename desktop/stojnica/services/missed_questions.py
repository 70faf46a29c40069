"""Questions that nobody at the stand could answer: kept for the office, and taken back."""

from concurrent.futures import Future
from uuid import UUID

from stojnica.domain import kinds
from stojnica.domain.errors import UserFacingError
from stojnica.domain.ids import new_id
from stojnica.domain.text import QUESTION_LIMIT, clean_text
from stojnica.i18n import gettext as _
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork


def keep_missed_question(
    store: Store, text: str, *, language: str, event_id: UUID | None, operator: str = ""
) -> "Future[str]":
    """Keep a question as a fact that the office gets; gives the text as it was kept.

    Raises:
        UserFacingError: there is no question in it, or it can't be taken as it is.
    """
    checked = clean_text(text, QUESTION_LIMIT, multiline=True)
    if not checked.value:
        raise UserFacingError(
            checked.problem.message if checked.problem else _("There is no question in the field yet."),
            safe=_("Nothing was changed."),
            next_step=_("Type what the visitor asked, then press Ctrl+Enter."),
            code="question",
        )
    tidy = checked.value

    def keep(unit: UnitOfWork) -> str:
        data = {"text": tidy, "language": language}
        unit.record(kinds.QUESTION_MISSED, new_id(), data, event_id=event_id, operator=operator)
        unit.commit()
        return tidy

    return store.write(keep)


def take_back_question(
    store: Store, subject_id: UUID, *, event_id: UUID | None, operator: str = ""
) -> "Future[None]":
    """Say that a question should not have been noted; once more changes nothing."""

    def void(unit: UnitOfWork) -> None:
        reason = {"reason": "undone"}
        unit.record(kinds.VOIDED, subject_id, reason, event_id=event_id, operator=operator)
        unit.commit()

    return store.write(void)
