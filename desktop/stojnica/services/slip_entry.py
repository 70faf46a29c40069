"""A pile of slips, number after number: what a form opens with, and each number kept once."""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

from stojnica.domain.errors import UserFacingError
from stojnica.domain.form import Form
from stojnica.domain.organisation import OrganisationDocument, Wording
from stojnica.domain.pile import PAPER as PAPER_EVIDENCE
from stojnica.domain.pile import pile_evidence, read_versions
from stojnica.domain.signup import ConsentEvidence, SignUp, SignUpForm
from stojnica.domain.slip_number import SlipNumber, read_slip_number
from stojnica.domain.text import Problem
from stojnica.i18n import gettext as _
from stojnica.records.event_queries import known_event
from stojnica.records.slip_queries import (
    event_of_number,
    number_is_typed_in,
    run_of_number,
    runs_of_event,
)
from stojnica.services.capture import PAPER, SavedContact, record_signup
from stojnica.services.forms import known_forms
from stojnica.services.shown_organisation import shown_organisation
from stojnica.services.slip_letters import own_letters
from stojnica.storage.store import Store
from stojnica.storage.unit import UnitOfWork, branch_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class SlipPile:
    """Hold what is asked once for a pile; `collected_on` is "YYYY-MM-DD", or "" when nobody knows it.

    `language` and `versions` are for slips of no run of this laptop: None while nobody was asked, and
    "" as `versions` when nobody knows.
    """

    event_id: UUID
    collected_on: str = ""
    language: str = ""
    versions: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSlip:
    """Hold what the form opens with for one slip; `form_version` is the one that was printed.

    `newer_form` is the version that the program knows by now, 0 when it is the printed one; `printed_by`
    is the letter of another laptop, else "". Without `has_run` nobody here knows the run. `pile` is what
    it was looked up with.
    """

    number: SlipNumber
    event_id: UUID
    language: str
    wordings: tuple[Wording, ...]
    collected_on: str
    form: str = ""
    form_version: int = 0
    newer_form: int = 0
    audience: str = "person"
    printed_by: str = ""
    has_run: bool = True
    pile: SlipPile | None = None

    @property
    def start(self) -> SignUpForm:
        """Give the form to begin with."""
        return SignUpForm(slip_number=str(self.number), collected_on=self.collected_on)

    def answered(self, signup: SignUp) -> SignUp:
        """Give the sign-up as answers to the form that was printed, not to the one on the screen."""
        numbered = replace(signup, slip_number=str(self.number), collected_on=self.collected_on)
        if not self.form:
            return numbered
        return replace(numbered, form=self.form, form_version=self.form_version, audience=self.audience)

    @property
    def evidence(self) -> ConsentEvidence:
        """Give how the slip proves what was agreed to."""
        wordings: Mapping[str, Wording] = {item.purpose: item for item in self.wordings}
        return ConsentEvidence(PAPER_EVIDENCE, self.language, wordings, self.collected_on)


@dataclass(frozen=True, slots=True)
class SlipAnswer:
    """Hold what came of a number: a slip to open, or the problem with it."""

    slip: OpenedSlip | None = None
    problem: Problem | None = None


def open_number(connection: "Connection", pile: SlipPile, typed: str) -> SlipAnswer:
    """Look a number up that was scanned or typed; a closed event still takes its slips.

    A problem's code says what it is: "twice", "other_event", "no_run", "other_laptop", or that of
    `read_slip_number`.
    """
    branch_id = branch_of(connection)
    read = read_slip_number(typed, _letter_of_pile(connection, branch_id, pile.event_id))
    number = read.value
    if number is None:
        return SlipAnswer(problem=read.problem)
    run = run_of_number(connection, branch_id, number)
    if run is not None and run.event_id is not None and run.event_id != pile.event_id:
        known = known_event(connection, branch_id, run.event_id)
        message = _("{number} was printed for another event: {event}. Choose that event for it.")
        name = known.event.name if known else "?"
        return _problem("other_event", message.format(number=number, event=name))
    printed_by = number.letter if run is None and number.letter not in own_letters(connection) else ""
    twice = _typed_already(connection, branch_id, pile.event_id, number, is_foreign=bool(printed_by))
    if twice:
        return _problem("twice", twice)
    document = shown_organisation(connection).document
    if run is None:
        return _of_no_run(number, pile, document, printed_by)
    evidence = pile_evidence(
        document, language=run.language, versions=run.wordings, collected_on=pile.collected_on
    )
    form = _newest(known_forms(connection), run.form)
    return SlipAnswer(
        OpenedSlip(
            number=number,
            event_id=pile.event_id,
            language=run.language,
            wordings=_as_printed(evidence, document),
            collected_on=pile.collected_on,
            form=run.form,
            form_version=run.form_version,
            newer_form=form.version if form and form.version != run.form_version else 0,
            audience=form.audience if form else "person",
            pile=pile,
        )
    )


def save_slip(
    store: Store, slip: OpenedSlip, signup: SignUp, *, subject_id: UUID, operator: str = ""
) -> "Future[SavedContact]":
    """Keep what stands on a slip. The same form again adds nothing; another one of its number is refused.

    Raises (in the future):
        UserFacingError: the number is typed in already, or the disk is full.
    """

    def save(unit: UnitOfWork) -> SavedContact:
        # In the same transaction: two people at one pile, or a second Enter, can't come in between.
        branch_id = unit.branch_id
        twice = _typed_already(
            unit.connection,
            branch_id,
            slip.event_id,
            slip.number,
            is_foreign=bool(slip.printed_by),
            besides=subject_id,
        )
        if twice:
            raise UserFacingError(
                twice,
                safe=_("What was typed in before stays as it is, and this was not saved."),
                next_step=_("Compare the number with the slip, then clear the form."),
                code="slip_twice",
            )
        saved = record_signup(
            unit,
            slip.answered(signup),
            subject_id=subject_id,
            event_id=slip.event_id,
            channel=PAPER,
            evidence=slip.evidence,
            operator=operator,
        )
        unit.commit()
        return saved

    return store.write(save)


def _typed_already(
    connection: "Connection",
    branch_id: UUID,
    event_id: UUID,
    number: SlipNumber,
    *,
    is_foreign: bool,
    besides: UUID | None = None,
) -> str:
    """Say that a number is typed in, or ""; a foreign one goes in once, whatever the event."""
    if number_is_typed_in(connection, branch_id, event_id, number, besides):
        return _("{number} is already typed in.").format(number=number)
    other = event_of_number(connection, branch_id, number, besides) if is_foreign else None
    if other is None:
        return ""
    known = known_event(connection, branch_id, other)
    text = _("{number} is already typed in, for another event: {event}.")
    return text.format(number=number, event=known.event.name if known else "?")


def _of_no_run(
    number: SlipNumber, pile: SlipPile, document: OrganisationDocument, printed_by: str
) -> SlipAnswer:
    if pile.versions is None and printed_by:
        message = _("{number} was printed by laptop {letter} and is not known here. Choose its wording.")
        return _problem("other_laptop", message.format(number=number, letter=printed_by))
    if pile.versions is None:
        message = _("{number} is of no run of this laptop. Check it; if it is right, choose its wording.")
        return _problem("no_run", message.format(number=number))
    versions = read_versions(pile.versions, document) if pile.versions else {}
    evidence = pile_evidence(
        document, language=pile.language, versions=versions, collected_on=pile.collected_on
    )
    # Where nobody knows the wording, its boxes are there all the same: kept, and never used.
    wordings = _as_printed(evidence, document)
    slip = OpenedSlip(number, pile.event_id, pile.language, wordings, pile.collected_on)
    return SlipAnswer(replace(slip, printed_by=printed_by, has_run=False, pile=pile))


def _as_printed(evidence: ConsentEvidence, document: OrganisationDocument) -> tuple[Wording, ...]:
    found = (evidence.wordings.get(purpose.id) for purpose in document.purposes)
    return tuple(item for item in found if item is not None)


def _letter_of_pile(connection: "Connection", branch_id: UUID, event_id: UUID) -> str:
    letters = {run.letter for run in runs_of_event(connection, branch_id, event_id)}
    return letters.pop() if len(letters) == 1 else ""


def _newest(forms: tuple[Form, ...], form_id: str) -> Form | None:
    return next((form for form in forms if form.id == form_id), None)


def _problem(code: str, message: str) -> SlipAnswer:
    return SlipAnswer(problem=Problem("slip_number", code, message))
